//! What users came for, row by row, as somebody new to it does it: by command, and by the API.
//!
//! With `GUESTPASS_TRANSCRIPT` naming a directory, each test writes down there what was asked and what was answered.

use std::fmt::Write as _;
use std::path::Path;

use serde_json::{Value, json};

use super::invitations::token_in;
use super::program::{Program, Reply};
use super::{Site, empty};

/// A site, and what was said to it.
struct Told {
    site: Site,
    row: &'static str,
    text: String,
}

impl Told {
    fn new(row: &'static str, catalogue: &str) -> Self {
        let site = empty();
        let mut told = Self {
            site,
            row,
            text: format!("## {row}\n"),
        };
        told.does(&format!(
            "init --catalogue {catalogue} --owner-email olga@site.example"
        ));
        told
    }

    fn said(&mut self, line: &str, codes: &[i32]) -> super::Ran {
        let words: Vec<&str> = line.split(' ').collect();
        let shown = self.site.run(&words);
        let _ = writeln!(
            self.text,
            "\n$ guestpass {line}\n{}{}",
            shown.out, shown.err
        );
        assert!(
            shown.code.is_some_and(|code| codes.contains(&code)),
            "{line}: {shown:?}"
        );
        shown
    }

    /// Runs a command that is done.
    fn does(&mut self, line: &str) -> super::Ran {
        self.said(line, &[0])
    }

    /// Runs a command that is refused, and gives what it said.
    fn refused(&mut self, line: &str) -> String {
        self.said(line, &[1, 2]).err
    }

    /// Runs a command and gives the document it answers with.
    fn asks(&mut self, line: &str) -> Value {
        self.does(&format!("{line} --json")).json()
    }

    /// A program with a key that acts as this user.
    fn key_of(&mut self, user: &str) -> String {
        let scopes = "grants:read,grants:write,access:read,accounts:read,accounts:write,policy:read,policy:write,\
                      history:read,users:read,backups:read,backups:write";
        let made = self.asks(&format!(
            "key create --name rows --user {user} --scope {scopes}"
        ));
        made["token"].as_str().expect("a key").to_owned()
    }

    /// Asks the API, and writes down both sides.
    fn api(&mut self, program: &Program, ask: &str, body: Option<&Value>) -> Reply {
        let (method, path) = ask.split_once(' ').expect("a method and a path");
        let reply = program.ask(method, path, body, None);
        let sent = body.map(|body| format!(" {body}")).unwrap_or_default();
        let _ = writeln!(
            self.text,
            "\n> {ask}{sent}\n< {} {}",
            reply.status, reply.json
        );
        reply
    }
}

impl Drop for Told {
    fn drop(&mut self) {
        if let Some(directory) = std::env::var_os("GUESTPASS_TRANSCRIPT") {
            let name = self.row.split(':').next().unwrap_or_default();
            let _ = std::fs::write(Path::new(&directory).join(format!("{name}.md")), &self.text);
        }
    }
}

fn text(value: &Value) -> String {
    value.as_str().expect("a text").to_owned()
}

/// The token of the newest mail to this address.
fn mailed(site: &Site, address: &str) -> String {
    let mails = std::fs::read_dir(site.data().join("mail")).expect("mails");
    let mut mails: Vec<_> = mails.map(|mail| mail.expect("a mail").path()).collect();
    mails.retain(|mail| std::fs::read_to_string(mail).is_ok_and(|text| text.contains(address)));
    mails.sort_by_key(|mail| {
        std::fs::metadata(mail)
            .and_then(|known| known.modified())
            .ok()
    });
    token_in(
        &mails
            .pop()
            .expect("a mail to that address")
            .display()
            .to_string(),
    )
}

#[test]
fn a1_a_support_agent_gets_a_user_with_a_password_that_is_shown_once_and_not_mailed() {
    let mut told = Told::new("A1: a user for the support agent", "wordpress");
    let made = told.asks(
        "grant create --password --email sam@support.example --first-name Сэм --last-name Агент \
         --website https://support.example --role administrator --for P7D",
    );
    assert_eq!(text(&made["password"]).len(), 24);
    assert_eq!(made["grant"]["guest"]["login"], "sem.agent");
    let again = told.asks("grant show sam@support.example");
    assert!(
        !again.to_string().contains(&text(&made["password"])),
        "shown once"
    );
    let key = told.key_of("olga@site.example");
    let server = told.site.serve();
    let program = Program::new(server.address(), &key);
    let body = json!({
        "kind": "password",
        "guest": { "email": "kim@support.example", "first_name": "Kim", "login": "kim" },
        "scope": { "base": { "role": "administrator" } },
        "window": { "ending": { "after": "P7D" } },
    });
    let made = told.api(&program, "POST /grants", Some(&body)).given(201);
    let browser = server.browser();
    let form = [
        ("login", "kim"),
        ("password", made["password"].as_str().unwrap()),
    ];
    assert_eq!(browser.post("/sign-in", &form).status, 303);
    assert!(!told.site.data().join("mail").exists(), "nobody was mailed");
}

