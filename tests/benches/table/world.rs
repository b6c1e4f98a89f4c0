//! The component as a host runs it: a handle on a store, and the few calls that are measured.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use guestpass::ports::{Clock, NoLog, Store, SystemClock};
use guestpass::{Access, Actor, Draft, Guest, Guestpass, Origin, Scope, Swept, Window};

use crate::town::{OWNER, SITE, Town};

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

    /// A new session: its secret.
    pub fn redeem(&self, pass: &str) -> String {
        let admission = self
            .guestpass
            .redeem(SITE, pass, &Origin::unknown())
            .expect("a link is redeemed");
        admission.session.into_inner()
    }

    /// Who is behind a session.
    pub fn resolve(&self, session: &str) -> Access {
        self.guestpass.resolve(SITE, session).expect("a session")
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
