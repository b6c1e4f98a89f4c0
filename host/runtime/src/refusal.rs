//! How the engine says no. A refusal is an answer, not an accident: it names a kind, a word for programs and a sentence for
//! people.

use std::fmt;

use serde::Serialize;

use crate::RefusalKind;
use crate::bindings::guestpass::access::types::Refusal as WitRefusal;

/// Why the engine said no. No part of it holds a secret.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Refusal {
    /// The coarse reason; this list never grows.
    pub kind: RefusalKind,
    /// For programs: a stable word such as `link-used-up`. New ones may come with any version.
    pub code: String,
    /// For people: what was wrong and what to do, in English.
    pub message: String,
    /// The input it concerns, as a path such as `window.ending`, where one is to blame.
    pub field: Option<String>,
}

impl Refusal {
    /// The engine itself did not answer properly. Whether a change was made before it broke off cannot be known.
    pub(crate) fn engine_fault(reason: &str) -> Self {
        Self {
            kind: RefusalKind::Unavailable,
            code: "engine-fault".to_owned(),
            message: format!(
                "The access engine broke off: {reason}. If this was a change, look whether it was made before trying again."
            ),
            field: None,
        }
    }

    /// Every instance was busy for as long as a call may wait for one.
    pub(crate) fn engine_busy() -> Self {
        Self {
            kind: RefusalKind::Unavailable,
            code: "engine-busy".to_owned(),
            message: "Too much is being asked at once. Nothing was changed; try again in a moment."
                .to_owned(),
            field: None,
        }
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Refusal {}

impl From<Refusal> for WitRefusal {
    fn from(refusal: Refusal) -> Self {
        let Refusal {
            kind,
            code,
            message,
            field,
        } = refusal;
        Self {
            kind,
            code,
            message,
            field,
        }
    }
}

impl From<WitRefusal> for Refusal {
    fn from(refusal: WitRefusal) -> Self {
        let WitRefusal {
            kind,
            code,
            message,
            field,
        } = refusal;
        Self {
            kind,
            code,
            message,
            field,
        }
    }
}
