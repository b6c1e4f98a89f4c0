//! Every address there is, walked: what changes something asks for proof of who sends it (property 27), and names only what
//! its sender may touch (property 28).

use axum::body::{Body, to_bytes};
use axum::extract::Request;
use axum::http::header::{CONTENT_SECURITY_POLICY, CONTENT_TYPE, COOKIE, SET_COOKIE};
use guestpass::{Draft, Guest, Origin, Scope, Window};
use hyper::service::Service as _;
use hyper_util::service::TowerToHyperService;
use rusqlite::types::Value;

use super::*;
use crate::cms::testing::{Scratch, hosted};
use crate::cms::users::{self, NewUser};
use crate::cms::{posts, sign_in_links, ways_in};

/// What anybody may send who holds a secret or knows a password: nobody is signed in there yet, so the browser's word about
/// the origin counts. Every other form needs the token of its session.
const OPEN: [&str; 7] = [
    "/arrive",
    "/sign-in",
    "/access/enter",
    "/access/enter/inspect",
    "/access/invitation/inspect",
    "/access/invitation/accept",
    "/access/invitation/decline",
];

/// The engine's own pages below the mount, and whether they take forms. Its tests walk each by its own table too.
const SCREENS: [(&str, bool); 43] = [
    ("/access", false),
    ("/access/", false),
    ("/access/grants", false),
    ("/access/grants/{id}", false),
    ("/access/invitations", false),
    ("/access/team", false),
    ("/access/history", false),
    ("/access/history/checkpoint", false),
    ("/access/history/export", false),
    ("/access/lock-outs", false),
    ("/access/plugins", false),
    ("/access/plugins/{id}", false),
    ("/access/accounts", false),
    ("/access/invitation", false),
    ("/access/enter", true),
    ("/access/enter/inspect", true),
    ("/access/invitation/inspect", true),
    ("/access/invitation/accept", true),
    ("/access/invitation/decline", true),
    ("/access/give", true),
    ("/access/give/sentence", true),
    ("/access/policy", true),
    ("/access/grants/revoke", true),
    ("/access/accounts/switch", true),
    ("/access/accounts/return", true),
    ("/access/leave", true),
    ("/access/lock-outs/lift", true),
    ("/access/plugins/install", true),
    ("/access/plugins/{id}/approve", true),
    ("/access/plugins/{id}/activate", true),
    ("/access/plugins/{id}/deactivate", true),
    ("/access/plugins/{id}/set", true),
    ("/access/plugins/{id}/roll-back", true),
    ("/access/plugins/{id}/replay", true),
    ("/access/plugins/{id}/uninstall", true),
    ("/access/grants/{id}/suspend", true),
    ("/access/grants/{id}/resume", true),
    ("/access/grants/{id}/revoke", true),
    ("/access/grants/{id}/retire", true),
    ("/access/grants/{id}/scope", true),
    ("/access/grants/{id}/extend", true),
    ("/access/grants/{id}/reissue", true),
    ("/access/grants/{id}/end-session", true),
];

/// Every address of the router and whether it takes forms, read from where they are written down.
fn addresses() -> Vec<(&'static str, bool)> {
    let source = include_str!("mod.rs");
    let (_, router) = source.split_once("pub fn router").unwrap();
    let (router, _) = router.split_once(".fallback(").unwrap();
    let routes = router.split(".route(").skip(1);
    routes
        .filter(|route| !route.contains("MOUNT"))
        .map(|route| {
            let path = route.split('"').nth(1).unwrap();
            (path, route.contains("post("))
        })
        .chain(SCREENS)
        .collect()
}

fn forms() -> impl Iterator<Item = &'static str> {
    let forms = addresses().into_iter().filter(|(_, posts)| *posts);
    forms.map(|(path, _)| path)
}

/// A site with an owner, another administrator and a guest, each signed in, and something of the owner's to reach for.
struct Scene {
    host: Host,
    pages: TowerToHyperService<Router>,
    owner: String,
    other: String,
    guest: String,
    grant: String,
    post: i64,
    _directory: Scratch,
}

