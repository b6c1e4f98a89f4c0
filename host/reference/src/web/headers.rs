//! Headers on every answer: nothing from elsewhere runs, nothing is framed, kept or told on. And the request log.

use axum::extract::{MatchedPath, Request};
use axum::http::HeaderValue;
use axum::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, HeaderName, REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS,
    X_FRAME_OPTIONS,
};
use axum::middleware::Next;
use axum::response::Response;

// Browsers name the origin of a form only where the referrer may name it too, and `csrf` wants to hear it. More than the
// origin is told to nobody, so no secret in an address is.
const HEADERS: [(HeaderName, &str); 6] = [
    (
        CONTENT_SECURITY_POLICY,
        "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; form-action 'self'; \
         base-uri 'none'; frame-ancestors 'none'",
    ),
    (REFERRER_POLICY, "strict-origin"),
    (X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (X_FRAME_OPTIONS, "DENY"),
    (CACHE_CONTROL, "no-store"),
    (
        HeaderName::from_static("cross-origin-opener-policy"),
        "same-origin",
    ),
];

/// Adds the headers and logs the request. Of its address only the page it asks for, as the router names it: what is typed or
/// mangled into an address may hold a secret.
pub async fn guard(request: Request, next: Next) -> Response {
    let method = request.method().clone();
    let matched = request.extensions().get::<MatchedPath>().cloned();
    let mut response = next.run(request).await;
    for (name, value) in HEADERS {
        // The engine's pages come with theirs.
        response
            .headers_mut()
            .entry(name)
            .or_insert(HeaderValue::from_static(value));
    }
    let path = matched
        .as_ref()
        .map_or("(no such page)", MatchedPath::as_str);
    tracing::info!("{method} {path} {}", response.status().as_u16());
    response
}
