//! Property 11: a redirect stays on the site, as two parsers read it that share no code: `url`, which reads addresses as
//! browsers do (WHATWG), and `iri-string`, which reads them as RFC 3986 and 3987 say.

use guestpass_tests::{Setting, a_link, beginning, owner};
use iri_string::types::{IriAbsoluteStr, IriReferenceStr, IriStr};
use proptest::prelude::*;
use proptest::strategy::ValueTree as _;
use url::Url;

const PAGE: &str = "https://site.example/enter?pass=x";

/// Where a browser on this site goes; none: nowhere.
fn by_browsers(redirect: &str) -> Option<String> {
    let to = Url::parse(PAGE).ok()?.join(redirect).ok()?;
    Some(to.origin().ascii_serialization())
}

/// Where the standard says that it leads; none: it is no reference at all.
fn by_the_standard(redirect: &str) -> Option<String> {
    let base = IriAbsoluteStr::new("https://site.example/enter").ok()?;
    let reference = IriReferenceStr::new(redirect).ok()?;
    let to = reference.resolve_against(base).to_string();
    let to = IriStr::new(&to).ok()?;
    let authority = to.authority_str()?;
    Some(format!("{}://{authority}", to.scheme_str()))
}

/// Asserts it by both. Tells whether the standard knows it as a reference at all.
fn stays(redirect: &str) -> bool {
    let here = Some("https://site.example".to_owned());
    assert_eq!(by_browsers(redirect), here, "{redirect:?}");
    let standard = by_the_standard(redirect);
    assert!(
        standard.is_none() || standard == here,
        "{redirect:?}: {standard:?}"
    );
    standard.is_some()
}

/// What addresses are made of, and what has led parsers astray.
fn piece() -> impl Strategy<Value = String> {
    let known = [
        "/",
        "//",
        "\\",
        "\\\\",
        "/\\",
        "evil.example",
        "@",
        ":",
        ":80",
        "http:",
        "https:",
        "https://",
        "javascript:",
        "data:",
        ".",
        "..",
        "/../",
        "/./",
        "%2f",
        "%5c",
        "%2F%2F",
        "%00",
        "%0d%0a",
        "?",
        "#",
        "&",
        "=",
        ";",
        "*",
        "[",
        "]",
        "[::1]",
        "\t",
        "\r",
        "\n",
        "\0",
        " ",
        "\u{a0}",
        "\u{2028}",
        "\u{200b}",
        "\u{feff}",
        "\u{ff0f}",
        "\u{2215}",
        "\u{29f5}",
        "\u{3002}",
        "\u{202e}",
        "é",
        "xn--",
        "posts",
        "a",
        "1",
        "<",
        "\"",
        "|",
        "^",
        "`",
        "{",
    ];
    prop_oneof![
        8 => proptest::sample::select(known.map(str::to_owned).to_vec()),
        1 => any::<char>().prop_map(String::from),
    ]
}

fn address() -> impl Strategy<Value = String> {
    let pieces = proptest::collection::vec(piece(), 0..8);
    (any::<bool>(), pieces).prop_map(|(path, pieces)| {
        let begin = if path { "/" } else { "" };
        format!("{begin}{}", pieces.concat())
    })
}

#[test]
fn p11_redirects_that_are_taken_stay_on_the_site() {
    let setting = Setting::plan().natively().build();
    let (mut taken, mut standard, mut seen) = (0, 0, 0);
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    for _ in 0..3000 {
        let redirect = address().new_tree(&mut runner).unwrap().current();
        seen += 1;
        let draft = a_link()
            .for_(&format!("guest{seen}@b.example"))
            .leading_to(&redirect);
        match setting.try_link(draft) {
            Ok(link) => {
                // None: an empty one, which is left to the host.
                if let Some(redirect) = link.grant.redirect {
                    taken += 1;
                    standard += u32::from(stays(&redirect));
                }
            }
            Err(refusal) => assert_eq!(refusal.code, "bad-redirect", "{redirect:?}"),
        }
    }
    assert!(
        taken > 300 && standard > 100,
        "{taken} of {seen} were taken, {standard} by the standard"
    );
}

#[test]
fn p11_what_leads_elsewhere_is_refused_and_paths_are_not() {
    let setting = Setting::plan().natively().build();
    for (number, elsewhere) in [
        "https://evil.example",
        "//evil.example",
        "///evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "/\t/evil.example",
        "\t//evil.example",
        "/\n/evil.example",
        "javascript:alert(1)",
        "https:evil.example",
        "evil.example",
        "@evil.example",
        "?x",
        "#x",
        "/x\r\nSet-Cookie: a=b",
    ]
    .into_iter()
    .enumerate()
    {
        let refusal = setting
            .try_link(a_link().leading_to(elsewhere))
            .expect_err(elsewhere);
        assert_eq!(refusal.code, "bad-redirect", "{number}: {elsewhere:?}");
        let settings = guestpass::Settings {
            default_redirect: Some(elsewhere.to_owned()),
            ..beginning()
        };
        let refusal = setting.set_policy(&owner(), &settings).unwrap_err();
        assert_eq!(refusal.code, "bad-redirect", "{elsewhere:?}");
    }
    for (number, path) in [
        "/",
        "/posts",
        "/posts?page=2&to=//evil.example#top",
        "/a//b",
        "/.//b",
        "/@a",
        "/wp-admin/post.php?post=1&action=edit",
        "/%2F%2Fevil.example",
        "/beiträge",
    ]
    .into_iter()
    .enumerate()
    {
        _ = stays(path);
        let draft = a_link()
            .for_(&format!("path{number}@b.example"))
            .leading_to(path);
        assert_eq!(setting.link(draft).grant.redirect.as_deref(), Some(path));
    }
}
