//! What happened, so that nobody can change it unseen.
//!
//! Each grant has a chain of records, and so has the site's policy: a change and its record are one commit. The sweep puts
//! all of them into one log for the site ([`mod@log`]), of which anybody can keep a checkpoint. Whoever could rewrite a whole
//! chain so that it fits cannot make it fit a checkpoint that somebody kept.

pub mod checkpoint;
pub mod fold;
pub mod list;
pub mod log;
pub mod merkle;
pub mod proof;
pub mod record;
pub mod verify;
mod words;
