//! The words of mails: one data file for each language.

use std::sync::OnceLock;

use jiff::Timestamp;
use jiff::tz::TimeZone;
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
    pub message: String,
    pub open: String,
    pub accept_one: String,
    pub accept_other: String,
    pub ignore: String,
    pub all: String,
    pub chosen: String,
    date: String,
    months: [String; 12],
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
