//! When a grant is open.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::Instant;

/// The time in which a grant is open.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Window {
    /// None: at once.
    opens: Option<Instant>,
    ending: Ending,
    /// How long after opening the first use must happen, as an ISO 8601 period.
    use_within: Option<String>,
}

/// How a window ends. Periods are of the ISO 8601 form, for example `PT3H`, `P7D` or `P1M`.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Ending {
    /// At this instant.
    At(Instant),
    /// This long after it opens.
    After(String),
    /// This long after it is first used.
    AfterFirstUse(String),
    /// Not by itself.
    Never,
}

impl From<&guestpass::Window> for Window {
    fn from(window: &guestpass::Window) -> Self {
        Self {
            opens: window.opens.map(Instant),
            ending: Ending::from(&window.ending),
            use_within: window.use_within.clone(),
        }
    }
}

impl From<Window> for guestpass::Window {
    fn from(window: Window) -> Self {
        Self {
            opens: window.opens.map(|Instant(opens)| opens),
            ending: window.ending.into(),
            use_within: window.use_within,
        }
    }
}

impl From<&guestpass::Ending> for Ending {
    fn from(ending: &guestpass::Ending) -> Self {
        match ending {
            guestpass::Ending::At(instant) => Self::At(Instant(*instant)),
            guestpass::Ending::After(period) => Self::After(period.clone()),
            guestpass::Ending::AfterFirstUse(period) => Self::AfterFirstUse(period.clone()),
            guestpass::Ending::Never => Self::Never,
        }
    }
}

impl From<Ending> for guestpass::Ending {
    fn from(ending: Ending) -> Self {
        match ending {
            Ending::At(Instant(instant)) => Self::At(instant),
            Ending::After(period) => Self::After(period),
            Ending::AfterFirstUse(period) => Self::AfterFirstUse(period),
            Ending::Never => Self::Never,
        }
    }
}
