//! Whether records are in the log at their places, or wait for it.

use crate::codec;
use crate::engine::Engine;
use crate::history::log::{self, Leaf, LeafTile, Place, Waiting, tile_of};
use crate::history::record::ChainId;
use crate::keys::{Key, Keys};
use crate::names::SiteId;
use crate::order;
use crate::ports::{Entry, Stored};
use crate::refusal::Refusal;

use super::chain::fault;
use super::{Fault, Progress};

/// So many are looked up together: many of them are in the same tiles.
const FULL: usize = 2_000;
/// So many tiles are read together: half a megabyte.
const TILES: usize = 32;

/// Records that are to be looked up.
#[derive(Default)]
pub(super) struct Batch {
    logged: Vec<(u64, Leaf)>,
    waiting: Vec<Leaf>,
    /// How many records were read of each chain that is done but for this.
    pub(super) chains: Vec<(ChainId, u64)>,
}

/// What became of them.
#[derive(Default)]
pub(super) struct LookedUp {
    /// What is not as it should be.
    pub(super) faults: Vec<Fault>,
    /// For each record that the log held when verifying began and that was found there, its chain.
    pub(super) found: Vec<ChainId>,
}

impl Batch {
    /// Adds a record, with what is stored as its place in the log.
    pub(super) fn push(&mut self, leaf: Leaf, place: Option<&Entry>) {
        match place {
            Some(entry) => self.logged.push((index_of(&entry.value), leaf)),
            None => self.waiting.push(leaf),
        }
    }

    /// Whether it is time to look them up.
    pub(super) fn is_full(&self) -> bool {
        self.chains.len() >= FULL || self.logged.len() >= FULL || self.waiting.len() >= FULL
    }

    /// How many there are.
    pub(super) fn sizes(&self) -> (usize, usize) {
        (self.logged.len(), self.waiting.len())
    }

    /// Forgets what was added since.
    pub(super) fn back_to(&mut self, (logged, waiting): (usize, usize)) {
        self.logged.truncate(logged);
        self.waiting.truncate(waiting);
    }

    /// Looks all of them up, and forgets them.
    pub(super) fn look_up(
        &mut self,
        engine: &Engine<'_>,
        site: &SiteId,
        progress: &Progress,
    ) -> Result<LookedUp, Refusal> {
        let mut looked_up = LookedUp::default();
        let mut logged = core::mem::take(&mut self.logged);
        let waiting = core::mem::take(&mut self.waiting);
        self.chains.clear();
        // An unreadable end of the log is told once.
        if progress.is_without_log() {
            return Ok(looked_up);
        }
        order::sort_by(&mut logged, |(a, _), (b, _)| a.cmp(b));
        let tiles: Vec<_> = logged
            .chunk_by(|(a, _), (b, _)| tile_of(*a).0 == tile_of(*b).0)
            .collect();
        for tiles in tiles.chunks(TILES) {
            in_tiles(engine, site, tiles, progress, &mut looked_up)?;
        }
        if progress.is_log_begun() {
            for leaves in waiting.chunks(FULL.min(400)) {
                do_wait(engine, site, leaves, progress, &mut looked_up.faults)?;
            }
        }
        Ok(looked_up)
    }
}

/// The place that is written there; one that cannot be if it cannot be read.
fn index_of(stored: &[u8]) -> u64 {
    let place: Option<Place> = codec::decode(stored, String::new).ok();
    place.map_or(u64::MAX, |place| place.index)
}

fn in_tiles(
    engine: &Engine<'_>,
    site: &SiteId,
    tiles: &[&[(u64, Leaf)]],
    progress: &Progress,
    looked_up: &mut LookedUp,
) -> Result<(), Refusal> {
    let keys = Keys(site);
    let numbers = tiles.iter().filter_map(|leaves| leaves.first());
    let mut all: Vec<Key> = numbers
        .map(|(index, _)| keys.tile(0, tile_of(*index).0))
        .collect();
    all.push(keys.log());
    let mut found = engine.get(&all)?;
    let size = end_of(found.pop().flatten().as_ref())?;
    for (leaves, stored) in tiles.iter().zip(found) {
        let tile = stored.and_then(|stored| codec::decode(&stored.value, String::new).ok());
        let tile: LeafTile = tile.unwrap_or_default();
        for (index, leaf) in *leaves {
            let held = tile.leaves.get(tile_of(*index).1).filter(|_| *index < size);
            if held != Some(leaf) {
                let message = "the log does not hold this record as it is here";
                let sequence = Some(leaf.sequence);
                looked_up.faults.push(fault(leaf.chain, sequence, message));
            } else if *index < progress.size() {
                looked_up.found.push(leaf.chain);
            }
        }
    }
    Ok(())
}

/// The size of the log; 0 if there is none that can be read.
fn end_of(stored: Option<&Stored>) -> Result<u64, Refusal> {
    let log = stored.map(|stored| log::read(&stored.value));
    Ok(log
        .and_then(Result::ok)
        .map_or(0, |log| log.frontier.size()))
}

/// Records without a place must wait, or have got in since, or belong to those that a young log has not come to.
fn do_wait(
    engine: &Engine<'_>,
    site: &SiteId,
    leaves: &[Leaf],
    progress: &Progress,
    faults: &mut Vec<Fault>,
) -> Result<(), Refusal> {
    let keys = Keys(site);
    // Both at one moment, since a sweep takes a record from one to the other.
    let both = leaves.iter().flat_map(|leaf| {
        [
            keys.place(leaf.chain, leaf.sequence),
            keys.waiting(leaf.chain, leaf.sequence),
        ]
    });
    let found = engine.get(&both.collect::<Vec<_>>())?;
    for (leaf, found) in leaves.iter().zip(found.chunks(2)) {
        let [place, waiting] = found else { continue };
        let waiting = waiting
            .as_ref()
            .map(|stored| codec::decode(&stored.value, String::new));
        let message = match (place, waiting) {
            (Some(_), _) => continue,
            (None, Some(Ok(Waiting { hash }))) if hash == leaf.hash => continue,
            (None, Some(_)) => "what waits for the log is not this record as it is here",
            (None, None) if progress.is_behind(leaf) => continue,
            (None, None) => "this record is neither in the log nor waits for it",
        };
        faults.push(fault(leaf.chain, Some(leaf.sequence), message));
    }
    Ok(())
}
