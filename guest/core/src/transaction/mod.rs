//! One decision: what it read, what it changes, and the history of it, committed at once.
//!
//! Everything that is read through a [`Transaction`] becomes a check of its commit. If somebody else changed any of it in
//! between, nothing is written and the decision is made anew on what is there then (`Engine::transact`).

use std::rc::Rc;

mod chained;
mod note;

pub use chained::Chained;
pub(crate) use chained::stored_head;
pub use note::Note;

use crate::codec::{self, Kept};
use crate::engine::{Engine, store_unavailable};
use crate::grant::Grant;
use crate::grant::id::GrantId;
use crate::grant::state::{Event, Reason};
use crate::history::log::Waiting;
use crate::history::record::{Action, ChainId, Head, Record, hash};
use crate::instant::Instant;
use crate::keys::{Key, Keys};
use crate::names::SiteId;
use crate::policy::{GrantorGone, Policy};
use crate::ports::{Check, Put, StoreFailure, Stored};
use crate::refusal::{Code, Refusal};

/// How often a decision is made anew because others changed what it read. One of those who race always wins, so this
/// many may race for one grant before somebody is told to try again.
pub(crate) const ATTEMPTS: u32 = 256;

/// What was decided, and inside it a refusal of what was seen to be over, which is written down all the same.
pub(crate) type Decided<T> = Result<Result<T, Refusal>, Refusal>;

/// This refusal; what was `settled` on the way to it is written down all the same.
pub(crate) fn refused<T>(refusal: Refusal, settled: bool) -> Decided<T> {
    if settled {
        Ok(Err(refusal))
    } else {
        Err(refusal)
    }
}

