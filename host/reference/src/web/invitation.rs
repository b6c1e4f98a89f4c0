//! What an invited person sees: accepting or declining, as a user who is there already or as a new one.
//!
//! As with links, the secret stands behind `#`, and looking changes nothing.

use std::sync::Arc;

use askama::Template;
use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use guestpass::{Invitation, Invitee, Origin};
use serde_json::{Value, json};

use super::Web;
use super::enter::come_in;
use super::failure::Failure;
use super::form::OpenForm;
use super::pages::{Frame, Message, When, ok};
use super::sign_in::landed;
use super::visitor::{Sender, Who};
use crate::cms::{invited, password, users, ways_in};
use crate::host::Host;
use crate::output::Reader;
use crate::secret::Token;

#[derive(Template)]
#[template(path = "invitation.html")]
struct Page {
    frame: Frame,
    signed_in_as: Option<String>,
    shortest: usize,
}

/// The page behind an invitation.
pub async fn page(State(web): State<Arc<Web>>, sender: Sender) -> Result<Response, Failure> {
    // A session that is over must not keep anybody from what they are invited to.
    let visitor = sender.resolve(&web).await.ok().flatten();
    let title = "You are invited";
    let (frame, signed_in_as) = match &visitor {
        Some(visitor) => (Frame::of(visitor, title), Some(visitor.name.clone())),
        None => {
            let site = web.blocking(|host| host.site()).await?.title;
            (Frame::public(&site, title), None)
        }
    };
    Ok(ok(&Page {
        frame,
        signed_in_as,
        shortest: password::SHORTEST,
    }))
}

/// What an invitation is for, for the page's script. Changes nothing.
pub async fn inspect(State(web): State<Arc<Web>>, form: Result<OpenForm, Failure>) -> Response {
    let inspected = async {
        let token = form?.0.one("token")?.to_owned();
        web.blocking(move |host| host.engine.inspect_invitation(&host.site, &token))
            .await
    };
    match inspected.await {
        Ok(seen) => Json(shown(seen, &web.reader())).into_response(),
        Err(Failure::Refused(refused)) => {
            let error = json!({ "error": { "code": refused.code, "message": refused.message } });
            (refused.status, Json(error)).into_response()
        }
        Err(other) => other.into_response(),
    }
}

fn shown(seen: Invitation, reader: &Reader) -> Value {
    let ends = seen.ends.map(|ends| When::new(ends, reader));
    let accept_by = seen.accept_by.map(|at| When::new(at, reader));
    json!({
        "invited_by": seen.invited_by,
        "email": seen.email,
        "scope": seen.scope,
        "note": seen.message.unwrap_or_default(),
        "ends": ends.as_ref().map(|ends| &ends.rfc3339),
        "ends_words": ends.as_ref().map(|ends| &ends.words),
        "accept_by": accept_by.as_ref().map(|at| &at.words),
        "has_user": seen.has_user,
    })
}

/// Accepts as whoever is signed in, or as whom the form proves to be.
pub async fn accept(
    State(web): State<Arc<Web>>,
    sender: Sender,
    OpenForm(form): OpenForm,
) -> Result<Response, Failure> {
    let token = form.one("token")?.to_owned();
    let origin = sender.origin.clone();
    if let Some(visitor) = sender.resolve(&web).await.ok().flatten() {
        if matches!(visitor.who, Who::Guest { .. }) {
            return Err(Failure::forbidden(
                "sign-out-first",
                "You are here in the account of somebody else. Return or sign out first, then open the invitation again.",
            )
            .shown_to(&visitor));
        }
        let user = Invitee::Existing(visitor.user.clone());
        web.blocking(move |host| host.engine.accept(&host.site, &token, &user, &origin))
            .await
            .map_err(|failure| failure.shown_to(&visitor))?;
        return Ok(Redirect::to("/accounts").into_response());
    }
    let given = form.one("password")?.to_owned();
    let place = web.password_checks.place().await?;
    let session = web
        .blocking(move |host| {
            let _place = place;
            let (user, session) = accept_by_password(host, &token, &given, &origin)?;
            landed(host, &user, session, &origin)
        })
        .await?;
    sender.leave_behind(&web).await;
    come_in(&session, "/", web.secure)
}

/// Accepts as the user of the invited address, whose password this is, or as a new one who will have it.
fn accept_by_password(
    host: &Host,
    token: &str,
    given: &str,
    origin: &Origin,
) -> Result<(String, Token), Failure> {
    let (engine, db, site) = (&host.engine, &host.db, &host.site);
    let now = host.clock.now();
    let seen = engine.inspect_invitation(site, token)?;
    let (invitee, verified) = if seen.has_user {
        let user = users::find_by_email(db, site, &seen.email)?;
        let stored = user.as_ref().and_then(|user| user.password.clone());
        if !password::verify(given, stored.as_deref()) {
            return Err(wrong_password());
        }
        let user = user.ok_or_else(wrong_password)?;
        (Invitee::Existing(user.id), stored.unwrap_or_default())
    } else {
        let hash = password::hash(given)?;
        invited::choose(db, site, &seen.grant, &hash, now)?;
        (Invitee::New, hash)
    };
    let user = engine.accept(site, token, &invitee, origin)?.user;
    let session = ways_in::by_password(db, site, &user, &verified, now)?;
    let session = session.ok_or_else(|| {
        Failure::forbidden(
            "sign-in-now",
            "The invitation is accepted, and the password is another one by now. Sign in with it.",
        )
    })?;
    Ok((user, session))
}

fn wrong_password() -> Failure {
    Failure::forbidden(
        "wrong-password",
        "The password is not right. Open the invitation again and give the one you sign in with here.",
    )
}

/// Declines.
pub async fn decline(
    State(web): State<Arc<Web>>,
    sender: Sender,
    OpenForm(form): OpenForm,
) -> Result<Response, Failure> {
    let token = form.one("token")?.to_owned();
    let origin = sender.origin.clone();
    let site = web
        .blocking(move |host| {
            host.engine.decline(&host.site, &token, &origin)?;
            Ok::<_, Failure>(host.site()?.title)
        })
        .await?;
    Ok(ok(&Message {
        frame: Frame::public(&site, "Declined"),
        message: "You declined the invitation. Nothing was changed for you.".to_owned(),
    }))
}
