//! Tidying up, and telling extensions what happened.

use crate::ports::Level;
use crate::{Guestpass, Happening, Refusal, Swept};

/// Tidying up. No access depends on it: what has ended is refused whether this ever runs or not.
impl Guestpass {
    /// Handles up to `limit` (1 to 1000) due things. Costs what is due, not what exists.
    pub fn sweep(&self, site: &str, limit: u32) -> Result<Swept, Refusal> {
        let site = site.to_owned();
        self.runtime.call(|engine, store| {
            engine
                .guestpass_access_upkeep()
                .call_sweep(store, &site, limit)
        })
    }

    /// When the next thing is due, in milliseconds since the epoch; `None` if nothing is. May be in the past.
    pub fn next_due(&self, site: &str) -> Result<Option<u64>, Refusal> {
        let site = site.to_owned();
        self.runtime
            .call(|engine, store| engine.guestpass_access_upkeep().call_next_due(store, &site))
    }

    /// What happened and was not acknowledged yet, oldest first, at most `limit` (1 to 1000). Delivered at least once:
    /// deduplicate by `happening.id`.
    pub fn drain(&self, site: &str, limit: u32) -> Result<Vec<Happening>, Refusal> {
        let site = site.to_owned();
        self.runtime.call(|engine, store| {
            engine
                .guestpass_access_upkeep()
                .call_drain(store, &site, limit)
        })
    }

    /// Removes these (`happening.id`) from what [`Guestpass::drain`] gives. Unknown ones are no error.
    pub fn acknowledge(&self, site: &str, ids: &[String]) -> Result<(), Refusal> {
        let site = site.to_owned();
        self.runtime.call(|engine, store| {
            engine
                .guestpass_access_upkeep()
                .call_acknowledge(store, &site, ids)
        })
    }

    /// Tells the hooks ([`Hooks::react`](crate::ports::Hooks::react)) up to `limit` (1 to 1000) things that happened, and
    /// acknowledges those that they took. What they did not take is logged and comes again. Gives how many were taken.
    pub fn deliver(&self, site: &str, limit: u32) -> Result<u32, Refusal> {
        let mut taken = Vec::new();
        for happening in self.drain(site, limit)? {
            match self.runtime.react(site, &happening) {
                Ok(()) => taken.push(happening.id),
                Err(reason) => {
                    let message = format!(
                        "a hook did not take `{}` and will be told again: {reason}",
                        happening.id
                    );
                    self.runtime.ports().log.write(Level::Warn, &message);
                }
            }
        }
        if !taken.is_empty() {
            self.acknowledge(site, &taken)?;
        }
        // At most as many as were asked for, which is a `u32`.
        Ok(u32::try_from(taken.len()).unwrap_or(u32::MAX))
    }
}
