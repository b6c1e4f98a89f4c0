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
    /// In the place of a digest where there is no secret: nobody knows a secret that has it.
    pub const OF_NOTHING: Self = Self([0; 32]);

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

    /// The SHA-256 of it and then these bytes.
    #[must_use]
    pub fn followed_by(&self, bytes: &[u8]) -> Self {
        let both = Sha256::new().chain_update(self.0).chain_update(bytes);
        Self(both.finalize().into())
    }

    /// The name in history of what is kept under this digest: the first 16 bytes of the SHA-256 of both, in hexadecimal. It
    /// is another one as soon as anything in either is changed, and gives nothing away.
    #[must_use]
    pub fn name_of(&self, kept: &[u8]) -> String {
        let both = self.followed_by(kept).0;
        let [a, b, ..] = both.as_chunks::<8>().0 else {
            return String::new();
        };
        let half = |bytes: &[u8; 8]| u64::from_be_bytes(*bytes);
        format!("{:016x}{:016x}", half(a), half(b))
    }
}
