//! Reading a grant's history.

use crate::codec;
use crate::engine::Engine;
use crate::grant::authority::{Authority, grant_id};
use crate::grant::list::page_size;
use crate::history::log::{Leaf, tile_of};
use crate::history::record::{ChainId, Happening, Record, hash};
use crate::keys::{Keys, chain_and_sequence};
use crate::names::{Actor, SiteId};
use crate::order;
use crate::refusal::Refusal;

/// One entry of the log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Logged {
    /// Where it is: 0 for the first.
    pub index: u64,
    /// Which record it is, and its hash when it was written.
    pub leaf: Leaf,
    /// The record as it is stored now; none if it is gone.
    pub stored: Option<Vec<u8>>,
    /// What that says; none if it cannot be read.
    pub happening: Option<Happening>,
}

/// So many records that wait for the log are looked at.
const LOOKED_AT: u32 = 1_000;

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
        self.history_of(actor, grant, first, limit, false)
    }

    /// The newest records of a grant, newest first.
    ///
    /// # Errors
    /// [`crate::Code::UnknownGrant`], [`crate::Code::BadPage`], or if the actor may not see it.
    pub fn newest_history(
        &self,
        actor: &Actor,
        grant: &str,
        limit: u32,
    ) -> Result<Vec<Happening>, Refusal> {
        self.history_of(actor, grant, 0, limit, true)
    }

    fn history_of(
        &self,
        actor: &Actor,
        grant: &str,
        first: u64,
        limit: u32,
        reverse: bool,
    ) -> Result<Vec<Happening>, Refusal> {
        let limit = page_size(limit, 1_000)?;
        let authority = Authority::of(self, actor)?;
        let id = grant_id(grant)?;
        self.transact(&actor.site, |transaction| {
            authority.grant(transaction, id).map(drop)
        })?;
        let (keys, chain) = (Keys(&actor.site), ChainId::from(id));
        let end = chain
            .next()
            .map_or_else(|| keys.records_end(), |next| keys.record(next, 0));
        self.scan(&keys.record(chain, first), &end, limit, reverse)?
            .iter()
            .map(|entry| happening(&entry.value))
            .collect()
    }

    /// The entries of the log from `start` on, each with its record as it is stored now.
    ///
    /// # Errors
    /// [`Code::BadPage`](crate::Code::BadPage), or if the log is damaged.
    pub fn logged(&self, site: &SiteId, start: u64, limit: u32) -> Result<Vec<Logged>, Refusal> {
        let limit = page_size(limit, 1_000)?;
        let keys = Keys(site);
        let (first, mut skip) = tile_of(start);
        let mut entries = Vec::new();
        for tile in first.. {
            let left = (limit as usize).saturating_sub(entries.len());
            let leaves = self.leaf_tile(site, tile)?.leaves;
            let leaves: Vec<_> = leaves.iter().skip(skip).take(left).copied().collect();
            if leaves.is_empty() {
                break;
            }
            skip = 0;
            let records = leaves
                .iter()
                .map(|leaf| keys.record(leaf.chain, leaf.sequence));
            let records = self.get(&records.collect::<Vec<_>>())?;
            for (leaf, stored) in leaves.into_iter().zip(records) {
                let stored = stored.map(|stored| stored.value);
                let happening = stored.as_ref().and_then(|stored| happening(stored).ok());
                entries.push(Logged {
                    index: start.saturating_add(entries.len() as u64),
                    leaf,
                    stored,
                    happening,
                });
            }
        }
        Ok(entries)
    }

    /// The newest of what has happened since the last sweep and so is not in the log yet, newest first. If more than a
    /// thousand records wait, only those of the newest grants are looked at.
    ///
    /// # Errors
    /// Only if the store fails.
    pub fn not_logged(&self, site: &SiteId, limit: u32) -> Result<Vec<Happening>, Refusal> {
        let keys = Keys(site);
        let (start, end) = keys.waiting_all();
        let waiting = self.scan(&start, &end, LOOKED_AT, true)?;
        let records = waiting
            .iter()
            .filter_map(|entry| keys.tail(&entry.key).and_then(chain_and_sequence))
            .map(|(chain, sequence)| keys.record(chain, sequence));
        let records = self.get(&records.collect::<Vec<_>>())?;
        // What is no record is for `verify` to tell.
        let mut newest: Vec<_> = records
            .into_iter()
            .flatten()
            .filter_map(|stored| happening(&stored.value).ok())
            .collect();
        let when = |one: &Happening| (one.record.at, one.record.sequence);
        order::sort_by(&mut newest, |a, b| when(b).cmp(&when(a)));
        newest.truncate(limit as usize);
        Ok(newest)
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
