//! Requests to the hosts that the owner approved. Capability `http`.
//!
//! A name leads to the public Internet or nowhere: for a receiver on the host's machine or in its network, the manifest names its
//! IP address or `localhost`.

use crate::Named;
pub use crate::bindings::capabilities::guestpass::plugin::http::{Request, Response};

impl Request {
    /// A `GET` of this address.
    pub fn get(url: impl Into<String>) -> Self {
        Self {
            method: "GET".to_owned(),
            url: url.into(),
            headers: Vec::new(),
            body: Vec::new(),
            more: Vec::new(),
        }
    }

    /// A `POST` of this body to this address.
    pub fn post(url: impl Into<String>, body: impl Into<Vec<u8>>) -> Self {
        Self {
            method: "POST".to_owned(),
            body: body.into(),
            ..Self::get(url)
        }
    }

    /// With this header.
    #[must_use]
    pub fn header(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.headers.push(Named {
            name: name.into(),
            value: value.into(),
        });
        self
    }

    /// Sends it and waits for the answer. Redirects are not followed.
    ///
    /// # Errors
    /// A sentence, if the host was not approved, did not answer, or has a name that does not lead to the public Internet.
    pub fn send(&self) -> Result<Response, String> {
        #[cfg(target_arch = "wasm32")]
        return crate::bindings::capabilities::guestpass::plugin::http::send(self);
        #[cfg(not(target_arch = "wasm32"))]
        crate::testing::send(self)
    }
}

impl Response {
    /// Whether the status is one of success.
    #[must_use]
    pub fn is_success(&self) -> bool {
        (200..300).contains(&self.status)
    }
}