impl Engine<'_> {
    /// Decides and commits; decides anew when others changed what was read.
    ///
    /// A refusal from `decide` writes nothing. To write something and refuse all the same (a grant is seen to have
    /// expired), it returns [`Decided`].
    ///
    /// # Errors
    /// What `decide` refuses; [`Code::Contended`]; [`Code::StoreUnavailable`].
    pub(crate) fn transact<T>(
        &self,
        site: &SiteId,
        decide: impl FnMut(&mut Transaction<'_>) -> Result<T, Refusal>,
    ) -> Result<T, Refusal> {
        self.transact_within(ATTEMPTS, site, decide)
    }

    /// As [`Self::transact`], but decides no more often than this.
    pub(crate) fn transact_within<T>(
        &self,
        attempts: u32,
        site: &SiteId,
        mut decide: impl FnMut(&mut Transaction<'_>) -> Result<T, Refusal>,
    ) -> Result<T, Refusal> {
        let mut decided = None;
        self.commit_what(attempts, site, &mut |transaction| {
            decided = Some(decide(transaction)?);
            Ok(())
        })?;
        decided.ok_or_else(contended)
    }

    // One copy, not one for each decision: the component has to be small.
    fn commit_what(
        &self,
        attempts: u32,
        site: &SiteId,
        decide: &mut dyn FnMut(&mut Transaction<'_>) -> Result<(), Refusal>,
    ) -> Result<(), Refusal> {
        for _ in 0..attempts {
            let mut transaction = Transaction::new(self, site);
            decide(&mut transaction)?;
            let Transaction {
                checks,
                puts,
                deletes,
                locked_out,
                ..
            } = transaction;
            let nothing_to_write = puts.is_empty() && deletes.is_empty();
            let committed = if nothing_to_write {
                Ok(())
            } else {
                self.store.commit(&checks, &puts, &deletes)
            };
            match committed {
                Ok(()) => {
                    locked_out
                        .iter()
                        .for_each(|user| self.end_host_sessions(site, user));
                    return Ok(());
                }
                Err(StoreFailure::Conflict) => {}
                Err(StoreFailure::Unavailable(why)) => return Err(store_unavailable(&why)),
            }
        }
        Err(contended())
    }
}

fn contended() -> Refusal {
    Code::Contended.because(
        "Too many others are changing this at the same moment. Nothing was changed; try again.",
    )
}

/// A grant that was read, with what it looked like then.
#[derive(Clone, Debug)]
pub struct Loaded {
    stored: Chained<Grant>,
    /// Where it is found beside its own key.
    places: Vec<Key>,
    /// The secret by which its sessions were begun; none if it was suspended, over or not there.
    issue: Option<u32>,
    over: bool,
}

impl Loaded {
    /// A grant that is not stored yet.
    #[must_use]
    pub fn new(grant: Grant) -> Self {
        Self {
            stored: Chained {
                head: Head::default(),
                body: grant,
            },
            places: Vec::new(),
            issue: None,
            over: false,
        }
    }

    /// The grant as it stands in this decision.
    #[must_use]
    pub fn grant(&self) -> &Grant {
        &self.stored.body
    }

    /// The grant, to be changed and then saved.
    pub fn grant_mut(&mut self) -> &mut Grant {
        &mut self.stored.body
    }

    /// Gives the grant away.
    #[must_use]
    pub fn into_grant(self) -> Grant {
        self.stored.body
    }
}

/// One decision in the making.
#[derive(Debug)]
pub struct Transaction<'e> {
    engine: &'e Engine<'e>,
    site: &'e SiteId,
    now: Instant,
    checks: Vec<Check>,
    puts: Vec<Put>,
    deletes: Vec<Key>,
    /// Users whose sessions end with this commit; the host is told right after it.
    locked_out: Vec<String>,
    /// The site's policy, once it was read.
    policy: Option<Rc<Chained<Policy>>>,
}

impl<'e> Transaction<'e> {
    pub(crate) fn new(engine: &'e Engine<'e>, site: &'e SiteId) -> Self {
        let now = engine.clock.now();
        Self {
            engine,
            site,
            now,
            checks: Vec::new(),
            puts: Vec::new(),
            deletes: Vec::new(),
            locked_out: Vec::new(),
            policy: None,
        }
    }

    /// The one instant at which all of this is decided.
    #[must_use]
    pub fn now(&self) -> Instant {
        self.now
    }

    /// The site.
    #[must_use]
    pub fn site(&self) -> &'e SiteId {
        self.site
    }

    /// The keys of the site.
    #[must_use]
    pub fn keys(&self) -> Keys<'e> {
        Keys(self.site)
    }

    /// Reads one entry. What is read here must still be so at the commit.
    ///
    /// # Errors
    /// If the store fails.
    pub fn entry(&mut self, key: Key) -> Result<Option<Stored>, Refusal> {
        let entry = self
            .engine
            .get(core::slice::from_ref(&key))?
            .pop()
            .flatten();
        let version = entry.as_ref().map_or(0, |entry| entry.version);
        self.checks.push(Check { key, version });
        Ok(entry)
    }

    /// Reads one record. What is read here must still be so at the commit.
    ///
    /// # Errors
    /// If the store fails or the record is damaged.
    pub fn read<T: Kept>(
        &mut self,
        key: Key,
        what: impl FnOnce() -> String,
    ) -> Result<Option<T>, Refusal> {
        let entry = self.entry(key)?;
        entry
            .map(|entry| codec::decode(&entry.value, what))
            .transpose()
    }

    /// Writes a key. Writing it again takes the place of what was written before.
    pub fn put(&mut self, key: Key, value: Vec<u8>) {
        self.puts.retain(|put| put.key != key);
        self.puts.push(Put { key, value });
    }

    /// Removes a key.
    pub fn delete(&mut self, key: Key) {
        self.deletes.push(key);
    }

    /// Reads a grant.
    ///
    /// # Errors
    /// If the store fails or the record is damaged.
    pub fn grant(&mut self, id: GrantId) -> Result<Option<Loaded>, Refusal> {
        let stored: Option<Chained<Grant>> =
            self.read(self.keys().grant(id), || format!("the grant {id}"))?;
        Ok(stored.map(|stored| Loaded {
            places: stored.body.places(self.keys()),
            issue: stored.body.sessions_of(),
            over: stored.body.state.is_ended(),
            stored,
        }))
    }

    /// Reads the site's policy.
    ///
    /// # Errors
    /// If the store fails or the record is damaged.
    pub fn policy(&mut self) -> Result<Rc<Chained<Policy>>, Refusal> {
        if let Some(read) = &self.policy {
            return Ok(Rc::clone(read));
        }
        let stored = self.entry(self.keys().policy())?;
        let policy = self.engine.policy_stored(self.site, stored)?;
        self.policy = Some(Rc::clone(&policy));
        Ok(policy)
    }

    /// Writes a grant, its history, its delivery and where it is found. The record waits to be put into the site's log. When
    /// it is over from now on, the policy says when its user is retired.
    ///
    /// # Errors
    /// If a record cannot be written down.
    pub fn save(&mut self, loaded: &mut Loaded, note: Note<'_>) -> Result<(), Refusal> {
        if loaded.grant().state.is_ended() && !loaded.over {
            loaded.over = true;
            if loaded.grant().own_user().is_some() {
                let grace = self.policy()?.body.retire_after;
                loaded.grant_mut().retire_at = grace.map(|grace| grace.after(self.now));
            }
        }
        let id = loaded.grant().id;
        let subject = note
            .subject
            .map(str::to_owned)
            .or_else(|| loaded.grant().user.clone());
        self.append(&mut loaded.stored, id.into(), subject, note)?;
        self.put(self.keys().grant(id), codec::encode(&loaded.stored)?);
        let places = loaded.grant().places(self.keys());
        for left in loaded.places.iter().filter(|key| !places.contains(key)) {
            self.delete(left.clone());
        }
        for new in places.iter().filter(|key| !loaded.places.contains(key)) {
            self.put(new.clone(), Vec::new());
        }
        loaded.places = places;
        let issue = loaded.grant().sessions_of();
        if loaded.issue.is_some() && issue != loaded.issue {
            self.lock_out(loaded.grant())?;
        }
        loaded.issue = issue;
        Ok(())
    }

    /// Has the host end the sessions of this grant's user, unless that user has come in by another grant since.
    ///
    /// # Errors
    /// If the store fails.
    pub fn lock_out(&mut self, grant: &Grant) -> Result<(), Refusal> {
        let Some(user) = &grant.user else {
            return Ok(());
        };
        let last: Option<GrantId> = self.read(self.keys().user(user), || "a guest".to_owned())?;
        if last == Some(grant.id) {
            self.locked_out.push(user.clone());
        }
        Ok(())
    }

    /// Writes the site's policy and its history.
    ///
    /// # Errors
    /// If a record cannot be written down.
    pub fn save_policy(
        &mut self,
        stored: &mut Chained<Policy>,
        note: Note<'_>,
    ) -> Result<(), Refusal> {
        self.append(stored, ChainId::POLICY, None, note)?;
        self.put(self.keys().policy(), codec::encode(stored)?);
        self.policy = Some(Rc::new(stored.clone()));
        Ok(())
    }

    /// Records that a grant is over, if it is and nobody did yet. Tells whether it was recorded now.
    ///
    /// # Errors
    /// If a record cannot be written down.
    pub fn settle(&mut self, loaded: &mut Loaded) -> Result<bool, Refusal> {
        if loaded.grant().state.is_ended() || !loaded.grant().is_over(self.now) {
            return Ok(false);
        }
        let now = self.now;
        let bound = loaded
            .grant()
            .end()
            .map(|(_, bound)| bound.as_str().to_owned());
        loaded.grant_mut().apply(Event::End(Reason::Expired, now))?;
        self.save(
            loaded,
            Note::by_engine(Action::Expired).with_some("bound-by", bound),
        )?;
        Ok(true)
    }

    /// Ends a grant whose grantor is no user of the site any more, if the policy says so. Tells whether it did.
    ///
    /// # Errors
    /// If the policy or the directory cannot be read or a record cannot be written down.
    pub fn settle_grantor(&mut self, loaded: &mut Loaded) -> Result<bool, Refusal> {
        if loaded.grant().state.is_ended()
            || self.policy()?.body.grantor_gone == GrantorGone::Withhold
            || self
                .engine
                .standing(self.site, &loaded.grant().grantor)?
                .is_some()
        {
            return Ok(false);
        }
        let now = self.now;
        loaded
            .grant_mut()
            .apply(Event::End(Reason::GrantorGone, now))?;
        let reason = Reason::GrantorGone.as_str();
        self.save(
            loaded,
            Note::by_engine(Action::Expired).with("bound-by", reason),
        )?;
        Ok(true)
    }

    fn append<T: Kept>(
        &mut self,
        stored: &mut Chained<T>,
        chain: ChainId,
        subject: Option<String>,
        note: Note<'_>,
    ) -> Result<(), Refusal> {
        let record = Record {
            chain,
            sequence: stored.head.length,
            at: self.now,
            actor: note.actor.map(str::to_owned),
            subject,
            action: note.action,
            details: note.details,
            previous: stored.head.hash,
            left: stored.left()?,
        };
        let bytes = codec::encode(&record)?;
        let length = record
            .sequence
            .checked_add(1)
            .ok_or_else(|| Code::RecordDamaged.because("This history is too long."))?;
        stored.head = Head {
            length,
            hash: hash(&bytes),
        };
        self.put(
            self.keys().outbox(self.now, chain, record.sequence),
            Vec::new(),
        );
        let waiting = Waiting {
            hash: stored.head.hash,
        };
        self.put(
            self.keys().waiting(chain, record.sequence),
            codec::encode(&waiting)?,
        );
        self.put(self.keys().record(chain, record.sequence), bytes);
        Ok(())
    }
}
