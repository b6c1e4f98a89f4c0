//! Inviting somebody to an account, from the mail to the last click: sections of a hosting panel, as the owner's delegate.

use super::browser::Browser;
use super::{Server, Site, empty, site};

const PASSWORD: &str = "correct horse battery";

/// The sections of the hosting panel; each is opened by the permission of the same name.
const SECTIONS: [&str; 13] = [
    "profile",
    "contacts",
    "products",
    "manageproducts",
    "productsso",
    "domains",
    "managedomains",
    "invoices",
    "quotes",
    "tickets",
    "affiliates",
    "emails",
    "orders",
];

fn panel() -> Site {
    let site = empty();
    let ran = site.run(&[
        "init",
        "--catalogue",
        "hosting-panel",
        "--owner-email",
        "olga@site.example",
    ]);
    assert_eq!(ran.code, Some(0), "{ran:?}");
    site
}

/// Invites somebody by command and gives the grant and what stands behind `#` in the mail.
fn invited(site: &Site, email: &str, more: &[&str]) -> (String, String) {
    let command = ["invite", "send", "--email", email];
    let sent = site.ask(&[&command, more].concat());
    assert_eq!(sent["sent"], true, "{sent}");
    assert!(
        !sent.to_string().contains("gi1_"),
        "the secret is in the mail alone"
    );
    let token = token_in(sent["file"].as_str().unwrap());
    (sent["grant"]["id"].as_str().unwrap().to_owned(), token)
}

/// The token in a mail, copied out of the file as it stands there.
pub fn token_in(file: &str) -> String {
    let mail = std::fs::read_to_string(file).unwrap();
    let (_, after) = mail.split_once("/access/invitation#").expect("a link");
    after.split_whitespace().next().unwrap().to_owned()
}

/// A regular user who signed in and chose a password.
fn regular(site: &Site, server: &Server, email: &str) -> Browser {
    let added = site.ask(&["user", "add", "--email", email, "--role", "technical"]);
    let link = added["sign_in_link"].as_str().unwrap();
    let browser = server.browser();
    let token = link.split_once('#').unwrap().1;
    assert_eq!(browser.post("/arrive", &[("token", token)]).status, 303);
    let csrf = browser.get("/account").csrf();
    let chosen = browser.post(
        "/account/password",
        &[("csrf", &csrf), ("password", PASSWORD)],
    );
    assert_eq!(chosen.status, 303, "{chosen:?}");
    browser
}

fn add_line(browser: &Browser, section: &str, text: &str) {
    let path = format!("/section/{section}");
    let csrf = browser.get(&path).csrf();
    let added = browser.post(&path, &[("csrf", &csrf), ("text", text)]);
    assert_eq!(added.status, 303, "{added:?}");
}

/// Which sections open.
fn open(browser: &Browser) -> Vec<&'static str> {
    let opens = |section: &&str| match browser.get(&format!("/section/{section}")).status {
        200 => true,
        403 => false,
        other => panic!("{section}: {other}"),
    };
    SECTIONS
        .into_iter()
        .filter(|section| opens(section))
        .collect()
}

fn switch(browser: &Browser, grant: &str) -> super::browser::Page {
    let csrf = browser.get("/access/accounts").csrf();
    let page = browser.post(
        "/access/accounts/switch",
        &[("csrf", &csrf), ("grant", grant)],
    );
    assert_eq!(page.status, 303, "{page:?}");
    page
}

