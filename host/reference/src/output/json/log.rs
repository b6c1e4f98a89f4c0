//! The log of history, and what is kept of it.

use serde::Serialize;
use utoipa::ToSchema;

use super::Instant;
use super::history::{Happening, hex};

/// The log of history at some moment. Whoever keeps `checkpoint` can tell later whether anything that it covers was changed.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Checkpoint {
    /// What is to be kept: one line that says all of the rest.
    checkpoint: String,
    site: String,
    /// How many records it covers.
    size: u64,
    at: Instant,
    /// The root of the tree (RFC 9162, SHA-256), in hexadecimal.
    root: String,
}

/// One entry of the log: what it takes to hash the record again and to find its place in the tree.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Logged {
    /// 0 for the first.
    index: u64,
    /// The `id` of the record.
    id: String,
    /// SHA-256 of the record when it was written, in hexadecimal.
    hash: String,
    /// The record as it is stored now, in hexadecimal: its SHA-256 is `hash`, unless somebody changed it.
    stored: Option<String>,
    /// What that says; none if it cannot be read.
    record: Option<Happening>,
}

/// A record, and the proof that it is in the log of a checkpoint.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Proved {
    entry: Logged,
    checkpoint: String,
    /// One line: a name, the index, the size, and the audit path of RFC 9162.
    proof: String,
}

impl From<&guestpass::Checkpoint> for Checkpoint {
    fn from(checkpoint: &guestpass::Checkpoint) -> Self {
        Self {
            checkpoint: checkpoint.text.clone(),
            site: checkpoint.site.clone(),
            size: checkpoint.size,
            at: Instant(checkpoint.at),
            root: hex(&checkpoint.root),
        }
    }
}

impl From<&guestpass::Logged> for Logged {
    fn from(entry: &guestpass::Logged) -> Self {
        Self {
            index: entry.index,
            id: entry.id.clone(),
            hash: hex(&entry.hash),
            stored: entry.stored.as_deref().map(hex),
            record: entry.happening.as_ref().map(Happening::from),
        }
    }
}

impl Proved {
    /// This entry, by this checkpoint and this proof.
    #[must_use]
    pub fn new(
        entry: &guestpass::Logged,
        checkpoint: &guestpass::Checkpoint,
        inclusion: &guestpass::Inclusion,
    ) -> Self {
        Self {
            entry: entry.into(),
            checkpoint: checkpoint.text.clone(),
            proof: inclusion.proof.clone(),
        }
    }
}
