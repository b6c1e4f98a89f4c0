//! The time in which a grant is asked to be open, and the endings that people know.

use serde::{Deserialize, Serialize};

use crate::instant::Instant;
use crate::period::Period;

/// When a grant ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Ending {
    /// At this instant.
    At(Instant),
    /// This long after it opens.
    After(Period),
    /// This long after its first redemption.
    AfterFirstUse(Period),
    /// Not by itself.
    Never,
}

/// A window as it is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Window {
    /// None: at once.
    pub opens: Option<Instant>,
    /// When it ends.
    pub ending: Ending,
    /// How long the first redemption may take.
    pub use_within: Option<Period>,
}

/// How long a link that counts from its first use waits for it, unless the draft says otherwise.
pub const USE_WITHIN: Period = Period::days(30);

/// How long an invitation waits to be accepted, unless the draft says otherwise.
pub const ACCEPT_WITHIN: Period = Period::days(7);

/// An ending that people know.
#[derive(Clone, Copy, Debug)]
pub struct Preset {
    /// For programs and command lines.
    pub name: &'static str,
    /// In plain words.
    pub title: &'static str,
    /// What it means.
    pub ending: Ending,
}

/// The presets: six lengths, each from opening and from first use.
pub const PRESETS: [Preset; 12] = {
    const fn from_opening(name: &'static str, title: &'static str, length: Period) -> Preset {
        Preset {
            name,
            title,
            ending: Ending::After(length),
        }
    }
    const fn from_first_use(name: &'static str, title: &'static str, length: Period) -> Preset {
        Preset {
            name,
            title,
            ending: Ending::AfterFirstUse(length),
        }
    }
    [
        from_opening("1-hour", "One hour", Period::hours(1)),
        from_opening("3-hours", "Three hours", Period::hours(3)),
        from_opening("1-day", "One day", Period::days(1)),
        from_opening("3-days", "Three days", Period::days(3)),
        from_opening("1-week", "One week", Period::days(7)),
        from_opening("1-month", "One month", Period::months(1)),
        from_first_use(
            "1-hour-from-first-use",
            "One hour from first use",
            Period::hours(1),
        ),
        from_first_use(
            "3-hours-from-first-use",
            "Three hours from first use",
            Period::hours(3),
        ),
        from_first_use(
            "1-day-from-first-use",
            "One day from first use",
            Period::days(1),
        ),
        from_first_use(
            "3-days-from-first-use",
            "Three days from first use",
            Period::days(3),
        ),
        from_first_use(
            "1-week-from-first-use",
            "One week from first use",
            Period::days(7),
        ),
        from_first_use(
            "1-month-from-first-use",
            "One month from first use",
            Period::months(1),
        ),
    ]
};
