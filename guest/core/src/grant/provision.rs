//! The user of a grant with a password, made at once.
//!
//! The user is made outside the store, so creating such a grant is a saga in two commits:
//!
//! 1. the grant is written as *provisioning*: from here on the sweep knows that a user may exist that nobody holds;
//! 2. the host makes the user, under the grant's id as idempotency key, or gives the one of a guest who comes back a new
//!    password;
//! 3. the second commit makes the grant *ready* and marks the user as its guest.
//!
//! Whatever stops it in between, nobody heard the password: the sweep deletes the user and ends the grant as *abandoned*.

use crate::codec;
use crate::engine::Engine;
use crate::entry::redeem::Created;
use crate::entry::token::Issued;
use crate::grant::Grant;
use crate::grant::id::GrantId;
use crate::grant::state::{Event, Reason};
use crate::grant::view::View;
use crate::history::record::Action;
use crate::names::{Actor, SiteId};
use crate::ports::{CreatedUser, Credentials, Level, NewUser};
use crate::refusal::{Code, Refusal};
use crate::transaction::Note;

impl Engine<'_> {
    /// Makes the user of a grant that was just written as provisioning, and the grant ready. `returning` is the user of a
    /// guest who had access before.
    pub(crate) fn provision(
        &self,
        actor: &Actor,
        grant: &Grant,
        returning: Option<&str>,
        password: &Issued,
    ) -> Result<View, Refusal> {
        let site = &actor.site;
        let made = match self.made(site, grant, returning, password) {
            Ok(made) => made,
            Err(refusal) => {
                self.abandon(site, grant.id, refusal.code == Code::UserRejected);
                return Err(refusal);
            }
        };
        let ready = self.transact(site, |transaction| {
            let mut loaded = transaction.grant(grant.id)?.ok_or_else(too_slow)?;
            let now = transaction.now();
            let held = loaded.grant_mut();
            if held.loose_since != grant.loose_since {
                return Err(too_slow());
            }
            held.apply(Event::Provisioned)?;
            held.user = Some(made.id.clone());
            held.login = made.login.clone();
            held.loose_since = None;
            let key = transaction.keys().user(&made.id);
            transaction.put(key, codec::encode(&grant.id)?);
            transaction.save(&mut loaded, Note::by(&actor.user, Action::Provisioned))?;
            Ok(View::new(loaded.into_grant(), now))
        });
        if let (Err(_), Some(since)) = (&ready, grant.loose_since) {
            let user = made.id;
            self.leave_to_sweep(site, grant.id, &Created { user, since });
        }
        ready
    }

    /// The user, there and with this password.
    fn made(
        &self,
        site: &SiteId,
        grant: &Grant,
        returning: Option<&str>,
        password: &Issued,
    ) -> Result<CreatedUser, Refusal> {
        let credentials = Credentials {
            login: grant.login.clone(),
            password: password.for_the_host(),
        };
        self.directory(site, |directory, site| match returning {
            None => directory.create(site, &NewUser::of(grant, Some(credentials))),
            Some(user) => Ok(CreatedUser {
                id: user.to_owned(),
                login: directory.set_credentials(site, user, &credentials)?,
            }),
        })
    }

    /// Ends a grant whose user could not be made. Without one for certain, if the host said so: then there is nothing left to
    /// clear up. If this cannot be written down now, the sweep does it.
    fn abandon(&self, site: &SiteId, id: GrantId, nobody_made: bool) {
        let abandoned = self.transact(site, |transaction| {
            let Some(mut loaded) = transaction.grant(id)? else {
                return Ok(());
            };
            let now = transaction.now();
            let grant = loaded.grant_mut();
            if !grant.is_provisioning() {
                return Ok(());
            }
            grant.apply(Event::End(Reason::Abandoned, now))?;
            if nobody_made {
                grant.loose_since = None;
            }
            transaction.save(&mut loaded, Note::by_engine(Action::Abandoned))
        });
        if let Err(refusal) = abandoned {
            let message = format!("grant {id} without a user is left to the sweep: {refusal}");
            self.log.write(Level::Warn, &message);
        }
    }
}

impl NewUser {
    /// The user that this grant needs.
    pub(crate) fn of(grant: &Grant, credentials: Option<Credentials>) -> Self {
        Self {
            key: grant.id.to_string(),
            email: grant.guest.email.clone(),
            first_name: grant.guest.first_name.clone(),
            last_name: grant.guest.last_name.clone(),
            locale: grant.guest.locale.clone(),
            website: grant.website.clone(),
            credentials,
        }
    }
}

/// It was undone meanwhile.
fn too_slow() -> Refusal {
    Code::Contended.because(
        "Making the guest's user took so long that it was given up meanwhile. Nobody was let in; try again in a few minutes.",
    )
}
