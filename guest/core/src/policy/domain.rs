//! Domains of e-mail addresses, and the patterns that name some of them.

use crate::order;
use crate::refusal::{Code, Refusal, quoted};

/// Bytes of all patterns of a list together: a policy is one record.
const LONGEST: usize = 8 * 1024;
/// The longest name that the DNS knows.
const LONGEST_NAME: usize = 253;

/// A list of patterns (`example.org`, or `*.example.org` for all below it), each folded and once.
///
/// # Errors
/// [`Code::BadDomain`], about this field.
pub(crate) fn patterns(names: Vec<String>, field: &'static str) -> Result<Vec<String>, Refusal> {
    let mut folded = names
        .iter()
        .map(|name| pattern(name).ok_or_else(|| {
            Code::BadDomain
                .because(format!(
                    "{} is no domain. Write `example.org`, or `*.example.org` for all domains below it.",
                    quoted(name)
                ))
                .about(field)
        }))
        .collect::<Result<Vec<_>, _>>()?;
    order::sort_and_dedup(&mut folded);
    let length = folded
        .iter()
        .map(String::len)
        .fold(0, usize::saturating_add);
    if length <= LONGEST {
        return Ok(folded);
    }
    Err(Code::BadDomain
        .because(format!(
            "These domains are longer than {LONGEST} bytes together. Name fewer."
        ))
        .about(field))
}

/// Whether a character stands in a domain for others (full-width and mathematical letters, ligatures, small and circled ones,
/// other full stops) or for none: the DNS is asked for those, so a domain with it would not be the one that a pattern names.
pub(crate) const fn stands_for_others(c: char) -> bool {
    matches!(
        c,
        'ª' | '²' | '³' | '¹' | 'º' | 'ĳ' | 'Ĳ' | 'ſ' | '\u{1c4}'..='\u{1cc}' | '\u{1f1}'..='\u{1f3}' | '\u{2b0}'..='\u{2b8}'
            | '\u{2e0}'..='\u{2e4}' | '\u{180b}'..='\u{180f}' | '\u{1d2c}'..='\u{1d6a}' | '\u{1d78}' | '\u{1d9b}'..='\u{1dbf}'
            | '\u{2010}'..='\u{218f}' | '\u{2460}'..='\u{24ff}' | '\u{2c7c}' | '\u{2c7d}' | '\u{2e80}'..='\u{2fdf}' | '\u{3002}'
            | '\u{3200}'..='\u{33ff}' | '\u{a69c}' | '\u{a69d}' | '\u{a7f1}'..='\u{a7f4}' | '\u{a7f8}' | '\u{a7f9}'
            | '\u{ab5c}'..='\u{ab5f}' | '\u{ab69}' | '\u{f900}'..='\u{ffef}' | '\u{10780}'..='\u{107bf}' | '\u{1ccd6}'..='\u{1ccf9}'
            | '\u{1d400}'..='\u{1d7ff}' | '\u{1e030}'..='\u{1e06d}' | '\u{1ee00}'..='\u{1eeff}' | '\u{1f100}'..='\u{1f2ff}'
            | '\u{1fbf0}'..='\u{1fbf9}' | '\u{2f800}'..='\u{2fa1f}' | '\u{e0000}'..='\u{e0fff}'
    )
}

fn pattern(text: &str) -> Option<String> {
    let text = text.trim();
    let name = text.strip_prefix("*.").unwrap_or(text);
    if name.contains(stands_for_others) {
        return None;
    }
    let folded = folded(name);
    let label = |label: &str| {
        (1..=63).contains(&label.len())
            && label
                .chars()
                .all(|c| c.is_alphanumeric() || c == '-' || !c.is_ascii())
            && !label.chars().any(|c| c.is_control() || c.is_whitespace())
    };
    let star = if name.len() == text.len() { "" } else { "*." };
    // All of a top-level domain can be meant; one by itself has no addresses.
    let deep = folded.contains('.') || !star.is_empty();
    let sound = deep && folded.len() <= LONGEST_NAME && folded.split('.').all(label);
    sound.then(|| format!("{star}{folded}"))
}

/// A domain in the form in which two of them are compared: small letters, and the Unicode behind Punycode.
fn folded(name: &str) -> String {
    let labels = name.trim_end_matches('.').split('.').map(|label| {
        let label = label.to_lowercase();
        let decoded = label
            .strip_prefix("xn--")
            .and_then(idna::punycode::decode_to_string);
        decoded.map_or(label, |decoded| decoded.to_lowercase())
    });
    labels.collect::<Vec<_>>().join(".")
}

/// Whether the domain of this address is named by one of these patterns.
pub(crate) fn names(patterns: &[String], email: &str) -> bool {
    let Some((_, domain)) = email.rsplit_once('@') else {
        return false;
    };
    let domain = folded(domain.trim());
    patterns
        .iter()
        .any(|pattern| match pattern.strip_prefix('*') {
            Some(below) => domain.len() > below.len() && domain.ends_with(below),
            None => domain == *pattern,
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn matches(pattern: &str, email: &str) -> bool {
        names(&patterns(vec![pattern.to_owned()], "x").unwrap(), email)
    }

    #[test]
    fn a_domain_is_itself_and_a_star_is_what_is_below() {
        for (pattern, email, expected) in [
            ("example.org", "a@example.org", true),
            ("Example.ORG", "a@eXample.org", true),
            ("example.org", "a@mail.example.org", false),
            ("example.org", "a@notexample.org", false),
            ("*.example.org", "a@mail.example.org", true),
            ("*.example.org", "a@x.mail.example.org", true),
            ("*.example.org", "a@example.org", false),
            ("*.example.org", "a@notexample.org", false),
            ("*.example.org", "a@.example.org", false),
            ("bücher.example", "a@xn--bcher-kva.example", true),
            ("xn--bcher-kva.example", "a@BÜCHER.example", true),
            ("my-site.example", "a@my-site.example", true),
            ("\u{2603}.example", "a@\u{2603}.example", true),
            ("*.gov", "a@office.gov", true),
            ("*.gov", "a@gov.example", false),
            ("*.пример.рф", "a@mail.xn--e1afmkfd.xn--p1ai", true),
        ] {
            assert_eq!(matches(pattern, email), expected, "{pattern} {email}");
        }
    }

    #[test]
    fn what_is_no_domain_is_refused() {
        for bad in [
            "",
            "*",
            "*.",
            "example",
            "*.*.org",
            "a b.org",
            "a..org",
            "@b.org",
            "a/b.org",
            "a_b.org",
            "a\u{85}b.org",
            "a\u{2003}b.org",
            "\u{ff45}xample.org",
            "example\u{3002}org",
        ] {
            let refusal = patterns(vec![bad.to_owned()], "x").unwrap_err();
            assert_eq!(refusal.code, Code::BadDomain, "{bad}");
        }
    }

    #[test]
    fn patterns_are_no_longer_than_8_kib_together() {
        let mut many: Vec<_> = (0..512).map(|n| format!("{n:08}.example")).collect();
        assert_eq!(many.iter().map(String::len).sum::<usize>(), 8 * 1024);
        assert!(patterns(many.clone(), "x").is_ok());
        many[0].insert(0, '0');
        assert_eq!(patterns(many, "x").unwrap_err().code, Code::BadDomain);
    }
}