/// What came back.
struct Answer {
    status: StatusCode,
    cookies: Vec<String>,
    body: String,
}

impl Scene {
    fn new(base_url: &str) -> Self {
        let (host, directory) = hosted();
        let now = host.clock.now();
        let administrator = NewUser {
            email: "ada@site.example",
            role: Some("administrator"),
            ..NewUser::default()
        };
        host.db
            .write(|tx| users::insert(tx, &host.site, "ada", &administrator, now))
            .unwrap();
        let signed_in = |user: &str| {
            let link = sign_in_links::issue(&host.db, &host.site, user, now).unwrap();
            let session = ways_in::by_link(&host.db, &host.site, &link, now).unwrap();
            session.unwrap().expose().to_owned()
        };
        let owner = host.acting_user(None).unwrap().id;
        let made = |email: &str, role: &str| {
            let guest = Guest::new(email);
            let draft = Draft::new(guest, Scope::role(role), Window::lasting("P7D"));
            let actor = host.actor(&owner, Origin::unknown());
            host.engine.create(&actor, &draft).unwrap()
        };
        let entered = made("sam@support.example", "administrator");
        let pass = entered.secret.into_inner();
        let admission = host.engine.redeem(&host.site, &pass, &Origin::unknown());
        let text = posts::Text {
            title: "The owner's",
            body: "x",
        };
        Self {
            grant: made("kim@support.example", "editor").grant.id,
            post: posts::create(&host.db, &host.site, &owner, text, now).unwrap(),
            other: signed_in("ada"),
            guest: admission.unwrap().session.into_inner(),
            owner: signed_in(&owner),
            pages: TowerToHyperService::new(router(Web::new(host.clone(), base_url, false))),
            host,
            _directory: directory,
        }
    }

    /// This address, of something that is the owner's.
    fn filled(&self, path: &str) -> String {
        let id = if path.starts_with("/posts/") {
            self.post.to_string()
        } else {
            self.grant.clone()
        };
        path.replace("{id}", &id).replace("{name}", "settings")
    }

    async fn ask(&self, request: Request) -> Answer {
        let (address, method) = (request.uri().clone(), request.method().clone());
        let answer = self.pages.call(request).await.unwrap();
        let policy = answer.headers()[CONTENT_SECURITY_POLICY].to_str().unwrap();
        assert!(policy.contains("default-src 'none'"), "{address}: {policy}");
        for elsewhere in ["http:", "https:", "*", "unsafe", "data:", "blob:"] {
            assert!(!policy.contains(elsewhere), "{address}: {policy}");
        }
        let cookies = answer.headers().get_all(SET_COOKIE).iter();
        let cookies: Vec<String> = cookies
            .map(|cookie| cookie.to_str().unwrap().to_owned())
            .collect();
        for cookie in &cookies {
            for flag in ["; HttpOnly", "; SameSite=Lax", "; Path=/"] {
                assert!(cookie.contains(flag), "{method} {address}: {cookie}");
            }
        }
        let status = answer.status();
        let body = to_bytes(Body::new(answer.into_body()), 1 << 20)
            .await
            .unwrap();
        let body = String::from_utf8_lossy(&body).into_owned();
        for elsewhere in [
            "src=\"http",
            "src=\"//",
            "href=\"//",
            "action=\"http",
            "action=\"//",
        ] {
            assert!(!body.contains(elsewhere), "{method} {address}: {body}");
        }
        Answer {
            status,
            cookies,
            body,
        }
    }

    async fn get(&self, path: &str, session: &str) -> Answer {
        let request = Request::get(path).header(COOKIE, format!("guestpass={session}"));
        self.ask(request.body(Body::empty()).unwrap()).await
    }

    async fn send(&self, path: &str, session: &str, form: &str, site: &str) -> Answer {
        let request = Request::post(path)
            .header(COOKIE, format!("guestpass={session}"))
            .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
            .header("sec-fetch-site", site);
        self.ask(request.body(Body::from(form.to_owned())).unwrap())
            .await
    }

