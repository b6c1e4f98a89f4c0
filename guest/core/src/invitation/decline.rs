//! Declining an invitation.

use crate::engine::Engine;
use crate::entry::proven;
use crate::entry::token::{self, Presented};
use crate::grant::kind::Kind;
use crate::grant::state::{Event, Reason};
use crate::history::record::Action;
use crate::invitation::pending;
use crate::names::{Origin, SiteId};
use crate::refusal::Refusal;
use crate::transaction::{Decided, Note, Transaction};

impl Engine<'_> {
    /// Ends an invitation that was not accepted yet, for whoever holds its token. Declining twice is no error.
    ///
    /// # Errors
    /// [`crate::Code::LinkNotValid`] for strangers; [`crate::Code::AlreadyAccepted`]; the reason if it is over otherwise.
    pub fn decline(&self, site: &SiteId, token: &str, origin: &Origin) -> Result<(), Refusal> {
        self.shown(token::Kind::Invitation, site, token, origin, |shown| {
            self.transact(site, |transaction| declined(transaction, shown, origin))
                .flatten()
        })
    }
}

fn declined(transaction: &mut Transaction<'_>, shown: &Presented, origin: &Origin) -> Decided<()> {
    let before = proven(transaction.grant(shown.grant)?, shown, Kind::Invitation)?;
    if matches!(before.grant().state.ended(), Some((Reason::Declined, _))) {
        return Ok(Ok(()));
    }
    let mut loaded = match pending(transaction, shown)? {
        Ok(loaded) => loaded,
        Err(refusal) => return Ok(Err(refusal)),
    };
    let now = transaction.now();
    loaded
        .grant_mut()
        .apply(Event::End(Reason::Declined, now))?;
    let note = Note::by_engine(Action::Declined).with_some("address", origin.address.clone());
    transaction.save(&mut loaded, note)?;
    Ok(Ok(()))
}
