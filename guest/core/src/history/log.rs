//! The log of a site: one Merkle tree over all its history records, in the order in which they were put in.
//!
//! Grants never contend, so no change touches the log: it leaves the hash of its record under a key of its own
//! ([`Waiting`]), and upkeep puts what waits into the log, many at once ([`fold`](crate::history::fold)).
//!
//! The log is kept in tiles of up to 256 entries. Those of level 0 hold the leaves; entry `i` of level 1 is the root of the
//! 256 leaves from `256 i` on, and so on up. Whatever a proof needs is in one tile a level, and growing by a leaf changes one
//! tile, or every 256th time two.

use serde::{Deserialize, Serialize};

use crate::codec::{self, Kept};
use crate::engine::Engine;
use crate::history::merkle::{self, Frontier};
use crate::history::record::{self, ChainId, Hash};
use crate::keys::Keys;
use crate::names::SiteId;
use crate::refusal::{Code, Refusal};

/// Entries of a tile, as a power of two.
pub const TILE_HEIGHT: u32 = 8;
/// Entries of a tile.
pub const TILE: u64 = 1 << TILE_HEIGHT;

/// The end of the log.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Log {
    /// The tree.
    pub frontier: Frontier,
    /// Where to go on with the records that were there before the log was; none when all of them are in. It is the tail
    /// of a record's key: see [`Keys::tail`].
    pub behind: Option<Vec<u8>>,
}

impl Kept for Log {}
impl Kept for Waiting {}
impl Kept for Place {}
impl Kept for LeafTile {}
impl Kept for NodeTile {}

/// The log of a site whose history nobody has begun to put in.
impl Default for Log {
    fn default() -> Self {
        Self {
            frontier: Frontier::default(),
            behind: Some(Vec::new()),
        }
    }
}

/// A record that is not in the log yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Waiting {
    /// Its hash when it was written: what happens to it before it gets in does not get in.
    pub hash: Hash,
}

/// Where in the log a record is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    /// 0 for the first.
    pub index: u64,
}

/// One entry of the log.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Leaf {
    /// Of which chain.
    pub chain: ChainId,
    /// Which of its records.
    pub sequence: u64,
    /// The hash of the record, which is what the leaf's hash is made of.
    pub hash: Hash,
}

impl Leaf {
    /// The name of the record: [`Happening::id`](crate::history::record::Happening::id).
    #[must_use]
    pub fn id(&self) -> String {
        record::id(self.chain, self.sequence)
    }
}

/// A tile of level 0.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct LeafTile {
    /// Up to 256.
    pub leaves: Vec<Leaf>,
}

/// A tile of a higher level.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct NodeTile {
    /// Up to 256.
    pub nodes: Vec<Hash>,
}

impl LeafTile {
    /// The hashes of the leaves.
    #[must_use]
    pub fn nodes(&self) -> Vec<Hash> {
        let leaves = self.leaves.iter();
        leaves.map(|leaf| merkle::leaf(&leaf.hash)).collect()
    }
}

/// Which tile an entry is in, and where in that.
#[must_use]
pub const fn tile_of(entry: u64) -> (u64, usize) {
    (entry >> TILE_HEIGHT, (entry & (TILE - 1)) as usize)
}

/// How many entries a level has.
#[must_use]
pub fn entries(size: u64, level: u8) -> u64 {
    let height = TILE_HEIGHT.saturating_mul(u32::from(level));
    size.checked_shr(height).unwrap_or(0)
}

pub(crate) fn damaged() -> Refusal {
    Code::RecordDamaged.because(
        "The log of the site's history is damaged. Verify the history and restore the database from a backup.",
    )
}

impl Engine<'_> {
    /// The end of the log as it stands; none if nothing was ever put in.
    pub(crate) fn end_of_log(&self, site: &SiteId) -> Result<Option<Log>, Refusal> {
        let stored = self.get(&[Keys(site).log()])?.pop().flatten();
        stored.map(|stored| read(&stored.value)).transpose()
    }

    /// A tile of leaves; an empty one if it is not there.
    pub(crate) fn leaf_tile(&self, site: &SiteId, tile: u64) -> Result<LeafTile, Refusal> {
        let stored = self.get(&[Keys(site).tile(0, tile)])?.pop().flatten();
        let tile = stored.map(|stored| codec::decode(&stored.value, || "the log".to_owned()));
        Ok(tile.transpose()?.unwrap_or_default())
    }

    /// The hashes in a tile of any level; none if it is not there.
    pub(crate) fn nodes(&self, site: &SiteId, level: u8, tile: u64) -> Result<Vec<Hash>, Refusal> {
        if level == 0 {
            return Ok(self.leaf_tile(site, tile)?.nodes());
        }
        let stored = self.get(&[Keys(site).tile(level, tile)])?.pop().flatten();
        let tile = stored.map(|stored| codec::decode(&stored.value, || "the log".to_owned()));
        let tile: NodeTile = tile.transpose()?.unwrap_or_default();
        Ok(tile.nodes)
    }
}

/// Reads the end of the log.
pub(crate) fn read(stored: &[u8]) -> Result<Log, Refusal> {
    let log: Log = codec::decode(stored, || "the log of history".to_owned())?;
    if log.frontier.is_sound() {
        Ok(log)
    } else {
        Err(damaged())
    }
}
