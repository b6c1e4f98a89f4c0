//! Bodies of requests as they arrive: so much of them, in so much time.

use std::time::Duration;

use axum::body::Bytes;
use axum::extract::{FromRequest as _, Request};
use axum::http::StatusCode;
use tokio::time::timeout;

/// The largest body that is read.
pub const LIMIT: usize = 64 * 1024;
/// How long a body may take to arrive.
pub const TIME: Duration = Duration::from_secs(10);

/// How long a plugin may take to arrive: it is much larger than any other body.
pub const UPLOAD_TIME: Duration = Duration::from_secs(120);

/// Why a body was not read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotRead {
    /// It took too long.
    Late,
    /// It is larger than the router allows.
    TooLarge,
    /// It did not arrive whole.
    Broken,
}

impl NotRead {
    /// The status of the answer.
    #[must_use]
    pub const fn status(self) -> StatusCode {
        match self {
            Self::Late => StatusCode::REQUEST_TIMEOUT,
            Self::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::Broken => StatusCode::BAD_REQUEST,
        }
    }
}

/// The whole body, if it arrives in this time.
pub async fn read(request: Request, time: Duration) -> Result<Bytes, NotRead> {
    let read = timeout(time, Bytes::from_request(request, &())).await;
    read.map_err(|_| NotRead::Late)?.map_err(|rejection| {
        if rejection.status() == StatusCode::PAYLOAD_TOO_LARGE {
            NotRead::TooLarge
        } else {
            NotRead::Broken
        }
    })
}
