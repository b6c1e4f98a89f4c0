//! Sets of permissions, as bits over a catalogue's order.

/// The most permissions a catalogue may have.
pub const MAX: usize = 1024;
const WORDS: usize = MAX / 64;

/// A set of permissions of one [`crate::catalogue::Catalogue`]: bit `i` stands for its `i`-th permission by name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PermissionSet([u64; WORDS]);

impl PermissionSet {
    /// Nothing.
    pub const EMPTY: Self = Self([0; WORDS]);

    /// The first `count` permissions.
    #[must_use]
    pub fn first(count: usize) -> Self {
        let mut set = Self::EMPTY;
        (0..count).for_each(|index| set.insert(index));
        set
    }

    /// Adds one; what is out of range is ignored.
    pub fn insert(&mut self, index: usize) {
        if let Some(word) = self.0.get_mut(index >> 6) {
            *word |= 1 << (index & 63);
        }
    }

    /// Whether it is in.
    #[must_use]
    pub fn contains(&self, index: usize) -> bool {
        self.0
            .get(index >> 6)
            .is_some_and(|word| word & (1 << (index & 63)) != 0)
    }

    /// In either.
    #[must_use]
    pub fn or(self, other: Self) -> Self {
        self.zip(other, |a, b| a | b)
    }

    /// In both.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        self.zip(other, |a, b| a & b)
    }

    /// In this one and not in the other.
    #[must_use]
    pub fn minus(self, other: Self) -> Self {
        self.zip(other, |a, b| a & !b)
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.iter().all(|word| *word == 0)
    }

    /// The indexes, ascending.
    pub fn iter(&self) -> impl Iterator<Item = usize> + '_ {
        (0..)
            .zip(self.0)
            .flat_map(|(word, bits)| Ones(bits).map(move |bit| (word << 6) | bit))
    }

    fn zip(mut self, other: Self, with: impl Fn(u64, u64) -> u64) -> Self {
        for (a, b) in self.0.iter_mut().zip(other.0) {
            *a = with(*a, b);
        }
        self
    }
}

/// The positions of the ones of a word, lowest first.
struct Ones(u64);

impl Iterator for Ones {
    type Item = usize;

    fn next(&mut self) -> Option<usize> {
        if self.0 == 0 {
            return None;
        }
        let bit = self.0.trailing_zeros();
        self.0 &= self.0.wrapping_sub(1);
        Some(bit as usize)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn is_a_set() {
        let mut a = PermissionSet::first(3);
        a.insert(1000);
        a.insert(4096);
        assert_eq!(a.iter().collect::<Vec<_>>(), [0, 1, 2, 1000]);
        let b = PermissionSet::first(2);
        assert_eq!(a.minus(b).iter().collect::<Vec<_>>(), [2, 1000]);
        assert_eq!(a.and(b), b);
        assert_eq!(a.or(b), a);
        assert!(a.contains(1000) && !a.contains(999) && !a.contains(4096));
        assert!(a.minus(a).is_empty());
        assert_eq!(PermissionSet::first(64).iter().count(), 64);
    }
}
