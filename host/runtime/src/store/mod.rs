//! Two finished stores: one in memory, for tests and trials, and one on SQLite, for a host on one machine. For a store of
//! your own there is [`conformance`], which tells whether it keeps the contract.

pub mod conformance;
mod memory;
pub(crate) mod sqlite;

pub use memory::MemoryStore;
pub use sqlite::{OpenError, SqliteStore, SqliteTrouble};
