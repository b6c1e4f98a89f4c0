//! Tidying up. No access depends on it.

pub mod outbox;
pub mod sweep;
