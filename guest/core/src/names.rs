//! Names and texts from outside, checked once at the edge.

use email_address::{EmailAddress, Options};
use serde::{Deserialize, Serialize};

use crate::period::{NotAPeriod, Period};
use crate::policy::domain;
use crate::refusal::{Code, Refusal, quoted};

/// A site's name: 1 to 64 characters out of `a-z`, `0-9`, `.`, `-` and `_`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct SiteId(String);

impl SiteId {
    /// Checks the form; whether the host has such a site is the directory's to say.
    ///
    /// # Errors
    /// [`Code::BadSite`]
    pub fn parse(text: &str) -> Result<Self, Refusal> {
        let fits = (1..=64).contains(&text.len())
            && text
                .bytes()
                .all(|b| matches!(b, b'a'..=b'z' | b'0'..=b'9' | b'.' | b'-' | b'_'));
        if fits {
            return Ok(Self(text.to_owned()));
        }
        Err(Code::BadSite.because(format!(
            "{} is no site name: 1 to 64 small letters, digits, dots, hyphens and underscores make one.",
            quoted(text)
        )))
    }

    /// As text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Whether a character is invisible or changes the writing direction. With one, a text reads as another one.
#[must_use]
pub const fn misleads(c: char) -> bool {
    matches!(
        c,
        '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' | '\u{180b}'..='\u{180f}'
            | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{2800}' | '\u{3164}'
            | '\u{feff}' | '\u{ffa0}' | '\u{fff9}'..='\u{fffb}' | '\u{1bca0}'..='\u{1bca3}' | '\u{1d173}'..='\u{1d17a}'
            | '\u{e0000}'..='\u{e00ff}' | '\u{e01f0}'..='\u{e0fff}'
    )
}

/// Whether a character chooses among the glyphs of the one before.
const fn chooses(c: char) -> bool {
    matches!(c, '\u{fe00}'..='\u{fe0f}' | '\u{e0100}'..='\u{e01ef}')
}

/// Whether a name reads as it is written: all of it, in its order. What joins and parts letters (ZWJ, ZWNJ) and what chooses a
/// glyph belongs in the words of many scripts; beside ASCII or at an end it is merely invisible.
fn reads_as_written(name: &str) -> bool {
    let word =
        |c: char| !c.is_ascii() && !c.is_whitespace() && !matches!(c, '\u{200c}' | '\u{200d}');
    let mut before = ' ';
    let mut chars = name.chars().peekable();
    while let Some(c) = chars.next() {
        let fits = match c {
            '\u{200c}' | '\u{200d}' => word(before) && chars.peek().is_some_and(|next| word(*next)),
            c if chooses(c) => word(before) && !chooses(before),
            _ => !c.is_control() && !misleads(c),
        };
        if !fits {
            return false;
        }
        before = c;
    }
    true
}

/// Where a request came from, shortened to what is kept.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Origin {
    /// The client's address, at most 64 bytes.
    pub address: Option<String>,
    /// The client's user agent, at most 256 bytes.
    pub agent: Option<String>,
}

impl Origin {
    /// Cuts what is too long and drops control characters and those that mislead.
    #[must_use]
    pub fn new(address: Option<&str>, agent: Option<&str>) -> Self {
        Self {
            address: address.map(|text| kept(text, 64)),
            agent: agent.map(|text| kept(text, 256)),
        }
    }
}

fn kept(text: &str, bytes: usize) -> String {
    let mut kept = String::new();
    for c in text.chars().filter(|c| !c.is_control() && !misleads(*c)) {
        if kept.len().saturating_add(c.len_utf8()) > bytes {
            break;
        }
        kept.push(c);
    }
    kept
}

/// Who asks for a change, already authenticated by the host.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Actor {
    /// Where.
    pub site: SiteId,
    /// The host's name for the user.
    pub user: String,
    /// From where.
    pub origin: Origin,
}

impl Actor {
    /// Checks the forms of site and user.
    ///
    /// # Errors
    /// [`Code::BadSite`], [`Code::BadUser`]
    pub fn new(site: &str, user: &str, origin: Origin) -> Result<Self, Refusal> {
        let site = SiteId::parse(site)?;
        user_id(user)?;
        Ok(Self {
            site,
            user: user.to_owned(),
            origin,
        })
    }
}

/// A length of time, such as `P7D`.
///
/// # Errors
/// [`Code::BadPeriod`], about this field.
pub fn period(text: &str, field: &'static str) -> Result<Period, Refusal> {
    text.parse().map_err(|NotAPeriod| {
        Code::BadPeriod
            .because("A length of time is written as in ISO 8601, for example `P7D`, `P1M` or `PT3H`: whole numbers, not zero, at most a hundred years.")
            .about(field)
    })
}

