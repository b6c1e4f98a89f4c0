//! What the engine may use up at most.

use std::time::Duration;

/// What the engine may use. All of it is for one [`Guestpass`](crate::Guestpass) handle.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limits {
    /// Memory of one engine instance in bytes, at most 4 GiB. Default 64 MiB; an ordinary call needs about one.
    pub memory: usize,
    /// How long one call may compute before it is broken off. Time spent waiting for a port does not count, up to a
    /// minute. Default 5 seconds; an ordinary call takes microseconds. Kept to within a tenth.
    pub call_time: Duration,
    /// How many calls can run at once, 1 to 1000. More of them wait. Instances are made when they are needed. Default 64:
    /// enough for a store with group commit to gather what waits.
    pub instances: u32,
    /// How long a call waits for an instance before it is refused as `engine-busy`. Default 30 seconds.
    pub wait: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            memory: 64 << 20,
            call_time: Duration::from_secs(5),
            instances: 64,
            wait: Duration::from_secs(30),
        }
    }
}

impl Limits {
    /// The first limit that makes no sense, as a sentence.
    pub(crate) fn fault(&self) -> Option<String> {
        if self.instances == 0 || self.instances > 1000 {
            return Some(format!(
                "`instances` must be 1 to 1000, not {}",
                self.instances
            ));
        }
        if self.memory < 1 << 20 || self.memory as u64 > 4 << 30 {
            return Some(format!(
                "`memory` must be 1 MiB to 4 GiB, not {} bytes",
                self.memory
            ));
        }
        if self.call_time < Duration::from_millis(1) || self.call_time > Duration::from_secs(3600) {
            return Some(format!(
                "`call_time` must be 1 ms to 1 hour, not {:?}",
                self.call_time
            ));
        }
        None
    }
}
