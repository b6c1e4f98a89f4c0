//! What the owner sees of locks, and how they are lifted.

use std::rc::Rc;

use crate::codec;
use crate::engine::Engine;
use crate::grant::authority::Authority;
use crate::grant::list::{bad_start, page_size};
use crate::history::record::Action;
use crate::instant::Instant;
use crate::keys::Keys;
use crate::names::Actor;
use crate::refusal::{Code, Refusal, quoted};
use crate::throttle::Tries;
use crate::throttle::subject::Subject;
use crate::transaction::Note;

/// Tries that count now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lockout {
    /// Whose.
    pub subject: Subject,
    /// How many distinct ones count towards a lock.
    pub tries: u32,
    /// Until when it is locked out; none: not yet.
    pub until: Option<Instant>,
}

/// A page of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lockouts {
    /// What counts now.
    pub lockouts: Vec<Lockout>,
    /// Where the next page begins.
    pub next: Option<String>,
}

impl Engine<'_> {
    /// What is locked out or counted now. Owners only.
    ///
    /// # Errors
    /// [`Code::OwnersOnly`], [`Code::BadPage`], or if the store fails.
    pub fn lockouts(
        &self,
        actor: &Actor,
        start: Option<&str>,
        limit: u32,
    ) -> Result<Lockouts, Refusal> {
        let limit = page_size(limit, 1_000)?;
        self.owner(actor)?;
        let keys = Keys(&actor.site);
        let (mut from, end) = keys.tries_all();
        if let Some(start) = start {
            from = keys.tries(&start.parse().map_err(|_| bad_start())?);
        }
        let now = self.now();
        let mut page = Lockouts {
            lockouts: Vec::new(),
            next: None,
        };
        for (looked_at, entry) in
            (0..).zip(self.scan(&from, &end, limit.saturating_add(1), false)?)
        {
            let tries: Tries = codec::decode(&entry.value, || "failed tries".to_owned())?;
            // Also those that no longer count were looked at: others may follow them.
            if looked_at == limit {
                page.next = Some(tries.subject.to_string());
                break;
            }
            let (counting, until) = (tries.counting(now), tries.locked_until(now));
            if counting > 0 || until.is_some() {
                page.lockouts.push(Lockout {
                    subject: tries.subject,
                    tries: u32::try_from(counting).unwrap_or(u32::MAX),
                    until,
                });
            }
        }
        Ok(page)
    }

    /// Forgets these tries and lifts the lock that came of them. Owners only.
    ///
    /// # Errors
    /// [`Code::OwnersOnly`], [`Code::UnknownLockout`], or if it cannot be written.
    pub fn lift_lockout(&self, actor: &Actor, id: &str) -> Result<(), Refusal> {
        self.owner(actor)?;
        let subject = subject(id)?;
        self.transact(&actor.site, |transaction| {
            let key = transaction.keys().tries(&subject);
            let tries: Option<Tries> =
                transaction.read(key.clone(), || "failed tries".to_owned())?;
            // What is left of tries that no longer count is the sweep's to remove, and nothing to lift.
            let now = transaction.now();
            let counts =
                |tries: &Tries| tries.counting(now) > 0 || tries.locked_until(now).is_some();
            let Some(tries) = tries.filter(counts) else {
                return Err(unknown(id));
            };
            transaction.delete(key);
            let stale = transaction.keys().stale(tries.stale_from(), &subject);
            transaction.delete(stale);
            let mut policy = Rc::unwrap_or_clone(transaction.policy()?);
            let note =
                Note::by(&actor.user, Action::LockLifted).with("lockout", subject.to_string());
            transaction.save_policy(&mut policy, note)
        })
    }

    fn owner(&self, actor: &Actor) -> Result<(), Refusal> {
        if Authority::of(self, actor)?.standing.owner {
            return Ok(());
        }
        Err(Code::OwnersOnly.because("Only an owner of the site may see and lift locks."))
    }
}

fn subject(id: &str) -> Result<Subject, Refusal> {
    id.parse().map_err(|_| unknown(id))
}

fn unknown(id: &str) -> Refusal {
    Code::UnknownLockout.because(format!(
        "Nothing is counted for {}. The list of locks names what is.",
        quoted(id)
    ))
}
