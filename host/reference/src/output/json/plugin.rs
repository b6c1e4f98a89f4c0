//! Plugins as programs see them.

use guestpass::plugins;
use serde::Serialize;
use serde_json::{Map, Value};
use utoipa::ToSchema;

use super::Instant;

/// A plugin in a list.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Plugin {
    id: String,
    /// The version in force.
    version: String,
    /// What it does.
    description: String,
    /// `active`, `inactive` or `switched-off`. New ones may come.
    status: String,
    /// Why it is switched off, or what it waits for.
    reason: Option<String>,
    /// Where it is asked: `grant-filter`, `entry-filter`, `permission-filter`, `action`. New ones may come.
    hooks: Vec<String>,
    /// Lower ones are asked first.
    priority: i32,
    /// Faults since its last good call.
    faults: u32,
}

/// Something that a plugin may do, or asks to.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Capability {
    /// For example `log`, `http:hooks.example.com`, `hook:action` or `event:all`.
    name: String,
    /// In plain words.
    meaning: String,
    /// Of `http:setting:NAME`: the host to which that setting leads; of a version that waits, as its own manifest has it.
    host: Option<String>,
}

/// A version that waits for approval.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct PendingVersion {
    version: String,
    /// All that it asks for; what is to be approved.
    asks: Vec<Capability>,
    /// What of it was not approved yet.
    added: Vec<Capability>,
}

/// A line of a plugin's journal.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Note {
    at: Instant,
    /// For example `installed`, `approved`, `fault`, `switched-off`, `parked`. New words may come.
    about: String,
    text: String,
}

/// Something that a plugin is still to be told.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Delivery {
    /// The id of what happened.
    event: String,
    /// When it happened.
    at: Instant,
    /// How often it was tried.
    tries: u32,
    /// When it is tried next; none: it is parked.
    due: Option<Instant>,
    /// Why the last try failed.
    reason: Option<String>,
}

/// Everything about a plugin.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct InspectedPlugin {
    #[serde(flatten)]
    plugin: Plugin,
    author: String,
    licence: String,
    /// The SHA-256 of its component, in hexadecimal.
    sha256: String,
    /// The key that it is signed with, in base64; none if it is not signed.
    public_key: Option<String>,
    /// Names what an approval is of: the version that waits or else the one in force, to the last byte, and the hosts to
    /// which it would send.
    digest: String,
    /// What it asks for.
    asks: Vec<Capability>,
    /// Who approved that; none: nobody yet.
    approved_by: Option<String>,
    /// A newer version that waits for approval.
    pending: Option<PendingVersion>,
    /// The version to which it can be rolled back.
    previous: Option<String>,
    /// Its settings, as it is told them.
    #[schema(value_type = Object)]
    settings: Map<String, Value>,
    /// What happened to it, newest first, at most 50 lines.
    journal: Vec<Note>,
}

impl From<&plugins::Summary> for Plugin {
    fn from(plugin: &plugins::Summary) -> Self {
        Self {
            id: plugin.id.clone(),
            version: plugin.version.clone(),
            description: plugin.description.clone(),
            status: plugin.status.to_owned(),
            reason: plugin.reason.clone(),
            hooks: plugin
                .hooks
                .iter()
                .map(|hook| hook.name().to_owned())
                .collect(),
            priority: plugin.priority,
            faults: plugin.faults,
        }
    }
}

/// Capabilities of a version whose settings lead to these hosts.
fn capabilities<'c>(
    these: impl IntoIterator<Item = &'c plugins::Capability>,
    hosts: &plugins::Hosts,
) -> Vec<Capability> {
    let shown = |one: &plugins::Capability| Capability {
        name: one.to_string(),
        meaning: one.meaning_at(hosts),
        host: one.host_in(hosts).map(str::to_owned),
    };
    these.into_iter().map(shown).collect()
}

impl From<&plugins::Delivery> for Delivery {
    fn from(delivery: &plugins::Delivery) -> Self {
        Self {
            event: delivery.event.clone(),
            at: Instant(delivery.at),
            tries: delivery.tries,
            due: delivery.due.map(Instant),
            reason: delivery.reason.clone(),
        }
    }
}

impl From<&plugins::Inspection> for InspectedPlugin {
    fn from(found: &plugins::Inspection) -> Self {
        let pending = found.pending.as_ref().map(|pending| PendingVersion {
            version: pending.version.clone(),
            asks: capabilities(&pending.asks, &pending.hosts),
            added: capabilities(&pending.added, &pending.hosts),
        });
        let journal = found.journal.iter().map(|note| Note {
            at: Instant(note.at),
            about: note.about.clone(),
            text: note.text.clone(),
        });
        Self {
            plugin: Plugin::from(&found.summary),
            author: found.author.clone(),
            licence: found.licence.clone(),
            sha256: found.sha256.clone(),
            public_key: found.public_key.clone(),
            digest: found.digest.clone(),
            asks: capabilities(&found.asks, &found.hosts),
            approved_by: found.approved_by.clone(),
            pending,
            previous: found.previous.clone(),
            settings: found.settings.clone(),
            journal: journal.collect(),
        }
    }
}
