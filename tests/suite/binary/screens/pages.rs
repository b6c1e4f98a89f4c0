//! Every page, in light and dark, wide and narrow: nothing for axe-core to find, nothing wider than the screen, and a picture
//! of each in `target/screens/` to be looked at.

use guestpass_tests::skipped;

use guestpass::plugins::Hook;
use guestpass_tests::corpus::{Made, NO_OBJECTION, made};

use super::driver::{Browsers, Look, axe};
use crate::binary::site;

/// Plugins in every state: active with a version that waits, new, and one that fails.
fn shelf() -> Vec<Made> {
    let door = |version| {
        made("door")
            .version(version)
            .asks("log")
            .hook(Hook::GrantFilter, NO_OBJECTION)
            .saying("[settings]\n# Where the office is.\nzone = \"UTC\"\nlate = 2\n# Whether they may go on.\nfinish-work = true\ndays = [1, 2, 3]\ndeep = { a = 1 }")
    };
    let hungry = door("2.0.0")
        .asks("http:hooks.example.com")
        .asks("requests:revoke");
    let fresh = made("fresh")
        .asks("clock")
        .asks("keyvalue")
        .hook(Hook::Action, NO_OBJECTION);
    let tired = made("tired").hook(Hook::GrantFilter, "(unreachable)");
    vec![door("1.0.0"), hungry, fresh, tired]
}

#[test]
fn axe_finds_nothing_on_any_page_in_light_dark_and_on_a_phone() {
    let name = "binary::screens::pages::axe_finds_nothing_on_any_page_in_light_dark_and_on_a_phone";
    let (Some(browsers), Some(axe)) = (Browsers::found(), axe()) else {
        return skipped(
            name,
            "there is no chromium, or GUESTPASS_AXE does not name the script",
        );
    };
    let site = site();
    let pass = site.link(
        "sam@support.example",
        &[
            "--role",
            "editor",
            "--for",
            "P7D",
            "--first-name",
            "Sam",
            "--note",
            "Ticket 4711",
        ],
    );
    site.link(
        "kim@books.example",
        &["--role", "author", "--for", "P1D", "--from-first-use"],
    );
    site.ask(&[
        "invite",
        "send",
        "--email",
        "lee@new.example",
        "--role",
        "editor",
        "--message",
        "Welcome",
    ]);
    let old = site.ask(&[
        "grant",
        "create",
        "--email",
        "old@guest.example",
        "--role",
        "author",
        "--for",
        "PT1H",
    ]);
    site.ask(&["grant", "revoke", "old@guest.example"]);
    for made in shelf() {
        let file = site.data().with_file_name("a.gpx");
        std::fs::write(&file, made.package().to_archive().expect("an archive")).expect("a file");
        let verb = if made.version == "1.0.0" {
            "install"
        } else {
            "upgrade"
        };
        site.ask(&["plugin", verb, file.to_str().expect("a path")]);
        if made.id != "fresh" && verb == "install" {
            site.ask(&["plugin", "approve", &made.id]);
            site.ask(&["plugin", "activate", &made.id]);
        }
    }
    // One that fails as often as it may is switched off, and what it was told is parked.
    for _ in 0..5 {
        let tried = [
            "grant",
            "create",
            "--email",
            "x@y.example",
            "--role",
            "editor",
            "--for",
            "P1D",
        ];
        assert_ne!(site.run(&tried).code, Some(0));
    }
    let server = site.serve();
    let guest = server.guest(&pass);
    assert_eq!(guest.get("/").status, 200);
    for _ in 0..2 {
        server.browser().post(
            "/access/enter",
            &[("pass", &pass.replace("gp1_A", "gp1_B"))],
        );
    }
    site.ask(&["sweep"]);
    let shown = site.ask(&["grant", "show", "sam@support.example"]);
    let id = shown["id"].as_str().expect("an id").to_owned();
    let over = old["grant"]["id"].as_str().expect("an id").to_owned();
    let mut found = Vec::new();
    for (at, language) in ["en", "es", "fr"].into_iter().enumerate() {
        let tab = browsers.tab(language);
        if at == 0 {
            tab.go(&format!(
                "{}/arrive?token={}",
                server.address(),
                server.owner_token()
            ));
            tab.click("main button");
            tab.go(&format!("{}/account", server.address()));
            tab.fill("[name=password]", "correct horse battery");
            tab.click("main form button");
        } else {
            tab.go(&format!("{}/sign-in", server.address()));
            tab.fill("[name=login]", "owner@site.example");
            tab.fill("[name=password]", "correct horse battery");
            tab.click("main form button");
        }
        let grant = format!("/access/grants/{id}");
        let ended = format!("/access/grants/{over}");
        let landing = format!("/access/enter?pass={pass}");
        for (name, address) in [
            ("overview", "/access"),
            ("access", "/access/grants"),
            ("access-none", "/access/grants?email=nobody%40x.example"),
            ("grant", grant.as_str()),
            ("grant-ended", ended.as_str()),
            ("give", "/access/give"),
            ("give-password", "/access/give?kind=password"),
            ("give-invitation", "/access/give?kind=invitation"),
            ("invitations", "/access/invitations"),
            ("team", "/access/team"),
            ("history", "/access/history?verify=1"),
            ("policy", "/access/policy"),
            ("lock-outs", "/access/lock-outs"),
            ("plugins", "/access/plugins"),
            ("plugin", "/access/plugins/door"),
            ("plugin-new", "/access/plugins/fresh"),
            ("plugin-off", "/access/plugins/tired"),
            ("accounts", "/access/accounts"),
            ("enter", landing.as_str()),
            ("nowhere", "/access/nowhere"),
        ] {
            tab.go(&format!("{}{address}", server.address()));
            for look in Look::ALL {
                tab.look(look);
                tab.picture(&format!("{language}/{name}-{}", look.word()));
                let where_ = format!("{language} {name} {}", look.word());
                found.extend(
                    tab.faults(&axe)
                        .into_iter()
                        .map(|fault| format!("{where_}: {fault}")),
                );
                if tab.overflows() {
                    found.push(format!("{where_}: wider than the window"));
                }
            }
            // With everything opened that can be.
            tab.look(Look::Light);
            tab.run(
                "document.querySelectorAll('details').forEach((part) => { part.open = true; })",
            );
            found.extend(
                tab.faults(&axe)
                    .into_iter()
                    .map(|fault| format!("{language} {name} opened: {fault}")),
            );
        }
    }
    assert!(found.is_empty(), "{}", found.join("\n"));
}

