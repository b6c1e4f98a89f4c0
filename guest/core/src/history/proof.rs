//! Proofs: that a record is in the log of a checkpoint, and that a later log begins with an earlier one.
//!
//! A proof is a few hashes. Whoever has the checkpoints checks it without the site, by the algorithms of RFC 9162 (2.1.3 and
//! 2.1.4), which anybody can write down again in any language.

use core::fmt;
use core::str::FromStr;

use crate::codec;
use crate::engine::Engine;
use crate::history::checkpoint::Checkpoint;
use crate::history::log::{self, Place, TILE_HEIGHT, tile_of};
use crate::history::merkle::{self, Frontier, join, split};
use crate::history::record::{Happening, Hash};
use crate::history::words;
use crate::keys::Keys;
use crate::names::SiteId;
use crate::refusal::{Code, Refusal, quoted};

const INCLUSION: &str = "guestpass-inclusion-1";
const CONSISTENCY: &str = "guestpass-consistency-1";

/// That a record is in the log of a checkpoint.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Inclusion {
    /// Where: 0 for the first.
    pub index: u64,
    /// The size of the log it is about.
    pub size: u64,
    /// The hashes that lead from the record to the root.
    pub path: Vec<Hash>,
}

/// That a log begins with an earlier one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Consistency {
    /// The size of the earlier one.
    pub first: u64,
    /// The size of the later one.
    pub second: u64,
    /// The hashes that lead to both roots.
    pub path: Vec<Hash>,
}

impl Inclusion {
    /// Whether it proves that the record of this hash is in the log of this checkpoint.
    #[must_use]
    pub fn proves(&self, record: &Hash, checkpoint: &Checkpoint) -> bool {
        if self.size != checkpoint.size || self.index >= self.size {
            return false;
        }
        let mut climb = Climb::from(self.index, self.size);
        let mut root = merkle::leaf(record);
        for node in &self.path {
            match climb.step() {
                Some(Side::Left) => root = join(node, &root),
                Some(Side::Right) => root = join(&root, node),
                None => return false,
            }
        }
        climb.is_over() && root == checkpoint.root
    }
}

impl Consistency {
    /// Whether it proves that the log of the later checkpoint begins with that of the earlier one.
    #[must_use]
    pub fn proves(&self, earlier: &Checkpoint, later: &Checkpoint) -> bool {
        let sizes = (earlier.size, later.size);
        if earlier.site != later.site || (self.first, self.second) != sizes || sizes.0 > sizes.1 {
            return false;
        }
        if sizes.0 == 0 {
            return self.path.is_empty() && earlier.root == Frontier::default().root();
        }
        if sizes.0 == sizes.1 {
            return self.path.is_empty() && earlier.root == later.root;
        }
        // A complete earlier tree is a node of the later one, and is not told again.
        let whole = self.first.is_power_of_two().then_some(&earlier.root);
        let mut nodes = whole.into_iter().chain(&self.path);
        let Some(start) = nodes.next() else {
            return false;
        };
        let mut climb = Climb::from(self.first.saturating_sub(1), self.second);
        climb.pass_complete();
        let (mut first, mut second) = (*start, *start);
        for node in nodes {
            match climb.step() {
                Some(Side::Left) => {
                    first = join(node, &first);
                    second = join(node, &second);
                }
                Some(Side::Right) => second = join(&second, node),
                None => return false,
            }
        }
        climb.is_over() && first == earlier.root && second == later.root
    }
}

/// Whether this text proves that the record of this hash is in the log of this checkpoint.
///
/// # Errors
/// [`Code::BadProof`] if not, [`Code::BadCheckpoint`]
pub fn check_inclusion(record: &[u8], proof: &str, checkpoint: &str) -> Result<(), Refusal> {
    let (proof, checkpoint): (Inclusion, Checkpoint) = (proof.parse()?, checkpoint.parse()?);
    let proved = record
        .as_array()
        .is_some_and(|record| proof.proves(record, &checkpoint));
    proved.then_some(()).ok_or_else(|| {
        Code::BadProof
            .because("This does not prove that the record is in the log of the checkpoint.")
            .about("proof")
    })
}

/// Whether this text proves that the log of the later checkpoint begins with that of the earlier one.
///
/// # Errors
/// [`Code::BadProof`] if not, [`Code::BadCheckpoint`]
pub fn check_consistency(proof: &str, earlier: &str, later: &str) -> Result<(), Refusal> {
    let proof: Consistency = proof.parse()?;
    let proved = proof.proves(&earlier.parse()?, &later.parse()?);
    proved.then_some(()).ok_or_else(|| {
        Code::BadProof
            .because("This does not prove that the later log begins with the earlier one.")
            .about("proof")
    })
}

