//! The name of a grant.

use core::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::{Deserialize, Serialize};

use crate::codec::Kept;
use crate::instant::Instant;

/// 128 bits: the moment of creation in milliseconds (48), then randomness (80), so that ids sort by age. Not a secret.
/// Written as 22 characters of base64url.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct GrantId([u8; 16]);

impl Kept for GrantId {}

impl GrantId {
    /// Length of the written form.
    pub const WRITTEN: usize = 22;

    /// The id of a grant made now.
    #[must_use]
    pub fn new(now: Instant, random: [u8; 10]) -> Self {
        let [_, _, time @ ..] = now.millis().to_be_bytes();
        let mut bytes = [0; 16];
        let parts = time.iter().chain(&random);
        bytes
            .iter_mut()
            .zip(parts)
            .for_each(|(byte, part)| *byte = *part);
        Self(bytes)
    }

    /// From its bytes.
    #[must_use]
    pub const fn from_bytes(bytes: [u8; 16]) -> Self {
        Self(bytes)
    }

    /// Its bytes.
    #[must_use]
    pub const fn bytes(&self) -> &[u8; 16] {
        &self.0
    }

    /// Reads the written form. None if it is not exactly that.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let mut bytes = [0; 16];
        let written = URL_SAFE_NO_PAD.decode_slice(text, &mut bytes).ok()?;
        (written == bytes.len()).then_some(Self(bytes))
    }
}

impl fmt::Display for GrantId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&URL_SAFE_NO_PAD.encode(self.0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sorts_by_age_and_reads_what_it_writes() {
        let old = GrantId::new(Instant::from_millis(1_000), [255; 10]);
        let new = GrantId::new(Instant::from_millis(1_001), [0; 10]);
        assert!(old < new);
        assert_eq!(old.to_string().len(), GrantId::WRITTEN);
        assert_eq!(GrantId::parse(&old.to_string()), Some(old));
    }

    #[test]
    fn only_the_one_written_form_is_read() {
        for text in [
            "",
            "A",
            "AAAAAAAAAAAAAAAAAAAAAB",
            "AAAAAAAAAAAAAAAAAAAAAA==",
            "AAAAAAAAAAAAAAAAAAAAAA\n",
            "AAAAAAAAAAAAAAAAAAAAAAA",
            "AAAAAAAAAAAAAAAAAAAAA+",
            "AAAAAAAAAAAAAAAAAAAAAAAA",
        ] {
            assert_eq!(GrantId::parse(text), None, "{text}");
        }
        assert!(GrantId::parse("AAAAAAAAAAAAAAAAAAAAAA").is_some());
    }
}
