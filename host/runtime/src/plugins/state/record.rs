//! What is written down of a plugin.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::plugins::capability::Capabilities;

/// A plugin that is installed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Installed {
    /// Its name.
    pub id: String,
    /// What it is doing.
    pub status: Status,
    /// The version that runs, or would.
    pub current: Version,
    /// A version that asks for more than was approved, and waits for that.
    #[serde(default)]
    pub pending: Option<Version>,
    /// The version before this one.
    #[serde(default)]
    pub previous: Option<Version>,
    /// What the owner has set; the manifest's values hold for the rest.
    #[serde(default)]
    pub settings: Map<String, Value>,
    /// The priority the owner has given it, instead of the manifest's.
    #[serde(default)]
    pub priority: Option<i32>,
    /// The key that its first version was signed with, in base64.
    #[serde(default)]
    pub public_key: Option<String>,
    /// When it was installed, in milliseconds since the epoch.
    pub installed: u64,
    /// Which change of it this is. Not part of what is written.
    #[serde(skip)]
    pub revision: u64,
    /// Faults since its last good call. Not part of what is written.
    #[serde(skip)]
    pub faults: u32,
}

/// One version of a plugin.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Version {
    /// Its number.
    pub version: String,
    /// The SHA-256 of its component, in hexadecimal.
    pub sha256: String,
    /// Its manifest, as it was written.
    pub manifest: String,
    /// What it may do, if that was approved.
    pub approved: Option<Capabilities>,
    /// The user who approved it.
    pub approved_by: Option<String>,
    /// The addresses in the manifest's settings that were approved as such, by the settings' names.
    #[serde(default)]
    pub addresses: BTreeMap<String, String>,
}

/// What a plugin is doing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "is")]
pub enum Status {
    /// Nothing: the owner has not approved what it asks for, has not activated it yet, or has deactivated it.
    Inactive,
    /// Asked and told.
    Active,
    /// It kept failing and is not called any more. What it would have decided is denied until the owner activates it again or
    /// deactivates it.
    SwitchedOff {
        /// Why, as a sentence.
        reason: String,
        /// When, in milliseconds since the epoch.
        at: u64,
    },
}

impl Status {
    /// One word for it.
    pub fn word(&self) -> &'static str {
        match self {
            Self::Inactive => "inactive",
            Self::Active => "active",
            Self::SwitchedOff { .. } => "switched-off",
        }
    }
}

/// A line of a plugin's journal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Note {
    /// When, in milliseconds since the epoch.
    pub at: u64,
    /// What it is about: `installed`, `approved`, `activated`, `deactivated`, `upgraded`, `rolled-back`, `fault`,
    /// `switched-off`, `parked`, `replayed` or `requested`. New words may come.
    pub about: String,
    /// A sentence or a clause.
    pub text: String,
}

/// Something that a plugin is to be told.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Delivery {
    /// The plugin.
    pub plugin: String,
    /// The site it happened on.
    pub site: String,
    /// The event's id.
    pub event: String,
    /// When it happened, in milliseconds since the epoch.
    pub at: u64,
    /// The event as JSON.
    pub body: String,
    /// How often it was tried.
    pub tries: u32,
    /// When it is due; `None` if it is parked.
    pub due: Option<u64>,
    /// Why the last try failed.
    pub reason: Option<String>,
}