/// Where the next node of a path belongs.
enum Side {
    Left,
    Right,
}

/// The way up from a leaf: `fn` and `sn` of RFC 9162.
struct Climb {
    at: u64,
    last: u64,
}

impl Climb {
    fn from(index: u64, size: u64) -> Self {
        Self {
            at: index,
            last: size.saturating_sub(1),
        }
    }

    fn up(&mut self) {
        self.at >>= 1;
        self.last >>= 1;
    }

    /// Over the nodes that are in both trees.
    fn pass_complete(&mut self) {
        while self.at & 1 == 1 {
            self.up();
        }
    }

    /// None if this is the root already.
    fn step(&mut self) -> Option<Side> {
        if self.last == 0 {
            return None;
        }
        let left = self.at & 1 == 1 || self.at == self.last;
        if left {
            // At the right edge, levels without a node of its own are passed over.
            while self.at & 1 == 0 && self.at != 0 {
                self.up();
            }
        }
        self.up();
        Some(if left { Side::Left } else { Side::Right })
    }

    fn is_over(&self) -> bool {
        self.last == 0
    }
}

/// Where the nodes of a tree are found: that of `2^height` leaves, of which so many stand before it.
type Nodes<'n> = dyn FnMut(u32, u64) -> Result<Hash, Refusal> + 'n;

/// The root of the leaves from `start` to `end`, which are a tree within the tree.
fn root(mut start: u64, end: u64, nodes: &mut Nodes<'_>) -> Result<Hash, Refusal> {
    let mut roots = Vec::new();
    while let Some(height) = end.saturating_sub(start).checked_ilog2() {
        let height = height.min(start.trailing_zeros());
        roots.push(nodes(height, start.checked_shr(height).unwrap_or(0))?);
        start = start.saturating_add(1_u64.checked_shl(height).unwrap_or(u64::MAX));
    }
    let roots = roots.into_iter().rev();
    roots
        .reduce(|right, left| join(&left, &right))
        .ok_or_else(log::damaged)
}

fn inclusion(index: u64, size: u64, nodes: &mut Nodes<'_>) -> Result<Vec<Hash>, Refusal> {
    let (mut start, mut end) = (0_u64, size);
    let mut path = Vec::new();
    while end.saturating_sub(start) > 1 {
        let middle = start.saturating_add(split(end.saturating_sub(start)));
        if index < middle {
            path.push(root(middle, end, nodes)?);
            end = middle;
        } else {
            path.push(root(start, middle, nodes)?);
            start = middle;
        }
    }
    path.reverse();
    Ok(path)
}

fn consistency(first: u64, second: u64, nodes: &mut Nodes<'_>) -> Result<Vec<Hash>, Refusal> {
    let (mut start, mut end) = (0_u64, second);
    let mut path = Vec::new();
    if first == 0 {
        return Ok(path);
    }
    while first < end {
        let middle = start.saturating_add(split(end.saturating_sub(start)));
        if first <= middle {
            path.push(root(middle, end, nodes)?);
            end = middle;
        } else {
            path.push(root(start, middle, nodes)?);
            start = middle;
        }
    }
    if start > 0 {
        path.push(root(start, end, nodes)?);
    }
    path.reverse();
    Ok(path)
}

