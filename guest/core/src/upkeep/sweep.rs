//! The sweep: records what is over, clears up what was left half-done and puts new history into the log. It costs what is due, not what exists.

use crate::engine::Engine;
use crate::grant::id::GrantId;
use crate::grant::list::page_size;
use crate::grant::state::Event;
use crate::history::record::Action;
use crate::instant::Instant;
use crate::keys::{Key, Keys};
use crate::names::SiteId;
use crate::ports::{ContentDecision, Level};
use crate::refusal::Refusal;
use crate::transaction::Note;

/// What a sweep did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Swept {
    /// Grants recorded as ended.
    pub expired: u32,
    /// Half-done creations undone.
    pub repaired: u32,
    /// Records put into the log of history.
    pub logged: u32,
    /// Due things that failed and stay due.
    pub failed: u32,
    /// More is due.
    pub more: bool,
}

impl Engine<'_> {
    /// Handles up to `limit` due things and puts up to `limit` records into the log of history.
    ///
    /// # Errors
    /// [`crate::Code::BadPage`], or if the store cannot be read.
    pub fn sweep(&self, site: &SiteId, limit: u32) -> Result<Swept, Refusal> {
        let limit = page_size(limit, 1_000)?;
        let mut swept = self.sweep_grants(site, limit)?;
        swept.more |= self.forget_tries(site, limit)?;
        match self.fold(site, limit) {
            Ok(folded) => {
                swept.logged = folded.records;
                swept.more |= folded.more;
            }
            Err(refusal) => {
                swept.failed = swept.failed.saturating_add(1);
                let message = format!("the log of history does not grow: {refusal}");
                self.log.write(Level::Error, &message);
            }
        }
        Ok(swept)
    }

    fn sweep_grants(&self, site: &SiteId, limit: u32) -> Result<Swept, Refusal> {
        let (mut start, end) = Keys(site).due_by(self.now());
        let mut swept = Swept::default();
        let (mut handled, mut looked_at) = (0_u32, 0_u32);
        // What fails stays due at the front, so it must not use up the limit of those behind it.
        while handled < limit && looked_at < limit.saturating_mul(10) {
            let due = self.scan(&start, &end, limit.saturating_sub(handled), false)?;
            let Some(last) = due.last() else {
                return Ok(swept);
            };
            start.clone_from(&last.key);
            start.push(0);
            for entry in due {
                looked_at = looked_at.saturating_add(1);
                match self.sweep_one(site, entry.key, &mut swept) {
                    Ok(()) => handled = handled.saturating_add(1),
                    Err(refusal) => {
                        swept.failed = swept.failed.saturating_add(1);
                        let message =
                            format!("a due grant could not be handled and stays due: {refusal}");
                        self.log.write(Level::Warn, &message);
                    }
                }
            }
        }
        swept.more = !self.scan(&start, &end, 1, false)?.is_empty();
        Ok(swept)
    }

    /// When the next thing is due.
    ///
    /// # Errors
    /// If the store cannot be read.
    pub fn next_due(&self, site: &SiteId) -> Result<Option<Instant>, Refusal> {
        let keys = Keys(site);
        let (start, _) = keys.due_by(Instant::MAX);
        let first = self.scan(&start, &keys.due_end(), 1, false)?.pop();
        let at = first
            .as_ref()
            .and_then(|entry| keys.tail(&entry.key)?.first_chunk::<8>());
        Ok(at.map(|bytes| Instant::from_millis(u64::from_be_bytes(*bytes))))
    }

    fn sweep_one(&self, site: &SiteId, due: Key, swept: &mut Swept) -> Result<(), Refusal> {
        let id = Keys(site)
            .tail(&due)
            .and_then(<[u8]>::last_chunk::<16>)
            .map(|bytes| GrantId::from_bytes(*bytes));
        let Some(id) = id else {
            return self.forget(site, &due);
        };
        let (settled, half_made) = self.transact(site, |transaction| {
            let Some(mut loaded) = transaction.grant(id)? else {
                transaction.delete(due.clone());
                return Ok((false, false));
            };
            let settled = transaction.settle(&mut loaded)?;
            let half_made = loaded.grant().left_half_made(transaction.now());
            if !settled
                && !half_made
                && loaded
                    .grant()
                    .due()
                    .is_none_or(|at| Keys(site).due(at, id) != due)
            {
                // Nothing is due then: a leftover of the index.
                transaction.delete(due.clone());
            }
            Ok((settled, half_made))
        })?;
        if settled {
            swept.expired = swept.expired.saturating_add(1);
        }
        if half_made {
            self.undo(site, id)?;
            swept.repaired = swept.repaired.saturating_add(1);
        }
        Ok(())
    }

    /// Undoes a first redemption that came to nothing: the user that may exist at the host is deleted, then the grant is
    /// as it was before. That user never signed in, so it has no content to decide about. Only done when nobody can be
    /// about to enter with that user any more.
    ///
    /// Three steps, since the user is not in the store. The first takes the grant out of *provisioning* with a fresh date:
    /// nobody else undoes it for as long as that is young, and nobody enters with the user that is about to go.
    fn undo(&self, site: &SiteId, id: GrantId) -> Result<(), Refusal> {
        let begun = self.transact(site, |transaction| {
            let Some(mut loaded) = transaction.grant(id)? else {
                return Ok(None);
            };
            let now = transaction.now();
            let grant = loaded.grant_mut();
            if !grant.left_half_made(now) {
                return Ok(None);
            }
            if grant.is_provisioning() {
                grant.apply(Event::Undo)?;
            }
            grant.loose_since = Some(now);
            transaction.save(
                &mut loaded,
                Note::by_engine(Action::Repaired).with("step", "begun"),
            )?;
            Ok(Some((now, loaded.into_grant().user)))
        })?;
        let Some((round, held)) = begun else {
            return Ok(());
        };
        let user = self.directory(site, |directory, site| {
            directory.find_by_key(site, &id.to_string())
        })?;
        if let Some(user) = user.filter(|user| Some(user) != held.as_ref()) {
            self.directory(site, |directory, site| {
                directory.delete(site, &user, &ContentDecision::Keep)
            })?;
        }
        self.transact(site, |transaction| {
            let Some(mut loaded) = transaction.grant(id)? else {
                return Ok(());
            };
            // A round that began since is somebody else's.
            if loaded.grant().loose_since != Some(round) || loaded.grant().is_provisioning() {
                return Ok(());
            }
            loaded.grant_mut().loose_since = None;
            transaction.save(
                &mut loaded,
                Note::by_engine(Action::Repaired).with("step", "done"),
            )
        })
    }

    fn forget(&self, site: &SiteId, due: &Key) -> Result<(), Refusal> {
        self.transact(site, |transaction| {
            transaction.delete(due.clone());
            Ok(())
        })
    }
}
