//! Two finished stores: one in memory, for tests and trials, and one on SQLite, for a host on one machine.

mod memory;

pub use memory::MemoryStore;
