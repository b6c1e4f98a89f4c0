//! A program that looks after a site's plugins.

use guestpass::plugins::Hook;
use guestpass_tests::corpus::{Made, NO_OBJECTION, made, veto_grant};
use serde_json::{Value, json};

use super::program::{Program, Reply};
use super::site;

const KIND: &str = "application/octet-stream";

/// Refuses every grant.
fn door(version: &'static str) -> Made {
    made("door")
        .version(version)
        .asks("log")
        .hook(Hook::GrantFilter, veto_grant(3000, 2))
        .text(3000, "no")
}

fn sent(program: &Program, method: &str, path: &str, made: &Made) -> Reply {
    program.upload(method, path, KIND, &made.package().to_archive().unwrap())
}

fn grant(program: &Program, email: &str) -> Reply {
    let draft = json!({
        "guest": { "email": email },
        "scope": { "base": { "role": "editor" } },
        "window": { "ending": { "after": "P7D" } },
    });
    program.ask("POST", "/grants", Some(&draft), None)
}

fn names(capabilities: &Value) -> Vec<&str> {
    let capabilities = capabilities.as_array().unwrap().iter();
    capabilities
        .map(|one| one["name"].as_str().unwrap())
        .collect()
}

#[test]
fn a_plugin_is_installed_approved_upgraded_and_removed_by_a_program() {
    let site = site();
    let (key, server) = (site.key(), site.serve());
    let program = Program::new(server.address(), &key);
    let get = |path: &str| program.ask("GET", path, None, None);
    let post = |path: &str| program.ask("POST", path, None, None);
    let approve = |these: Value| {
        let digest = &get("/plugins/door").given(200)["digest"];
        let body = json!({ "capabilities": these, "digest": digest });
        program.ask("POST", "/plugins/door/approve", Some(&body), None)
    };
    assert_eq!(get("/plugins").given(200), json!({ "plugins": [] }));

    let installed = sent(&program, "POST", "/plugins", &door("1.0.0")).given(201);
    assert_eq!(installed["status"], "inactive");
    assert_eq!(names(&installed["asks"]), ["log", "hook:grant-filter"]);
    let again = sent(&program, "POST", "/plugins", &door("1.0.0"));
    assert_eq!(again.refused(409), "already-installed");
    let text = program.upload("POST", "/plugins", "text/plain", b"x");
    assert_eq!(text.refused(415), "no-plugin");
    let garbage = program.upload("POST", "/plugins", KIND, b"garbage");
    assert_eq!(garbage.refused(422), "bad-package");

    // What was looked at is approved, and nothing that came instead.
    assert_eq!(post("/plugins/door/activate").refused(409), "not-approved");
    assert_eq!(approve(json!([])).refused(409), "asks-for-other");
    assert_eq!(approve(json!(["world"])).refused(422), "unknown-capability");
    assert_eq!(approve(json!(["log"])).refused(409), "asks-for-other");
    let approved = approve(json!(["log", "hook:grant-filter"])).given(200);
    assert!(approved["approved_by"].is_string());
    assert_eq!(
        post("/plugins/door/activate").given(200)["status"],
        "active"
    );
    let refused = grant(&program, "a@b.example");
    assert_eq!(refused.json["detail"], "no (plugin `door`)");
    assert_eq!(refused.refused(403), "vetoed");

    let newer = door("1.1.0").asks("clock");
    let waits = sent(&program, "PUT", "/plugins/door", &newer).given(200);
    assert_eq!(waits["version"], "1.0.0");
    assert_eq!(names(&waits["pending"]["added"]), ["clock"]);
    let all = json!(["log", "clock", "hook:grant-filter"]);
    let old = json!({ "capabilities": all, "digest": installed["digest"] });
    let old = program.ask("POST", "/plugins/door/approve", Some(&old), None);
    assert_eq!(old.refused(409), "other-version");
    let runs = approve(all).given(200);
    assert_eq!(
        (&runs["version"], &runs["previous"]),
        (&json!("1.1.0"), &json!("1.0.0"))
    );
    assert_eq!(
        post("/plugins/door/rollback").given(200)["version"],
        "1.0.0"
    );
    let other = sent(&program, "PUT", "/plugins/window", &newer);
    assert_eq!(other.refused(422), "other-plugin");

    let first = json!({ "priority": -1 });
    let first = program.ask("PUT", "/plugins/door/priority", Some(&first), None);
    assert_eq!(first.given(200)["priority"], -1);
    let set = json!({ "settings": { "colour": "red" } });
    let set = program.ask("PUT", "/plugins/door/settings", Some(&set), None);
    assert_eq!(set.refused(422), "unknown-setting");
    assert_eq!(
        post("/plugins/door/deactivate").given(200)["status"],
        "inactive"
    );
    grant(&program, "a@b.example").given(201);

    let remove = |query: &str| program.ask("DELETE", &format!("/plugins/door{query}"), None, None);
    assert_eq!(remove("").refused(400), "bad-query");
    assert_eq!(remove("?data=delete").status, 204);
    assert_eq!(get("/plugins/door").refused(404), "unknown-plugin");
}

