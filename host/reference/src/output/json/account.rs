//! Accounts of others: who may act in them, and coming in.

use serde::Serialize;
use utoipa::ToSchema;

use super::{Grant, Instant};

/// An account in which a user may act.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Membership {
    /// By which grant; none: it is the user's own.
    grant: Option<String>,
    /// Whose account it is.
    account: String,
    /// How that user is called.
    name: String,
    /// The title of the role, or `all permissions`, or `chosen permissions`; none for the own account.
    scope: Option<String>,
    /// Whether it may be entered now: a suspended one may not.
    open: bool,
    /// None: not by itself.
    ends: Option<Instant>,
}

impl From<&guestpass::Membership> for Membership {
    fn from(membership: &guestpass::Membership) -> Self {
        Self {
            grant: membership.grant.clone(),
            account: membership.account.clone(),
            name: membership.name.clone(),
            scope: membership.scope.clone(),
            open: membership.open,
            ends: membership.ends.map(Instant),
        }
    }
}

/// An invitation that was mailed, or should have been. Its link is in the mail and nowhere else.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Invited {
    grant: Grant,
    /// Whether the mail was sent. The invitation is there either way, and can be sent again.
    sent: bool,
}

impl Invited {
    /// This invitation.
    #[must_use]
    pub fn new(grant: &guestpass::Grant, sent: bool) -> Self {
        Self {
            grant: Grant::from(grant),
            sent,
        }
    }
}

/// An invitation was accepted.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Accepted {
    grant: String,
    /// Who may act by it.
    user: String,
    /// Whose account it opens.
    account: String,
    /// None: not by itself.
    ends: Option<Instant>,
}

impl From<&guestpass::Accepted> for Accepted {
    fn from(accepted: &guestpass::Accepted) -> Self {
        Self {
            grant: accepted.grant.clone(),
            user: accepted.user.clone(),
            account: accepted.account.clone(),
            ends: accepted.ends.map(Instant),
        }
    }
}

/// Somebody is in: a document that holds a secret.
#[derive(Serialize, ToSchema)]
pub struct Admission {
    /// The session, shown this once. None in an answer to a request that was sent again.
    session: Option<String>,
    grant: String,
    /// Who acts.
    user: String,
    /// When the grant ends. None: not by itself.
    ends: Option<Instant>,
}

impl Admission {
    /// What is told of this admission, with its session.
    #[must_use]
    pub fn new(admission: guestpass::Admission) -> Self {
        Self {
            grant: admission.grant,
            user: admission.user,
            ends: admission.ends.map(Instant),
            session: Some(admission.session.into_inner()),
        }
    }

    /// The session, for whoever shows it.
    #[must_use]
    pub fn session(&self) -> &str {
        self.session.as_deref().unwrap_or_default()
    }

    /// The same without the secret, for whoever asks again for what was answered.
    #[must_use]
    pub fn without_session(self) -> Self {
        Self {
            session: None,
            ..self
        }
    }
}
