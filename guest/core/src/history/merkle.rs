//! The tree of RFC 6962 (and 9162): how hashes are put together so that few of them stand for many.
//!
//! A leaf is hashed with a zero byte before it and a pair of nodes with a one, so that neither can pass for the other. A
//! tree of `n` leaves is split at the largest power of two below `n`.

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use crate::history::record::Hash;

/// The hash of a leaf: of a history record's hash.
#[must_use]
pub fn leaf(record: &Hash) -> Hash {
    Sha256::new()
        .chain_update([0])
        .chain_update(record)
        .finalize()
        .into()
}

/// The hash of a node with these two below it.
#[must_use]
pub fn join(left: &Hash, right: &Hash) -> Hash {
    Sha256::new()
        .chain_update([1])
        .chain_update(left)
        .chain_update(right)
        .finalize()
        .into()
}

/// All there is to know of a tree to let it grow: the roots of the complete trees it consists of, the largest first. A tree
/// of 13 leaves has three, over 8, 4 and 1 of them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Frontier {
    size: u64,
    nodes: Vec<Hash>,
}

impl Frontier {
    /// Of these nodes of one height, of which there are few enough to be at hand.
    #[must_use]
    pub fn of(nodes: &[Hash]) -> Self {
        let mut frontier = Self::default();
        nodes.iter().for_each(|node| frontier.push(*node, 0));
        frontier
    }

    /// How many leaves there are.
    #[must_use]
    pub const fn size(&self) -> u64 {
        self.size
    }

    /// Whether there are as many nodes as a tree of this size has.
    #[must_use]
    pub fn is_sound(&self) -> bool {
        self.nodes.len() == self.size.count_ones() as usize
    }

    /// Adds a complete tree of `2^height` leaves. Those that are there must be a multiple of that.
    pub fn push(&mut self, mut node: Hash, height: u32) {
        let mut trees = self.size.checked_shr(height).unwrap_or(0);
        while trees & 1 == 1 {
            if let Some(left) = self.nodes.pop() {
                node = join(&left, &node);
            }
            trees >>= 1;
        }
        self.nodes.push(node);
        let leaves = 1_u64.checked_shl(height).unwrap_or(0);
        self.size = self.size.saturating_add(leaves);
    }

    /// The hash that stands for all of them. That of nothing is the SHA-256 of nothing.
    #[must_use]
    pub fn root(&self) -> Hash {
        let nodes = self.nodes.iter().rev().copied();
        nodes
            .reduce(|right, left| join(&left, &right))
            .unwrap_or_else(|| Sha256::digest([]).into())
    }
}

/// The largest power of two below `size`, where a tree of more than one leaf is split.
#[must_use]
pub fn split(size: u64) -> u64 {
    let below = size.saturating_sub(1);
    1_u64
        .checked_shl(below.checked_ilog2().unwrap_or(0))
        .unwrap_or(0)
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    /// The definition of RFC 6962, 2.1, word by word: what all else is measured by.
    pub fn by_definition(leaves: &[Hash]) -> Hash {
        match leaves {
            [] => Sha256::digest([]).into(),
            [one] => leaf(one),
            many => {
                let mut k = 1;
                while k * 2 < many.len() {
                    k *= 2;
                }
                join(&by_definition(&many[..k]), &by_definition(&many[k..]))
            }
        }
    }

    /// So many leaves that differ.
    pub fn leaves(count: u64) -> Vec<Hash> {
        (0..count)
            .map(|number| Sha256::digest(number.to_be_bytes()).into())
            .collect()
    }

    fn hex(hash: Hash) -> String {
        hash.iter().map(|byte| format!("{byte:02x}")).collect()
    }

    #[test]
    fn there_are_as_many_nodes_as_the_size_has_trees() {
        let mut frontier = Frontier::default();
        for leaf in leaves(9) {
            assert!(frontier.is_sound());
            frontier.push(leaf, 0);
        }
        frontier.nodes.pop();
        assert!(!frontier.is_sound());
    }

    #[test]
    fn leaves_and_nodes_are_hashed_as_the_rfc_says() {
        assert_eq!(
            hex(Frontier::default().root()),
            "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
        );
        let leaf = leaf(&[0; 32]);
        assert_eq!(hex(leaf), hex(Sha256::digest([0; 33]).into()));
        let node = join(&[2; 32], &[3; 32]);
        let written = [&[1][..], &[2; 32], &[3; 32]].concat();
        assert_eq!(hex(node), hex(Sha256::digest(written).into()));
    }

    #[test]
    fn a_frontier_grows_to_the_root_that_the_definition_gives() {
        let all = leaves(300);
        let mut frontier = Frontier::default();
        for (size, next) in (0..).zip(&all) {
            assert_eq!(frontier.size(), size);
            assert!(frontier.is_sound());
            assert_eq!(frontier.root(), by_definition(&all[..size as usize]));
            frontier.push(leaf(next), 0);
        }
    }

    #[test]
    fn whole_trees_are_taken_in_as_their_leaves_would_be() {
        let all = leaves(64 + 8 + 3);
        let mut frontier = Frontier::default();
        frontier.push(by_definition(&all[..64]), 6);
        frontier.push(by_definition(&all[64..72]), 3);
        all[72..]
            .iter()
            .for_each(|next| frontier.push(leaf(next), 0));
        assert_eq!(frontier.root(), by_definition(&all));
        assert_eq!(frontier.size(), 75);
    }

    #[test]
    fn a_tree_is_split_at_the_largest_power_of_two_below_its_size() {
        let splits = [2, 3, 4, 5, 8, 9, u64::MAX].map(split);
        assert_eq!(splits, [1, 2, 2, 4, 4, 8, 1 << 63]);
    }
}
