//! 14: a temporary user cannot manage users or grants, mint other credentials, lengthen its own grant or leave a helper
//! behind. Every page, every address of the API and every command is tried as one who was given all that can be given.

use std::collections::BTreeSet;

use guestpass::plugins::Hook;
use guestpass_screens::route;
use guestpass_tests::corpus::{NO_OBJECTION, made};
use serde_json::{Value, json};

use crate::binary::browser::{Browser, Page};
use crate::binary::program::Program;
use crate::binary::{Server, Site, site};

const LINK: &str = "sam@support.example";
const PASSWORD: &str = "kim@support.example";

/// Whatever a form of the site may say, so that what is missing is never what it is refused for.
const EVERYTHING: [(&str, &str); 33] = [
    ("kind", "link"),
    ("by", "P1Y"),
    ("scope", "all"),
    ("email", "helper@evil.example"),
    ("first_name", "Helper"),
    ("preset", "1-month"),
    ("ending", "1-month"),
    ("grant", "x"),
    ("lockout", "site"),
    ("uses", ""),
    ("title", "A post"),
    ("body", "text"),
    ("text", "a line"),
    ("session", "x"),
    ("pass", "x"),
    ("token", "x"),
    ("content", "keep"),
    ("confirm", "yes"),
    ("heir", "owner@site.example"),
    ("password", "a-long-enough-password"),
    ("present", "x"),
    ("current", "x"),
    ("new", "a-long-enough-password"),
    ("again", "a-long-enough-password"),
    ("login", "helper"),
    ("role", "administrator"),
    ("name", "a key"),
    ("setting", "x"),
    ("value", "x"),
    ("priority", "1"),
    ("capability", "log"),
    ("data", "delete"),
    ("set-words", "mine"),
];

/// Everything that gives somebody power: users and what they sign in by, keys, one-time links, what is waited for, plugins,
/// the policy, and of each grant all but how often it was used.
fn powers(site: &Site) -> BTreeSet<String> {
    let tables = [
        "user",
        "sign_in_link",
        "invited_password",
        "session",
        "plugin",
    ];
    let mut powers: BTreeSet<String> = site.every_row().into_iter().collect();
    powers.retain(|row| {
        let table = row.split(':').next().unwrap_or_default();
        tables.iter().any(|known| table.starts_with(known)) && !table.starts_with("plugin_log")
    });
    for mut grant in listed(site, &["grant", "list"], "grants") {
        let fields = grant.as_object_mut().expect("a grant");
        for counted in ["uses", "last_used", "first_used", "state"] {
            fields.remove(counted);
        }
        powers.insert(grant.to_string());
    }
    for mut key in listed(site, &["key", "list"], "keys") {
        key.as_object_mut().expect("a key").remove("last_used");
        powers.insert(key.to_string());
    }
    powers.insert(site.ask(&["policy", "show"]).to_string());
    powers
}

fn listed(site: &Site, command: &[&str], field: &str) -> Vec<Value> {
    site.ask(command)[field].as_array().expect("a list").clone()
}

fn same(before: &BTreeSet<String>, after: &BTreeSet<String>) {
    let gained: Vec<_> = after.difference(before).collect();
    let lost: Vec<_> = before.difference(after).collect();
    assert!(
        gained.is_empty() && lost.is_empty(),
        "+ {gained:#?}\n- {lost:#?}"
    );
}

/// A site with a plugin that watches over it, and two guests who were given everything: by a link and by a password.
struct Scene {
    site: Site,
    pass: String,
    login: String,
    password: String,
}

impl Scene {
    fn new() -> Self {
        let site = site();
        let watch = made("watch")
            .asks("log")
            .hook(Hook::GrantFilter, NO_OBJECTION)
            .saying("[settings]\nwords = \"yours\"");
        let file = site.data().with_file_name("watch.gpx");
        std::fs::write(&file, watch.package().to_archive().expect("an archive")).expect("a file");
        site.ask(&["plugin", "install", file.to_str().expect("a path")]);
        for done in ["approve", "activate"] {
            site.ask(&["plugin", done, "watch"]);
        }
        let pass = site.link(LINK, &["--all", "--for", "P7D"]);
        let command = [
            "grant",
            "create",
            "--password",
            "--email",
            PASSWORD,
            "--all",
            "--for",
            "P7D",
        ];
        let made = site.ask(&command);
        let text = |value: &Value| value.as_str().expect("a text").to_owned();
        Self {
            login: text(&made["grant"]["guest"]["login"]),
            password: text(&made["password"]),
            pass,
            site,
        }
    }

    fn grant(&self, email: &str) -> Value {
        self.site.ask(&["grant", "show", email])
    }

    /// A browser in which the guest has come in.
    fn come_in(&self, server: &Server, email: &str) -> Browser {
        if email == LINK {
            return server.guest(&self.pass);
        }
        let browser = server.browser();
        let form = [("login", &*self.login), ("password", &*self.password)];
        assert_eq!(browser.post("/sign-in", &form).status, 303);
        browser
    }
}

