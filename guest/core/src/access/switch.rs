//! Acting in somebody else's account, and coming back.
//!
//! A switched session is one of the grant, of the user who accepted it: its power is the grantor's under the grant, its actor
//! stays that user. Sessions never stand on each other: the one that is left is over, and coming back ends the one there is
//! and tells who it was, nothing more. What that user may do then is found out as on any other day.

use crate::engine::Engine;
use crate::entry::admission::Admission;
use crate::entry::session;
use crate::entry::token::{self, Kind, Presented};
use crate::grant::authority::{grant_id, unknown_grant};
use crate::grant::id::GrantId;
use crate::grant::kind::Kind as GrantKind;
use crate::history::record::Action;
use crate::names::{Origin, SiteId, user_id};
use crate::refusal::{Code, Refusal};
use crate::transaction::{Decided, Loaded, Note, Transaction, refused};

/// Who comes back, and whether that user may still be let in.
type Returned = Result<String, Refusal>;

impl Engine<'_> {
    /// Begins to act by a grant that this user accepted. The session `from`, if there is one, is over.
    ///
    /// # Errors
    /// [`Code::UnknownGrant`] for what is not this user's; the reason if it is over or suspended; [`Code::SessionUnknown`] if
    /// `from` is somebody else's.
    pub fn switch(
        &self,
        site: &SiteId,
        user: &str,
        grant: &str,
        from: Option<&str>,
        origin: &Origin,
    ) -> Result<Admission, Refusal> {
        user_id(user)?;
        let id = grant_id(grant)?;
        let from = from
            .map(|text| token::present(Kind::Session, text).ok_or_else(not_yours))
            .transpose()?;
        self.transact(site, |transaction| {
            self.switched(transaction, user, id, from.as_ref(), origin)
        })
        .flatten()
    }

    fn switched(
        &self,
        transaction: &mut Transaction<'_>,
        user: &str,
        id: GrantId,
        from: Option<&Presented>,
        origin: &Origin,
    ) -> Decided<Admission> {
        let theirs = |loaded: &Loaded| {
            let grant = loaded.grant();
            grant.kind == GrantKind::Invitation && grant.user.as_deref() == Some(user)
        };
        let loaded = transaction.grant(id)?.filter(theirs);
        let mut loaded = loaded.ok_or_else(|| unknown_grant(id))?;
        let settled =
            transaction.settle(&mut loaded)? || transaction.settle_grantor(&mut loaded)?;
        let now = transaction.now();
        if let Err(refusal) = loaded.grant().usable(now) {
            return refused(refusal, settled);
        }
        let site = transaction.site();
        if self.standing(site, user)?.is_none() {
            return Err(user_gone());
        }
        self.entry_reviewed(transaction, loaded.grant(), origin)?;
        if let Some(from) = from {
            leave(transaction, &mut loaded, user, from)?;
        }
        let (session, name) = session::begin(self, transaction, loaded.grant(), user, origin)?;
        let grant = loaded.grant_mut();
        grant.last_used = Some(now);
        let account = grant.grantor.clone();
        let admission = Admission {
            session,
            grant: id,
            user: user.to_owned(),
            ends: grant.end().map(|(at, _)| at),
            redirect: grant.redirect.clone(),
            locale: grant.guest.locale.clone(),
        };
        let note = Note::by(user, Action::Switched)
            .to(&account)
            .with("session", name)
            .with_some("address", origin.address.clone());
        transaction.save(&mut loaded, note)?;
        Ok(Ok(admission))
    }

    /// Ends a session that was begun by switching, and tells whose it was.
    ///
    /// # Errors
    /// [`Code::SessionUnknown`]; [`Code::WrongState`] for one that was begun otherwise. [`Code::UserGone`], or why the grant
    /// is over, if that user may not be let in any more: the session is over in these cases too.
    pub fn return_to_own(&self, site: &SiteId, session: &str) -> Returned {
        let shown = token::present(Kind::Session, session).ok_or_else(session_unknown)?;
        let (user, grant) = self.transact(site, |transaction| {
            let Some(mut loaded) = transaction.grant(shown.grant)? else {
                return Err(session_unknown());
            };
            let left = session::take_out(transaction, &shown, None)?.ok_or_else(session_unknown)?;
            if loaded.grant().kind != GrantKind::Invitation {
                return Err(Code::WrongState.because(
                    "This session was not begun by switching, so there is nothing to return to. Sign out instead.",
                ));
            }
            returned(transaction, &mut loaded, left.user.clone(), left.name)?;
            Ok((left.user, loaded.into_grant()))
        })?;
        if self.standing(site, &user)?.is_none() {
            return Err(user_gone());
        }
        // Who was made for a guest is let in as long as there is somewhere to go.
        if self.is_guest(site, &user)? && !self.may_act_somewhere(site, &user)? {
            grant.usable(self.now())?;
        }
        Ok(user)
    }

    pub(crate) fn may_act_somewhere(&self, site: &SiteId, user: &str) -> Result<bool, Refusal> {
        let mut start: Option<String> = None;
        loop {
            let page = self.memberships(site, user, start.as_deref(), 100)?;
            if page.accounts.iter().any(|account| account.open) {
                return Ok(true);
            }
            let Some(next) = page.next else {
                return Ok(false);
            };
            start = Some(next.to_string());
        }
    }
}

/// Ends the session that is left for another account. One that is over already is no error.
fn leave(
    transaction: &mut Transaction<'_>,
    entered: &mut Loaded,
    user: &str,
    from: &Presented,
) -> Result<(), Refusal> {
    let Some(left) = session::take_out(transaction, from, None)? else {
        return Ok(());
    };
    if left.user != user {
        return Err(not_yours());
    }
    if from.grant == entered.grant().id {
        return returned(transaction, entered, left.user, left.name);
    }
    match transaction.grant(from.grant)? {
        Some(mut loaded) => returned(transaction, &mut loaded, left.user, left.name),
        None => Ok(()),
    }
}

fn returned(
    transaction: &mut Transaction<'_>,
    loaded: &mut Loaded,
    user: String,
    name: String,
) -> Result<(), Refusal> {
    let account = loaded.grant().grantor.clone();
    let note = Note::by(&user, Action::Returned)
        .to(&account)
        .with("session", name);
    transaction.save(loaded, note)
}

fn not_yours() -> Refusal {
    Code::SessionUnknown
        .because("The session to switch from is not this user's. Sign in and switch from there.")
}

fn session_unknown() -> Refusal {
    Code::SessionUnknown.because("There is no such session any more. Sign in again.")
}

fn user_gone() -> Refusal {
    Code::UserGone.because("This user was deleted, so nobody can be let in as it.")
}
