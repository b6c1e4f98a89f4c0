//! The sweep: records what is over, clears up what was left half-done, retires the users of what ended long ago and puts new
//! history into the log. It costs what is due, not what exists.

use crate::engine::Engine;
use crate::grant::id::GrantId;
use crate::grant::kind::Kind;
use crate::grant::list::page_size;
use crate::grant::state::{Event, Reason};
use crate::history::record::Action;
use crate::instant::Instant;
use crate::keys::Keys;
use crate::names::SiteId;
use crate::ports::{ContentDecision, Entry, Level};
use crate::refusal::Refusal;
use crate::transaction::{ATTEMPTS, Note};

/// Due things that are handled in one commit: a store that waits for its disk at each then waits once for all of them.
const TOGETHER: usize = 32;

/// What a sweep did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Swept {
    /// Grants recorded as ended.
    pub expired: u32,
    /// Half-done creations undone.
    pub repaired: u32,
    /// Grants whose user was retired.
    pub retired: u32,
    /// Records put into the log of history.
    pub logged: u32,
    /// Due things that failed and stay due.
    pub failed: u32,
    /// More is due.
    pub more: bool,
}

/// What is due.
#[derive(Default)]
struct Found {
    /// So many were recorded as over.
    expired: u32,
    half_made: Vec<GrantId>,
    to_retire: Vec<GrantId>,
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
            looked_at = looked_at.saturating_add(count(&due));
            for due in due.chunks(TOGETHER) {
                handled = handled.saturating_add(self.sweep_together(site, due, &mut swept));
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

    /// Handles these due things in as few commits as can be, and tells how many of them it handled.
    fn sweep_together(&self, site: &SiteId, due: &[Entry], swept: &mut Swept) -> u32 {
        let mut found = match self.settle_due(site, due) {
            Ok(found) => {
                swept.expired = swept.expired.saturating_add(found.expired);
                found
            }
            // One of them is damaged, or was changed at this moment: the others need not wait for it.
            Err(_) if due.len() > 1 => {
                let each = due.chunks(1);
                return each
                    .map(|one| self.sweep_together(site, one, swept))
                    .fold(0, u32::saturating_add);
            }
            Err(refusal) => {
                self.stays_due(&refusal, swept);
                return 0;
            }
        };
        let mut handled = count(due);
        for id in found.half_made {
            match self.undo(site, id) {
                Ok(()) => {
                    swept.repaired = swept.repaired.saturating_add(1);
                    // What waited for that may be due as well.
                    found.to_retire.push(id);
                }
                Err(refusal) => {
                    self.stays_due(&refusal, swept);
                    handled = handled.saturating_sub(1);
                }
            }
        }
        for id in found.to_retire {
            match self.retire_due(site, id) {
                Ok(retired) => swept.retired = swept.retired.saturating_add(retired.into()),
                Err(refusal) => {
                    self.stays_due(&refusal, swept);
                    handled = handled.saturating_sub(1);
                }
            }
        }
        handled
    }

    fn stays_due(&self, refusal: &Refusal, swept: &mut Swept) {
        swept.failed = swept.failed.saturating_add(1);
        let message = format!("a due grant could not be handled and stays due: {refusal}");
        self.log.write(Level::Warn, &message);
    }

    /// Records in one commit which of these grants are over, and finds out what else is due.
    fn settle_due(&self, site: &SiteId, due: &[Entry]) -> Result<Found, Refusal> {
        let attempts = if due.len() > 1 { 1 } else { ATTEMPTS };
        self.transact_within(attempts, site, |transaction| {
            let (mut found, mut seen) = (Found::default(), Vec::new());
            for Entry { key, .. } in due {
                let keys = transaction.keys();
                let id = keys.tail(key).and_then(<[u8]>::last_chunk::<16>);
                let Some(id) = id.map(|bytes| GrantId::from_bytes(*bytes)) else {
                    transaction.delete(key.clone());
                    continue;
                };
                // What this commit is about to write it does not read: a grant that is due twice is left to the next sweep.
                if seen.contains(&id) {
                    continue;
                }
                seen.push(id);
                let Some(mut loaded) = transaction.grant(id)? else {
                    transaction.delete(key.clone());
                    continue;
                };
                let settled = transaction.settle(&mut loaded)?;
                let grant = loaded.grant();
                if settled {
                    found.expired = found.expired.saturating_add(1);
                }
                if grant.left_half_made(transaction.now()) {
                    found.half_made.push(id);
                } else if grant.is_to_retire(transaction.now()) {
                    found.to_retire.push(id);
                } else if !settled && grant.due().is_none_or(|at| keys.due(at, id) != *key) {
                    // Nothing is due then: a leftover of the index.
                    transaction.delete(key.clone());
                }
            }
            Ok(found)
        })
    }

    /// Undoes the making of a user that came to nothing: the user that may exist at the host is deleted, then the grant is
    /// as it was before, or over if it was to have a password, which nobody heard. That user never signed in, so it has no
    /// content to decide about. Only done when nobody can be about to enter with that user any more.
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
            let mut note = Note::by_engine(Action::Repaired).with("step", "begun");
            if grant.is_provisioning() && grant.kind == Kind::Password {
                grant.apply(Event::End(Reason::Abandoned, now))?;
                note = Note::by_engine(Action::Abandoned);
            } else if grant.is_provisioning() {
                grant.apply(Event::Undo)?;
            }
            grant.loose_since = Some(now);
            transaction.save(&mut loaded, note)?;
            Ok(Some((now, loaded.into_grant().user)))
        })?;
        let Some((round, held)) = begun else {
            return Ok(());
        };
        let user = self.directory(site, |directory, site| {
            directory.find_by_key(site, &id.to_string())
        })?;
        if let Some(user) = user.filter(|user| Some(user) != held.as_ref()) {
            // If this took too long, others may have cleared up since, and somebody have come in as that user.
            let is_ours = self.transact(site, |transaction| {
                let loaded = transaction.grant(id)?;
                Ok(loaded.is_some_and(|loaded| loaded.grant().loose_since == Some(round)))
            })?;
            if !is_ours {
                return Ok(());
            }
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
}

fn count(due: &[Entry]) -> u32 {
    u32::try_from(due.len()).unwrap_or(u32::MAX)
}
