//! What is kept of a secret.

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use subtle::ConstantTimeEq;

/// Bytes of a secret: 256 bits, so that nobody guesses one and a fast hash keeps it.
pub const SECRET: usize = 32;

/// The SHA-256 of a secret.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Digest([u8; 32]);

impl Digest {
    /// Of this secret.
    #[must_use]
    pub fn of(secret: &[u8; SECRET]) -> Self {
        Self(Sha256::digest(secret).into())
    }

    /// From its bytes.
    #[must_use]
    pub const fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// Its bytes.
    #[must_use]
    pub const fn bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// Whether both are the same, in a time that tells nothing about where they differ.
    #[must_use]
    pub fn matches(&self, other: &Self) -> bool {
        self.0.ct_eq(&other.0).into()
    }

    /// The first eight bytes in hexadecimal: names a session in history without giving anything away.
    #[must_use]
    pub fn fingerprint(&self) -> String {
        let (first, _) = self.0.split_first_chunk::<8>().unwrap_or((&[0; 8], &[]));
        format!("{:016x}", u64::from_be_bytes(*first))
    }
}
