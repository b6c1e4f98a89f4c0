//! A request that is refused: a status, a sentence, and whether the browser must forget its session.

use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use guestpass::Refusal;

use super::pages::{Frame, Message, html};
use super::visitor::Visitor;
use super::{cookies, csrf};
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
    /// What stands around the sentence, where it is known who asked.
    pub frame: Option<Frame>,
}

impl Failure {
    /// A refusal with a sentence.
    pub fn new(status: StatusCode, code: &str, message: impl Into<String>) -> Self {
        Self::Refused(Box::new(Refused {
            status,
            code: code.to_owned(),
            message: message.into(),
            forget: false,
            frame: None,
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
    pub fn of_session(problem: impl Into<Problem>) -> Self {
        let problem = problem.into();
        let over = matches!(problem.kind, Kind::Gone | Kind::NotFound);
        let Self::Refused(mut refused) = Self::from(problem) else {
            return Self::broken();
        };
        refused.forget = over;
        Self::Refused(refused)
    }

    /// The same refusal, shown to this visitor among the site's own pages.
    #[must_use]
    pub fn shown_to(mut self, visitor: &Visitor) -> Self {
        if let Self::Refused(refused) = &mut self {
            refused.frame = Some(Frame::of(visitor, "Not allowed"));
        }
        self
    }

    /// The same refusal, shown on this site to whoever comes by this session. Unless it is over, they can leave it.
    #[must_use]
    pub fn shown_on(mut self, site: &str, session: Option<&str>) -> Self {
        if let Self::Refused(refused) = &mut self {
            let kept = session.filter(|_| !refused.forget);
            refused.frame = Some(Frame {
                sign_in: false,
                leave: kept.map(csrf::token),
                ..Frame::public(site, refused.title())
            });
        }
        self
    }

    /// The site has deleted the user behind a session.
    pub fn user_deleted() -> Self {
        Self::Refused(Box::new(Refused {
            status: StatusCode::GONE,
            code: "user-deleted".to_owned(),
            message: "The site has removed you as a user. Ask whoever invited you.".to_owned(),
            forget: true,
            frame: None,
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

impl Refused {
    /// What a page that says this is headed.
    fn title(&self) -> &'static str {
        match self.status {
            _ if self.forget => "Access is over",
            StatusCode::FORBIDDEN => "Not allowed",
            StatusCode::NOT_FOUND => "Not found",
            StatusCode::GONE => "It is over",
            _ => "That did not work",
        }
    }
}

impl From<Refusal> for Failure {
    fn from(refusal: Refusal) -> Self {
        Self::from(Problem::from(refusal))
    }
}

impl From<Problem> for Failure {
    fn from(problem: Problem) -> Self {
        let problem = problem.for_visitors();
        Self::new(problem.kind.status(), &problem.code, problem.message)
    }
}

impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        match self {
            Self::SignInFirst => Redirect::to("/sign-in").into_response(),
            Self::Refused(refused) => {
                let title = refused.title();
                let Refused {
                    status,
                    code,
                    message,
                    forget,
                    frame,
                } = *refused;
                tracing::debug!("refused: {code}");
                let page = html(
                    status,
                    &Message {
                        frame: frame.unwrap_or_else(|| Frame::bare(title)),
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

#[cfg(test)]
mod tests {
    use guestpass::RefusalKind;

    use super::*;

    fn refusal(kind: RefusalKind) -> Refusal {
        Refusal {
            kind,
            code: "storage-failed".to_owned(),
            message: "The site's data cannot be reached: /srv/site/guestpass.db is full."
                .to_owned(),
            field: None,
        }
    }

    fn shown(failure: Failure) -> (StatusCode, String) {
        match failure {
            Failure::Refused(refused) => (refused.status, refused.message),
            Failure::SignInFirst => unreachable!("a refusal says something"),
        }
    }

    #[test]
    fn what_the_operator_must_mend_is_not_shown_to_visitors() {
        for failure in [
            Failure::from(refusal(RefusalKind::Unavailable)),
            Failure::of_session(refusal(RefusalKind::Unavailable)),
        ] {
            let (status, message) = shown(failure);
            assert_eq!(status, StatusCode::SERVICE_UNAVAILABLE);
            assert!(!message.contains("/srv"), "{message}");
        }
        let (_, message) = shown(Failure::from(refusal(RefusalKind::Conflict)));
        assert!(
            message.contains("/srv"),
            "the engine's other sentences are for people"
        );
    }
}
