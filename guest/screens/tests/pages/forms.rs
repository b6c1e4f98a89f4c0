//! Forms: what they need to be taken, and how they come back when something is wrong.

use guestpass_core::names::SiteId;
use guestpass_screens::{Effect, Request, Visitor, route};

use crate::world::{PROOF, World};

#[test]
fn p27_no_form_is_taken_without_the_proof_of_the_session_that_sends_it() {
    let world = World::new();
    let grant = world
        .give("kind=link&email=a%40b.example&scope=role:author&ending=1-week")
        .grant();
    let before = world.dump();
    let mut tried = 0;
    for (path, open) in route::forms() {
        if open {
            continue;
        }
        tried += 1;
        let path = path.replace("{id}", &grant).replace("{plugin}", "digest");
        let everything = "kind=link&by=P1D&scope=all&email=x%40b.example&ending=1-day&session=x&grant=x&lockout=site&content=keep&confirm=yes";
        for proof in [
            "",
            "csrf=&",
            "csrf=x&",
            "csrf[]=proof-of-this-session&",
            "csrf=proof-of-this-session&csrf=proof-of-this-session&",
        ] {
            let answer = world.send(&Request {
                form: format!("{proof}{everything}").into_bytes(),
                ..world.request("POST", &path)
            });
            assert!(
                matches!(answer.status, 400 | 403),
                "{path} {proof}: {}",
                answer.status
            );
            assert!(matches!(answer.response.effect, Effect::Nothing), "{path}");
        }
        let nobody = world.send(&Request {
            visitor: Visitor::Nobody,
            proof: None,
            form: format!("csrf={PROOF}&{everything}").into_bytes(),
            ..world.request("POST", &path)
        });
        assert_eq!(nobody.status, 303, "{path}");
        assert!(
            nobody
                .location
                .is_some_and(|to| to.starts_with("/sign-in?to=%2Faccess")
                    || to.starts_with("/sign-in?to=/access")),
            "{path}"
        );
    }
    assert!(tried >= 15, "{tried}");
    assert!(before == world.dump(), "nothing was changed");
}

#[test]
fn p27_forms_of_who_is_not_signed_in_are_not_taken_from_other_sites() {
    let world = World::new();
    let pass = world
        .give("kind=link&email=a%40b.example&scope=role:author&ending=1-week")
        .secret();
    let before = world.dump();
    for (path, _) in route::forms().into_iter().filter(|(_, open)| *open) {
        let answer = world.send(&Request {
            visitor: Visitor::Nobody,
            proof: None,
            foreign: true,
            form: format!("pass={pass}&token={pass}&password=a-long-enough-one").into_bytes(),
            ..world.request("POST", &path)
        });
        assert_eq!(answer.status, 403, "{path}");
    }
    assert!(before == world.dump());
}

#[test]
fn p01_looking_at_pages_changes_nothing() {
    let world = World::new();
    let made = world.give("kind=link&email=a%40b.example&scope=role:author&ending=1-week");
    world.sweep();
    let before = world.dump();
    for method in ["GET", "HEAD", "OPTIONS"] {
        for path in route::pages()
            .into_iter()
            .chain([format!("/enter?pass={}", made.secret())])
        {
            let answer = world.send(
                &world.request(
                    method,
                    &path
                        .replace("{id}", &made.grant())
                        .replace("{plugin}", "digest"),
                ),
            );
            assert!(
                matches!(answer.status, 200 | 204),
                "{method} {path}: {}",
                answer.status
            );
            assert!(
                matches!(answer.response.effect, Effect::Nothing),
                "{method} {path}"
            );
            assert_eq!(answer.body.is_empty(), method != "GET", "{method} {path}");
        }
    }
    assert!(before == world.dump());
}

#[test]
fn every_answer_holds_to_strict_headers_and_to_this_site() {
    let world = World::new();
    let made = world.give("kind=link&email=a%40b.example&scope=role:author&ending=1-week");
    for path in route::pages() {
        let answer = world.get(
            &path
                .replace("{id}", &made.grant())
                .replace("{plugin}", "digest"),
        );
        let header = |wanted: &str| {
            let found = answer
                .response
                .headers
                .iter()
                .find(|(name, _)| *name == wanted);
            found
                .map(|(_, value)| value.as_str())
                .unwrap_or_default()
                .to_owned()
        };
        let policy = header("content-security-policy");
        assert!(
            policy.starts_with("default-src 'none'") && !policy.contains("unsafe"),
            "{path}: {policy}"
        );
        assert_eq!(header("x-frame-options"), "DENY", "{path}");
        assert_eq!(header("cache-control"), "no-store", "{path}");
        for foreign in [
            "src=\"http",
            "src=\"//",
            "href=\"http",
            "href=\"//",
            "action=\"http",
            " style=\"",
            " onclick",
            "<script>",
        ] {
            assert!(!answer.body.contains(foreign), "{path}: {foreign}");
        }
    }
}

