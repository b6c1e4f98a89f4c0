//! From install to uninstall, while grants are handed out.

use guestpass::plugins::{Data, Hook, Plugins, SqlitePlugins};
use serde_json::json;

use super::world::{World, limits, refused_with, vetoing};
use guestpass_tests::corpus::{CLOCK, NO_OBJECTION, made, veto_grant};

#[test]
fn nothing_is_asked_before_it_is_approved_and_activated() {
    let world = World::new();
    world.plugins.install(&vetoing("no").package()).unwrap();
    assert!(world.grant_to("a1@b.example").is_ok());
    assert_eq!(
        world.plugins.activate("strict").unwrap_err().code(),
        "not-approved"
    );
    world.plugins.approve("strict", "olga").unwrap();
    assert!(world.grant_to("a2@b.example").is_ok());
    world.plugins.activate("strict").unwrap();
    assert!(refused_with(&world, "no"));
    world.plugins.uninstall("strict", Data::Delete).unwrap();
    assert!(world.grant_to("a3@b.example").is_ok());
    assert_eq!(
        world.plugins.inspect("strict").unwrap_err().code(),
        "unknown-plugin"
    );
}

#[test]
fn what_cannot_be_done_changes_nothing() {
    let world = World::new();
    world.run(&vetoing("one").package());
    let before = world.plugins.inspect("strict").unwrap();
    for (outcome, code) in [
        (
            world.plugins.install(&vetoing("two").package()),
            "already-installed",
        ),
        (
            world.plugins.upgrade(&vetoing("two").package()).map(drop),
            "not-newer",
        ),
        (
            world
                .plugins
                .upgrade(
                    &vetoing("two")
                        .version("2.0.0")
                        .with("(func $s (unreachable)) (start $s)")
                        .package(),
                )
                .map(drop),
            "does-not-start",
        ),
        (
            world.plugins.rollback("strict").map(drop),
            "no-previous-version",
        ),
        (
            world
                .plugins
                .set_setting("strict", "colour", Some(json!("red"))),
            "unknown-setting",
        ),
        (
            world.plugins.set_priority("strict", Some(5000)),
            "bad-priority",
        ),
        (world.plugins.activate("other"), "unknown-plugin"),
        (
            world.plugins.uninstall("other", Data::Keep),
            "unknown-plugin",
        ),
    ] {
        assert_eq!(outcome.unwrap_err().code(), code);
    }
    assert_eq!(world.plugins.inspect("strict").unwrap(), before);
    assert!(refused_with(&world, "one"));
}

#[test]
fn settings_are_the_manifests_until_the_owner_says_otherwise() {
    let world = World::new();
    let package = made("polite")
        .saying("[settings]\nword = \"hello\"\ncount = 3")
        .hook(Hook::Action, NO_OBJECTION)
        .package();
    world.run(&package);
    let settings = |world: &World| {
        serde_json::Value::Object(world.plugins.inspect("polite").unwrap().settings)
    };
    assert_eq!(settings(&world), json!({ "word": "hello", "count": 3 }));
    world
        .plugins
        .set_setting("polite", "word", Some(json!("hi")))
        .unwrap();
    assert_eq!(
        world
            .plugins
            .set_setting("polite", "count", Some(json!("many")))
            .unwrap_err()
            .code(),
        "bad-setting"
    );
    assert_eq!(settings(&world), json!({ "word": "hi", "count": 3 }));
    world.plugins.set_setting("polite", "word", None).unwrap();
    assert_eq!(settings(&world), json!({ "word": "hello", "count": 3 }));
}

#[test]
fn another_process_sees_the_change_and_a_restart_keeps_it() {
    let dir = tempfile::tempdir().unwrap();
    let open = || {
        let state = SqlitePlugins::open(&dir.path().join("plugins.db")).unwrap();
        Plugins::builder(state).limits(limits()).build().unwrap()
    };
    let (one, other) = (open(), open());
    one.install(&vetoing("no").package()).unwrap();
    one.approve("strict", "olga").unwrap();
    one.activate("strict").unwrap();
    assert_eq!(other.list().unwrap()[0].status, "active");
    let ask = |plugins: &Plugins| {
        use guestpass::ports::Hooks as _;
        let draft = guestpass_tests::a_link()
            .role("editor")
            .lasting("P1D")
            .draft();
        plugins
            .review_grant(&guestpass_tests::owner(), &draft)
            .unwrap()
            .veto
            .is_some()
    };
    assert!(ask(&one));
    // At the latest a second after it.
    std::thread::sleep(std::time::Duration::from_millis(1100));
    assert!(ask(&other));
    drop((one, other));
    assert!(ask(&open()));
}

#[test]
fn a_component_that_was_changed_in_the_database_is_not_run_and_denies() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("plugins.db");
    let open = || {
        Plugins::builder(SqlitePlugins::open(&file).unwrap())
            .limits(limits())
            .build()
            .unwrap()
    };
    let plugins = open();
    let package = made("quiet")
        .hook(Hook::GrantFilter, NO_OBJECTION)
        .package();
    plugins.install(&package).unwrap();
    plugins.approve("quiet", "olga").unwrap();
    plugins.activate("quiet").unwrap();
    drop(plugins);
    let database = rusqlite::Connection::open(&file).unwrap();
    let other = made("quiet")
        .hook(Hook::GrantFilter, veto_grant(3000, 1))
        .text(3000, "x")
        .component();
    assert_eq!(
        database
            .execute("UPDATE guestpass_plugin_component SET bytes = ?1", [other])
            .unwrap(),
        1
    );
    use guestpass::ports::Hooks as _;
    let draft = guestpass_tests::a_link()
        .role("editor")
        .lasting("P1D")
        .draft();
    let error = open()
        .review_grant(&guestpass_tests::owner(), &draft)
        .unwrap_err();
    assert!(
        error.why.contains("`quiet`") && error.why.contains("changed since it was installed"),
        "{error}"
    );
}

#[test]
fn a_plugin_is_tried_without_being_installed() {
    let world = World::new();
    let body = format!("(drop (call $now)) {}", veto_grant(3000, 2));
    let package = made("timid")
        .hook(Hook::GrantFilter, body)
        .imports(CLOCK.0, CLOCK.1)
        .asks("clock")
        .text(3000, "no")
        .package();
    let trial = world
        .plugins
        .trial(&package, &serde_json::Map::new())
        .unwrap();
    let tried = trial
        .ask(
            Hook::GrantFilter,
            &json!({ "email": "x@y.example", "more": { "note": "n" } }),
        )
        .unwrap();
    assert_eq!(tried.answer.unwrap()["veto"], "no");
    assert!(tried.memory >= 128 << 10);
    assert_eq!(
        trial.ask(Hook::Action, &json!({})).unwrap_err().code(),
        "no-such-hook"
    );
    assert_eq!(
        trial
            .ask(Hook::GrantFilter, &json!({ "colour": 1 }))
            .unwrap_err()
            .code(),
        "bad-question"
    );
    assert!(world.plugins.list().unwrap().is_empty());
}
