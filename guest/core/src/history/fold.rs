//! Putting records into the log: many at once, in one commit that nobody but another fold gets in the way of.
//!
//! What waits is found by an index key that the commit of each change leaves. A log that is begun on a site with history
//! reads all records once, in the order of their keys, before it looks at that index: from then on a record is either in
//! the log or waiting. Records of one chain stand in the log in their own order.
//!
//! Both the log and the index are changed in the same commit, guarded by the end of the log. So a crash leaves a batch in or
//! out, and of several that fold at once each goes on where the one before it ended.

use crate::codec;
use crate::engine::Engine;
use crate::history::log::{self, Leaf, LeafTile, Log, NodeTile, Place, TILE, Waiting, tile_of};
use crate::history::merkle::{self, Frontier};
use crate::history::record::{self, ChainId, Hash, hash};
use crate::keys::{Key, Keys, RECORD_TAIL, chain_and_sequence};
use crate::names::SiteId;
use crate::ports::Level;
use crate::refusal::Refusal;
use crate::transaction::Transaction;

/// So many records get in by one commit, which changes two keys for each and so stays below a thousand. As many as a tile
/// holds: more could fill two tiles, and the second would be added to a tile above as it was before the first.
const BATCH: u32 = 256;

/// What was put into the log.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Folded {
    /// Records.
    pub records: u32,
    /// Others still wait.
    pub more: bool,
}

/// Something that is to get in.
struct Candidate {
    chain: ChainId,
    sequence: u64,
    /// Its hash when it was written.
    waiting: Option<Hash>,
    /// The record as it is stored.
    record: Option<Hash>,
}

/// What one commit takes in.
#[derive(Default)]
struct Batch {
    candidates: Vec<Candidate>,
    /// Keys of the index that name no record.
    strays: Vec<Key>,
    /// As many as were asked for.
    full: bool,
    /// Where to go on with the records that were there before the log was.
    behind: Option<Vec<u8>>,
}

impl Engine<'_> {
    /// Puts up to `limit` records into the log.
    ///
    /// # Errors
    /// If the store fails or the end of the log is damaged.
    pub fn fold(&self, site: &SiteId, limit: u32) -> Result<Folded, Refusal> {
        let mut folded = Folded {
            records: 0,
            more: true,
        };
        while folded.more && folded.records < limit {
            let most = limit.saturating_sub(folded.records).min(BATCH);
            let (records, more) = self.fold_some(site, most)?;
            folded.records = folded.records.saturating_add(records);
            folded.more = more;
        }
        if folded.more {
            folded.more = self.has_more(site)?;
        }
        Ok(folded)
    }

    fn has_more(&self, site: &SiteId) -> Result<bool, Refusal> {
        let (start, end) = Keys(site).waiting_all();
        let behind = self
            .end_of_log(site)?
            .is_some_and(|log| log.behind.is_some());
        Ok(behind || !self.scan(&start, &end, 1, false)?.is_empty())
    }

    fn fold_some(&self, site: &SiteId, most: u32) -> Result<(u32, bool), Refusal> {
        let keys = Keys(site);
        let mut told = Vec::new();
        let folded = self.transact(site, |transaction| {
            let stored = transaction.entry(keys.log())?;
            let version = stored.as_ref().map_or(0, |stored| stored.version);
            let stored = stored.map(|stored| log::read(&stored.value)).transpose()?;
            let mut log = stored.unwrap_or_default();
            let behind = log.behind.take();
            let batch = match &behind {
                Some(from) => self.records_behind(site, from, most)?,
                None => self.records_waiting(site, most)?,
            };
            log.behind = batch.behind;
            let begun = log.frontier.size() > 0;
            let moved = behind.is_some() && (begun || log.behind.is_some());
            if batch.candidates.is_empty() && batch.strays.is_empty() && !moved {
                return Ok((0, false));
            }
            told.clear();
            let leaves: Vec<_> = batch
                .candidates
                .iter()
                .filter_map(|candidate| candidate.leaf(&mut told))
                .collect();
            if let Err(refusal) = append(transaction, &mut log, &leaves)
                && !self.has_moved_on(site, version)?
            {
                return Err(refusal);
            }
            // If it has, nothing fits because another fold came in between: this commit conflicts, and all is read anew.
            for Candidate {
                chain, sequence, ..
            } in &batch.candidates
            {
                transaction.delete(keys.waiting(*chain, *sequence));
            }
            batch
                .strays
                .into_iter()
                .for_each(|key| transaction.delete(key));
            transaction.put(keys.log(), codec::encode(&log)?);
            let records = u32::try_from(leaves.len()).unwrap_or(u32::MAX);
            Ok((records, batch.full || behind.is_some()))
        })?;
        told.iter()
            .for_each(|message| self.log.write(Level::Error, message));
        Ok(folded)
    }

    /// Whether the end of the log is another than in this version.
    fn has_moved_on(&self, site: &SiteId, version: u64) -> Result<bool, Refusal> {
        let stored = self.get(&[Keys(site).log()])?.pop().flatten();
        Ok(stored.map_or(0, |stored| stored.version) != version)
    }

    /// The first of those that wait.
    fn records_waiting(&self, site: &SiteId, most: u32) -> Result<Batch, Refusal> {
        let keys = Keys(site);
        let (start, end) = keys.waiting_all();
        let found = self.scan(&start, &end, most, false)?;
        let mut batch = Batch {
            full: found.len() >= most as usize,
            ..Batch::default()
        };
        let mut records = Vec::with_capacity(found.len());
        for entry in found {
            match keys.tail(&entry.key).and_then(place_in_chain) {
                None => batch.strays.push(entry.key),
                Some((chain, sequence)) => {
                    records.push(keys.record(chain, sequence));
                    batch.candidates.push(Candidate {
                        chain,
                        sequence,
                        waiting: hash_of_waiting(&entry.value),
                        record: None,
                    });
                }
            }
        }
        let records = self.get(&records)?;
        for (candidate, stored) in batch.candidates.iter_mut().zip(records) {
            candidate.record = stored.map(|stored| hash(&stored.value));
        }
        Ok(batch)
    }

    /// The next of the records that were there before the log was.
    fn records_behind(&self, site: &SiteId, from: &[u8], most: u32) -> Result<Batch, Refusal> {
        let keys = Keys(site);
        let found = self.scan(&keys.records_from(from), &keys.records_end(), most, false)?;
        let mut batch = Batch::default();
        if found.len() >= most as usize {
            let last = found.last().and_then(|entry| keys.tail(&entry.key));
            batch.behind = last.map(|tail| [tail, &[0]].concat());
        }
        let mut waiting = Vec::with_capacity(found.len());
        for entry in found {
            // What is no record is for `verify` to tell.
            let Some((chain, sequence)) = keys.tail(&entry.key).and_then(place_in_chain) else {
                continue;
            };
            waiting.push(keys.waiting(chain, sequence));
            batch.candidates.push(Candidate {
                chain,
                sequence,
                waiting: None,
                record: Some(hash(&entry.value)),
            });
        }
        let waiting = self.get(&waiting)?;
        for (candidate, stored) in batch.candidates.iter_mut().zip(waiting) {
            candidate.waiting = stored.and_then(|stored| hash_of_waiting(&stored.value));
        }
        Ok(batch)
    }
}