#[test]
fn p06_a_secret_is_on_the_page_that_issues_it_and_on_no_other() {
    let world = World::new();
    let made = world.give("kind=link&email=a%40b.example&scope=role:author&ending=1-week");
    let secret = made.secret();
    assert!(made.body.contains(&secret));
    for path in route::pages() {
        let answer = world.get(
            &path
                .replace("{id}", &made.grant())
                .replace("{plugin}", "digest"),
        );
        assert!(!answer.body.contains(&secret), "{path}");
    }
    let landing = world.get(&format!("/enter?pass={secret}"));
    assert_eq!(landing.status, 200);
    assert!(
        !landing.body.contains(&secret),
        "the page does not repeat the secret"
    );
}

#[test]
fn a_form_with_a_fault_comes_back_filled_with_the_fault_beside_its_field() {
    let mut world = World::new();
    world.languages = "fr";
    let answer = world.post("/give", "kind=link&email=not+an+address&first_name=Zo%C3%A9&scope=role:editor&ending=3-days&note=Merci");
    assert_eq!(answer.status, 422);
    for kept in [
        "value=\"not an address\"",
        "value=\"Zoé\"",
        ">Merci</textarea>",
        "value=\"role:editor\" checked",
        "value=\"3-days\" checked",
    ] {
        assert!(answer.body.contains(kept), "{kept}");
    }
    assert!(
        answer
            .body
            .contains("id=\"email-fault\">Ce n’est pas une adresse e-mail."),
        "{}",
        answer.body
    );
    assert!(answer.body.contains("aria-describedby=\"email-fault\""));
}

#[test]
fn p27_a_form_of_an_earlier_session_comes_back_filled_and_is_taken_the_second_time() {
    let world = World::new();
    let fields = "kind=link&email=a%40b.example&scope=role:author&ending=1-week&note=Kept";
    let stale = world.send(&Request {
        form: format!("csrf=of-yesterday&{fields}").into_bytes(),
        ..world.request("POST", "/give")
    });
    assert_eq!(stale.status, 403);
    assert!(stale.body.contains(">Kept</textarea>") && stale.body.contains(PROOF));
    assert!(stale.body.contains("Nothing you typed is lost"));
    assert_eq!(world.post("/give", fields).status, 200);
}

#[test]
fn whoever_must_sign_in_first_goes_on_where_they_were() {
    let world = World::new();
    let page = world.get_as(Visitor::Nobody, "/grants?state=active");
    assert_eq!(page.status, 303);
    assert_eq!(
        page.location.as_deref(),
        Some("/sign-in?to=/access/grants%3Fstate%3Dactive")
    );
}

#[test]
fn a_role_that_is_too_small_for_its_purpose_is_told_what_is_missing_and_goes_through_knowingly() {
    let world = World::new();
    let fields = "kind=link&email=a%40b.example&scope=role:editor&purpose=support&ending=1-week";
    let refused = world.post("/give", fields);
    assert_eq!(refused.status, 422);
    assert!(
        refused
            .body
            .contains("Change the site’s settings, Install plugins")
            || refused
                .body
                .contains("Install plugins, Change the site’s settings"),
        "{}",
        refused.body
    );
    let made = world.post("/give", &format!("{fields}&knowing=lacking-permissions"));
    assert_eq!(made.status, 200);
}

