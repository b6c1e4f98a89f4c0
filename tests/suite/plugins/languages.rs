//! The examples in other languages than Rust, built by their one command and run with the engine.
//!
//! They take packages from npm and PyPI to build, so they are built only if `GUESTPASS_LANGUAGES` says so, as `.ci/run` does.

use std::process::Command;

use guestpass::plugins::{Package, PluginLimits};
use guestpass_tests::setting::compiled_once;
use guestpass_tests::{a_link, skipped};
use serde_json::json;

use super::examples::{examples, receiver};
use super::world::World;

/// The plugin, built; none if it is not to be.
fn built(name: &str, test: &str) -> Option<Package> {
    if std::env::var_os("GUESTPASS_LANGUAGES").is_none() {
        skipped(
            &format!("plugins::languages::{test}"),
            "GUESTPASS_LANGUAGES does not say that it may take packages from npm and PyPI",
        );
        return None;
    }
    let directory = examples().join(name);
    let status = Command::new(directory.join("build.sh")).status().unwrap();
    assert!(status.success(), "{name} is built");
    Some(Package::read(&directory).unwrap())
}

/// With what a plugin may use if nobody says otherwise, since an interpreter has to fit in; compiled once, which takes long.
fn world() -> World {
    World::with(|plugins| {
        plugins
            .limits(PluginLimits::default())
            .cache_dir(compiled_once())
    })
}

#[test]
fn slack_like_notice_in_javascript_posts_what_happened() {
    let test = "slack_like_notice_in_javascript_posts_what_happened";
    let Some(package) = built("slack-like-notice", test) else {
        return;
    };
    let (address, received) = receiver(vec![503, 200]);
    let world = world();
    world.plugins.install(&package).unwrap();
    let url = json!(format!("http://{address}/hook"));
    world
        .plugins
        .set_setting("slack-like-notice", "url", Some(url))
        .unwrap();
    world.plugins.approve("slack-like-notice", "olga").unwrap();
    world.plugins.activate("slack-like-notice").unwrap();
    let issued = world.grant_to("a@b.example").unwrap();
    assert_eq!(world.deliver().failed, 1, "the room is closed for a moment");
    let journal = world.plugins.inspect("slack-like-notice").unwrap();
    let reason = journal.deliveries[0].reason.clone().unwrap();
    assert!(reason.contains("status 503"), "{reason}");
    world.clock.forward(60_000);
    assert_eq!(world.deliver().delivered, 1);
    let told: Vec<_> = received.iter().take(2).collect();
    assert_eq!(told[1].1["channel"], "#access");
    let text = told[1].1["text"].as_str().unwrap();
    assert!(text.contains("has given access"), "{text}");
    assert!(!format!("{told:?}").contains(issued.secret.expose()));
}

#[test]
fn naming_policy_in_python_wants_names_and_tickets() {
    let test = "naming_policy_in_python_wants_names_and_tickets";
    let Some(package) = built("naming-policy", test) else {
        return;
    };
    let world = world();
    world.run(&package);
    let draft = || a_link().role("editor").lasting("P1D");
    let vetoed = |draft| {
        let refusal = world.grant(draft).unwrap_err();
        assert_eq!(refusal.code, "vetoed", "{}", refusal.message);
        refusal.message
    };
    assert!(vetoed(draft()).contains("first and a last name"));
    world
        .plugins
        .set_setting("naming-policy", "full-name", Some(json!(false)))
        .unwrap();
    world
        .plugins
        .set_setting("naming-policy", "ticket", Some(json!("[A-Z]+-[0-9]+")))
        .unwrap();
    assert!(vetoed(draft()).contains("Name the ticket"));
    world
        .plugins
        .set_setting("naming-policy", "ticket", Some(json!("(")))
        .unwrap();
    let refusal = world.grant(draft()).unwrap_err();
    assert_eq!(refusal.code, "hook-failed", "what cannot be told denies");
    world
        .plugins
        .set_setting("naming-policy", "ticket", Some(json!("")))
        .unwrap();
    assert!(world.grant(draft()).is_ok());
}
