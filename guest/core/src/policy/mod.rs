//! What a site allows at all, whoever grants.

pub mod change;

use serde::{Deserialize, Serialize};

use crate::catalogue::Catalogue;
use crate::period::Period;
use crate::permissions::PermissionSet;

/// A site's policy, as it is kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Policy {
    /// No grant gives more; none: everything but what is reserved.
    pub ceiling: Option<Vec<String>>,
    /// From opening to end.
    pub longest_window: Period,
}

impl Default for Policy {
    fn default() -> Self {
        Self {
            ceiling: None,
            longest_window: Period::months(12),
        }
    }
}

impl Policy {
    /// The ceiling as a set.
    #[must_use]
    pub fn ceiling(&self, catalogue: &Catalogue) -> PermissionSet {
        self.ceiling
            .as_deref()
            .map_or(catalogue.all(), |names| catalogue.set_of(names))
    }
}
