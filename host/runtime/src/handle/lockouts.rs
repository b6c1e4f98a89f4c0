//! Who tried links that open nothing, and is stopped for it.

use crate::{Actor, Guestpass, Lockouts, Refusal};

/// Who tried links that open nothing, and is stopped for it. The limits stand in the contract.
impl Guestpass {
    /// What counts now, at most `limit` (1 to 1000), beginning at `start` (`next` of the page before). Owners only.
    pub fn lockouts(
        &self,
        actor: &Actor,
        start: Option<&str>,
        limit: u32,
    ) -> Result<Lockouts, Refusal> {
        let start = start.map(str::to_owned);
        self.runtime.call(|engine, store| {
            engine
                .guestpass_access_lockouts()
                .call_list(store, actor, start.as_deref(), limit)
        })
    }

    /// Forgets these tries and lifts the lock that came of them. Owners only.
    pub fn lift_lockout(&self, actor: &Actor, id: &str) -> Result<(), Refusal> {
        let id = id.to_owned();
        self.runtime.call(|engine, store| {
            engine
                .guestpass_access_lockouts()
                .call_lift(store, actor, &id)
        })
    }
}
