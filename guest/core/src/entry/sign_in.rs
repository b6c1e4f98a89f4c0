//! Signing in by what the host has verified: a password, or another credential of the host's.
//!
//! The engine cannot tell whether a password is right, since only the host keeps it. It says whether the one who gave it may
//! come in, and makes it count as every other use of a grant does.

use crate::engine::Engine;
use crate::entry::admission::Admission;
use crate::entry::uses_left;
use crate::grant::id::GrantId;
use crate::grant::kind::Kind;
use crate::grant::state::{Event, Reason};
use crate::history::record::Action;
use crate::names::{self, Origin, SiteId};
use crate::policy::GrantorGone;
use crate::refusal::{Code, Refusal};
use crate::transaction::{Loaded, Transaction};

impl Engine<'_> {
    /// Whether the host may let this user in by any credential of theirs. Changes nothing.
    ///
    /// # Errors
    /// For guests whose grant cannot be used now, why.
    pub fn may_sign_in(&self, site: &SiteId, user: &str) -> Result<(), Refusal> {
        names::user_id(user)?;
        let why_not = self.transact(site, |transaction| {
            let Some(loaded) = grant_of(transaction, user)? else {
                return Ok(None);
            };
            transaction.policy()?.body.active()?;
            let mut grant = loaded.into_grant();
            let now = transaction.now();
            // As if it were settled, which is only written down by what changes something.
            if transaction.policy()?.body.grantor_gone == GrantorGone::End
                && self.standing(site, &grant.grantor)?.is_none()
            {
                grant.apply(Event::End(Reason::GrantorGone, now))?;
            }
            let usable = match grant.kind {
                // Once accepted, an invitation is no longer used up.
                Kind::Invitation => grant.usable(now),
                Kind::Link | Kind::Password => {
                    grant.usable(now).and_then(|()| uses_left(&grant).map(drop))
                }
            };
            Ok(usable.err().map(|refusal| (grant.kind, refusal)))
        })?;
        match why_not {
            None => Ok(()),
            // Whoever was made to accept an invitation may have accepted others since.
            Some((Kind::Invitation, _)) if self.may_act_somewhere(site, user)? => Ok(()),
            Some((_, refusal)) => Err(refusal),
        }
    }

    /// Lets a guest in who gave the right password.
    ///
    /// # Errors
    /// [`Code::NotAGuest`], [`Code::NoPasswordGuest`], or why the grant cannot be used now.
    pub fn sign_in(
        &self,
        site: &SiteId,
        user: &str,
        origin: &Origin,
    ) -> Result<Admission, Refusal> {
        names::user_id(user)?;
        self.transact(site, |transaction| {
            let loaded = grant_of(transaction, user)?.ok_or_else(not_a_guest)?;
            if loaded.grant().kind == Kind::Invitation {
                return Err(not_a_guest());
            }
            if loaded.grant().kind != Kind::Password {
                return Err(Code::NoPasswordGuest.because(
                    "You were given no password for this site. Come in by the link that you were sent.",
                ));
            }
            let mut loaded = match self.open_for(transaction, loaded, origin)? {
                Ok(loaded) => loaded,
                Err(refusal) => return Ok(Err(refusal)),
            };
            if self.standing(site, user)?.is_none() {
                return Err(Code::UserGone.because(
                    "Your user on this site was deleted. Ask the person who gave you access for a new one.",
                ));
            }
            self.admit(transaction, &mut loaded, user.to_owned(), origin, Action::SignedIn)
                .map(Ok)
        })?
    }
}

/// The grant that this user is a guest by; none if they are no guest.
fn grant_of(transaction: &mut Transaction<'_>, user: &str) -> Result<Option<Loaded>, Refusal> {
    let key = transaction.keys().user(user);
    let Some(id) = transaction.read::<GrantId>(key, || "a guest".to_owned())? else {
        return Ok(None);
    };
    // A guest whose grant is not there is one all the same.
    let loaded = transaction.grant(id)?.ok_or_else(|| {
        Code::RecordDamaged.because(format!(
            "The grant `{id}` of this guest is gone, so nothing was decided on it. Verify the history and restore the database from a backup."
        ))
    })?;
    if loaded.grant().is_provisioning() && loaded.grant().user.is_none() {
        return Err(Code::Contended.because(
            "Your access to this site is being made anew at this moment. Try again in a minute.",
        ));
    }
    let grant = loaded.grant();
    if !grant.state.is_ended() && grant.user.as_deref() != Some(user) {
        return Err(Code::RecordDamaged.because(
            "This guest is noted as that of a grant which is for somebody else, so nobody was let in. Verify the history and restore the database from a backup.",
        ));
    }
    Ok(Some(loaded))
}

/// Whom the host lets in itself: its own users, and those who were made to accept an invitation.
fn not_a_guest() -> Refusal {
    Code::NotAGuest
        .because("This user is no guest by a password: the site lets its own users in itself.")
}
