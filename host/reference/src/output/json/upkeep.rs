//! What was tidied up, and what is known of backups.

use serde::Serialize;
use utoipa::ToSchema;

use super::Instant;
use crate::upkeep::Done;

/// What a sweep did.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Swept {
    /// Grants that are now recorded as ended.
    expired: u32,
    /// Half-made users that were undone.
    repaired: u32,
    /// Users of guests that were deleted, a while after their access ended; what they wrote was kept.
    retired: u32,
    /// Records that were put into the log of history.
    #[schema(maximum = 4_294_967_295_u32)]
    logged: u32,
    /// What stays due.
    failed: u32,
    /// Happenings that were announced.
    delivered: u32,
    /// When to look again.
    next_due: Option<Instant>,
}

impl From<&Done> for Swept {
    fn from(done: &Done) -> Self {
        Self {
            expired: done.expired,
            repaired: done.repaired,
            retired: done.retired,
            logged: done.logged,
            failed: done.failed,
            delivered: done.delivered,
            next_due: done.next_due.map(Instant),
        }
    }
}

/// What is known of the site's backups.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Backup {
    /// None: none was recorded yet.
    pub last_backup: Option<Instant>,
}
