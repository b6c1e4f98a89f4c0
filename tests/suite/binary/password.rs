//! A guest with a password: made on the command line or on the page, signed in by name, and gone when it is over.

use super::{Server, Site, site};
use crate::search::Traces;

/// What was issued for a guest.
struct Issued {
    login: String,
    password: String,
}

fn issue(site: &Site, more: &[&str]) -> Issued {
    let command = [
        "grant",
        "create",
        "--password",
        "--email",
        "anna@support.example",
        "--role",
        "administrator",
        "--for",
        "P7D",
    ];
    shown(&site.ask(&[&command, more].concat()))
}

fn shown(made: &serde_json::Value) -> Issued {
    let text = |value: &serde_json::Value| value.as_str().expect("a text").to_owned();
    assert!(made["link"].is_null(), "{made}");
    Issued {
        login: text(&made["grant"]["guest"]["login"]),
        password: text(&made["password"]),
    }
}

/// The page that answers this name and password.
fn sign_in(server: &Server, login: &str, password: &str) -> super::browser::Page {
    let form = [("login", login), ("password", password)];
    server.browser().post("/sign-in", &form)
}

#[test]
fn a_guest_signs_in_by_name_or_address_and_is_out_when_access_is_taken_back() {
    let site = site();
    let issued = issue(
        &site,
        &[
            "--first-name",
            "Анна",
            "--last-name",
            "Каренина",
            "--website",
            "https://support.example",
            "--redirect",
            "/section/posts",
        ],
    );
    assert_eq!(issued.login, "anna.karenina");
    assert_eq!(issued.password.len(), 24);
    let server = site.serve();

    let page = server.browser().get("/sign-in");
    assert!(page.says("User name or e-mail address"), "{}", page.body);
    let nobody = sign_in(&server, "nobody", &issued.password);
    let wrong = sign_in(&server, &issued.login, "another-password-of-24-c");
    assert_eq!((nobody.status, wrong.status), (403, 403));
    assert_eq!(
        nobody.body.replace("nobody", &issued.login),
        wrong.body,
        "nobody learns which names there are"
    );

    for name in ["Anna.Karenina", "ANNA@support.example"] {
        let entered = sign_in(&server, name, &issued.password);
        assert_eq!(
            (entered.status, entered.location.as_deref()),
            (303, Some("/section/posts")),
            "{name}: {}",
            entered.body
        );
        assert!(
            entered.set_cookies[0].contains("=gs1_"),
            "a session of the engine's, which ends with the grant"
        );
    }
    let guest = server.browser();
    let form = [("login", &*issued.login), ("password", &*issued.password)];
    let entered = guest.post("/sign-in", &form);
    let dashboard = guest.get("/");
    assert!(
        dashboard.says("You are here as a guest of owner@site.example"),
        "{}",
        dashboard.body
    );
    assert_eq!(guest.get("/section/plugins").status, 200);
    let account = guest.get("/account");
    assert_eq!(account.status, 403);
    assert!(account.says("guest has no account"), "{}", account.body);

    let shown = site.ask(&["grant", "show", "anna@support.example"]);
    assert_eq!(
        (&shown["kind"], &shown["uses"]),
        (&"password".into(), &3.into())
    );
    let text = site.run(&["grant", "show", "anna@support.example"]).out;
    assert!(text.contains("signing in as anna.karenina"), "{text}");
    assert!(text.contains("https://support.example"), "{text}");
    let users = site.run(&["user", "list"]).out;
    assert!(users.contains("guest of grant"), "{users}");

    site.ask(&["grant", "revoke", "anna@support.example"]);
    let over = guest.get("/section/plugins");
    assert_eq!(over.status, 410, "the very next click");
    assert!(over.says("taken back at"), "{}", over.body);
    let late = sign_in(&server, &issued.login, &issued.password);
    assert_eq!(late.status, 410);
    assert!(late.says("taken back at"), "{}", late.body);
    assert_eq!(site.ask(&["history", "verify"])["sound"], true);
    assert_eq!(server.stop(), Some(0));

    let session = entered.set_cookies[0].split(['=', ';']).nth(1).unwrap();
    let traces = [
        ("the password", Traces::of_password(&issued.password)),
        ("the session", Traces::of(session)),
    ];
    for (what, traces) in traces {
        for (file, bytes) in site.every_file() {
            assert_eq!(traces.found_in(&bytes), None, "{what} in {file}");
        }
        let log = site.log();
        assert_eq!(traces.found_in(log.as_bytes()), None, "{what} in the log");
    }
    let kept: String = site
        .sql()
        .query_row(
            "SELECT password FROM user WHERE login IS NOT NULL",
            [],
            |row| row.get(0),
        )
        .unwrap();
    assert!(kept.starts_with("$argon2id$"), "{kept}");
}