/// A user id is 1 to 128 bytes without control characters.
pub(crate) fn user_id(text: &str) -> Result<(), Refusal> {
    if (1..=128).contains(&text.len()) && !text.chars().any(char::is_control) {
        return Ok(());
    }
    Err(Code::BadUser.because("A user id is 1 to 128 bytes long and holds no control characters."))
}

/// An address that mail could be sent to: no display name, no quoting, and a domain with a dot.
pub(crate) fn email(text: &str) -> Result<String, Refusal> {
    let form = Options::default()
        .with_minimum_sub_domains(2)
        .without_display_text()
        .without_domain_literal();
    let trimmed = text.trim();
    let is_address = EmailAddress::parse_with_options(trimmed, form).is_ok();
    let domain = trimmed.rsplit('@').next().unwrap_or_default();
    let plain = !domain.contains(domain::stands_for_others);
    if is_address
        && trimmed.len() <= 254
        && !trimmed.contains('"')
        && reads_as_written(trimmed)
        && plain
    {
        return Ok(trimmed.to_owned());
    }
    let message = if !reads_as_written(trimmed) {
        "An e-mail address has no invisible characters and none that change the writing direction."
            .to_owned()
    } else if plain {
        format!(
            "{} is no e-mail address. One looks like `name@example.com`.",
            quoted(text)
        )
    } else {
        format!(
            "{} has characters behind the `@` that stand for others, such as full-width letters. Write it with plain ones.",
            quoted(text)
        )
    };
    Err(Code::BadEmail.because(message).about("guest.email"))
}

/// An address in the form in which two of them are compared.
pub(crate) fn folded_email(address: &str) -> String {
    address.trim().to_lowercase()
}

/// A part of a person's name; empty counts as none.
pub(crate) fn person(text: Option<String>, field: &'static str) -> Result<Option<String>, Refusal> {
    let Some(text) = text.filter(|text| !text.trim().is_empty()) else {
        return Ok(None);
    };
    if text.chars().count() <= 100 && reads_as_written(&text) {
        return Ok(Some(text.trim().to_owned()));
    }
    Err(Code::BadName
        .because("A name has at most 100 characters, none of them invisible or changing the writing direction.")
        .about(field))
}

/// A BCP 47 language tag, by its shape: subtags of 1 to 8 letters or digits, the first of 2 to 8 letters.
pub(crate) fn locale(text: Option<String>) -> Result<Option<String>, Refusal> {
    let Some(text) = text.filter(|text| !text.is_empty()) else {
        return Ok(None);
    };
    let mut subtags = text.split('-');
    let first = subtags.next().is_some_and(|tag| {
        (2..=8).contains(&tag.len()) && tag.bytes().all(|b| b.is_ascii_alphabetic())
    });
    let rest = subtags
        .all(|tag| (1..=8).contains(&tag.len()) && tag.bytes().all(|b| b.is_ascii_alphanumeric()));
    if first && rest && text.len() <= 35 {
        return Ok(Some(text));
    }
    Err(Code::BadLocale
        .because(format!(
            "{} is no language tag. One looks like `fr` or `pt-BR`.",
            quoted(&text)
        ))
        .about("guest.locale"))
}

/// A name to sign in by. Without `@`, so that it is never taken for an address; which other names there are is the host's
/// to say.
pub(crate) fn login(text: Option<String>) -> Result<Option<String>, Refusal> {
    let Some(text) = text.filter(|text| !text.trim().is_empty()) else {
        return Ok(None);
    };
    let text = text.trim();
    let wrong = |c: char| c == '@' || c.is_whitespace();
    if text.chars().count() <= 60 && !text.chars().any(wrong) && reads_as_written(text) {
        return Ok(Some(text.to_owned()));
    }
    Err(Code::BadLogin
        .because(format!(
            "{} is no name to sign in by: at most 60 characters, without spaces, `@` or invisible ones. Left out, one is proposed.",
            quoted(text)
        ))
        .about("guest.login"))
}

/// The address of a web site: `http` or `https`, a host, and nothing in it that could show one host and lead to another.
pub(crate) fn website(text: Option<String>) -> Result<Option<String>, Refusal> {
    let Some(text) = text.filter(|text| !text.trim().is_empty()) else {
        return Ok(None);
    };
    let text = text.trim();
    let (scheme, rest) = text.split_once("://").unwrap_or_default();
    let known = ["http", "https"]
        .iter()
        .any(|known| scheme.eq_ignore_ascii_case(known));
    let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let sound = known
        && is_host(host)
        && text.len() <= 200
        && !text.contains(['\\', '"', '<', '>', '`'])
        && !text.contains(char::is_whitespace)
        && reads_as_written(text);
    if sound {
        return Ok(Some(text.to_owned()));
    }
    Err(Code::BadWebsite
        .because(format!(
            "{} is no address of a web site. One looks like `https://example.com`.",
            quoted(text)
        ))
        .about("guest.website"))
}

