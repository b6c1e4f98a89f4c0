//! Who asks: the key in the request, and the user whom it acts as.

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

use axum::extract::{ConnectInfo, FromRequest, FromRequestParts, OriginalUri, Path, Request};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use guestpass::Origin;

use super::Api;
use super::call::Call;
use super::failure::Failure;
use crate::body::{self, NotRead};
use crate::cms::key_scope::KeyScope;
use crate::cms::key_token::{self, Presented};
use crate::cms::keys::{self, Key};
use crate::web::client;

/// A request with a key that opens. What it may do is asked by [`Asked::with`], and nothing of it is looked at before.
#[derive(Debug)]
pub struct Asked {
    key: Key,
    call: Call,
}

impl Asked {
    /// The request, if its key is for this.
    pub fn with(self, scope: KeyScope) -> Result<Call, Failure> {
        if self.key.scopes.contains(&scope) {
            return Ok(self.call);
        }
        let challenge =
            format!(r#"Bearer realm="guestpass", error="insufficient_scope", scope="{scope}""#);
        let failure = Failure::new(
            StatusCode::FORBIDDEN,
            "scope-missing",
            format!(
                "This key is not for this: it lacks the scope `{scope}`. The owner makes another one."
            ),
        );
        Err(match HeaderValue::try_from(challenge) {
            Ok(challenge) => failure.with(header::WWW_AUTHENTICATE, challenge),
            Err(_) => failure,
        })
    }

    /// The key itself.
    pub fn key(&self) -> &Key {
        &self.key
    }
}

impl FromRequest<Arc<Api>> for Asked {
    type Rejection = Failure;

    async fn from_request(request: Request, api: &Arc<Api>) -> Result<Self, Failure> {
        let (parts, content) = request.into_parts();
        let presented = presented(&parts.headers).ok_or_else(no_valid_key)?;
        let address = address(&parts, api);
        if let Some(seconds) = api.wrong_keys.locked(address, api.host.clock.now()) {
            return Err(locked_out(seconds));
        }
        let uri = original(&parts);
        let origin = Origin {
            address: address.map(|address| address.to_string()),
            agent: text(&parts.headers, header::USER_AGENT),
        };
        let (method, headers) = (parts.method.clone(), parts.headers.clone());
        // Whose key it is must be asked last: while the body was on its way, the key may have been revoked.
        let content = body::read(Request::from_parts(parts, content), api.body_time)
            .await
            .map_err(not_read)?;
        let shown = presented.clone();
        let found = api
            .blocking(move |host| keys::resolve(&host.db, &host.site, &shown, host.clock.now()))
            .await?;
        let Some((key, user)) = found else {
            api.wrong_keys
                .count(address, &presented.digest, api.host.clock.now());
            return Err(no_valid_key());
        };
        let call = Call {
            key: key.id.clone(),
            user: user.id,
            origin,
            method,
            uri,
            headers,
            content,
        };
        Ok(Self { key, call })
    }
}

/// The key in the one header that may hold it. None also for whatever cannot be one, which is refused without a look.
fn presented(headers: &HeaderMap) -> Option<Presented> {
    let mut values = headers.get_all(header::AUTHORIZATION).iter();
    let (Some(value), None) = (values.next(), values.next()) else {
        return None;
    };
    let (scheme, token) = value.to_str().ok()?.split_once(' ')?;
    if !scheme.eq_ignore_ascii_case("bearer") {
        return None;
    }
    key_token::present(token.trim_start_matches(' '))
}

/// No key, a malformed, unknown or wrong one, one that is over or whose user is gone: all the same to whoever asks.
fn no_valid_key() -> Failure {
    Failure::new(
        StatusCode::UNAUTHORIZED,
        "no-valid-key",
        "This needs a key that is valid, in one header `Authorization: Bearer gk1_…`. The owner makes one with \
         `guestpass key create`.",
    )
    .with(
        header::WWW_AUTHENTICATE,
        HeaderValue::from_static(r#"Bearer realm="guestpass""#),
    )
}

fn locked_out(seconds: u64) -> Failure {
    Failure::new(
        StatusCode::TOO_MANY_REQUESTS,
        "locked-out",
        "Too many wrong keys came from this address. Look at the key and try again later.",
    )
    .with(header::RETRY_AFTER, HeaderValue::from(seconds))
}

/// The refusal of a body that was not read.
pub(super) fn not_read(why: NotRead) -> Failure {
    let (code, message) = match why {
        NotRead::Late => (
            "slow-body",
            "The body took too long to arrive. Send it again.",
        ),
        NotRead::TooLarge => ("large-body", "The body is too large. Send less."),
        NotRead::Broken => (
            "broken-body",
            "The body did not arrive whole. Send it again.",
        ),
    };
    Failure::new(why.status(), code, message)
}

fn address(parts: &Parts, api: &Api) -> Option<IpAddr> {
    let peer = parts.extensions.get::<ConnectInfo<SocketAddr>>()?;
    client::address(peer.0.ip(), &parts.headers, api.proxy)
}

/// The address as it was asked, before the router took its beginning away.
fn original(parts: &Parts) -> axum::http::Uri {
    let original = parts.extensions.get::<OriginalUri>();
    original.map_or_else(|| parts.uri.clone(), |OriginalUri(uri)| uri.clone())
}

fn text(headers: &HeaderMap, name: header::HeaderName) -> Option<String> {
    let value = headers.get(name)?.to_str().ok()?;
    Some(value.to_owned())
}

/// The part of the address that names the thing.
#[derive(Debug)]
pub struct Named(pub String);

impl FromRequestParts<Arc<Api>> for Named {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, api: &Arc<Api>) -> Result<Self, Failure> {
        let named = Path::<String>::from_request_parts(parts, api).await;
        named.map(|Path(name)| Self(name)).map_err(|_| {
            Failure::malformed("bad-address", "The address is not in UTF-8. Write it anew.")
        })
    }
}