#[test]
fn a2_a_role_that_is_too_small_is_flagged_with_what_it_lacks() {
    let mut told = Told::new("A2: the role check", "wordpress");
    let asked =
        "grant create --email sam@support.example --role editor --for P1D --purpose support";
    let why = told.refused(asked);
    assert!(
        why.contains("`administrator`") && why.contains("install_plugins"),
        "{why}"
    );
    told.does(&format!("{asked} --knowingly lacking-permissions"));
    let key = told.key_of("olga@site.example");
    let server = told.site.serve();
    let program = Program::new(server.address(), &key);
    let mut body = json!({
        "guest": { "email": "kim@support.example" },
        "scope": { "base": { "role": "editor" } },
        "purpose": "support",
    });
    let refused = told.api(&program, "POST /grants", Some(&body));
    assert_eq!(refused.refused(422), "role-lacks-permission");
    body["scope"] = json!({ "base": { "role": "administrator" } });
    told.api(&program, "POST /grants", Some(&body)).given(201);
}

#[test]
fn a3_the_user_is_deleted_when_done_and_the_content_is_decided_about() {
    let mut told = Told::new("A3: done, and the user goes", "wordpress");
    for email in ["sam@support.example", "kim@support.example"] {
        told.does(&format!(
            "grant create --password --email {email} --role editor --for P7D"
        ));
    }
    told.said("grant retire sam@support.example", &[2]);
    let retired = told.asks("grant retire sam@support.example --hand-over olga@site.example");
    assert_eq!(retired["state"], "retired");
    let kim = text(&told.asks("grant show kim@support.example")["id"]);
    let key = told.key_of("olga@site.example");
    let server = told.site.serve();
    let program = Program::new(server.address(), &key);
    let path = format!("POST /grants/{kim}/retire");
    let undecided = told.api(&program, &path, Some(&json!({})));
    assert!(matches!(undecided.status, 400 | 422), "{undecided:?}");
    let body = json!({ "content": "keep" });
    assert_eq!(
        told.api(&program, &path, Some(&body)).given(200)["state"],
        "retired"
    );
    let users = told.asks("user list");
    assert_eq!(users["users"].as_array().map(Vec::len), Some(1), "{users}");
}

#[test]
fn a4_powerful_access_waits_for_a_fresh_backup_or_is_given_knowingly() {
    let mut told = Told::new("A4: a backup first", "wordpress");
    told.does("policy set --fresh-backup install_plugins,edit_files --max-age P1D");
    let asked = "grant create --email sam@support.example --role administrator --for P1D";
    assert!(told.refused(asked).contains("backup"));
    let known = told.asks(&format!("{asked} --knowingly without-backup"));
    let id = text(&known["grant"]["id"]);
    let history = told.asks(&format!("history show {id}"));
    assert!(
        history.to_string().contains("without-backup"),
        "on record: {history}"
    );
    let key = told.key_of("olga@site.example");
    let server = told.site.serve();
    let program = Program::new(server.address(), &key);
    let body = json!({
        "guest": { "email": "kim@support.example" },
        "scope": { "base": { "role": "administrator" } },
    });
    let refused = told.api(&program, "POST /grants", Some(&body));
    assert_eq!(refused.refused(409), "backup-too-old");
    assert!(told.api(&program, "POST /backup", Some(&json!({}))).status < 300);
    told.api(&program, "POST /grants", Some(&body)).given(201);
}