#[test]
fn each_permission_of_the_panel_opens_exactly_its_section_at_the_next_click() {
    let site = panel();
    let server = site.serve();
    let (grant, token) = invited(&site, "bea@new.example", &["--all", "--locale", "fr"]);
    let bea = server.browser();
    let seen = bea.post("/access/invitation/inspect", &[("token", &token)]);
    assert!(
        seen.says("bea@new.example") && seen.says("Vous êtes nouveau ici"),
        "{}",
        seen.body
    );
    assert_eq!(bea.get("/access/invitation").status, 200);
    let weak = bea.post(
        "/access/invitation/accept",
        &[("token", &token), ("password", "short")],
    );
    assert_eq!(weak.status, 422, "{weak:?}");
    let form = [("token", token.as_str()), ("password", PASSWORD)];
    let accepted = bea.post("/access/invitation/accept", &form);
    assert_eq!(
        (accepted.status, accepted.location.as_deref()),
        (303, Some("/")),
        "{accepted:?}"
    );
    let home = bea.get("/");
    assert!(
        home.says("You are acting in the account of olga@site.example"),
        "put into the only account there is: {}",
        home.body
    );
    assert_eq!(open(&bea), SECTIONS);
    for section in SECTIONS {
        let ran = site.run(&["grant", "change-scope", &grant, "--permission", section]);
        assert_eq!(ran.code, Some(0), "{ran:?}");
        assert_eq!(open(&bea), [section], "and no other");
    }
    assert_eq!(
        bea.get("/access/grants").status,
        403,
        "nothing to hand out there"
    );
    assert_eq!(bea.get("/access/invitations").status, 403);
    assert_eq!(
        bea.post("/access/invitation/accept", &form).status,
        403,
        "and nothing to accept there"
    );

    // Signing in again leads there again; and once it is taken back, nowhere.
    let again = server.browser();
    let signed_in = [("login", "bea@new.example"), ("password", PASSWORD)];
    assert_eq!(again.post("/sign-in", &signed_in).status, 303);
    assert_eq!(open(&again), ["orders"]);
    assert_eq!(site.run(&["invite", "revoke", &grant]).code, Some(0));
    assert_eq!(again.get("/section/orders").status, 410);
    assert_eq!(bea.get("/section/orders").status, 410);
    let late = server.browser().post("/sign-in", &signed_in);
    assert!(late.status == 410 && late.says("taken back at"), "{late:?}");
    let used = server.browser().post("/access/invitation/accept", &form);
    assert_eq!(used.status, 410, "{used:?}");
    assert_eq!(site.ask(&["history", "verify"])["sound"], true);
}

#[test]
fn a_delegate_sees_the_lines_of_the_account_acted_in_and_their_own_when_back() {
    let site = panel();
    let server = site.serve();
    let owner = server.browser();
    owner.post("/arrive", &[("token", server.owner_token())]);
    add_line(&owner, "tickets", "The mail of Olga is slow");
    let tom = regular(&site, &server, "tom@site.example");
    add_line(&tom, "tickets", "The disk of Tom is full");
    let page = owner.get("/section/tickets");
    assert!(
        page.says("Olga is slow") && !page.says("Tom is full"),
        "{}",
        page.body
    );

    let (grant, token) = invited(
        &site,
        "tom@site.example",
        &["--permission", "tickets,invoices"],
    );
    // Somebody else is signed in here.
    let eve = regular(&site, &server, "eve@site.example");
    let wrong = eve.post("/access/invitation/accept", &[("token", &token)]);
    assert!(
        wrong.status == 403 && wrong.says("Sign out") && !wrong.says("tom@"),
        "{wrong:?}"
    );
    let accepted = tom.post("/access/invitation/accept", &[("token", &token)]);
    assert_eq!(
        accepted.location.as_deref(),
        Some("/access/accounts"),
        "{accepted:?}"
    );
    let list = tom.get("/access/accounts").body;
    let own = list.find("Your own account</span>").unwrap();
    assert!(own < list.find(&grant).unwrap(), "own first: {list}");

    let before = switch(&tom, &grant).set_cookies;
    assert_eq!(
        open(&tom),
        ["invoices", "tickets"],
        "not what his role allows"
    );
    let page = tom.get("/section/tickets");
    assert!(
        page.says("Olga is slow") && !page.says("Tom is full"),
        "{}",
        page.body
    );
    add_line(&tom, "tickets", "Tom looked into it");
    assert!(owner.get("/section/tickets").says("Tom looked into it"));
    let again = switch(&tom, &grant).set_cookies;
    assert_ne!(before, again, "another session each time");

    let csrf = tom.get("/access/accounts").csrf();
    let back = tom.post("/access/accounts/return", &[("csrf", &csrf)]);
    assert_eq!(back.status, 303, "{back:?}");
    let page = tom.get("/section/tickets");
    assert!(
        page.says("Tom is full") && !page.says("Tom looked into it"),
        "{}",
        page.body
    );
    assert_eq!(
        open(&tom),
        [
            "products",
            "manageproducts",
            "productsso",
            "domains",
            "managedomains",
            "tickets"
        ],
        "what his own role allows"
    );
    let told = site.ask(&["history", "show", &grant]);
    let actions: Vec<_> = told["history"]
        .as_array()
        .unwrap()
        .iter()
        .filter_map(|line| line["action"].as_str())
        .collect();
    assert_eq!(
        actions,
        [
            "created", "accepted", "switched", "returned", "switched", "returned"
        ]
    );
    // His own sessions are his own, whatever becomes of the grant.
    assert_eq!(site.run(&["invite", "revoke", &grant]).code, Some(0));
    assert_eq!(tom.get("/section/tickets").status, 200);
    assert_eq!(site.ask(&["history", "verify"])["sound"], true);
}

