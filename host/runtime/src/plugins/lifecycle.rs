//! From install to uninstall. Each step is one change of the state; one that is refused changes nothing.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::{Map, Value};

use super::Plugins;
use super::approval::{self, Hosts, unapproved};
use super::capability::Capability;
use super::error::PluginError;
use super::package::Package;
use super::run::Fault;
use super::running::{not_approved, read_manifest};
use super::settings::is_like;
use super::state::{Installed, StateFailure, Status, Version};

/// What happens to the data of a plugin that is uninstalled.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Data {
    /// It waits for a plugin of the same name.
    Keep,
    /// It is deleted.
    Delete,
}

/// What an upgrade changes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Upgrade {
    /// The version before.
    pub from: String,
    /// The new version.
    pub to: String,
    /// What it asks for beyond what was approved: also a host, where its manifest puts another one into a setting that the owner
    /// has left alone.
    pub added: Vec<Capability>,
    /// What was approved and is not asked for any more.
    pub removed: Vec<Capability>,
    /// The hosts that it would send to by its settings.
    pub hosts: Hosts,
    /// Whether it waits for approval, while the old version runs on.
    pub waits: bool,
}

impl Plugins {
    /// Installs a plugin. It is not asked anything yet: that takes [`Plugins::approve`] and [`Plugins::activate`].
    ///
    /// # Errors
    /// If it is installed already, is no plugin, is not what its manifest says, or does not start within its limits. Nothing is
    /// left behind then.
    pub fn install(&self, package: &Package) -> Result<(), PluginError> {
        let manifest = package.manifest();
        if self
            .state()
            .installed()
            .map_err(PluginError::state)?
            .iter()
            .any(|one| one.id == manifest.id)
        {
            return Err(PluginError::new(
                "already-installed",
                format!(
                    "A plugin `{0}` is installed already. For another version of it there is `guestpass plugin upgrade`.",
                    manifest.id
                ),
            ));
        }
        self.examine(package)?;
        let plugin = Installed {
            id: manifest.id.clone(),
            status: Status::Inactive,
            current: version(package),
            pending: None,
            previous: None,
            settings: Map::new(),
            priority: None,
            public_key: manifest.signer(),
            installed: self.now(),
            revision: 0,
            faults: 0,
        };
        self.save(&plugin, Some(package.component()))?;
        self.note(
            &plugin.id,
            "installed",
            &format!("version {}", plugin.current.version),
        );
        Ok(())
    }

    /// Has a plugin asked and told from the next call on, also one that was switched off.
    ///
    /// # Errors
    /// If nobody has approved what it asks for, or it cannot be loaded.
    pub fn activate(&self, id: &str) -> Result<(), PluginError> {
        self.state().clear_faults(id).map_err(PluginError::state)?;
        self.change(id, |plugin| {
            if plugin.current.approved.is_none() {
                return Err(not_approved(id));
            }
            self.load(plugin)?;
            plugin.status = Status::Active;
            Ok(())
        })?;
        self.note(id, "activated", "");
        Ok(())
    }

    /// Has a plugin neither asked nor told any more.
    ///
    /// # Errors
    /// If there is no such plugin.
    pub fn deactivate(&self, id: &str) -> Result<(), PluginError> {
        self.change(id, |plugin| {
            plugin.status = Status::Inactive;
            Ok(())
        })?;
        self.note(id, "deactivated", "");
        Ok(())
    }