#[test]
fn a5_invitations_are_pending_sent_again_revoked_accepted_and_declined() {
    let mut told = Told::new("A5: invited by e-mail", "wordpress");
    told.does("invite send --email bea@new.example --role author");
    let first = mailed(&told.site, "bea@new.example");
    told.does("invite list");
    told.does("invite resend bea@new.example");
    let second = mailed(&told.site, "bea@new.example");
    assert_ne!(first, second);
    told.does("user add --email tom@site.example --role editor");
    told.refused(&format!("account decline {first}"));
    told.does(&format!("account decline {second}"));
    let key = told.key_of("olga@site.example");
    let toms = told.key_of("tom@site.example");
    let server = told.site.serve();
    let (program, tom) = (
        Program::new(server.address(), &key),
        Program::new(server.address(), &toms),
    );
    for email in ["tom@site.example", "eve@new.example"] {
        let body =
            json!({ "guest": { "email": email }, "scope": { "base": { "role": "author" } } });
        let sent = told
            .api(&program, "POST /invitations", Some(&body))
            .given(201);
        assert_eq!(sent["sent"], true);
    }
    let pending = told
        .api(&program, "GET /grants?kind=invitation&state=ready", None)
        .given(200);
    let pending = pending["grants"].as_array().expect("grants").clone();
    assert_eq!(pending.len(), 2);
    let eve = text(&pending[0]["id"]);
    let revoked = told
        .api(&program, &format!("POST /grants/{eve}/revoke"), None)
        .given(200);
    assert_eq!(revoked["ended_because"], "revoked");
    let token = json!({ "token": mailed(&told.site, "tom@site.example") });
    told.api(&tom, "POST /invitations/accept", Some(&token))
        .given(200);
    let twice = told.api(&tom, "POST /invitations/accept", Some(&token));
    assert_eq!(twice.refused(410), "already-accepted");
}

#[test]
fn a6_a_link_lets_an_agent_in_without_a_password_for_as_long_as_was_said() {
    let mut told = Told::new("A6: a link", "wordpress");
    let made = told.asks(
        "grant create --email sam@support.example --first-name Sam --role editor --preset 3-hours-from-first-use \
         --locale fr --redirect /posts/new",
    );
    let server = told.site.serve();
    let enter = |link: &Value| {
        let link = text(link);
        let (_, pass) = link.split_once('#').expect("a secret");
        let browser = server.browser();
        let entered = browser.post("/access/enter", &[("pass", pass)]);
        assert_eq!(entered.status, 303, "{entered:?}");
        (browser, entered.location)
    };
    let (guest, to) = enter(&made["link"]);
    assert_eq!(to.as_deref(), Some("/posts/new"));
    assert_eq!(guest.get("/posts/new").status, 200);
    let key = told.key_of("olga@site.example");
    let program = Program::new(server.address(), &key);
    let body = json!({
        "guest": { "email": "kim@support.example", "locale": "es" },
        "scope": { "base": { "role": "author" }, "except": ["upload_files"] },
        "window": { "ending": { "after": "PT1H" } },
        "uses": 1,
    });
    let made = told.api(&program, "POST /grants", Some(&body)).given(201);
    let (_kim, _) = enter(&made["link"]);
    told.does("grant list");
    told.does("grant revoke sam@support.example");
    assert_eq!(guest.get("/posts/new").status, 410, "at the next click");
}

#[test]
fn a7_an_account_is_delegated_in_part_changed_and_taken_back() {
    let mut told = Told::new("A7: all permissions or chosen ones", "hosting-panel");
    told.does("user add --email tom@site.example --role billing");
    told.does("invite send --email tom@site.example --permission invoices,quotes");
    let token = mailed(&told.site, "tom@site.example");
    told.does(&format!("account accept {token} --as tom@site.example"));
    let changed = told.asks("grant change-scope tom@site.example --all");
    let id = text(&changed["id"]);
    let key = told.key_of("olga@site.example");
    let server = told.site.serve();
    let program = Program::new(server.address(), &key);
    let power = told
        .api(&program, &format!("GET /grants/{id}/power"), None)
        .given(200);
    assert_eq!(power["permissions"].as_array().map(Vec::len), Some(13));
    let body = json!({ "scope": { "base": { "chosen": ["tickets"] } } });
    let changed = told
        .api(&program, &format!("PUT /grants/{id}/scope"), Some(&body))
        .given(200);
    assert_eq!(changed["scope"]["base"]["chosen"], json!(["tickets"]));
    assert_eq!(changed["ends"], Value::Null, "not by itself");
    told.api(&program, &format!("POST /grants/{id}/revoke"), None)
        .given(200);
}

