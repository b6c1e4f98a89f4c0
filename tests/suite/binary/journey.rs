//! The whole way: the owner signs in, hands out access, and takes it back; the guest works in between.

use super::site;
use crate::search::Traces;

#[test]
fn a_guest_works_until_the_owner_takes_access_back() {
    let site = site();
    let server = site.serve();

    let owner = server.browser();
    assert_eq!(owner.get("/arrive").status, 200);
    let arrived = owner.post("/arrive", &[("token", server.owner_token())]);
    assert_eq!(
        (arrived.status, arrived.location.as_deref()),
        (303, Some("/account"))
    );
    let account = owner.get("/account");
    let chosen = owner.post(
        "/account/password",
        &[
            ("csrf", &account.csrf()),
            ("password", "correct horse battery"),
        ],
    );
    assert_eq!(
        (chosen.status, chosen.location.as_deref()),
        (303, Some("/"))
    );
    let again = server
        .browser()
        .post("/arrive", &[("token", server.owner_token())]);
    assert_eq!(again.status, 404, "the owner's link works once");

    let terms = [
        "--role",
        "administrator",
        "--except",
        "manage_options",
        "--for",
        "P7D",
        "--first-name",
        "Sam",
    ];
    let pass = site.link("sam@support.example", &terms);
    let guest = server.browser();
    let invitation = guest.post("/access/enter/inspect", &[("pass", &pass)]);
    assert_eq!(invitation.status, 200);
    assert!(
        invitation.says("sam@support.example") && invitation.says("Administrator"),
        "{}",
        invitation.body
    );
    let entered = guest.post("/access/enter", &[("pass", &pass)]);
    assert_eq!(
        (entered.status, entered.location.as_deref()),
        (303, Some("/"))
    );
    let cookie = &entered.set_cookies[0];
    assert!(
        cookie.contains("HttpOnly") && cookie.contains("SameSite=Lax"),
        "{cookie}"
    );

    let dashboard = guest.get("/");
    assert!(
        dashboard.says("44 permissions"),
        "an administrator without one of 45: {}",
        dashboard.body
    );
    for (path, status) in [
        ("/section/posts", 200),
        ("/section/plugins", 200),
        ("/section/users", 200),
        ("/section/settings", 403),
        ("/access/grants", 403),
        ("/account", 403),
        ("/section/no-such-section", 404),
    ] {
        assert_eq!(guest.get(path).status, status, "{path}");
    }
    let refused = guest.get("/section/settings");
    assert!(
        refused.says("manage_options") && refused.says("guest access"),
        "it says why: {}",
        refused.body
    );

    assert!(owner.get("/access/grants").says("sam@support.example"));
    assert_eq!(
        site.run(&["access", "check", "sam@support.example", "edit_posts"])
            .code,
        Some(0)
    );
    assert_eq!(
        site.run(&["access", "check", "sam@support.example", "manage_options"])
            .code,
        Some(1)
    );

    let shown = site.ask(&["grant", "show", "sam@support.example"]);
    let id = shown["id"].as_str().unwrap().to_owned();
    assert_eq!(
        (shown["state"].as_str(), shown["uses"].as_u64()),
        (Some("active"), Some(1))
    );
    assert_eq!(
        site.run(&["grant", "revoke", "sam@support.example"]).code,
        Some(0)
    );
    let over = guest.get("/section/posts");
    assert_eq!(over.status, 410, "the very next click");
    assert!(over.says("taken back at"), "with the reason: {}", over.body);
    assert!(
        over.set_cookies
            .iter()
            .all(|cookie| cookie.contains("Max-Age=0")),
        "and the browser forgets"
    );
    assert_eq!(
        guest.get("/section/posts").location.as_deref(),
        Some("/sign-in")
    );
    let late = guest.post("/access/enter", &[("pass", &pass)]);
    assert_eq!(late.status, 410);
    assert!(late.says("taken back at"), "{}", late.body);

    let history = site.ask(&["history", "show", &id]);
    let actions: Vec<_> = history["history"]
        .as_array()
        .unwrap()
        .iter()
        .filter_map(|line| line["action"].as_str())
        .collect();
    assert_eq!(actions, ["created", "provisioning", "redeemed", "revoked"]);
    assert_eq!(site.ask(&["history", "verify"])["sound"], true);
    assert_eq!(server.stop(), Some(0));

    // Nothing that was kept or said by the server holds the secrets.
    let session = cookie.split(['=', ';']).nth(1).unwrap();
    for (what, secret) in [("the link", pass.as_str()), ("the session", session)] {
        let traces = Traces::of(secret);
        for (file, bytes) in site.every_file() {
            assert_eq!(traces.found_in(&bytes), None, "{what} in {file}");
        }
        assert_eq!(
            traces.found_in(site.log().as_bytes()),
            None,
            "{what} in the log"
        );
    }
}

#[test]
fn the_owner_hands_out_access_on_the_page_too() {
    let site = site();
    let server = site.serve();
    let owner = server.browser();
    owner.post("/arrive", &[("token", server.owner_token())]);
    let page = owner.get("/access/grants");
    assert_eq!(page.status, 200);
    let forged = owner.post(
        "/access/give",
        &[
            ("csrf", "forged"),
            ("kind", "link"),
            ("email", "kim@support.example"),
            ("scope", "role:editor"),
            ("ending", "1-week"),
        ],
    );
    assert_eq!(forged.status, 403, "a form needs its proof");
    assert!(
        forged.says("kim@support.example"),
        "and comes back as it was typed: {}",
        forged.body
    );
    assert_eq!(
        site.ask(&["grant", "list"])["grants"]
            .as_array()
            .map(Vec::len),
        Some(0)
    );
    assert_eq!(
        owner
            .post("/access/leave", &[("csrf", &page.csrf())])
            .status,
        303
    );
    let on = owner.get("/access/grants?state=active").location;
    assert_eq!(
        on.as_deref(),
        Some("/sign-in?to=/access/grants%3Fstate%3Dactive"),
        "signing in leads on to where one was"
    );
}

#[test]
fn suspending_resuming_and_reissuing_by_command_bind_at_the_next_click() {
    let site = site();
    let server = site.serve();
    let pass = site.link("sam@support.example", &["--role", "editor", "--for", "P1D"]);
    let guest = server.guest(&pass);
    assert_eq!(guest.get("/section/pages").status, 200);
    site.ask(&["grant", "suspend", "sam@support.example"]);
    let suspended = guest.get("/section/pages");
    assert_eq!(suspended.status, 403);
    assert!(suspended.says("suspended"), "{}", suspended.body);
    site.ask(&["grant", "resume", "sam@support.example"]);
    assert_eq!(
        guest.get("/section/pages").status,
        200,
        "in the same session"
    );
    let anew = site.ask(&["grant", "reissue", "sam@support.example"]);
    assert_eq!(guest.get("/section/pages").status, 410);
    assert_eq!(
        server
            .browser()
            .post("/access/enter", &[("pass", &pass)])
            .status,
        404
    );
    let new_pass = anew["link"]
        .as_str()
        .unwrap()
        .split_once('#')
        .unwrap()
        .1
        .to_owned();
    assert_eq!(server.guest(&new_pass).get("/section/pages").status, 200);
    site.ask(&["policy", "set", "--ceiling", "read,edit_posts"]);
    let guest = server.guest(&new_pass);
    assert_eq!(
        (
            guest.get("/section/pages").status,
            guest.get("/section/posts").status
        ),
        (403, 200)
    );
}
