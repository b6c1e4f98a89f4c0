//! Regular users coming in by password, and everybody leaving.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{AppendHeaders, IntoResponse, Redirect, Response};
use guestpass::Origin;

use super::enter::come_in;
use super::failure::Failure;
use super::form::OpenForm;
use super::pages::{Frame, html};
use super::visitor::{Sender, SignedForm};
use super::{Web, cookies};
use crate::cms::{password, sessions, users, ways_in};
use crate::host::Host;
use crate::secret::Token;

#[derive(Template)]
#[template(path = "sign_in.html")]
struct SignIn {
    frame: Frame,
    email: String,
    wrong: bool,
}

/// The sign-in page.
pub async fn page(State(web): State<Arc<Web>>) -> Result<Response, Failure> {
    answer(&web, StatusCode::OK, String::new()).await
}

async fn answer(web: &Web, status: StatusCode, email: String) -> Result<Response, Failure> {
    let site = web.blocking(|host| host.site()).await?.title;
    Ok(html(
        status,
        &SignIn {
            frame: Frame::public(&site, "Sign in"),
            email,
            wrong: status != StatusCode::OK,
        },
    ))
}

/// Checks the password. A wrong address and a wrong password get the same answer after the same time.
pub async fn sign_in(
    State(web): State<Arc<Web>>,
    sender: Sender,
    OpenForm(form): OpenForm,
) -> Result<Response, Failure> {
    let email = form.one("email")?.to_owned();
    let given = form.one("password")?.to_owned();
    let place = web.password_checks.place().await?;
    let wanted = email.clone();
    let origin = sender.origin.clone();
    let session = web
        .blocking(move |host| {
            let _place = place;
            let user = users::find_by_email(&host.db, &host.site, &wanted)?;
            let stored = user.as_ref().and_then(|user| user.password.as_deref());
            if !password::verify(&given, stored) {
                return Ok(None);
            }
            let (Some(user), Some(verified)) = (&user, stored) else {
                return Ok(None);
            };
            let session =
                ways_in::by_password(&host.db, &host.site, &user.id, verified, host.clock.now())?;
            session
                .map(|session| landed(host, &user.id, session, &origin))
                .transpose()
        })
        .await?;
    match session {
        None => answer(&web, StatusCode::FORBIDDEN, email).await,
        Some(session) => {
            sender.leave_behind(&web).await;
            come_in(&session, "/", web.secure)
        }
    }
}

/// Where somebody who just signed in begins, as the engine says: in the only account there is for them, or with their own.
/// Whoever has none at all is not let in. Gives the session for the browser.
pub(super) fn landed(
    host: &Host,
    user: &str,
    session: Token,
    origin: &Origin,
) -> Result<String, Failure> {
    let (engine, site) = (&host.engine, &host.site);
    let landed = || -> Result<Option<String>, Failure> {
        let page = engine.memberships(site, user, None, 100)?;
        if page.accounts.is_empty() && page.next.is_none() {
            return Err(Failure::forbidden(
                "access-over",
                "Your access to this site is over. Ask the person who invited you if you still need it.",
            ));
        }
        let Some(grant) = page.enter else {
            return Ok(None);
        };
        let admission = engine.switch(site, user, &grant, None, origin)?;
        Ok(Some(admission.session.into_inner()))
    };
    let elsewhere = landed();
    if !matches!(elsewhere, Ok(None)) {
        sessions::end(&host.db, &session)?;
    }
    Ok(elsewhere?.unwrap_or_else(|| session.expose().to_owned()))
}

/// Ends the session, here and in the browser.
pub async fn sign_out(
    State(web): State<Arc<Web>>,
    sender: Sender,
    _: SignedForm,
) -> Result<Response, Failure> {
    sender.end_session(&web).await?;
    Ok((AppendHeaders(cookies::forget()), Redirect::to("/")).into_response())
}
