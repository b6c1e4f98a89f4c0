//! What happened, and whether it is still as it was written.

use std::collections::BTreeMap;

use serde::Serialize;
use utoipa::ToSchema;

use super::Instant;

/// One line of history.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Happening {
    /// Unique for ever on a site.
    id: String,
    /// The grant it is about; none for what concerns the site as a whole.
    grant: Option<String>,
    /// 0 for the first of its chain, then without a gap.
    sequence: u64,
    at: Instant,
    /// The user who did it; none for the engine itself.
    actor: Option<String>,
    /// The user it was done to, where there is one.
    subject: Option<String>,
    action: String,
    /// What else is known about it, by name.
    details: BTreeMap<String, String>,
    /// SHA-256 of this record, in hexadecimal.
    hash: String,
}

/// Something that is not as it was written.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Fault {
    grant: Option<String>,
    /// The record concerned; none where it is the grant itself or the end of its chain.
    sequence: Option<u64>,
    message: String,
}

/// What reading history told.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Verified {
    /// Whether everything that was read is as it was written.
    sound: bool,
    /// How many grants were read.
    grants: u64,
    /// How many records were read.
    records: u64,
    faults: Vec<Fault>,
}

impl From<&guestpass::Happening> for Happening {
    fn from(happening: &guestpass::Happening) -> Self {
        Self {
            id: happening.id.clone(),
            grant: happening.grant.clone(),
            sequence: happening.sequence,
            at: Instant(happening.at),
            actor: happening.actor.clone(),
            subject: happening.subject.clone(),
            action: happening.action.clone(),
            details: happening.details.iter().cloned().collect(),
            hash: hex(&happening.hash),
        }
    }
}

impl From<&guestpass::Fault> for Fault {
    fn from(fault: &guestpass::Fault) -> Self {
        Self {
            grant: fault.grant.clone(),
            sequence: fault.sequence,
            message: fault.message.clone(),
        }
    }
}

impl Verified {
    /// Of so many grants and records, with these faults.
    #[must_use]
    pub fn new(grants: u64, records: u64, faults: &[guestpass::Fault]) -> Self {
        Self {
            sound: faults.is_empty(),
            grants,
            records,
            faults: faults.iter().map(Fault::from).collect(),
        }
    }
}

/// Bytes as two digits each.
pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
