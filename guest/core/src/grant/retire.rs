//! Retiring: clearing up what is left of a grant. A user who was made for it is deleted at the host, by an explicit decision
//! about the content; one who was there before is only forgotten by the grant.
//!
//! The user is not in the store, so retiring takes two commits:
//!
//! 1. the grant is over and the decision is written down: from here on nobody comes back as that user, and the sweep finishes
//!    what a crash leaves undone;
//! 2. the host deletes the user;
//! 3. the second commit makes the grant *retired* and takes the mark of a guest off that user.

use crate::codec;
use crate::engine::Engine;
use crate::grant::Grant;
use crate::grant::authority::{Authority, grant_id};
use crate::grant::id::GrantId;
use crate::grant::list::named_by;
use crate::grant::state::{Event, Reason, State};
use crate::grant::view::View;
use crate::history::record::Action;
use crate::names::{Actor, SiteId};
use crate::ports::ContentDecision;
use crate::refusal::{Code, Refusal, quoted};
use crate::transaction::{Loaded, Note, Transaction};

/// Who or what holds the user of a grant that is to be retired.
enum Holder {
    /// Nobody: there is none, or no guest's any more, or who there is was there before.
    Nobody,
    /// This grant alone.
    ThisGrant,
    /// A later grant of the same guest.
    Later(Box<Grant>),
    /// Another grant that is not over: that of an account in which the user may act, or one that is being made.
    Another(Box<Grant>),
    /// The site: it has given the user power of their own since.
    Site,
}

