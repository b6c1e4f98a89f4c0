//! Who tries links that open nothing is stopped: counted when a link is shown, per client address, per grant named in it and
//! for the whole site.
//!
//! The count is a commit of its own, so it survives whatever becomes of the redemption, and neither reissuing nor revoking
//! touches it. A lock is asked before the link is looked at: while it lasts even the right link is refused, or the answer
//! would tell right from wrong. What a lock refuses does not prolong it.
//!
//! Grants that do not exist are counted like those that do, so that a lock tells nobody which of them there are. What is
//! stored is bounded by the site's own limit, and the sweep removes what no longer counts.

pub mod limits;
pub mod lockout;
pub mod subject;
mod tries;

pub use tries::Tries;

use std::rc::Rc;

use crate::codec;
use crate::engine::Engine;
use crate::entry::token::Presented;
use crate::grant::id::GrantId;
use crate::history::record::Action;
use crate::instant::Instant;
use crate::keys::Keys;
use crate::names::{Origin, SiteId};
use crate::ports::Level;
use crate::refusal::{Code, Refusal};
use crate::throttle::limits::Limits;
use crate::throttle::subject::Subject;
use crate::transaction::{Note, Transaction};

impl Engine<'_> {
    /// Refuses while a lock stands in the way of this grant from there.
    ///
    /// # Errors
    /// [`Code::LockedOut`], or if the store fails.
    pub(crate) fn not_locked_out(
        &self,
        site: &SiteId,
        grant: GrantId,
        origin: Option<&Origin>,
    ) -> Result<(), Refusal> {
        let wanted: Vec<_> = subjects(grant, origin)
            .map(|subject| Keys(site).tries(&subject))
            .collect();
        let now = self.now();
        let mut until = None;
        for stored in self.get(&wanted)?.into_iter().flatten() {
            let tries: Tries = codec::decode(&stored.value, || "failed tries".to_owned())?;
            until = until.max(tries.locked_until(now));
        }
        until.map_or(Ok(()), |until| Err(locked_out(until)))
    }

    /// Counts a link that opened nothing. If that cannot be written, the link is refused all the same.
    pub(crate) fn count_wrong(&self, site: &SiteId, shown: &Presented, origin: &Origin) {
        let counted = self.transact(site, |transaction| {
            let mut policy = Rc::unwrap_or_clone(transaction.policy()?);
            if policy.body.deactivated.is_some() {
                // Nothing opens anything, so there is nothing to find out by trying.
                return Ok(());
            }
            let limits = policy.body.lockout;
            for subject in subjects(shown.grant, Some(origin)) {
                let locked = count(transaction, subject.clone(), shown, &limits)?;
                let Some(until) = locked else { continue };
                // One link may be too many for an address and for a grant: each lock has its record.
                let note = Note::by_engine(Action::LockedOut)
                    .with("lockout", subject.to_string())
                    .with("until", until.to_string());
                transaction.save_policy(&mut policy, note)?;
            }
            Ok(())
        });
        if let Err(refusal) = counted {
            let message = format!("a link that opens nothing could not be counted: {refusal}");
            self.log.write(Level::Warn, &message);
        }
    }

    /// Removes up to `limit` counts that no longer matter. Tells whether there are more.
    ///
    /// # Errors
    /// If the store fails.
    pub(crate) fn forget_tries(&self, site: &SiteId, limit: u32) -> Result<bool, Refusal> {
        let keys = Keys(site);
        let (start, end) = keys.stale_by(self.now());
        let stale = self.scan(&start, &end, limit, false)?;
        self.transact(site, |transaction| {
            for entry in &stale {
                transaction.delete(entry.key.clone());
                let Some(tries) = keys.tail(&entry.key).and_then(|tail| tail.get(8..)) else {
                    continue;
                };
                let key = keys.tries_of(tries);
                let kept: Option<Tries> =
                    transaction.read(key.clone(), || "failed tries".to_owned())?;
                if kept.is_some_and(|kept| kept.stale_from() <= transaction.now()) {
                    transaction.delete(key);
                }
            }
            Ok(())
        })?;
        Ok(stale.len() >= limit as usize)
    }
}

fn subjects(grant: GrantId, origin: Option<&Origin>) -> impl Iterator<Item = Subject> {
    let address = origin.and_then(Subject::from_origin);
    [Subject::Grant(grant), Subject::Site]
        .into_iter()
        .chain(address)
}

/// Counts it for one subject. Tells until when that locks, if it does.
fn count(
    transaction: &mut Transaction<'_>,
    subject: Subject,
    shown: &Presented,
    limits: &Limits,
) -> Result<Option<Instant>, Refusal> {
    let (keys, now) = (transaction.keys(), transaction.now());
    let key = keys.tries(&subject);
    let stored: Option<Tries> = transaction.read(key.clone(), || "failed tries".to_owned())?;
    let before = stored.as_ref().map(Tries::stale_from);
    let mut tries = stored.unwrap_or_else(|| Tries::new(subject.clone()));
    if tries.locked_until(now).is_some() {
        return Ok(None);
    }
    // One secret tried at many grants is many links.
    let link = shown.digest.followed_by(shown.grant.bytes());
    let locked = tries.add(&link, limits, now);
    let stale = tries.stale_from();
    transaction.put(key, codec::encode(&tries)?);
    if let Some(before) = before.filter(|before| *before != stale) {
        transaction.delete(keys.stale(before, &subject));
    }
    transaction.put(keys.stale(stale, &subject), Vec::new());
    Ok(locked)
}

fn locked_out(until: Instant) -> Refusal {
    Code::LockedOut.because(format!(
        "Too many links that open nothing were tried. Try again after {until}, or ask an owner of the site to lift the lock."
    ))
}
