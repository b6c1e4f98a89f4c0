//! Coming in by a one-time link: the owner's first entry, and a regular user's way to a password.

use std::sync::Arc;

use askama::Template;
use axum::extract::{RawQuery, State};
use axum::http::StatusCode;
use axum::response::Response;

use super::Web;
use super::entry::{come_in, secret_field};
use super::failure::Failure;
use super::form::{Form, OpenForm};
use super::pages::{Frame, ok};
use super::visitor::Sender;
use crate::cms::{sign_in_links, ways_in};
use crate::secret::Token;

#[derive(Template)]
#[template(path = "arrive.html")]
struct Arrive {
    frame: Frame,
    ready: bool,
}

/// The page behind a one-time link. Looking uses nothing up.
pub async fn page(
    State(web): State<Arc<Web>>,
    RawQuery(query): RawQuery,
) -> Result<Response, Failure> {
    let site = web.blocking(|host| host.site()).await?.title;
    let ready = Form::parse(query.unwrap_or_default().as_bytes())?
        .all("token")
        .next()
        .is_some();
    Ok(ok(&Arrive {
        frame: Frame::public(&site, "Sign in by link"),
        ready,
    }))
}

/// The button: uses the link up.
pub async fn redeem(
    State(web): State<Arc<Web>>,
    RawQuery(query): RawQuery,
    sender: Sender,
    OpenForm(form): OpenForm,
) -> Result<Response, Failure> {
    let token = Token::presented(secret_field(&form, query, "token")?);
    let session = web
        .blocking(move |host| {
            let now = host.clock.now();
            if let Some(user) = sign_in_links::whose(&host.db, &host.site, &token, now)? {
                host.engine.may_sign_in(&host.site, &user)?;
            }
            ways_in::by_link(&host.db, &host.site, &token, now)?.ok_or_else(|| {
                Failure::new(
                    StatusCode::NOT_FOUND,
                    "no-such-link",
                    "This link does not open anything. It works once, for an hour, and only the newest one does. \
                     `guestpass owner-link` makes a new one for the owner.",
                )
            })
        })
        .await?;
    sender.leave_behind(&web).await;
    come_in(session.expose(), "/account", web.secure)
}
