//! What happens to a grant after it was made, by those who may: extend, suspend, resume, revoke, reissue.

use crate::engine::Engine;
use crate::entry::password;
use crate::entry::token;
use crate::grant::Grant;
use crate::grant::authority::{Authority, grant_id};
use crate::grant::create::{Issued, issued, token_of};
use crate::grant::kind::Kind;
use crate::grant::power::Power;
use crate::grant::state::{Event, Reason};
use crate::grant::term::Extension;
use crate::grant::view::View;
use crate::history::record::{Action, Details};
use crate::invitation::already_accepted;
use crate::names::{Actor, SiteId};
use crate::ports::Credentials;
use crate::refusal::{Code, Refusal};
use crate::transaction::{Note, Transaction, refused};

impl Engine<'_> {
    /// The grant as it stands.
    ///
    /// # Errors
    /// [`crate::Code::UnknownGrant`], or if the actor may not.
    pub fn grant(&self, actor: &Actor, id: &str) -> Result<View, Refusal> {
        let authority = Authority::of(self, actor)?;
        let id = grant_id(id)?;
        self.transact(&actor.site, |transaction| {
            Ok(View::new(
                authority.grant(transaction, id)?.into_grant(),
                transaction.now(),
            ))
        })
    }

    /// Moves the end.
    ///
    /// # Errors
    /// As [`crate::grant::term::Term::extended`]; [`crate::Code::GrantEnded`]
    pub fn extend(&self, actor: &Actor, id: &str, by: Extension) -> Result<View, Refusal> {
        self.change(
            actor,
            id,
            Event::Change,
            Action::Extended,
            &mut |transaction, grant| {
                let longest = transaction.policy()?.body.longest_window;
                grant.term = grant.term.extended(by, transaction.now(), longest)?;
                Ok(Details::new())
            },
        )
    }

    /// Stops access until it is resumed.
    ///
    /// # Errors
    /// [`crate::Code::AlreadySuspended`], [`crate::Code::GrantEnded`]
    pub fn suspend(&self, actor: &Actor, id: &str) -> Result<View, Refusal> {
        self.change(actor, id, Event::Suspend, Action::Suspended, &mut |_, _| {
            Ok(Details::new())
        })
    }

    /// Lets access go on.
    ///
    /// # Errors
    /// [`crate::Code::NotSuspended`], [`crate::Code::GrantEnded`]
    pub fn resume(&self, actor: &Actor, id: &str) -> Result<View, Refusal> {
        self.change(actor, id, Event::Resume, Action::Resumed, &mut |_, _| {
            Ok(Details::new())
        })
    }

    /// Ends a grant for good. Ended ones stay as they are.
    ///
    /// # Errors
    /// [`crate::Code::UnknownGrant`], or if the actor may not.
    pub fn revoke(&self, actor: &Actor, id: &str) -> Result<View, Refusal> {
        let authority = Authority::of(self, actor)?;
        let id = grant_id(id)?;
        self.transact(&actor.site, |transaction| {
            let mut loaded = authority.grant(transaction, id)?;
            let now = transaction.now();
            if loaded.grant().state.is_ended() {
                // Said again, in case the host did not hear it the first time.
                transaction.lock_out(loaded.grant())?;
            } else if !transaction.settle(&mut loaded)? {
                loaded.grant_mut().apply(Event::End(Reason::Revoked, now))?;
                transaction.save(&mut loaded, Note::by(&actor.user, Action::Revoked))?;
            }
            Ok(View::new(loaded.into_grant(), now))
        })
    }

    /// A new secret of the same kind. The earlier one is dead and its sessions are over. An invitation waits as long as it
    /// did at first, from now on.
    ///
    /// A new password is the host's to keep, so it is set there within the decision: of two who reissue at once, the one who
    /// commits last has set it last. If the commit fails, nobody knows the password in force; reissuing again helps.
    ///
    /// # Errors
    /// [`crate::Code::GrantEnded`], [`crate::Code::AlreadyAccepted`], [`crate::Code::UserGone`]
    pub fn reissue(&self, actor: &Actor, id: &str) -> Result<Issued, Refusal> {
        let authority = Authority::of(self, actor)?;
        let mut shown = None;
        // What the answer tells is read before the commit: afterwards nothing may go wrong, the secret is shown only here.
        let mut power = Power::NONE;
        let view = self.change(
            actor,
            id,
            Event::Change,
            Action::Reissued,
            &mut |transaction, grant| {
                let policy = &transaction.policy()?.body;
                let grantor = self.standing(&actor.site, &grant.grantor)?;
                power = Power::new(&grant.scope, &authority.catalogue, policy, grantor.as_ref());
                if grant.kind == Kind::Invitation {
                    if grant.user.is_some() {
                        return Err(already_accepted());
                    }
                    grant.term = grant.term.waiting_anew(transaction.now());
                }
                shown = Some(self.fresh_secret(&actor.site, grant)?);
                grant.issue = grant.issue.saturating_add(1);
                grant.uses = 0;
                // A new link is held to the policy of today.
                grant.uses_allowed = [grant.uses_allowed, policy.most_uses]
                    .into_iter()
                    .flatten()
                    .min();
                Ok(Details::new())
            },
        )?;
        let shown =
            shown.ok_or_else(|| Code::Contended.because("Nothing was issued. Try again."))?;
        Ok(issued(&authority, view, shown, &power))
    }

    /// A new secret in the place of the grant's.
    fn fresh_secret(&self, site: &SiteId, grant: &mut Grant) -> Result<token::Issued, Refusal> {
        if grant.kind != Kind::Password {
            let (pass, digest) = token::issue(token_of(grant.kind), grant.id, self.random);
            grant.secret = digest;
            return Ok(pass);
        }
        let Some(user) = &grant.user else {
            return Err(Code::Contended.because(
                "The guest's user is being made at this moment. Nothing was changed; try again in a few minutes.",
            ));
        };
        if self.standing(site, user)?.is_none() {
            return Err(Code::UserGone
                .because("The guest's user was deleted from this site. Revoke this grant and make a new one."));
        }
        let password = password::generate(self.random);
        let credentials = Credentials {
            login: None,
            password: password.for_the_host(),
        };
        let login = self.directory(site, |directory, site| {
            directory.set_credentials(site, user, &credentials)
        })?;
        grant.login = login;
        Ok(password)
    }

    /// One change to an open grant: who may, whether its state allows it, the change itself, its history.
    pub(crate) fn change(
        &self,
        actor: &Actor,
        id: &str,
        event: Event,
        action: Action,
        with: Change<'_>,
    ) -> Result<View, Refusal> {
        let authority = Authority::of(self, actor)?;
        let id = grant_id(id)?;
        self.transact(&actor.site, |transaction| {
            let mut loaded = authority.grant(transaction, id)?;
            let now = transaction.now();
            let settled = transaction.settle(&mut loaded)?;
            // While the site is deactivated nothing is handed out, only taken back.
            if event != Event::Suspend {
                transaction.policy()?.body.active()?;
            }
            if let Err(refusal) = loaded.grant_mut().apply(event) {
                return refused(refusal, settled);
            }
            let before = loaded.grant().end();
            let length_before = loaded.grant().term.from_first_use();
            let details = with(transaction, loaded.grant_mut())?;
            let moved = loaded.grant().end().filter(|end| Some(*end) != before);
            let length = loaded.grant().term.from_first_use();
            let length = length.filter(|length| Some(*length) != length_before);
            let mut note = Note::by(&actor.user, action);
            note.details = details;
            let note = note
                .with_some("ends", moved.map(|(at, _)| at.to_string()))
                .with_some("from-first-use", length.map(|length| length.to_string()))
                .with_some(
                    "bound-by",
                    moved.map(|(_, bound)| bound.as_str().to_owned()),
                );
            transaction.save(&mut loaded, note)?;
            Ok(Ok(View::new(loaded.into_grant(), now)))
        })?
    }
}

/// What a change does to the grant, and what history says of it beside the end that moved. Behind a pointer, so that all that
/// is around it is compiled once.
pub(crate) type Change<'a> =
    &'a mut dyn FnMut(&mut Transaction<'_>, &mut Grant) -> Result<Details, Refusal>;