    /// A form with the token of this session.
    async fn post(&self, path: &str, session: &str, fields: &str) -> Answer {
        let form = format!("csrf={}&{fields}", csrf::token(session));
        self.send(path, session, &form, "same-origin").await
    }

    /// Every row of every table.
    fn rows(&self) -> Vec<String> {
        let rows = self.host.db.read(|c| {
            let mut tables = c.prepare("SELECT name FROM sqlite_schema WHERE type = 'table'")?;
            let tables: rusqlite::Result<Vec<String>> =
                tables.query_map([], |row| row.get(0))?.collect();
            let mut rows = Vec::new();
            for table in tables? {
                let mut query = c.prepare(&format!("SELECT * FROM \"{table}\""))?;
                let columns = query.column_count();
                let found: rusqlite::Result<Vec<Vec<Value>>> = query
                    .query_map([], |row| (0..columns).map(|at| row.get(at)).collect())?
                    .collect();
                rows.extend(found?.iter().map(|row| format!("{table}: {row:?}")));
            }
            Ok(rows)
        });
        let mut rows = rows.unwrap();
        rows.sort();
        rows
    }
}

fn run<T>(test: impl Future<Output = T>) -> T {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    runtime.block_on(test)
}

/// Whatever a form of the site may say, so that what is missing is never what it is refused for.
const EVERYTHING: &str = "kind=link&by=P1D&scope=all&email=x%40b.example&ending=1-day&title=t&body=b&session=x&uses=&grant=x&\
    pass=x&token=x&content=keep&confirm=yes&password=a-long-enough-one&current=x&new=a-long-enough-one&again=a-long-enough-one";

#[test]
fn p27_every_form_of_who_is_signed_in_needs_the_token_of_that_very_session() {
    run(async {
        let scene = Scene::new("http://127.0.0.1");
        let before = scene.rows();
        let signed: Vec<_> = forms().filter(|path| !OPEN.contains(path)).collect();
        assert!(signed.len() > 15, "{signed:?}");
        let own = csrf::token(&scene.owner);
        let foreign = csrf::token(&scene.other);
        for path in signed {
            let path = scene.filled(path);
            for proof in [
                String::new(),
                "csrf=&".to_owned(),
                "csrf=x&".to_owned(),
                format!("csrf={foreign}&"),
                format!("csrf={own}&csrf={own}&"),
                format!("csrf[]={own}&"),
            ] {
                let form = format!("{proof}{EVERYTHING}");
                let answer = scene.send(&path, &scene.owner, &form, "same-origin").await;
                assert!(
                    matches!(
                        answer.status,
                        StatusCode::BAD_REQUEST | StatusCode::FORBIDDEN
                    ),
                    "{path} with {proof:?}: {} {}",
                    answer.status,
                    answer.body
                );
            }
            let nobody = scene.send(&path, "", EVERYTHING, "same-origin").await;
            assert_eq!(
                nobody.status,
                StatusCode::SEE_OTHER,
                "{path}: sign in first"
            );
        }
        assert_eq!(scene.rows(), before);
        let path = format!("/access/grants/{}/suspend", scene.grant);
        let answer = scene.post(&path, &scene.owner, "").await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "with it, it is done");
        assert_ne!(scene.rows(), before);
    });
}

#[test]
fn p27_no_other_site_sends_the_forms_of_who_is_not_signed_in() {
    run(async {
        let scene = Scene::new("http://127.0.0.1");
        let before = scene.rows();
        let known: Vec<_> = forms().collect();
        for path in OPEN {
            assert!(known.contains(&path), "{path} is there");
            for site in ["cross-site", "same-site"] {
                let answer = scene.send(path, "", EVERYTHING, site).await;
                assert_eq!(answer.status, StatusCode::FORBIDDEN, "{path} from {site}");
            }
        }
        assert_eq!(scene.rows(), before);
    });
}

