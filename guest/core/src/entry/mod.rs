//! Coming in by a link or a password, and leaving.

pub mod admission;
pub mod digest;
pub mod inspect;
pub mod mark;
pub mod password;
pub mod redeem;
mod resting;
pub mod session;
pub mod sessions;
pub mod sign_in;
pub mod token;

use crate::engine::Engine;
use crate::entry::token::Presented;
use crate::grant::Grant;
use crate::grant::kind::Kind;
use crate::names::{Origin, SiteId};
use crate::refusal::{Code, Refusal};
use crate::transaction::Loaded;

impl Engine<'_> {
    /// Does something with the token of a link or an invitation that somebody shows. One that opens nothing is counted.
    ///
    /// # Errors
    /// [`Code::LinkNotValid`] for strangers; [`Code::LockedOut`] for everybody while too many of them try; what `then` refuses.
    pub(crate) fn shown<T>(
        &self,
        kind: token::Kind,
        site: &SiteId,
        token: &str,
        origin: &Origin,
        then: impl FnOnce(&Presented) -> Result<T, Refusal>,
    ) -> Result<T, Refusal> {
        let shown = token::present(kind, token).ok_or_else(link_not_valid)?;
        self.not_locked_out(site, shown.grant, Some(origin))?;
        let done = then(&shown);
        if let Err(refusal) = &done
            && refusal.code == Code::LinkNotValid
        {
            self.count_wrong(site, &shown, origin);
        }
        done
    }
}

/// What strangers hear, whatever was wrong with their link: they must not be able to tell one thing from another.
pub(crate) fn link_not_valid() -> Refusal {
    Code::LinkNotValid.because(
        "This link does not open anything. It may be incomplete, or a newer one may have replaced it. Ask the person who sent it for a new one.",
    )
}

/// The grant of this kind that this secret is the right one for. Who gets it is no stranger any more and may be told reasons.
pub(crate) fn proven(
    loaded: Option<Loaded>,
    shown: &Presented,
    kind: Kind,
) -> Result<Loaded, Refusal> {
    // An unknown grant is compared as well, so that it takes as long.
    let held = loaded
        .as_ref()
        .map_or(shown.digest, |loaded| loaded.grant().secret);
    let right = held.matches(&shown.digest);
    loaded
        .filter(|loaded| right && loaded.grant().kind == kind)
        .ok_or_else(link_not_valid)
}

/// Whether the link may be redeemed, or the guest sign in, once more.
pub(crate) fn uses_left(grant: &Grant) -> Result<Option<u32>, Refusal> {
    match grant
        .uses_allowed
        .map(|allowed| allowed.saturating_sub(grant.uses))
    {
        Some(0) => {
            let times = if grant.uses == 1 {
                "once".to_owned()
            } else {
                format!("{} times", grant.uses)
            };
            let what = match grant.kind {
                Kind::Password => "password",
                Kind::Link | Kind::Invitation => "link",
            };
            Err(Code::LinkUsedUp
                .because(format!("This {what} was used {times}, as often as it may be. Ask the person who sent it for a new one.")))
        }
        left => Ok(left),
    }
}
