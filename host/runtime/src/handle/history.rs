//! What happened, so that nobody can change it unseen.

use crate::{Actor, Guestpass, Happening, Refusal, Report};

/// What happened, so that nobody can change it unseen.
impl Guestpass {
    /// The records of a grant from `first` on, oldest first, at most `limit` (1 to 1000). For those who may see the grant.
    pub fn history(
        &self,
        actor: &Actor,
        grant: &str,
        first: u64,
        limit: u32,
    ) -> Result<Vec<Happening>, Refusal> {
        let grant = grant.to_owned();
        self.runtime.call(|engine, store| {
            engine
                .guestpass_access_history()
                .call_list(store, actor, &grant, first, limit)
        })
    }

    /// Reads every chain of the site, at most `limit` (1 to 1000) in one call, beginning at `start` ([`Report::next`] of
    /// the call before), and tells what is not as it was written.
    pub fn verify(&self, site: &str, start: Option<&str>, limit: u32) -> Result<Report, Refusal> {
        let site = site.to_owned();
        self.runtime.call(|engine, store| {
            engine
                .guestpass_access_history()
                .call_verify(store, &site, start, limit)
        })
    }
}
