//! Randomness for secrets and names. The one port that has no harmless failure, so failing stops the call.

use std::sync::Arc;

use rand::TryRng;
use rand::rngs::SysRng;

/// A cryptographically secure source of random bytes.
pub trait Random: Send + Sync + 'static {
    /// Fills all of `bytes` (at most 64 are asked for). Never the same bytes twice, also not after a fork or in a restored
    /// snapshot.
    ///
    /// # Errors
    /// Why there are none, for the operator. The engine then gives up the call and nothing is changed; weaker bytes are
    /// never used.
    fn fill(&self, bytes: &mut [u8]) -> Result<(), String>;
}

impl<T: Random + ?Sized> Random for Arc<T> {
    fn fill(&self, bytes: &mut [u8]) -> Result<(), String> {
        (**self).fill(bytes)
    }
}

/// The operating system's source.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemRandom;

impl Random for SystemRandom {
    fn fill(&self, bytes: &mut [u8]) -> Result<(), String> {
        SysRng
            .try_fill_bytes(bytes)
            .map_err(|error| format!("the system has no random bytes: {error}"))
    }
}