#[test]
fn what_a_failing_plugin_was_not_told_is_seen_and_told_again_by_a_program() {
    let site = site();
    let (key, server) = (site.key(), site.serve());
    let program = Program::new(server.address(), &key);
    let get = |path: &str| program.ask("GET", path, None, None).given(200);
    let post = |path: &str| program.ask("POST", path, None, None).given(200);
    let loud = |version, body: &str| made("loud").version(version).hook(Hook::Action, body);
    let run = || {
        let digest = &get("/plugins/loud")["digest"];
        let all = json!({ "capabilities": ["hook:action", "event:all"], "digest": digest });
        let approve = program.ask("POST", "/plugins/loud/approve", Some(&all), None);
        approve.given(200);
        post("/plugins/loud/activate");
    };
    sent(&program, "POST", "/plugins", &loud("1.0.0", "unreachable")).given(201);
    run();
    // The fifth fault switches it off, and what comes then is parked.
    for guest in 0..6 {
        grant(&program, &format!("guest{guest}@b.example")).given(201);
    }
    post("/sweep");
    let found = get("/plugins/loud");
    assert_eq!(found["status"], "switched-off");
    assert!(
        found["reason"].as_str().unwrap().contains("failed 5 times"),
        "{found}"
    );
    let waiting = get("/plugins/loud/deliveries");
    let waiting = waiting["deliveries"].as_array().unwrap();
    assert_eq!(waiting.len(), 6);
    let parked = waiting.iter().filter(|one| one["due"].is_null()).count();
    assert!(parked > 0, "{waiting:?}");

    sent(
        &program,
        "PUT",
        "/plugins/loud",
        &loud("1.0.1", NO_OBJECTION),
    )
    .given(200);
    post("/plugins/loud/activate");
    assert_eq!(post("/plugins/loud/replay")["deliveries"], parked);
    post("/sweep");
    let left = get("/plugins/loud/deliveries")["deliveries"].clone();
    assert!(left.as_array().unwrap().len() <= 6 - parked, "{left}");
}

#[test]
fn only_owners_look_after_plugins() {
    let site = site();
    site.ask(&[
        "user",
        "add",
        "--email",
        "ed@site.example",
        "--role",
        "editor",
    ]);
    let made = site.ask(&[
        "key",
        "create",
        "--name",
        "ed's",
        "--scope",
        "plugins:read,plugins:write",
        "--user",
        "ed@site.example",
    ]);
    let server = site.serve();
    let program = Program::new(server.address(), made["token"].as_str().unwrap());
    let list = program.ask("GET", "/plugins", None, None);
    assert_eq!(list.refused(403), "not-the-owner");
    assert_eq!(
        sent(&program, "POST", "/plugins", &door("1.0.0")).refused(403),
        "not-the-owner"
    );
}