#[test]
fn p27_looking_at_every_page_changes_nothing_and_brings_nothing_from_elsewhere() {
    run(async {
        let scene = Scene::new("http://127.0.0.1");
        let before = scene.rows();
        let mut shown = 0;
        for (path, _) in addresses() {
            for session in [scene.owner.as_str(), scene.guest.as_str(), ""] {
                let answer = scene.get(&scene.filled(path), session).await;
                assert!(!answer.status.is_server_error(), "{path}: {}", answer.body);
                shown += u32::from(answer.status.is_success());
            }
        }
        assert!(shown > 30, "{shown} pages were shown");
        assert_eq!(scene.rows(), before);
    });
}

#[test]
fn p27_over_https_cookies_are_kept_to_it() {
    run(async {
        let scene = Scene::new("https://site.example");
        let actor = scene
            .host
            .actor(&scene.host.acting_user(None).unwrap().id, Origin::unknown());
        let link = scene.host.engine.reissue(&actor, &scene.grant).unwrap();
        let form = format!("pass={}", link.secret.into_inner());
        let answer = scene.send("/access/enter", "", &form, "same-origin").await;
        let [cookie] = answer.cookies.as_slice() else {
            panic!("one cookie: {:?} {}", answer.cookies, answer.body);
        };
        assert!(
            cookie.starts_with("__Host-guestpass=gs1_") && cookie.contains("; Secure"),
            "{cookie}"
        );
    });
}

#[test]
fn p28_a_form_reaches_nothing_but_what_its_sender_may_touch() {
    run(async {
        let scene = Scene::new("http://127.0.0.1");
        let before = scene.rows();
        let grants: Vec<_> = forms()
            .filter(|path| path.starts_with("/access/grants/{id}/"))
            .collect();
        assert!(grants.len() >= 8, "{grants:?}");
        for path in grants {
            let path = scene.filled(path);
            let other = scene.post(&path, &scene.other, EVERYTHING).await;
            assert_eq!(
                other.status,
                StatusCode::NOT_FOUND,
                "{path}: {}",
                other.body
            );
            let guest = scene.post(&path, &scene.guest, EVERYTHING).await;
            assert_eq!(
                guest.status,
                StatusCode::FORBIDDEN,
                "{path}: {}",
                guest.body
            );
        }
        let switch = format!("grant={}", scene.grant);
        for session in [&scene.owner, &scene.other, &scene.guest] {
            let answer = scene
                .post("/access/accounts/switch", session, &switch)
                .await;
            assert_eq!(answer.status, StatusCode::NOT_FOUND, "{}", answer.body);
        }
        assert_eq!(scene.rows(), before);
    });
}

#[test]
fn p28_the_name_of_a_session_ends_it_for_its_own_grant_alone() {
    run(async {
        let scene = Scene::new("http://127.0.0.1");
        let owner = scene.host.acting_user(None).unwrap().id;
        let actor = scene.host.actor(&owner, Origin::unknown());
        let access = scene
            .host
            .engine
            .resolve(&scene.host.site, &scene.guest)
            .unwrap();
        let sessions = scene
            .host
            .engine
            .sessions(&actor, access.grant(), None, 10)
            .unwrap();
        let field = format!("session={}", sessions.sessions[0].name);
        let before = scene.rows();
        let elsewhere = format!("/access/grants/{}/end-session", scene.grant);
        let answer = scene.post(&elsewhere, &scene.owner, &field).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{}", answer.body);
        assert_eq!(scene.rows(), before);
        let own = format!("/access/grants/{}/end-session", access.grant());
        let answer = scene.post(&own, &scene.owner, &field).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.body);
        let page = scene.get("/", &scene.guest).await;
        assert_eq!(page.status, StatusCode::GONE, "{}", page.body);
        assert!(page.body.contains("ended by somebody"), "{}", page.body);
    });
}

