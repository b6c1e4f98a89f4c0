//! What is typed and what comes back: documents for programs, sentences for people.

use super::{empty, site};

#[test]
fn every_command_answers_with_one_document_when_asked_to() {
    let site = site();
    let pass = site.link(
        "sam@support.example",
        &["--role", "editor", "--for", "P7D", "--note", "ticket 4711"],
    );
    let server = site.serve();
    let _guest = server.guest(&pass);
    let guest = "sam@support.example";
    for arguments in [
        &["grant", "list"][..],
        &[
            "grant", "list", "--state", "active", "--email", guest, "--limit", "1",
        ],
        &["grant", "show", guest],
        &["grant", "extend", guest, "--by", "P1D"],
        &["grant", "extend", guest, "--to", "2099-01-01T00:00Z"],
        &["grant", "suspend", guest],
        &["grant", "resume", guest],
        &["grant", "reissue", guest],
        &["access", "explain", guest, "edit_posts"],
        &["access", "explain", guest],
        &["grant", "sessions", guest],
        &["site", "show"],
        &[
            "policy",
            "set",
            "--session-idle",
            "PT30M",
            "--lockout-address",
            "5:PT1H",
            "--any-kind",
        ],
        &["policy", "show"],
        &["policy", "set", "--longest-window", "P3M"],
        &["policy", "template"],
        &["policy", "template", "wordpress-support"],
        &[
            "policy",
            "set",
            "--roles",
            "editor,author",
            "--most-uses",
            "3",
        ],
        &[
            "policy",
            "set",
            "--any-role",
            "--any-uses",
            "--no-fresh-backup",
        ],
        &["backup", "show"],
        &["backup", "record"],
        &["key", "create", "--name", "x", "--scope", "grants:read"],
        &["key", "list"],
        &["history", "show", guest],
        &["history", "verify"],
        &["history", "checkpoint"],
        &["history", "prove", "policy.0"],
        &["sweep"],
        &["doctor"],
        &["owner-link"],
        &["component", "info"],
        &["grant", "revoke", guest],
    ] {
        let document = site.ask(arguments);
        assert!(document.is_object(), "{arguments:?}: {document}");
    }
    let checked = site.run(&["access", "check", guest, "update_core", "--json"]);
    assert_eq!(
        checked.code,
        Some(1),
        "nobody checks a grant that is over: {checked:?}"
    );
    assert!(checked.json().is_object());
}

#[test]
fn grants_of_each_kind_are_listed_by_it() {
    let site = site();
    let give = ["--role", "editor", "--json"];
    for (kind, command) in [
        ("link", &["grant", "create"][..]),
        ("password", &["grant", "create", "--password"]),
        ("invitation", &["invite", "send"]),
    ] {
        let email = format!("{kind}@new.example");
        let made = site.run(&[command, &["--email", &email], &give].concat());
        assert_eq!(made.code, Some(0), "{made:?}");
    }
    for kind in ["link", "password", "invitation"] {
        let listed = site.ask(&["grant", "list", "--kind", kind]);
        let kinds: Vec<_> = listed["grants"]
            .as_array()
            .unwrap()
            .iter()
            .map(|grant| grant["kind"].as_str().unwrap())
            .collect();
        assert_eq!(kinds, [kind]);
    }
}

#[test]
fn a_recorded_backup_opens_what_needs_one() {
    let site = site();
    site.ask(&[
        "policy",
        "set",
        "--fresh-backup",
        "update_core",
        "--max-age",
        "P1D",
    ]);
    let create = [
        "grant",
        "create",
        "--email",
        "ada@b.example",
        "--role",
        "administrator",
        "--purpose",
        "support",
        "--json",
    ];
    let refused = site.run(&create);
    assert_eq!(refused.code, Some(1), "{refused:?}");
    assert_eq!(refused.json()["error"]["code"], "backup-too-old");
    site.ask(&["backup", "record"]);
    assert_eq!(site.run(&create).code, Some(0));
}

#[test]
fn documents_say_what_is_so() {
    let site = site();
    let made = site.ask(&[
        "grant",
        "create",
        "--email",
        "ada@b.example",
        "--role",
        "author",
        "--for",
        "P3D",
        "--from-first-use",
        "--uses",
        "1",
        "--also",
        "export",
        "--except",
        "read",
        "--redirect",
        "/posts",
        "--locale",
        "fr",
    ]);
    let grant = &made["grant"];
    assert_eq!(grant["guest"]["email"], "ada@b.example");
    assert_eq!(grant["guest"]["locale"], "fr");
    assert_eq!(grant["scope"]["base"]["role"], "author");
    assert_eq!(grant["window"]["ending"]["after_first_use"], "P3D");
    assert_eq!(
        (&grant["uses_allowed"], &grant["ends_bound_by"]),
        (&1.into(), &"use-within".into())
    );
    assert_eq!(
        made["permissions"].as_array().map(Vec::len),
        Some(7),
        "author's 7, one more, one less"
    );
    assert!(
        made["link"]
            .as_str()
            .is_some_and(|link| link.contains("/access/enter#gp1_"))
    );
    let said = site.ask(&["access", "explain", "ada@b.example", "read"]);
    let denying: Vec<_> = said["limits"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|limit| limit["allows"] == false)
        .filter_map(|limit| limit["name"].as_str())
        .collect();
    assert_eq!(
        (said["allowed"].as_bool(), denying),
        (Some(false), vec!["scope"])
    );
}

