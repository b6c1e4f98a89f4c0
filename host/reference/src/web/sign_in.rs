//! Coming in by password, and everybody leaving.
//!
//! Whether a password is right is this host's to say. Whether a guest who knows it may come in is the engine's, and so is
//! the session that begins.

use std::sync::Arc;

use askama::Template;
use axum::extract::{RawQuery, State};
use axum::http::StatusCode;
use axum::response::{AppendHeaders, IntoResponse, Redirect, Response};
use guestpass::Origin;

use super::entry::come_in;
use super::failure::Failure;
use super::form::{Form, OpenForm};
use super::pages::{Frame, html};
use super::password_checks::tried;
use super::visitor::{Leaving, Sender};
use super::{Web, cookies};
use crate::cms::users::User;
use crate::cms::{password, sessions, switched, users, ways_in};
use crate::host::Host;
use crate::links::MOUNT;
use crate::secret::Token;
use crate::switching;

#[derive(Template)]
#[template(path = "sign_in.html")]
struct SignIn {
    frame: Frame,
    login: String,
    wrong: bool,
    /// Where to go on to.
    to: String,
}

/// The sign-in page.
pub async fn page(
    State(web): State<Arc<Web>>,
    RawQuery(query): RawQuery,
) -> Result<Response, Failure> {
    let query = Form::parse(query.unwrap_or_default().as_bytes())?;
    let to = query.optional("to")?.unwrap_or_default().to_owned();
    answer(&web, StatusCode::OK, String::new(), to).await
}

/// Where somebody was who had to sign in first: one of the engine's pages. Whatever else an address asks for is none.
fn going_on(to: &str) -> Option<&str> {
    let rest = to.strip_prefix(MOUNT)?;
    let page = rest.is_empty() || rest.starts_with(['/', '?']);
    let plain = rest
        .bytes()
        .all(|byte| byte.is_ascii_graphic() && byte != b'\\');
    (page && plain).then_some(to)
}

async fn answer(
    web: &Web,
    status: StatusCode,
    login: String,
    to: String,
) -> Result<Response, Failure> {
    let site = web.blocking(|host| host.site()).await?.title;
    Ok(html(
        status,
        &SignIn {
            frame: Frame::public(&site, "Sign in"),
            login,
            wrong: status != StatusCode::OK,
            to: going_on(&to).unwrap_or_default().to_owned(),
        },
    ))
}

/// A session that began, and where to go.
struct Begun {
    session: String,
    target: String,
}

/// Checks the password. A wrong name and a wrong password get the same answer after the same time.
pub async fn sign_in(
    State(web): State<Arc<Web>>,
    sender: Sender,
    OpenForm(form): OpenForm,
) -> Result<Response, Failure> {
    let login = form.one("login")?.to_owned();
    let given = form.one("password")?.to_owned();
    let to = form.optional("to")?.unwrap_or_default().to_owned();
    let address = sender.address();
    let place = web.password_checks.place(address, web.now()).await?;
    let (wanted, origin) = (login.clone(), sender.origin.clone());
    let tried = tried(&login, &given);
    let begun = web
        .blocking(move |host| {
            let _place = place;
            let user = users::find_by_login(&host.db, &host.site, &wanted)?;
            let stored = user.as_ref().and_then(|user| user.password.as_deref());
            if !password::verify(&given, stored) {
                return Ok(None);
            }
            match (&user, stored) {
                (Some(user), Some(verified)) if user.comes_by_grant() => {
                    guest(host, user, verified, &origin)
                }
                (Some(user), Some(verified)) => regular(host, user, verified, &origin),
                _ => Ok(None),
            }
        })
        .await?;
    match begun {
        None => {
            web.password_checks.count_wrong(address, &tried, web.now());
            answer(&web, StatusCode::FORBIDDEN, login, to).await
        }
        Some(begun) => {
            sender.leave_behind(&web).await;
            let target = going_on(&to).unwrap_or(&begun.target);
            come_in(&begun.session, target, web.secure)
        }
    }
}

fn regular(
    host: &Host,
    user: &User,
    verified: &str,
    origin: &Origin,
) -> Result<Option<Begun>, Failure> {
    host.engine.may_sign_in(&host.site, &user.id)?;
    let now = host.clock.now();
    let session = ways_in::by_password(&host.db, &host.site, &user.id, verified, now)?;
    let Some(session) = session else {
        return Ok(None);
    };
    Ok(Some(Begun {
        session: landed(host, &user.id, session, origin)?,
        target: "/".to_owned(),
    }))
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
        let begun = switched::Begun::InBrowser(&session);
        let admission = switching::begin(host, user, &grant, None, begun, origin)?;
        Ok(Some(admission.session.into_inner()))
    };
    let elsewhere = landed();
    if !matches!(elsewhere, Ok(None)) {
        sessions::end(&host.db, &session)?;
    }
    Ok(elsewhere?.unwrap_or_else(|| session.expose().to_owned()))
}

/// The password may have been replaced while it was checked. A new one is set here before the engine ends the sessions of the
/// old one: whoever still finds the old one after their session began, began it before that.
fn guest(
    host: &Host,
    user: &User,
    verified: &str,
    origin: &Origin,
) -> Result<Option<Begun>, Failure> {
    let admission = host.engine.sign_in(&host.site, &user.id, origin)?;
    if !ways_in::still_holds(&host.db, &host.site, &user.id, verified)? {
        host.engine
            .sign_out(&host.site, admission.session.expose())?;
        return Ok(None);
    }
    Ok(Some(Begun {
        session: admission.session.into_inner(),
        target: admission.redirect.unwrap_or_else(|| "/".to_owned()),
    }))
}

/// Ends the session, here and in the browser.
pub async fn sign_out(
    State(web): State<Arc<Web>>,
    Leaving(sender): Leaving,
) -> Result<Response, Failure> {
    sender.end_session(&web).await?;
    Ok((AppendHeaders(cookies::forget()), Redirect::to("/")).into_response())
}

#[cfg(test)]
mod tests {
    use super::going_on;

    #[test]
    fn signing_in_leads_on_to_the_engines_pages_and_nowhere_else() {
        for page in [
            "/access",
            "/access/",
            "/access/grants?state=active",
            "/access?x=y",
        ] {
            assert_eq!(going_on(page), Some(page));
        }
        for elsewhere in [
            "",
            "/",
            "//evil.example",
            "/accessible",
            "/access\\evil",
            "/access/\r\nx: y",
            "https://evil.example/access",
            "/access evil",
        ] {
            assert_eq!(going_on(elsewhere), None, "{elsewhere:?}");
        }
    }
}
