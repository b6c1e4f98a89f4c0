//! Regular users coming in by password, and everybody leaving.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{AppendHeaders, IntoResponse, Redirect, Response};

use super::enter::come_in;
use super::failure::Failure;
use super::form::OpenForm;
use super::pages::{Frame, html};
use super::visitor::{Sender, SignedForm};
use super::{Web, cookies};
use crate::cms::{password, users, ways_in};

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
            ways_in::by_password(&host.db, &host.site, &user.id, verified, host.clock.now())
        })
        .await?;
    match session {
        None => answer(&web, StatusCode::FORBIDDEN, email).await,
        Some(session) => {
            sender.leave_behind(&web).await;
            come_in(session.expose(), "/", web.secure)
        }
    }
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
