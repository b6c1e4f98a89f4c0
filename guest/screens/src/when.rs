//! Instants and lengths for people: in the site's zone, in the visitor's language.

use guestpass_core::{Instant, Period};
use time::{Date, Month, OffsetDateTime, PrimitiveDateTime, Time};

use crate::request::Zone;
use crate::texts::Language;

const SECOND: u64 = 1_000;
const MINUTE: u64 = 60 * SECOND;
const HOUR: u64 = 60 * MINUTE;
const DAY: u64 = 24 * HOUR;

/// An instant as pages show it.
#[derive(Clone, Debug)]
pub(crate) struct When {
    /// For programs, and for the page's script: RFC 3339 in UTC.
    pub machine: String,
    /// `3 December 2026, 14:05`.
    pub date: String,
    /// `in 6 days`.
    pub words: String,
}

/// How instants are shown on a page.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Shown<'a> {
    pub language: Language,
    pub zone: &'a Zone,
    pub now: Instant,
}

impl Shown<'_> {
    /// An instant as pages show it.
    pub(crate) fn when(&self, at: Instant) -> When {
        When {
            machine: machine(at),
            date: self.date(at),
            words: self.words(at),
        }
    }

    /// `3 December 2026, 14:05` in the site's zone.
    pub(crate) fn date(&self, at: Instant) -> String {
        let local = self.local(at);
        self.language.date_and_time(
            &self.day(local.date()),
            &format!("{:02}:{:02}", local.hour(), local.minute()),
        )
    }

    /// `3 December 2026`.
    fn day(&self, date: Date) -> String {
        let language = self.language;
        let month = language
            .months()
            .split('|')
            .nth(usize::from(u8::from(date.month())).saturating_sub(1));
        language.date(
            &date.day().to_string(),
            month.unwrap_or_default(),
            &date.year().to_string(),
        )
    }

    /// The day of this instant, for a row of days: the date and how many days it is ago.
    pub(crate) fn day_of(&self, at: Instant) -> Date {
        self.local(at).date()
    }

    /// `in 6 days`, `3 hours ago` or `now`: the nearest whole number of the largest fitting unit.
    pub(crate) fn words(&self, then: Instant) -> String {
        let (now, then) = (self.now.millis(), then.millis());
        let distance = now.abs_diff(then);
        let rounded = |unit: u64| {
            (distance.saturating_add(unit >> 1))
                .checked_div(unit)
                .unwrap_or(0)
        };
        let (t, later) = (self.language, then > now);
        // Two of a unit are named in the next smaller one, so that `in 1 day` never stands for 36 hours.
        match distance {
            d if d < MINUTE => t.now().to_owned(),
            d if d < 90 * MINUTE && later => t.in_minutes(rounded(MINUTE)),
            d if d < 90 * MINUTE => t.minutes_ago(rounded(MINUTE)),
            d if d < 36 * HOUR && later => t.in_hours(rounded(HOUR)),
            d if d < 36 * HOUR => t.hours_ago(rounded(HOUR)),
            d if d < 60 * DAY && later => t.in_days(rounded(DAY)),
            d if d < 60 * DAY => t.days_ago(rounded(DAY)),
            d if d < 730 * DAY && later => t.in_months(rounded(30 * DAY + 10 * HOUR + 30 * MINUTE)),
            d if d < 730 * DAY => t.months_ago(rounded(30 * DAY + 10 * HOUR + 30 * MINUTE)),
            _ if later => t.in_years(rounded(365 * DAY + 6 * HOUR)),
            _ => t.years_ago(rounded(365 * DAY + 6 * HOUR)),
        }
    }

    /// `1 week` or `1 month, 3 hours`.
    pub(crate) fn length(&self, period: Period) -> String {
        let text = period.to_string();
        let t = self.language;
        let mut parts: Vec<String> = Vec::new();
        let (mut number, mut time) = (0_u64, false);
        for letter in text.chars() {
            if let Some(digit) = letter.to_digit(10) {
                number = number.saturating_mul(10).saturating_add(u64::from(digit));
                continue;
            }
            parts.extend(match (letter, time) {
                ('T', _) => {
                    time = true;
                    None
                }
                ('Y', _) => Some(t.years(number)),
                ('M', false) => Some(t.months_long(number)),
                ('W', _) => Some(t.weeks(number)),
                ('D', _) if number.is_multiple_of(7) => Some(t.weeks(number / 7)),
                ('D', _) => Some(t.days(number)),
                ('H', _) => Some(t.hours(number)),
                ('M', true) => Some(t.minutes(number)),
                ('S', _) => Some(t.seconds(number)),
                _ => None,
            });
            number = 0;
        }
        parts.join(", ")
    }

    /// As a field for a date and a time holds it: `2026-12-03T14:05`.
    pub(crate) fn field(&self, at: Instant) -> String {
        let at = self.local(at);
        format!(
            "{:04}-{:02}-{:02}T{:02}:{:02}",
            at.year(),
            u8::from(at.month()),
            at.day(),
            at.hour(),
            at.minute()
        )
    }

    /// Reads what such a field holds. What the clock skips in spring is taken as if it did not; of what it has twice in autumn,
    /// the first.
    pub(crate) fn typed(&self, text: &str) -> Option<Instant> {
        let (date, time) = text.split_once('T')?;
        let numbers = |text: &str, between: char| -> Option<Vec<u16>> {
            let all = text.split(between).map(|part| part.parse().ok());
            all.collect()
        };
        let (date, time) = (numbers(date, '-')?, numbers(time, ':')?);
        let ([year, month, day], [hour, minute, ..]) = (date.as_slice(), time.as_slice()) else {
            return None;
        };
        let small = |number: &u16| u8::try_from(*number).ok();
        let month = Month::try_from(small(month)?).ok()?;
        let date = Date::from_calendar_date(i32::from(*year), month, small(day)?).ok()?;
        let time = Time::from_hms(small(hour)?, small(minute)?, 0).ok()?;
        let local = PrimitiveDateTime::new(date, time)
            .assume_utc()
            .unix_timestamp();
        let local = local.checked_mul(1_000)?;
        let minutes = |at: i64| self.minutes(Instant::from_millis(u64::try_from(at).unwrap_or(0)));
        let at = |minutes: i16| local.saturating_sub(i64::from(minutes).saturating_mul(60_000));
        // The offset before and the one after whatever change is near; the earlier of two that fit.
        let day = 86_400_000;
        let [before, after] = [local.saturating_sub(day), local.saturating_add(day)].map(minutes);
        let fitting = [before, after]
            .into_iter()
            .find(|offset| minutes(at(*offset)) == *offset);
        u64::try_from(at(fitting.unwrap_or(before)))
            .ok()
            .map(Instant::from_millis)
    }

    /// The engine's sentences name instants as `2026-11-30 00:53 UTC`: the same sentence with them as pages show them.
    pub(crate) fn sentence(&self, sentence: &str) -> String {
        const FORM: usize = "2026-11-30 00:53 UTC".len();
        let mut told = String::new();
        let mut rest = sentence;
        while let Some(end) = rest.find(" UTC").map(|at| at.saturating_add(4)) {
            let (head, tail) = rest.split_at_checked(end).unwrap_or((rest, ""));
            let written = head
                .len()
                .checked_sub(FORM)
                .and_then(|start| head.split_at_checked(start));
            let utc = Shown {
                zone: &Zone::default(),
                ..*self
            };
            let read = written.and_then(|(before, text)| {
                let text = text.strip_suffix(" UTC")?.replacen(' ', "T", 1);
                Some((before, utc.typed(&text)?))
            });
            match read {
                Some((before, at)) => {
                    told.push_str(before);
                    told.push_str(&self.date(at));
                }
                None => told.push_str(head),
            }
            rest = tail;
        }
        told + rest
    }

    fn local(&self, at: Instant) -> OffsetDateTime {
        let seconds = i64::try_from(at.millis() / SECOND).unwrap_or(0);
        let ahead = i64::from(self.minutes(at)).saturating_mul(60);
        OffsetDateTime::from_unix_timestamp(seconds.saturating_add(ahead))
            .unwrap_or(OffsetDateTime::UNIX_EPOCH)
    }

    /// How many minutes local time is ahead of UTC then.
    fn minutes(&self, at: Instant) -> i16 {
        let offsets = &self.zone.offsets;
        let past = offsets.partition_point(|offset| offset.since <= at);
        let holds = offsets.get(past.saturating_sub(1));
        holds.map_or(0, |offset| offset.minutes.clamp(-1_439, 1_439))
    }
}

