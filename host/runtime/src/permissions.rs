//! A set of permissions that is asked natively, without a call into the engine.

use std::fmt;

use serde::{Serialize, Serializer};

/// A set of permissions. Asking is a binary search: it allocates nothing and takes no lock.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct Permissions {
    /// The names in ascending byte order, one space between two of them.
    set: Box<str>,
    /// Where each name begins in `set`.
    starts: Box<[u32]>,
}

impl Permissions {
    /// Reads a permission set as the engine writes it: names in ascending byte order, one space between two of them. Of a
    /// set in another order some names are not found, which denies.
    pub(crate) fn from_set(set: String) -> Self {
        let mut starts = Vec::new();
        if !set.is_empty() {
            starts.reserve_exact(1 + set.bytes().filter(|byte| *byte == b' ').count());
            starts.push(0);
            let spaces = set.bytes().enumerate().filter(|(_, byte)| *byte == b' ');
            // A set is far shorter than 4 GiB: the engine's memory is.
            starts.extend(spaces.filter_map(|(at, _)| u32::try_from(at + 1).ok()));
        }
        Self {
            set: set.into_boxed_str(),
            starts: starts.into_boxed_slice(),
        }
    }

    /// Whether the set holds this permission. Unknown names are not held.
    pub fn may(&self, permission: &str) -> bool {
        let (mut low, mut high) = (0, self.starts.len());
        while low < high {
            let middle = low + (high - low) / 2;
            match self.name(middle).cmp(permission) {
                std::cmp::Ordering::Equal => return true,
                std::cmp::Ordering::Less => low = middle + 1,
                std::cmp::Ordering::Greater => high = middle,
            }
        }
        false
    }

    /// The names in ascending byte order.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        (0..self.starts.len()).map(|index| self.name(index))
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.starts.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.starts.is_empty()
    }

    /// The whole set as one string, as the contract writes it.
    pub fn as_set(&self) -> &str {
        &self.set
    }

    fn name(&self, index: usize) -> &str {
        let start = self
            .starts
            .get(index)
            .map_or(self.set.len(), |start| *start as usize);
        // The name ends one byte, the space, before the next one begins.
        let end = self
            .starts
            .get(index + 1)
            .map_or(self.set.len(), |next| *next as usize - 1);
        self.set.get(start..end).unwrap_or_default()
    }
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
