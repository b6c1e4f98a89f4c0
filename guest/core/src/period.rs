//! Calendar periods in the ISO 8601 form.

use core::fmt;
use core::str::FromStr;

use serde::{Deserialize, Serialize};
use time::{Date, Month};

use crate::instant::Instant;
use crate::refusal::{Code, Refusal};

const SECOND: u64 = 1_000;
const MINUTE: u64 = 60 * SECOND;
const HOUR: u64 = 60 * MINUTE;
const DAY: u64 = 24 * HOUR;
/// A hundred years: nothing here lasts longer, and sums of two never overflow.
const MAX_MONTHS: u32 = 1_200;
const MAX_MILLIS: u64 = 36_600 * DAY;

/// A calendar period such as `P1M` or `PT3H`: months, then days and time as exact milliseconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Period {
    months: u32,
    millis: u64,
}

/// The text is not a period of this form, not whole, empty, or longer than a hundred years.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotAPeriod;

impl Period {
    /// So many minutes.
    #[must_use]
    pub const fn minutes(minutes: u32) -> Self {
        Self {
            months: 0,
            millis: (minutes as u64).saturating_mul(MINUTE),
        }
    }

    /// So many hours.
    #[must_use]
    pub const fn hours(hours: u32) -> Self {
        Self {
            months: 0,
            millis: (hours as u64).saturating_mul(HOUR),
        }
    }

    /// So many days of 24 hours.
    #[must_use]
    pub const fn days(days: u32) -> Self {
        Self {
            months: 0,
            millis: (days as u64).saturating_mul(DAY),
        }
    }

    /// So many calendar months.
    #[must_use]
    pub const fn months(months: u32) -> Self {
        Self { months, millis: 0 }
    }

    /// This period from `start` on. Months first: the day of the month is kept, or becomes the month's last one. At most
    /// [`Instant::MAX`].
    #[must_use]
    pub fn after(self, start: Instant) -> Instant {
        add_months(start, self.months).map_or(Instant::MAX, |at| at.plus_millis(self.millis))
    }

    /// One after the other. None if that is longer than a hundred years.
    #[must_use]
    pub fn plus(self, other: Self) -> Option<Self> {
        let months = self.months.checked_add(other.months)?;
        let millis = self.millis.checked_add(other.millis)?;
        Self { months, millis }.within_bounds()
    }

    /// Whether it is not shorter and not longer than these, counted from any one instant.
    ///
    /// # Errors
    /// [`Code::OutOfRange`], about this field.
    pub(crate) fn check_range(
        self,
        shortest: Self,
        longest: Self,
        field: &'static str,
    ) -> Result<(), Refusal> {
        let epoch = Instant::from_millis(0);
        if (shortest.after(epoch)..=longest.after(epoch)).contains(&self.after(epoch)) {
            return Ok(());
        }
        Err(Code::OutOfRange
            .because(format!(
                "This is from {shortest} to {longest}, and {self} is not."
            ))
            .about(field))
    }

    fn within_bounds(self) -> Option<Self> {
        let short = self.months <= MAX_MONTHS && self.millis <= MAX_MILLIS;
        (short && (self.months, self.millis) != (0, 0)).then_some(self)
    }
}

fn add_months(start: Instant, months: u32) -> Option<Instant> {
    if months == 0 {
        return Some(start);
    }
    let at = start.to_date_time();
    let month0 = u32::from(u8::from(at.month()))
        .checked_sub(1)?
        .checked_add(months)?;
    let year = at
        .year()
        .checked_add(i32::try_from(month0.checked_div(12)?).ok()?)?;
    let month0 = u8::try_from(month0.checked_rem(12)?).ok()?;
    let month = Month::try_from(month0.checked_add(1)?).ok()?;
    let day = at.day().min(month.length(year));
    let date = Date::from_calendar_date(year, month, day).ok()?;
    Instant::from_date_time(at.replace_date(date))
}

impl FromStr for Period {
    type Err = NotAPeriod;

    /// `PnYnMnWnDTnHnMnS`: upper case, whole numbers, each unit at most once and in this order.
    fn from_str(text: &str) -> Result<Self, NotAPeriod> {
        parse(text).and_then(Self::within_bounds).ok_or(NotAPeriod)
    }
}

fn parse(text: &str) -> Option<Period> {
    let text = text.strip_prefix('P')?;
    let (date, time) = match text.split_once('T') {
        Some((_, "")) => return None,
        Some((date, time)) => (date, time),
        None => (text, ""),
    };
    let [years, months, weeks, days] = units(date, ['Y', 'M', 'W', 'D'])?;
    let [hours, minutes, seconds] = units(time, ['H', 'M', 'S'])?;
    let months = years.checked_mul(12)?.checked_add(months)?;
    let millis = [
        (weeks, 7 * DAY),
        (days, DAY),
        (hours, HOUR),
        (minutes, MINUTE),
        (seconds, SECOND),
    ]
    .into_iter()
    .try_fold(0_u64, |sum, (count, unit)| {
        sum.checked_add(u64::from(count).checked_mul(unit)?)
    })?;
    Some(Period { months, millis })
}

