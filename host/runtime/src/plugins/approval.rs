//! What an owner approves: a version to its last byte, with all that it asks for and the hosts that it would send to.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::{Map, Value, json};

use super::Plugins;
use super::capability::{Capabilities, Capability};
use super::error::PluginError;
use super::http::host_of;
use super::manifest::Manifest;
use super::package::hex_sha256;
use super::running::read_manifest;
use super::state::{Installed, Version};

/// The hosts of the addresses in those settings that name one, by the settings' names.
pub type Hosts = BTreeMap<String, String>;

/// What there is to approve of a plugin: the version that waits, or else the one in force.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Asking {
    /// The number of the version.
    pub version: String,
    /// Names exactly this, in hexadecimal: another component, manifest or host has another one.
    pub digest: String,
    /// All that is approved with it.
    pub asks: Capabilities,
    /// What of it nobody has approved yet.
    pub added: Vec<Capability>,
    /// The hosts that it would send to by its settings: the owner's values, and the manifest's for the rest.
    pub hosts: Hosts,
}

/// The settings that name hosts.
fn naming(manifest: &Manifest) -> impl Iterator<Item = &str> {
    manifest.capabilities.iter().filter_map(Capability::setting)
}

/// The address that stands in a setting of the manifest.
fn default<'m>(manifest: &'m Manifest, name: &str) -> Option<&'m str> {
    manifest.settings.get(name)?.as_str()
}

/// The address that an owner chose. What is no text was set when the setting was no address.
fn chosen<'s>(set: &'s Map<String, Value>, name: &str) -> Option<&'s str> {
    set.get(name)?.as_str()
}

/// Where the settings lead to: these values, and the manifest's for the rest.
pub(super) fn hosts(set: &Map<String, Value>, manifest: &Manifest) -> Hosts {
    let host = |name: &str| {
        let host = host_of(chosen(set, name).or_else(|| default(manifest, name))?)?;
        Some((name.to_owned(), host))
    };
    naming(manifest).filter_map(host).collect()
}

/// Whether an owner chose the address in this setting, or approved the one that the manifest puts there.
fn is_agreed(plugin: &Installed, manifest: &Manifest, name: &str) -> bool {
    let agreed = plugin.current.addresses.get(name).map(String::as_str);
    chosen(&plugin.settings, name).is_some() || agreed == default(manifest, name)
}

/// Where the version in force may send to by its settings.
pub(super) fn reached(plugin: &Installed, manifest: &Manifest) -> Hosts {
    let mut hosts = hosts(&plugin.settings, manifest);
    hosts.retain(|name, _| is_agreed(plugin, manifest, name));
    hosts
}

/// What this version asks for that nobody has approved. A host that a setting names was approved as the one that is in the
/// setting: if the owner has not set it, and the manifest now says another, that is another host.
pub(super) fn unapproved(plugin: &Installed, asking: &Manifest) -> Vec<Capability> {
    let moved = |one: &Capability| {
        let setting = one.setting();
        setting.is_some_and(|name| !is_agreed(plugin, asking, name))
    };
    let given = plugin.current.approved.as_ref();
    let has = |one: &Capability| given.is_some_and(|given| one.is_covered_by(given));
    let mut asks = asking.asks();
    asks.retain(|one| !has(one) || moved(one));
    asks.into_iter().collect()
}

/// What there is to approve.
pub(super) fn asking(plugin: &Installed) -> Result<Asking, PluginError> {
    let version = plugin.pending.as_ref().unwrap_or(&plugin.current);
    let manifest = read_manifest(version)?;
    let (asks, hosts) = (manifest.asks(), hosts(&plugin.settings, &manifest));
    let all = json!([version.sha256, version.manifest, asks, hosts]);
    Ok(Asking {
        version: version.version.clone(),
        digest: hex_sha256(all.to_string().as_bytes()),
        added: unapproved(plugin, &manifest),
        asks,
        hosts,
    })
}

