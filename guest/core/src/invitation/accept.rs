//! Accepting an invitation: once, by whom it was sent to, as a user who is there already or as one made for it.
//!
//! A user is made in the same two commits as at the first use of a link ([`crate::entry::redeem`]), under the grant's id as
//! idempotency key. A user who was there before is only named in the grant: nothing marks that user as a guest, and
//! nothing that becomes of the grant touches it.

use crate::codec;
use crate::engine::Engine;
use crate::entry::redeem::{Created, overtaken, round};
use crate::entry::token::{self, Presented};
use crate::grant::address::{can_be_invited, given_to};
use crate::grant::id::GrantId;
use crate::grant::kind::Kind;
use crate::grant::state::Event;
use crate::history::record::Action;
use crate::instant::Instant;
use crate::invitation::pending;
use crate::names::{Origin, SiteId, folded_email, user_id};
use crate::ports::{NewUser, User};
use crate::refusal::{Code, Refusal, quoted};
use crate::transaction::{Decided, Loaded, Note, Transaction};

/// As whom an invitation is accepted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Invitee {
    /// As this user, who is signed in at the host.
    Existing(String),
    /// As a user who is made for it.
    New,
}

/// An invitation was accepted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Accepted {
    /// Which grant.
    pub grant: GrantId,
    /// Who may act by it.
    pub user: String,
    /// Whose account it opens.
    pub account: String,
    /// When it ends.
    pub ends: Option<Instant>,
    /// Where to go.
    pub redirect: Option<String>,
    /// The invited person's language.
    pub locale: Option<String>,
}