/// Every address of the pages and whether it takes forms, read from where they are written down: the host's own, and those of
/// the engine.
fn pages() -> Vec<(String, bool)> {
    let source = include_str!("../../../host/reference/src/web/mod.rs");
    let (_, router) = source.split_once("pub fn router").expect("the router");
    let (router, _) = router.split_once(".fallback(").expect("its end");
    let routes = router.split(".route(").skip(1);
    let below = |path: String| format!("/access{path}");
    let screens = route::pages().into_iter().map(|path| (below(path), false));
    let forms = route::forms()
        .into_iter()
        .map(|(path, _)| (below(path), true));
    routes
        .filter(|route| !route.contains("MOUNT"))
        .map(|route| {
            let path = route.split('"').nth(1).expect("a path");
            (path.to_owned(), route.contains("post("))
        })
        .chain(screens)
        .chain(forms)
        .collect()
}

#[test]
fn p14_no_page_lets_a_guest_manage_anything() {
    let scene = Scene::new();
    let server = scene.site.serve();
    for email in [LINK, PASSWORD] {
        let mut guest = scene.come_in(&server, email);
        let csrf = guest.get("/posts/new").csrf();
        let before = powers(&scene.site);
        let (mut tried, mut forbidden, mut csrf) = (0, 0, csrf);
        let own = scene.grant(email)["id"].as_str().expect("an id").to_owned();
        let other = scene.grant(if email == LINK { PASSWORD } else { LINK });
        let other = other["id"].as_str().expect("an id").to_owned();
        for (path, takes_forms) in pages() {
            for (id, name) in [(&own, "users"), (&other, "settings")] {
                let path = path.replace("{id}", id).replace("{name}", name);
                let path = path.replace("{plugin}", "watch");
                let _page: Page = guest.get(&path);
                if takes_forms {
                    tried += 1;
                    let form = [&[("csrf", &*csrf)][..], &EVERYTHING].concat();
                    let answer = guest.post(&path, &form);
                    assert!(answer.status < 500, "{path}: {answer:?}");
                    forbidden += u32::from(answer.status == 403);
                }
                // Who signed out by that comes in again.
                if guest.get("/").status != 200 || !guest.get("/").says("guest of") {
                    guest = scene.come_in(&server, email);
                    csrf = guest.get("/posts/new").csrf();
                }
            }
        }
        assert!(
            tried > 40 && forbidden > 20,
            "{tried} tried, {forbidden} forbidden"
        );
        same(&before, &powers(&scene.site));
    }
    assert_eq!(scene.site.ask(&["history", "verify"])["sound"], true);
}

#[test]
fn p14_no_address_of_the_api_answers_a_guest() {
    let scene = Scene::new();
    let server = scene.site.serve();
    let guest = server.browser();
    let entered = guest.post("/access/enter", &[("pass", &scene.pass)]);
    let session = entered.set_cookies[0]
        .split(['=', ';'])
        .nth(1)
        .expect("a session");
    let before = powers(&scene.site);
    let key = scene.site.key();
    let described = Program::new(server.address(), &key)
        .get("/openapi.json")
        .given(200);
    same(&before, &{
        let mut after = powers(&scene.site);
        after.retain(|row| !row.contains("\"a test\""));
        after
    });
    let grant = scene.grant(LINK)["id"].as_str().expect("an id").to_owned();
    let mut tried = 0;
    for bearer in [session, scene.pass.as_str(), scene.password.as_str(), ""] {
        let program = Program::new(server.address(), bearer);
        for (path, methods) in described["paths"].as_object().expect("paths") {
            let path = path.replace("/api/v1", "");
            for method in methods.as_object().expect("methods").keys() {
                if path == "/openapi.json" {
                    continue;
                }
                let mut path = path.clone();
                while let Some((head, tail)) = path.split_once('{') {
                    let (_, tail) = tail.split_once('}').expect("a name ends");
                    path = format!("{head}{grant}{tail}");
                }
                let refused = program.ask(&method.to_uppercase(), &path, Some(&json!({})), None);
                assert_eq!(refused.refused(401), "no-valid-key", "{method} {path}");
                tried += 1;
            }
        }
        // Nor is a key ever made for one.
        let made = scene.site.run(&[
            "key",
            "create",
            "--name",
            "x",
            "--scope",
            "grants:write",
            "--user",
            LINK,
        ]);
        assert_ne!(made.code, Some(0), "{made:?}");
    }
    assert!(tried > 100, "{tried}");
    same(&before, &{
        let mut after = powers(&scene.site);
        after.retain(|row| !row.contains("\"a test\""));
        after
    });
}

