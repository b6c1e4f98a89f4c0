//! What belongs to one instance: for whom it runs, and what it has used up.

use std::sync::Arc;
use std::time::Duration;

use wasmtime::{ResourceLimiter, UpdateDeadline};

use super::config;
use super::prepared::Facilities;
use super::time::CallTime;

/// The state of a wasmtime store.
pub(super) struct Inside {
    pub(super) facilities: Arc<Facilities>,
    /// The site that this call is about.
    pub(super) site: String,
    pub(super) time: CallTime,
    pub(super) memory: Memory,
    /// Lines written to the log in this call, those dropped included.
    pub(super) lines: u32,
    /// How long this call may still wait for other hosts.
    pub(super) patience: Duration,
}

impl Inside {
    pub(super) fn at_deadline(&self) -> wasmtime::Result<UpdateDeadline> {
        self.time.at_deadline()
    }
}

/// What a call has used up, for those who write plugins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Used {
    /// Bytes that its memory has grown to.
    pub memory: usize,
    /// Lines written to the log.
    pub lines: u32,
}

/// Holds an instance to its memory.
pub(super) struct Memory {
    limit: usize,
    /// What the memories have grown to, all of them together.
    pub(super) used: usize,
    pub(super) exceeded: bool,
}

impl Memory {
    pub(super) fn new(limit: usize) -> Self {
        Self {
            limit,
            used: 0,
            exceeded: false,
        }
    }
}

impl ResourceLimiter for Memory {
    fn memory_growing(
        &mut self,
        current: usize,
        desired: usize,
        _maximum: Option<usize>,
    ) -> wasmtime::Result<bool> {
        let used = self.used.saturating_sub(current).saturating_add(desired);
        if used > self.limit {
            self.exceeded = true;
            return Ok(false);
        }
        self.used = used;
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
        config::MEMORIES as usize
    }
}
