//! Lets guests in, and lets them work, in office hours only.

use guestpass_plugin::{Attempt, Entry, Plugin, Power, Withheld, clock};
use jiff::Timestamp;
use jiff::civil::Time;
use jiff::tz::TimeZone;

/// The settings.
#[derive(serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct OfficeHours {
    zone: String,
    from: String,
    until: String,
    days: Vec<i8>,
    finish_work: bool,
}

impl OfficeHours {
    /// Whether it is office hours now. Until the very moment of `until`; hours that go past midnight belong to the day on which
    /// they begin.
    fn are_now(&self) -> Result<bool, String> {
        let zone = TimeZone::get(&self.zone).map_err(|_| format!("there is no time zone `{}`", self.zone))?;
        let (from, until) = (time(&self.from)?, time(&self.until)?);
        let now = i64::try_from(clock::now()).ok().and_then(|now| Timestamp::from_millisecond(now).ok());
        let now = now.ok_or("the time of the host is none")?.to_zoned(zone);
        let day = |date: jiff::civil::Date| self.days.contains(&date.weekday().to_monday_one_offset());
        let (date, time) = (now.date(), now.time());
        if from <= until {
            return Ok(day(date) && from <= time && time < until);
        }
        let yesterday = date.yesterday().map_err(|error| error.to_string())?;
        Ok(day(date) && from <= time || day(yesterday) && time < until)
    }

    fn sentence(&self) -> String {
        format!("Access is open from {} to {} ({}). Come back then.", self.from, self.until, self.zone)
    }
}

fn time(text: &str) -> Result<Time, String> {
    let wrong = || format!("`{text}` is no time such as `09:00`");
    let (hour, minute) = text.split_once(':').ok_or_else(wrong)?;
    let (hour, minute) = (hour.parse().map_err(|_| wrong())?, minute.parse().map_err(|_| wrong())?);
    Time::new(hour, minute, 0, 0).map_err(|_| wrong())
}

impl Plugin for OfficeHours {
    fn review_entry(&self, _: &Attempt) -> Entry {
        match self.are_now() {
            Ok(true) => Entry::accept(),
            Ok(false) => Entry::veto(self.sentence()),
            Err(reason) => Entry::unknown(reason),
        }
    }

    fn narrow(&self, power: &Power) -> Withheld {
        if self.finish_work {
            return Withheld::nothing();
        }
        match self.are_now() {
            Ok(true) => Withheld::nothing(),
            Ok(false) => Withheld::these(power.names()),
            Err(reason) => Withheld::unknown(reason),
        }
    }
}

guestpass_plugin::export!(OfficeHours: entry_filter, permission_filter);

#[cfg(test)]
mod tests {
    use guestpass_plugin::testing::{self, Bench};

    use super::*;

    fn at(text: &str) -> Bench {
        let now: Timestamp = text.parse().unwrap();
        Bench::new(include_str!("../plugin.toml")).at(now.as_millisecond().try_into().unwrap())
    }

    fn open(bench: &Bench) -> bool {
        bench.review_entry::<OfficeHours>(&testing::attempt()) == Entry::accept()
    }

    #[test]
    fn it_is_open_from_the_first_to_before_the_last_moment() {
        for (now, is_open) in [
            ("2026-11-24T08:59:59.999Z", false),
            ("2026-11-24T09:00:00Z", true),
            ("2026-11-24T16:59:59.999Z", true),
            ("2026-11-24T17:00:00Z", false),
            ("2026-11-28T12:00:00Z", false),
        ] {
            assert_eq!(open(&at(now)), is_open, "{now}");
        }
    }

    #[test]
    fn the_hours_are_those_of_the_zone_in_summer_and_in_winter() {
        let paris = |now| at(now).set("zone", "Europe/Paris");
        assert!(open(&paris("2026-11-24T08:00:00Z")));
        assert!(!open(&paris("2026-11-24T07:59:00Z")));
        assert!(open(&paris("2026-07-21T07:00:00Z")));
        assert!(!open(&paris("2026-07-21T15:00:00Z")));
    }

    #[test]
    fn a_night_shift_belongs_to_the_day_on_which_it_begins() {
        let night = |now| at(now).set("from", "22:00").set("until", "06:00").set("days", vec![5]);
        assert!(open(&night("2026-11-27T23:00:00Z")), "Friday night");
        assert!(open(&night("2026-11-28T05:59:00Z")), "Saturday morning");
        assert!(!open(&night("2026-11-27T05:00:00Z")), "Friday morning");
        assert!(!open(&night("2026-11-28T23:00:00Z")), "Saturday night");
    }

    #[test]
    fn who_is_in_may_finish_unless_the_owner_says_otherwise() {
        let power = testing::power("edit_posts read");
        let late = "2026-11-24T20:00:00Z";
        assert_eq!(at(late).narrow::<OfficeHours>(&power), Withheld::nothing());
        let strict = at(late).set("finish-work", false);
        assert_eq!(strict.narrow::<OfficeHours>(&power), Withheld::these(["edit_posts", "read"]));
    }

    #[test]
    fn a_setting_that_makes_no_sense_keeps_everybody_out() {
        for (name, value) in [("zone", "Mars"), ("from", "9"), ("until", "25:00")] {
            assert!(!open(&at("2026-11-24T12:00:00Z").set(name, value)), "{name}");
        }
    }
}