/// A name of the DNS in any script, perhaps with a port. No credentials, no address in brackets.
fn is_host(text: &str) -> bool {
    let (name, port) = match text.split_once(':') {
        Some((name, port)) => (name, Some(port)),
        None => (text, None),
    };
    let label = |label: &str| {
        (1..=63).contains(&label.len()) && label.chars().all(|c| c.is_alphanumeric() || c == '-')
    };
    name.trim_end_matches('.').split('.').all(label)
        && port.is_none_or(|port| port.parse::<u16>().is_ok_and(|port| port > 0))
}

/// Longer texts are pasted with invisible marks in them, which nobody could find and take out.
fn without_misleading(text: &str) -> String {
    text.chars().filter(|c| !misleads(*c)).collect()
}

/// A note for the owner's eyes.
pub(crate) fn note(text: Option<String>) -> Result<Option<String>, Refusal> {
    let Some(text) = text.filter(|text| !text.trim().is_empty()) else {
        return Ok(None);
    };
    if text.chars().count() <= 1000 {
        return Ok(Some(without_misleading(&text)));
    }
    Err(Code::BadNote
        .because("A note has at most 1000 characters.")
        .about("note"))
}

/// What an invited person is to read: several lines of plain text. Each ends in a line feed, so that whoever quotes them finds
/// every one.
pub(crate) fn message(text: Option<String>) -> Result<Option<String>, Refusal> {
    let Some(text) = text.filter(|text| !text.trim().is_empty()) else {
        return Ok(None);
    };
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    let plain = |c: char| !c.is_control() || matches!(c, '\n' | '\t');
    if text.chars().count() <= 1000 && text.chars().all(plain) {
        return Ok(Some(without_misleading(&text)));
    }
    Err(Code::BadMessage
        .because("A message has at most 1000 characters and no control characters but line breaks.")
        .about("message"))
}

