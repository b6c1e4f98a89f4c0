//! Bad input and bad days: each gets its own sentence and an exit code that fits, and nothing is lost or half-done.

use std::net::TcpListener;
use std::process::Command;

use super::{Ran, empty, program, site};

/// Checks the exit code and the code for programs, and that there is one sentence for people.
fn is_refused(ran: &Ran, exit: i32, code: &str) -> String {
    let said = format!("{ran:?}");
    assert_eq!(ran.code, Some(exit), "{said}");
    let error = ran.json()["error"].clone();
    assert_eq!(error["code"].as_str(), Some(code), "{said}");
    let message = error["message"].as_str().expect("a sentence").to_owned();
    // What the command line's parser says ends with the argument it is about.
    let whole = message.ends_with(['.', '?']) || code == "bad-command";
    assert!(whole, "a whole sentence: {message}");
    assert!(ran.out.is_empty(), "errors go to the error stream: {said}");
    message
}

#[test]
fn wrong_input_is_named_and_changes_nothing() {
    let site = site();
    site.link("sam@support.example", &["--role", "editor", "--for", "P7D"]);
    let before = site.every_row();
    let create = |email: &'static str, more: &'static str| {
        let mut arguments = vec!["grant", "create", "--email", email];
        arguments.extend(more.split(' '));
        arguments
    };
    for (arguments, exit, code) in [
        (
            create("kim@support.example", "--role pilot --for P1D"),
            2,
            "unknown-role",
        ),
        (
            create("kim@support.example", "--permission fly --for P1D"),
            2,
            "unknown-permission",
        ),
        (
            create("kim@support.example", "--permission create_users --for P1D"),
            2,
            "permission-reserved",
        ),
        (create("nobody", "--role editor --for P1D"), 2, "bad-email"),
        (
            create("owner@site.example", "--role editor --for P1D"),
            1,
            "email-in-use",
        ),
        (
            create("sam@support.example", "--role editor --for P1D"),
            1,
            "guest-has-access",
        ),
        (
            create(
                "kim@support.example",
                "--role editor --until 2020-01-01T00:00Z",
            ),
            2,
            "window-in-the-past",
        ),
        (
            create("kim@support.example", "--role editor --for P2Y"),
            2,
            "window-too-long",
        ),
        (
            create("kim@support.example", "--role editor --for week"),
            2,
            "bad-period",
        ),
        (
            create("kim@support.example", "--role editor --for -P1D"),
            2,
            "bad-period",
        ),
        (
            create("kim@support.example", "--role editor --until -2026-12-01"),
            2,
            "not-an-instant",
        ),
        (
            create(
                "kim@support.example",
                "--role editor --for P1D --use-within -PT1H",
            ),
            2,
            "bad-period",
        ),
        (
            vec!["grant", "extend", "sam@support.example", "--by", "-P1D"],
            2,
            "bad-period",
        ),
        (
            vec!["policy", "set", "--longest-window", "-P1Y"],
            2,
            "bad-period",
        ),
        (
            vec![
                "key",
                "create",
                "--name",
                "x",
                "--scope",
                "grants:read",
                "--for",
                "-P1D",
            ],
            2,
            "bad-period",
        ),
        (
            vec!["grant", "show", "-AAAAAAAAAAAAAAAAAAAAA"],
            1,
            "unknown-grant",
        ),
        (
            create(
                "kim@support.example",
                "--role editor --for P1D --first-name Kim\u{202e}",
            ),
            2,
            "bad-name",
        ),
        (
            create("kim@support.example", "--role editor --preset 2-weeks"),
            2,
            "unknown-preset",
        ),
        (
            create("kim@support.example", "--role editor --for P1D --uses 0"),
            2,
            "bad-uses",
        ),
        (
            create(
                "kim@support.example",
                "--role editor --for P1D --redirect https://evil.example",
            ),
            2,
            "bad-redirect",
        ),
        (
            create(
                "kim@support.example",
                "--role editor --for P1D --locale fr_FR",
            ),
            2,
            "bad-locale",
        ),
        (create("kim@support.example", "--for P1D"), 2, "bad-command"),
        (
            create("kim@support.example", "--role author --purpose support"),
            2,
            "role-lacks-permission",
        ),
        (
            create("kim@support.example", "--role author --purpose flying"),
            2,
            "unknown-purpose",
        ),
        (
            create(
                "kim@support.example",
                "--role author --knowingly everything",
            ),
            2,
            "unknown-override",
        ),
        (vec!["policy", "template", "no-such"], 2, "unknown-template"),
        (
            vec!["policy", "set", "--forbidden-domains", "example"],
            2,
            "bad-domain",
        ),
        (
            vec!["backup", "record", "--at", "2099-01-01T00:00Z"],
            2,
            "bad-instant",
        ),
        (
            vec!["grant", "show", "AAAAAAAAAAAAAAAAAAAAAA"],
            1,
            "unknown-grant",
        ),
        (
            vec!["grant", "show", "nobody@support.example"],
            1,
            "no-grant",
        ),
        (
            vec!["grant", "resume", "sam@support.example"],
            1,
            "not-suspended",
        ),
        (
            vec![
                "grant",
                "extend",
                "sam@support.example",
                "--to",
                "2020-01-01T00:00Z",
            ],
            2,
            "window-in-the-past",
        ),
        (
            vec!["access", "check", "sam@support.example", "fly"],
            2,
            "unknown-permission",
        ),
        (
            vec!["grant", "list", "--as", "nobody@site.example"],
            2,
            "unknown-user",
        ),
        (vec!["grant", "list", "--site", "other"], 5, "unknown-site"),
        (
            vec!["invite", "resend", "sam@support.example"],
            1,
            "no-grant",
        ),
        (
            vec!["user", "add", "--email", "una", "--role", "editor"],
            2,
            "bad-email",
        ),
        (
            vec![
                "user",
                "add",
                "--email",
                "una@site.example",
                "--role",
                "editor",
                "--name",
                "U\na",
            ],
            2,
            "bad-name",
        ),
        (vec!["grant", "fly"], 2, "bad-command"),
        (vec!["serve", "--base-url", "example.org"], 2, "bad-setting"),
        (vec!["init"], 1, "already-set-up"),
    ] {
        let message = is_refused(
            &site.run(&[&arguments[..], &["--json"]].concat()),
            exit,
            code,
        );
        assert!(message.len() > 10, "{message}");
        let plain = site.run(&arguments);
        assert_eq!(
            plain.code,
            Some(exit),
            "{arguments:?} without --json: {plain:?}"
        );
        assert!(
            plain.out.is_empty() && !plain.err.contains("\"error\""),
            "{plain:?}"
        );
    }
    let after = site.every_row();
    assert!(
        before == after,
        "{:?}",
        before
            .iter()
            .zip(&after)
            .find(|(before, after)| before != after)
    );
}

