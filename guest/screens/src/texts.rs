//! What the pages say, in each language. The texts stand in `languages/`, and `build.rs` makes a function of each: a text
//! that is missing, or is not given what it speaks of, does not compile.

use std::sync::OnceLock;

/// A language that the pages speak.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Language(usize);

#[cfg(not(test))]
include!(concat!(env!("OUT_DIR"), "/texts.rs"));
#[cfg(test)]
include!(concat!(env!("OUT_DIR"), "/texts_mirrored.rs"));

/// Between the forms of a text.
const BETWEEN: char = '\u{1}';
/// After a text.
const END: char = '\u{0}';
/// Before the number of a value.
const VALUE: char = '\u{2}';

/// The texts of each language, once they were asked for. They stay for as long as the component does.
static READ: [OnceLock<Vec<&'static str>>; TAGS.len()] = [const { OnceLock::new() }; TAGS.len()];

impl Language {
    /// All of them, the first one first.
    pub(crate) fn all() -> impl Iterator<Item = Self> {
        (0..TAGS.len()).map(Self)
    }

    /// The best of what somebody would like to read, in the form of `Accept-Language`; the first language if there is none.
    pub(crate) fn preferred(wanted: &str) -> Self {
        let mut best: Option<(u32, Self)> = None;
        for part in wanted.split(',') {
            let mut pieces = part.split(';');
            let Some(language) = pieces.next().and_then(Self::of_tag) else {
                continue;
            };
            let weight = pieces.find_map(|piece| piece.trim().strip_prefix("q="));
            let weight = weight.map_or(1_000, thousandths);
            if weight > 0 && best.is_none_or(|(known, _)| weight > known) {
                best = Some((weight, language));
            }
        }
        best.map_or(Self(0), |(_, language)| language)
    }

    /// The language of a tag such as `fr` or `pt-BR`: whatever comes first in it counts.
    pub(crate) fn of_tag(tag: &str) -> Option<Self> {
        let first = tag.trim().split(['-', '_']).next().unwrap_or_default();
        TAGS.iter()
            .position(|known| known.eq_ignore_ascii_case(first))
            .map(Self)
    }

    /// Its tag.
    pub(crate) fn tag(self) -> &'static str {
        TAGS.get(self.0).copied().unwrap_or_default()
    }

    /// The text for a word of the engine's, such as `refusal` and `link-used-up`. None: this language leaves it to the engine
    /// to say it, or does not know the word.
    pub(crate) fn named(self, what: &str, word: &str) -> Option<&'static str> {
        let key = |known: &&str| {
            let rest = known.strip_prefix(what)?.strip_prefix('-')?;
            (rest == word).then_some(())
        };
        let at = NAMES.iter().position(|known| key(known).is_some())?;
        let text = self.text(at);
        (!text.is_empty()).then_some(text)
    }

    /// One of the texts that have a function of their own.
    fn plain(self, at: usize) -> &'static str {
        self.text(NAMES.len().saturating_add(at))
    }

    fn text(self, at: usize) -> &'static str {
        let texts = READ.get(self.0).map(|read| {
            read.get_or_init(|| {
                let packed = PACKED.get(self.0).copied().unwrap_or_default();
                let texts: &'static str = Box::leak(unpacked(packed).into_boxed_str());
                texts.split(END).collect()
            })
        });
        texts
            .and_then(|texts| texts.get(at))
            .copied()
            .unwrap_or_default()
    }

    fn filled(self, at: usize, counted: Option<u64>, values: &[&str]) -> String {
        let text = self.plain(at);
        let form = counted.map_or(0, |count| {
            form(PLURALS.get(self.0).copied().unwrap_or_default(), count)
        });
        let text = text.split(BETWEEN).nth(form).unwrap_or(text);
        let mut filled = String::with_capacity(text.len().saturating_add(32));
        let mut pieces = text.split(VALUE);
        filled.push_str(pieces.next().unwrap_or_default());
        for piece in pieces {
            let mut rest = piece.chars();
            let place = rest.next().and_then(|digit| digit.to_digit(10));
            let value = place.and_then(|place| values.get(place as usize));
            filled.push_str(value.copied().unwrap_or_default());
            filled.push_str(rest.as_str());
        }
        filled
    }
}

