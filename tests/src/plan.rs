//! What a setting is made of.

use std::sync::Arc;

use guestpass::Limits;
use guestpass::ports::{Random, Store, SystemRandom};
use guestpass::store::MemoryStore;

use crate::clock::{ManualClock, instant};
use crate::people::People;
use crate::random::SeededRandom;
use crate::setting::{Setting, Shared, open};

/// How the engine is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    /// `guestpass-core`, linked in.
    Native,
    /// The component, as every host does.
    Component,
}

impl Way {
    /// Through the component; natively where `GUESTPASS_NATIVELY` is set, so that mutants of `guest/core` are tried without
    /// building a component of each.
    fn usual() -> Self {
        if std::env::var_os("GUESTPASS_NATIVELY").is_none() {
            return Self::Component;
        }
        assert!(
            std::env::var_os("CI").is_none(),
            "the gate asks the component"
        );
        Self::Native
    }
}

/// Where the state is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kept {
    /// Gone with the setting.
    InMemory,
    /// In a file in a directory of its own.
    InSqlite,
}

/// What a setting is made of, to be changed before it is.
pub struct Plan {
    way: Way,
    kept: Kept,
    begins: u64,
    random: Arc<dyn Random>,
    people: Arc<People>,
    limits: Limits,
}

impl Default for Plan {
    fn default() -> Self {
        Self {
            way: Way::usual(),
            kept: Kept::InMemory,
            begins: instant("2026-11-22T10:00"),
            random: Arc::new(SeededRandom::new(2026)),
            people: Arc::new(People::default()),
            limits: Limits::default(),
        }
    }
}

impl Plan {
    /// Natively.
    #[must_use]
    pub fn natively(self) -> Self {
        self.asked(Way::Native)
    }

    /// Through the component, whatever is usual: what is tested is not of the rules alone.
    #[must_use]
    pub fn through_the_component(self) -> Self {
        self.asked(Way::Component)
    }

    /// This way.
    #[must_use]
    pub fn asked(mut self, way: Way) -> Self {
        self.way = way;
        self
    }

    /// Which way it would be asked.
    #[must_use]
    pub fn way(&self) -> Way {
        self.way
    }

    /// On SQLite.
    #[must_use]
    pub fn on_sqlite(self) -> Self {
        self.kept(Kept::InSqlite)
    }

    /// Kept there.
    #[must_use]
    pub fn kept(mut self, kept: Kept) -> Self {
        self.kept = kept;
        self
    }

    /// Beginning at this instant instead of 2026-11-22T10:00 UTC.
    #[must_use]
    pub fn beginning(mut self, instant: u64) -> Self {
        self.begins = instant;
        self
    }

    /// With another seed.
    #[must_use]
    pub fn seeded(mut self, seed: u64) -> Self {
        self.random = Arc::new(SeededRandom::new(seed));
        self
    }

    /// With the operating system's randomness: what is issued is what would be issued in earnest.
    #[must_use]
    pub fn truly_random(self) -> Self {
        self.random_from(SystemRandom)
    }

    /// With this source of randomness.
    #[must_use]
    pub fn random_from(mut self, random: impl Random) -> Self {
        self.random = Arc::new(random);
        self
    }

    /// With other people.
    #[must_use]
    pub fn among(mut self, people: People) -> Self {
        self.people = Arc::new(people);
        self
    }

    /// With other limits on the engine.
    #[must_use]
    pub fn limited(mut self, limits: Limits) -> Self {
        self.limits = limits;
        self
    }

    /// Makes it.
    ///
    /// # Panics
    /// If the machine does not let it.
    #[must_use]
    pub fn build(self) -> Setting {
        let dir = (self.kept == Kept::InSqlite)
            .then(|| Arc::new(tempfile::tempdir().expect("a directory for a test")));
        let store: Arc<dyn Store> = match &dir {
            Some(dir) => open(dir.path()),
            None => Arc::new(MemoryStore::default()),
        };
        let clock = Arc::new(ManualClock::at(self.begins));
        Setting::assemble(
            self.way,
            self.limits,
            dir,
            store,
            Shared {
                clock,
                random: self.random,
                people: self.people,
                hooks: Arc::default(),
                log: Arc::default(),
                faults: Arc::default(),
            },
        )
    }
}

/// Runs a test natively and, unless natively is all that is wanted, through the component.
pub fn both_ways(test: impl Fn(Plan)) {
    let ways: &[Way] = match Way::usual() {
        Way::Native => &[Way::Native],
        Way::Component => &[Way::Native, Way::Component],
    };
    for way in ways {
        eprintln!("asked this way: {way:?}");
        test(Plan::default().asked(*way));
    }
}