    /// Puts a newer version in the place of the one that is installed. If it asks for more than was approved, it waits for
    /// [`Plugins::approve`].
    ///
    /// # Errors
    /// As [`Plugins::install`]; and if it is no newer, or is not signed by whom the first version was signed by.
    pub fn upgrade(&self, package: &Package) -> Result<Upgrade, PluginError> {
        let manifest = package.manifest();
        let id = &manifest.id;
        let before = self.find(id)?;
        let key = manifest.signer();
        if before.public_key.is_some() && before.public_key != key {
            return Err(PluginError::new(
                "other-key",
                format!(
                    "The plugin `{id}` was signed with another key when it was installed, so this version may come from somebody \
                     else. If you trust it, uninstall the plugin (`--keep-data`) and install this one."
                ),
            ));
        }
        let from = read_manifest(&before.current)?.version;
        if manifest.version.cmp_precedence(&from).is_le() {
            return Err(PluginError::new(
                "not-newer",
                format!(
                    "Version {} is no newer than {from}, which is installed. To go back there is `guestpass plugin rollback`.",
                    manifest.version
                ),
            ));
        }
        self.examine(package)?;
        let asked = manifest.asks();
        let approved = before.current.approved.clone();
        let is_approved = approved.is_some();
        let had = approved.unwrap_or_default().into_iter();
        let added = unapproved(&before, manifest);
        let upgrade = Upgrade {
            from: from.to_string(),
            to: manifest.version.to_string(),
            removed: had.filter(|one| !one.is_covered_by(&asked)).collect(),
            hosts: approval::hosts(&before.settings, manifest),
            waits: is_approved && !added.is_empty(),
            added,
        };
        let mut plugin = before;
        let mut newer = version(package);
        if upgrade.waits {
            plugin.pending = Some(newer);
        } else {
            if is_approved {
                // Nothing more is asked for than was approved, so what it asks for is.
                newer.approved = Some(asked);
                newer.approved_by = plugin.current.approved_by.clone();
                newer.addresses = plugin.current.addresses.clone();
                plugin.public_key = plugin.public_key.or(key);
            }
            plugin.previous = Some(std::mem::replace(&mut plugin.current, newer));
            plugin.pending = None;
        }
        self.save(&plugin, Some(package.component()))?;
        self.note(
            id,
            "upgraded",
            &format!(
                "from {} to {}{}",
                upgrade.from,
                upgrade.to,
                if upgrade.waits {
                    ", once that is approved"
                } else {
                    ""
                }
            ),
        );
        Ok(upgrade)
    }

    /// Goes back to the version before, with what was approved for it. Gives its number.
    ///
    /// # Errors
    /// If there is none.
    pub fn rollback(&self, id: &str) -> Result<String, PluginError> {
        let mut to = String::new();
        self.change(id, |plugin| {
            plugin.pending = None;
            let previous = plugin.previous.take().ok_or_else(|| {
                PluginError::new(
                    "no-previous-version",
                    format!("There is no earlier version of `{id}` to go back to."),
                )
            })?;
            to.clone_from(&previous.version);
            plugin.previous = Some(std::mem::replace(&mut plugin.current, previous));
            Ok(())
        })?;
        self.note(id, "rolled-back", &format!("to {to}"));
        Ok(to)
    }

    /// Removes a plugin.
    ///
    /// # Errors
    /// If there is no such plugin.
    pub fn uninstall(&self, id: &str, data: Data) -> Result<(), PluginError> {
        self.find(id)?;
        self.state()
            .remove(id, data == Data::Delete)
            .map_err(PluginError::state)?;
        self.reload()
    }

    /// Sets one of the settings that the manifest names, or back to the manifest's value.
    ///
    /// # Errors
    /// If the manifest names no such setting, or another kind of value for it.
    pub fn set_setting(
        &self,
        id: &str,
        name: &str,
        value: Option<Value>,
    ) -> Result<(), PluginError> {
        self.change(id, |plugin| {
            let known = read_manifest(&plugin.current)?.settings;
            fits(&known, name, value.as_ref())?;
            match value {
                None => drop(plugin.settings.remove(name)),
                Some(value) => drop(plugin.settings.insert(name.to_owned(), value)),
            }
            Ok(())
        })
    }

    /// Sets these settings, and all others back to the manifest's values.
    ///
    /// # Errors
    /// As [`Plugins::set_setting`]; nothing is changed then.
    pub fn set_settings(&self, id: &str, settings: Map<String, Value>) -> Result<(), PluginError> {
        self.change(id, |plugin| {
            let known = read_manifest(&plugin.current)?.settings;
            for (name, value) in &settings {
                fits(&known, name, Some(value))?;
            }
            plugin.settings = settings;
            Ok(())
        })
    }

