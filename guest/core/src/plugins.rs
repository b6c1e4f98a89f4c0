//! Who looks after the host's plugins: owners alone.
//!
//! What plugins are and what they do is the host's; here it is decided who sees and changes that. The contract is that of the
//! WIT import `plugins`.

use core::fmt;

use crate::engine::Engine;
use crate::instant::Instant;
use crate::names::Actor;
use crate::refusal::{Code, Kind, Refusal};

/// Something that a plugin may do, or asks to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Capability {
    /// Such as `log`, `http:hooks.example.com` or `hook:action`.
    pub name: String,
    /// In plain words, in English.
    pub meaning: String,
    /// The host to which the setting in its name leads.
    pub host: Option<String>,
}

/// A plugin in a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Summary {
    /// Its name.
    pub id: String,
    /// The version in force.
    pub version: String,
    /// What it does.
    pub description: String,
    /// `active`, `inactive` or `switched-off`.
    pub state: String,
    /// Why it is switched off or cannot run.
    pub reason: Option<String>,
    /// Failures since its last good call.
    pub faults: u32,
    /// Whether all that it asks for is approved.
    pub approved: bool,
    /// A newer version that waits for approval.
    pub waiting: Option<String>,
}

/// Something that an owner sets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Setting {
    /// Its name.
    pub name: String,
    /// `text`, `number`, `yes-no`, `list` or `other`.
    pub kind: String,
    /// What holds.
    pub value: String,
    /// What holds unless an owner says otherwise.
    pub default: String,
    /// What it means. May be empty.
    pub description: String,
}

/// Something that a plugin is still to be told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Delivery {
    /// What happened.
    pub event: String,
    /// When.
    pub at: Instant,
    /// Whether it was given up.
    pub parked: bool,
    /// Why the last try failed.
    pub reason: Option<String>,
}

/// Something that happened to a plugin.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    /// When.
    pub at: Instant,
    /// A word such as `fault`.
    pub about: String,
    /// A sentence or a clause. May be empty.
    pub text: String,
}

/// All about a plugin.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plugin {
    /// What a list shows.
    pub summary: Summary,
    /// Who made it.
    pub author: String,
    /// Its terms.
    pub licence: String,
    /// Whether its versions are signed.
    pub signed: bool,
    /// Names what there is to approve, to the last byte.
    pub digest: String,
    /// What the version in force asks for.
    pub asks: Vec<Capability>,
    /// Who approved that.
    pub approved_by: Option<String>,
    /// What the version that waits asks for and was not approved yet.
    pub waiting_added: Vec<Capability>,
    /// The version to which it can be rolled back.
    pub previous: Option<String>,
    /// What an owner sets.
    pub settings: Vec<Setting>,
    /// What it is still to be told, the oldest first.
    pub deliveries: Vec<Delivery>,
    /// What happened to it, the newest first.
    pub journal: Vec<Note>,
}

/// What came of an upload.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Installed {
    /// Which plugin it is.
    pub id: String,
    /// The version that was there before.
    pub upgraded_from: Option<String>,
    /// Whether it waits for approval.
    pub waits: bool,
}

/// What becomes of a plugin.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change<'c> {
    /// It is given all that it asks for, if that is what was shown under this digest.
    Approve(&'c str),
    /// It is asked and told from now on, or not any more.
    SetActive(bool),
    /// It is set so: names and values; the rest as the manifest has it.
    Set(&'c [(String, String)]),
    /// The version before takes over.
    RollBack,
    /// It is told again what is parked.
    Replay,
    /// It is removed, with its data or without.
    Uninstall {
        /// With its data.
        delete_data: bool,
    },
}

/// Why the host did not do it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// Coarsely.
    pub kind: Kind,
    /// For programs.
    pub code: String,
    /// For people.
    pub message: String,
    /// The setting it concerns.
    pub field: Option<String>,
}

/// The host's plugins.
pub trait Plugins {
    /// Whether this site has any that its owner looks after.
    fn available(&self, site: &str) -> bool;

    /// All of them.
    ///
    /// # Errors
    /// If the host cannot tell.
    fn list(&self, site: &str) -> Result<Vec<Summary>, Failure>;

