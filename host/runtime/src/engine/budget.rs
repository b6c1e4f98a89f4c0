//! What one call has used of its time and its instance of its memory.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use wasmtime::{ResourceLimiter, UpdateDeadline};

use super::config;

/// Ports that answer slower than this count against the engine's own time, so that no call lasts for ever.
const PORT_ALLOWANCE: Duration = Duration::from_secs(60);

/// Time in steps of a fraction of the time a call may take. Counted by the ticker while calls run, so that no call needs
/// to read a clock.
pub(super) struct Ticks {
    count: AtomicU64,
    /// The length of one.
    pub(super) length: Duration,
    /// How many of them a call may compute.
    allowed: u64,
    /// How many of them a call may wait for ports.
    waiting: u64,
}

impl Ticks {
    pub(super) fn new(call_time: Duration) -> Self {
        let length = (call_time / 10).clamp(Duration::from_millis(1), Duration::from_millis(500));
        let ticks = |time: Duration| {
            u64::try_from(time.as_nanos().div_ceil(length.as_nanos())).unwrap_or(u64::MAX)
        };
        // A call begins amid a tick, hence one more.
        Self {
            count: AtomicU64::new(0),
            length,
            allowed: ticks(call_time) + 1,
            waiting: ticks(PORT_ALLOWANCE),
        }
    }

    pub(super) fn advance(&self) {
        self.count.fetch_add(1, Ordering::Relaxed);
    }

    pub(super) fn now(&self) -> u64 {
        self.count.load(Ordering::Relaxed)
    }

    pub(super) fn allowed(&self) -> u64 {
        self.allowed
    }
}

/// The time of the call that is running.
#[derive(Default)]
pub(super) struct CallTime {
    began: u64,
    waited: u64,
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

impl CallTime {
    pub(super) fn begin(ticks: &Ticks) -> Self {
        Self {
            began: ticks.now(),
            waited: 0,
        }
    }

    /// A port was called at this tick and has just answered.
    pub(super) fn waited_since(&mut self, before: u64, ticks: &Ticks) {
        self.waited += ticks.now().saturating_sub(before);
    }

    /// What is left once the deadline set at the beginning has come. Waiting for a slow disk is no fault of the engine's:
    /// breaking off after it would report as failed what has just been committed.
    pub(super) fn at_deadline(&self, ticks: &Ticks) -> wasmtime::Result<UpdateDeadline> {
        let passed = ticks.now().saturating_sub(self.began);
        let computed = passed.saturating_sub(self.waited.min(ticks.waiting));
        match ticks.allowed.checked_sub(computed) {
            Some(left) if left > 0 => Ok(UpdateDeadline::Continue(left)),
            _ => Err(wasmtime::Error::new(OutOfTime)),
        }
    }
}

/// Holds an instance to its memory. The pool's slots are of that size too; this one knows what was asked for.
pub(super) struct MemoryLimit {
    limit: usize,
    /// The instance asked for more than it may have.
    pub(super) exceeded: bool,
    /// The size that its memory has grown to.
    pub(super) grown_to: usize,
}

impl MemoryLimit {
    pub(super) fn new(limit: usize) -> Self {
        Self {
            limit,
            exceeded: false,
            grown_to: 0,
        }
    }
}

impl ResourceLimiter for MemoryLimit {
    fn memory_growing(
        &mut self,
        _current: usize,
        desired: usize,
        _maximum: Option<usize>,
    ) -> wasmtime::Result<bool> {
        if desired > self.limit {
            self.exceeded = true;
            return Ok(false);
        }
        self.grown_to = self.grown_to.max(desired);
        Ok(true)
    }

    fn table_growing(
        &mut self,
        _current: usize,
        desired: usize,
        _maximum: Option<usize>,
    ) -> wasmtime::Result<bool> {
        Ok(desired <= config::TABLE_ELEMENTS)
    }

    fn instances(&self) -> usize {
        config::CORE_INSTANCES as usize
    }

    fn tables(&self) -> usize {
        config::TABLES as usize
    }

    fn memories(&self) -> usize {
        1
    }
}
