//! Instants: milliseconds since the epoch, UTC.

use core::fmt;

use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

/// Milliseconds since 1970-01-01T00:00:00Z, up to the end of the year 9999.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Instant(u64);

impl Instant {
    /// 9999-12-31T23:59:59.999Z, the last instant that the calendar reaches.
    pub const MAX: Self = Self(253_402_300_799_999);

    /// The instant so many milliseconds after the epoch; [`Self::MAX`] if that is later.
    #[must_use]
    pub const fn from_millis(millis: u64) -> Self {
        if millis > Self::MAX.0 {
            Self::MAX
        } else {
            Self(millis)
        }
    }

    /// Milliseconds since the epoch.
    #[must_use]
    pub const fn millis(self) -> u64 {
        self.0
    }

    /// So many milliseconds later, at most [`Self::MAX`].
    #[must_use]
    pub const fn plus_millis(self, millis: u64) -> Self {
        Self::from_millis(self.0.saturating_add(millis))
    }

    pub(crate) fn to_date_time(self) -> OffsetDateTime {
        let nanos = i128::from(self.0).saturating_mul(1_000_000);
        // INVARIANT: at most MAX, which `time` can represent.
        OffsetDateTime::from_unix_timestamp_nanos(nanos).unwrap_or(OffsetDateTime::UNIX_EPOCH)
    }

    /// None before the epoch or after [`Self::MAX`].
    pub(crate) fn from_date_time(at: OffsetDateTime) -> Option<Self> {
        let millis = at.unix_timestamp_nanos().checked_div(1_000_000)?;
        let millis = u64::try_from(millis).ok()?;
        (millis <= Self::MAX.0).then_some(Self(millis))
    }
}

/// For sentences: `2026-11-29 10:00 UTC`. Seconds are left out; programs get the milliseconds.
impl fmt::Display for Instant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let at = self.to_date_time();
        write!(
            f,
            "{:04}-{:02}-{:02} {:02}:{:02} UTC",
            at.year(),
            u8::from(at.month()),
            at.day(),
            at.hour(),
            at.minute()
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn is_shown_in_utc_to_the_minute() {
        assert_eq!(
            Instant::from_millis(1_795_946_459_999).to_string(),
            "2026-11-29 10:00 UTC"
        );
    }

    #[test]
    fn never_leaves_the_calendar() {
        assert_eq!(Instant::from_millis(u64::MAX), Instant::MAX);
        assert_eq!(Instant::MAX.plus_millis(1), Instant::MAX);
        assert_eq!(Instant::MAX.to_string(), "9999-12-31 23:59 UTC");
        assert_eq!(
            Instant::from_date_time(Instant::MAX.to_date_time()),
            Some(Instant::MAX)
        );
    }
}
