//! The engine's pages, below one path of the site: who asks is this host's to say, and so is the browser's session. What is
//! shown and what is allowed is the engine's.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::{FromRequestParts as _, Request, State};
use axum::http::header::{ACCEPT_LANGUAGE, HeaderName};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode};
use axum::response::{AppendHeaders, IntoResponse, Redirect, Response};
use guestpass::screens::{self, Acceptance, Effect, Mailing, Offset, Visitor, Zone};
use guestpass::{Invitee, Origin};
use jiff::{SignedDuration, Timestamp};

use super::entry::come_in;
use super::failure::Failure;
use super::form;
use super::password_checks::tried;
use super::sign_in::landed;
use super::upload::{self, Sent};
use super::visitor::Sender;
use super::{Web, cookies, csrf};
use crate::cms::{invited, password, sessions, users, ways_in};
use crate::host::Host;
use crate::invitations;
use crate::links::MOUNT;
use crate::output::Reader;
use crate::secret::Token;
use crate::switching;

/// Years of the zone that pages are told: backwards as far as lists go, forwards as far as windows may.
const YEARS: (i64, i64) = (2, 11);

/// Answers everything below the mount.
pub async fn handle(State(web): State<Arc<Web>>, request: Request) -> Result<Response, Failure> {
    let (mut parts, body) = request.into_parts();
    let sender = Sender::from_request_parts(&mut parts, &web).await?;
    // Who it is must be asked last: while the form was on its way, access may have ended.
    let sent = if parts.method != Method::POST {
        Sent::default()
    } else if let Some(boundary) = upload::boundary(&parts) {
        let from = sender.clone();
        let owner = web.blocking(move |host| owns(host, &from)).await?;
        upload::read(body, &boundary, owner).await?
    } else {
        let request = Request::from_parts(parts.clone(), body);
        Sent::form(form::read_bytes(request, &web).await?)
    };
    let path = parts.uri.path();
    let asked = Asked {
        method: parts.method.as_str().to_owned(),
        path: path.strip_prefix(MOUNT).unwrap_or(path).to_owned(),
        query: parts.uri.query().unwrap_or_default().to_owned(),
        sent,
        foreign: csrf::from_elsewhere(&parts.headers, web.own_origin.as_deref()),
        languages: languages(&parts.headers),
        base_url: web.base_url.clone(),
        reader: web.reader(),
    };
    let from = sender.clone();
    let (response, user) = web
        .blocking(move |host| asked.answered(host, &from))
        .await?;
    done(&web, &sender, user, response).await
}

/// A request, with what this host knows beside it.
struct Asked {
    method: String,
    path: String,
    query: String,
    sent: Sent,
    foreign: bool,
    languages: String,
    base_url: String,
    reader: Reader,
}

impl Asked {
    /// What the engine answers, and which of this host's users asked.
    fn answered(
        self,
        host: &Host,
        sender: &Sender,
    ) -> Result<(screens::Response, Option<String>), Failure> {
        let visitor = who(host, sender)?;
        let user = match &visitor {
            Visitor::User(id) => Some(id.clone()),
            Visitor::Nobody | Visitor::Session(_) => None,
        };
        let known = !matches!(visitor, Visitor::Nobody);
        let request = screens::Request {
            site: host.site.to_string(),
            title: host.site()?.title,
            method: self.method,
            mount: MOUNT.to_owned(),
            path: self.path,
            query: self.query,
            form: self.sent.form,
            upload: self.sent.upload,
            visitor,
            proof: sender.session.as_deref().filter(|_| known).map(csrf::token),
            foreign: self.foreign,
            origin: sender.origin.clone(),
            languages: self.languages,
            zone: zone(&self.reader),
            base_url: self.base_url,
            home: "/".to_owned(),
            sign_in: "/sign-in".to_owned(),
            mails: true,
            shortest_password: u16::try_from(password::SHORTEST).unwrap_or(u16::MAX),
        };
        Ok((host.engine.screen_with(&request, self.sent.content)?, user))
    }
}