/// The number before each of these letters, 0 where one is left out.
fn units<const N: usize>(mut text: &str, letters: [char; N]) -> Option<[u32; N]> {
    let mut counts = [0; N];
    for (count, letter) in counts.iter_mut().zip(letters) {
        let Some((digits, rest)) = text.split_once(letter) else {
            continue;
        };
        if digits.is_empty() || !digits.bytes().all(|b| b.is_ascii_digit()) {
            return None;
        }
        *count = digits.parse().ok()?;
        text = rest;
    }
    text.is_empty().then_some(counts)
}

/// The shortest ISO 8601 form: `P1Y`, `P7D`, `PT3H`.
impl fmt::Display for Period {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let split = |whole: u64, unit: u64| {
            (
                whole.checked_div(unit).unwrap_or_default(),
                whole.checked_rem(unit).unwrap_or_default(),
            )
        };
        let (years, months) = split(u64::from(self.months), 12);
        let (days, rest) = split(self.millis, DAY);
        let (hours, rest) = split(rest, HOUR);
        let (minutes, rest) = split(rest, MINUTE);
        let (seconds, _) = split(rest, SECOND);
        f.write_str("P")?;
        write_units(f, [(years, 'Y'), (months, 'M'), (days, 'D')])?;
        if (hours, minutes, seconds) != (0, 0, 0) {
            f.write_str("T")?;
            write_units(f, [(hours, 'H'), (minutes, 'M'), (seconds, 'S')])?;
        }
        Ok(())
    }
}

fn write_units(f: &mut fmt::Formatter<'_>, units: [(u64, char); 3]) -> fmt::Result {
    for (count, letter) in units {
        if count > 0 {
            write!(f, "{count}{letter}")?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn period(text: &str) -> Period {
        text.parse().unwrap()
    }

    fn at(text: &str) -> Instant {
        let [y, mo, d, h] =
            [0..4, 5..7, 8..10, 11..13].map(|range| text[range].parse::<u32>().unwrap());
        let month = Month::try_from(u8::try_from(mo).unwrap()).unwrap();
        let date =
            Date::from_calendar_date(i32::try_from(y).unwrap(), month, u8::try_from(d).unwrap())
                .unwrap();
        let time = time::Time::from_hms(u8::try_from(h).unwrap(), 0, 0).unwrap();
        Instant::from_date_time(time::OffsetDateTime::new_utc(date, time)).unwrap()
    }

    #[test]
    fn months_are_calendar_months_and_clamp_to_the_last_day() {
        for (start, length, end) in [
            ("2026-01-31T10", "P1M", "2026-02-28T10"),
            ("2028-01-31T10", "P1M", "2028-02-29T10"),
            ("2028-02-29T10", "P1Y", "2029-02-28T10"),
            ("2026-12-31T23", "P2M", "2027-02-28T23"),
            ("2026-10-31T10", "P1M1D", "2026-12-01T10"),
            ("2026-03-31T10", "P11M", "2027-02-28T10"),
            ("2026-11-22T10", "P1W", "2026-11-29T10"),
            ("2026-11-22T22", "PT3H", "2026-11-23T01"),
        ] {
            assert_eq!(
                period(length).after(at(start)),
                at(end),
                "{start} + {length}"
            );
        }
    }

    #[test]
    fn what_is_no_period_is_refused() {
        for text in [
            "",
            "P",
            "PT",
            "P1",
            "1M",
            "p1m",
            "P1H",
            "PT1D",
            "P1M2Y",
            "P-1M",
            "P1.5D",
            "P1DT",
            "P0D",
            "P1M1M",
            "P 1D",
            "P1D ",
            "P+1D",
            "P101Y",
            "P99999999999D",
            "PT4294967295H",
            "P1D T1H",
            "PT1H1H",
            "P١D",
        ] {
            assert_eq!(text.parse::<Period>(), Err(NotAPeriod), "{text}");
        }
    }

    #[test]
    fn is_written_in_its_shortest_form() {
        for (text, short) in [
            ("P1W", "P7D"),
            ("P12M", "P1Y"),
            ("PT24H", "P1D"),
            ("P1Y2M3DT4H5M6S", "P1Y2M3DT4H5M6S"),
        ] {
            assert_eq!(period(text).to_string(), short);
        }
    }

    #[test]
    fn never_leaves_the_calendar() {
        assert_eq!(period("P100Y").after(Instant::MAX), Instant::MAX);
        assert_eq!(
            period("P100Y").plus(period("P1D")),
            Some(Period {
                months: 1_200,
                millis: DAY
            })
        );
        assert_eq!(period("P100Y").plus(period("P1M")), None);
    }
}