#[test]
fn what_is_not_there_or_no_number_is_called_what_it_is() {
    let site = site();
    site.link("sam@support.example", &["--role", "editor", "--for", "P7D"]);
    for (command, said) in [
        (
            "invite revoke sam@support.example",
            "There is no invitation for",
        ),
        ("grant revoke kim@support.example", "There is no grant for"),
        (
            "grant create --email kim@support.example --role editor --uses -1",
            "invalid value '-1'",
        ),
        ("policy set --most-uses -1", "invalid value '-1'"),
    ] {
        let ran = site.run(&command.split(' ').collect::<Vec<_>>());
        assert!(ran.code != Some(0) && ran.err.contains(said), "{ran:?}");
    }
}

#[test]
fn without_a_site_there_is_nothing_to_work_on_and_nothing_is_made() {
    let site = empty();
    for arguments in [
        &["grant", "list", "--json"][..],
        &["doctor", "--json"],
        &["history", "verify", "--json"],
    ] {
        let message = is_refused(&site.run(arguments), 5, "unknown-site");
        assert!(
            message.contains("guestpass serve"),
            "it says what to do: {message}"
        );
    }
    assert!(!site.data().exists());
}

#[test]
fn a_port_that_is_taken_is_named() {
    let site = site();
    let other = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = other.local_addr().unwrap().to_string();
    let message = is_refused(
        &site.run(&["serve", "--listen", &address, "--json"]),
        4,
        "port-taken",
    );
    assert!(
        message.contains(&address) && message.contains("--listen"),
        "{message}"
    );
}