/// The fields that the bar of the form lies over, wherever the page is scrolled to.
const COVERED: &str = "(() => {
    const bar = document.querySelector('.sentence, .sticky');
    const found = new Set();
    for (let y = 0; y < document.documentElement.scrollHeight; y += 100) {
      scrollTo(0, y);
      const { top, bottom } = bar.getBoundingClientRect();
      for (const field of document.querySelectorAll('main input, main select, main textarea')) {
        const box = field.getBoundingClientRect();
        if (box.height && box.top < bottom && box.bottom > top) found.add(field.name);
      }
    }
    return [...found];
  })()";

#[test]
fn the_bar_of_a_form_lies_over_no_field_in_a_small_window() {
    let name = "binary::screens::pages::the_bar_of_a_form_lies_over_no_field_in_a_small_window";
    let Some(browsers) = Browsers::found() else {
        return skipped(name, "there is no chromium");
    };
    let site = site();
    let server = site.serve();
    let tab = super::journeys::owner(&browsers, &server, "fr");
    let mut covered = Vec::new();
    for address in ["/access/give?kind=password", "/access/policy"] {
        tab.go(&format!("{}{address}", server.address()));
        tab.run("document.querySelectorAll('details').forEach((part) => { part.open = true; })");
        for (width, height) in [(1280, 600), (1280, 500), (700, 400), (375, 600), (375, 320)] {
            tab.size(width, height);
            let found = tab.run(COVERED);
            let found = found.as_array().expect("a list");
            covered.extend(
                found
                    .iter()
                    .map(|field| format!("{address} {width}x{height}: {field}")),
            );
        }
    }
    assert!(covered.is_empty(), "{}", covered.join("\n"));
    // It would be seen if the bar were where it is in large windows.
    tab.size(1280, 900);
    assert_ne!(tab.run(COVERED), serde_json::json!([]));
}
