//! How a policy is stored: in either of the two shapes there were.

use serde::{Deserialize, Serialize};

use crate::grant::window::Ending;
use crate::period::Period;
use crate::policy::{FreshBackup, GrantorGone, Policy};

/// The first byte tells the shape. The first one had no name of its own: it began with its ceiling, whose first byte is 0
/// for none and 1 for some, so these two are its variants and every later shape counts on from 2.
#[derive(Serialize, Deserialize)]
pub(super) enum Stored {
    /// The first shape, without a ceiling.
    Free(Period),
    /// The first shape, with one.
    Ceiling(Vec<String>, Period),
    /// The shape that is written.
    Second {
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
    },
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
            Stored::Second {
                ceiling,
                longest_window,
                roles,
                most_uses,
                default_ending,
                default_redirect,
                forbidden_domains,
                allowed_domains,
                fresh_backup,
                grantor_gone,
            } => Self {
                ceiling,
                longest_window,
                roles,
                most_uses,
                default_ending,
                default_redirect,
                forbidden_domains,
                allowed_domains,
                fresh_backup,
                grantor_gone,
            },
        }
    }
}

impl From<Policy> for Stored {
    fn from(policy: Policy) -> Self {
        Self::Second {
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
        }
    }
}
