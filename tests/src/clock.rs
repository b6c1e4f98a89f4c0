//! A clock that stands still until a test moves it, forwards or back.

use std::sync::atomic::{AtomicU64, Ordering};

use guestpass::ports::Clock;

/// Milliseconds since the epoch, moved by hand.
#[derive(Debug)]
pub struct ManualClock(AtomicU64);

impl ManualClock {
    /// Stands at this instant.
    #[must_use]
    pub fn at(instant: u64) -> Self {
        Self(AtomicU64::new(instant))
    }

    /// What it shows.
    #[must_use]
    pub fn shows(&self) -> u64 {
        self.0.load(Ordering::SeqCst)
    }

    /// Sets it, also to the past.
    pub fn set(&self, instant: u64) {
        self.0.store(instant, Ordering::SeqCst);
    }

    /// Moves it on by so many milliseconds.
    pub fn forward(&self, millis: u64) {
        self.0.fetch_add(millis, Ordering::SeqCst);
    }

    /// Turns it back by so many milliseconds.
    pub fn back(&self, millis: u64) {
        self.0.fetch_sub(millis, Ordering::SeqCst);
    }
}

impl Clock for ManualClock {
    fn now(&self) -> u64 {
        self.shows()
    }
}

/// So many milliseconds in a second.
pub const SECOND: u64 = 1_000;
/// So many milliseconds in a minute.
pub const MINUTE: u64 = 60 * SECOND;
/// So many milliseconds in an hour.
pub const HOUR: u64 = 60 * MINUTE;
/// So many milliseconds in a day.
pub const DAY: u64 = 24 * HOUR;

/// The instant written as `2026-11-22T10:00` (UTC), with seconds or milliseconds if wanted (`…:00:59.999`). Computed here
/// from the calendar's definition, so that tests do not take the engine's word for what a date is.
///
/// # Panics
/// If it is written otherwise.
#[must_use]
pub fn instant(text: &str) -> u64 {
    let number = |range: std::ops::Range<usize>| -> u64 {
        text.get(range)
            .and_then(|digits| digits.parse().ok())
            .unwrap_or_else(|| panic!("`{text}` is no instant"))
    };
    let (year, month, day) = (number(0..4), number(5..7), number(8..10));
    let (hour, minute) = (number(11..13), number(14..16));
    let second = if text.len() > 16 { number(17..19) } else { 0 };
    let millis = if text.len() > 19 { number(20..23) } else { 0 };
    let is_leap = |year: u64| {
        year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400))
    };
    let length = |year: u64, month: u64| match month {
        2 if is_leap(year) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    };
    assert!(
        (1..=12).contains(&month) && (1..=length(year, month)).contains(&day),
        "`{text}`"
    );
    let years: u64 = (1970..year)
        .map(|year| if is_leap(year) { 366 } else { 365 })
        .sum();
    let months: u64 = (1..month).map(|month| length(year, month)).sum();
    (years + months + day - 1) * DAY + hour * HOUR + minute * MINUTE + second * SECOND + millis
}
