//! A site as a whole: whether guests are let in, and what leaving it has done.

use serde::Serialize;
use utoipa::ToSchema;

use super::Instant;

/// Whether guests are let in on a site.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Site {
    /// The site's name.
    pub site: String,
    /// Since when nobody is let in. None: guests are.
    pub deactivated: Option<Instant>,
}

/// What a step of leaving the site did.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Uninstalled {
    /// Users of guests that were deleted.
    #[schema(maximum = 4_294_967_295_u32)]
    retired: u32,
    /// Entries of the engine's store that were removed.
    #[schema(maximum = 4_294_967_295_u32)]
    removed: u32,
    /// There is more to do: ask again.
    more: bool,
}

impl From<guestpass::Uninstalled> for Uninstalled {
    fn from(step: guestpass::Uninstalled) -> Self {
        Self {
            retired: step.retired,
            removed: step.removed,
            more: step.more,
        }
    }
}