#[test]
fn an_existing_user_who_is_signed_out_accepts_with_their_password() {
    let site = panel();
    let server = site.serve();
    let _tom = regular(&site, &server, "tom@site.example");
    let (_, token) = invited(&site, "tom@site.example", &["--role", "billing"]);
    let elsewhere = server.browser();
    let seen = elsewhere.post("/access/invitation/inspect", &[("token", &token)]);
    assert!(
        seen.says("You have an account here already"),
        "{}",
        seen.body
    );
    let wrong = elsewhere.post(
        "/access/invitation/accept",
        &[("token", &token), ("password", "a wrong password")],
    );
    assert_eq!(wrong.status, 403, "{wrong:?}");
    let right = elsewhere.post(
        "/access/invitation/accept",
        &[("token", &token), ("password", PASSWORD)],
    );
    assert_eq!(right.status, 303, "{right:?}");
    let page = elsewhere.get("/access/accounts");
    assert!(
        page.says("Your own account") && page.says("Billing"),
        "{}",
        page.body
    );
}

#[test]
fn an_invitation_is_sent_again_declined_and_told_when_it_could_not_be_mailed() {
    let site = panel();
    let server = site.serve();
    let (grant, old) = invited(&site, "bea@new.example", &["--all"]);
    let pending = site.ask(&["invite", "list"]);
    assert_eq!(pending["grants"][0]["id"], grant.as_str());
    let sent = site.ask(&["invite", "resend", "bea@new.example"]);
    let new = token_in(sent["file"].as_str().unwrap());
    let browser = server.browser();
    let dead = browser.post("/access/invitation/decline", &[("token", &old)]);
    assert_eq!(dead.status, 404, "{dead:?}");
    let declined = browser.post("/access/invitation/decline", &[("token", &new)]);
    assert!(
        declined.status == 200 && declined.says("declined"),
        "{declined:?}"
    );
    assert_eq!(
        site.ask(&["grant", "show", &grant])["ended_because"],
        "declined"
    );

    let nowhere = ["--mail", "smtp://127.0.0.1:9"];
    let command = ["invite", "send", "--email", "kim@new.example", "--all"];
    let failed = site.run(&[&command[..], &nowhere, &["--json"]].concat());
    assert_eq!(failed.code, Some(1), "{failed:?}");
    let failed = failed.json();
    assert_eq!(failed["sent"], false);
    let id = failed["grant"]["id"].as_str().unwrap();
    let said = site.run(&[&["invite", "resend", id][..], &nowhere].concat());
    assert!(
        said.out.contains(&format!("guestpass invite resend {id}")),
        "{said:?}"
    );
    assert_eq!(site.ask(&["invite", "resend", id])["sent"], true);
}

