//! The words of mails: one data file for each language.

use std::sync::OnceLock;

use jiff::tz::TimeZone;
use jiff::{Span, Timestamp};
use serde::Deserialize;

const FILES: [(&str, &str); 3] = [
    ("en", include_str!("../../texts/en.toml")),
    ("es", include_str!("../../texts/es.toml")),
    ("fr", include_str!("../../texts/fr.toml")),
];

/// The words of one language.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Texts {
    pub subject: String,
    pub greeting: String,
    pub greeting_nobody: String,
    pub invites: String,
    pub gives: String,
    pub message: String,
    pub open: String,
    pub open_link: String,
    pub sign_in: String,
    pub user_name: String,
    pub password: String,
    pub accept_one: String,
    pub accept_other: String,
    pub until: String,
    pub endless: String,
    pub first: String,
    pub from_then: String,
    pub ignore: String,
    pub all: String,
    pub chosen: String,
    pub also: String,
    pub except: String,
    date: String,
    months: [String; 12],
    lengths: Lengths,
}

/// What one of a unit of time is called, and more.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Lengths {
    years: [String; 2],
    months: [String; 2],
    weeks: [String; 2],
    days: [String; 2],
    hours: [String; 2],
    minutes: [String; 2],
    seconds: [String; 2],
}

impl Texts {
    /// An instant as people write it in this language.
    pub fn date(&self, instant: u64) -> String {
        let millis = i64::try_from(instant).unwrap_or(i64::MAX);
        let Ok(at) = Timestamp::from_millisecond(millis) else {
            return String::new();
        };
        let at = at.to_zoned(TimeZone::UTC);
        let month = usize::try_from(at.month() - 1).unwrap_or_default();
        filled(
            &self.date,
            &[
                ("day", &at.day().to_string()),
                ("month", &self.months[month]),
                ("year", &at.year().to_string()),
                ("time", &format!("{:02}:{:02}", at.hour(), at.minute())),
            ],
        )
    }

    /// A length of time such as `P7D` as people write it in this language.
    pub fn length(&self, period: &str) -> String {
        let Ok(span) = period.parse::<Span>() else {
            return period.to_owned();
        };
        let units = &self.lengths;
        let parts = [
            (i64::from(span.get_years()), &units.years),
            (i64::from(span.get_months()), &units.months),
            (i64::from(span.get_weeks()), &units.weeks),
            (i64::from(span.get_days()), &units.days),
            (i64::from(span.get_hours()), &units.hours),
            (span.get_minutes(), &units.minutes),
            (span.get_seconds(), &units.seconds),
        ];
        let said = parts.iter().filter(|(count, _)| *count != 0);
        let said = said.map(|(count, [one, more])| {
            format!("{count} {}", if *count == 1 { one } else { more })
        });
        said.collect::<Vec<_>>().join(", ")
    }

    /// The sentence for so many days, 1 or more: all three languages tell one from more.
    pub fn accept(&self, days: u64) -> &str {
        if days == 1 {
            &self.accept_one
        } else {
            &self.accept_other
        }
    }
}

/// A sentence with its places filled in. What is filled in is not looked at again, so nobody's name is a place.
pub fn filled(sentence: &str, values: &[(&str, &str)]) -> String {
    let mut written = String::new();
    let mut rest = sentence;
    while let Some((before, after)) = rest.split_once('{') {
        written.push_str(before);
        let (name, after) = after.split_once('}').unwrap_or((after, ""));
        let value = values.iter().find(|(known, _)| *known == name);
        written.push_str(value.map_or("", |(_, value)| value));
        rest = after;
    }
    written.push_str(rest);
    written
}

fn all() -> &'static [(&'static str, Texts)] {
    static TEXTS: OnceLock<Vec<(&str, Texts)>> = OnceLock::new();
    TEXTS.get_or_init(|| {
        let read = |(name, text)| {
            let texts: Result<Texts, _> = toml::from_str(text);
            // A file that a test reads in every build.
            (name, texts.expect("the texts are well-formed"))
        };
        FILES.into_iter().map(read).collect()
    })
}

/// The words for readers of this language tag; English where there are none.
pub fn for_locale(locale: Option<&str>) -> &'static Texts {
    let language = locale.and_then(|tag| tag.split('-').next()).unwrap_or("en");
    let known = all()
        .iter()
        .find(|(name, _)| name.eq_ignore_ascii_case(language));
    &known.unwrap_or(&all()[0]).1
}
