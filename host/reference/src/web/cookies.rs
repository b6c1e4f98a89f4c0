//! The one cookie: whose browser this is. Its value is a secret that is stored nowhere.

use axum::http::header::{COOKIE, SET_COOKIE};
use axum::http::{HeaderMap, HeaderName, HeaderValue};
use axum_extra::extract::CookieJar;

/// Over https the name itself makes browsers refuse the cookie from anywhere but this host, over https, for every path.
const SECURE_NAME: &str = "__Host-guestpass";
const PLAIN_NAME: &str = "guestpass";
/// Tokens are shorter; nothing longer is looked at.
const LONGEST: usize = 128;

/// Whether cookies must be kept to https: always, but for plain http on this machine.
#[must_use]
pub fn needs_secure_cookies(base_url: &str) -> bool {
    let Some(authority) = base_url.strip_prefix("http://") else {
        return true;
    };
    let host = match authority.strip_prefix('[') {
        Some(rest) => rest.split_once(']').map_or(rest, |(host, _)| host),
        None => authority
            .split_once(':')
            .map_or(authority, |(host, _)| host),
    };
    let loopback = host == "localhost"
        || host
            .parse::<std::net::IpAddr>()
            .is_ok_and(|address| address.is_loopback());
    !loopback
}

/// The session in the cookie, if there is one that could be one.
pub fn session(headers: &HeaderMap, secure: bool) -> Option<String> {
    if !headers.contains_key(COOKIE) {
        return None;
    }
    let jar = CookieJar::from_headers(headers);
    let value = jar
        .get(if secure { SECURE_NAME } else { PLAIN_NAME })?
        .value();
    (!value.is_empty() && value.len() <= LONGEST).then(|| value.to_owned())
}

/// The header that makes the browser keep a session, or a plain text that says why it cannot.
pub fn keep(session: &str, secure: bool) -> Option<(HeaderName, HeaderValue)> {
    let (name, flag) = if secure {
        (SECURE_NAME, "; Secure")
    } else {
        (PLAIN_NAME, "")
    };
    let cookie = format!("{name}={session}; HttpOnly; SameSite=Lax; Path=/{flag}");
    let mut value = HeaderValue::try_from(cookie).ok()?;
    value.set_sensitive(true);
    Some((SET_COOKIE, value))
}

/// The headers that make the browser forget its session, whichever of the two names it has.
pub fn forget() -> [(HeaderName, HeaderValue); 2] {
    let plain = HeaderValue::from_static("guestpass=; HttpOnly; SameSite=Lax; Path=/; Max-Age=0");
    let secure = HeaderValue::from_static(
        "__Host-guestpass=; HttpOnly; SameSite=Lax; Path=/; Max-Age=0; Secure",
    );
    [(SET_COOKIE, plain), (SET_COOKIE, secure)]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_plain_http_on_this_machine_does_without_secure() {
        for plain in [
            "http://127.0.0.1:8080",
            "http://localhost",
            "http://[::1]:80",
            "http://127.8.9.1",
        ] {
            assert!(!needs_secure_cookies(plain), "{plain}");
        }
        for secure in [
            "https://127.0.0.1",
            "http://example.org",
            "http://localhost.example.org",
            "http://10.0.0.1:80",
        ] {
            assert!(needs_secure_cookies(secure), "{secure}");
        }
    }

    #[test]
    fn a_cookie_cannot_be_read_by_scripts_nor_sent_from_elsewhere() {
        let (_, value) = keep("abc", true).unwrap();
        assert_eq!(
            value,
            "__Host-guestpass=abc; HttpOnly; SameSite=Lax; Path=/; Secure"
        );
        assert!(value.is_sensitive());
        assert!(keep("a\r\nb", false).is_none());
    }

    #[test]
    fn what_cannot_be_a_session_is_not_looked_at() {
        let with = |value: &str| {
            let mut headers = HeaderMap::new();
            headers.insert(
                COOKIE,
                HeaderValue::try_from(format!("guestpass={value}")).unwrap(),
            );
            session(&headers, false)
        };
        assert_eq!(with("abc"), Some("abc".to_owned()));
        assert_eq!(with(""), None);
        assert_eq!(with(&"x".repeat(129)), None);
        assert_eq!(session(&HeaderMap::new(), false), None);
    }
}
