//! The contract's promise to plugins that are compiled already: what is added tomorrow does not break them, and what does not
//! fit is told by version.

use guestpass::plugins::{Hook, Package, VERSION};
use guestpass_tests::a_link;
use serde_json::json;

use super::world::World;
use guestpass_tests::corpus::{CLOCK, Made, NO_OBJECTION, made, veto_grant};

fn strict() -> Made {
    made("strict")
        .hook(Hook::GrantFilter, veto_grant(3000, 2))
        .text(3000, "no")
}

fn installed(component: Vec<u8>, made: &Made) -> Result<(), String> {
    let package = Package::new(&made.manifest(), component, None).unwrap();
    World::new()
        .plugins
        .install(&package)
        .map_err(|error| error.to_string())
}

#[test]
fn a_plugin_of_today_runs_when_there_is_more_to_know_tomorrow() {
    let world = World::new();
    let trial = strict().package();
    let trial = world
        .plugins
        .trial(&trial, &serde_json::Map::new())
        .unwrap();
    let tomorrow = json!({ "base": "clone", "ending": "at-full-moon", "more": { "colour": "red", "height": "3" } });
    let tried = trial.ask(Hook::GrantFilter, &tomorrow).unwrap();
    assert_eq!(
        (tried.answer.unwrap()["veto"].as_str(), tried.fault),
        (Some("no"), None)
    );
}

#[test]
fn a_plugin_built_for_a_contract_that_has_grown_elsewhere_still_runs() {
    // A new interface and a new world: nothing that this plugin is bound to.
    let grown = strict().component_of("0.1.0", |wit| {
        wit + "interface mail { send: func(to: string) -> result<_, string>; }\nworld mails { import mail; }\n"
    });
    assert_eq!(installed(grown, &strict()), Ok(()));
}

#[test]
fn a_plugin_for_another_version_is_told_which_and_which_there_is() {
    for version in ["0.1.1", "0.2.0", "1.0.0"] {
        let component = strict().component_of(version, |wit| wit);
        let reason = installed(component, &strict()).unwrap_err();
        assert!(
            reason.contains(&format!(
                "built for guestpass:plugin {version}; this host offers {VERSION}"
            )),
            "{reason}"
        );
    }
}

#[test]
fn a_plugin_whose_types_have_another_shape_is_refused_and_told_what_does_not_fit() {
    // Somebody changed a record of 0.1.0 without a new version.
    let component = strict().component_of("0.1.0", |wit| {
        wit.replace(
            "uses: option<u32>,\n        /// What else is known",
            "uses: option<u32>,\n        colour: string,\n        /// What else is known",
        )
    });
    let reason = installed(component, &strict()).unwrap_err();
    assert!(
        reason.contains("does not start") || reason.contains("does not fit"),
        "{reason}"
    );
}

#[test]
fn a_plugin_that_imports_what_it_may_works_with_the_engine() {
    let body = format!("(drop (call $now)) {NO_OBJECTION}");
    let world = World::new();
    world.run(
        &made("clock")
            .hook(Hook::GrantFilter, body)
            .imports(CLOCK.0, CLOCK.1)
            .asks("clock")
            .package(),
    );
    assert!(world.grant(a_link().role("editor").lasting("P1D")).is_ok());
}
