//! What happened, so that nobody can change it unseen.

use crate::{Actor, Checkpoint, Guestpass, Happening, Inclusion, Logged, Refusal, Report};

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

    /// Verifies all that [`Guestpass::verify`] does, and that history begins with what a checkpoint ([`Checkpoint::text`])
    /// covers: one that was rewritten until it fits itself, or cut short, does not.
    pub fn verify_against(
        &self,
        site: &str,
        checkpoint: &str,
        start: Option<&str>,
        limit: u32,
    ) -> Result<Report, Refusal> {
        let site = site.to_owned();
        self.runtime.call(|engine, store| {
            engine
                .guestpass_access_history()
                .call_verify_against(store, &site, checkpoint, start, limit)
        })
    }

    /// The log of the site's history as it stands: one line to keep outside the site's database. What waits for the
    /// [sweep](Guestpass::sweep) is not in it.
    pub fn checkpoint(&self, site: &str) -> Result<Checkpoint, Refusal> {
        let site = site.to_owned();
        self.runtime.call(|engine, store| {
            engine
                .guestpass_access_history()
                .call_take_checkpoint(store, &site)
        })
    }

    /// What a checkpoint's text says. Asks no store.
    pub fn read_checkpoint(&self, text: &str) -> Result<Checkpoint, Refusal> {
        self.runtime.call(|engine, store| {
            engine
                .guestpass_access_history()
                .call_read_checkpoint(store, text)
        })
    }

    /// The entries of the log from `start` on, in their order, at most `limit` (1 to 1000). For the operator.
    pub fn log(&self, site: &str, start: u64, limit: u32) -> Result<Vec<Logged>, Refusal> {
        let site = site.to_owned();
        self.runtime.call(|engine, store| {
            engine
                .guestpass_access_history()
                .call_log(store, &site, start, limit)
        })
    }

    /// Proves that the record of this `happening.id` is in the log of a checkpoint ([`Checkpoint::text`]).
    pub fn prove_inclusion(
        &self,
        site: &str,
        id: &str,
        checkpoint: &str,
    ) -> Result<Inclusion, Refusal> {
        let site = site.to_owned();
        self.runtime.call(|engine, store| {
            engine
                .guestpass_access_history()
                .call_prove_inclusion(store, &site, id, checkpoint)
        })
    }

    /// Whether a proof ([`Inclusion::proof`]) shows that the record of this hash is in the log of a checkpoint: refused as
    /// `bad-proof` if not. Asks no store.
    pub fn check_inclusion(
        &self,
        hash: &[u8],
        proof: &str,
        checkpoint: &str,
    ) -> Result<(), Refusal> {
        self.runtime.call(|engine, store| {
            engine
                .guestpass_access_history()
                .call_check_inclusion(store, hash, proof, checkpoint)
        })
    }

    /// Proves that the log of a later checkpoint begins with that of an earlier one.
    pub fn prove_consistency(
        &self,
        site: &str,
        earlier: &str,
        later: &str,
    ) -> Result<String, Refusal> {
        let site = site.to_owned();
        self.runtime.call(|engine, store| {
            engine
                .guestpass_access_history()
                .call_prove_consistency(store, &site, earlier, later)
        })
    }

    /// Whether a proof shows that the log of a later checkpoint begins with that of an earlier one: refused as `bad-proof`
    /// if not. Asks no store.
    pub fn check_consistency(
        &self,
        proof: &str,
        earlier: &str,
        later: &str,
    ) -> Result<(), Refusal> {
        self.runtime.call(|engine, store| {
            engine
                .guestpass_access_history()
                .call_check_consistency(store, proof, earlier, later)
        })
    }
}
