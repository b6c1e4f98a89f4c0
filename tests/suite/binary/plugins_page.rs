//! Plugins that are handed over on the page: what is taken, from whom, and how much.

use guestpass::plugins::{Hook, LARGEST_ARCHIVE};
use guestpass_tests::corpus::{Made, NO_OBJECTION, made};

use super::browser::Browser;
use super::{Server, Site, site};

const PAGE: &str = "/access/plugins/install";

fn door(version: &'static str) -> Made {
    made("door")
        .version(version)
        .asks("log")
        .hook(Hook::GrantFilter, NO_OBJECTION)
        .saying("[settings]\nwords = \"no\"\nhours = 2\ndays = [1, 2]\nlate = false")
}

fn archive(made: &Made) -> Vec<u8> {
    made.package().to_archive().expect("an archive")
}

/// The owner's browser, and the proof of its forms.
fn owner(server: &Server) -> (Browser, String) {
    let browser = server.browser();
    let entered = browser.post("/arrive", &[("token", server.owner_token())]);
    assert_eq!(entered.status, 303, "{entered:?}");
    let csrf = browser.get("/access/plugins").csrf();
    (browser, csrf)
}

fn plugins(site: &Site) -> usize {
    let listed = site.ask(&["plugin", "list"]);
    listed["plugins"].as_array().expect("a list").len()
}

#[test]
fn a_plugin_is_uploaded_upgraded_set_and_removed_on_its_page() {
    let site = site();
    let server = site.serve();
    let (owner, csrf) = owner(&server);
    let proof = [("csrf", csrf.as_str())];
    let with = |more: &[(&'static str, &'static str)]| {
        let mut form = vec![("csrf", csrf.as_str())];
        form.extend(more);
        form
    };
    let installed = owner.upload(PAGE, &proof, &archive(&door("1.0.0")));
    assert_eq!(
        installed.location.as_deref(),
        Some("/access/plugins/door?done=installed"),
        "{installed:?}"
    );
    let page = owner.get("/access/plugins/door");
    assert!(page.says("Write to the site’s log") && page.says("Waits for approval"));

    let digest = page.field("digest");
    // Another takes its place while the owner reads.
    let newer = owner.upload(PAGE, &proof, &archive(&door("1.0.1")));
    assert_eq!(newer.status, 303, "{newer:?}");
    let approve = |digest: &str| {
        let form = [("csrf", csrf.as_str()), ("digest", digest)];
        owner.post("/access/plugins/door/approve", &form)
    };
    let other = approve(&digest);
    assert!(
        other.status == 409 && other.says("Something else waits by now"),
        "what was not shown is not approved: {other:?}"
    );
    let approved = approve(&owner.get("/access/plugins/door").field("digest"));
    assert_eq!(approved.status, 303, "{approved:?}");
    let set = [
        ("set-words", "never"),
        ("set-hours", "x"),
        ("set-days", "4\r\n5"),
        ("set-late", "true"),
    ];
    let wrong = owner.post("/access/plugins/door/set", &with(&set));
    assert!(
        wrong.status == 422
            && wrong.says("id=\"set-hours-fault\"")
            && wrong.says("value=\"never\""),
        "{wrong:?}"
    );
    let set = [
        ("set-words", "never"),
        ("set-hours", "3"),
        ("set-days", "4\r\n5"),
    ];
    assert_eq!(
        owner.post("/access/plugins/door/set", &with(&set)).status,
        303
    );
    let settings = site.ask(&["plugin", "inspect", "door"])["settings"].clone();
    assert_eq!(
        settings,
        serde_json::json!({ "words": "never", "hours": 3, "days": [4, 5], "late": false })
    );
    assert_eq!(
        owner.post("/access/plugins/door/activate", &proof).status,
        303
    );
    assert_eq!(site.ask(&["plugin", "inspect", "door"])["status"], "active");

    let older = owner.upload(PAGE, &proof, &archive(&door("0.9.0")));
    assert!(older.status == 409 && older.says("not newer"), "{older:?}");
    let newer = owner.upload(PAGE, &proof, &archive(&door("1.1.0")));
    assert_eq!(
        newer.location.as_deref(),
        Some("/access/plugins/door?done=upgraded")
    );
    let hungry = owner.upload(
        PAGE,
        &proof,
        &archive(
            &door("1.2.0")
                .asks("http:hooks.example.com")
                .hook(Hook::EntryFilter, NO_OBJECTION)
                .hook(Hook::Action, NO_OBJECTION),
        ),
    );
    assert_eq!(
        hungry.location.as_deref(),
        Some("/access/plugins/door?done=waits")
    );
    let page = owner.get("/access/plugins/door");
    assert!(page.says("Send what it learns to hooks.example.com") && page.says("Version 1.1.0"));
    assert!(page.says("Refuse that somebody comes in") && page.says("everything that happens"));
    assert_eq!(
        owner.post("/access/plugins/door/roll-back", &proof).status,
        303
    );
    assert_eq!(site.ask(&["plugin", "inspect", "door"])["version"], "1.0.1");
    assert_eq!(
        owner.post("/access/plugins/door/deactivate", &proof).status,
        303
    );
    let gone = owner.post(
        "/access/plugins/door/uninstall",
        &with(&[("data", "delete")]),
    );
    assert_eq!(
        gone.location.as_deref(),
        Some("/access/plugins?done=uninstalled")
    );
    assert_eq!(plugins(&site), 0);
}

