//! The contract's promise to plugins that are compiled already: what is added tomorrow does not break them, and what does not
//! fit is told by version.

use std::fs;
use std::path::Path;

use guestpass::plugins::{Hook, Package, VERSION};
use guestpass_tests::a_link;
use serde_json::json;

use guestpass_tests::corpus::{
    CLOCK, HTTP, KEEP, LOG, Made, NO_OBJECTION, contract_in, made, veto_entry, veto_grant,
};

use super::world::World;

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

/// The contract in every version that plugins may have been built for, kept as it was: version and text.
fn kept() -> Vec<(String, String)> {
    let all = Path::new(env!("CARGO_MANIFEST_DIR")).join("contracts");
    let mut kept: Vec<_> = fs::read_dir(all)
        .unwrap()
        .map(|directory| directory.unwrap())
        .filter_map(|directory| {
            let name = directory.file_name().into_string().unwrap();
            let version = name.strip_prefix("plugin-")?.to_owned();
            Some((version, contract_in(&directory.path())))
        })
        .collect();
    kept.sort();
    kept
}

/// A contract without its comments.
fn bound_to(contract: &str) -> Vec<&str> {
    let lines = contract.lines().map(str::trim);
    lines
        .filter(|line| !line.is_empty() && !line.starts_with("//"))
        .collect()
}

/// Has every hook and imports whatever there is.
fn everything() -> Made {
    made("everything")
        .hook(Hook::GrantFilter, NO_OBJECTION)
        .hook(
            Hook::EntryFilter,
            veto_entry("(i32.const 3000)", "(i32.const 5)"),
        )
        .hook(Hook::PermissionFilter, NO_OBJECTION)
        .hook(
            Hook::Action,
            format!("(call $write (i32.const 1) (i32.const 3000) (i32.const 5)) {NO_OBJECTION}"),
        )
        .text(3000, "never")
        .imports(LOG.0, LOG.1)
        .imports(CLOCK.0, CLOCK.1)
        .imports(HTTP.0, HTTP.1)
        .imports(KEEP.0, KEEP.1)
        .asks("log")
        .asks("clock")
        .asks("keyvalue")
        .asks("http:a.example")
}

#[test]
fn the_version_that_is_offered_is_kept_as_it_is() {
    let present = Path::new(env!("CARGO_MANIFEST_DIR")).join("../wit/plugin");
    let (_, as_kept) = kept()
        .into_iter()
        .find(|(version, _)| version == VERSION)
        .expect("a new version is copied to tests/contracts, to be kept there for ever");
    assert_eq!(
        bound_to(&as_kept),
        bound_to(&contract_in(&present)),
        "what is changed in the contract makes a new version of it"
    );
}

#[test]
fn a_plugin_built_for_any_version_so_far_still_runs() {
    for (version, contract) in kept() {
        let made = everything();
        let component = made.component_against(&contract, &version);
        let world = World::new();
        world.run(&Package::new(&made.manifest(), component, None).unwrap());
        let issued = world.grant_to("a@b.example").unwrap();
        assert_eq!(world.enter(&issued).unwrap_err().message, "never");
        assert_eq!(world.deliver().delivered, 2, "`created` and `refused`");
        assert!(
            world.log.lines().iter().any(|line| line.ends_with("never")),
            "{version}"
        );
    }
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
