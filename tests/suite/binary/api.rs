//! The API as programs use it, on the server as it runs.

use serde_json::{Value, json};

use super::program::Program;
use super::{Site, site};

fn draft(email: &str) -> Value {
    json!({
        "guest": { "email": email },
        "scope": { "base": { "role": "editor" } },
        "window": { "ending": { "after": "P7D" } },
    })
}

/// The secret part of a link.
fn pass(issued: &Value) -> &str {
    let link = issued["link"].as_str().expect("a link");
    link.split_once('#').expect("the secret stands behind #").1
}

/// The id of the key that acts for this site.
fn key_id(site: &Site) -> String {
    let keys = site.ask(&["key", "list"]);
    keys["keys"][0]["id"].as_str().expect("a key").to_owned()
}

#[test]
fn p15_what_a_program_hands_out_opens_until_it_takes_it_back() {
    let site = site();
    let key = site.key();
    let server = site.serve();
    let program = Program::new(server.address(), &key);
    let issued = program
        .post_json("/grants", &draft("sam@support.example"))
        .given(201);
    assert!(
        issued["link"]
            .as_str()
            .unwrap()
            .starts_with(server.address())
    );
    let guest = server.guest(pass(&issued));
    assert_eq!(guest.get("/section/posts").status, 200);
    let id = issued["grant"]["id"].as_str().unwrap();
    let shown = program.get(&format!("/grants/{id}")).given(200);
    assert_eq!(shown["state"], "active");
    // What the command line says of it is the same document, and beside it what the grant gives now.
    let mut said = site.ask(&["grant", "show", id]);
    assert!(said.as_object_mut().unwrap().remove("gives").is_some());
    assert_eq!(said, shown);
    let revoked = program.post(&format!("/grants/{id}/revoke")).given(200);
    assert_eq!(revoked["ended_because"], "revoked");
    assert_eq!(guest.get("/section/posts").status, 410);
    let history = program.get(&format!("/grants/{id}/history")).given(200);
    assert_eq!(
        site.ask(&["history", "show", id])["history"],
        history["history"]
    );
}

#[test]
fn a_key_is_shown_once_and_dies_when_it_is_revoked() {
    let site = site();
    let made = site.ask(&[
        "key",
        "create",
        "--name",
        "deploys",
        "--scope",
        "grants:read",
        "--for",
        "P90D",
    ]);
    let token = made["token"].as_str().unwrap();
    let server = site.serve();
    let program = Program::new(server.address(), token);
    program.get("/grants").given(200);
    assert_eq!(
        program
            .post_json("/grants", &draft("a@b.example"))
            .refused(403),
        "scope-missing"
    );
    let listed = site.run(&["key", "list"]);
    assert!(listed.out.contains("deploys") && listed.out.contains("owner@site.example"));
    for text in [&listed.out, &site.ask(&["key", "list"]).to_string()] {
        assert!(!text.contains(&token[27..70]), "{text}");
    }
    assert_ne!(
        site.ask(&["key", "list"])["keys"][0]["last_used"],
        Value::Null
    );
    site.ask(&["key", "revoke", &key_id(&site)]);
    let refused = program.get("/grants");
    assert_eq!(
        refused.challenge.as_deref(),
        Some(r#"Bearer realm="guestpass""#)
    );
    assert_eq!(refused.refused(401), "no-valid-key");
    let again = site.run(&["key", "revoke", "nothing", "--json"]);
    assert_eq!(again.json()["error"]["code"], "unknown-key");
}

#[test]
fn p14_only_the_owner_makes_keys() {
    let site = site();
    let pass = site.link(
        "sam@support.example",
        &["--role", "administrator", "--for", "P7D"],
    );
    let server = site.serve();
    let _guest = server.guest(&pass);
    let user = [
        "user",
        "add",
        "--email",
        "eve@site.example",
        "--role",
        "administrator",
    ];
    site.ask(&user);
    for (user, code) in [
        ("sam@support.example", "guests-use-no-commands"),
        ("eve@site.example", "not-the-owner"),
    ] {
        let create = ["key", "create", "--name", "x", "--scope", "grants:read"];
        for command in [&create[..], &["key", "list"], &["key", "revoke", "x"]] {
            let ran = site.run(&[command, &["--as", user, "--json"]].concat());
            assert_eq!(ran.json()["error"]["code"], code, "{command:?}");
            assert_eq!(ran.code, Some(1));
        }
    }
    let wrong = site.run(&["key", "create", "--name", "x", "--scope", "everything"]);
    assert_eq!(wrong.code, Some(2));
    assert!(wrong.err.contains("`grants:write`"), "{wrong:?}");
}

#[test]
fn p06_p30_a_request_that_is_sent_again_after_a_power_failure_is_not_done_again() {
    let site = site();
    let key = site.key();
    let server = site.serve();
    let body = draft("sam@support.example");
    let send = |address: &str| {
        Program::new(address, &key).ask("POST", "/grants", Some(&body), Some("order-4711"))
    };
    let first = send(server.address());
    assert!(!first.replayed);
    let issued = first.given(201);
    server.kill();
    let server = site.serve();
    let again = send(server.address());
    assert!(again.replayed);
    let shown = again.given(201);
    assert_eq!(shown["grant"], issued["grant"]);
    assert_eq!(shown["link"], Value::Null);
    assert_eq!(
        site.ask(&["grant", "list"])["grants"]
            .as_array()
            .unwrap()
            .len(),
        1
    );
    let secret = &pass(&issued).as_bytes()[27..39];
    for (name, bytes) in site.every_file() {
        assert!(!bytes.windows(12).any(|part| part == secret), "{name}");
    }
    assert!(!site.log().contains(&pass(&issued)[27..39]));
    assert!(!site.log().contains(&key[27..70]));
}

#[test]
fn p01_programs_that_only_look_change_nothing_but_when_their_key_was_used() {
    let site = site();
    site.link("sam@support.example", &["--role", "editor", "--for", "P7D"]);
    let key = site.key();
    // What is there goes into the log first: the server's own first sweep is no doing of a program.
    site.ask(&["sweep"]);
    let server = site.serve();
    let program = Program::new(server.address(), &key);
    program.get("/key").given(200);
    let before = site.every_row();
    let id = program.get("/grants").given(200)["grants"][0]["id"].clone();
    let id = id.as_str().unwrap();
    for path in [
        "/key",
        "/grants",
        &format!("/grants/{id}"),
        &format!("/grants/{id}/check?permission=edit_posts"),
        &format!("/grants/{id}/explain?permission=edit_posts"),
        &format!("/grants/{id}/history"),
        "/history/verification",
        "/policy",
        "/policy/templates",
        "/policy/presets",
        "/lockouts",
        "/users",
        "/backup",
        "/openapi.json",
    ] {
        program.get(path).given(200);
        assert_eq!(program.ask("HEAD", path, None, None).status, 200, "{path}");
        program.ask("OPTIONS", path, None, None).refused(405);
    }
    // All within the minute in which its key was noted as used.
    assert_eq!(site.every_row(), before);
}