impl Engine<'_> {
    /// Accepts an invitation.
    ///
    /// # Errors
    /// [`Code::LinkNotValid`] for strangers; [`Code::WrongUser`], [`Code::SignInFirst`], [`Code::AlreadyAccepted`]; the
    /// reason if it is over.
    pub fn accept(
        &self,
        site: &SiteId,
        token: &str,
        invitee: &Invitee,
        origin: &Origin,
    ) -> Result<Accepted, Refusal> {
        let kind = token::Kind::Invitation;
        self.shown(kind, site, token, origin, |shown| match invitee {
            Invitee::Existing(user) => {
                user_id(user)?;
                self.transact(site, |transaction| {
                    self.accept_as(transaction, shown, user, origin)
                })
                .flatten()
            }
            Invitee::New => self.accept_anew(site, shown, origin),
        })
    }

    fn accept_as(
        &self,
        transaction: &mut Transaction<'_>,
        shown: &Presented,
        user: &str,
        origin: &Origin,
    ) -> Decided<Accepted> {
        let loaded = match self.acceptable(transaction, shown, origin)? {
            Ok(loaded) => loaded,
            Err(refusal) => return Ok(Err(refusal)),
        };
        let Some(user) = self.user(transaction.site(), user)? else {
            return Err(
                Code::UnknownActor.because(format!("This site has no user {}.", quoted(user)))
            );
        };
        if folded_email(&user.email) != folded_email(&loaded.grant().guest.email) {
            return Err(wrong_user(&user));
        }
        can_be_invited(&user, &loaded.grant().grantor)?;
        // Sent before that user was made: the rule of inviting holds here too.
        if let Some(given) = given_to(transaction, &user.id)? {
            if given.kind != Kind::Invitation {
                return Err(Code::EmailInUse.because(
                    "You are a guest of this site by a link or a password of your own, so you cannot accept an invitation as that user. Ask the person who invited you to remove that user first.",
                ));
            }
            if given.is_retiring() {
                return Err(Code::UserGone.because(
                    "Your user on this site is being removed. Ask the person who invited you to do so again.",
                ));
            }
            // Whoever retires this user at this moment decides anew, and sees that they may act here.
            let mark = transaction.keys().user(&user.id);
            transaction.put(mark, codec::encode(&given.id)?);
        }
        // A user may have been made for it that nobody holds yet: that one is cleared up first.
        if loaded.grant().loose_since.is_some() {
            return Err(overtaken());
        }
        self.joined(transaction, loaded, &user.id, true, origin)
            .map(Ok)
    }

    fn accept_anew(
        &self,
        site: &SiteId,
        shown: &Presented,
        origin: &Origin,
    ) -> Result<Accepted, Refusal> {
        let (new, since) = self
            .transact(site, |transaction| {
                self.begin_anew(transaction, shown, origin)
            })
            .flatten()?;
        let created = Created {
            user: self
                .directory(site, |directory, site| directory.create(site, &new))?
                .id,
            since,
        };
        let accepted = self
            .transact(site, |transaction| {
                self.finish_anew(transaction, shown, &created, origin)
            })
            .flatten();
        if accepted.is_err() {
            self.leave_to_sweep(site, shown.grant, &created);
        }
        accepted
    }

    /// The first commit: from here on the sweep knows that a user may exist that nobody holds.
    fn begin_anew(
        &self,
        transaction: &mut Transaction<'_>,
        shown: &Presented,
        origin: &Origin,
    ) -> Decided<(NewUser, Instant)> {
        let mut loaded = match self.acceptable(transaction, shown, origin)? {
            Ok(loaded) => loaded,
            Err(refusal) => return Ok(Err(refusal)),
        };
        let grant = loaded.grant();
        let new = NewUser::of(grant, None);
        let site = transaction.site();
        let known = self.directory(site, |directory, site| {
            directory.find_by_email(site, &new.email)
        })?;
        if let Some(known) = known {
            let made = self.directory(site, |directory, site| {
                directory.find_by_key(site, &new.key)
            })?;
            if made.as_ref() != Some(&known.id) {
                return Err(Code::SignInFirst
                    .because("This site has a user of the invited address already. Sign in as that user, then accept."));
            }
        }
        Ok(Ok((new, round(transaction, &mut loaded)?)))
    }

    /// The second commit.
    fn finish_anew(
        &self,
        transaction: &mut Transaction<'_>,
        shown: &Presented,
        created: &Created,
        origin: &Origin,
    ) -> Decided<Accepted> {
        let loaded = match self.acceptable(transaction, shown, origin)? {
            Ok(loaded) => loaded,
            Err(refusal) => return Ok(Err(refusal)),
        };
        let grant = loaded.grant();
        if !grant.is_provisioning() || grant.loose_since != Some(created.since) {
            return Err(overtaken());
        }
        let accepted = self.joined(transaction, loaded, &created.user, false, origin)?;
        let marked = transaction.keys().user(&created.user);
        transaction.put(marked, codec::encode(&accepted.grant)?);
        Ok(Ok(accepted))
    }

    fn acceptable(
        &self,
        transaction: &mut Transaction<'_>,
        shown: &Presented,
        origin: &Origin,
    ) -> Decided<Loaded> {
        let pending = pending(transaction, shown)?;
        if let Ok(loaded) = &pending {
            self.entry_reviewed(transaction, loaded.grant(), origin)?;
        }
        Ok(pending)
    }

    /// From now on this user may act by the grant.
    fn joined(
        &self,
        transaction: &mut Transaction<'_>,
        mut loaded: Loaded,
        user: &str,
        borrowed: bool,
        origin: &Origin,
    ) -> Result<Accepted, Refusal> {
        let now = transaction.now();
        let longest = transaction.policy()?.body.longest_window;
        let grant = loaded.grant_mut();
        grant.apply(Event::Use)?;
        grant.user = Some(user.to_owned());
        grant.borrowed = borrowed;
        grant.loose_since = None;
        grant.first_used = Some(now);
        grant.last_used = Some(now);
        grant.uses = grant.uses.saturating_add(1);
        grant.term = grant.term.begun(now, longest);
        let accepted = Accepted {
            grant: grant.id,
            user: user.to_owned(),
            account: grant.grantor.clone(),
            ends: grant.end().map(|(at, _)| at),
            redirect: grant.redirect.clone(),
            locale: grant.guest.locale.clone(),
        };
        let note = Note::by(user, Action::Accepted)
            .to(&accepted.account)
            .with("as", if borrowed { "existing" } else { "new" })
            .with_some("address", origin.address.clone());
        transaction.save(&mut loaded, note)?;
        Ok(accepted)
    }
}

/// Says whose session it is and nothing of whom the invitation is for.
fn wrong_user(user: &User) -> Refusal {
    Code::WrongUser.because(format!(
        "You are signed in as {}, and this invitation is for another address. Sign out, then open it again and accept as the person it was sent to.",
        quoted(&user.email)
    ))
}