impl Engine<'_> {
    /// Proves that a record, named as [`Happening::id`] does, is in the log of this checkpoint.
    ///
    /// # Errors
    /// [`Code::UnknownRecord`] if it is not; [`Code::BadCheckpoint`] if the log is shorter than that; if the log is damaged.
    pub fn prove_inclusion(
        &self,
        site: &SiteId,
        id: &str,
        checkpoint: &Checkpoint,
    ) -> Result<Inclusion, Refusal> {
        let size = self.covered(site, checkpoint)?;
        let place = match Happening::parse_id(id) {
            Some((chain, sequence)) => self
                .get(&[Keys(site).place(chain, sequence)])?
                .pop()
                .flatten(),
            None => None,
        };
        let place: Option<Place> = place
            .map(|place| codec::decode(&place.value, || "the log of history".to_owned()))
            .transpose()?;
        let index = place.map(|place| place.index).filter(|index| *index < size);
        let index = index.ok_or_else(|| {
            Code::UnknownRecord.because(format!(
                "There is no record {} in what this checkpoint covers. A new record gets into the log by the next sweep; take a checkpoint after that.",
                quoted(id)
            ))
        })?;
        Ok(Inclusion {
            index,
            size,
            path: inclusion(index, size, &mut self.nodes_of(site))?,
        })
    }

    /// Proves that the log of the later checkpoint begins with that of the earlier one, going by what is stored now. It
    /// proves nothing if the log was changed: then [`Consistency::proves`] says so.
    ///
    /// # Errors
    /// [`Code::BadCheckpoint`] if the log is shorter than one of them, or they are the wrong way round; if the log is damaged.
    pub fn prove_consistency(
        &self,
        site: &SiteId,
        earlier: &Checkpoint,
        later: &Checkpoint,
    ) -> Result<Consistency, Refusal> {
        let (first, second) = (self.covered(site, earlier)?, self.covered(site, later)?);
        if first > second {
            let message = "The earlier checkpoint covers more than the later one.";
            return Err(Code::BadCheckpoint.because(message).about("earlier"));
        }
        Ok(Consistency {
            first,
            second,
            path: consistency(first, second, &mut self.nodes_of(site))?,
        })
    }

    /// The size of a checkpoint of this site's log, if it is as long as that.
    fn covered(&self, site: &SiteId, checkpoint: &Checkpoint) -> Result<u64, Refusal> {
        let size = checkpoint.clone().of(site)?.size;
        let there = self.end_of_log(site)?.unwrap_or_default().frontier.size();
        if size <= there {
            return Ok(size);
        }
        let message = format!(
            "The checkpoint covers {size} records and the log has {there}: somebody took the last of them away."
        );
        Err(Code::BadCheckpoint.because(message).about("checkpoint"))
    }

    /// The nodes of a site's log, each tile of it read once.
    fn nodes_of<'e>(
        &'e self,
        site: &'e SiteId,
    ) -> impl FnMut(u32, u64) -> Result<Hash, Refusal> + 'e {
        let mut tiles: Vec<((u8, u64), Vec<Hash>)> = Vec::new();
        move |height, number| {
            let level = u8::try_from(height.checked_div(TILE_HEIGHT).unwrap_or(0)).unwrap_or(0);
            let within = height.checked_rem(TILE_HEIGHT).unwrap_or(0);
            // `2^within` entries of that level are below the node, and they are in one tile.
            let (tile, at) = tile_of(number.checked_shl(within).unwrap_or(0));
            if !tiles.iter().any(|(name, _)| *name == (level, tile)) {
                tiles.push(((level, tile), self.nodes(site, level, tile)?));
            }
            let known = tiles.iter().find(|(name, _)| *name == (level, tile));
            let count = 1_usize.checked_shl(within).unwrap_or(0);
            known
                .and_then(|(_, nodes)| nodes.get(at..at.saturating_add(count)))
                .map(|below| Frontier::of(below).root())
                .ok_or_else(log::damaged)
        }
    }
}

fn write(name: &str, sizes: [u64; 2], path: &[Hash]) -> String {
    let sizes = sizes.iter().map(u64::to_string);
    let path = path.iter().map(words::write_hash);
    let all: Vec<_> = core::iter::once(name.to_owned())
        .chain(sizes)
        .chain(path)
        .collect();
    words::write(&all)
}

fn read(name: &str, text: &str) -> Result<(u64, u64, Vec<Hash>), Refusal> {
    let read = || {
        let words = words::read(name, text)?;
        let ([first, second], path) = words.split_first_chunk::<2>()?;
        let path: Option<Vec<_>> = path.iter().map(|word| words::read_hash(word)).collect();
        Some((
            words::read_number(first)?,
            words::read_number(second)?,
            path?,
        ))
    };
    read().ok_or_else(|| {
        Code::BadProof
            .because(format!(
                "This is no such proof, or not all of it: one is a line that begins with `{name}`."
            ))
            .about("proof")
    })
}

/// One line: its name, index and size, the path in base64url, a checksum.
impl fmt::Display for Inclusion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&write(INCLUSION, [self.index, self.size], &self.path))
    }
}

impl FromStr for Inclusion {
    type Err = Refusal;

    fn from_str(text: &str) -> Result<Self, Refusal> {
        let (index, size, path) = read(INCLUSION, text)?;
        Ok(Self { index, size, path })
    }
}

/// One line: its name, both sizes, the path in base64url, a checksum.
impl fmt::Display for Consistency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&write(CONSISTENCY, [self.first, self.second], &self.path))
    }
}

impl FromStr for Consistency {
    type Err = Refusal;

    fn from_str(text: &str) -> Result<Self, Refusal> {
        let (first, second, path) = read(CONSISTENCY, text)?;
        Ok(Self {
            first,
            second,
            path,
        })
    }
}

#[cfg(test)]
#[path = "proof_tests.rs"]
mod tests;
