//! Why a permission is given or not, and in whose accounts a user may act.

use serde::Serialize;
use utoipa::ToSchema;

use super::Instant;

/// Why a permission is given or not: it is given if every limit allows it.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Explanation {
    permission: String,
    allowed: bool,
    limits: Vec<Limit>,
}

/// One limit on a permission.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Limit {
    /// `state`, `window`, `scope`, `grantor`, `ceiling`, `reserved` or `plugin`. New ones may come.
    name: String,
    allows: bool,
    /// Why, and who could change it.
    message: String,
}

impl From<&guestpass::Explanation> for Explanation {
    fn from(explanation: &guestpass::Explanation) -> Self {
        let limits = explanation.limits.iter().map(|limit| Limit {
            name: limit.name.clone(),
            allows: limit.allows,
            message: limit.message.clone(),
        });
        Self {
            permission: explanation.permission.clone(),
            allowed: explanation.allowed,
            limits: limits.collect(),
        }
    }
}

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
