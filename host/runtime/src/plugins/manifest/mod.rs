//! The manifest, `plugin.toml`: what a plugin is, which hooks it wants, and what it asks for.

mod fields;
mod read;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use serde_json::{Map, Value};

use super::approval::{self, Hosts};
use super::capability::{Capabilities, Capability, EVERYTHING};
use super::hooks::{Hook, TICK};

pub use fields::ManifestFault;

/// The name of the manifest's file.
pub const MANIFEST: &str = "plugin.toml";

/// The priority of a plugin that names none.
pub const DEFAULT_PRIORITY: i32 = 10;

/// What a plugin says about itself.
#[derive(Debug, Clone, PartialEq)]
pub struct Manifest {
    /// Its name for ever: 2 to 64 characters out of `a-z`, `0-9` and `-`.
    pub id: String,
    /// A version such as `1.2.0`.
    pub version: semver::Version,
    /// What it does, in one line.
    pub description: String,
    /// Who made it.
    pub author: String,
    /// The terms, such as `MIT`.
    pub licence: String,
    /// The hooks that the component exports.
    pub hooks: Vec<Hook>,
    /// What its action is told; empty: everything but the hourly tick.
    pub events: Vec<String>,
    /// Lower ones are asked first.
    pub priority: i32,
    /// Whether one instance may answer many calls.
    pub stateless: bool,
    /// The settings, with the values they have unless an owner says otherwise.
    pub settings: Map<String, Value>,
    /// What it asks to do beyond answering.
    pub capabilities: Capabilities,
    /// The ed25519 key that its signature is checked with.
    pub public_key: Option<[u8; 32]>,
}

impl Manifest {
    /// Reads a manifest.
    ///
    /// # Errors
    /// Everything that is wrong with it, each with its line and what is allowed.
    pub fn read(text: &str) -> Result<Self, Vec<ManifestFault>> {
        read::manifest(text)
    }

    /// The hosts to which its settings lead as it puts them.
    pub fn hosts(&self) -> Hosts {
        approval::hosts(&Map::new(), self)
    }

    /// The key that its signature is checked with, in base64.
    pub(super) fn signer(&self) -> Option<String> {
        self.public_key.map(|key| BASE64_STANDARD.encode(key))
    }

    /// Whether its action is to be told of this.
    pub fn hears(&self, event: &str) -> bool {
        self.hooks.contains(&Hook::Action)
            && if self.events.is_empty() {
                event != TICK
            } else {
                self.events.iter().any(|wanted| wanted == event)
            }
    }

    /// All that an owner approves with it: what it may do, where it is called, and what it is told.
    pub fn asks(&self) -> Capabilities {
        let mut asks = self.capabilities.clone();
        asks.extend(self.hooks.iter().copied().map(Capability::Hook));
        if self.hooks.contains(&Hook::Action) {
            asks.extend(self.events.iter().cloned().map(Capability::Event));
            if self.events.is_empty() {
                asks.insert(Capability::Event(EVERYTHING.to_owned()));
            }
        }
        asks
    }
}

#[cfg(test)]
mod tests;
