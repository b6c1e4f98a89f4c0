//! Which sessions a chain says there are.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use crate::ports::Random;

/// So many names are handed from one call to the next.
const MOST: usize = 64;

/// The names of the sessions that began and did not end. Where a chain is broken off and there are too many of them, a sum
/// stands for them that is zero if they are the same as those that are stored. What is added up nobody could know who wrote to
/// the database before: it depends on a key that is drawn when it is needed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Sessions {
    names: BTreeSet<String>,
    sum: Option<Sum>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Sum {
    key: [u8; 32],
    sum: u128,
}

impl Sum {
    fn part(&self, name: &str) -> u128 {
        let hash: [u8; 32] = Sha256::new()
            .chain_update(self.key)
            .chain_update(name)
            .finalize()
            .into();
        hash.first_chunk()
            .map_or(0, |half| u128::from_be_bytes(*half))
    }

    fn add(&mut self, name: &str) {
        self.sum = self.sum.wrapping_add(self.part(name));
    }

    fn take(&mut self, name: &str) {
        self.sum = self.sum.wrapping_sub(self.part(name));
    }
}

impl Sessions {
    /// A record says that one began.
    pub(super) fn began(&mut self, name: String) {
        match &mut self.sum {
            Some(sum) => sum.add(&name),
            None => _ = self.names.insert(name),
        }
    }

    /// Makes it small enough to be handed on.
    pub(super) fn shorten(&mut self, random: &dyn Random) {
        if self.names.len() > MOST {
            let mut sum = Sum {
                key: [0; 32],
                sum: 0,
            };
            random.fill(&mut sum.key);
            self.names.iter().for_each(|name| sum.add(name));
            self.names.clear();
            self.sum = Some(sum);
        }
    }

    /// A record says that one ended.
    pub(super) fn ended(&mut self, name: &str) {
        match &mut self.sum {
            Some(sum) => sum.take(name),
            None => _ = self.names.remove(name),
        }
    }

    /// One is stored. Tells whether it should be, as far as that is known by now.
    pub(super) fn is_stored(&mut self, name: &str) -> bool {
        match &mut self.sum {
            Some(sum) => {
                sum.take(name);
                true
            }
            None => self.names.remove(name),
        }
    }

    /// What does not fit when all that are stored were seen.
    pub(super) fn faults(self) -> Vec<String> {
        match self.sum {
            Some(Sum { sum: 0, .. }) => Vec::new(),
            Some(_) => vec!["its sessions are not those that began and did not end".to_owned()],
            None => {
                let gone = |name| format!("session {name} is gone without a record of it");
                self.names.into_iter().map(gone).collect()
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Fixed;

    impl Random for Fixed {
        fn fill(&self, buffer: &mut [u8]) {
            buffer.fill(7);
        }
    }

    fn of(count: usize) -> Sessions {
        let mut sessions = Sessions::default();
        for number in 0..count {
            sessions.began(number.to_string());
            if number == MOST + 2 {
                sessions.shorten(&Fixed);
            }
        }
        sessions
    }

    #[test]
    fn few_sessions_are_told_by_name_and_many_as_one() {
        for count in [3, MOST + 2, MOST + 3, MOST + 9] {
            let mut sessions = of(count);
            sessions.ended("1");
            for number in (0..count).rev().filter(|number| *number != 1) {
                assert!(sessions.is_stored(&number.to_string()));
            }
            assert_eq!(sessions.clone().faults(), [""; 0], "{count}");
            let known = sessions.is_stored("1");
            let faults = sessions.faults();
            assert!(
                !known || faults.len() == 1,
                "{count}: one that ended is stored"
            );

            let mut sessions = of(count);
            for number in 1..count {
                assert!(sessions.is_stored(&number.to_string()));
            }
            assert_eq!(sessions.clone().faults().len(), 1, "{count}: one is gone");
            let told_at_once = !sessions.is_stored("another");
            assert!(
                told_at_once || sessions.faults().len() == 1,
                "{count}: another is there"
            );
        }
    }
}
