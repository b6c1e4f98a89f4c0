//! Verifying the log itself, from its first entry to its end.

use crate::codec;
use crate::history::log::{
    self, Leaf, LeafTile, NodeTile, Place, TILE, TILE_HEIGHT, entries, tile_of,
};
use crate::history::merkle::Frontier;
use crate::history::record::{ChainId, Hash, hash};
use crate::keys::{Key, Keys};
use crate::ports::Stored;
use crate::refusal::Refusal;

use super::Call;
use super::chain::fault;

/// A tile of leaves, and the tiles above it that hold the root of something that ends with it.
struct Column {
    leaves: LeafTile,
    above: Vec<Vec<Hash>>,
}

impl Call<'_> {
    /// Goes on with the log. Tells whether it is done.
    pub(super) fn log(&mut self) -> Result<bool, Refusal> {
        if self.progress.is_without_log() {
            return Ok(true);
        }
        let size = self.progress.size();
        if self.progress.read.size() == 0
            && let Some((covered, _)) = self.progress.checkpoint()
            && covered > size
        {
            let gone = covered.saturating_sub(size);
            self.tell(&format!(
                "the checkpoint covers {covered} records and the log has {size}: the last {gone} are gone"
            ));
        }
        while self.progress.read.size() < size {
            if self.left == 0 {
                return Ok(false);
            }
            if !self.tile(size)? {
                return Ok(true);
            }
        }
        self.compare();
        if self.progress.read.root() != self.progress.root() {
            self.tell("the log's entries do not lead to its end: it was changed");
        }
        Ok(true)
    }

    /// Reads the next tile. Tells whether there is any use in going on.
    fn tile(&mut self, size: u64) -> Result<bool, Refusal> {
        let before = self.progress.read.size();
        let (number, _) = tile_of(before);
        let Some(Column { leaves, above }) = self.column(number)? else {
            self.tell(&format!(
                "the log cannot be read from entry {before} on: it is damaged, or entries are gone"
            ));
            return Ok(false);
        };
        let nodes = leaves.nodes();
        let read = (size.saturating_sub(before)).min(TILE) as usize;
        self.left = self.left.saturating_sub(TILE as u32);
        if self.progress.found < size {
            self.look_for(before, leaves.leaves.get(..read).unwrap_or_default())?;
        }
        if read == TILE as usize {
            let mut root = Frontier::of(&nodes).root();
            for (level, tile) in (1_u8..).zip(&above) {
                let entry = entries(before.saturating_add(TILE), level).saturating_sub(1);
                if tile.get(tile_of(entry).1) != Some(&root) {
                    self.tell(&format!(
                        "level {level} of the log does not hold what its entries lead to: it was changed"
                    ));
                }
                root = Frontier::of(tile).root();
            }
        }
        // The checkpoint may end amid a tile.
        for node in nodes.into_iter().take(read) {
            self.compare();
            self.progress.read.push(node, 0);
        }
        Ok(true)
    }

    /// The tiles that grew with this one, all as they are at one moment. None if one of them is not as long as the log says.
    fn column(&self, number: u64) -> Result<Option<Column>, Refusal> {
        let keys = Keys(self.site);
        let mut all: Vec<Key> = vec![keys.log(), keys.tile(0, number)];
        let mut numbers = vec![number];
        let mut done = number.saturating_add(1);
        // Entry `done - 1` of each level was added when the tile below it was full.
        for level in 1_u8.. {
            let (above, at) = tile_of(done.saturating_sub(1));
            all.push(keys.tile(level, above));
            numbers.push(above);
            if at as u64 != TILE - 1 {
                break;
            }
            done >>= TILE_HEIGHT;
        }
        let mut found = self.engine.get(&all)?.into_iter();
        let end = found.next().flatten();
        let Some(Ok(end)) = end.map(|stored| log::read(&stored.value)) else {
            return Ok(None);
        };
        let length = |level: u8, number: u64| {
            let before = number.saturating_mul(TILE);
            entries(end.frontier.size(), level)
                .saturating_sub(before)
                .min(TILE) as usize
        };
        let decoded = |stored: Option<Stored>| stored.map(|stored| stored.value);
        let leaves = decoded(found.next().flatten())
            .and_then(|value| codec::decode::<LeafTile>(&value, String::new).ok())
            .filter(|tile| tile.leaves.len() == length(0, number));
        let Some(leaves) = leaves else {
            return Ok(None);
        };
        let mut above = Vec::new();
        for ((stored, level), number) in found.zip(1_u8..).zip(numbers.into_iter().skip(1)) {
            let expected = length(level, number);
            let tile = decoded(stored).map_or_else(
                || Ok(NodeTile::default()),
                |value| codec::decode(&value, String::new),
            );
            match tile {
                Ok(NodeTile { nodes }) if nodes.len() == expected => above.push(nodes),
                _ => return Ok(None),
            }
        }
        Ok(Some(Column { leaves, above }))
    }

    /// Some entries were not found by reading the history: tells which.
    fn look_for(&mut self, first: u64, leaves: &[Leaf]) -> Result<(), Refusal> {
        let keys = Keys(self.site);
        let both = leaves.iter().flat_map(|leaf| {
            [
                keys.record(leaf.chain, leaf.sequence),
                keys.place(leaf.chain, leaf.sequence),
            ]
        });
        let found = self.engine.get(&both.collect::<Vec<_>>())?;
        for ((index, leaf), found) in (first..).zip(leaves).zip(found.chunks(2)) {
            let [record, place] = found else { continue };
            let place = place
                .as_ref()
                .and_then(|stored| codec::decode(&stored.value, String::new).ok());
            let message = match record {
                None => "this record is in the log and gone from the history",
                Some(stored) if hash(&stored.value) != leaf.hash => {
                    "this record is not the one that is in the log"
                }
                Some(_) if place != Some(Place { index }) => {
                    "this record is in the log at another place than is noted"
                }
                Some(_) => continue,
            };
            let fault = fault(leaf.chain, Some(leaf.sequence), message);
            if !self.report.faults.contains(&fault) {
                self.report.faults.push(fault);
            }
        }
        Ok(())
    }

    /// Whether what was read so far is what the checkpoint covers, if it covers so much.
    fn compare(&mut self) {
        let read = &self.progress.read;
        if let Some((covered, root)) = self.progress.checkpoint()
            && covered == read.size()
            && root != read.root()
        {
            self.tell(
                "history does not begin as the checkpoint says: something that it covers was changed, taken out or put in another order",
            );
        }
    }

    fn tell(&mut self, message: &str) {
        self.report
            .faults
            .push(fault(ChainId::POLICY, None, message));
    }
}