/// RFC 3339 in UTC.
fn machine(at: Instant) -> String {
    let utc = Shown {
        language: Language::preferred(""),
        zone: &Zone::default(),
        now: at,
    };
    format!("{}:{:02}Z", utc.field(at), at.millis() / SECOND % 60)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::request::Offset;

    /// Paris, with the changes of 2026.
    fn paris() -> Zone {
        let offset = |since, minutes| Offset {
            since: Instant::from_millis(since),
            minutes,
        };
        Zone {
            name: "Europe/Paris".to_owned(),
            offsets: vec![
                offset(1_761_440_400_000, 60),
                offset(1_774_746_000_000, 120),
                offset(1_792_890_000_000, 60),
            ],
        }
    }

    fn shown(zone: &Zone) -> Shown<'_> {
        Shown {
            language: Language::preferred("en"),
            zone,
            now: Instant::from_millis(1_790_000_000_000),
        }
    }

    #[test]
    fn instants_are_shown_in_the_zone_of_the_site() {
        let zone = paris();
        let summer = Instant::from_millis(1_790_000_000_000);
        assert_eq!(shown(&zone).date(summer), "21 September 2026, 16:13");
        assert_eq!(
            shown(&Zone::default()).date(summer),
            "21 September 2026, 14:13"
        );
        assert_eq!(machine(summer), "2026-09-21T14:13:20Z");
        let spanish = Shown {
            language: Language::preferred("es"),
            ..shown(&zone)
        };
        assert_eq!(spanish.date(summer), "21 de septiembre de 2026, 16:13");
    }

    #[test]
    fn what_is_typed_is_local_time_on_both_sides_of_a_change() {
        let zone = paris();
        let shown = shown(&zone);
        for text in [
            "2026-03-28T12:00",
            "2026-03-29T01:59",
            "2026-03-29T03:00",
            "2026-07-01T00:00",
            "2026-10-25T03:00",
            "2026-12-31T23:59",
        ] {
            let at = shown.typed(text).unwrap();
            assert_eq!(shown.field(at), text);
        }
        let skipped = shown.typed("2026-03-29T02:30").unwrap();
        assert_eq!(shown.field(skipped), "2026-03-29T03:30");
        let first = shown.typed("2026-10-25T02:30").unwrap();
        assert_eq!(machine(first), "2026-10-25T00:30:00Z");
        for wrong in [
            "",
            "2026-02-30T10:00",
            "2026-12-01",
            "2026-12-01T25:00",
            "-1-1-1T1:1",
            "2026-12-01T10",
        ] {
            assert_eq!(shown.typed(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn words_name_the_nearest_unit() {
        let zone = Zone::default();
        let shown = shown(&zone);
        let words = |distance: u64| shown.words(shown.now.plus_millis(distance));
        assert_eq!(words(999), "now");
        assert_eq!(words(2 * MINUTE), "in 2 minutes");
        assert_eq!(words(HOUR), "in 60 minutes");
        assert_eq!(words(DAY), "in 24 hours");
        assert_eq!(words(7 * DAY - 1), "in 7 days");
        assert_eq!(words(61 * DAY), "in 2 months");
        assert_eq!(words(1_000 * DAY), "in 3 years");
        let ago = shown.words(Instant::from_millis(shown.now.millis() - 3 * HOUR));
        assert_eq!(ago, "3 hours ago");
    }

    #[test]
    fn lengths_are_said_in_words() {
        let zone = Zone::default();
        let said = |text: &str| shown(&zone).length(text.parse().unwrap());
        assert_eq!(said("P7D"), "1 week");
        assert_eq!(said("P10D"), "10 days");
        assert_eq!(said("P1M"), "1 month");
        assert_eq!(said("PT90M"), "1 hour, 30 minutes");
    }

    #[test]
    fn instants_in_a_sentence_are_told_in_the_sites_zone() {
        let zone = paris();
        let told = shown(&zone).sentence("It ended at 2026-07-01 10:00 UTC, not UTC.");
        assert_eq!(told, "It ended at 1 July 2026, 12:00, not UTC.");
        for same in ["", " UTC", "é2026-11-30 23:5 UTC", "2026-13-30 23:53 UTC"] {
            assert_eq!(shown(&zone).sentence(same), same);
        }
    }
}