#[test]
fn what_is_no_plugin_or_too_large_is_a_page_that_says_so() {
    let site = site();
    let server = site.serve();
    let (owner, csrf) = owner(&server);
    let proof = [("csrf", csrf.as_str())];
    let garbage = owner.upload(PAGE, &proof, b"garbage");
    assert!(
        garbage.status == 422 && garbage.says("This is no plugin."),
        "{garbage:?}"
    );
    let nothing = owner.post(PAGE, &proof);
    assert!(
        nothing.status == 422 && nothing.says("Choose a file first."),
        "{nothing:?}"
    );
    let most = usize::try_from(LARGEST_ARCHIVE).expect("a size");
    let large = owner.upload(PAGE, &proof, &vec![0; most + 128 * 1024]);
    assert!(
        large.status == 413 && large.says("larger than the site takes"),
        "{}",
        large.status
    );
    assert_eq!(plugins(&site), 0);
}

#[test]
fn p14_p27_an_upload_is_taken_from_nobody_but_an_owner_with_the_proof() {
    let site = site();
    let pass = site.link("sam@support.example", &["--all", "--for", "P1D"]);
    let server = site.serve();
    let (owner, csrf) = owner(&server);
    let plugin = archive(&door("1.0.0"));
    for proof in [
        &[][..],
        &[("csrf", "x")],
        &[("csrf", csrf.as_str()), ("csrf", csrf.as_str())],
    ] {
        let forged = owner.upload(PAGE, proof, &plugin);
        assert!(matches!(forged.status, 400 | 403), "{forged:?}");
    }
    let guest = server.guest(&pass);
    let own = guest.get("/posts/new").csrf();
    // Also one that is larger than any other form.
    for file in [plugin.clone(), vec![0; 1 << 20]] {
        let refused = guest.upload(PAGE, &[("csrf", &own)], &file);
        assert_eq!(refused.status, 403, "{refused:?}");
        let stranger = server.browser().upload(PAGE, &[("csrf", &csrf)], &file);
        assert!(
            stranger.status == 303
                && stranger
                    .location
                    .is_some_and(|to| to.starts_with("/sign-in"))
        );
    }
    // Nowhere else is a file taken.
    let elsewhere = owner.upload("/access/policy", &[("csrf", &csrf)], &plugin);
    assert_eq!(elsewhere.status, 415);
    assert_eq!(plugins(&site), 0);
}
