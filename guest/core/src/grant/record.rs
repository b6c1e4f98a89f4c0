//! A grant as it is kept.

use serde::{Deserialize, Serialize};

use crate::codec::Kept;
use crate::entry::digest::Digest;
use crate::grant::id::GrantId;
use crate::grant::kind::Kind;
use crate::grant::scope::Scope;
use crate::grant::state::{Event, Open, Reason, State};
use crate::grant::term::{End, Term};
use crate::instant::Instant;
use crate::keys::{Key, Keys};
use crate::ports::ContentDecision;
use crate::refusal::{Code, Refusal};

/// The person who is given access.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Guest {
    /// The address.
    pub email: String,
    /// Given name.
    pub first_name: Option<String>,
    /// Family name.
    pub last_name: Option<String>,
    /// Language tag.
    pub locale: Option<String>,
}

/// Half-done creations of users older than this are undone by the sweep.
const PATIENCE_MILLIS: u64 = 5 * 60 * 1_000;

/// A grant as it is kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Grant {
    /// Its name.
    pub id: GrantId,
    /// Whose power it hands out.
    pub grantor: String,
    /// To whom.
    pub guest: Guest,
    /// What.
    pub scope: Scope,
    /// When.
    pub term: Term,
    /// How often the link may be redeemed, or the guest sign in.
    pub uses_allowed: Option<u32>,
    /// Where to go after signing in.
    pub redirect: Option<String>,
    /// For the owner's eyes.
    pub note: Option<String>,
    /// When it was made.
    pub created: Instant,
    /// Where it stands.
    pub state: State,
    /// SHA-256 of the link's secret; [`Digest::OF_NOTHING`] where there is none.
    pub secret: Digest,
    /// How often the secret was replaced. A session of an earlier secret is over.
    pub issue: u32,
    /// When it was first redeemed.
    pub first_used: Option<Instant>,
    /// When it was last redeemed.
    pub last_used: Option<Instant>,
    /// How often the present link was redeemed, or the guest signed in by the present password.
    pub uses: u32,
    /// The host's user.
    pub user: Option<String>,
    /// Since when a user may exist at the host that this grant does not hold yet.
    pub loose_since: Option<Instant>,
    /// How somebody comes to hold it.
    pub kind: Kind,
    /// The name that the user signs in by, where the grant made one that does.
    pub login: Option<String>,
    /// The guest's web site.
    pub website: Option<String>,
    /// What the grantor wrote to the invited person.
    pub message: Option<String>,
    /// Its user was there before the grant and stays when it goes.
    pub borrowed: bool,
    /// When the user of an ended grant is to be retired.
    pub retire_at: Option<Instant>,
    /// What becomes of the user's content, once that is decided.
    pub content: Option<ContentDecision>,
}

impl Kept for Grant {
    /// Format 1 knew links only, and nothing of all that follows `loose_since`.
    const GREW: &'static [&'static [u8]] = &[&[0; 7]];
}

impl Grant {
    /// The end as things stand.
    #[must_use]
    pub fn end(&self) -> Option<End> {
        self.term.end(self.first_used.is_some())
    }

    /// Whether its time is over, although nobody may have recorded that yet.
    #[must_use]
    pub fn is_over(&self, now: Instant) -> bool {
        self.end().is_some_and(|(end, _)| now >= end)
    }

    /// Lets this happen to it.
    ///
    /// # Errors
    /// A refusal that says what stands in the way, to those who manage the grant.
    pub fn apply(&mut self, event: Event) -> Result<(), Refusal> {
        let next = self.state.on(event);
        self.state = next.map_err(|code| match code {
            Code::GrantEnded => code.because(self.ended_for_owners()),
            _ => self.refusal(code),
        })?;
        Ok(())
    }

    /// Whether it may be used at this moment. Time is asked first: what is over is over, suspended or not.
    ///
    /// # Errors
    /// What its guest is told: [`Code::GrantEnded`], [`Code::GrantSuspended`], [`Code::LinkNotOpenYet`]
    pub fn usable(&self, now: Instant) -> Result<(), Refusal> {
        match self.state {
            State::Ended(..) | State::Retired(..) => Err(self.refusal(Code::GrantEnded)),
            _ if self.is_over(now) => Err(self.refusal(Code::GrantEnded)),
            State::Suspended(_) => Err(self.refusal(Code::GrantSuspended)),
            State::Open(_) if now < self.term.opens() => Err(self.refusal(Code::LinkNotOpenYet)),
            State::Open(_) => Ok(()),
        }
    }