impl Engine<'_> {
    /// Retires a grant, which is revoked first if it is not over. Retiring twice changes nothing; while the host has not
    /// deleted the user yet, the later decision counts.
    ///
    /// # Errors
    /// [`Code::UserHeld`], [`Code::UnknownHeir`], [`Code::Contended`], or if the host would not delete the user now: it is
    /// decided then, and the sweep tries again.
    pub fn retire(
        &self,
        actor: &Actor,
        id: &str,
        content: &ContentDecision,
    ) -> Result<View, Refusal> {
        let authority = Authority::of(self, actor)?;
        let id = grant_id(id)?;
        let site = &actor.site;
        self.transact(site, |transaction| {
            let mut loaded = authority.grant(transaction, id)?;
            transaction.settle(&mut loaded)?;
            let now = transaction.now();
            if loaded.grant().loose_since.is_some() {
                return Err(Code::Contended.because(
                    "The guest's user is being made or cleared up at this moment. Nothing was changed; try again in a few minutes.",
                ));
            }
            if !loaded.grant().state.is_ended() {
                loaded.grant_mut().apply(Event::End(Reason::Revoked, now))?;
                transaction.save(&mut loaded, Note::by(&actor.user, Action::Revoked))?;
            }
            let note = |action| Note::by(&actor.user, action);
            match self.holder(transaction, loaded.grant())? {
                Holder::Nobody => {
                    forget(transaction, &mut loaded, note(Action::Retired)).map(drop)
                }
                Holder::ThisGrant => {
                    self.heir(site, content, loaded.grant().own_user())?;
                    decide(transaction, &mut loaded, content, note(Action::Retiring))
                }
                Holder::Later(other) => Err(authority.held_by(
                    &other,
                    "This guest came back, and has the same user as before",
                )),
                Holder::Another(other) => {
                    Err(authority.held_by(&other, "This guest's user has other access as well"))
                }
                Holder::Site => Err(Code::UserHeld.because(
                    "The site has given this user a role of their own meanwhile, so it is no guest's user any more. Take the role away first, or leave the user as it is.",
                )),
            }
        })?;
        self.finish_retiring(site, id)?;
        self.transact(site, |transaction| {
            let grant = authority.grant(transaction, id)?.into_grant();
            Ok(View::new(grant, transaction.now()))
        })
    }

    /// Retires a grant whose time has come. Without anybody's decision the content is kept, and a user whom something else
    /// holds is left alone. Tells whether it is retired now.
    pub(crate) fn retire_due(&self, site: &SiteId, id: GrantId) -> Result<bool, Refusal> {
        let forgotten = self.transact(site, |transaction| {
            let now = transaction.now();
            let Some(mut loaded) = transaction.grant(id)? else {
                return Ok(false);
            };
            if !loaded.grant().is_to_retire(now) || loaded.grant().is_retiring() {
                return Ok(false);
            }
            match self.holder(transaction, loaded.grant())? {
                Holder::ThisGrant => {
                    let note = Note::by_engine(Action::Retiring);
                    decide(transaction, &mut loaded, &ContentDecision::Keep, note)?;
                }
                Holder::Another(other) => {
                    let grace = transaction.policy()?.body.retire_after;
                    loaded.grant_mut().retire_at = grace.map(|grace| grace.after(now));
                    let note = Note::by_engine(Action::Retiring);
                    let note = note.with("waits-for", other.id.to_string());
                    transaction.save(&mut loaded, note)?;
                }
                Holder::Nobody | Holder::Later(_) | Holder::Site => {
                    return forget(transaction, &mut loaded, Note::by_engine(Action::Retired));
                }
            }
            Ok(false)
        })?;
        Ok(self.finish_retiring(site, id)? || forgotten)
    }

    /// Has the host delete the user as it was decided, and writes down that it is done. Tells whether it was to be done.
    fn finish_retiring(&self, site: &SiteId, id: GrantId) -> Result<bool, Refusal> {
        let grant = self.transact(site, |transaction| {
            Ok(transaction.grant(id)?.map(Loaded::into_grant))
        })?;
        let Some(grant) = grant.filter(Grant::is_retiring) else {
            return Ok(false);
        };
        if let (Some(user), Some(content)) = (grant.own_user(), &grant.content) {
            self.delete_guest(site, user, content)?;
        }
        self.transact(site, |transaction| match transaction.grant(id)? {
            Some(mut loaded) => forget(transaction, &mut loaded, Note::by_engine(Action::Retired)),
            None => Ok(false),
        })
    }

    fn holder(&self, transaction: &mut Transaction<'_>, grant: &Grant) -> Result<Holder, Refusal> {
        let Some(user) = grant.own_user() else {
            return Ok(Holder::Nobody);
        };
        let mark = transaction.keys().user(user);
        let marked: Option<GrantId> = transaction.read(mark, || "a guest".to_owned())?;
        let Some(marked) = marked else {
            // Another grant of this guest was retired, and the user with it.
            return Ok(Holder::Nobody);
        };
        if marked != grant.id
            && let Some(other) = transaction.grant(marked)?.map(Loaded::into_grant)
        {
            if other.user.as_ref() == Some(user) {
                return Ok(Holder::Later(Box::new(other)));
            }
            // Its user is being set, or it came to nothing.
            if !other.state.is_ended() {
                return Ok(Holder::Another(Box::new(other)));
            }
        }
        if let Some(other) = self.acts_elsewhere(transaction, grant.id, user)? {
            return Ok(Holder::Another(Box::new(other)));
        }
        let standing = self.standing(transaction.site(), user)?;
        Ok(if standing.is_some_and(|standing| standing.has_power()) {
            Holder::Site
        } else {
            Holder::ThisGrant
        })
    }

    /// A grant but this one by which the user may act in somebody's account. Whoever accepts one later writes the user's mark,
    /// which was read before.
    fn acts_elsewhere(
        &self,
        transaction: &mut Transaction<'_>,
        this: GrantId,
        user: &str,
    ) -> Result<Option<Grant>, Refusal> {
        const PAGE: u32 = 100;
        let keys = transaction.keys();
        let mut start = keys.member(user, GrantId::from_bytes([0; 16]));
        loop {
            let page = self.scan(&start, &keys.member_end(user), PAGE, false)?;
            let Some(last) = page.last() else {
                return Ok(None);
            };
            start.clone_from(&last.key);
            start.push(0);
            for id in page.iter().filter_map(|entry| named_by(keys, &entry.key)) {
                let other = transaction.grant(id)?.map(Loaded::into_grant);
                let now = transaction.now();
                if let Some(other) = other
                    && other.id != this
                    && other.member() == Some(user)
                    && !other.is_over(now)
                {
                    return Ok(Some(other));
                }
            }
        }
    }

    /// Whether there is somebody to take the content over who is not about to be deleted.
    pub(crate) fn heir(
        &self,
        site: &SiteId,
        content: &ContentDecision,
        leaving: Option<&String>,
    ) -> Result<(), Refusal> {
        let ContentDecision::HandOver(heir) = content else {
            return Ok(());
        };
        let is_guest = self.is_guest(site, heir)?;
        if !is_guest && leaving != Some(heir) && self.standing(site, heir)?.is_some() {
            return Ok(());
        }
        Err(Code::UnknownHeir
            .because(format!(
                "The content can be handed over to a user of the site who is no guest, and {} is none.",
                quoted(heir)
            ))
            .about("content"))
    }

    /// Deletes the user of a guest, also one whom the host does not see at this moment; nobody who is an owner by now. Tells
    /// whether there was one.
    pub(crate) fn delete_guest(
        &self,
        site: &SiteId,
        user: &str,
        content: &ContentDecision,
    ) -> Result<bool, Refusal> {
        let standing = self.standing(site, user)?;
        if standing.as_ref().is_some_and(|standing| standing.owner) {
            return Ok(false);
        }
        self.directory(site, |directory, site| {
            directory.delete(site, user, content)
        })?;
        Ok(standing.is_some())
    }
}

