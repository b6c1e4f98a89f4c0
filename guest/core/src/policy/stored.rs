//! How a policy is stored: in any of the four shapes there were.

use serde::{Deserialize, Serialize};

use crate::grant::kind::Kind;
use crate::grant::window::Ending;
use crate::instant::Instant;
use crate::period::Period;
use crate::policy::{FreshBackup, GrantorGone, Policy};
use crate::throttle::limits::Limits;

/// The first byte tells the shape. The first one had no name of its own: it began with its ceiling, whose first byte is 0
/// for none and 1 for some, so these two are its variants and every later shape counts on from 2.
#[derive(Serialize, Deserialize)]
pub(super) enum Stored {
    /// The first shape, without a ceiling.
    Free(Period),
    /// The first shape, with one.
    Ceiling(Vec<String>, Period),
    /// The second shape.
    Second(Second),
    /// The third shape.
    Third(Second, Since),
    /// The shape that is written: the third, and whether invitations may be endless, which they all might before.
    Fourth(Second, Since, bool),
}

/// All of the second shape, and the beginning of the third.
#[derive(Serialize, Deserialize)]
pub(super) struct Second {
    ceiling: Option<Vec<String>>,
    longest_window: Period,
    roles: Option<Vec<String>>,
    most_uses: Option<u32>,
    default_ending: Ending,
    default_redirect: Option<String>,
    forbidden_domains: Vec<String>,
    allowed_domains: Option<Vec<String>>,
    fresh_backup: Option<FreshBackup>,
    grantor_gone: GrantorGone,
}

/// What the third shape has beyond the second.
#[derive(Serialize, Deserialize)]
pub(super) struct Since {
    kinds: Option<Vec<Kind>>,
    session_length: Option<Period>,
    session_idle: Option<Period>,
    retire_after: Option<Period>,
    lockout: Limits,
    deactivated: Option<Instant>,
}

impl From<Second> for Policy {
    fn from(second: Second) -> Self {
        Self {
            ceiling: second.ceiling,
            longest_window: second.longest_window,
            roles: second.roles,
            most_uses: second.most_uses,
            default_ending: second.default_ending,
            default_redirect: second.default_redirect,
            forbidden_domains: second.forbidden_domains,
            allowed_domains: second.allowed_domains,
            fresh_backup: second.fresh_backup,
            grantor_gone: second.grantor_gone,
            ..Self::default()
        }
    }
}

impl From<Stored> for Policy {
    fn from(stored: Stored) -> Self {
        let first = |ceiling, longest_window| Self {
            ceiling,
            longest_window,
            ..Self::default()
        };
        match stored {
            Stored::Free(longest) => first(None, longest),
            Stored::Ceiling(names, longest) => first(Some(names), longest),
            Stored::Second(second) => second.into(),
            Stored::Third(second, since) => Stored::Fourth(second, since, true).into(),
            Stored::Fourth(second, since, endless_invitations) => Self {
                endless_invitations,
                kinds: since.kinds,
                session_length: since.session_length,
                session_idle: since.session_idle,
                retire_after: since.retire_after,
                lockout: since.lockout,
                deactivated: since.deactivated,
                ..second.into()
            },
        }
    }
}

impl From<Policy> for Stored {
    fn from(policy: Policy) -> Self {
        Self::Fourth(
            Second {
                ceiling: policy.ceiling,
                longest_window: policy.longest_window,
                roles: policy.roles,
                most_uses: policy.most_uses,
                default_ending: policy.default_ending,
                default_redirect: policy.default_redirect,
                forbidden_domains: policy.forbidden_domains,
                allowed_domains: policy.allowed_domains,
                fresh_backup: policy.fresh_backup,
                grantor_gone: policy.grantor_gone,
            },
            Since {
                kinds: policy.kinds,
                session_length: policy.session_length,
                session_idle: policy.session_idle,
                retire_after: policy.retire_after,
                lockout: policy.lockout,
                deactivated: policy.deactivated,
            },
            policy.endless_invitations,
        )
    }
}
