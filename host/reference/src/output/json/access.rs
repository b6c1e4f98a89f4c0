//! What a grant gives, why, and when that ends.

use serde::Serialize;
use utoipa::ToSchema;

use super::{Instant, Withheld};

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

/// Every limit on the end of a grant. Those that do not concern it are left out.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct EndExplanation {
    /// When it ends as things stand, or did. None: never by itself.
    ends: Option<Instant>,
    /// Which limit gives that.
    ends_bound_by: String,
    limits: Vec<EndLimit>,
}

/// One limit on the end of a grant.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct EndLimit {
    /// `state`, `window`, `first-use`, `use-within`, `longest-window`, `plugin`, `grantor`, `session-length` or
    /// `session-idle`. New ones may come.
    name: String,
    /// When it ends access, if that is known now.
    at: Option<Instant>,
    /// Whether access ends, or is stopped now, because of it.
    binds: bool,
    /// What it says, and who could change it.
    message: String,
}

/// All that a grant gives.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Power {
    /// Whether it gives that now: it is open, not suspended, and the site is not deactivated.
    now: bool,
    /// In ascending order.
    permissions: Vec<String>,
    /// What its scope names and it does not give.
    withheld: Vec<Withheld>,
}

/// A session of a grant that goes on.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct RunningSession {
    /// What history calls it. Not a secret.
    name: String,
    user: String,
    started: Instant,
    /// When it was last seen, where the policy limits how long a session may rest.
    last_seen: Option<Instant>,
    /// The client address it began from.
    address: Option<String>,
    /// What the client called itself.
    agent: Option<String>,
    /// When a limit of the policy ends it, if that is before its grant ends.
    ends: Option<Instant>,
}

impl From<&guestpass::EndExplanation> for EndExplanation {
    fn from(explanation: &guestpass::EndExplanation) -> Self {
        let limits = explanation.limits.iter().map(|limit| EndLimit {
            name: limit.name.clone(),
            at: limit.at.map(Instant),
            binds: limit.binds,
            message: limit.message.clone(),
        });
        Self {
            ends: explanation.ends.map(Instant),
            ends_bound_by: explanation.ends_bound_by.clone(),
            limits: limits.collect(),
        }
    }
}

impl From<&guestpass::Power> for Power {
    fn from(power: &guestpass::Power) -> Self {
        Self {
            now: power.now,
            permissions: power.permissions.iter().map(str::to_owned).collect(),
            withheld: power.withheld.iter().map(Withheld::from).collect(),
        }
    }
}

impl From<&guestpass::RunningSession> for RunningSession {
    fn from(session: &guestpass::RunningSession) -> Self {
        Self {
            name: session.name.clone(),
            user: session.user.clone(),
            started: Instant(session.started),
            last_seen: session.last_seen.map(Instant),
            address: session.origin.address.clone(),
            agent: session.origin.agent.clone(),
            ends: session.ends.map(Instant),
        }
    }
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