#[test]
fn what_an_invitation_does_not_say_is_the_policys() {
    let site = site();
    let send = |email: &str, more: &[&str]| {
        let command = ["invite", "send", "--email", email, "--role", "editor"];
        site.run(&[&command[..], more, &["--json"]].concat())
    };
    let known = send("bea@new.example", &[]).json()["grant"].clone();
    assert_eq!(known["window"]["ending"], "never");
    assert_eq!(known["window"]["use_within"], "P7D");
    site.ask(&["policy", "set", "--longest-window", "P3D"]);
    for (email, more) in [
        ("kim@new.example", &[][..]),
        ("lou@new.example", &["--for", "P1D"]),
    ] {
        let sent = send(email, more);
        assert_eq!(sent.code, Some(0), "{sent:?}");
    }
    site.ask(&["policy", "set", "--endless-invitations", "false"]);
    let ends = send("max@new.example", &[]);
    assert_eq!(ends.code, Some(0), "{ends:?}");
    assert_ne!(ends.json()["grant"]["window"]["ending"], "never");
    let lacks = send("ned@new.example", &["--purpose", "support"]);
    assert_eq!(lacks.json()["error"]["code"], "role-lacks-permission");
    let knowingly = ["--purpose", "support", "--knowingly", "lacking-permissions"];
    assert_eq!(send("ned@new.example", &knowingly).code, Some(0));
}

#[test]
fn the_operator_moves_the_ownership_and_what_the_new_owner_was_lent_ends() {
    let site = panel();
    let server = site.serve();
    let tom = regular(&site, &server, "tom@site.example");
    let (grant, token) = invited(&site, "tom@site.example", &["--role", "billing"]);
    let tom_id = "tom@site.example";
    let accepted = site.ask(&["--as", tom_id, "account", "accept", &token]);
    assert_eq!(accepted["grant"], grant.as_str());
    let listed = site.ask(&["--as", tom_id, "account", "memberships"]);
    assert_eq!(listed["accounts"].as_array().unwrap().len(), 2);
    switch(&tom, &grant);
    let moved = site.ask(&["user", "transfer-ownership", "--to", tom_id]);
    assert_eq!(moved["ended"], 1);
    assert_eq!(
        tom.get("/section/invoices").status,
        410,
        "at the next click"
    );
    let users = site.ask(&["user", "list"]);
    let owners: Vec<_> = users["users"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|user| user["owner"] == true)
        .map(|user| user["email"].as_str().unwrap())
        .collect();
    assert_eq!(owners, ["tom@site.example"]);
    let again = site.run(&["user", "transfer-ownership", "--to", tom_id]);
    assert_eq!(again.code, Some(0), "{again:?}");
    assert!(again.out.contains("owned the site already"), "{again:?}");
    // And nobody invites the owner.
    let refused = site.run(&["invite", "send", "--email", tom_id, "--all", "--json"]);
    assert_eq!(refused.json()["error"]["code"], "self-invitation");
}

#[test]
fn a_session_is_switched_and_returned_by_command() {
    let site = panel();
    let server = site.serve();
    let _tom = regular(&site, &server, "tom@site.example");
    let tom = ["--as", "tom@site.example"];
    let (grant, token) = invited(&site, "tom@site.example", &["--role", "billing"]);
    site.ask(&[&tom[..], &["account", "accept", &token]].concat());
    let switched = site.ask(&[&tom[..], &["account", "switch", &grant]].concat());
    let session = switched["session"].as_str().unwrap();
    assert!(session.starts_with("gs1_"));
    let returned = site.ask(&["account", "return", session]);
    assert_eq!(returned["user"], switched["user"]);
    let again = site.run(&["account", "return", session]);
    assert_eq!(again.code, Some(1), "{again:?}");
    let all = site.ask(&["grant", "revoke-all", "--by", "olga@site.example"]);
    assert_eq!(all["revoked"], 1);
}
