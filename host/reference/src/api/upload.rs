//! A plugin that is handed over: much larger than any other body, so nothing of it is read before the key is known to be for it.

use std::sync::Arc;

use axum::body::{Body, Bytes};
use axum::extract::{FromRequest, Request};
use axum::http::{StatusCode, header};
use guestpass::plugins::{LARGEST_ARCHIVE, Package};
use tokio::time::timeout;

use super::Api;
use super::asked::{Asked, not_read};
use super::failure::Failure;
use crate::body::{NotRead, UPLOAD_TIME};
use crate::cms::key_scope::KeyScope;

/// How a plugin is sent.
pub const KIND: &str = "application/octet-stream";

/// A plugin, handed over by an owner with a key for it.
pub struct Uploaded(pub Package);

impl FromRequest<Arc<Api>> for Uploaded {
    type Rejection = Failure;

    async fn from_request(request: Request, api: &Arc<Api>) -> Result<Self, Failure> {
        let (parts, content) = request.into_parts();
        let head = Request::from_parts(parts.clone(), Body::empty());
        owners(head, api).await?;
        let kind = parts.headers.get(header::CONTENT_TYPE);
        if kind.is_none_or(|kind| kind != KIND) {
            return Err(Failure::new(
                StatusCode::UNSUPPORTED_MEDIA_TYPE,
                "no-plugin",
                format!(
                    "Send a plugin as `guestpass plugin pack` writes it (Content-Type: {KIND})."
                ),
            ));
        }
        let content = read(content).await.map_err(not_read)?;
        // While it was on its way, the key may have been revoked.
        owners(Request::from_parts(parts, Body::empty()), api).await?;
        let package = api
            .blocking(move |_| {
                Package::from_archive(&content).map_err(crate::problem::Problem::from)
            })
            .await?;
        Ok(Self(package))
    }
}

/// The request without its body, if its key is an owner's and for this.
async fn owners(head: Request, api: &Arc<Api>) -> Result<(), Failure> {
    let asked = Asked::from_request(head, api).await?;
    let call = asked.with(KeyScope::PluginsWrite)?;
    call.need_owner(api, "changes plugins").await
}

async fn read(content: Body) -> Result<Bytes, NotRead> {
    let most = usize::try_from(LARGEST_ARCHIVE).unwrap_or(usize::MAX);
    let read = timeout(UPLOAD_TIME, axum::body::to_bytes(content, most)).await;
    read.map_err(|_| NotRead::Late)?.map_err(|error| {
        // The only other way in which it can fail is that the connection did.
        if error.to_string().contains("length limit") {
            NotRead::TooLarge
        } else {
            NotRead::Broken
        }
    })
}
