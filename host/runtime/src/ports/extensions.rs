//! The host's plugins as an owner of a site looks after them: what stands on the page *Plugins*.

use std::sync::Arc;

use crate::Refusal;

pub use crate::bindings::guestpass::access::plugins::{
    Capability, Delivery, Installed, Note, Plugin, Setting, Summary,
};

/// The host's plugins as an owner sees them. [`Plugins`](crate::plugins::Plugins) implements it; so can a host that has
/// extensions of another kind. Each shape and each word is documented in the WIT interface `plugins`.
///
/// All of it but [`available`](Self::available) is asked in the name of an owner of the site only.
pub trait Extensions: Send + Sync + 'static {
    /// Whether this site has plugins that its owner looks after. If not, there is no such page.
    fn available(&self, site: &str) -> bool;

    /// All of them, in the order in which they are asked.
    fn list(&self, site: &str) -> Result<Vec<Summary>, Refusal>;

    /// One of them; `unknown-plugin` if there is none, here and below.
    fn get(&self, site: &str, id: &str) -> Result<Plugin, Refusal>;

    /// Installs this archive, or puts it in the place of an earlier version.
    fn install(&self, site: &str, by: &str, archive: &[u8]) -> Result<Installed, Refusal>;

    /// Gives it, or the version of it that waits, all that it asks for, if that is what was shown under this digest.
    fn approve(&self, site: &str, by: &str, id: &str, digest: &str) -> Result<(), Refusal>;

    /// Has it asked and told from now on, or not any more.
    fn set_active(&self, site: &str, by: &str, id: &str, active: bool) -> Result<(), Refusal>;

    /// Sets these, names and values; all others are as the manifest has them.
    fn set_settings(
        &self,
        site: &str,
        by: &str,
        id: &str,
        values: &[(String, String)],
    ) -> Result<(), Refusal>;

    /// Goes back to the version before.
    fn roll_back(&self, site: &str, by: &str, id: &str) -> Result<(), Refusal>;

    /// Has it told again what is parked.
    fn replay(&self, site: &str, by: &str, id: &str) -> Result<(), Refusal>;

    /// Removes it, with its data or without.
    fn uninstall(&self, site: &str, by: &str, id: &str, delete_data: bool) -> Result<(), Refusal>;
}

impl<T: Extensions + ?Sized> Extensions for Arc<T> {
    fn available(&self, site: &str) -> bool {
        (**self).available(site)
    }

    fn list(&self, site: &str) -> Result<Vec<Summary>, Refusal> {
        (**self).list(site)
    }

    fn get(&self, site: &str, id: &str) -> Result<Plugin, Refusal> {
        (**self).get(site, id)
    }

    fn install(&self, site: &str, by: &str, archive: &[u8]) -> Result<Installed, Refusal> {
        (**self).install(site, by, archive)
    }

    fn approve(&self, site: &str, by: &str, id: &str, digest: &str) -> Result<(), Refusal> {
        (**self).approve(site, by, id, digest)
    }

    fn set_active(&self, site: &str, by: &str, id: &str, active: bool) -> Result<(), Refusal> {
        (**self).set_active(site, by, id, active)
    }

    fn set_settings(
        &self,
        site: &str,
        by: &str,
        id: &str,
        values: &[(String, String)],
    ) -> Result<(), Refusal> {
        (**self).set_settings(site, by, id, values)
    }

    fn roll_back(&self, site: &str, by: &str, id: &str) -> Result<(), Refusal> {
        (**self).roll_back(site, by, id)
    }

    fn replay(&self, site: &str, by: &str, id: &str) -> Result<(), Refusal> {
        (**self).replay(site, by, id)
    }

    fn uninstall(&self, site: &str, by: &str, id: &str, delete_data: bool) -> Result<(), Refusal> {
        (**self).uninstall(site, by, id, delete_data)
    }
}

/// No plugins for owners to look after.
#[derive(Debug, Clone, Copy, Default)]
pub struct NoExtensions;

fn none() -> Refusal {
    Refusal {
        kind: crate::RefusalKind::NotFound,
        code: "no-plugins".to_owned(),
        message: "This host runs no plugins.".to_owned(),
        field: None,
    }
}

impl Extensions for NoExtensions {
    fn available(&self, _: &str) -> bool {
        false
    }

    fn list(&self, _: &str) -> Result<Vec<Summary>, Refusal> {
        Err(none())
    }

    fn get(&self, _: &str, _: &str) -> Result<Plugin, Refusal> {
        Err(none())
    }

    fn install(&self, _: &str, _: &str, _: &[u8]) -> Result<Installed, Refusal> {
        Err(none())
    }

    fn approve(&self, _: &str, _: &str, _: &str, _: &str) -> Result<(), Refusal> {
        Err(none())
    }

    fn set_active(&self, _: &str, _: &str, _: &str, _: bool) -> Result<(), Refusal> {
        Err(none())
    }

    fn set_settings(
        &self,
        _: &str,
        _: &str,
        _: &str,
        _: &[(String, String)],
    ) -> Result<(), Refusal> {
        Err(none())
    }

    fn roll_back(&self, _: &str, _: &str, _: &str) -> Result<(), Refusal> {
        Err(none())
    }

    fn replay(&self, _: &str, _: &str, _: &str) -> Result<(), Refusal> {
        Err(none())
    }

    fn uninstall(&self, _: &str, _: &str, _: &str, _: bool) -> Result<(), Refusal> {
        Err(none())
    }
}
