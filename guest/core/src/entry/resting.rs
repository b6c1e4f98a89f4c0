//! How long a session goes on while its grant does: decided when the session is asked for, by the policy of that moment.
//!
//! A session that is seen to be over is removed, with a record of it, so that it stays over whatever becomes of the clock or
//! of the policy. On a site whose policy says nothing of sessions none of this reads or writes anything.

use crate::codec;
use crate::engine::Engine;
use crate::entry::mark::{self, Mark, Over};
use crate::entry::session::{Session, take_out};
use crate::entry::token::Presented;
use crate::history::record::Action;
use crate::instant::Instant;
use crate::keys::Keys;
use crate::names::SiteId;
use crate::policy::Policy;
use crate::ports::{Check, Level, Put, StoreFailure};
use crate::refusal::Refusal;
use crate::transaction::{Note, Transaction};

impl Engine<'_> {
    /// Until when this session goes on by itself. Notes that it was seen, where that matters.
    ///
    /// `version` is that of the session's record: what is noted of a session must not outlive it.
    ///
    /// # Errors
    /// [`crate::Code::SessionEnded`], or if what is kept of it cannot be read.
    pub(crate) fn rested(
        &self,
        site: &SiteId,
        shown: &Presented,
        session: &Session,
        version: u64,
        policy: &Policy,
        now: Instant,
    ) -> Result<Instant, Refusal> {
        if policy.session_length.is_none() && policy.session_idle.is_none() {
            return Ok(Instant::MAX);
        }
        let key = Keys(site).mark(shown.grant, &shown.digest);
        let mut seen = session.started;
        let mut checks = vec![Check {
            key: Keys(site).session(shown.grant, &shown.digest),
            version,
        }];
        if policy.session_idle.is_some() {
            let stored = self.get(core::slice::from_ref(&key))?.pop().flatten();
            checks.push(Check {
                key: key.clone(),
                version: stored.as_ref().map_or(0, |stored| stored.version),
            });
            if let Some(stored) = stored {
                match decoded(&stored.value)? {
                    Mark::Seen(at) => seen = at,
                    Mark::Over(over) => return Err(over.refusal()),
                }
            }
        }
        if let Some((_, over)) =
            mark::end(policy, session.started, seen).filter(|(at, _)| now >= *at)
        {
            self.record_over(site, shown);
            return Err(over.refusal());
        }
        if mark::worth_noting(policy, seen, now) {
            seen = now;
            let value = codec::encode(&Mark::Seen(now))?;
            let noted = self.store.commit(&checks, &[Put { key, value }], &[]);
            // In a conflict somebody else has noted it, or the session is over: the next question is answered by that.
            if let Err(StoreFailure::Unavailable(why)) = noted {
                let message = format!(
                    "that a session of grant {} was seen could not be noted: {why}",
                    shown.grant
                );
                self.log.write(Level::Warn, &message);
            }
        }
        Ok(mark::end(policy, session.started, seen).map_or(Instant::MAX, |(at, _)| at))
    }

    /// What is said of a session that is not there: why, where that is known.
    pub(crate) fn why_gone(
        &self,
        site: &SiteId,
        shown: &Presented,
    ) -> Result<Option<Over>, Refusal> {
        let key = Keys(site).mark(shown.grant, &shown.digest);
        let Some(stored) = self.get(&[key])?.pop().flatten() else {
            return Ok(None);
        };
        Ok(match decoded(&stored.value)? {
            Mark::Over(over) => Some(over),
            Mark::Seen(_) => None,
        })
    }

    /// A session is seen to be over for the first time. If it cannot be written down now, it is next time: the answer is no
    /// in any case.
    fn record_over(&self, site: &SiteId, shown: &Presented) {
        let recorded = self.transact(site, |transaction| {
            let policy = &transaction.policy()?.body;
            let Some(kept) =
                transaction.entry(transaction.keys().session(shown.grant, &shown.digest))?
            else {
                return Ok(());
            };
            let session: Session = codec::decode(&kept.value, || "a session".to_owned())?;
            let mark: Option<Mark> = transaction
                .read(transaction.keys().mark(shown.grant, &shown.digest), || {
                    "a session".to_owned()
                })?;
            let seen = match mark {
                Some(Mark::Seen(at)) => at,
                _ => session.started,
            };
            match mark::end(policy, session.started, seen) {
                Some((at, over)) if transaction.now() >= at => {
                    let note = Note::by_engine(Action::SignedOut).with("bound-by", over.as_str());
                    transaction.end_session(shown, over, note)
                }
                // Others have seen it since.
                _ => Ok(()),
            }
        });
        if let Err(refusal) = recorded {
            let message = format!(
                "the end of a session of grant {} is not recorded yet: {refusal}",
                shown.grant
            );
            self.log.write(Level::Warn, &message);
        }
    }
}

impl Transaction<'_> {
    /// Takes out a session that is over for this reason, and records that. One that is not there is no error.
    ///
    /// # Errors
    /// If the store fails or a record cannot be written down.
    pub(crate) fn end_session(
        &mut self,
        session: &Presented,
        over: Over,
        note: Note<'_>,
    ) -> Result<(), Refusal> {
        let Some(mut loaded) = self.grant(session.grant)? else {
            return Ok(());
        };
        match take_out(self, session, Some(over))? {
            Some(left) => self.save(&mut loaded, note.with("session", left.name)),
            None => Ok(()),
        }
    }
}

pub(crate) fn decoded(mark: &[u8]) -> Result<Mark, Refusal> {
    codec::decode(mark, || "a session".to_owned())
}