#[test]
fn a8_only_the_invited_person_accepts_and_nobody_invites_themselves() {
    let mut told = Told::new("A8: bound to the address", "hosting-panel");
    for email in ["tom@site.example", "una@site.example"] {
        told.does(&format!("user add --email {email} --role account"));
    }
    told.does("invite send --email tom@site.example --all");
    let token = mailed(&told.site, "tom@site.example");
    let why = told.refused(&format!("account accept {token} --as una@site.example"));
    assert!(
        why.contains("Sign out") && !why.contains("tom@site.example"),
        "{why}"
    );
    let why = told.refused("invite send --email olga@site.example --all");
    assert!(why.contains("the account it comes from"), "{why}");
    told.refused("invite send --email una@site.example --all --as una@site.example");
    told.does("invite send --email bea@new.example --all --as una@site.example");
    let keys = ["tom@site.example", "una@site.example"].map(|user| told.key_of(user));
    let server = told.site.serve();
    let [tom, una] = keys.map(|key| Program::new(server.address(), &key));
    let body = json!({ "token": token });
    let wrong = told.api(&una, "POST /invitations/accept", Some(&body));
    assert_eq!(wrong.refused(403), "wrong-user");
    let own = json!({ "guest": { "email": "una@site.example" }, "scope": { "base": "all" } });
    let own = told.api(&una, "POST /invitations", Some(&own));
    assert_eq!(own.refused(422), "self-invitation");
    told.api(&tom, "POST /invitations/accept", Some(&body))
        .given(200);
}

#[test]
fn a9_accounts_are_listed_own_first_and_entered_and_left() {
    let mut told = Told::new("A9: from account to account", "hosting-panel");
    told.does("user add --email tom@site.example --role account");
    assert_eq!(
        told.asks("account memberships --as tom@site.example")["accounts"]
            .as_array()
            .map(Vec::len),
        Some(1),
        "only the own one"
    );
    told.does("invite send --email tom@site.example --all");
    let token = mailed(&told.site, "tom@site.example");
    told.does(&format!("account accept {token} --as tom@site.example"));
    told.does("account memberships --as tom@site.example");
    let grant = text(&told.asks("grant show tom@site.example")["id"]);
    let switched = told.asks(&format!("account switch {grant} --as tom@site.example"));
    told.does(&format!("account return {}", text(&switched["session"])));
    let key = told.key_of("tom@site.example");
    let server = told.site.serve();
    let tom = Program::new(server.address(), &key);
    let accounts = told.api(&tom, "GET /memberships", None).given(200);
    assert_eq!(
        (
            &accounts["accounts"][0]["grant"],
            &accounts["accounts"][1]["grant"]
        ),
        (&Value::Null, &json!(grant))
    );
    let path = format!("POST /memberships/{grant}/switch");
    let switched = told.api(&tom, &path, Some(&json!({}))).given(200);
    let session = json!({ "session": switched["session"] });
    told.api(&tom, "POST /sessions/return", Some(&session))
        .given(200);
    let lines = told.asks(&format!("history show {grant}"));
    let text = lines.to_string();
    assert!(
        text.contains("switched") && text.contains("returned"),
        "{text}"
    );
}

#[test]
fn a10_ownership_moves_by_the_operator_alone() {
    let mut told = Told::new("A10: the owner", "hosting-panel");
    told.does("user add --email tom@site.example --role account");
    let refused = told.refused("invite send --email olga@site.example --all --as tom@site.example");
    assert!(refused.contains("owns this site"), "{refused}");
    let keys = ["tom@site.example", "olga@site.example"].map(|user| told.key_of(user));
    let server = told.site.serve();
    let [tom, olga] = keys.map(|key| Program::new(server.address(), &key));
    let body = json!({ "guest": { "email": "olga@site.example" }, "scope": { "base": "all" } });
    let refused = told.api(&tom, "POST /invitations", Some(&body));
    assert_eq!(refused.refused(409), "owner-invited");
    let users = told.api(&olga, "GET /users", None).given(200);
    let id = text(&users["users"][0]["id"]);
    for ask in ["PUT", "POST", "DELETE"] {
        let refused = told.api(
            &olga,
            &format!("{ask} /users/{id}"),
            Some(&json!({ "owner": false })),
        );
        assert_eq!(refused.status, 405, "there is no such way: {refused:?}");
    }
    drop(server);
    told.does("user transfer-ownership --to tom@site.example");
    let users = told.does("user list").out;
    assert!(users.contains("tom@site.example"), "{users}");
    told.refused("key list --as olga@site.example");
}