fn who(host: &Host, sender: &Sender) -> Result<Visitor, Failure> {
    let Some(session) = &sender.session else {
        return Ok(Visitor::Nobody);
    };
    if !session.starts_with(sessions::PREFIX) {
        // One that is over for this host is over at the engine from here on, which then says so on its own pages.
        if let Ok(access) = host.engine.resolve(&host.site, session) {
            switching::is_held(host, session, &access)?;
        }
        return Ok(Visitor::Session(session.clone()));
    }
    let token = Token::presented(session.clone());
    let found = sessions::resolve(&host.db, &host.site, &token, host.clock.now())?;
    Ok(found.map_or(Visitor::Nobody, |(user, _)| Visitor::User(user.id)))
}

/// Whether an owner of the site asks.
fn owns(host: &Host, sender: &Sender) -> Result<bool, Failure> {
    Ok(match who(host, sender)? {
        Visitor::User(id) => host.need_owner(&id, "uploads plugins").is_ok(),
        Visitor::Nobody | Visitor::Session(_) => false,
    })
}

fn languages(headers: &HeaderMap) -> String {
    let wanted = headers.get(ACCEPT_LANGUAGE);
    let wanted = wanted.and_then(|wanted| wanted.to_str().ok());
    wanted.unwrap_or_default().to_owned()
}

/// The zone of this machine, with its changes.
fn zone(reader: &Reader) -> Zone {
    const YEAR: SignedDuration = SignedDuration::from_hours(24 * 366);
    let now = i64::try_from(reader.now).unwrap_or(i64::MAX);
    let now = Timestamp::from_millisecond(now).unwrap_or(Timestamp::MAX);
    let (before, after) = YEARS;
    let years = |count: i64| YEAR.saturating_mul(i32::try_from(count).unwrap_or(0));
    let from = now.saturating_sub(years(before)).unwrap_or(now);
    let until = now.saturating_add(years(after)).unwrap_or(now);
    let offset = |since: Timestamp, seconds: i32| Offset {
        since: u64::try_from(since.as_millisecond()).unwrap_or(0),
        minutes: i16::try_from(seconds / 60).unwrap_or(0),
    };
    let first = offset(from, reader.zone.to_offset(from).seconds());
    let changes = reader.zone.following(from);
    let changes = changes.take_while(|change| change.timestamp() <= until);
    let changes = changes.map(|change| offset(change.timestamp(), change.offset().seconds()));
    Zone {
        name: reader.zone.iana_name().unwrap_or("UTC").to_owned(),
        offsets: std::iter::once(first).chain(changes).collect(),
    }
}

/// Does what only this host can do, and sends the answer.
async fn done(
    web: &Web,
    sender: &Sender,
    user: Option<String>,
    response: screens::Response,
) -> Result<Response, Failure> {
    let screens::Response {
        status,
        headers,
        mut body,
        effect,
    } = response;
    let mut status = status;
    let cookies: Vec<_> = match effect {
        Effect::Nothing => Vec::new(),
        Effect::Begin(session) => {
            let before = sender.session.clone();
            let noted = web.blocking(move |host| {
                switching::begun_by_page(host, session.expose(), before.as_deref())
                    .map(|()| session)
                    .map_err(Failure::of_session)
            });
            let session = noted.await?;
            sender.leave_behind(web).await;
            cookies::keep(session.expose(), web.secure)
                .into_iter()
                .collect()
        }
        Effect::SignIn(user) => {
            let left = sender.session.clone().unwrap_or_default();
            let begun = web.blocking(move |host| signed_in(host, &user, left));
            let Some(session) = begun.await? else {
                let forgotten = AppendHeaders(cookies::forget());
                return Ok((forgotten, Redirect::to("/sign-in")).into_response());
            };
            cookies::keep(session.expose(), web.secure)
                .into_iter()
                .collect()
        }
        Effect::SignOut => {
            sender.end_session(web).await?;
            cookies::forget().into()
        }
        Effect::Forget => cookies::forget().into(),
        Effect::Accept(acceptance) => {
            let wrong = acceptance.wrong.clone();
            match accepted(web, sender, acceptance).await? {
                Some(session) => return come_in(&session, "/", web.secure),
                None => {
                    (status, body) = (StatusCode::FORBIDDEN.as_u16(), wrong);
                    Vec::new()
                }
            }
        }
        Effect::Mail(mailing) => {
            if let Some(failed) = mailed(web, user, *mailing).await? {
                body = failed;
            }
            Vec::new()
        }
    };
    let status = StatusCode::from_u16(status).map_err(|_| Failure::broken())?;
    let mut answer = (status, Body::from(body)).into_response();
    let target = headers.iter().find(|(name, _)| name == "location");
    if let Some((_, target)) = target.filter(|_| status != StatusCode::FORBIDDEN) {
        answer = Redirect::to(target).into_response();
    }
    for (name, value) in headers.iter().filter(|(name, _)| name != "location") {
        let name = HeaderName::try_from(name).map_err(|_| Failure::broken())?;
        let value = HeaderValue::try_from(value).map_err(|_| Failure::broken())?;
        answer.headers_mut().insert(name, value);
    }
    for (name, value) in cookies {
        answer.headers_mut().append(name, value);
    }
    Ok(answer)
}

