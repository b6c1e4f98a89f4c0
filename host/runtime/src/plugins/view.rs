//! What an owner is shown of plugins.

use serde::Serialize;
use serde_json::{Map, Value};

use super::Plugins;
use super::approval::{Hosts, asking, hosts};
use super::capability::{Capabilities, Capability};
use super::error::PluginError;
use super::hooks::Hook;
use super::manifest::DEFAULT_PRIORITY;
use super::running::read_manifest;
use super::settings;
use super::state::{Delivery, Installed, Note, Status};

/// The most deliveries and notes that are shown.
const MOST: u32 = 50;

/// A plugin in a list.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Summary {
    /// Its name.
    pub id: String,
    /// The version in force.
    pub version: String,
    /// What it does.
    pub description: String,
    /// `active`, `inactive` or `switched-off`.
    pub status: &'static str,
    /// Why it is switched off, or what it waits for.
    pub reason: Option<String>,
    /// Where it is asked.
    pub hooks: Vec<Hook>,
    /// Lower ones are asked first.
    pub priority: i32,
    /// Faults since its last good call.
    pub faults: u32,
}

/// A version that waits for approval.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Pending {
    /// Its number.
    pub version: String,
    /// All that it asks for.
    pub asks: Capabilities,
    /// What it asks for beyond what was approved.
    pub added: Vec<Capability>,
    /// The hosts that it would send to by its settings.
    pub hosts: Hosts,
}

/// Everything about a plugin.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Inspection {
    /// What a list shows.
    #[serde(flatten)]
    pub summary: Summary,
    /// Who made it, as its manifest says.
    pub author: String,
    /// Its terms.
    pub licence: String,
    /// The SHA-256 of its component, in hexadecimal.
    pub sha256: String,
    /// The key that it is signed with, in base64; `None` if it is not.
    pub public_key: Option<String>,
    /// What it asks for.
    pub asks: Capabilities,
    /// The hosts that it sends to by its settings.
    pub hosts: Hosts,
    /// Names what there is to approve of it: see [`Asking::digest`](super::Asking::digest).
    pub digest: String,
    /// Who approved that, if somebody did.
    pub approved_by: Option<String>,
    /// A newer version that waits.
    pub pending: Option<Pending>,
    /// The version to which it can be rolled back.
    pub previous: Option<String>,
    /// Its settings as it is told them.
    pub settings: Map<String, Value>,
    /// What it is still to be told, oldest first, at most 50.
    pub deliveries: Vec<Delivery>,
    /// What happened to it, newest first, at most 50.
    pub journal: Vec<Note>,
}

impl Plugins {
    /// The plugins that are installed, in the order in which they are asked.
    ///
    /// # Errors
    /// If the state cannot be read.
    pub fn list(&self) -> Result<Vec<Summary>, PluginError> {
        let all = self.state().installed().map_err(PluginError::state)?;
        let mut list: Vec<_> = all.iter().map(summary).collect();
        list.sort_by(|a, b| (a.priority, &a.id).cmp(&(b.priority, &b.id)));
        Ok(list)
    }

    /// Everything about one plugin.
    ///
    /// # Errors
    /// If there is no such plugin, or the state cannot be read.
    pub fn inspect(&self, id: &str) -> Result<Inspection, PluginError> {
        let plugin = self.find(id)?;
        let manifest = read_manifest(&plugin.current)?;
        let asking = asking(&plugin)?;
        let pending = plugin.pending.as_ref().map(|_| Pending {
            version: asking.version,
            asks: asking.asks,
            added: asking.added,
            hosts: asking.hosts,
        });
        let settings = settings::told(&manifest.settings, &plugin.settings);
        let hosts = hosts(&plugin.settings, &manifest);
        Ok(Inspection {
            summary: summary(&plugin),
            asks: manifest.asks(),
            author: manifest.author,
            licence: manifest.licence,
            sha256: plugin.current.sha256,
            public_key: plugin.public_key,
            hosts,
            digest: asking.digest,
            approved_by: plugin.current.approved_by,
            pending,
            previous: plugin.previous.map(|version| version.version),
            settings,
            deliveries: self
                .state()
                .deliveries(id, MOST)
                .map_err(PluginError::state)?,
            journal: self.state().notes(id, MOST).map_err(PluginError::state)?,
        })
    }
}

fn summary(plugin: &Installed) -> Summary {
    let manifest = read_manifest(&plugin.current);
    let reason = match (
        &plugin.status,
        &manifest,
        &plugin.current.approved,
        &plugin.pending,
    ) {
        (Status::SwitchedOff { reason, .. }, ..) => Some(reason.clone()),
        (_, Err(error), ..) => Some(error.to_string()),
        (_, _, None, _) => Some("waits for what it asks for to be approved".to_owned()),
        (.., Some(pending)) => Some(format!("version {} waits for approval", pending.version)),
        _ => None,
    };
    let manifest = manifest.ok();
    Summary {
        id: plugin.id.clone(),
        version: plugin.current.version.clone(),
        description: manifest
            .as_ref()
            .map(|one| one.description.clone())
            .unwrap_or_default(),
        status: plugin.status.word(),
        reason,
        hooks: manifest
            .as_ref()
            .map(|one| one.hooks.clone())
            .unwrap_or_default(),
        priority: plugin
            .priority
            .or(manifest.map(|one| one.priority))
            .unwrap_or(DEFAULT_PRIORITY),
        faults: plugin.faults,
    }
}
