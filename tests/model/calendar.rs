//! Periods, by a library for calendars and not by the engine's own arithmetic.

use jiff::tz::TimeZone;
use jiff::{Span, Timestamp};

/// A period in its ISO 8601 form, if it is one of the contract: it has a length.
pub fn period(text: &str) -> Option<Span> {
    let span: Span = text.parse().ok()?;
    (!span.is_zero()).then_some(span)
}

/// This long after an instant, both in UTC.
pub fn after(instant: u64, text: &str) -> u64 {
    let millis = i64::try_from(instant).expect("an instant of this world");
    let begins = Timestamp::from_millisecond(millis).expect("an instant of this world");
    let span = period(text).expect("a period of this world");
    let ends = begins
        .to_zoned(TimeZone::UTC)
        .checked_add(span)
        .expect("an end of this world");
    ends.timestamp()
        .as_millisecond()
        .try_into()
        .expect("after the epoch")
}

/// As the engine writes a period down: weeks are seven days.
pub fn plain(text: &str) -> String {
    sum(text, "P0D")
}

/// The fields of two periods added one by one.
pub fn sum(one: &str, other: &str) -> String {
    let [one, other]: [Span; 2] = [one, other].map(|text| text.parse().expect("a period"));
    let days = |span: Span| 7 * span.get_weeks() + span.get_days();
    let sum = Span::new()
        .years(one.get_years() + other.get_years())
        .months(one.get_months() + other.get_months())
        .days(days(one) + days(other))
        .hours(one.get_hours() + other.get_hours())
        .minutes(one.get_minutes() + other.get_minutes())
        .seconds(one.get_seconds() + other.get_seconds());
    sum.to_string()
}
