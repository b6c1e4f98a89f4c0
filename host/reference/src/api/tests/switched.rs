//! Sessions in the accounts of others, which programs begin and browsers use, and what ends them.

use guestpass::{Invitee, Origin};

use super::*;
use crate::cms::deletion::{self, Content};
use crate::cms::users::{self, NewUser};
use crate::cms::{sign_in_links, ways_in};
use crate::web::{Web, router};

/// Users of a site who each invited Bob, who accepted; and the pages beside the API.
struct Scene {
    setting: Setting,
    grants: Vec<String>,
    pages: TowerToHyperService<Router>,
}

/// What a browser is told: the status, where to go, and the session that it is to keep.
struct Told {
    status: u16,
    target: String,
    session: Option<String>,
    page: String,
}

fn scene() -> Scene {
    let setting = setting();
    let add = |id: &str, role: &str| {
        let new = NewUser {
            email: &format!("{id}@clients.example"),
            role: Some(role),
            ..NewUser::default()
        };
        let (db, now) = (&setting.host.db, setting.host.clock.now());
        db.write(|tx| users::insert(tx, &setting.host.site, id, &new, now))
            .unwrap();
    };
    add("bob", "author");
    let invited = ["alice", "carol"].map(|id| {
        add(id, "administrator");
        let request = Request::post(format!("{ROOT}/grants")).header(
            "authorization",
            format!("Bearer {}", setting.key_of(id, KeyScope::all())),
        );
        let draft = json!({
            "kind": "invitation",
            "guest": { "email": "bob@clients.example" },
            "scope": { "base": { "chosen": ["edit_posts"] } },
        });
        let issued = setting.send(with_json(request, &draft)).given(201);
        let token = issued["link"].as_str().unwrap().split_once('#').unwrap().1;
        let bob = Invitee::Existing("bob".to_owned());
        let (engine, site) = (&setting.host.engine, &setting.host.site);
        engine
            .accept(site, token, &bob, &Origin::unknown())
            .unwrap()
            .grant
    });
    let web = Web::new(setting.host.clone(), "http://127.0.0.1", false);
    Scene {
        grants: invited.into(),
        pages: TowerToHyperService::new(router(web)),
        setting,
    }
}

impl Scene {
    /// A session of Bob's own.
    fn own(&self) -> String {
        let host = &self.setting.host;
        let now = host.clock.now();
        let link = sign_in_links::issue(&host.db, &host.site, "bob", now).unwrap();
        let session = ways_in::by_link(&host.db, &host.site, &link, now).unwrap();
        session.unwrap().expose().to_owned()
    }

    /// A session in the first account, begun through the API by a key for no more than that; and the id of the key.
    fn begun_by_key(&self) -> (String, String) {
        let key = self.setting.key_of("bob", [KeyScope::AccountsWrite]);
        let switch = format!("{ROOT}/memberships/{}/switch", self.grants[0]);
        let request = Request::post(switch).header("authorization", format!("Bearer {key}"));
        let begun = self.setting.send(with_json(request, &json!({}))).given(200);
        let session = begun["session"].as_str().unwrap().to_owned();
        let of_bob = "SELECT id FROM api_key WHERE user = 'bob'";
        let id = self
            .setting
            .host
            .db
            .read(|c| c.query_row(of_bob, [], |row| row.get(0)));
        (session, id.unwrap())
    }

    fn ask(&self, request: Request) -> Told {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .unwrap();
        runtime.block_on(async {
            let (parts, body) = self.pages.call(request).await.unwrap().into_parts();
            let text = |value: &axum::http::HeaderValue| value.to_str().unwrap().to_owned();
            let cookies = parts.headers.get_all(header::SET_COOKIE).iter().map(text);
            let mut kept = cookies.filter_map(|cookie| {
                let (value, _) = cookie.strip_prefix("guestpass=")?.split_once(';')?;
                (!value.is_empty()).then(|| value.to_owned())
            });
            let body = to_bytes(Body::new(body), usize::MAX).await.unwrap();
            Told {
                status: parts.status.as_u16(),
                target: parts.headers.get("location").map(text).unwrap_or_default(),
                session: kept.next_back(),
                page: String::from_utf8(body.to_vec()).unwrap(),
            }
        })
    }

    fn get(&self, path: &str, session: &str) -> Told {
        let request = Request::get(path).header("cookie", format!("guestpass={session}"));
        self.ask(request.body(Body::empty()).unwrap())
    }

    /// What the forms of this session carry.
    fn proof(&self, session: &str) -> String {
        let page = self.get("/access/accounts", session).page;
        let (_, rest) = page.split_once("name=\"csrf\" value=\"").expect("a form");
        rest.split('"').next().unwrap().to_owned()
    }

    /// Sends a form of a page as the browser of this session does.
    fn post(&self, path: &str, session: &str, fields: &str) -> Told {
        self.post_with(&self.proof(session), path, session, fields)
    }

    /// The same, of a page that was opened before.
    fn post_with(&self, proof: &str, path: &str, session: &str, fields: &str) -> Told {
        let request = Request::post(path)
            .header("cookie", format!("guestpass={session}"))
            .header("content-type", "application/x-www-form-urlencoded")
            .header("sec-fetch-site", "same-origin");
        let form = format!("csrf={proof}&{fields}");
        self.ask(request.body(Body::from(form)).unwrap())
    }

    /// The way back, by the button of a page that was opened before.
    fn back(&self, proof: &str, session: &str) -> Told {
        self.post_with(proof, "/access/accounts/return", session, "")
    }

