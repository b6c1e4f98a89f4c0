//! Redeeming a link: exactly as often as it may be, under any race, and never half-done.
//!
//! The guest's user is created outside the store, so the first redemption is a saga in two commits:
//!
//! 1. the grant is written as *provisioning*: from here on the sweep knows that a user may exist that nobody holds;
//! 2. the user is created, under the grant's id as idempotency key, so that all who race create one;
//! 3. the second commit counts the use, starts a window that counts from it, and begins the session.
//!
//! Whatever stops it in between, the link still works, or the sweep undoes what was left.

use crate::codec;
use crate::engine::Engine;
use crate::entry::session;
use crate::entry::token::{self, Kind, Presented};
use crate::entry::{link_not_valid, proven, uses_left};
use crate::grant::Grant;
use crate::grant::create::hook_failed;
use crate::grant::id::GrantId;
use crate::grant::kind::Kind as GrantKind;
use crate::grant::state::{Event, Open, State};
use crate::history::record::Action;
use crate::instant::Instant;
use crate::names::{Origin, SiteId};
use crate::ports::{Attempt, Level, NewUser};
use crate::refusal::{Code, Refusal};
use crate::transaction::{Loaded, Note, Transaction};

/// Somebody is in.
pub struct Admission {
    /// The new session.
    pub session: token::Issued,
    /// Which grant.
    pub grant: GrantId,
    /// The host's user.
    pub user: String,
    /// When it ends.
    pub ends: Option<Instant>,
    /// Where to go.
    pub redirect: Option<String>,
    /// The guest's language.
    pub locale: Option<String>,
}

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
        let shown = token::present(Kind::Pass, pass).ok_or_else(link_not_valid)?;
        self.not_locked_out(site, shown.grant, Some(origin))?;
        let redeemed = self.redeem_shown(site, &shown, origin);
        if let Err(refusal) = &redeemed
            && refusal.code == Code::LinkNotValid
        {
            self.count_wrong(site, &shown, origin);
        }
        redeemed
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
                    user: self.directory(site, |directory, site| directory.create(site, &new))?,
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
    ) -> Result<Result<Step, Refusal>, Refusal> {
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
        let new = new_user(grant);
        match (grant.state, grant.loose_since) {
            // Somebody else is creating the user: join them, one key is one user.
            (State::Open(Open::Provisioning), Some(since)) => Ok(Ok(Step::Provision(new, since))),
            (_, Some(_)) => Err(overtaken()),
            (_, None) => {
                let now = transaction.now();
                let grant = loaded.grant_mut();
                grant.apply(Event::Provision)?;
                grant.loose_since = Some(now);
                transaction.save(&mut loaded, Note::by_engine(Action::Provisioning))?;
                Ok(Ok(Step::Provision(new, now)))
            }
        }
    }

    /// The second commit: the use, the window, the session and the record of it, all at once.
    fn enter(
        &self,
        transaction: &mut Transaction<'_>,
        shown: &Presented,
        origin: &Origin,
        created: Option<&Created>,
    ) -> Result<Result<Admission, Refusal>, Refusal> {
        let mut loaded = match self.admitted(transaction, shown, origin)? {
            Ok(loaded) => loaded,
            Err(refusal) => return Ok(Err(refusal)),
        };
        let now = transaction.now();
        let longest = transaction.policy()?.body.longest_window;
        let grant = loaded.grant_mut();
        // Without a user yet, the one created in this very round is it; one from a round that was undone is deleted.
        let made = created
            .filter(|made| grant.is_provisioning() && grant.loose_since == Some(made.since))
            .map(|created| created.user.clone());
        let user = grant.user.clone().or(made).ok_or_else(overtaken)?;
        grant.apply(Event::Use)?;
        grant.user = Some(user.clone());
        grant.loose_since = None;
        if grant.first_used.is_none() {
            grant.first_used = Some(now);
            grant.term = grant.term.begun(now, longest);
        }
        grant.last_used = Some(now);
        grant.uses = grant.uses.saturating_add(1);
        let (session, name) = session::begin(self, transaction, loaded.grant(), &user, origin)?;
        let grant = loaded.grant();
        let admission = Admission {
            session,
            grant: grant.id,
            user: user.clone(),
            ends: grant.end().map(|(at, _)| at),
            redirect: grant.redirect.clone(),
            locale: grant.guest.locale.clone(),
        };
        let marked = transaction.keys().user(&user);
        transaction.put(marked, codec::encode(&shown.grant)?);
        let note = Note::by(&user, Action::Redeemed)
            .with("session", name)
            .with_some("address", origin.address.clone());
        transaction.save(&mut loaded, note)?;
        Ok(Ok(admission))
    }

    /// The grant behind a link that may be redeemed now. The inner refusal is for a grant seen to be over, which is
    /// written down.
    fn admitted(
        &self,
        transaction: &mut Transaction<'_>,
        shown: &Presented,
        origin: &Origin,
    ) -> Result<Result<Loaded, Refusal>, Refusal> {
        let mut loaded = proven(transaction.grant(shown.grant)?, shown, GrantKind::Link)?;
        let settled =
            transaction.settle(&mut loaded)? || transaction.settle_grantor(&mut loaded)?;
        let grant = loaded.grant();
        if let Err(refusal) = grant.usable(transaction.now()) {
            return if settled {
                Ok(Err(refusal))
            } else {
                Err(refusal)
            };
        }
        uses_left(grant)?;
        self.entry_reviewed(transaction, grant, origin)?;
        Ok(Ok(loaded))
    }

    /// Whether the site lets anybody in, and extensions this one.
    pub(crate) fn entry_reviewed(
        &self,
        transaction: &mut Transaction<'_>,
        grant: &Grant,
        origin: &Origin,
    ) -> Result<(), Refusal> {
        transaction.policy()?.body.active()?;
        let attempt = Attempt {
            grant: grant.id,
            grantor: grant.grantor.clone(),
            email: grant.guest.email.clone(),
            uses: grant.uses,
            origin: origin.clone(),
        };
        match self
            .hooks
            .review_entry(transaction.site().as_str(), &attempt)
            .map_err(|why| hook_failed(&why))?
        {
            Some(why) => Err(Code::Vetoed.because(why)),
            None => Ok(()),
        }
    }

    /// After a user was created and nobody came in as it: the sweep must know of that user. It does while the grant is in
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

/// Creating the user took so long that it was undone meanwhile, or that is happening right now.
pub(crate) fn overtaken() -> Refusal {
    Code::Contended.because("An earlier try with this link is being cleared up. Nothing was used; try again in a few minutes.")
}

pub(crate) fn new_user(grant: &Grant) -> NewUser {
    NewUser {
        key: grant.id.to_string(),
        email: grant.guest.email.clone(),
        first_name: grant.guest.first_name.clone(),
        last_name: grant.guest.last_name.clone(),
        locale: grant.guest.locale.clone(),
    }
}
