//! Reading a grant's history.

use crate::codec;
use crate::engine::Engine;
use crate::grant::authority::{Authority, grant_id};
use crate::grant::list::page_size;
use crate::history::record::{ChainId, Happening, Record, hash};
use crate::keys::Keys;
use crate::names::{Actor, SiteId};
use crate::ports::Entry;
use crate::refusal::Refusal;

impl Engine<'_> {
    /// The records of a grant from `first` on, oldest first.
    ///
    /// # Errors
    /// [`crate::Code::UnknownGrant`], [`crate::Code::BadPage`], or if the actor may not see it.
    pub fn history(
        &self,
        actor: &Actor,
        grant: &str,
        first: u64,
        limit: u32,
    ) -> Result<Vec<Happening>, Refusal> {
        let limit = page_size(limit, 1_000)?;
        let authority = Authority::of(self, actor)?;
        let id = grant_id(grant)?;
        self.transact(&actor.site, |transaction| {
            authority.grant(transaction, id).map(drop)
        })?;
        let start = Keys(&actor.site).record(id.into(), first);
        self.records(&actor.site, id.into(), &start, limit)?
            .iter()
            .map(|entry| happening(&entry.value))
            .collect()
    }

    /// The stored records of a chain from this key on.
    pub(crate) fn records(
        &self,
        site: &SiteId,
        chain: ChainId,
        start: &[u8],
        limit: u32,
    ) -> Result<Vec<Entry>, Refusal> {
        let keys = Keys(site);
        let end = chain
            .next()
            .map_or_else(|| keys.records_end(), |next| keys.record(next, 0));
        self.scan(start, &end, limit, false)
    }
}

/// A stored record with its hash.
pub(crate) fn happening(stored: &[u8]) -> Result<Happening, Refusal> {
    let record: Record = codec::decode(stored, || "history".to_owned())?;
    Ok(Happening {
        record,
        hash: hash(stored),
    })
}
