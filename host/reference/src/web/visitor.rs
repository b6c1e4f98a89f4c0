//! Who asks. Found out once a request, before the page; what the engine answered is then asked as often as needed.

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

use axum::extract::{ConnectInfo, FromRequest, FromRequestParts, Request};
use axum::http::StatusCode;
use axum::http::header::USER_AGENT;
use axum::http::request::Parts;
use guestpass::{Access, Origin};

use super::failure::Failure;
use super::form::{self, Form};
use super::{Web, client, cookies, csrf};
use crate::cms::catalogue::Catalogue;
use crate::cms::sessions::{self, Begun};
use crate::cms::site::Site;
use crate::cms::users::{self, User};
use crate::host::Host;
use crate::output::Reader;
use crate::secret::Token;
use crate::switching;

/// Somebody who is signed in.
#[derive(Debug)]
pub struct Visitor {
    /// Guest or regular user.
    pub who: Who,
    /// The id of the acting user.
    pub user: String,
    /// How to call them.
    pub name: String,
    /// The site.
    pub site: Site,
    /// When this was found out, and where the server is.
    pub reader: Reader,
    session: String,
}

/// What kind of visitor this is.
#[derive(Debug)]
pub enum Who {
    /// Somebody who came by a link or a password of a grant, or switched to the account of somebody else: the engine says what
    /// they may do.
    Guest {
        /// The engine's answer for this request.
        access: Access,
        /// How the grantor is called.
        grantor: String,
    },
    /// A regular user: the role says what they may do.
    Regular {
        /// The user.
        user: User,
        /// How the session was begun.
        begun: Begun,
    },
}

impl Visitor {
    /// Whether the visitor may do this.
    pub fn may(&self, permission: &str) -> bool {
        match &self.who {
            Who::Guest { access, .. } => access.may(permission),
            Who::Regular { user, .. } => {
                user.owner
                    || user
                        .role
                        .as_deref()
                        .and_then(|role| self.catalogue().role(role))
                        .is_some_and(|role| role.permissions.contains(permission))
            }
        }
    }

    /// Refuses with the name of what is missing, unless the visitor may do this.
    pub fn need(&self, permission: &str) -> Result<(), Failure> {
        if self.may(permission) {
            return Ok(());
        }
        let whose = match self.who {
            Who::Guest { .. } => "your guest access",
            Who::Regular { .. } => "your role",
        };
        Err(Failure::forbidden(
            "permission-missing",
            format!(
                "This needs the permission `{permission}` ({}), which {whose} does not include.",
                self.catalogue().title_of(permission)
            ),
        )
        .shown_to(self))
    }

    /// What the site's permissions are called.
    pub fn catalogue(&self) -> &'static Catalogue {
        self.site.catalogue
    }

    /// The token for this visitor's forms.
    pub fn csrf(&self) -> String {
        csrf::token(&self.session)
    }

    /// The token of this visitor's session.
    pub fn token(&self) -> Token {
        Token::presented(self.session.clone())
    }

    /// Whose lines the sections show, where each user has an account of their own: those of the account acted in.
    pub fn account(&self) -> Option<&str> {
        self.catalogue().accounts.then(|| match &self.who {
            Who::Guest { access, .. } => access.grantor(),
            Who::Regular { .. } => self.user.as_str(),
        })
    }
}

/// What a request says about its sender.
#[derive(Clone, Debug)]
pub struct Sender {
    /// The session in the cookie.
    pub session: Option<String>,
    /// Address and browser.
    pub origin: Origin,
}

impl FromRequestParts<Arc<Web>> for Sender {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, web: &Arc<Web>) -> Result<Self, Failure> {
        let address = parts
            .extensions
            .get::<ConnectInfo<SocketAddr>>()
            .and_then(|peer| client::address(peer.0.ip(), &parts.headers, web.proxy))
            .map(|address| address.to_string());
        let agent = parts
            .headers
            .get(USER_AGENT)
            .and_then(|agent| agent.to_str().ok())
            .map(str::to_owned);
        Ok(Self {
            session: cookies::session(&parts.headers, web.secure),
            origin: Origin { address, agent },
        })
    }
}

impl Sender {
    /// The address, if it is known.
    pub fn address(&self) -> Option<IpAddr> {
        self.origin.address.as_deref()?.parse().ok()
    }

    /// Who this is. None: nobody, or a regular user whose session is over.
    pub async fn resolve(&self, web: &Web) -> Result<Option<Visitor>, Failure> {
        let Some(session) = self.session.clone() else {
            return Ok(None);
        };
        let reader = web.reader();
        web.blocking(move |host| {
            let site = host.site()?;
            if session.starts_with(sessions::PREFIX) {
                regular(host, reader, site, session)
            } else {
                guest(host, reader, site, session).map(Some)
            }
        })
        .await
    }

