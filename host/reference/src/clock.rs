//! One clock for the host and its engine, so that they never disagree about what is over.

use std::fmt;
use std::sync::Arc;

use guestpass::ports::{Clock, SystemClock};

/// A clock that the host and the engine share.
#[derive(Clone)]
pub struct SharedClock(Arc<dyn Clock>);

impl SharedClock {
    /// This clock, from now on shared.
    pub fn new(clock: impl Clock) -> Self {
        Self(Arc::new(clock))
    }

    /// Now, in milliseconds since the epoch.
    #[must_use]
    pub fn now(&self) -> u64 {
        self.0.now()
    }
}

impl Default for SharedClock {
    fn default() -> Self {
        Self::new(SystemClock)
    }
}

impl Clock for SharedClock {
    fn now(&self) -> u64 {
        self.0.now()
    }
}

impl fmt::Debug for SharedClock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SharedClock")
    }
}