#[test]
fn a_second_server_on_the_same_file_is_refused_and_the_first_goes_on() {
    let site = site();
    let server = site.serve();
    let message = is_refused(
        &site.run(&["serve", "--listen", "127.0.0.1:0", "--json"]),
        4,
        "already-serving",
    );
    assert!(message.contains("data"), "{message}");
    assert_eq!(server.browser().get("/").status, 200);
    assert_eq!(server.stop(), Some(0));
    assert_eq!(
        site.serve().stop(),
        Some(0),
        "the lock goes with the server"
    );
}

#[test]
fn a_file_that_is_no_database_is_left_alone() {
    let site = empty();
    std::fs::create_dir(site.data()).unwrap();
    let letter = "Dear diary, this is no database. ".repeat(100);
    std::fs::write(site.database(), &letter).unwrap();
    for arguments in [
        &["grant", "list", "--json"][..],
        &["serve", "--listen", "127.0.0.1:0", "--json"],
    ] {
        is_refused(&site.run(arguments), 3, "not-a-database");
    }
    assert_eq!(std::fs::read_to_string(site.database()).unwrap(), letter);
}

#[test]
fn a_locked_database_is_waited_for_and_then_named() {
    let site = site();
    let sql = site.sql();
    sql.execute_batch("BEGIN IMMEDIATE").unwrap();
    let create = [
        "grant",
        "create",
        "--email",
        "kim@support.example",
        "--role",
        "editor",
        "--for",
        "P1D",
        "--json",
    ];
    let ran = site.run(&create);
    assert_eq!(ran.code, Some(3), "{ran:?}");
    let message = ran.json()["error"]["message"].to_string();
    assert!(message.contains("locked"), "{message}");
    assert_eq!(
        site.run(&["grant", "list"]).code,
        Some(0),
        "reading goes on"
    );
    sql.execute_batch("ROLLBACK").unwrap();
    assert_eq!(site.run(&create).code, Some(0));
}

#[test]
fn a_database_of_a_later_version_is_not_touched() {
    let site = site();
    site.sql()
        .execute_batch("UPDATE guestpass_meta SET value = 99 WHERE name = 'form'")
        .unwrap();
    let ran = site.run(&["grant", "list", "--json"]);
    assert_eq!(ran.code, Some(3), "{ran:?}");
    assert!(
        ran.json()["error"]["message"]
            .to_string()
            .contains("later version"),
        "{ran:?}"
    );
}

#[test]
fn a_disk_that_takes_no_more_loses_nothing() {
    let site = site();
    site.link("sam@support.example", &["--role", "editor", "--for", "P7D"]);
    let before = site.ask(&["grant", "list"]);
    // No file may grow beyond one block: what a full disk does, on any machine.
    let limited = r#"trap "" XFSZ; ulimit -f 1; exec "$0" "$@""#;
    let output = Command::new("sh")
        .args(["-c", limited])
        .arg(program())
        .arg("--data")
        .arg(site.data())
        .args([
            "grant",
            "create",
            "--email",
            "kim@support.example",
            "--role",
            "editor",
            "--for",
            "P1D",
            "--json",
        ])
        .current_dir(site.data())
        .output()
        .expect("sh can be run");
    let ran = Ran::new(&output);
    assert_eq!(ran.code, Some(3), "{ran:?}");
    let message = ran.json()["error"]["message"].to_string();
    assert!(
        message.contains("full") || message.contains("disk"),
        "{message}"
    );
    assert_eq!(site.ask(&["grant", "list"]), before);
    assert_eq!(site.run(&["history", "verify"]).code, Some(0));
    assert_eq!(site.run(&["doctor"]).code, Some(0));
}
