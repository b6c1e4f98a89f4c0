//! Passwords for guests who sign in by one. They are made here, because a guest's own would be one that is used elsewhere.

use crate::entry::token::Issued;
use crate::ports::Random;

/// Letters and digits of which none is taken for another when it is read out or copied by hand.
const ALPHABET: &[u8; 56] = b"ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnpqrstuvwxyz23456789";

/// Characters of a password: 139 bits, so that nobody guesses one and no host needs to be slow about it.
pub const LENGTH: usize = 24;

/// Bytes from here on are thrown away: of those below, each character has the same number.
const FAIR: u8 = 224;

/// A new password. Each character is drawn for itself, and all are as likely.
#[must_use]
pub fn generate(random: &dyn Random) -> Issued {
    let mut password = String::with_capacity(LENGTH);
    while password.len() < LENGTH {
        let mut bytes = [0; 32];
        random.fill(&mut bytes);
        let wanted = LENGTH.saturating_sub(password.len());
        password.extend(bytes.iter().filter_map(drawn).take(wanted));
    }
    Issued::new(password)
}

/// The character that a random byte stands for; none if that would make some likelier than others.
fn drawn(byte: &u8) -> Option<char> {
    let fair = Some(byte).filter(|byte| **byte < FAIR)?;
    let index = usize::from(*fair).checked_rem(ALPHABET.len())?;
    ALPHABET.get(index).copied().map(char::from)
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;
    use std::collections::BTreeMap;

    use super::*;

    /// Every byte in turn.
    struct Counting(Cell<u8>);

    impl Random for Counting {
        fn fill(&self, buffer: &mut [u8]) {
            for byte in buffer {
                *byte = self.0.replace(self.0.get().wrapping_add(1));
            }
        }
    }

    #[test]
    fn every_character_stands_for_as_many_bytes() {
        let mut counts = BTreeMap::new();
        for byte in 0..=u8::MAX {
            if let Some(character) = drawn(&byte) {
                *counts.entry(character).or_insert(0) += 1;
            }
        }
        assert_eq!(counts.len(), ALPHABET.len(), "no character twice");
        assert!(counts.values().all(|count| *count == 4), "{counts:?}");
    }

    #[test]
    fn no_character_looks_like_another() {
        for alike in "0O1lIo".chars() {
            assert!(!ALPHABET.contains(&(alike as u8)), "{alike}");
        }
    }

    #[test]
    fn what_would_be_unfair_is_drawn_anew() {
        let random = Counting(Cell::new(FAIR - 1));
        let password = generate(&random).into_text();
        assert_eq!(password.len(), LENGTH);
        // The last fair byte, then those after the unfair ones.
        assert!(password.starts_with("9ABCDE"), "{password}");
    }
}
