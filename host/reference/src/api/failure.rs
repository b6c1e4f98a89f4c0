//! A request that is refused: a status, a word for programs and a sentence for people, as a problem document (RFC 9457).

use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use guestpass::Refusal;
use serde::Serialize;
use serde_json::json;
use utoipa::ToSchema;

use super::answer::Answer;
use super::page;
use crate::problem::Problem;
use crate::secret;

/// The statuses of refusals and what each says. The titles of problem documents and the description of the API both come
/// from here.
pub const STATUSES: [(StatusCode, &str); 14] = [
    (StatusCode::BAD_REQUEST, "The request is malformed."),
    (StatusCode::UNAUTHORIZED, "This needs a valid key."),
    (
        StatusCode::FORBIDDEN,
        "The key or its user may not do this.",
    ),
    (StatusCode::NOT_FOUND, "There is no such thing."),
    (StatusCode::METHOD_NOT_ALLOWED, "This cannot be asked so."),
    (
        StatusCode::REQUEST_TIMEOUT,
        "The request took too long to arrive.",
    ),
    (StatusCode::CONFLICT, "It does not fit how things stand."),
    (StatusCode::GONE, "It was there and is over."),
    (StatusCode::PAYLOAD_TOO_LARGE, "The request is too large."),
    (
        StatusCode::UNSUPPORTED_MEDIA_TYPE,
        "The request is not JSON.",
    ),
    (StatusCode::UNPROCESSABLE_ENTITY, "The input is refused."),
    (StatusCode::TOO_MANY_REQUESTS, "There were too many tries."),
    (StatusCode::INTERNAL_SERVER_ERROR, "Something broke."),
    (
        StatusCode::SERVICE_UNAVAILABLE,
        "The site cannot do this right now.",
    ),
];

/// Why a request was refused.
#[derive(Serialize, ToSchema)]
#[schema(as = Problem)]
pub struct Document {
    /// `urn:guestpass:problem:` and the code.
    #[serde(rename = "type")]
    #[schema(format = "uri")]
    kind: String,
    /// What the status says.
    title: &'static str,
    /// The status of the answer.
    #[schema(minimum = 400, maximum = 599)]
    status: u16,
    /// For people: what was wrong and what to do.
    detail: String,
    /// A name of this occurrence; the site's log has it.
    #[schema(format = "uri")]
    instance: Option<String>,
    /// For programs: a stable word.
    code: String,
    /// The input it concerns, where one is to blame.
    field: Option<String>,
}

/// What the engine says when others are changing the same thing at that moment, and nothing was changed.
const CONTENDED: &str = "contended";

/// Why there is no other answer.
#[derive(Debug)]
pub struct Failure {
    status: StatusCode,
    problem: Box<Told>,
    headers: Vec<(HeaderName, HeaderValue)>,
}

#[derive(Debug)]
struct Told {
    code: String,
    message: String,
    field: Option<String>,
}

impl Failure {
    /// A refusal with a sentence.
    pub fn new(status: StatusCode, code: &str, message: impl Into<String>) -> Self {
        Self {
            status,
            problem: Box::new(Told {
                code: code.to_owned(),
                message: message.into(),
                field: None,
            }),
            headers: Vec::new(),
        }
    }

    /// A request that is not of the form that was described.
    pub fn malformed(code: &str, message: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, code, message)
    }

    /// There is no such address. Says where those there are can be found.
    pub async fn no_such_resource() -> Self {
        Self::new(
            StatusCode::NOT_FOUND,
            "no-such-resource",
            "There is nothing at this address. What there is stands in /api/v1/openapi.json.",
        )
    }

    /// There is such an address, but it is not asked by this method. The header `Allow` is the router's.
    pub async fn no_such_method() -> Self {
        Self::new(
            StatusCode::METHOD_NOT_ALLOWED,
            "no-such-method",
            "This address is not asked by this method. Those it is asked by stand in the header `Allow`.",
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

    /// The same refusal, blamed on this input.
    #[must_use]
    pub fn at(mut self, field: &str) -> Self {
        self.problem.field = Some(field.to_owned());
        self
    }

    /// The same refusal with this header.
    #[must_use]
    pub fn with(mut self, name: HeaderName, value: HeaderValue) -> Self {
        self.headers.push((name, value));
        self
    }

    /// Whether asking again later may be answered otherwise although nothing else was changed.
    pub fn is_passing(&self) -> bool {
        self.status.is_server_error()
            || self.status == StatusCode::TOO_MANY_REQUESTS
            || self.problem.code == CONTENDED
    }

    /// The problem document, and a line in the log that has its name.
    pub fn answer(self) -> Answer {
        let Told {
            code,
            message,
            field,
        } = *self.problem;
        // Nothing else depends on the name, so a machine without randomness only does without.
        let instance = secret::new_id()
            .ok()
            .map(|id| format!("urn:guestpass:occurrence:{id}"));
        tracing::info!(
            "refused with {code}, {}",
            instance.as_deref().unwrap_or("nameless")
        );
        let title = STATUSES
            .iter()
            .find(|(status, _)| *status == self.status)
            .map_or("", |(_, title)| title);
        let document = Document {
            kind: format!("urn:guestpass:problem:{code}"),
            title,
            status: self.status.as_u16(),
            detail: message,
            instance,
            code,
            field,
        };
        self.headers.into_iter().fold(
            Answer::new(self.status, json!(document)),
            |answer, (name, value)| answer.with(name, value),
        )
    }
}

impl From<Problem> for Failure {
    fn from(problem: Problem) -> Self {
        let problem = problem.for_visitors();
        let failure = Self::new(problem.kind.status(), &problem.code, problem.message);
        let failure = match &problem.field {
            Some(field) => failure.at(field),
            None => failure,
        };
        if problem.code == "locked-out" {
            // No lock lasts longer, and none is worth asking for more often.
            return failure.with(header::RETRY_AFTER, HeaderValue::from_static("60"));
        }
        failure
    }
}

impl From<Refusal> for Failure {
    fn from(refusal: Refusal) -> Self {
        // Where a page begins is its `cursor` here.
        if refusal.field.as_deref() == Some("start") {
            return page::no_such_page();
        }
        Self::from(Problem::from(refusal))
    }
}

impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        self.answer().into_response()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::problem::Kind;

    #[test]
    fn every_kind_of_problem_has_a_title() {
        for kind in [
            Kind::Refused,
            Kind::Usage,
            Kind::Invalid,
            Kind::Forbidden,
            Kind::NotFound,
            Kind::Conflict,
            Kind::Throttled,
            Kind::Gone,
            Kind::Unavailable,
            Kind::InUse,
            Kind::NotSetUp,
        ] {
            let known = STATUSES.iter().any(|(status, _)| *status == kind.status());
            assert!(known, "{kind:?}");
        }
    }

    #[test]
    fn p06_who_came_in_between_others_is_not_refused_for_a_day() {
        let contended = Problem::new(Kind::Conflict, "contended", "Others are at it. Try again.");
        assert!(Failure::from(contended).is_passing());
        let settled = Problem::new(Kind::Conflict, "guest-has-access", "They have access.");
        assert!(!Failure::from(settled).is_passing());
    }

    #[test]
    fn what_the_operator_must_mend_is_not_told_to_programs() {
        let problem = Problem::unavailable("disk-full", "The disk of /srv is full.").at("/srv");
        let answer = Failure::from(problem).answer();
        assert!(!answer.text().contains("/srv"), "{}", answer.text());
        assert!(answer.text().contains("disk-full"));
    }
}