    fn switched(&self, session: &str, account: usize) -> String {
        let grant = format!("grant={}", self.grants[account]);
        let told = self.post("/access/accounts/switch", session, &grant);
        told.session.expect("a session in the other account")
    }

    fn check(&self, session: &str) -> Reply {
        let check = json!({ "session": session, "permission": "edit_posts" });
        self.setting.post_json("/sessions/check", &check)
    }

    /// Makes sure that a session is over, wherever it is asked about.
    fn is_over(&self, session: &str) {
        for path in ["/", "/access/accounts"] {
            let told = self.get(path, session);
            assert!([404, 410].contains(&told.status), "{path}: {}", told.status);
            assert!(told.page.contains("ign in"), "{}", told.page);
        }
        assert!(self.check(session).status.is_client_error());
    }
}

#[test]
fn who_switched_in_a_browser_comes_back_to_a_session_of_their_own() {
    let scene = scene();
    let first = scene.switched(&scene.own(), 0);
    assert_eq!(scene.check(&first).given(200)["allowed"], true);
    let second = scene.switched(&first, 1);
    scene.is_over(&first);
    let proof = scene.proof(&second);
    let back = scene.back(&proof, &second);
    let own = back.session.expect("a session of Bob's own");
    assert!(own.starts_with("hs1_"), "{}", back.target);
    assert_eq!(scene.get("/account", &own).status, 200);
    scene.is_over(&second);
    assert_eq!(scene.back(&proof, &second).session, None);
}

#[test]
fn p20_a_session_begun_by_a_key_gives_no_session_of_ones_own() {
    let scene = scene();
    let (session, _) = scene.begun_by_key();
    assert_eq!(scene.get("/", &session).status, 200);
    let told = scene.back(&scene.proof(&session), &session);
    assert_eq!((told.status, told.target.as_str()), (303, "/sign-in"));
    assert_eq!(told.session, None);
    scene.is_over(&session);
    // Nor is there a way around by a further account.
    let further = scene.switched(&scene.begun_by_key().0, 1);
    assert_eq!(scene.get("/", &further).status, 200);
    let told = scene.back(&scene.proof(&further), &further);
    assert_eq!((told.target.as_str(), told.session), ("/sign-in", None));
}

#[test]
fn p20_a_session_ends_with_the_key_that_began_it() {
    let scene = scene();
    let (session, key) = scene.begun_by_key();
    let proof = scene.proof(&session);
    let own = scene.switched(&scene.own(), 1);
    assert_eq!(scene.check(&session).given(200)["allowed"], true);
    let host = &scene.setting.host;
    assert!(keys::revoke(&host.db, &host.site, &key).unwrap());
    assert_eq!(scene.check(&session).refused(410), "session-ended");
    scene.is_over(&session);
    assert_eq!(scene.back(&proof, &session).session, None);
    assert_eq!(scene.check(&own).given(200)["allowed"], true);
}

#[test]
fn p07_a_new_password_ends_sessions_in_the_accounts_of_others() {
    let scene = scene();
    let elsewhere = [0, 1, 0].map(|account| scene.switched(&scene.own(), account));
    let [on_pages, on_the_way_back, in_the_api] = &elsewhere;
    let (by_key, _) = scene.begun_by_key();
    let proof = scene.proof(on_the_way_back);
    let password = "password=a-long-enough-one";
    let chosen = scene.post("/account/password", &scene.own(), password);
    assert!(chosen.session.unwrap().starts_with("hs1_"));
    let told = scene.back(&proof, on_the_way_back);
    assert_eq!((told.status, told.session), (404, None), "{}", told.page);
    let shown = json!({ "session": in_the_api });
    let returned = scene.setting.post_json("/sessions/return", &shown);
    assert_eq!(returned.refused(410), "session-ended");
    scene.is_over(on_pages);
    scene.is_over(&by_key);
}

#[test]
fn p20_who_was_suspended_meanwhile_comes_back_by_no_session_that_is_over() {
    let scene = scene();
    let session = scene.switched(&scene.own(), 0);
    let proof = scene.proof(&session);
    let host = &scene.setting.host;
    let alice = host.actor("alice", Origin::unknown());
    host.engine.suspend(&alice, &scene.grants[0]).unwrap();
    let password = "password=a-long-enough-one";
    scene.post("/account/password", &scene.own(), password);
    assert_eq!(scene.back(&proof, &session).session, None);
    host.engine.resume(&alice, &scene.grants[0]).unwrap();
    scene.is_over(&session);
}

#[test]
fn p07_the_api_says_no_for_a_session_whose_user_is_deleted() {
    let scene = scene();
    let (setting, host) = (&scene.setting, &scene.setting.host);
    let issued = setting.link("sam@support.example");
    let pass = issued["link"].as_str().unwrap().split_once('#').unwrap().1;
    let admission = host.engine.redeem(&host.site, pass, &Origin::unknown());
    let guest = admission.unwrap().session.into_inner();
    assert_eq!(scene.check(&guest).given(200)["allowed"], true);
    let access = host.engine.resolve(&host.site, &guest).unwrap();
    deletion::delete(&host.db, &host.site, access.user(), Content::Keep).unwrap();
    assert_eq!(scene.check(&guest).refused(410), "user-deleted");

    let bobs = scene.switched(&scene.own(), 0);
    deletion::delete(&host.db, &host.site, "bob", Content::Keep).unwrap();
    assert!(scene.check(&bobs).status.is_client_error());
}
