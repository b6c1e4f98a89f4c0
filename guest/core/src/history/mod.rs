//! What happened, so that nobody can change it unseen.

pub mod list;
pub mod record;
pub mod verify;
