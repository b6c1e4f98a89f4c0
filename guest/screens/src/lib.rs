//! The pages of Guestpass: what owners and guests see in any CMS.
//!
//! [`handle`] turns a request into an answer and reaches nothing but the [`Engine`]: who may see and change what is decided
//! there, here it is shown. Templates stand in `templates/`, texts in `languages/`, the stylesheet and the script in
//! `assets/`; all of them are compiled in.
//!
//! | room | what for |
//! |---|---|
//! | [`Request`], [`Response`] | what comes in and goes out |
//! | `route` | which page an address is |
//! | `visit` | who asks, and what stands around every page |
//! | `pages` | one file a page |
//! | `texts`, `when` | languages, instants and lengths in words |
//! | `fields`, `widgets` | forms as they arrive, and as they are shown |

#![forbid(unsafe_code)]
#![deny(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    clippy::string_slice
)]
#![cfg_attr(
    test,
    allow(
        clippy::unwrap_used,
        clippy::expect_used,
        clippy::panic,
        clippy::indexing_slicing,
        clippy::arithmetic_side_effects,
        clippy::string_slice,
        reason = "a test that fails may panic"
    )
)]

mod assets;
mod fields;
mod pages;
pub mod request;
pub mod response;
pub mod route;
mod texts;
mod visit;
mod when;
mod widgets;
mod words;

use guestpass_core::Engine;
use guestpass_core::names::SiteId;

pub use request::{Offset, Request, Upload, Visitor, Zone};
pub use response::{Acceptance, Effect, Mailing, Response};

/// Answers a request for a page. Whatever is refused is a page too.
#[must_use]
pub fn handle(engine: &Engine<'_>, request: &Request) -> Response {
    let response = match SiteId::parse(&request.site) {
        Ok(site) => route::answer(engine, request, site),
        Err(refusal) => {
            let sentence = refusal.message.into_bytes();
            Response::new(404, "text/plain; charset=utf-8", sentence)
        }
    };
    if request.method == "HEAD" {
        return Response {
            body: Vec::new(),
            ..response
        };
    }
    response
}
