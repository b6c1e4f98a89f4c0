//! Whether a component is a plugin at all, of a version that this host can run, and whether it is what its manifest says.

use std::collections::BTreeSet;

use wasmtime::Engine;
use wasmtime::component::Component;

use super::capability::{Capabilities, Capability};
use super::error::PluginError;
use super::hooks::Hook;
use super::manifest::Manifest;

/// The package of the contract.
const PACKAGE: &str = "guestpass:plugin/";
/// The version of the contract that this host offers.
pub const VERSION: &str = "0.1.0";

/// A name like `guestpass:plugin/log@0.1.0`, taken apart.
struct Interface<'a> {
    name: &'a str,
    version: &'a str,
}

fn interface(name: &str) -> Option<Interface<'_>> {
    let (name, version) = name.strip_prefix(PACKAGE)?.split_once('@')?;
    Some(Interface { name, version })
}

/// Checks a component against its manifest, by names. That their shapes are right as well is found when it is linked.
pub(super) fn check(
    engine: &Engine,
    component: &Component,
    manifest: &Manifest,
) -> Result<(), PluginError> {
    let ty = component.component_type();
    let imports: Vec<String> = ty
        .imports(engine)
        .map(|(name, _)| name.to_owned())
        .collect();
    let exports: Vec<String> = ty
        .exports(engine)
        .map(|(name, _)| name.to_owned())
        .collect();
    check_versions(imports.iter().chain(&exports))?;
    check_imports(&imports, &manifest.capabilities)?;
    check_exports(&exports, &manifest.hooks)
}

fn check_versions<'a>(mut names: impl Iterator<Item = &'a String>) -> Result<(), PluginError> {
    let built_for = names.find_map(|name| {
        interface(name)
            .map(|found| found.version)
            .filter(|version| !runs(version))
    });
    match built_for {
        None => Ok(()),
        Some(version) => Err(PluginError::new(
            "other-contract",
            format!(
                "The plugin was built for guestpass:plugin {version}; this host offers {VERSION}. Use a plugin built for \
                 {VERSION}, or a host that offers {version}."
            ),
        )),
    }
}

/// Whether what was built for this version runs here: the same 0.x, and nothing newer.
fn runs(version: &str) -> bool {
    let (Ok(wanted), Ok(offered)) = (
        semver::Version::parse(version),
        semver::Version::parse(VERSION),
    ) else {
        return false;
    };
    (wanted.major, wanted.minor) == (offered.major, offered.minor) && wanted <= offered
}

fn check_imports(imports: &[String], asked: &Capabilities) -> Result<(), PluginError> {
    for import in imports {
        let given = match interface(import).map(|found| found.name) {
            Some("types" | "settings") => true,
            Some("log") => asked.contains(&Capability::Log),
            Some("keyvalue") => asked.contains(&Capability::KeyValue),
            Some("clock") => asked.contains(&Capability::Clock),
            Some("http") => asked.iter().any(|one| matches!(one, Capability::Http(_))),
            _ => {
                return Err(PluginError::new(
                    "foreign-import",
                    format!(
                        "The component imports `{import}`, which no plugin is given. It may import the capabilities of \
                         guestpass:plugin alone."
                    ),
                ));
            }
        };
        if !given {
            return Err(PluginError::new(
                "capability-not-named",
                format!(
                    "The component imports `{import}`, which its manifest does not ask for under `[capabilities]`."
                ),
            ));
        }
    }
    Ok(())
}

fn check_exports(exports: &[String], hooks: &[Hook]) -> Result<(), PluginError> {
    let lies = |message: String| Err(PluginError::new("manifest-lies", message));
    let mut offered = BTreeSet::new();
    // What is exported beside the contract is never called: componentize-py leaves something of its own.
    for export in exports.iter().filter(|name| name.starts_with(PACKAGE)) {
        match interface(export).and_then(|found| Hook::named(found.name)) {
            Some(hook) => offered.extend([hook]),
            None => {
                return lies(format!(
                    "The component exports `{export}`, which is no hook."
                ));
            }
        }
    }
    for hook in hooks {
        if !offered.contains(hook) {
            return lies(format!(
                "The manifest names the hook `{}`, which the component does not export.",
                hook.name()
            ));
        }
    }
    match offered.iter().find(|hook| !hooks.contains(hook)) {
        Some(hook) => lies(format!(
            "The component exports the hook `{}`, which its manifest does not name under `hooks`.",
            hook.name()
        )),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_contract_is_of_the_version_that_is_offered() {
        let world = include_str!("../../../../wit/plugin/world.wit");
        assert!(world.contains(&format!("package guestpass:plugin@{VERSION};")));
    }

    #[test]
    fn a_plugin_of_another_version_is_told_which_and_which_there_is() {
        for version in ["0.1.1", "0.2.0", "1.0.0", "0.0.9", "x"] {
            let name = format!("guestpass:plugin/log@{version}");
            let error = check_versions([&name].into_iter()).unwrap_err();
            assert!(error.to_string().contains(&format!(
                "built for guestpass:plugin {version}; this host offers 0.1.0"
            )));
        }
        assert!(check_versions([&"guestpass:plugin/log@0.1.0".to_owned()].into_iter()).is_ok());
    }
}
