//! What somebody may do right now, and why.

pub mod explain;
pub mod resolve;