    /// Gives a plugin another priority than its manifest does, or that of its manifest again.
    ///
    /// # Errors
    /// If there is no such plugin, or the number is not -1000 to 1000.
    pub fn set_priority(&self, id: &str, priority: Option<i32>) -> Result<(), PluginError> {
        if priority.is_some_and(|number| !(-1000..=1000).contains(&number)) {
            return Err(PluginError::new(
                "bad-priority",
                "A priority is a whole number from -1000 to 1000.",
            ));
        }
        self.change(id, |plugin| {
            plugin.priority = priority;
            Ok(())
        })
    }

    pub(super) fn find(&self, id: &str) -> Result<Installed, PluginError> {
        let all = self.state().installed().map_err(PluginError::state)?;
        all.into_iter()
            .find(|plugin| plugin.id == id)
            .ok_or_else(|| PluginError::unknown(id))
    }

    /// Reads a plugin, changes it, and writes it back, so that of two who do it at once one is told.
    pub(super) fn change(
        &self,
        id: &str,
        change: impl FnOnce(&mut Installed) -> Result<(), PluginError>,
    ) -> Result<(), PluginError> {
        let mut plugin = self.find(id)?;
        change(&mut plugin)?;
        self.save(&plugin, None)
    }

    fn save(&self, plugin: &Installed, component: Option<&[u8]>) -> Result<(), PluginError> {
        self.state().save(plugin, component).map_err(|failure| match failure {
            StateFailure::Conflict => PluginError::new(
                "changed-meanwhile",
                format!("Somebody else changed the plugin `{}` at the same moment. Look at it and try again.", plugin.id),
            ),
            other => PluginError::state(other),
        })?;
        self.reload()
    }

    /// Compiles a package, checks it against its manifest, and starts it once.
    fn examine(&self, package: &Package) -> Result<(), PluginError> {
        let manifest = package.manifest();
        let component = self.runner().compile(package.component())?;
        let settings = Value::Object(manifest.settings.clone()).to_string();
        let prepared = self.runner().prepare(
            &component,
            manifest,
            &manifest.capabilities,
            &manifest.hosts(),
            settings,
        )?;
        match self.runner().try_start(&prepared) {
            Ok(_) => Ok(()),
            Err(Fault::Plugin(reason)) => Err(PluginError::new(
                "does-not-start",
                format!("The component does not start: {reason}."),
            )),
            Err(Fault::Host(reason)) => Err(PluginError::new(
                "busy",
                format!("The plugin cannot be tried now: {reason}. Try again later."),
            )),
        }
    }
}

/// A version that nobody has approved yet.
fn version(package: &Package) -> Version {
    Version {
        version: package.manifest().version.to_string(),
        sha256: package.sha256(),
        manifest: package.manifest_text().to_owned(),
        approved: None,
        approved_by: None,
        addresses: BTreeMap::new(),
    }
}

/// Whether there is such a setting, and of this kind.
fn fits(known: &Map<String, Value>, name: &str, value: Option<&Value>) -> Result<(), PluginError> {
    let Some(default) = known.get(name) else {
        let names: Vec<_> = known.keys().map(|name| format!("`{name}`")).collect();
        let there_are = if names.is_empty() {
            "there are none".to_owned()
        } else {
            format!("there are {}", names.join(", "))
        };
        return Err(PluginError::new(
            "unknown-setting",
            format!("The plugin has no setting `{name}`; {there_are}."),
        )
        .about(name));
    };
    match value {
        Some(value) if !is_like(default, value) => Err(PluginError::new(
            "bad-setting",
            format!(
                "`{name}` must be {}, as `{default}` is, and not {}.",
                kind(default),
                kind(value)
            ),
        )
        .about(name)),
        _ => Ok(()),
    }
}

fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "nothing",
        Value::Bool(_) => "`true` or `false`",
        Value::Number(_) => "a number",
        Value::String(_) => "a text",
        Value::Array(_) => "a list",
        Value::Object(_) => "a table",
    }
}
