//! Redeeming a link: exactly as often as it may be, under any race, and never half-done.
//!
//! The guest's user is created outside the store, so the first redemption is a saga in two commits:
//!
//! 1. the grant is written as *provisioning*: from here on the sweep knows that a user may exist that nobody holds;
//! 2. the user is created, under the grant's id as idempotency key, so that all who race create one;
//! 3. the second commit counts the use, starts a window that counts from it, and begins the session.
//!
//! Whatever stops it in between, the link still works, or the sweep undoes what was left.

use crate::engine::Engine;
use crate::entry::admission::Admission;
use crate::entry::proven;
use crate::entry::token::{Kind, Presented};
use crate::grant::id::GrantId;
use crate::grant::kind::Kind as GrantKind;
use crate::grant::state::{Event, Open, State};
use crate::history::record::Action;
use crate::instant::Instant;
use crate::names::{Origin, SiteId};
use crate::ports::{Level, NewUser};
use crate::refusal::{Code, Refusal};
use crate::transaction::{Decided, Loaded, Note, Transaction};

/// What a look at the link came to.
enum Step {
    /// The user is there: go on.
    Enter,
    /// The user has to be created first, in the round that began at this instant.
    Provision(NewUser, Instant),
}

/// A user that was created for this redemption or acceptance, in the round that began at `since`.
pub(crate) struct Created {
    pub(crate) user: String,
    pub(crate) since: Instant,
}

impl Engine<'_> {
    /// Uses the link and begins a session.
    ///
    /// # Errors
    /// [`Code::LinkNotValid`] for strangers; the reason for who holds the right secret; [`Code::LockedOut`] for everybody
    /// while too many strangers try.
    pub fn redeem(&self, site: &SiteId, pass: &str, origin: &Origin) -> Result<Admission, Refusal> {
        self.shown(Kind::Pass, site, pass, origin, |shown| {
            self.redeem_shown(site, shown, origin)
        })
    }

    fn redeem_shown(
        &self,
        site: &SiteId,
        shown: &Presented,
        origin: &Origin,
    ) -> Result<Admission, Refusal> {
        let created =
            match self.transact(site, |transaction| self.begin(transaction, shown, origin))?? {
                Step::Enter => None,
                Step::Provision(new, since) => Some(Created {
                    user: self
                        .directory(site, |directory, site| directory.create(site, &new))?
                        .id,
                    since,
                }),
            };
        let entered = self
            .transact(site, |transaction| {
                self.enter(transaction, shown, origin, created.as_ref())
            })
            .flatten();
        if let (Err(_), Some(created)) = (&entered, &created) {
            self.leave_to_sweep(site, shown.grant, created);
        }
        entered
    }

    /// The first commit, where one is needed.
    fn begin(
        &self,
        transaction: &mut Transaction<'_>,
        shown: &Presented,
        origin: &Origin,
    ) -> Decided<Step> {
        let mut loaded = match self.admitted(transaction, shown, origin)? {
            Ok(loaded) => loaded,
            Err(refusal) => return Ok(Err(refusal)),
        };
        let grant = loaded.grant();
        if let Some(user) = &grant.user {
            return match self.standing(transaction.site(), user)? {
                Some(_) => Ok(Ok(Step::Enter)),
                None => Err(Code::UserGone.because(
                    "Your user on this site was deleted. Ask the person who sent the link for a new one.",
                )),
            };
        }
        let new = NewUser::of(grant, None);
        let since = round(transaction, &mut loaded)?;
        Ok(Ok(Step::Provision(new, since)))
    }

    /// The second commit: the use, the window, the session and the record of it, all at once.
    fn enter(
        &self,
        transaction: &mut Transaction<'_>,
        shown: &Presented,
        origin: &Origin,
        created: Option<&Created>,
    ) -> Decided<Admission> {
        let mut loaded = match self.admitted(transaction, shown, origin)? {
            Ok(loaded) => loaded,
            Err(refusal) => return Ok(Err(refusal)),
        };
        let grant = loaded.grant();
        // Without a user yet, the one created in this very round is it; one from a round that was undone is deleted.
        let made = created
            .filter(|made| grant.is_provisioning() && grant.loose_since == Some(made.since))
            .map(|created| created.user.clone());
        let user = grant.user.clone().or(made).ok_or_else(overtaken)?;
        self.admit(transaction, &mut loaded, user, origin, Action::Redeemed)
            .map(Ok)
    }

    /// The grant behind a link that may be redeemed now.
    fn admitted(
        &self,
        transaction: &mut Transaction<'_>,
        shown: &Presented,
        origin: &Origin,
    ) -> Decided<Loaded> {
        let loaded = proven(transaction.grant(shown.grant)?, shown, GrantKind::Link)?;
        self.open_for(transaction, loaded, origin)
    }

    /// After a user was created for what came to nothing: the sweep must know of that user. It does while the grant is in
    /// the round it was created in; if that round was cleared up meanwhile, a new one begins.
    ///
    /// Nothing is deleted here: others of the same round may be about to enter with that user.
    pub(crate) fn leave_to_sweep(&self, site: &SiteId, id: GrantId, created: &Created) {
        let noted = self.transact(site, |transaction| {
            let Some(mut loaded) = transaction.grant(id)? else {
                return Ok(());
            };
            let now = transaction.now();
            let grant = loaded.grant_mut();
            if grant.user.as_ref() == Some(&created.user)
                || grant.loose_since == Some(created.since)
            {
                return Ok(());
            }
            grant.loose_since = Some(now);
            transaction.save(
                &mut loaded,
                Note::by_engine(Action::Repaired).with("step", "found"),
            )
        });
        if let Err(refusal) = noted {
            self.log.write(
                Level::Error,
                &format!("a user without a grant may be left of grant {id}: {refusal}"),
            );
        }
    }
}

/// The round in which the grant's user is created: one that is under way, or else one that begins with this decision.
pub(crate) fn round(
    transaction: &mut Transaction<'_>,
    loaded: &mut Loaded,
) -> Result<Instant, Refusal> {
    let now = transaction.now();
    let grant = loaded.grant_mut();
    match (grant.state, grant.loose_since) {
        // Somebody else is creating the user: join them, one key is one user.
        (State::Open(Open::Provisioning), Some(since)) => Ok(since),
        (_, Some(_)) => Err(overtaken()),
        (_, None) => {
            grant.apply(Event::Provision)?;
            grant.loose_since = Some(now);
            transaction.save(loaded, Note::by_engine(Action::Provisioning))?;
            Ok(now)
        }
    }
}

/// Creating the user took so long that it was undone meanwhile, or that is happening right now.
pub(crate) fn overtaken() -> Refusal {
    Code::Contended.because("An earlier try with this link is being cleared up. Nothing was used; try again in a few minutes.")
}
