//! The component as a host runs it: a handle on a store, and the few calls that are measured.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use guestpass::ports::{Clock, NoLog, Store, SystemClock};
use guestpass::{Access, Actor, Draft, Guest, Guestpass, Invitee, Origin, Scope, Swept, Window};

use crate::town::{EMAIL, OWNER, SITE, Town};

/// A handle and its owner.
pub struct World {
    /// The handle.
    pub guestpass: Guestpass,
    owner: Actor,
    /// One address has one grant at a time, so every guest has an own one.
    guests: AtomicU64,
}

impl World {
    /// On this store, by the system's clock; compiled code is kept in this directory.
    pub fn new(town: &Arc<Town>, store: impl Store, cache: &Path) -> Self {
        Self::by_clock(town, store, SystemClock, cache)
    }

    /// On this store, by this clock.
    pub fn by_clock(town: &Arc<Town>, store: impl Store, clock: impl Clock, cache: &Path) -> Self {
        let guestpass = Guestpass::builder()
            .store(store)
            .directory(town.clone())
            .clock(clock)
            .log(NoLog)
            .cache_dir(cache)
            .build()
            .expect("a handle is built");
        Self {
            guestpass,
            owner: Actor::new(SITE, OWNER),
            guests: AtomicU64::new(0),
        }
    }

    /// For a site that has so many guests already.
    pub fn with_guests_from(self, first: u64) -> Self {
        self.guests.store(first, Ordering::Relaxed);
        self
    }

    /// A new link for a new guest: its secret.
    pub fn create(&self, scope: Scope) -> String {
        let guest = Guest::new(email(self.guests.fetch_add(1, Ordering::Relaxed)));
        let draft = Draft::new(guest, scope, Window::lasting("P7D"));
        self.guestpass
            .create(&self.owner, &draft)
            .expect("a link is made")
            .secret
            .into_inner()
    }

    /// Lets a user act in an account whose owner invites them.
    pub fn join(&self, account: &str, user: &str) {
        let draft = Draft::invitation(Guest::new(EMAIL), administrator(), None);
        let invitation = self
            .guestpass
            .create(&Actor::new(SITE, account), &draft)
            .expect("somebody is invited");
        let invitee = Invitee::Existing(user.to_owned());
        self.guestpass
            .accept(
                SITE,
                invitation.secret.expose(),
                &invitee,
                &Origin::unknown(),
            )
            .expect("the invitation is accepted");
    }

    /// A new session: its secret.
    pub fn redeem(&self, pass: &str) -> String {
        self.redeem_from(pass, &Origin::unknown())
    }

    /// A new session of a client of whom something is known: its secret.
    pub fn redeem_from(&self, pass: &str, origin: &Origin) -> String {
        let admission = self
            .guestpass
            .redeem(SITE, pass, origin)
            .expect("a link is redeemed");
        admission.session.into_inner()
    }

    /// Who is behind a session.
    pub fn resolve(&self, session: &str) -> Access {
        self.guestpass.resolve(SITE, session).expect("a session")
    }

    /// Reads all history, in which everything fits, and tells how many records that are.
    pub fn verify(&self) -> u64 {
        let (mut records, mut next) = (0, None);
        loop {
            let report = self
                .guestpass
                .verify(SITE, next.as_deref(), 1_000)
                .expect("history is read");
            assert_eq!(report.faults, [], "everything fits");
            records += report.records;
            next = report.next;
            if next.is_none() {
                return records;
            }
        }
    }

    /// Handles up to a thousand due things.
    pub fn sweep(&self) -> Swept {
        self.guestpass.sweep(SITE, 1_000).expect("a sweep")
    }
}

/// The address of a guest.
pub fn email(number: u64) -> String {
    format!("guest-{number}@support.example")
}

/// What a support agent needs.
pub fn administrator() -> Scope {
    Scope::role("administrator")
}
