//! The time of one call, in ticks of the pulse.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use wasmtime::UpdateDeadline;

/// Counted by the pulse while calls run, so that no call needs to read a clock.
pub(super) struct Ticks {
    count: AtomicU64,
    /// The length of one.
    pub(super) length: Duration,
}

impl Ticks {
    pub(super) fn new(length: Duration) -> Self {
        Self {
            count: 0.into(),
            length: length.clamp(Duration::from_millis(1), Duration::from_millis(500)),
        }
    }

    pub(super) fn advance(&self) {
        self.count.fetch_add(1, Ordering::Relaxed);
    }

    pub(super) fn now(&self) -> u64 {
        self.count.load(Ordering::Relaxed)
    }

    fn in_ticks(&self, time: Duration) -> u64 {
        u64::try_from(time.as_nanos().div_ceil(self.length.as_nanos())).unwrap_or(u64::MAX)
    }
}

/// The call computed for longer than it may.
#[derive(Debug)]
pub(super) struct OutOfTime;

impl std::fmt::Display for OutOfTime {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("the call took longer than it may")
    }
}

impl std::error::Error for OutOfTime {}

/// The time of the call that is running.
pub(super) struct CallTime {
    ticks: Arc<Ticks>,
    began: u64,
    allowed: u64,
    waited: u64,
}

impl CallTime {
    /// A call that begins now. It begins amid a tick, hence one more.
    pub(super) fn begin(ticks: Arc<Ticks>, time: Duration) -> Self {
        Self {
            began: ticks.now(),
            allowed: ticks.in_ticks(time) + 1,
            waited: 0,
            ticks,
        }
    }

    pub(super) fn allowed(&self) -> u64 {
        self.allowed
    }

    pub(super) fn now(&self) -> u64 {
        self.ticks.now()
    }

    /// A capability was asked at this tick and has just answered. What that took is not the plugin's computing; how long it
    /// may take in all is bounded where other hosts are asked.
    pub(super) fn waited_since(&mut self, before: u64) {
        self.waited += self.ticks.now().saturating_sub(before);
    }

    /// What is left once the deadline set at the beginning has come.
    pub(super) fn at_deadline(&self) -> wasmtime::Result<UpdateDeadline> {
        let computed = self
            .ticks
            .now()
            .saturating_sub(self.began)
            .saturating_sub(self.waited);
        match self.allowed.checked_sub(computed) {
            Some(left) if left > 0 => Ok(UpdateDeadline::Continue(left)),
            _ => Err(wasmtime::Error::new(OutOfTime)),
        }
    }
}
