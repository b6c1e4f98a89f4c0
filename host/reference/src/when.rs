//! Instants for people: local time, and how far away that is.

use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;
use jiff::{Span, Timestamp, Zoned};

use crate::problem::Problem;

const SECOND: u64 = 1_000;
const MINUTE: u64 = 60 * SECOND;
const HOUR: u64 = 60 * MINUTE;
const DAY: u64 = 24 * HOUR;

/// `in 6 days`, `3 hours ago` or `now`: the nearest whole number of the largest fitting unit. Both in milliseconds.
#[must_use]
pub fn words(now: u64, then: u64) -> String {
    let distance = now.abs_diff(then);
    // Two of a unit are named in the next smaller one, so that `in 1 day` never stands for 36 hours.
    let (count, unit) = match distance {
        d if d < SECOND => return "now".to_owned(),
        d if d < 90 * SECOND => (rounded(d, SECOND), "second"),
        d if d < 90 * MINUTE => (rounded(d, MINUTE), "minute"),
        d if d < 36 * HOUR => (rounded(d, HOUR), "hour"),
        d if d < 60 * DAY => (rounded(d, DAY), "day"),
        d if d < 730 * DAY => (rounded(d, 30 * DAY + 10 * HOUR + 30 * MINUTE), "month"),
        d => (rounded(d, 365 * DAY + 6 * HOUR), "year"),
    };
    let plural = if count == 1 { "" } else { "s" };
    if then > now {
        format!("in {count} {unit}{plural}")
    } else {
        format!("{count} {unit}{plural} ago")
    }
}

fn rounded(distance: u64, unit: u64) -> u64 {
    distance / unit + u64::from(distance % unit >= unit / 2)
}

/// `2026-11-29 13:05` in this zone; the plain number if the instant is beyond the year 9999.
#[must_use]
pub fn local(instant: u64, zone: &TimeZone) -> String {
    timestamp(instant).map_or_else(
        || format!("{instant} ms after 1970"),
        |at| {
            Zoned::new(at, zone.clone())
                .strftime("%Y-%m-%d %H:%M")
                .to_string()
        },
    )
}

/// `2026-11-29 13:05 (in 6 days)`.
#[must_use]
pub fn local_with_words(instant: u64, now: u64, zone: &TimeZone) -> String {
    format!("{} ({})", local(instant, zone), words(now, instant))
}

/// RFC 3339 in UTC, for programs; the plain number if the instant is beyond the year 9999.
#[must_use]
pub fn rfc3339(instant: u64) -> String {
    timestamp(instant).map_or_else(|| instant.to_string(), |at| at.to_string())
}

/// A sentence of the engine, whose instants read `2026-11-30 00:53 UTC`, with them in this zone.
#[must_use]
pub fn in_zone(sentence: &str, zone: &TimeZone) -> String {
    const FORM: usize = "2026-11-30 00:53 UTC".len();
    let mut told = String::new();
    let mut rest = sentence;
    while let Some(end) = rest.find(" UTC").map(|at| at + " UTC".len()) {
        let (head, tail) = rest.split_at(end);
        let written = end
            .checked_sub(FORM)
            .and_then(|start| head.split_at_checked(start));
        let read = written.and_then(|(before, text)| {
            let civil = DateTime::strptime("%Y-%m-%d %H:%M UTC", text).ok()?;
            let at = civil.to_zoned(TimeZone::UTC).ok()?.timestamp();
            Some((before, Zoned::new(at, zone.clone())))
        });
        match read {
            Some((before, at)) => {
                told.push_str(before);
                told.push_str(&at.strftime("%Y-%m-%d %H:%M %Z").to_string());
            }
            None => told.push_str(head),
        }
        rest = tail;
    }
    told + rest
}

fn timestamp(instant: u64) -> Option<Timestamp> {
    Timestamp::from_millisecond(i64::try_from(instant).ok()?).ok()
}

/// Reads `2026-12-01T10:00` or `2026-12-01` as local time, or an instant with an offset such as `2026-12-01T10:00Z`.
pub fn parse(text: &str, zone: &TimeZone) -> Result<u64, Problem> {
    let at = text.parse::<Timestamp>().or_else(|_| {
        let civil = text
            .parse::<DateTime>()
            .or_else(|_| text.parse::<Date>().map(|date| date.at(0, 0, 0, 0)))?;
        zone.to_timestamp(civil)
    });
    let wrong = || {
        Problem::usage(
            "not-an-instant",
            format!(
                "`{text}` is no instant. Write it like `2026-12-01T10:00` (local time) or `2026-12-01T10:00Z`."
            ),
        )
    };
    u64::try_from(at.map_err(|_| wrong())?.as_millisecond()).map_err(|_| wrong())
}