#[test]
fn a_new_password_kills_the_earlier_one_and_a_name_is_nobody_elses() {
    let site = site();
    let first = issue(&site, &["--login", "Anna"]);
    assert_eq!(first.login, "anna");
    let server = site.serve();
    let guest = server.browser();
    let form = [("login", "anna"), ("password", &*first.password)];
    assert_eq!(guest.post("/sign-in", &form).status, 303);
    let second = shown(&site.ask(&["grant", "reissue", "anna@support.example"]));
    assert_ne!(first.password, second.password);
    assert_eq!(guest.get("/").status, 410, "the session of the earlier one");
    assert_eq!(sign_in(&server, "anna", &first.password).status, 403);
    assert_eq!(sign_in(&server, "anna", &second.password).status, 303);

    let other = [
        "grant",
        "create",
        "--password",
        "--email",
        "kim@support.example",
        "--role",
        "editor",
    ];
    let taken = site.run(&[&other[..], &["--login", "ANNA"]].concat());
    assert_eq!(taken.code, Some(1), "{taken:?}");
    assert!(taken.err.contains("`anna` is taken"), "{taken:?}");
    let odd = site.run(&[&other[..], &["--login", "Кира"]].concat());
    assert!(odd.err.contains("What about `kira`?"), "{odd:?}");
    let proposed = shown(&site.ask(&[&other[..], &["--first-name", "Anna"]].concat()));
    assert_eq!(proposed.login, "anna2");
    let no_link = site.run(&[
        "grant",
        "create",
        "--email",
        "a@b.example",
        "--role",
        "editor",
        "--login",
        "x",
    ]);
    assert_eq!(
        no_link.code,
        Some(2),
        "a name needs a password: {no_link:?}"
    );
}

#[test]
fn the_owner_makes_a_password_on_the_page_which_shows_it_once() {
    let site = site();
    let server = site.serve();
    let owner = server.browser();
    owner.post("/arrive", &[("token", server.owner_token())]);
    let csrf = owner.get("/access/grants").csrf();
    let form = [
        ("csrf", &*csrf),
        ("kind", "password"),
        ("email", "sam@support.example"),
        ("first_name", "Sam"),
        ("website", "https://support.example"),
        ("scope", "role:editor"),
        ("ending", "1-week"),
    ];
    let made = owner.post("/access/give", &form);
    assert_eq!(made.status, 200, "{}", made.body);
    let field = |id: &str| {
        let (_, after) = made
            .body
            .split_once(&format!("id=\"{id}\""))
            .and_then(|(_, after)| after.split_once("readonly value=\""))
            .unwrap_or_else(|| panic!("no {id}: {}", made.body));
        after.split('"').next().unwrap().to_owned()
    };
    let (login, password) = (field("user"), field("password"));
    assert_eq!((&*login, password.len()), ("sam", 24));
    assert_eq!(sign_in(&server, &login, &password).status, 303);
    let traces = Traces::of_password(&password);
    let list = owner.get("/access/grants");
    assert!(list.says("User name and password"), "{}", list.body);
    let shown = site.ask(&["grant", "show", "sam@support.example"]);
    let grant = owner.get(&format!("/access/grants/{}", shown["id"].as_str().unwrap()));
    assert!(
        grant.says("https://support.example") && grant.says("<code>sam</code>"),
        "{}",
        grant.body
    );
    for page in [list, grant] {
        assert_eq!(traces.found_in(page.body.as_bytes()), None);
    }
    let bad = [
        ("csrf", &*csrf),
        ("kind", "password"),
        ("email", "kim@support.example"),
        ("website", "javascript:alert(1)"),
        ("scope", "role:editor"),
        ("ending", "1-week"),
    ];
    let refused = owner.post("/access/give", &bad);
    assert_eq!(refused.status, 422);
    assert!(refused.says("no address of a web site"), "{}", refused.body);
}
