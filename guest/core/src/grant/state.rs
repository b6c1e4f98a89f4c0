//! The life of a grant: every state, every event, and the one table of what leads where.

use serde::{Deserialize, Serialize};

use crate::instant::Instant;
use crate::refusal::Code;

/// A state in which a grant can be used, or could if it were not suspended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Open {
    /// Not used yet.
    Ready,
    /// Its user is being made: at the first use of a link, at once where there is a password.
    Provisioning,
    /// Used.
    Active,
}

/// Why a grant ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Reason {
    /// Its time was over.
    Expired,
    /// Somebody took it back.
    Revoked,
    /// Whoever gave it is no user of the site any more, and the policy ends such grants.
    GrantorGone,
    /// The invited person did not want it.
    Declined,
    /// Its user could not be made.
    Abandoned,
}

impl Reason {
    /// The word for programs.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Expired => "expired",
            Self::Revoked => "revoked",
            Self::GrantorGone => "grantor-gone",
            Self::Declined => "declined",
            Self::Abandoned => "abandoned",
        }
    }
}

/// Where a grant stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum State {
    /// It can be used while its window is open.
    Open(Open),
    /// It gives nothing until it is resumed to what it was.
    Suspended(Open),
    /// It is over for good, since then.
    Ended(Reason, Instant),
    /// It is over since then, and nothing is left of its user.
    Retired(Reason, Instant),
}

impl State {
    /// Whether it is over.
    #[must_use]
    pub const fn is_ended(self) -> bool {
        self.ended().is_some()
    }

    /// Why it is over, and since when.
    #[must_use]
    pub const fn ended(self) -> Option<(Reason, Instant)> {
        match self {
            Self::Ended(reason, at) | Self::Retired(reason, at) => Some((reason, at)),
            Self::Open(_) | Self::Suspended(_) => None,
        }
    }

    /// The words of all states.
    pub const WORDS: [&str; 6] = [
        "ready",
        "provisioning",
        "active",
        "suspended",
        "ended",
        "retired",
    ];

    /// The word for programs.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Open(Open::Ready) => "ready",
            Self::Open(Open::Provisioning) => "provisioning",
            Self::Open(Open::Active) => "active",
            Self::Suspended(_) => "suspended",
            Self::Ended(..) => "ended",
            Self::Retired(..) => "retired",
        }
    }
}

/// What can happen to a grant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Event {
    /// A first redemption starts: the user is about to be created.
    Provision,
    /// A redemption or sign-in is done: a session begins.
    Use,
    /// Its user was made before anybody used it.
    Provisioned,
    /// A first redemption was left half-done and is undone.
    Undo,
    /// The owner stops it for now.
    Suspend,
    /// The owner lets it go on.
    Resume,
    /// The owner changes its window or its secret.
    Change,
    /// It is over, since then.
    End(Reason, Instant),
    /// What was left of its user is cleared up.
    Retire,
}