impl Authority {
    /// Names the other grant to those who may see it.
    fn held_by(&self, other: &Grant, how: &str) -> Refusal {
        let which = if self.covers(other) {
            format!("by grant `{}`", other.id)
        } else {
            "by a grant of somebody else".to_owned()
        };
        Code::UserHeld.because(format!(
            "{how}: {which}. Nothing was changed; end and retire that one instead."
        ))
    }
}

/// The first commit. Saying the same again changes nothing.
fn decide(
    transaction: &mut Transaction<'_>,
    loaded: &mut Loaded,
    content: &ContentDecision,
    note: Note<'_>,
) -> Result<(), Refusal> {
    let now = transaction.now();
    if loaded.grant().content.as_ref() == Some(content) {
        return Ok(());
    }
    let grant = loaded.grant_mut();
    grant.content = Some(content.clone());
    grant.retire_at = Some(now);
    // Whoever would come back as that user finds this, also if a later grant came to nothing.
    if let Some(user) = grant.own_user() {
        let mark = transaction.keys().user(user);
        transaction.put(mark, codec::encode(&grant.id)?);
    }
    let note = match content {
        ContentDecision::Keep => note.with("content", "keep"),
        ContentDecision::HandOver(heir) => note.with("hand-over", heir.as_str()),
    };
    transaction.save(loaded, note)
}

/// The last commit: the grant names no user any more, and the user is no guest's by it. Tells whether that is new.
fn forget(
    transaction: &mut Transaction<'_>,
    loaded: &mut Loaded,
    note: Note<'_>,
) -> Result<bool, Refusal> {
    if matches!(loaded.grant().state, State::Retired(..)) {
        return Ok(false);
    }
    let grant = loaded.grant_mut();
    grant.apply(Event::Retire)?;
    grant.retire_at = None;
    let (id, user) = (grant.id, grant.user.take());
    let Some(user) = user else {
        return transaction.save(loaded, note).map(|()| true);
    };
    let mark = transaction.keys().user(&user);
    let marked: Option<GrantId> = transaction.read(mark.clone(), || "a guest".to_owned())?;
    if marked == Some(id) {
        transaction.delete(mark);
    }
    transaction.save(loaded, note.to(&user)).map(|()| true)
}