#[test]
fn a_link_or_password_is_mailed_only_where_the_box_is_checked() {
    let world = World::new();
    let mailing = |method, fields: &str| {
        world.send(&Request {
            mails: true,
            form: format!("csrf={PROOF}&{fields}").into_bytes(),
            ..world.request(method, "/give")
        })
    };
    for kind in ["link", "password", "invitation"] {
        let fields =
            format!("kind={kind}&scope=role:author&ending=1-week&email={kind}%40b.example");
        let unasked = mailing("POST", &fields).response.effect;
        let always = kind == "invitation";
        assert_eq!(matches!(unasked, Effect::Mail(_)), always, "{kind}");
        let fields = fields.replace("%40", ".too%40");
        let asked = mailing("POST", &format!("{fields}&knowing=by-mail"));
        assert!(asked.body.contains(&format!("{kind}.too@b.example")));
        let Effect::Mail(mailing) = asked.response.effect else {
            panic!("{kind} is mailed");
        };
        let secret = mailing.issued.secret.exposed();
        assert_eq!(mailing.link.contains(secret), kind != "password");
    }
    let form = mailing("GET", "").body;
    assert!(form.contains("value=\"by-mail\">"), "off by default");
    let form = world.get("/give").body;
    assert!(!form.contains("by-mail"), "a host that mails nothing");
}

#[test]
fn a_list_that_is_asked_for_from_nowhere_begins_at_its_beginning() {
    let world = World::new();
    for list in [
        "/grants",
        "/invitations",
        "/team",
        "/accounts",
        "/lock-outs",
    ] {
        for garbage in ["x", "-1", "%22%3E", "address:"] {
            let answer = world.get(&format!("{list}?start={garbage}"));
            assert_eq!(answer.status, 303, "{list} {garbage}");
            assert_eq!(answer.location.as_deref(), Some(&*format!("/access{list}")));
        }
    }
    for garbage in ["x", "-1", "99999999999999999999", "%22%3E"] {
        let answer = world.get(&format!("/history?before={garbage}"));
        assert_eq!(answer.status, 200, "{garbage}");
    }
}

#[test]
fn p28_a_grant_of_somebody_else_is_as_if_it_were_not_there() {
    let world = World::new();
    let grant = world
        .give("kind=link&email=a%40b.example&scope=role:author&ending=1-week")
        .grant();
    let before = world.dump();
    let ada = || Visitor::User("ada".to_owned());
    assert_eq!(world.get_as(ada(), &format!("/grants/{grant}")).status, 404);
    for verb in [
        "suspend",
        "resume",
        "revoke",
        "extend",
        "retire",
        "reissue",
        "scope",
        "end-session",
    ] {
        let answer = world.post_as(
            ada(),
            &format!("/grants/{grant}/{verb}"),
            "by=P1D&scope=all&session=x&content=keep&confirm=yes",
        );
        assert_eq!(answer.status, 404, "{verb}: {}", answer.body);
    }
    assert_eq!(
        world
            .post_as(ada(), "/grants/revoke", &format!("grant={grant}"))
            .status,
        404
    );
    assert!(before == world.dump());
    let editor = Visitor::User("rob".to_owned());
    assert_eq!(
        world.get_as(editor, "/grants").status,
        403,
        "who may not hand out access sees none"
    );
}

#[test]
fn access_is_given_used_and_taken_back() {
    let world = World::new();
    let made =
        world.give("kind=link&email=a%40b.example&first_name=Sam&scope=role:author&ending=1-week");
    let session = world.enter(&made.secret());
    let guest = || Visitor::Session(session.clone());
    let there = world.get_as(guest(), "/accounts");
    assert_eq!(there.status, 200);
    assert!(
        there
            .body
            .contains("You are here as a guest of Olivia Marsh"),
        "{}",
        there.body
    );
    let refused = world.post_as(guest(), "/accounts/return", "");
    assert_eq!(refused.status, 409, "nobody to return to");
    assert!(matches!(refused.response.effect, Effect::Nothing));
    let revoked = world.post(&format!("/grants/{}/revoke", made.grant()), "");
    assert_eq!(revoked.status, 303);
    let over = world.get_as(guest(), "/accounts");
    assert_eq!(over.status, 410);
    assert!(matches!(over.response.effect, Effect::Forget));
    assert!(over.body.contains("taken back"), "{}", over.body);
}

#[test]
fn history_says_whom_each_line_is_about() {
    let world = World::new();
    let made = world.give("kind=link&email=a%40b.example&scope=role:author&ending=1-week");
    world.post(&format!("/grants/{}/revoke", made.grant()), "");
    world.sweep();
    for page in ["/history", "/"] {
        let body = world.get(page).body;
        let about_a_grant = body.matches("class=\"act\"><a").count();
        assert!(about_a_grant >= 2, "{page}");
        assert_eq!(
            body.matches("class=\"by\">a@b.example · ").count(),
            about_a_grant,
            "{page}"
        );
    }
}

