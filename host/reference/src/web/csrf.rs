//! Proof that a form comes from one of this site's own pages.
//!
//! Where somebody is signed in, each form carries a token derived from their session: nobody else can know it, and it dies
//! with the session. Where nobody is yet (signing in, redeeming a link), the browser's own word about the origin counts.

use axum::http::HeaderMap;
use axum::http::header::{HOST, ORIGIN};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest as _, Sha256};

use crate::secret;

/// The token of a session. One-way: it gives nothing of the session away.
pub fn token(session: &str) -> String {
    let mut hash = Sha256::new();
    hash.update(b"guestpass form token\0");
    hash.update(session.as_bytes());
    URL_SAFE_NO_PAD.encode(hash.finalize())
}

/// Whether this is the token of this session.
pub fn matches(session: &str, presented: &str) -> bool {
    secret::same(&token(session), presented)
}

/// The origin of a base address, as browsers write it.
pub fn origin_of(base_url: &str) -> String {
    let lower = base_url.to_ascii_lowercase();
    let (scheme, port) = if lower.starts_with("https://") {
        ("https://", ":443")
    } else {
        ("http://", ":80")
    };
    let authority = lower.strip_prefix(scheme).unwrap_or(&lower);
    let host = authority.strip_suffix(port).unwrap_or(authority);
    format!("{scheme}{host}")
}

/// Whether the browser says that another site sent this request. `own`: this site's origin, where the operator has said it;
/// else it is taken from the address that was asked. Programs that are no browsers say nothing.
pub fn from_elsewhere(headers: &HeaderMap, own: Option<&str>) -> bool {
    if let Some(site) = headers.get("sec-fetch-site") {
        return site != "same-origin" && site != "none";
    }
    // A page that hides where it is says `null`, which is none of ours.
    let Some(origin) = headers.get(ORIGIN) else {
        return false;
    };
    match own {
        Some(own) => origin != own,
        None => {
            let authority = origin
                .to_str()
                .ok()
                .and_then(|origin| origin.split_once("://"));
            let host = headers.get(HOST).and_then(|host| host.to_str().ok());
            authority.is_none_or(|(_, authority)| host != Some(authority))
        }
    }
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    fn headers(pairs: &[(&'static str, &'static str)]) -> HeaderMap {
        pairs
            .iter()
            .map(|(name, value)| (name.parse().unwrap(), HeaderValue::from_static(value)))
            .collect()
    }

    #[test]
    fn a_token_belongs_to_one_session() {
        assert!(matches("session-a", &token("session-a")));
        for wrong in [
            token("session-b"),
            String::new(),
            "session-a".to_owned(),
            token("session-a") + "x",
        ] {
            assert!(!matches("session-a", &wrong));
        }
        assert!(!token("session-a").contains("session-a"));
    }

    #[test]
    fn what_another_site_sends_is_recognised() {
        for own in [
            &[][..],
            &[("sec-fetch-site", "same-origin")],
            &[("sec-fetch-site", "none")],
            &[("origin", "http://a.example"), ("host", "a.example")],
        ] {
            assert!(!from_elsewhere(&headers(own), None), "{own:?}");
        }
        for foreign in [
            &[("sec-fetch-site", "cross-site")][..],
            &[("sec-fetch-site", "same-site")],
            &[
                ("sec-fetch-site", "cross-site"),
                ("origin", "http://a.example"),
                ("host", "a.example"),
            ],
            &[("origin", "http://b.example"), ("host", "a.example")],
            &[("origin", "http://a.example")],
            &[("origin", "null"), ("host", "a.example")],
            &[("origin", "null"), ("host", "null")],
        ] {
            assert!(from_elsewhere(&headers(foreign), None), "{foreign:?}");
        }
    }

    #[test]
    fn where_the_operator_has_said_the_address_it_alone_is_ours() {
        let own = origin_of("https://A.example:443");
        assert_eq!(own, "https://a.example");
        let elsewhere = |origin: &'static str| {
            from_elsewhere(
                &headers(&[("origin", origin), ("host", "inner:8080")]),
                Some(&own),
            )
        };
        assert!(!elsewhere("https://a.example"));
        for foreign in [
            "http://a.example",
            "https://a.example:8443",
            "http://inner:8080",
            "null",
        ] {
            assert!(elsewhere(foreign), "{foreign}");
        }
        assert_eq!(origin_of("http://[::1]:8080"), "http://[::1]:8080");
    }
}
