//! The accounts in which somebody may act: the own one first. Switching to another, and coming back.

use std::sync::Arc;

use askama::Template;
use axum::extract::{RawQuery, State};
use axum::response::Response;
use guestpass::Membership;

use super::Web;
use super::enter::come_in;
use super::failure::Failure;
use super::form::Form;
use super::pages::{Frame, When, ok};
use super::visitor::{Sender, SignedForm, Visitor, Who};
use crate::cms::ways_in;

/// Accounts on one page.
const PAGE: u32 = 100;

#[derive(Template)]
#[template(path = "accounts.html")]
struct Accounts {
    frame: Frame,
    csrf: String,
    accounts: Vec<(Membership, Option<When>)>,
    present: Option<String>,
    next: Option<String>,
}

/// The list.
pub async fn list(
    State(web): State<Arc<Web>>,
    RawQuery(query): RawQuery,
    visitor: Visitor,
) -> Result<Response, Failure> {
    let start = Form::parse(query.unwrap_or_default().as_bytes())?
        .optional("start")?
        .map(str::to_owned);
    let user = visitor.user.clone();
    let page = web
        .blocking(move |host| {
            host.engine
                .memberships(&host.site, &user, start.as_deref(), PAGE)
        })
        .await
        .map_err(|failure| failure.shown_to(&visitor))?;
    let reader = web.reader();
    let dated = |account: Membership| {
        let ends = account.ends.map(|ends| When::new(ends, &reader));
        (account, ends)
    };
    let present = match &visitor.who {
        Who::Guest { access, .. } => Some(access.grant().to_owned()),
        Who::Regular { .. } => None,
    };
    Ok(ok(&Accounts {
        csrf: visitor.csrf(),
        accounts: page.accounts.into_iter().map(dated).collect(),
        present,
        next: page.next,
        frame: Frame::of(&visitor, "Accounts"),
    }))
}

/// Begins to act in another account, in a new session. The one there was is over.
pub async fn switch(
    State(web): State<Arc<Web>>,
    sender: Sender,
    SignedForm { visitor, form }: SignedForm,
) -> Result<Response, Failure> {
    let grant = form.one("grant")?.to_owned();
    let origin = sender.origin.clone();
    // The acting user, never the one whose account this is: accounts do not lead to further accounts.
    let user = visitor.user.clone();
    let leaving = match &visitor.who {
        Who::Guest { .. } => sender.session.clone(),
        Who::Regular { .. } => None,
    };
    let admission = web
        .blocking(move |host| {
            host.engine
                .switch(&host.site, &user, &grant, leaving.as_deref(), &origin)
        })
        .await
        .map_err(|failure| failure.shown_to(&visitor))?;
    sender.leave_behind(&web).await;
    come_in(&admission.session.into_inner(), "/", web.secure)
}

/// Comes back, in a new session of the user who acted.
pub async fn come_back(
    State(web): State<Arc<Web>>,
    sender: Sender,
    _: SignedForm,
) -> Result<Response, Failure> {
    let acting = sender.session.ok_or(Failure::SignInFirst)?;
    let session = web
        .blocking(move |host| {
            let user = host
                .engine
                .return_to_own(&host.site, &acting)
                .map_err(Failure::of_session)?;
            ways_in::by_return(&host.db, &host.site, &user, host.clock.now())?
                .ok_or_else(Failure::user_deleted)
        })
        .await?;
    come_in(session.expose(), "/", web.secure)
}
