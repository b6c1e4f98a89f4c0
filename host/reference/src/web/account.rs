//! A regular user's own password. Guests choose none: theirs, where they have one, is the engine's to make.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;

use super::Web;
use super::entry::come_in;
use super::failure::Failure;
use super::pages::{Frame, ok};
use super::password_checks::tried;
use super::visitor::{Sender, SignedForm, Visitor, Who};
use crate::cms::password;
use crate::cms::sessions::Begun;
use crate::cms::users::User;
use crate::cms::ways_in::{self, NewPassword};

#[derive(Template)]
#[template(path = "account.html")]
struct Account {
    frame: Frame,
    csrf: String,
    email: String,
    must_know: bool,
    shortest: usize,
}

/// The account page.
pub async fn page(visitor: Visitor) -> Result<Response, Failure> {
    let (user, begun) = regular(&visitor)?;
    Ok(ok(&Account {
        csrf: visitor.csrf(),
        email: user.email.clone(),
        must_know: must_know(user, begun),
        shortest: password::SHORTEST,
        frame: Frame::of(&visitor, "Your account"),
    }))
}

fn regular(visitor: &Visitor) -> Result<(&User, Begun), Failure> {
    match &visitor.who {
        Who::Regular { user, begun } => Ok((user, *begun)),
        Who::Guest { .. } => Err(Failure::forbidden(
            "no-password-for-guests",
            "A guest has no account to change: you come in by what you were given for as long as your access lasts.",
        )
        .shown_to(visitor)),
    }
}

/// Whether the present password must be given to choose another.
fn must_know(user: &User, begun: Begun) -> bool {
    user.password.is_some() && begun == Begun::ByPassword
}

/// Chooses a password. Every other session of this user ends, and this browser gets a new one.
pub async fn set_password(
    State(web): State<Arc<Web>>,
    sender: Sender,
    SignedForm { visitor, form }: SignedForm,
) -> Result<Response, Failure> {
    let (user, begun) = regular(&visitor)?;
    let (user, known) = (user.clone(), must_know(user, begun));
    let wanted = form.one("password")?.to_owned();
    let present = if known {
        Some(form.one("present")?.to_owned())
    } else {
        None
    };
    let asking = visitor.token();
    let address = sender.address();
    let tried = present.as_deref().map(|given| tried(&user.id, given));
    let place = web.password_checks.place(address, web.now()).await?;
    let session = web
        .blocking(move |host| {
            let _place = place;
            if present.is_some_and(|present| !password::verify(&present, user.password.as_deref()))
            {
                return Ok(None);
            }
            let hash = password::hash(&wanted)?;
            let new = NewPassword {
                user: &user.id,
                session: &asking,
                present: user.password.as_deref(),
                hash: &hash,
            };
            let begun = ways_in::by_new_password(&host.db, &host.site, &new, host.clock.now())?;
            begun.map(Some).ok_or_else(|| {
                Failure::new(
                    StatusCode::CONFLICT,
                    "account-changed",
                    "Your session or your password was changed meanwhile, so this password was not taken. Sign in \
                     and try again.",
                )
            })
        })
        .await?;
    let Some(session) = session else {
        if let Some(tried) = tried {
            web.password_checks.count_wrong(address, &tried, web.now());
        }
        return Err(Failure::forbidden(
            "wrong-password",
            "The present password is not right.",
        ));
    };
    come_in(session.expose(), "/", web.secure)
}
