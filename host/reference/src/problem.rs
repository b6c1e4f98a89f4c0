//! The one error type that reaches a person: what was wrong, what to do, and with which exit code the program ends.

use std::fmt;
use std::path::Path;

use axum::http::StatusCode;
use guestpass::{Refusal, RefusalKind};
use serde::Serialize;

/// How the program ends. One home for the numbers; `guestpass --help` lists them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// The host refused.
    Refused,
    /// The command or a setting is wrong.
    Usage,
    /// The engine found the input wrong.
    Invalid,
    /// Who asks may not do this.
    Forbidden,
    /// There is no such thing.
    NotFound,
    /// The thing is in a state that does not allow this.
    Conflict,
    /// Too many tries.
    Throttled,
    /// It was there and is over.
    Gone,
    /// The database, the disk or the engine could not do it.
    Unavailable,
    /// The port or the data is in use by another program.
    InUse,
    /// There is no site yet.
    NotSetUp,
}

impl Kind {
    /// The exit code of a program that ends with a problem of this kind.
    #[must_use]
    pub const fn exit_code(self) -> u8 {
        match self {
            Self::Refused
            | Self::Forbidden
            | Self::NotFound
            | Self::Conflict
            | Self::Throttled
            | Self::Gone => 1,
            Self::Usage | Self::Invalid => 2,
            Self::Unavailable => 3,
            Self::InUse => 4,
            Self::NotSetUp => 5,
        }
    }

    /// The status of an answer over HTTP, as the contract has it.
    #[must_use]
    pub const fn status(self) -> StatusCode {
        match self {
            Self::Refused | Self::Usage | Self::Invalid => StatusCode::UNPROCESSABLE_ENTITY,
            Self::Forbidden => StatusCode::FORBIDDEN,
            Self::NotFound => StatusCode::NOT_FOUND,
            Self::Conflict => StatusCode::CONFLICT,
            Self::Throttled => StatusCode::TOO_MANY_REQUESTS,
            Self::Gone => StatusCode::GONE,
            Self::Unavailable | Self::InUse | Self::NotSetUp => StatusCode::SERVICE_UNAVAILABLE,
        }
    }
}

/// Something that went wrong, in words for a person. Never holds a secret.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Problem {
    /// What kind of thing went wrong; decides the exit code.
    pub kind: Kind,
    /// A stable word for programs.
    pub code: String,
    /// A whole sentence.
    pub message: String,
    /// The input it concerns, where one is to blame.
    pub field: Option<String>,
}

impl Problem {
    /// A problem of this kind; `message` is a whole sentence.
    pub fn new(kind: Kind, code: &str, message: impl Into<String>) -> Self {
        Self {
            kind,
            code: code.to_owned(),
            message: message.into(),
            field: None,
        }
    }

    /// A wrong input.
    pub fn usage(code: &str, message: impl Into<String>) -> Self {
        Self::new(Kind::Usage, code, message)
    }

    /// A refusal by the host itself.
    pub fn refused(code: &str, message: impl Into<String>) -> Self {
        Self::new(Kind::Refused, code, message)
    }

    /// Something that could not be done now.
    pub fn unavailable(code: &str, message: impl Into<String>) -> Self {
        Self::new(Kind::Unavailable, code, message)
    }

    /// The same problem, blamed on this input.
    #[must_use]
    pub fn at(mut self, field: &str) -> Self {
        self.field = Some(field.to_owned());
        self
    }

    /// The same problem as it may be told over HTTP. What the operator must mend is told to the operator: the sentence may
    /// name files.
    #[must_use]
    pub fn for_visitors(self) -> Self {
        if self.kind.status() != StatusCode::SERVICE_UNAVAILABLE {
            return self;
        }
        tracing::error!("{self}");
        // Nor is it known each time how far it came.
        let message = "The site cannot do this right now. If you were changing something, look whether it was changed \
                       before you try again.";
        Self {
            message: message.to_owned(),
            field: None,
            ..self
        }
    }

    /// This site was never set up in this directory.
    #[must_use]
    pub fn no_such_site(site: &str, directory: &Path) -> Self {
        Self::new(
            Kind::NotSetUp,
            "unknown-site",
            format!(
                "There is no site `{site}` in {} yet. Run `guestpass serve` or `guestpass init` to create it, or name another directory with `--data`.",
                directory.display()
            ),
        )
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Problem {}

impl From<Refusal> for Problem {
    fn from(refusal: Refusal) -> Self {
        let kind = match refusal.kind {
            RefusalKind::Invalid => Kind::Invalid,
            RefusalKind::Forbidden => Kind::Forbidden,
            RefusalKind::NotFound => Kind::NotFound,
            RefusalKind::Conflict => Kind::Conflict,
            RefusalKind::Throttled => Kind::Throttled,
            RefusalKind::Gone => Kind::Gone,
            RefusalKind::Unavailable => Kind::Unavailable,
        };
        Self {
            kind,
            code: refusal.code,
            message: refusal.message,
            field: refusal.field,
        }
    }
}