#[test]
fn people_get_lines_with_words_and_never_a_document() {
    let site = site();
    site.link(
        "sam@support.example",
        &["--role", "administrator", "--for", "P7D"],
    );
    for (arguments, word) in [
        (&["grant", "list"][..], "sam@support.example"),
        (&["grant", "show", "sam@support.example"], "Ends"),
        (
            &["access", "explain", "sam@support.example", "create_users"],
            "reserved",
        ),
        (&["history", "show", "sam@support.example"], "created"),
        (&["history", "verify"], "as it was written"),
        (&["history", "checkpoint"], "guestpass-checkpoint-1"),
        (&["policy", "show"], "P1Y"),
        (&["doctor"], "ok"),
        (&["--help"], "Exit codes"),
        (&["grant", "create", "--help"], "Examples"),
        (&["completions", "bash"], "complete"),
    ] {
        let ran = site.run(arguments);
        assert_eq!(ran.code, Some(0), "{arguments:?}: {ran:?}");
        assert!(
            ran.out.contains(word) && !ran.out.trim_start().starts_with('{'),
            "{arguments:?}: {}",
            ran.out
        );
        assert!(ran.err.is_empty(), "{arguments:?}: {}", ran.err);
    }
    let listed = site.run(&["grant", "list"]).out;
    assert!(
        listed.contains("in 7 days") || listed.contains("in 6 days"),
        "{listed}"
    );
}

#[test]
fn the_engine_can_be_taken_out_and_is_the_one_that_runs() {
    let site = empty();
    let file = site.data().with_file_name("guestpass.wasm");
    let ran = site.run(&["component", "export", file.to_str().unwrap()]);
    assert_eq!(ran.code, Some(0), "{ran:?}");
    let bytes = std::fs::read(&file).unwrap();
    let info = site.ask(&["component", "info"]);
    assert_eq!(info["size"].as_u64(), Some(bytes.len() as u64));
    use sha2::Digest as _;
    let digest: String = sha2::Sha256::digest(&bytes)
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    assert_eq!(info["sha256"].as_str(), Some(digest.as_str()));
    assert_eq!(bytes, guestpass::component::BYTES);
    assert_eq!(info["imports"].as_array().map(Vec::len), Some(8));
}

#[test]
fn a_site_is_deactivated_activated_and_left_for_good() {
    let site = site();
    let pass = site.link("sam@support.example", &["--role", "editor", "--for", "P7D"]);
    let server = site.serve();
    let guest = server.guest(&pass);
    assert!(site.ask(&["site", "deactivate"])["deactivated"].is_string());
    let page = guest.get("/");
    assert_eq!(page.status, 403);
    assert!(page.says("switched off"), "{}", page.body);
    let doctor = site.run(&["doctor"]);
    assert_eq!(doctor.code, Some(0), "{doctor:?}");
    assert!(doctor.out.contains("the site is deactivated"), "{doctor:?}");
    assert!(site.ask(&["site", "activate"])["deactivated"].is_null());
    assert_eq!(guest.get("/").status, 200, "the session goes on");

    let early = site.run(&["site", "uninstall", "--keep"]);
    assert_eq!(early.code, Some(1), "{early:?}");
    let undecided = site.run(&["site", "uninstall"]);
    assert_eq!(undecided.code, Some(2), "{undecided:?}");
    site.ask(&["site", "deactivate"]);
    let left = site.ask(&["site", "uninstall", "--keep"]);
    assert_eq!(left["retired"], 1);
    assert_eq!(
        site.ask(&["grant", "list"])["grants"],
        serde_json::json!([])
    );
    let users = site.ask(&["user", "list"]);
    assert_eq!(users["users"].as_array().map(Vec::len), Some(1), "{users}");
    drop(server);
}

#[test]
fn one_session_of_a_guest_is_seen_and_ended() {
    let site = site();
    let pass = site.link("sam@support.example", &["--role", "editor", "--for", "P7D"]);
    let server = site.serve();
    let (first, second) = (server.guest(&pass), server.guest(&pass));
    let sessions = site.ask(&["grant", "sessions", "sam@support.example"]);
    let sessions = sessions["sessions"].as_array().unwrap();
    assert_eq!(sessions.len(), 2);
    let name = sessions[0]["name"].as_str().unwrap();
    site.ask(&["grant", "end-session", "sam@support.example", name]);
    let mut answers = [first.get("/").status, second.get("/").status];
    answers.sort_unstable();
    assert_eq!(answers, [200, 410]);
}

#[test]
fn the_ending_is_explained_and_what_a_grant_gives_is_shown() {
    let site = site();
    let guest = "sam@support.example";
    let _pass = site.link(
        guest,
        &["--role", "author", "--for", "P3D", "--from-first-use"],
    );
    let said = site.run(&["access", "explain", guest]);
    assert_eq!(said.code, Some(0), "{said:?}");
    assert!(
        said.out.contains("P3D from the first use on then"),
        "{said:?}"
    );
    let binding: Vec<_> = said
        .out
        .lines()
        .filter(|line| line.contains(" binds "))
        .collect();
    assert!(
        matches!(binding.as_slice(), [one] if one.starts_with("use-within")),
        "{said:?}"
    );
    let shown = site.ask(&["grant", "show", guest]);
    assert_eq!(shown["gives"]["now"], true);
    assert_eq!(
        shown["gives"]["permissions"].as_array().map(Vec::len),
        Some(7)
    );
    site.ask(&["grant", "suspend", guest]);
    assert_eq!(site.ask(&["grant", "show", guest])["gives"]["now"], false);
    let said = site.run(&["grant", "show", guest]);
    assert!(
        said.out.contains("nothing now; while it is open 7:"),
        "{said:?}"
    );
}