impl Candidate {
    /// What gets in. A record that is not as it was written gets in as it was, which is how everybody sees that it is not.
    fn leaf(&self, told: &mut Vec<String>) -> Option<Leaf> {
        if self
            .waiting
            .is_some_and(|waiting| self.record != Some(waiting))
            || self.record.is_none()
        {
            told.push(format!(
                "record {} was changed or removed before it was put into the log; verify the history",
                record::id(self.chain, self.sequence)
            ));
        }
        Some(Leaf {
            chain: self.chain,
            sequence: self.sequence,
            hash: self.waiting.or(self.record)?,
        })
    }
}

fn place_in_chain(tail: &[u8]) -> Option<(ChainId, u64)> {
    (tail.len() == RECORD_TAIL)
        .then(|| chain_and_sequence(tail))
        .flatten()
}

fn hash_of_waiting(stored: &[u8]) -> Option<Hash> {
    let waiting: Option<Waiting> = codec::decode(stored, String::new).ok();
    waiting.map(|waiting| waiting.hash)
}

/// Adds these leaves and writes the tiles that they change.
fn append(
    transaction: &mut Transaction<'_>,
    log: &mut Log,
    leaves: &[Leaf],
) -> Result<(), Refusal> {
    let keys = transaction.keys();
    let mut rest = leaves;
    while !rest.is_empty() {
        let (number, filled) = tile_of(log.frontier.size());
        let mut tile = LeafTile::default();
        if filled > 0 {
            let stored: Option<LeafTile> =
                transaction.read(keys.tile(0, number), || "the log of history".to_owned())?;
            tile = stored.unwrap_or_default();
        }
        if tile.leaves.len() != filled {
            return Err(log::damaged());
        }
        let (now, later) = rest.split_at(rest.len().min((TILE as usize).saturating_sub(filled)));
        rest = later;
        for leaf in now {
            let index = log.frontier.size();
            let place = keys.place(leaf.chain, leaf.sequence);
            transaction.put(place, codec::encode(&Place { index })?);
            log.frontier.push(merkle::leaf(&leaf.hash), 0);
        }
        tile.leaves.extend_from_slice(now);
        transaction.put(keys.tile(0, number), codec::encode(&tile)?);
        if tile.leaves.len() == TILE as usize {
            let root = Frontier::of(&tile.nodes()).root();
            append_node(transaction, 1, number, root)?;
        }
    }
    Ok(())
}

/// Adds the root of a full tile to the level above, and so on up.
fn append_node(
    transaction: &mut Transaction<'_>,
    level: u8,
    entry: u64,
    node: Hash,
) -> Result<(), Refusal> {
    let (number, filled) = tile_of(entry);
    let key = transaction.keys().tile(level, number);
    let mut tile = NodeTile::default();
    if filled > 0 {
        let stored: Option<NodeTile> =
            transaction.read(key.clone(), || "the log of history".to_owned())?;
        tile = stored.unwrap_or_default();
    }
    if tile.nodes.len() != filled {
        return Err(log::damaged());
    }
    tile.nodes.push(node);
    transaction.put(key, codec::encode(&tile)?);
    if tile.nodes.len() == TILE as usize {
        let root = Frontier::of(&tile.nodes).root();
        return append_node(transaction, level.saturating_add(1), number, root);
    }
    Ok(())
}
