//! When a grant is open.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{Instant, Period};

/// The time in which a grant is open.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Window {
    /// None: at once.
    opens: Option<Instant>,
    ending: Ending,
    /// How long after opening the first use must happen.
    use_within: Option<Period>,
}

/// How a window ends.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Ending {
    /// At this instant.
    At(Instant),
    /// This long after it opens.
    After(Period),
    /// This long after it is first used.
    AfterFirstUse(Period),
    /// Not by itself.
    Never,
}

impl From<&guestpass::Window> for Window {
    fn from(window: &guestpass::Window) -> Self {
        Self {
            opens: window.opens.map(Instant),
            ending: Ending::from(&window.ending),
            use_within: window.use_within.as_ref().map(Period::from),
        }
    }
}

impl From<Window> for guestpass::Window {
    fn from(window: Window) -> Self {
        Self {
            opens: window.opens.map(|Instant(opens)| opens),
            ending: window.ending.into(),
            use_within: window.use_within.map(Into::into),
        }
    }
}

impl From<&guestpass::Ending> for Ending {
    fn from(ending: &guestpass::Ending) -> Self {
        match ending {
            guestpass::Ending::At(instant) => Self::At(Instant(*instant)),
            guestpass::Ending::After(period) => Self::After(period.into()),
            guestpass::Ending::AfterFirstUse(period) => Self::AfterFirstUse(period.into()),
            guestpass::Ending::Never => Self::Never,
        }
    }
}

impl From<Ending> for guestpass::Ending {
    fn from(ending: Ending) -> Self {
        match ending {
            Ending::At(Instant(instant)) => Self::At(instant),
            Ending::After(period) => Self::After(period.into()),
            Ending::AfterFirstUse(period) => Self::AfterFirstUse(period.into()),
            Ending::Never => Self::Never,
        }
    }
}