    /// When something is to be done for it: to record that it expired, to clear up a user left half-made, and only then to
    /// retire the user that it holds.
    #[must_use]
    pub fn due(&self) -> Option<Instant> {
        let loose = self
            .loose_since
            .map(|since| since.plus_millis(PATIENCE_MILLIS));
        match self.state {
            State::Open(_) | State::Suspended(_) => {
                loose.into_iter().chain(self.end().map(|(at, _)| at)).min()
            }
            State::Ended(..) => loose.or(self.retire_at),
            State::Retired(..) => loose,
        }
    }

    /// Whether it is time to retire its user, and nothing else is to be done first.
    #[must_use]
    pub fn is_to_retire(&self, now: Instant) -> bool {
        let ended = matches!(self.state, State::Ended(..)) && self.loose_since.is_none();
        ended && self.retire_at.is_some_and(|at| now >= at)
    }

    /// Whether it is decided that its user goes: nobody comes back as that one.
    #[must_use]
    pub fn is_retiring(&self) -> bool {
        matches!(self.state, State::Ended(..)) && self.content.is_some()
    }

    /// The user who may act by it: whoever accepted this invitation, until it is over.
    #[must_use]
    pub fn member(&self) -> Option<&str> {
        let may = self.kind == Kind::Invitation && !self.state.is_ended();
        self.user.as_deref().filter(|_| may)
    }

    /// Where it is found beside its own key: by who made it, when something is due, and by who may act by it. Written in
    /// the commit that changes any of it.
    #[must_use]
    pub fn places(&self, keys: Keys<'_>) -> Vec<Key> {
        let made = keys.made_by(&self.grantor, self.state.is_ended(), self.id);
        let due = self.due().map(|at| keys.due(at, self.id));
        let member = self.member().map(|user| keys.member(user, self.id));
        [Some(made), due, member].into_iter().flatten().collect()
    }

    /// Which secret live sessions of this grant were begun with; none while it is suspended and once it is over.
    #[must_use]
    pub fn sessions_of(&self) -> Option<u32> {
        matches!(self.state, State::Open(_)).then_some(self.issue)
    }

    /// Whether a user was left half-made long enough ago that nobody is still at it.
    #[must_use]
    pub fn left_half_made(&self, now: Instant) -> bool {
        self.loose_since
            .is_some_and(|since| now >= since.plus_millis(PATIENCE_MILLIS))
    }

    /// The user that was made for it, or for an earlier one of the same guest: marked as a guest by a key of its own. Who was
    /// there before is no guest.
    #[must_use]
    pub fn own_user(&self) -> Option<&String> {
        self.user.as_ref().filter(|_| !self.borrowed)
    }

    /// Whether the creation of its user is under way.
    #[must_use]
    pub fn is_provisioning(&self) -> bool {
        matches!(
            self.state,
            State::Open(Open::Provisioning) | State::Suspended(Open::Provisioning)
        )
    }

    fn refusal(&self, code: Code) -> Refusal {
        code.because(match code {
            Code::GrantEnded => self.ending_sentence(),
            Code::GrantSuspended => {
                "This access is suspended for now. Ask the person who gave it to you.".to_owned()
            }
            Code::LinkNotOpenYet => format!(
                "This access opens at {}. Come back then.",
                self.term.opens()
            ),
            Code::AlreadySuspended => "This grant is suspended already.".to_owned(),
            Code::NotSuspended => "This grant is not suspended.".to_owned(),
            _ => format!(
                "That cannot be done while the grant is {}.",
                self.state.as_str()
            ),
        })
    }

    fn ended_for_owners(&self) -> String {
        let how = match (self.state.ended(), self.end()) {
            (Some((Reason::Expired, _)), Some((end, bound))) => {
                format!("at {end} (bound by {})", bound.as_str())
            }
            (Some((reason, at)), _) => format!("at {at} ({})", reason.as_str()),
            _ => "before".to_owned(),
        };
        format!("This grant ended {how}, for good. Make a new one to give access again.")
    }

    fn ending_sentence(&self) -> String {
        let ask = "Ask the person who gave it to you if you still need it.";
        match (self.state.ended(), self.end()) {
            (Some((Reason::Revoked, at)), _) => {
                format!("This access was taken back at {at}. {ask}")
            }
            (Some((Reason::Declined, at)), _) => {
                format!("This invitation was declined at {at}. {ask}")
            }
            (Some((Reason::Abandoned, _)), _) => {
                format!("This access never came to be: its user could not be made. {ask}")
            }
            (Some((Reason::GrantorGone, _)), _) => "This access ended because the person who gave it to you is no longer with this site. Ask somebody else there if you still need it.".to_owned(),
            (_, Some((end, _))) => format!("This access ended at {end}. {ask}"),
            _ => format!("This access has ended. {ask}"),
        }
    }
}