/// What `build.rs` has packed.
pub(crate) fn unpacked(packed: &[u8]) -> String {
    let bytes = miniz_oxide::inflate::decompress_to_vec(packed).unwrap_or_default();
    String::from_utf8(bytes).unwrap_or_default()
}

/// `0.8` as 800; what is no number counts for nothing.
fn thousandths(text: &str) -> u32 {
    let text = text.trim();
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let mut digits = fraction.bytes().chain(*b"000").take(3);
    let whole: u32 = whole.parse().unwrap_or(0);
    let fraction = digits.try_fold(0_u32, |sum, digit| {
        let digit = char::from(digit).to_digit(10)?;
        Some(sum.saturating_mul(10).saturating_add(digit))
    });
    whole
        .min(1)
        .saturating_mul(1_000)
        .saturating_add(fraction.unwrap_or(0))
        .min(1_000)
}

/// Which of its forms a text has for this number. The order of the families is that of `build/texts.rs`.
fn form(family: usize, count: u64) -> usize {
    let (ones, tens) = (count % 10, count % 100);
    match (family, count) {
        (1, 1) | (2, 0 | 1) => 0,
        (1 | 2, _) => 1,
        (3, _) if ones == 1 && tens != 11 => 0,
        (3, _) if (2..=4).contains(&ones) && !(12..=14).contains(&tens) => 1,
        (3, _) => 2,
        (4, 0..=2) => usize::try_from(count).unwrap_or(0),
        (4, _) if (3..=10).contains(&tens) => 3,
        (4, _) if (11..=99).contains(&tens) => 4,
        (4, _) => 5,
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use guestpass_core::Code;

    #[test]
    fn the_language_is_the_one_wanted_most() {
        let tag = |wanted: &str| Language::preferred(wanted).tag();
        assert_eq!(tag(""), "en");
        assert_eq!(tag("fr"), "fr");
        assert_eq!(tag("fr-CA,fr;q=0.9,en;q=0.8"), "fr");
        assert_eq!(tag("de, es;q=0.5, en;q=0.4"), "es");
        assert_eq!(tag("en;q=0.3,ES_419;q=0.31"), "es");
        assert_eq!(tag("fr;q=0, tlh"), "en");
        assert_eq!(tag("*;q=x,;;,q=1"), "en");
    }

    #[test]
    fn numbers_choose_their_form() {
        let forms = |family: usize, counts: [u64; 8]| counts.map(|count| form(family, count));
        let counts = [0, 1, 2, 3, 11, 21, 22, 101];
        assert_eq!(forms(0, counts), [0; 8]);
        assert_eq!(forms(1, counts), [1, 0, 1, 1, 1, 1, 1, 1]);
        assert_eq!(forms(2, counts), [0, 0, 1, 1, 1, 1, 1, 1]);
        assert_eq!(forms(3, counts), [2, 0, 1, 1, 2, 0, 1, 0]);
        assert_eq!(forms(4, counts), [0, 1, 2, 3, 4, 4, 4, 5]);
    }

    #[test]
    fn every_refusal_is_said_in_every_language_but_the_engines_own() {
        for language in Language::all().filter(|language| language.tag() != "en") {
            for code in Code::ALL {
                assert!(
                    language.named("refusal", code.as_str()).is_some(),
                    "`refusal-{}` in {}",
                    code.as_str(),
                    language.tag()
                );
            }
        }
    }

    #[test]
    fn texts_are_filled_in_with_their_values() {
        let [en, es, fr] = ["en", "es", "fr"].map(|tag| Language::of_tag(tag).unwrap());
        assert_eq!(en.in_days(1), "in 1 day");
        assert_eq!(es.in_days(2), "dentro de 2 días");
        assert_eq!(fr.in_days(0), "dans 0 jour");
    }
}
