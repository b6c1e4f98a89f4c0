//! Randomness that can be repeated: the same seed gives the same bytes. For the real one use
//! [`guestpass::ports::SystemRandom`].

use std::sync::atomic::{AtomicU64, Ordering};

use guestpass::ports::Random;

/// SplitMix64 over a counter: each call takes numbers that no other call got, whatever thread it is from.
#[derive(Debug)]
pub struct SeededRandom {
    seed: u64,
    drawn: AtomicU64,
}

impl SeededRandom {
    /// Begins with this seed.
    #[must_use]
    pub fn new(seed: u64) -> Self {
        Self {
            seed,
            drawn: AtomicU64::new(0),
        }
    }
}

impl Random for SeededRandom {
    fn fill(&self, bytes: &mut [u8]) -> Result<(), String> {
        for chunk in bytes.chunks_mut(8) {
            let drawn = self.drawn.fetch_add(1, Ordering::SeqCst);
            let mut mixed = (self.seed ^ 0x5bf0_3635)
                .wrapping_add(drawn.wrapping_add(1).wrapping_mul(0x9e37_79b9_7f4a_7c15));
            mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
            mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
            mixed ^= mixed >> 31;
            let length = chunk.len();
            chunk.copy_from_slice(&mixed.to_be_bytes()[..length]);
        }
        Ok(())
    }
}
