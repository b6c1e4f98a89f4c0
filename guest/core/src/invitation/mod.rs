//! Invitations: access that a person accepts, bound to the address it was sent to.
//!
//! An invitation is a grant of its own kind: made, listed, sent anew, revoked and changed as every other. Its token can do
//! one thing only: accept or decline, once. Whoever accepts acts by switching to the grantor's account
//! ([`crate::access::switch`]), as often as they like, until the grant is over.

pub mod accept;
pub mod decline;
pub mod inspect;

use crate::engine::Engine;
use crate::entry::token::{self, Kind, Presented};
use crate::entry::{link_not_valid, proven};
use crate::grant::kind::Kind as GrantKind;
use crate::names::{Origin, SiteId};
use crate::refusal::{Code, Refusal};
use crate::transaction::{Loaded, Transaction};

impl Engine<'_> {
    /// Does something with a token that somebody shows. One that opens nothing is counted, as a link's is.
    fn shown_invitation<T>(
        &self,
        site: &SiteId,
        token: &str,
        origin: &Origin,
        then: impl FnOnce(&Presented) -> Result<T, Refusal>,
    ) -> Result<T, Refusal> {
        let shown = token::present(Kind::Invitation, token).ok_or_else(link_not_valid)?;
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

/// The invitation of this token, if it waits to be accepted. The inner refusal is for one seen to be over, which is written
/// down.
fn pending(
    transaction: &mut Transaction<'_>,
    shown: &Presented,
) -> Result<Result<Loaded, Refusal>, Refusal> {
    let mut loaded = proven(
        transaction.grant(shown.grant)?,
        shown,
        GrantKind::Invitation,
    )?;
    let settled = transaction.settle(&mut loaded)? || transaction.settle_grantor(&mut loaded)?;
    let grant = loaded.grant();
    let waits = grant.usable(transaction.now()).and_then(|()| {
        if grant.user.is_some() {
            Err(already_accepted())
        } else {
            Ok(())
        }
    });
    match waits {
        Ok(()) => Ok(Ok(loaded)),
        Err(refusal) if settled => Ok(Err(refusal)),
        Err(refusal) => Err(refusal),
    }
}

pub(crate) fn already_accepted() -> Refusal {
    Code::AlreadyAccepted.because(
        "This invitation was accepted already, and an invitation is accepted once. Sign in to use what it gives.",
    )
}
