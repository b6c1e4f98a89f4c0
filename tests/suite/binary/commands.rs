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
            .is_some_and(|link| link.contains("/enter#gp1_"))
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
    assert_eq!(info["imports"].as_array().map(Vec::len), Some(7));
}
