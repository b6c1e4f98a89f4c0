//! What is kept of a session beside its own record, which stays as history knows it: when it was last seen, and why it is over.

use serde::{Deserialize, Serialize};

use crate::codec::Kept;
use crate::instant::Instant;
use crate::policy::Policy;
use crate::refusal::{Code, Refusal};

/// Why a session is over before its grant is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Over {
    /// It lasted as long as the policy lets one last.
    Length,
    /// Nothing was asked of it for as long as the policy lets one rest.
    Idle,
    /// Somebody who manages the grant ended it.
    Ended,
}

/// What is kept of a session beside its record. Under the same grant and digest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Mark {
    /// When it was last seen, on a site that does not let sessions rest for ever.
    Seen(Instant),
    /// The session is gone, for this reason.
    Over(Over),
}

impl Kept for Mark {}

impl Over {
    /// The word for programs: the setting that says so, or `ended`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Length => "session-length",
            Self::Idle => "session-idle",
            Self::Ended => "ended",
        }
    }

    /// What its holder is told.
    pub(crate) fn refusal(self) -> Refusal {
        let why = match self {
            Self::Length => {
                "This session lasted as long as this site lets one last, so it is over."
            }
            Self::Idle => {
                "Nothing was done in this session for longer than this site allows, so it is over."
            }
            Self::Ended => "This session was ended by somebody who manages your access.",
        };
        Code::SessionEnded.because(format!("{why} Come in again as you did before."))
    }
}

/// Until when a session goes on by itself, and what ends it then. None: as long as its grant.
pub(crate) fn end(policy: &Policy, started: Instant, seen: Instant) -> Option<(Instant, Over)> {
    let length = policy
        .session_length
        .map(|length| (length.after(started), Over::Length));
    let idle = policy
        .session_idle
        .map(|idle| (idle.after(seen), Over::Idle));
    length.into_iter().chain(idle).min_by_key(|(at, _)| *at)
}

/// Whether it is time to note that a session is seen at `now` that was last noted as seen at `seen`: once in an eighth of the
/// time that it may rest, or when the clock went back.
pub(crate) fn worth_noting(policy: &Policy, seen: Instant, now: Instant) -> bool {
    let Some(idle) = policy.session_idle else {
        return false;
    };
    let eighth = idle.after(seen).millis().saturating_sub(seen.millis()) >> 3;
    now < seen || now >= seen.plus_millis(eighth)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::period::Period;

    const MINUTE: u64 = 60_000;

    fn at(minute: u64) -> Instant {
        Instant::from_millis(minute * MINUTE)
    }

    fn policy(length: Option<u32>, idle: Option<u32>) -> Policy {
        Policy {
            session_length: length.map(Period::minutes),
            session_idle: idle.map(Period::minutes),
            ..Policy::default()
        }
    }

    #[test]
    fn the_earlier_of_both_ends_a_session() {
        let end = |length, idle| end(&policy(length, idle), at(0), at(50));
        assert_eq!(end(None, None), None);
        assert_eq!(end(Some(60), None), Some((at(60), Over::Length)));
        assert_eq!(end(None, Some(60)), Some((at(110), Over::Idle)));
        assert_eq!(end(Some(60), Some(5)), Some((at(55), Over::Idle)));
        assert_eq!(end(Some(60), Some(15)), Some((at(60), Over::Length)));
    }

    #[test]
    fn seeing_it_is_noted_once_in_an_eighth_of_the_time() {
        let policy = policy(None, Some(80));
        assert!(!worth_noting(&policy, at(100), at(100)));
        assert!(!worth_noting(&policy, at(100), at(109)));
        assert!(worth_noting(&policy, at(100), at(110)));
        assert!(
            worth_noting(&policy, at(100), at(99)),
            "the clock went back"
        );
        assert!(!worth_noting(&Policy::default(), at(0), at(1_000_000)));
    }
}