/// A new session of a user who came back to their own account. None: they have to sign in for one.
fn signed_in(host: &Host, user: &str, left: String) -> Result<Option<Token>, Failure> {
    if users::find(&host.db, &host.site, user)?.is_none() {
        return Err(Failure::user_deleted());
    }
    let (left, now) = (Token::presented(left), host.clock.now());
    Ok(ways_in::by_return(&host.db, &host.site, user, &left, now)?)
}

/// Mails an invitation. Gives the page for when that fails.
async fn mailed(
    web: &Web,
    inviter: Option<String>,
    mailing: Mailing,
) -> Result<Option<Vec<u8>>, Failure> {
    let base_url = web.base_url.clone();
    web.blocking(move |host| {
        let inviter = inviter.unwrap_or_default();
        let sent = invitations::mail(host, &base_url, &inviter, &mailing.issued);
        Ok::<_, Failure>(sent.err().map(|problem| {
            tracing::warn!("an invitation could not be mailed: {problem}");
            mailing.failed.into_inner().into_bytes()
        }))
    })
    .await
}

/// Accepts an invitation for somebody who is not signed in. Gives their session; none if the password is not right.
async fn accepted(
    web: &Web,
    sender: &Sender,
    acceptance: Acceptance,
) -> Result<Option<String>, Failure> {
    let origin = sender.origin.clone();
    let address = sender.address();
    let place = web.password_checks.place(address, web.now()).await?;
    let tried = tried(acceptance.token.expose(), acceptance.password.expose());
    let session = web
        .blocking(move |host| {
            let _place = place;
            match accept_by_password(host, &acceptance, &origin)? {
                Some((user, session)) => landed(host, &user, session, &origin).map(Some),
                None => Ok(None),
            }
        })
        .await?;
    if session.is_some() {
        sender.leave_behind(web).await;
    } else {
        web.password_checks.count_wrong(address, &tried, web.now());
    }
    Ok(session)
}

/// Accepts as the user of the invited address, whose password this is, or as a new one who will have it.
fn accept_by_password(
    host: &Host,
    acceptance: &Acceptance,
    origin: &Origin,
) -> Result<Option<(String, Token)>, Failure> {
    let (engine, db, site) = (&host.engine, &host.db, &host.site);
    let (token, given) = (acceptance.token.expose(), acceptance.password.expose());
    let now = host.clock.now();
    let seen = engine.inspect_invitation(site, token)?;
    let (invitee, verified) = if seen.has_user {
        let user = users::find_by_email(db, site, &seen.email)?;
        let stored = user.as_ref().and_then(|user| user.password.clone());
        if !password::verify(given, stored.as_deref()) {
            return Ok(None);
        }
        let Some(user) = user else {
            return Ok(None);
        };
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
    Ok(Some((user, session)))
}