/// The instant this ISO 8601 period after another: calendar years and months, days of 24 hours.
pub fn after(instant: u64, period: &str) -> Result<u64, Problem> {
    let wrong = || {
        Problem::usage(
            "bad-period",
            format!("`{period}` is no period. Write it like `P90D` or `P1Y`."),
        )
    };
    // The library reads friendly forms as well, which the engine does not.
    if !period.starts_with('P') {
        return Err(wrong());
    }
    let span: Span = period.parse().map_err(|_| wrong())?;
    let start = timestamp(instant)
        .ok_or_else(wrong)?
        .to_zoned(TimeZone::UTC);
    let end = start.checked_add(span).map_err(|_| wrong())?.timestamp();
    let end = u64::try_from(end.as_millisecond()).map_err(|_| wrong())?;
    if end > instant { Ok(end) } else { Err(wrong()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_name_the_nearest_unit() {
        let now = 1_000 * DAY;
        for (distance, expected) in [
            (0, "now"),
            (999, "now"),
            (SECOND, "in 1 second"),
            (MINUTE, "in 60 seconds"),
            (90 * SECOND, "in 2 minutes"),
            (HOUR, "in 60 minutes"),
            (3 * HOUR, "in 3 hours"),
            (DAY, "in 24 hours"),
            (6 * DAY, "in 6 days"),
            (7 * DAY - 1, "in 7 days"),
            (6 * DAY + 11 * HOUR, "in 6 days"),
            (31 * DAY, "in 31 days"),
            (61 * DAY, "in 2 months"),
            (365 * DAY, "in 12 months"),
            (731 * DAY, "in 2 years"),
        ] {
            assert_eq!(words(now, now + distance), expected);
        }
        assert_eq!(words(now, now - 3 * HOUR), "3 hours ago");
        assert_eq!(words(now, now - SECOND), "1 second ago");
        assert_eq!(words(0, u64::MAX), "in 584542046 years");
    }

    #[test]
    fn instants_in_a_sentence_are_told_in_the_readers_zone() {
        let zone = TimeZone::get("Europe/Paris").unwrap();
        assert_eq!(
            in_zone(
                "It ended at 2026-11-30 23:53 UTC. It opened at 2026-07-01 10:00 UTC, not UTC or 1 UTC.",
                &zone
            ),
            "It ended at 2026-12-01 00:53 CET. It opened at 2026-07-01 12:00 CEST, not UTC or 1 UTC."
        );
        for same in ["", " UTC", "é2026-11-30 23:5 UTC", "2026-13-30 23:53 UTC"] {
            assert_eq!(in_zone(same, &zone), same);
        }
    }

    #[test]
    fn local_time_is_the_readers() {
        let zone = TimeZone::get("Europe/Paris").unwrap();
        let instant = 1_796_000_000_000;
        assert_eq!(rfc3339(instant), "2026-11-30T00:53:20Z");
        assert_eq!(local(instant, &zone), "2026-11-30 01:53");
        assert_eq!(
            local_with_words(instant, instant - 6 * DAY, &zone),
            "2026-11-30 01:53 (in 6 days)"
        );
        assert_eq!(local(u64::MAX, &zone), "18446744073709551615 ms after 1970");
    }

    #[test]
    fn periods_are_calendar_periods_that_lead_on() {
        let start = parse("2027-01-31T12:00Z", &TimeZone::UTC).unwrap();
        let end = |period: &str| after(start, period).map(rfc3339);
        assert_eq!(end("P1M").unwrap(), "2027-02-28T12:00:00Z");
        assert_eq!(end("P90D").unwrap(), "2027-05-01T12:00:00Z");
        for wrong in ["", "P", "90 days", "P0D", "P-1D", "-P1D", "P99999Y"] {
            assert_eq!(end(wrong).unwrap_err().code, "bad-period", "{wrong}");
        }
    }

    #[test]
    fn instants_are_read_as_local_time_unless_they_say_otherwise() {
        let zone = TimeZone::get("Europe/Paris").unwrap();
        let noon = parse("2026-12-01T12:00Z", &zone).unwrap();
        assert_eq!(parse("2026-12-01T13:00", &zone).unwrap(), noon);
        assert_eq!(parse("2026-12-01", &zone).unwrap(), noon - 13 * HOUR);
        for wrong in ["", "tomorrow", "1969-01-01T00:00Z", "2026-13-01"] {
            assert_eq!(
                parse(wrong, &zone).unwrap_err().code,
                "not-an-instant",
                "{wrong}"
            );
        }
    }
}
