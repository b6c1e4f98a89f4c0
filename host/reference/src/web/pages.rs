//! The pages as types: a form without its token does not compile.

use askama::Template;
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Response};

use super::visitor::{Visitor, Who};
use crate::output::Reader;
use crate::when;

/// What stands around every page.
#[derive(Debug)]
pub struct Frame {
    /// The site's title.
    pub site: String,
    /// The page's title.
    pub title: String,
    /// Who is signed in.
    pub person: Option<Person>,
    /// Whether to offer signing in.
    pub sign_in: bool,
    /// The token with which somebody may sign out who may do nothing else.
    pub leave: Option<String>,
}

/// Who is signed in, as the top of a page shows it.
#[derive(Debug)]
pub struct Person {
    pub name: String,
    pub csrf: String,
    pub guest: Option<Stay>,
    pub hands_out: bool,
    pub accounts: bool,
}

/// How long a guest is here.
#[derive(Debug)]
pub struct Stay {
    pub grantor: String,
    pub switched: bool,
    pub ends: Option<When>,
}

/// An instant for people and for programs.
#[derive(Debug)]
pub struct When {
    pub rfc3339: String,
    pub local: String,
    pub words: String,
}

impl When {
    pub fn new(instant: u64, reader: &Reader) -> Self {
        Self {
            rfc3339: when::rfc3339(instant),
            local: when::local(instant, &reader.zone),
            words: when::words(reader.now, instant),
        }
    }
}

impl Frame {
    /// Around a page where neither the site nor the visitor is known.
    pub fn bare(title: &str) -> Self {
        Self {
            sign_in: false,
            ..Self::public("Guestpass", title)
        }
    }

    /// Around a page of this site for anybody.
    pub fn public(site: &str, title: &str) -> Self {
        Self {
            site: site.to_owned(),
            title: title.to_owned(),
            person: None,
            sign_in: true,
            leave: None,
        }
    }

    /// Around a page for somebody who is signed in.
    pub fn of(visitor: &Visitor, title: impl Into<String>) -> Self {
        let guest = match &visitor.who {
            Who::Guest { access, grantor } => Some(Stay {
                grantor: grantor.clone(),
                switched: access.switched(),
                ends: access.ends().map(|ends| When::new(ends, &visitor.reader)),
            }),
            Who::Regular { .. } => None,
        };
        let person = Person {
            name: visitor.name.clone(),
            csrf: visitor.csrf(),
            // Where the link is shown; whether it may be followed is the engine's to say.
            hands_out: guest.is_none()
                && visitor
                    .catalogue()
                    .grants_with
                    .as_deref()
                    .is_none_or(|p| visitor.may(p)),
            // Who came by a link has come to the one account there is for them.
            accounts: guest.as_ref().is_none_or(|stay| stay.switched),
            guest,
        };
        Self {
            site: visitor.site.title.clone(),
            title: title.into(),
            person: Some(person),
            sign_in: false,
            leave: None,
        }
    }
}

/// A page with this status.
pub fn html(status: StatusCode, page: &impl Template) -> Response {
    match page.render() {
        Ok(text) => (status, Html(text)).into_response(),
        Err(error) => {
            tracing::error!("a page could not be written: {error}");
            (
                StatusCode::INTERNAL_SERVER_ERROR,
                "Something broke. The operator finds more in the log.",
            )
                .into_response()
        }
    }
}

/// A page.
pub fn ok(page: &impl Template) -> Response {
    html(StatusCode::OK, page)
}

/// One sentence.
#[derive(Template)]
#[template(path = "message.html")]
pub struct Message {
    pub frame: Frame,
    pub message: String,
}
