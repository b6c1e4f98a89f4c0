//! A request that is refused: a status, a sentence, and whether the browser must forget its session.

use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use guestpass::{Refusal, RefusalKind};

use super::cookies;
use super::pages::{Frame, Message, html};
use crate::problem::{Kind, Problem};

/// Why a page is not shown.
#[derive(Debug)]
pub enum Failure {
    /// It is refused.
    Refused(Box<Refused>),
    /// Nobody is signed in.
    SignInFirst,
}

/// What a refusal says.
#[derive(Debug)]
pub struct Refused {
    /// For the browser.
    pub status: StatusCode,
    /// For programs.
    pub code: String,
    /// For people.
    pub message: String,
    /// Whether the session is over, so that the browser must forget it.
    pub forget: bool,
}

impl Failure {
    /// A refusal with a sentence.
    pub fn new(status: StatusCode, code: &str, message: impl Into<String>) -> Self {
        Self::Refused(Box::new(Refused {
            status,
            code: code.to_owned(),
            message: message.into(),
            forget: false,
        }))
    }

    /// There is no such page.
    pub fn no_such_page() -> Self {
        Self::new(
            StatusCode::NOT_FOUND,
            "no-such-page",
            "There is no such page.",
        )
    }

    /// Something broke that should not.
    pub fn broken() -> Self {
        Self::new(
            StatusCode::INTERNAL_SERVER_ERROR,
            "broken",
            "Something broke. The operator finds more in the log.",
        )
    }

    /// Somebody may not do this.
    pub fn forbidden(code: &str, message: impl Into<String>) -> Self {
        Self::new(StatusCode::FORBIDDEN, code, message)
    }

    /// A refusal of a session: if it is over for good, the browser is told to forget it.
    pub fn of_session(refusal: Refusal) -> Self {
        let over = matches!(refusal.kind, RefusalKind::Gone | RefusalKind::NotFound);
        let Self::Refused(mut refused) = Self::from(refusal) else {
            return Self::broken();
        };
        refused.forget = over;
        Self::Refused(refused)
    }

    /// The site has deleted the user behind a session.
    pub fn user_deleted() -> Self {
        Self::Refused(Box::new(Refused {
            status: StatusCode::GONE,
            code: "user-deleted".to_owned(),
            message: "The site has removed you as a user. Ask whoever invited you.".to_owned(),
            forget: true,
        }))
    }

    /// The stable word for programs.
    #[cfg(test)]
    pub fn code(&self) -> &str {
        match self {
            Self::Refused(refused) => &refused.code,
            Self::SignInFirst => "sign-in-first",
        }
    }
}

impl From<Refusal> for Failure {
    fn from(refusal: Refusal) -> Self {
        let status = match refusal.kind {
            RefusalKind::Invalid => StatusCode::UNPROCESSABLE_ENTITY,
            RefusalKind::Forbidden => StatusCode::FORBIDDEN,
            RefusalKind::NotFound => StatusCode::NOT_FOUND,
            RefusalKind::Conflict => StatusCode::CONFLICT,
            RefusalKind::Throttled => StatusCode::TOO_MANY_REQUESTS,
            RefusalKind::Gone => StatusCode::GONE,
            RefusalKind::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
        };
        Self::new(status, &refusal.code, refusal.message)
    }
}

impl From<Problem> for Failure {
    fn from(problem: Problem) -> Self {
        match problem.kind {
            Kind::Refused | Kind::Usage => Self::new(
                StatusCode::UNPROCESSABLE_ENTITY,
                &problem.code,
                problem.message,
            ),
            // What the operator must mend is told to the operator; the sentence may name files.
            Kind::Unavailable | Kind::InUse | Kind::NotSetUp => {
                tracing::error!("{problem}");
                let message = "The site cannot do this right now. Nothing was changed; try again in a moment.";
                Self::new(StatusCode::SERVICE_UNAVAILABLE, &problem.code, message)
            }
        }
    }
}

impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        match self {
            Self::SignInFirst => Redirect::to("/sign-in").into_response(),
            Self::Refused(refused) => {
                let Refused {
                    status,
                    message,
                    forget,
                    ..
                } = *refused;
                let title = match status {
                    StatusCode::FORBIDDEN => "Not allowed",
                    StatusCode::NOT_FOUND => "Not found",
                    StatusCode::GONE => "Access is over",
                    _ => "That did not work",
                };
                let page = html(
                    status,
                    &Message {
                        frame: Frame::bare(title),
                        message,
                    },
                );
                if forget {
                    (axum::response::AppendHeaders(cookies::forget()), page).into_response()
                } else {
                    page
                }
            }
        }
    }
}