    /// One of them.
    ///
    /// # Errors
    /// If there is none of this name, or the host cannot tell.
    fn get(&self, site: &str, id: &str) -> Result<Plugin, Failure>;

    /// Installs what was uploaded under this handle, or puts it in the place of an earlier version.
    ///
    /// # Errors
    /// If it is no plugin, or none that may take that place.
    fn install(&self, site: &str, by: &str, upload: &str) -> Result<Installed, Failure>;

    /// Changes one.
    ///
    /// # Errors
    /// If there is none of this name, or it cannot be changed so.
    fn change(&self, site: &str, by: &str, id: &str, change: Change<'_>) -> Result<(), Failure>;
}

/// The plugins of a site in the hands of its owner.
#[derive(Clone, Copy)]
pub struct Desk<'p> {
    plugins: &'p dyn Plugins,
    actor: &'p Actor,
}

impl fmt::Debug for Desk<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Desk").finish_non_exhaustive()
    }
}

impl Engine<'_> {
    /// Whether this site has plugins that its owner looks after.
    #[must_use]
    pub fn has_plugins(&self, site: &str) -> bool {
        self.plugins.available(site)
    }

    /// The plugins of the actor's site.
    ///
    /// # Errors
    /// [`Code::OwnersOnly`] and as [`Engine::grantor`]
    pub fn plugins_of<'p>(&'p self, actor: &'p Actor) -> Result<Desk<'p>, Refusal> {
        if self.grantor(actor)?.owner {
            return Ok(Desk {
                plugins: self.plugins,
                actor,
            });
        }
        Err(Code::OwnersOnly.because("Only an owner of the site may see and change its plugins."))
    }
}

impl Desk<'_> {
    /// As [`Plugins::list`].
    ///
    /// # Errors
    /// As there.
    pub fn list(&self) -> Result<Vec<Summary>, Failure> {
        self.plugins.list(self.actor.site.as_str())
    }

    /// As [`Plugins::get`].
    ///
    /// # Errors
    /// As there.
    pub fn get(&self, id: &str) -> Result<Plugin, Failure> {
        self.plugins.get(self.actor.site.as_str(), id)
    }

    /// As [`Plugins::install`].
    ///
    /// # Errors
    /// As there.
    pub fn install(&self, upload: &str) -> Result<Installed, Failure> {
        let Actor { site, user, .. } = self.actor;
        self.plugins.install(site.as_str(), user, upload)
    }

    /// As [`Plugins::change`].
    ///
    /// # Errors
    /// As there.
    pub fn change(&self, id: &str, change: Change<'_>) -> Result<(), Failure> {
        let Actor { site, user, .. } = self.actor;
        self.plugins.change(site.as_str(), user, id, change)
    }
}

/// A host without plugins.
#[derive(Clone, Copy, Debug, Default)]
pub struct NoPlugins;

fn none<T>() -> Result<T, Failure> {
    Err(Failure {
        kind: Kind::NotFound,
        code: "no-plugins".to_owned(),
        message: "This host runs no plugins.".to_owned(),
        field: None,
    })
}

impl Plugins for NoPlugins {
    fn available(&self, _: &str) -> bool {
        false
    }

    fn list(&self, _: &str) -> Result<Vec<Summary>, Failure> {
        none()
    }

    fn get(&self, _: &str, _: &str) -> Result<Plugin, Failure> {
        none()
    }

    fn install(&self, _: &str, _: &str, _: &str) -> Result<Installed, Failure> {
        none()
    }

    fn change(&self, _: &str, _: &str, _: &str, _: Change<'_>) -> Result<(), Failure> {
        none()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_host_without_plugins_says_so_whatever_it_is_asked() {
        fn refused<T: fmt::Debug>(asked: Result<T, Failure>) {
            let failure = asked.unwrap_err();
            assert_eq!(
                (failure.kind, failure.code.as_str()),
                (Kind::NotFound, "no-plugins")
            );
        }
        assert!(!NoPlugins.available("main"));
        refused(NoPlugins.list("main"));
        refused(NoPlugins.get("main", "example"));
        refused(NoPlugins.install("main", "ann", "upload"));
        refused(NoPlugins.change("main", "ann", "example", Change::Replay));
    }
}
