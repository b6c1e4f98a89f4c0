//! Letting somebody in: the use, the window that counts from the first one, the session and the record of it, all at once.

use crate::codec;
use crate::engine::Engine;
use crate::entry::{session, token, uses_left};
use crate::grant::Grant;
use crate::grant::create::hook_failed;
use crate::grant::id::GrantId;
use crate::grant::state::Event;
use crate::history::record::Action;
use crate::instant::Instant;
use crate::names::Origin;
use crate::ports::Attempt;
use crate::refusal::{Code, Refusal};
use crate::transaction::{Decided, Loaded, Note, Transaction, refused};

/// Somebody is in.
pub struct Admission {
    /// The new session.
    pub session: token::Issued,
    /// Which grant.
    pub grant: GrantId,
    /// The host's user.
    pub user: String,
    /// When it ends.
    pub ends: Option<Instant>,
    /// Where to go.
    pub redirect: Option<String>,
    /// The guest's language.
    pub locale: Option<String>,
}

impl Engine<'_> {
    /// The grant, if it may be used once more now.
    pub(crate) fn open_for(
        &self,
        transaction: &mut Transaction<'_>,
        mut loaded: Loaded,
        origin: &Origin,
    ) -> Decided<Loaded> {
        let settled =
            transaction.settle(&mut loaded)? || transaction.settle_grantor(&mut loaded)?;
        let grant = loaded.grant();
        if let Err(refusal) = grant.usable(transaction.now()) {
            return refused(refusal, settled);
        }
        uses_left(grant)?;
        self.entry_reviewed(transaction, grant, origin)?;
        Ok(Ok(loaded))
    }

    /// Whether the site lets anybody in, and extensions this one.
    pub(crate) fn entry_reviewed(
        &self,
        transaction: &mut Transaction<'_>,
        grant: &Grant,
        origin: &Origin,
    ) -> Result<(), Refusal> {
        transaction.policy()?.body.active()?;
        let attempt = Attempt {
            grant: grant.id,
            grantor: grant.grantor.clone(),
            email: grant.guest.email.clone(),
            uses: grant.uses,
            origin: origin.clone(),
        };
        match self
            .hooks
            .review_entry(transaction.site().as_str(), &attempt)
            .map_err(|why| hook_failed(&why))?
        {
            Some(why) => Err(Code::Vetoed.because(why)),
            None => Ok(()),
        }
    }

    /// Begins a session of this user by this grant.
    pub(crate) fn admit(
        &self,
        transaction: &mut Transaction<'_>,
        loaded: &mut Loaded,
        user: String,
        origin: &Origin,
        action: Action,
    ) -> Result<Admission, Refusal> {
        let now = transaction.now();
        let longest = transaction.policy()?.body.longest_window;
        let grant = loaded.grant_mut();
        grant.apply(Event::Use)?;
        grant.user = Some(user.clone());
        grant.loose_since = None;
        if grant.first_used.is_none() {
            grant.first_used = Some(now);
            grant.term = grant.term.begun(now, longest);
        }
        grant.last_used = Some(now);
        grant.uses = grant.uses.saturating_add(1);
        let (session, name) = session::begin(self, transaction, loaded.grant(), &user, origin)?;
        let grant = loaded.grant();
        let admission = Admission {
            session,
            grant: grant.id,
            user: user.clone(),
            ends: grant.end().map(|(at, _)| at),
            redirect: grant.redirect.clone(),
            locale: grant.guest.locale.clone(),
        };
        let marked = transaction.keys().user(&user);
        transaction.put(marked, codec::encode(&admission.grant)?);
        let note = Note::by(&user, action)
            .with("session", name)
            .with_some("address", origin.address.clone());
        transaction.save(loaded, note)?;
        Ok(admission)
    }
}