/// Writes down that a version is approved, with the addresses that its manifest puts where the owner chose none.
fn give(version: &mut Version, set: &Map<String, Value>, manifest: &Manifest, by: &str) {
    let shown = naming(manifest).filter(|name| chosen(set, name).is_none());
    let shown =
        shown.filter_map(|name| Some((name.to_owned(), default(manifest, name)?.to_owned())));
    version.addresses = shown.collect();
    version.approved = Some(manifest.asks());
    version.approved_by = Some(by.to_owned());
}

impl Plugins {
    /// Gives a plugin everything that its manifest asks for, in the name of this user; what the plugin requests will be done
    /// in that name too. A version that waited for this takes over. Gives what was approved, which is whatever waits at this
    /// moment: [`Plugins::approve_shown`] is for what somebody looked at before.
    ///
    /// # Errors
    /// If there is no such plugin, or it cannot be loaded.
    pub fn approve(&self, id: &str, by: &str) -> Result<Asking, PluginError> {
        self.approve_if(id, by, |_| Ok(()))
    }

    /// As [`Plugins::approve`], but only what was shown under this [digest](Asking::digest): it may have been followed by
    /// another version, or been set to send elsewhere.
    ///
    /// # Errors
    /// As [`Plugins::approve`], and if something else is to be approved now.
    pub fn approve_shown(&self, id: &str, by: &str, digest: &str) -> Result<Asking, PluginError> {
        self.approve_if(id, by, |asking| is_shown(id, asking.digest == digest))
    }

    /// As [`Plugins::approve_shown`], and only if that asks for exactly this.
    ///
    /// # Errors
    /// As [`Plugins::approve_shown`], and if it asks for something else.
    pub fn approve_these(
        &self,
        id: &str,
        by: &str,
        these: &Capabilities,
        digest: &str,
    ) -> Result<Asking, PluginError> {
        self.approve_if(id, by, |asking| {
            if asking.asks != *these {
                return Err(PluginError::asks_for_other(id));
            }
            is_shown(id, asking.digest == digest)
        })
    }

    /// As [`Plugins::approve`], but only a version of this number or digest.
    ///
    /// # Errors
    /// As [`Plugins::approve`], and if another one is to be approved now.
    pub fn approve_version(
        &self,
        id: &str,
        by: &str,
        version: &str,
    ) -> Result<Asking, PluginError> {
        self.approve_if(id, by, |asking| {
            is_shown(id, asking.version == version || asking.digest == version)
        })
    }

    fn approve_if(
        &self,
        id: &str,
        by: &str,
        agreed: impl FnOnce(&Asking) -> Result<(), PluginError>,
    ) -> Result<Asking, PluginError> {
        let mut given = None;
        self.change(id, |plugin| {
            let asking = asking(plugin)?;
            agreed(&asking)?;
            let version = plugin.pending.as_mut().unwrap_or(&mut plugin.current);
            let manifest = read_manifest(version)?;
            let key = manifest.signer();
            give(version, &plugin.settings, &manifest, by);
            // Whose word counts from now on is part of what is approved, and of nothing that only waits.
            plugin.public_key = plugin.public_key.take().or(key);
            if let Some(pending) = plugin.pending.take() {
                plugin.previous = Some(std::mem::replace(&mut plugin.current, pending));
            }
            given = Some(asking);
            Ok(())
        })?;
        let given = given.ok_or_else(|| PluginError::unknown(id))?;
        let names: Vec<_> = given
            .asks
            .iter()
            .map(|one| one.name_at(&given.hosts))
            .collect();
        let text = format!("by {by}: version {}, {}", given.version, names.join(", "));
        self.note(id, "approved", &text);
        Ok(given)
    }
}

fn is_shown(id: &str, same: bool) -> Result<(), PluginError> {
    if same {
        return Ok(());
    }
    Err(PluginError::other_version(id))
}
