//! Who is stopped for trying what opens nothing.

use serde::Serialize;
use utoipa::ToSchema;

use super::Instant;

/// Tries that count now.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Lockout {
    /// `address:<address>`, `grant:<grant id>` or `site`. New kinds may come.
    id: String,
    /// How many distinct links count towards a lock; 0 while locked.
    tries: u32,
    /// Until when it is locked out; none: not yet.
    until: Option<Instant>,
}

impl From<&guestpass::Lockout> for Lockout {
    fn from(lockout: &guestpass::Lockout) -> Self {
        Self {
            id: lockout.id.clone(),
            tries: lockout.tries,
            until: lockout.until.map(Instant),
        }
    }
}
