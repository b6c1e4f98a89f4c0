//! Time, handed over knowingly: with a clock of its own, a host or a test decides what the engine takes for now.

use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

/// What time it is.
pub trait Clock: Send + Sync + 'static {
    /// Now, in milliseconds since 1970-01-01T00:00:00Z (UTC, leap seconds ignored). It may go back: a grant that was seen
    /// as ended stays ended.
    fn now(&self) -> u64;
}

impl<T: Clock + ?Sized> Clock for Arc<T> {
    fn now(&self) -> u64 {
        (**self).now()
    }
}

/// The clock of the operating system.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> u64 {
        #[allow(
            clippy::disallowed_methods,
            reason = "the edge at which a host hands over its clock"
        )]
        let now = SystemTime::now();
        // A clock set before 1970 reads as 1970; one past the year 584 million as the largest instant there is.
        now.duration_since(UNIX_EPOCH).map_or(0, |since| {
            u64::try_from(since.as_millis()).unwrap_or(u64::MAX)
        })
    }
}
