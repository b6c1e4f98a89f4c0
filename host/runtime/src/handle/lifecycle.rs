//! Switching guests' access off and on for a whole site, and leaving a site for good.

use crate::ports::ContentDecision;
use crate::{Guestpass, Refusal, Uninstalled};

/// Switching guests' access off and on for a whole site, and leaving a site for good. For the operator: nobody is asked
/// whether they may.
impl Guestpass {
    /// Since when the site is deactivated, in milliseconds since the epoch; `None`: it is not.
    pub fn deactivated(&self, site: &str) -> Result<Option<u64>, Refusal> {
        let site = site.to_owned();
        self.runtime.call(|engine, store| {
            engine
                .guestpass_access_lifecycle()
                .call_deactivated(store, &site)
        })
    }

    /// Lets nobody in and answers for no session until the site is activated. Nothing is lost. Tells since when.
    pub fn deactivate(&self, site: &str) -> Result<u64, Refusal> {
        let site = site.to_owned();
        self.runtime.call(|engine, store| {
            engine
                .guestpass_access_lifecycle()
                .call_deactivate(store, &site)
        })
    }

    /// Lets guests in again.
    pub fn activate(&self, site: &str) -> Result<(), Refusal> {
        let site = site.to_owned();
        self.runtime.call(|engine, store| {
            engine
                .guestpass_access_lifecycle()
                .call_activate(store, &site)
        })
    }

    /// The next step of leaving a deactivated site, of at most `limit` (1 to 1000) entries: deletes the users that were
    /// made for guests, then all that is kept. It cannot be undone; call it until there is no `more`.
    pub fn uninstall(
        &self,
        site: &str,
        content: &ContentDecision,
        limit: u32,
    ) -> Result<Uninstalled, Refusal> {
        let site = site.to_owned();
        self.runtime.call(|engine, store| {
            engine
                .guestpass_access_lifecycle()
                .call_uninstall(store, &site, content, limit)
        })
    }
}
