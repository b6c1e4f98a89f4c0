//! A set of permissions that is asked natively, without a call into the engine.

use std::fmt;
use std::sync::OnceLock;

use serde::{Serialize, Serializer};

/// A set of permissions. Asking is a binary search; the first question also finds out where each name begins.
#[derive(Clone, Default)]
pub struct Permissions {
    /// The names in ascending byte order, one space between two of them.
    set: Box<str>,
    /// Where each name begins in `set`. Made when it is first needed: many a request asks for no permission at all.
    starts: OnceLock<Box<[u32]>>,
}

impl Permissions {
    /// Reads a permission set as the engine writes it: names in ascending byte order, one space between two of them. Of a
    /// set in another order some names are not found, which denies.
    pub(crate) fn from_set(set: String) -> Self {
        Self {
            set: set.into_boxed_str(),
            starts: OnceLock::new(),
        }
    }

    /// Whether the set holds this permission. Unknown names are not held.
    pub fn may(&self, permission: &str) -> bool {
        let starts = self.starts();
        let (mut low, mut high) = (0, starts.len());
        while low < high {
            let middle = low + (high - low) / 2;
            match self.name(starts, middle).cmp(permission) {
                std::cmp::Ordering::Equal => return true,
                std::cmp::Ordering::Less => low = middle + 1,
                std::cmp::Ordering::Greater => high = middle,
            }
        }
        false
    }

    /// The names in ascending byte order.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        let starts = self.starts();
        (0..starts.len()).map(|index| self.name(starts, index))
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.starts().len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.set.is_empty()
    }

    /// The whole set as one string, as the contract writes it.
    pub fn as_set(&self) -> &str {
        &self.set
    }

    fn starts(&self) -> &[u32] {
        self.starts.get_or_init(|| starts_of(self.set.as_bytes()))
    }

    fn name(&self, starts: &[u32], index: usize) -> &str {
        let start = starts
            .get(index)
            .map_or(self.set.len(), |start| *start as usize);
        // The name ends one byte, the space, before the next one begins.
        let end = starts
            .get(index + 1)
            .map_or(self.set.len(), |next| *next as usize - 1);
        self.set.get(start..end).unwrap_or_default()
    }
}

impl PartialEq for Permissions {
    fn eq(&self, other: &Self) -> bool {
        self.set == other.set
    }
}

impl Eq for Permissions {}

/// Where each name of a set begins. A set has some hundred bytes, so this looks at eight at once.
fn starts_of(set: &[u8]) -> Box<[u32]> {
    if set.is_empty() {
        return Box::default();
    }
    let (words, rest) = set.as_chunks::<8>();
    let spaces = || words.iter().map(|word| spaces_in(*word));
    let count: u32 = spaces().map(u64::count_ones).sum();
    let mut starts = Vec::with_capacity(1 + count as usize + rest.len());
    starts.push(0);
    // A name begins one byte after a space. A set is far shorter than 4 GiB: the engine's memory is.
    let mut after = 1;
    for mut spaces in spaces() {
        while spaces != 0 {
            starts.push(after + spaces.trailing_zeros() / 8);
            spaces &= spaces - 1;
        }
        after += 8;
    }
    let spaces = (after..).zip(rest).filter(|(_, byte)| **byte == b' ');
    starts.extend(spaces.map(|(after, _)| after));
    starts.into_boxed_slice()
}

/// The highest bit of each byte that is a space; the first byte is the lowest.
fn spaces_in(word: [u8; 8]) -> u64 {
    const SPACES: u64 = u64::from_ne_bytes([b' '; 8]);
    const LOW_BITS: u64 = u64::from_ne_bytes([0x7f; 8]);
    let differs = u64::from_le_bytes(word) ^ SPACES;
    // The sum of two bytes below 0x80 stays within its byte.
    !(((differs & LOW_BITS) + LOW_BITS) | differs | LOW_BITS)
}

impl fmt::Display for Permissions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.set)
    }
}

impl fmt::Debug for Permissions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.iter()).finish()
    }
}

impl Serialize for Permissions {
    /// As a list of names.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.iter())
    }
}

#[cfg(test)]
mod tests {
    use super::Permissions;

    fn permissions(set: &str) -> Permissions {
        Permissions::from_set(set.to_owned())
    }

    #[test]
    fn exactly_the_names_in_the_set_are_held() {
        let set = permissions("delete_posts edit_posts publish_posts read");
        for name in ["delete_posts", "edit_posts", "publish_posts", "read"] {
            assert!(set.may(name), "{name}");
        }
        for name in [
            "",
            " ",
            "edit",
            "edit_post",
            "edit_postss",
            "edit_posts publish_posts",
            "z",
            "READ",
            "read ",
        ] {
            assert!(!set.may(name), "{name}");
        }
        assert_eq!(set.len(), 4);
        assert_eq!(set.iter().collect::<Vec<_>>().join(" "), set.to_string());
    }

    #[test]
    fn names_are_found_wherever_they_begin() {
        for length in 1..40 {
            let name = |letter: &str| letter.repeat(length);
            let names = [
                name("\u{a0}"),
                name("a"),
                name("b"),
                "c".to_owned(),
                name("é"),
            ];
            let set = permissions(&names[1..].join(" "));
            assert_eq!(set.iter().collect::<Vec<_>>(), names[1..], "{length}");
            assert!(names[1..].iter().all(|name| set.may(name)), "{length}");
            assert!(!set.may(&names[0]), "{length}");
        }
    }

    #[test]
    fn sets_are_equal_whether_they_were_asked_or_not() {
        let (asked, other) = (permissions("edit read"), permissions("edit read"));
        assert!(asked.may("read"));
        assert_eq!(asked, other);
        assert_ne!(asked, permissions("edit"));
    }

    #[test]
    fn an_empty_set_holds_nothing_not_even_the_empty_name() {
        let set = permissions("");
        assert!(set.is_empty());
        assert!(!set.may(""));
        assert_eq!(set.iter().count(), 0);
    }

    #[test]
    fn a_single_name_is_found() {
        assert!(permissions("read").may("read"));
        assert!(!permissions("read").may("rea"));
    }
}