#[test]
fn p08_pages_answer_strangers_alike_whatever_stands_behind_their_link() {
    run(async {
        let scene = Scene::new("http://127.0.0.1");
        let elsewhere = Scene::new("http://127.0.0.1");
        let replaced = |scene: &Scene| {
            let owner = scene.host.acting_user(None).unwrap().id;
            let actor = scene.host.actor(&owner, Origin::unknown());
            let link = scene.host.engine.reissue(&actor, &scene.grant).unwrap();
            (link.secret.into_inner(), actor)
        };
        let (foreign, _) = replaced(&elsewhere);
        let (stale, actor) = replaced(&scene);
        let _link = replaced(&scene);
        let engine = &scene.host.engine;
        let mut heard = Vec::new();
        for (case, link) in [
            ("malformed", "gp1_nothing".to_owned()),
            ("unknown", foreign),
            ("replaced", stale.clone()),
            ("replaced and suspended", stale.clone()),
            ("replaced and revoked", stale),
        ] {
            if case.ends_with("suspended") {
                engine.suspend(&actor, &scene.grant).unwrap();
            }
            if case.ends_with("revoked") {
                engine.revoke(&actor, &scene.grant).unwrap();
            }
            let form = format!("pass={link}");
            for path in ["/access/enter", "/access/enter/inspect"] {
                let answer = scene.send(path, "", &form, "same-origin").await;
                assert_eq!(answer.status, StatusCode::NOT_FOUND, "{case}: {path}");
                heard.push((case, path, answer.cookies, answer.body));
            }
        }
        for (case, path, cookies, body) in &heard {
            let same = heard.iter().find(|(_, other, ..)| other == path).unwrap();
            assert_eq!((cookies, body), (&same.2, &same.3), "{case}: {path}");
        }
    });
}

#[test]
fn p29_a_form_that_asks_for_more_than_it_offers_is_refused_by_the_engine() {
    run(async {
        let scene = Scene::new("http://127.0.0.1");
        let owner = scene.host.acting_user(None).unwrap().id;
        let actor = scene.host.actor(&owner, Origin::unknown());
        let engine = &scene.host.engine;
        let settings = guestpass::Settings {
            roles: Some(vec!["author".to_owned()]),
            longest_window: "P3D".to_owned(),
            most_uses: Some(2),
            kinds: Some(vec!["link".to_owned()]),
            forbidden_domains: vec!["evil.example".to_owned()],
            ..engine.policy(&scene.host.site).unwrap()
        };
        engine.set_policy(&actor, &settings).unwrap();
        let before = scene.rows();
        let fine = "kind=link&email=new%40b.example&scope=role:author&ending=1-day";
        for (more, code) in [
            (fine.replace("author", "administrator"), "role-not-allowed"),
            (fine.replace("role:author", "all"), "role-not-allowed"),
            (
                format!(
                    "{}&permission=create_users",
                    fine.replace("role:author", "chosen")
                ),
                "permission-reserved",
            ),
            (fine.replace("1-day", "1-week"), "window-too-long"),
            (fine.replace("1-day", "100-years"), "bad-form"),
            (format!("{fine}&uses=3"), "too-many-uses"),
            (
                fine.replace("kind=link", "kind=password"),
                "kind-not-allowed",
            ),
            (
                fine.replace("b.example", "evil.example"),
                "domain-not-allowed",
            ),
        ] {
            let answer = scene.post("/access/give", &scene.owner, &more).await;
            assert!(answer.status.is_client_error(), "{more}: {}", answer.status);
            assert!(
                matches!(answer.status.as_u16(), 400 | 403 | 422),
                "{more} as {code}: {} {}",
                answer.status,
                answer.body
            );
        }
        assert_eq!(scene.rows(), before);
        let longer = scene
            .post(
                &format!("/access/grants/{}/scope", scene.grant),
                &scene.owner,
                "scope=all",
            )
            .await;
        assert_eq!(longer.status, StatusCode::FORBIDDEN, "{}", longer.body);
        assert_eq!(scene.rows(), before);
        let answer = scene.post("/access/give", &scene.owner, fine).await;
        assert_eq!(
            answer.status,
            StatusCode::OK,
            "what is offered is given: {}",
            answer.body
        );
    });
}
