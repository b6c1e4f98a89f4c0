//! Why a page is not shown, and what is said instead.

use askama::Template;
use guestpass_core::{Code, Kind, Refusal};

use super::{Visit, rendered};
use crate::fields::escaped;
use crate::request::Request;
use crate::response::{Effect, Response};

/// Why a page is not shown.
#[derive(Debug)]
pub(crate) enum Stop {
    /// Nobody is signed in who must be.
    SignIn,
    /// There is no such page.
    NoSuchPage,
    /// The form is not one of these pages'.
    Malformed,
    /// The form belongs to another session.
    Stale,
    /// The engine says no.
    Refused(Refusal),
    /// The session is over.
    Over(Refusal),
}

impl Stop {
    /// What the engine refused who is there by a session of its own: for good, or only now.
    pub(crate) fn of_session(refusal: Refusal) -> Self {
        match refusal.code.kind() {
            Kind::Gone | Kind::NotFound => Self::Over(refusal),
            _ => Self::Refused(refusal),
        }
    }
}

impl From<Refusal> for Stop {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

impl From<crate::fields::Malformed> for Stop {
    fn from(_: crate::fields::Malformed) -> Self {
        Self::Malformed
    }
}

/// What a page function gives.
pub(crate) type Answered = Result<Response, Stop>;

#[derive(Template)]
#[template(path = "message.html")]
struct Message<'a> {
    title: &'a str,
    message: &'a str,
    back: Option<(&'a str, &'a str)>,
}

impl Visit<'_> {
    /// What a refusal says in the visitor's language. Never what only the operator can mend.
    pub(crate) fn said(&self, refusal: &Refusal) -> String {
        // That a plugin fails, an owner can mend.
        let told = refusal.code == Code::HookFailed && self.owns();
        if refusal.code.kind() == Kind::Unavailable && !told {
            return self.t.not_right_now().to_owned();
        }
        match self.t.named("refusal", refusal.code.as_str()) {
            // Which one says no, and why, only it knows.
            Some(own) if told || refusal.code == Code::Vetoed => {
                format!("{own} {}", refusal.message)
            }
            Some(own) => own.to_owned(),
            None => self.shown().sentence(&refusal.message),
        }
    }

    /// The page for what is not shown.
    pub(crate) fn stopped(&self, stop: Stop) -> Response {
        let t = self.t;
        match stop {
            Stop::SignIn => self.to_sign_in(),
            Stop::NoSuchPage => self.refused(404, t.not_found(), t.no_such_page()),
            Stop::Malformed => self.refused(400, t.did_not_work(), t.bad_form()),
            Stop::Stale => self.refused(403, t.did_not_work(), t.stale_form()),
            // A list that is asked for from nowhere begins at its beginning.
            Stop::Refused(refusal) if refusal.field == Some("start") => {
                Response::see(self.at(&self.request.path))
            }
            Stop::Refused(refusal) => {
                self.tell_operator(&refusal);
                let kind = refusal.code.kind();
                let title = match kind {
                    Kind::Forbidden => t.not_allowed(),
                    Kind::NotFound => t.not_found(),
                    Kind::Gone => t.it_is_over(),
                    _ => t.did_not_work(),
                };
                self.refused(status(kind), title, &self.said(&refusal))
            }
            Stop::Over(refusal) => self
                .refused(
                    status(refusal.code.kind()),
                    t.access_is_over(),
                    &self.said(&refusal),
                )
                .with(Effect::Forget),
        }
    }

    /// What only the operator can mend is told to the operator.
    pub(crate) fn tell_operator(&self, refusal: &Refusal) {
        if refusal.code.kind() == Kind::Unavailable {
            let level = guestpass_core::ports::Level::Error;
            self.engine.log.write(level, &refusal.message);
        }
    }

    /// A page that says one thing.
    pub(crate) fn refused(&self, status: u16, title: &str, message: &str) -> Response {
        let home = (self.request.home.as_str(), self.t.to_the_site());
        let main = rendered(&Message {
            title,
            message,
            back: Some(home),
        });
        self.narrow(status, title, &main)
    }

    /// Sign in, and go on here.
    fn to_sign_in(&self) -> Response {
        let Request {
            sign_in,
            path,
            query,
            method,
            ..
        } = self.request;
        // What a form was sent to can often not be asked for.
        let mut on = match method.as_str() {
            "POST" => self.at(crate::route::page_of(path)),
            _ => self.at(path),
        };
        if !query.is_empty() && method != "POST" {
            on.push('?');
            on.push_str(query);
        }
        Response::see(format!("{sign_in}?to={}", escaped(&on)))
    }
}

/// The status for a refusal of this kind.
pub(crate) const fn status(kind: Kind) -> u16 {
    match kind {
        Kind::Invalid => 422,
        Kind::Forbidden => 403,
        Kind::NotFound => 404,
        Kind::Conflict => 409,
        Kind::Throttled => 429,
        Kind::Gone => 410,
        Kind::Unavailable => 503,
    }
}
