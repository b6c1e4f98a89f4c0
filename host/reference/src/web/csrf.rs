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

/// Whether the browser says that another site sent this request. Programs that are no browsers say nothing.
pub fn from_elsewhere(headers: &HeaderMap) -> bool {
    if let Some(site) = headers.get("sec-fetch-site") {
        return site != "same-origin" && site != "none";
    }
    match (
        headers.get(ORIGIN).map(|origin| origin.to_str()),
        headers.get(HOST).map(|host| host.to_str()),
    ) {
        (None, _) => false,
        // Our own pages send no referrer, so browsers name the origin of their forms `null`.
        (Some(Ok("null")), _) => false,
        (Some(Ok(origin)), Some(Ok(host))) => origin
            .split_once("://")
            .is_none_or(|(_, authority)| authority != host),
        _ => true,
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
            &[("origin", "null"), ("host", "a.example")],
        ] {
            assert!(!from_elsewhere(&headers(own)), "{own:?}");
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
        ] {
            assert!(from_elsewhere(&headers(foreign)), "{foreign:?}");
        }
    }
}