#[test]
fn history_has_also_what_happened_since_the_last_sweep_newest_first() {
    let world = World::new();
    let made = world.give("kind=link&email=a%40b.example&scope=role:author&ending=1-week");
    world.sweep();
    let lines = |page| world.get(page).body.matches("class=\"act\"").count();
    let before = [lines("/history"), lines("/")];
    world.post(&format!("/grants/{}/revoke", made.grant()), "");
    for (page, before) in ["/history", "/"].into_iter().zip(before) {
        let body = world.get(page).body;
        assert_eq!(lines(page), before + 1, "{page}");
        let newest = body.split("class=\"act\"").nth(1).unwrap_or_default();
        assert!(newest.contains("Taken back"), "{page}: {newest}");
    }
    world.sweep();
    assert_eq!(lines("/history"), before[0] + 1, "each is there once");
}

#[test]
fn of_what_happened_since_the_last_sweep_the_newest_is_first_whichever_grant_it_is_about() {
    let world = World::new();
    let give = |email: &str| {
        let fields = format!("kind=link&email={email}&scope=role:author&ending=1-week");
        world.give(&fields).grant()
    };
    let (older, newer) = (give("older%40b.example"), give("newer%40b.example"));
    world.sweep();
    for grant in [&newer, &older] {
        world.forward(1_000);
        world.post(&format!("/grants/{grant}/revoke"), "");
    }
    let body = world.get("/history").body;
    let first = body.split("class=\"act\"").nth(1).unwrap_or_default();
    assert!(first.contains("older@b.example"), "{first}");
}

#[test]
fn of_a_deactivated_site_the_first_page_says_that_nobody_gets_in() {
    let world = World::new();
    world.give("kind=link&email=a%40b.example&scope=role:author&ending=1-week");
    let site = SiteId::parse("main").unwrap();
    world.ask(|engine| engine.deactivate(&site)).unwrap();
    let page = world.get("/");
    assert!(page.body.contains("switched off"), "{}", page.body);
    assert!(!page.body.contains("class=\"row\""), "{}", page.body);
}

#[test]
fn p26_a_guests_user_is_deleted_only_by_a_decision_about_what_they_wrote() {
    let world = World::new();
    let made = world.give("kind=link&email=a%40b.example&scope=role:author&ending=1-week");
    let _session = world.enter(&made.secret());
    let retire = format!("/grants/{}/retire", made.grant());
    let before = world.dump();
    for undecided in [
        "",
        "confirm=yes",
        "content=keep",
        "content=delete&confirm=yes",
        "content=hand-over&heir=ada%40harbour.example",
    ] {
        let answer = world.post(&retire, undecided);
        assert_eq!(answer.status, 422, "{undecided}");
        assert!(answer.body.contains("Nothing was done."), "{undecided}");
    }
    let nobody = world.post(
        &retire,
        "content=hand-over&heir=no%40one.example&confirm=yes",
    );
    assert_eq!(nobody.status, 404, "{}", nobody.body);
    assert!(before == world.dump());
    let done = world.post(
        &retire,
        "content=hand-over&heir=ada%40harbour.example&confirm=yes",
    );
    assert_eq!(done.status, 303, "{}", done.body);
    let page = world.get(&format!("/grants/{}", made.grant()));
    assert!(page.body.contains("Ended, user deleted"));
}

#[test]
fn a_policy_may_want_every_invitation_to_end() {
    let world = World::new();
    let policy = "kind=link&kind=invitation&longest_window=P1M&most_uses=&default_ending=1-week&default_redirect=&forbidden_domains=&allowed_domains=&fresh_backup=&grantor_gone=withhold&session_length=&session_idle=&retire_after=P30D&within=PT10M&address_tries=3&address_lock=PT20M&grant_tries=5&grant_lock=PT20M&site_tries=100&site_lock=PT1M";
    let endless = "kind=invitation&email=a%40b.example&scope=role:author&ending=never";
    let ticked = "name=\"endless_invitations\" type=\"checkbox\" value=\"true\" checked";
    assert!(world.get("/policy").body.contains(ticked));
    assert_eq!(world.post("/policy", policy).status, 303);
    assert!(!world.get("/policy").body.contains(ticked));
    assert_eq!(world.post("/give", endless).status, 422);
    let allowed = format!("{policy}&endless_invitations=true");
    assert_eq!(world.post("/policy", &allowed).status, 303);
    assert!(world.get("/policy").body.contains(ticked));
    assert_eq!(world.post("/give", endless).status, 200);
}
