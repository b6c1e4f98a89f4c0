//! What is written into history of a decision.

use crate::history::record::{Action, Details};

/// What a history record says beside its place in the chain.
#[derive(Clone, Debug)]
pub struct Note<'a> {
    /// What was done.
    pub action: Action,
    /// By whom; none: the engine.
    pub actor: Option<&'a str>,
    /// To whom; none: to the grant's user, if it has one.
    pub subject: Option<&'a str>,
    /// What else is known. Never a secret.
    pub details: Details,
}

impl<'a> Note<'a> {
    /// Done by this user.
    #[must_use]
    pub fn by(actor: &'a str, action: Action) -> Self {
        Self {
            action,
            actor: Some(actor),
            subject: None,
            details: Details::new(),
        }
    }

    /// Done by the engine itself.
    #[must_use]
    pub fn by_engine(action: Action) -> Self {
        Self {
            action,
            actor: None,
            subject: None,
            details: Details::new(),
        }
    }

    /// Done to this user.
    #[must_use]
    pub fn to(self, subject: &'a str) -> Self {
        Self {
            subject: Some(subject),
            ..self
        }
    }

    /// Adds a detail.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl Into<String>) -> Self {
        self.details.push((name.to_owned(), value.into()));
        self
    }

    /// Adds a detail, if there is one.
    #[must_use]
    pub fn with_some(self, name: &str, value: Option<String>) -> Self {
        match value {
            Some(value) => self.with(name, value),
            None => self,
        }
    }
}
