//! Invitations: access that a person accepts, bound to the address it was sent to.
//!
//! An invitation is a grant of its own kind: made, listed, sent anew, revoked and changed as every other. Its token can do
//! one thing only: accept or decline, once. Whoever accepts acts by switching to the grantor's account
//! ([`crate::access::switch`]), as often as they like, until the grant is over.

pub mod accept;
pub mod decline;
pub mod inspect;

use crate::entry::proven;
use crate::entry::token::Presented;
use crate::grant::kind::Kind;
use crate::refusal::{Code, Refusal};
use crate::transaction::{Decided, Loaded, Transaction, refused};

/// The invitation of this token, if it waits to be accepted.
fn pending(transaction: &mut Transaction<'_>, shown: &Presented) -> Decided<Loaded> {
    let mut loaded = proven(transaction.grant(shown.grant)?, shown, Kind::Invitation)?;
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
        Err(refusal) => refused(refusal, settled),
    }
}

pub(crate) fn already_accepted() -> Refusal {
    Code::AlreadyAccepted.because(
        "This invitation was accepted already, and an invitation is accepted once. Sign in to use what it gives.",
    )
}