impl State {
    /// Where this event leads.
    ///
    /// # Errors
    /// The code of the refusal, if it is not possible in this state.
    pub const fn on(self, event: Event) -> Result<Self, Code> {
        match (self, event) {
            // Ending twice is no error: the first reason stays.
            (Self::Ended(..), Event::End(..))
            | (Self::Retired(..), Event::End(..) | Event::Retire) => Ok(self),
            (Self::Ended(reason, at), Event::Retire) => Ok(Self::Retired(reason, at)),
            (Self::Ended(..) | Self::Retired(..), _) => Err(Code::GrantEnded),
            (_, Event::End(reason, at)) => Ok(Self::Ended(reason, at)),
            (_, Event::Retire) => Err(Code::WrongState),
            (_, Event::Change) => Ok(self),

            (Self::Open(Open::Ready | Open::Provisioning), Event::Provision) => {
                Ok(Self::Open(Open::Provisioning))
            }
            (Self::Open(Open::Active), Event::Provision) => Err(Code::WrongState),
            // From `Ready` too: a guest who comes back has a user already.
            (Self::Open(_), Event::Use) => Ok(Self::Open(Open::Active)),
            (Self::Open(Open::Provisioning), Event::Provisioned | Event::Undo) => {
                Ok(Self::Open(Open::Ready))
            }
            (Self::Open(was), Event::Suspend) => Ok(Self::Suspended(was)),
            (Self::Open(_), Event::Resume) => Err(Code::NotSuspended),

            (Self::Suspended(_), Event::Provision | Event::Use) => Err(Code::GrantSuspended),
            // Its user is made whether or not it may be used yet.
            (Self::Suspended(Open::Provisioning), Event::Provisioned | Event::Undo) => {
                Ok(Self::Suspended(Open::Ready))
            }
            (Self::Suspended(_), Event::Suspend) => Err(Code::AlreadySuspended),
            (Self::Suspended(was), Event::Resume) => Ok(Self::Open(was)),

            (
                Self::Open(Open::Ready | Open::Active)
                | Self::Suspended(Open::Ready | Open::Active),
                Event::Provisioned | Event::Undo,
            ) => Err(Code::WrongState),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use Code::{AlreadySuspended, GrantEnded, GrantSuspended, NotSuspended, WrongState};
    use Open::{Active, Provisioning, Ready};
    use Reason::{Declined, Expired, Revoked};
    use State::{Ended, Open as O, Retired, Suspended as S};

    const NOW: Instant = Instant::from_millis(1);

    /// Every cell: a row a state, a column an event in the order of `EVENTS`.
    #[test]
    fn every_cell_of_the_table() {
        const EVENTS: [Event; 11] = [
            Event::Provision,
            Event::Use,
            Event::Provisioned,
            Event::Undo,
            Event::Suspend,
            Event::Resume,
            Event::Change,
            Event::End(Expired, NOW),
            Event::End(Revoked, NOW),
            Event::End(Declined, NOW),
            Event::Retire,
        ];
        let (x, r) = (Ok(Ended(Expired, NOW)), Ok(Ended(Revoked, NOW)));
        let d = Ok(Ended(Declined, NOW));
        let (rx, rr) = (Ok(Retired(Expired, NOW)), Ok(Retired(Revoked, NOW)));
        let rd = Ok(Retired(Declined, NOW));
        let gone = Err(GrantEnded);
        let wrong = Err(WrongState);
        let stopped = Err(GrantSuspended);
        let twice = Err(AlreadySuspended);
        let runs = Err(NotSuspended);
        #[rustfmt::skip]
        let table = [
            //                 Provision             Use             Provisioned   Undo          Suspend              Resume                Change                Expired Revoked Declined Retire
            (O(Ready),        [Ok(O(Provisioning)), Ok(O(Active)), wrong,        wrong,        Ok(S(Ready)),        runs,                 Ok(O(Ready)),         x, r, d, wrong]),
            (O(Provisioning), [Ok(O(Provisioning)), Ok(O(Active)), Ok(O(Ready)), Ok(O(Ready)), Ok(S(Provisioning)), runs,                 Ok(O(Provisioning)),  x, r, d, wrong]),
            (O(Active),       [wrong,               Ok(O(Active)), wrong,        wrong,        Ok(S(Active)),       runs,                 Ok(O(Active)),        x, r, d, wrong]),
            (S(Ready),        [stopped,             stopped,       wrong,        wrong,        twice,               Ok(O(Ready)),         Ok(S(Ready)),         x, r, d, wrong]),
            (S(Provisioning), [stopped,             stopped,       Ok(S(Ready)), Ok(S(Ready)), twice,               Ok(O(Provisioning)),  Ok(S(Provisioning)),  x, r, d, wrong]),
            (S(Active),       [stopped,             stopped,       wrong,        wrong,        twice,               Ok(O(Active)),        Ok(S(Active)),        x, r, d, wrong]),
            (Ended(Expired, NOW),  [gone,            gone,          gone,         gone,         gone,                gone,                 gone,                 x, x, x, rx]),
            (Ended(Revoked, NOW),  [gone,            gone,          gone,         gone,         gone,                gone,                 gone,                 r, r, r, rr]),
            (Ended(Declined, NOW), [gone,            gone,          gone,         gone,         gone,                gone,                 gone,                 d, d, d, rd]),
            (Retired(Expired, NOW), [gone,           gone,          gone,         gone,         gone,                gone,                 gone,                 rx, rx, rx, rx]),
        ];
        for (state, row) in table {
            assert!(State::WORDS.contains(&state.as_str()), "{state:?}");
            for (event, expected) in EVENTS.into_iter().zip(row) {
                assert_eq!(state.on(event), expected, "{state:?} on {event:?}");
            }
        }
    }
}