/// A path on the site. What a browser could read as another site (`//`, `/\`) or as two paths (control characters) is
/// refused.
pub(crate) fn redirect(text: Option<String>) -> Result<Option<String>, Refusal> {
    let Some(text) = text.filter(|text| !text.is_empty()) else {
        return Ok(None);
    };
    let mut chars = text.chars();
    let begins = chars.next() == Some('/') && !matches!(chars.next(), Some('/' | '\\'));
    if begins
        && text.len() <= 2048
        && !text.contains('\\')
        && !text.chars().any(|c| c.is_control() || c.is_whitespace())
    {
        return Ok(Some(text));
    }
    Err(Code::BadRedirect
        .because(format!(
            "{} is no path on this site. One begins with a single `/`, as in `/posts`.",
            quoted(&text)
        ))
        .about("redirect"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses() {
        for good in [
            "a@b.example",
            " sam@support.example ",
            "o'hara+x@mail.example",
            "ж@пример.рф",
        ] {
            assert!(email(good).is_ok(), "{good}");
        }
        for bad in [
            "",
            "a",
            "a@",
            "@b.example",
            "a@b",
            "a b@c.example",
            "a@b..example",
            "a@b.example\nBcc: c@d.example",
            "Sam <a@b.example>",
            "a@b.\u{ff45}xample",
            "a@b\u{3002}example",
            "a@b\u{ff61}c.example",
            "a@\u{1d41b}.example",
            "a@\u{24d1}.example",
            "a@o\u{fb03}ce.example",
            "a@\u{17f}.example",
            "a@\u{2102}.example",
            "a@x\u{b2}.example",
            "a@bu\u{e9}\u{fe0f}.example",
            "a@\u{33c2}.example",
        ] {
            assert_eq!(email(bad).unwrap_err().code, Code::BadEmail, "{bad}");
        }
        assert_eq!(
            email(&format!("{}@b.example", "a".repeat(300)))
                .unwrap_err()
                .code,
            Code::BadEmail
        );
        for (bad, why) in [
            ("a\u{202e}@b.example", "invisible characters"),
            ("a@b", "One looks like `name@example.com`"),
            ("a@b.\u{ff45}xample", "behind the `@` that stand for others"),
        ] {
            let message = email(bad).unwrap_err().message;
            assert!(message.contains(why), "{bad}: {message}");
        }
    }

    #[test]
    fn redirects_stay_on_the_site() {
        for good in ["/", "/posts?x=1#y", "/a//b"] {
            assert!(redirect(Some(good.into())).is_ok(), "{good}");
        }
        for bad in [
            "//evil.example",
            "/\\evil.example",
            "https://evil.example",
            "posts",
            "/a\r\nX: y",
            "/\t/evil.example",
            "/a\u{7f}b",
            "/a b",
            "/a\u{2003}b",
            "/a\\b",
        ] {
            assert_eq!(
                redirect(Some(bad.into())).unwrap_err().code,
                Code::BadRedirect,
                "{bad}"
            );
        }
    }

    #[test]
    fn web_sites() {
        for good in [
            "https://example.com",
            "HTTP://Example.com:8080/a?b#c",
            "https://пример.рф/",
            " https://support.example ",
        ] {
            assert!(website(Some(good.into())).is_ok(), "{good}");
        }
        for bad in [
            "example.com",
            "javascript:alert(1)",
            "https://",
            "https:///x",
            "https://a b.example",
            "https://good.example@evil.example",
            "https://good.example\\@evil.example",
            "https://a.example:0",
            "https://a.example:x",
            "https://a..example",
            "https://a.example/\r\nX: y",
            "https://a.example/\"onload=",
            "https:evil.example",
        ] {
            let refusal = website(Some(bad.into())).unwrap_err();
            assert_eq!(
                (refusal.code, refusal.field),
                (Code::BadWebsite, Some("guest.website")),
                "{bad}"
            );
        }
        let long = format!("https://example.com/{}", "a".repeat(200));
        assert!(website(Some(long)).is_err());
        assert_eq!(website(Some(" ".into())), Ok(None));
    }

    #[test]
    fn names_to_sign_in_by() {
        assert_eq!(login(Some(" sam ".into())), Ok(Some("sam".into())));
        assert_eq!(login(Some("  ".into())), Ok(None));
        for bad in ["a b", "sam@b.example", "a\0b", &"x".repeat(61)] {
            assert_eq!(
                login(Some(bad.to_owned())).unwrap_err().code,
                Code::BadLogin,
                "{bad}"
            );
        }
    }

    #[test]
    fn names_read_as_they_are_written() {
        for good in [
            "Zoë O’Hara-中村",
            "محمد علی",
            "علی\u{200c}رضا",
            "क्\u{200d}ष",
            "👩\u{200d}🔧",
            "❤\u{fe0f}\u{200d}🔥",
            "葛\u{e0100}城",
        ] {
            assert_eq!(person(Some(good.into()), "x"), Ok(Some(good.into())));
        }
        for bad in [
            "Ada\u{202e}",
            "\u{2066}Ada",
            "A\u{200e}da",
            "Ada\u{61c}",
            "Ad\u{200b}a",
            "Ad\u{200d}a",
            "\u{200c}علی",
            "علی\u{200c}",
            "علی\u{200c}\u{200d}رضا",
            "Ada\u{fe0f}",
            "A\u{ad}da",
            "Ad\u{2028}a",
            "Ada\u{feff}x",
            "\u{3164}",
            "\u{2800}",
            "ж\u{fe0f}\u{fe0f}",
            "葛\u{e0100}\u{e0101}",
            "Ada\u{e0100}",
            "ж\u{e0200}",
            "Ada\u{1d173}",
            "a\nb",
        ] {
            let refusal = person(Some(bad.into()), "x").unwrap_err();
            assert_eq!(refusal.code, Code::BadName, "{bad:?}");
            assert_eq!(login(Some(bad.into())).unwrap_err().code, Code::BadLogin);
            assert!(email(&format!("{bad}@b.example")).is_err(), "{bad:?}");
        }
    }

    #[test]
    fn what_misleads_is_left_out_of_longer_texts() {
        let text = || Some("Look \u{202e}here\u{200f}.\nשלום".to_owned());
        assert_eq!(message(text()), Ok(Some("Look here.\nשלום".into())));
        assert_eq!(note(text()), message(text()));
        assert_eq!(Origin::new(None, Some("a\u{202e}b")).agent.unwrap(), "ab");
    }

    #[test]
    fn a_line_of_a_message_ends_in_a_line_feed() {
        let text = Some("one\rtwo\r\nthree\nfour".to_owned());
        assert_eq!(message(text), Ok(Some("one\ntwo\nthree\nfour".into())));
    }

    #[test]
    fn sites_and_locales() {
        assert!(SiteId::parse("main").is_ok());
        for bad in ["", "Main", "a/b", "a\0b", &"a".repeat(65)] {
            assert!(SiteId::parse(bad).is_err());
        }
        assert!(locale(Some("pt-BR".into())).is_ok());
        for bad in ["f", "fr_FR", "fr-", "../../x"] {
            assert!(locale(Some(bad.into())).is_err());
        }
    }

    #[test]
    fn origins_are_cut_between_characters() {
        let origin = Origin::new(Some(&"é".repeat(40)), Some("a\nb"));
        assert_eq!(origin.address.unwrap().len(), 64);
        assert_eq!(origin.agent.unwrap(), "ab");
    }
}
