//! A form with a file in it, `multipart/form-data`: how a plugin is handed over on the engine's page.
//!
//! The file is kept for owners only, and only if it is no larger than a plugin may be. What is not kept is read to its end all
//! the same: a browser shows the answer to a form only once it has sent all of it.

use std::convert::Infallible;
use std::pin::Pin;
use std::task::{Context, Poll};

use axum::body::{Body, BodyDataStream, Bytes};
use axum::http::request::Parts;
use axum::http::{StatusCode, header};
use guestpass::plugins::LARGEST_ARCHIVE;
use guestpass::screens::Upload;
use multer::Multipart;
use tokio::time::timeout;

use super::failure::Failure;
use crate::body::{LIMIT, UPLOAD_TIME};
use crate::links::MOUNT;

/// The one page that takes files.
const PAGE: &str = "/plugins/install";

/// A form, and the file that came with it.
#[derive(Debug, Default)]
pub struct Sent {
    /// The fields that are no file, as `application/x-www-form-urlencoded`.
    pub form: Vec<u8>,
    /// What the engine is told of the file.
    pub upload: Option<Upload>,
    /// The file.
    pub content: Option<Vec<u8>>,
}

impl Sent {
    /// A form without a file.
    pub fn form(form: Vec<u8>) -> Self {
        Self {
            form,
            ..Self::default()
        }
    }
}

/// What stands between the fields, if this is such a form for the page that takes one.
pub fn boundary(parts: &Parts) -> Option<String> {
    if parts.uri.path().strip_prefix(MOUNT) != Some(PAGE) {
        return None;
    }
    let kind = parts.headers.get(header::CONTENT_TYPE)?.to_str().ok()?;
    multer::parse_boundary(kind).ok()
}

/// Reads the form, if it arrives in time.
pub async fn read(body: Body, boundary: &str, keep: bool) -> Result<Sent, Failure> {
    let file = if keep {
        usize::try_from(LARGEST_ARCHIVE).unwrap_or(usize::MAX)
    } else {
        0
    };
    let most = file.saturating_add(LIMIT);
    let read = timeout(UPLOAD_TIME, beginning(body.into_data_stream(), most)).await;
    let (begun, whole) = read.map_err(|_| {
        Failure::new(
            StatusCode::REQUEST_TIMEOUT,
            "slow-form",
            "The file took too long to arrive. Send it again.",
        )
    })??;
    fields(begun, boundary, whole).await
}

/// The first bytes of a body, of which all of it is read, and whether that is all.
async fn beginning(mut body: BodyDataStream, most: usize) -> Result<(Vec<u8>, bool), Failure> {
    let mut begun = Vec::new();
    let mut whole = true;
    while let Some(chunk) = next(&mut body).await {
        let chunk = chunk.map_err(|_| broken())?;
        let room = most.saturating_sub(begun.len());
        whole &= chunk.len() <= room;
        begun.extend_from_slice(chunk.get(..room).unwrap_or(&chunk));
    }
    Ok((begun, whole))
}

async fn next<S: futures_core::Stream + Unpin>(stream: &mut S) -> Option<S::Item> {
    std::future::poll_fn(|context| Pin::new(&mut *stream).poll_next(context)).await
}

/// What is read already, as a stream.
struct Read(Option<Bytes>);

impl futures_core::Stream for Read {
    type Item = Result<Bytes, Infallible>;

    fn poll_next(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        Poll::Ready(self.0.take().map(Ok))
    }
}

/// The fields in what was read. Of what is not whole, the file is the part that is missing.
async fn fields(begun: Vec<u8>, boundary: &str, whole: bool) -> Result<Sent, Failure> {
    let mut parts = Multipart::new(Read(Some(begun.into())), boundary);
    let mut texts = Vec::new();
    let mut sent = Sent::default();
    loop {
        let part = match parts.next_field().await {
            Ok(Some(part)) => part,
            Ok(None) => break,
            Err(_) if !whole => break,
            Err(_) => return Err(broken()),
        };
        let name = part.name().unwrap_or_default().to_owned();
        let named = part.file_name().map(str::to_owned);
        let Some(named) = named else {
            texts.push((name, part.text().await.map_err(|_| broken())?));
            continue;
        };
        if sent.upload.is_some() {
            return Err(broken());
        }
        let content = part.bytes().await;
        if !whole {
            sent.upload = Some(upload(true));
            break;
        }
        let content = content.map_err(|_| broken())?;
        // Where no file was chosen, browsers send one without a name.
        if !named.is_empty() || !content.is_empty() {
            sent.upload = Some(upload(false));
            sent.content = Some(content.to_vec());
        }
    }
    sent.form = serde_urlencoded::to_string(texts)
        .map_err(|_| broken())?
        .into_bytes();
    Ok(sent)
}

fn upload(too_large: bool) -> Upload {
    Upload {
        handle: "file".to_owned(),
        too_large,
    }
}

fn broken() -> Failure {
    Failure::new(
        StatusCode::BAD_REQUEST,
        "bad-form",
        "The form did not arrive whole. Send it again.",
    )
}
