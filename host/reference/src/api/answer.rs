//! An answer: a status, a document, and the headers that go with it.

use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use serde_json::{Value, json};

/// What is answered.
#[derive(Clone, Debug)]
pub struct Answer {
    status: StatusCode,
    /// None: an empty body.
    body: Option<Value>,
    headers: Vec<(HeaderName, HeaderValue)>,
}

impl Answer {
    /// This document.
    pub fn new(status: StatusCode, body: Value) -> Self {
        Self {
            status,
            body: Some(body),
            headers: Vec::new(),
        }
    }

    /// It is done, and this is how things stand.
    pub fn ok(body: impl Serialize) -> Self {
        Self::new(StatusCode::OK, json!(body))
    }

    /// It is done, and there is nothing to tell.
    pub fn done() -> Self {
        Self {
            status: StatusCode::NO_CONTENT,
            body: None,
            headers: Vec::new(),
        }
    }

    /// The same answer with this header.
    #[must_use]
    pub fn with(mut self, name: HeaderName, value: HeaderValue) -> Self {
        self.headers.push((name, value));
        self
    }

    /// The same answer, with the address of what was made.
    #[must_use]
    pub fn created(mut self, location: &str) -> Self {
        self.status = StatusCode::CREATED;
        match HeaderValue::try_from(location) {
            Ok(location) => self.with(header::LOCATION, location),
            // The body names it as well.
            Err(_) => self,
        }
    }

    /// The status.
    pub fn status(&self) -> StatusCode {
        self.status
    }

    /// Where what was made is, if anything was.
    pub fn location(&self) -> Option<&str> {
        let location = self
            .headers
            .iter()
            .find(|(name, _)| name == header::LOCATION);
        location.and_then(|(_, value)| value.to_str().ok())
    }

    /// The document as text.
    pub fn text(&self) -> String {
        self.body.as_ref().map(Value::to_string).unwrap_or_default()
    }
}

impl IntoResponse for Answer {
    fn into_response(self) -> Response {
        let text = self.text();
        let mut response = (self.status, text).into_response();
        let headers = response.headers_mut();
        if self.body.is_some() {
            let kind = if self.status.is_client_error() || self.status.is_server_error() {
                "application/problem+json"
            } else {
                "application/json"
            };
            headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
        } else {
            headers.remove(header::CONTENT_TYPE);
        }
        for (name, value) in self.headers {
            headers.append(name, value);
        }
        response
    }
}