    /// Ends the session this browser had, because another one takes its place. The new one is there already and must
    /// reach the browser, so a failure is told to the operator only.
    pub async fn leave_behind(&self, web: &Web) {
        if let Err(failure) = self.end_session(web).await {
            tracing::warn!("an earlier session could not be ended: {failure:?}");
        }
    }

    /// Ends the session this browser has, whatever it is.
    pub async fn end_session(&self, web: &Web) -> Result<(), Failure> {
        let Some(session) = self.session.clone() else {
            return Ok(());
        };
        web.blocking(move |host| {
            if session.starts_with(sessions::PREFIX) {
                sessions::end(&host.db, &Token::presented(session)).map_err(Failure::from)
            } else {
                switching::sign_out(host, &session).map_err(Failure::from)
            }
        })
        .await
    }
}

fn regular(
    host: &Host,
    reader: Reader,
    site: Site,
    session: String,
) -> Result<Option<Visitor>, Failure> {
    let token = Token::presented(session.clone());
    let found = sessions::resolve(&host.db, &host.site, &token, host.clock.now())?;
    Ok(found.map(|(user, begun)| Visitor {
        user: user.id.clone(),
        name: user.name.clone(),
        who: Who::Regular { user, begun },
        site,
        reader,
        session,
    }))
}

fn guest(host: &Host, reader: Reader, site: Site, session: String) -> Result<Visitor, Failure> {
    let access = switching::resolve(host, &session)
        .map_err(|problem| Failure::of_session(problem).shown_on(&site.title, Some(&session)))?;
    let named =
        |id: &str| Ok::<_, Failure>(users::find(&host.db, &host.site, id)?.map(|user| user.name));
    // The engine answers for grants; whether their user was deleted since is this host's to know.
    let name = named(access.user())?.ok_or_else(Failure::user_deleted)?;
    let grantor = named(access.grantor())?.unwrap_or_else(|| "a former user".to_owned());
    Ok(Visitor {
        user: access.user().to_owned(),
        name,
        who: Who::Guest { access, grantor },
        site,
        reader,
        session,
    })
}

impl FromRequestParts<Arc<Web>> for Visitor {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, web: &Arc<Web>) -> Result<Self, Failure> {
        let sender = Sender::from_request_parts(parts, web).await?;
        sender.resolve(web).await?.ok_or(Failure::SignInFirst)
    }
}

/// A form sent by somebody who is signed in, from one of this site's pages: the only way to change anything while signed
/// in, so that no page can forget the check.
#[derive(Debug)]
pub struct SignedForm {
    /// Who sent it.
    pub visitor: Visitor,
    /// What it says.
    pub form: Form,
}

impl FromRequest<Arc<Web>> for SignedForm {
    type Rejection = Failure;

    async fn from_request(request: Request, web: &Arc<Web>) -> Result<Self, Failure> {
        let (mut parts, body) = request.into_parts();
        let sender = Sender::from_request_parts(&mut parts, web).await?;
        if sender.session.is_none() {
            return Err(Failure::SignInFirst);
        }
        // Who it is must be asked last: while the form was on its way, access may have ended.
        let form = form::read(Request::from_parts(parts, body), web).await?;
        let visitor = sender.resolve(web).await?.ok_or(Failure::SignInFirst)?;
        need_token(&visitor.session, &form)?;
        Ok(Self { visitor, form })
    }
}

/// Refuses a form that does not come from a page of this session.
fn need_token(session: &str, form: &Form) -> Result<(), Failure> {
    if csrf::matches(session, form.one("csrf")?) {
        return Ok(());
    }
    Err(Failure::new(
        StatusCode::FORBIDDEN,
        "stale-form",
        "This form belongs to another session. Open the page again and send it from there.",
    ))
}

/// The form by which somebody signs out. Also whoever may not come in at the moment may leave for good, so this is the one
/// that asks for no more than the session.
#[derive(Debug)]
pub struct Leaving(pub Sender);

impl FromRequest<Arc<Web>> for Leaving {
    type Rejection = Failure;

    async fn from_request(request: Request, web: &Arc<Web>) -> Result<Self, Failure> {
        let (mut parts, body) = request.into_parts();
        let sender = Sender::from_request_parts(&mut parts, web).await?;
        let session = sender.session.as_deref().ok_or(Failure::SignInFirst)?;
        need_token(
            session,
            &form::read(Request::from_parts(parts, body), web).await?,
        )?;
        Ok(Self(sender))
    }
}