/// What follows each command that needs more than its name. `GRANT` is the guest's own.
const ARGUMENTS: [(&str, &str); 36] = [
    (
        "grant create",
        "--email helper@evil.example --all --for P1Y",
    ),
    ("grant show", "GRANT"),
    ("grant sessions", "GRANT"),
    ("grant end-session", "GRANT x"),
    ("grant extend", "GRANT --by P1Y"),
    ("grant suspend", "GRANT"),
    ("grant resume", "GRANT"),
    ("grant revoke", "GRANT"),
    ("grant retire", "GRANT --keep"),
    ("grant reissue", "GRANT"),
    ("grant change-scope", "GRANT --all"),
    ("grant revoke-all", "--by owner@site.example"),
    ("invite send", "--email helper@evil.example --all"),
    ("invite resend", "GRANT"),
    ("invite revoke", "GRANT"),
    ("account accept", "gi1_nothing"),
    ("account decline", "gi1_nothing"),
    ("account switch", "GRANT"),
    ("account return", "gs1_nothing"),
    ("access check", "GRANT read"),
    ("access explain", "GRANT read"),
    ("policy set", "--no-ceiling"),
    ("policy template", "agency"),
    ("site uninstall", "--keep"),
    ("history show", "GRANT"),
    ("history prove", "policy.0 --checkpoint /dev/null"),
    ("lockout lift", "site"),
    ("key create", "--name x --scope grants:write"),
    ("key revoke", "x"),
    (
        "user add",
        "--email helper@evil.example --role administrator",
    ),
    ("user delete", "owner@site.example --keep-content"),
    ("user transfer-ownership", "--to GUEST"),
    ("plugin install", "/nowhere"),
    ("plugin upgrade", "/nowhere"),
    ("plugin uninstall", "x --delete-data"),
    ("plugin set", "x y z"),
];

/// Commands that concern no user of the site: whoever runs them needs the machine and nothing else.
const NOBODYS: [&str; 14] = [
    "serve",
    "init",
    "doctor",
    "component export",
    "component info",
    "completions",
    "plugin new",
    "plugin build",
    "plugin check",
    "plugin run",
    "plugin pack",
    "plugin sign",
    "plugin hooks",
    "help",
];

/// Every command there is, as the program tells it.
fn commands(site: &Site, above: &[&str]) -> Vec<String> {
    let help = site.run(&[above, &["--help"]].concat()).out;
    let Some((_, listed)) = help.split_once("\nCommands:\n") else {
        return vec![above.join(" ")];
    };
    let names = listed.lines().take_while(|line| !line.is_empty());
    let names = names.filter_map(|line| line.strip_prefix("  ")?.split(' ').next());
    let names = names.filter(|name| !name.is_empty() && *name != "help");
    names
        .flat_map(|name| commands(site, &[above, &[name]].concat()))
        .collect()
}

#[test]
fn p14_no_command_is_done_in_the_name_of_a_guest() {
    let scene = Scene::new();
    let server = scene.site.serve();
    let _guest = scene.come_in(&server, LINK);
    drop(server);
    let before = powers(&scene.site);
    let mut tried = 0;
    for email in [LINK, PASSWORD] {
        let grant = scene.grant(email);
        for command in commands(&scene.site, &[]) {
            if NOBODYS.contains(&command.as_str()) {
                continue;
            }
            let more = ARGUMENTS.iter().find(|(known, _)| *known == command);
            let more = more.map_or("", |(_, more)| *more);
            let single = [
                "inspect",
                "approve",
                "activate",
                "deactivate",
                "rollback",
                "priority",
                "replay",
            ];
            let of_plugin = command
                .strip_prefix("plugin ")
                .is_some_and(|name| single.contains(&name));
            let id = grant["id"].as_str().expect("an id");
            let line = format!("{command} {more}{}", if of_plugin { "x" } else { "" });
            let line = line.replace("GRANT", id).replace("GUEST", email);
            let words: Vec<&str> = line.split_whitespace().collect();
            let ran = scene
                .site
                .run(&[&["--as", email, "--json"], &words[..]].concat());
            assert_eq!(
                ran.json()["error"]["code"],
                "guests-use-no-commands",
                "{line}: {ran:?}"
            );
            assert_ne!(ran.code, Some(0), "{line}");
            tried += 1;
        }
    }
    assert!(tried > 80, "{tried}");
    same(&before, &powers(&scene.site));
}

/// Who was made to accept an invitation is no guest: they have a password of their own and may change it, and that is all.
#[test]
fn p14_who_accepted_an_invitation_holds_a_password_of_their_own_and_no_more() {
    let site = site();
    let sent = site.ask(&[
        "invite",
        "send",
        "--email",
        "bea@new.example",
        "--role",
        "administrator",
    ]);
    let token = crate::binary::invitations::token_in(sent["file"].as_str().expect("a file"));
    let server = site.serve();
    let bea = server.browser();
    let form = [
        ("token", token.as_str()),
        ("password", "correct horse battery"),
    ];
    assert_eq!(bea.post("/access/invitation/accept", &form).status, 303);
    let own = server.browser();
    let form = [
        ("login", "bea@new.example"),
        ("password", "correct horse battery"),
    ];
    assert_eq!(own.post("/sign-in", &form).status, 303);
    let refused = site.run(&["--as", "bea@new.example", "--json", "grant", "list"]);
    assert!(
        matches!(
            refused.json()["error"]["code"].as_str(),
            Some("guest-may-not-grant" | "may-not-grant")
        ),
        "{refused:?}"
    );
    let key = [
        "key",
        "create",
        "--name",
        "x",
        "--scope",
        "grants:write",
        "--user",
        "bea@new.example",
    ];
    assert_ne!(site.run(&key).code, Some(0));
}
