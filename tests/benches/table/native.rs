//! The rules linked natively, without WebAssembly in between, on the same store and the same town: what the component is
//! measured against.

use std::cell::Cell;
use std::sync::Arc;

use guestpass::ports::{self as host, Random as _, Store, SystemRandom};
use guestpass_core::access::resolve::Answer;
use guestpass_core::catalogue::Catalogues;
use guestpass_core::grant::Guest;
use guestpass_core::grant::draft::Draft;
use guestpass_core::grant::id::GrantId;
use guestpass_core::grant::scope::{Base, Scope};
use guestpass_core::grant::window::{Ending, Window};
use guestpass_core::names::{Actor, Origin};
use guestpass_core::ports::{
    Attempt, Check, Clock, Entry, GrantReview, Hooks, Level, Log, Put, Random, StoreFailure,
};
use guestpass_core::{Engine, Instant, ports};

use crate::town::{OWNER, SITE, Town};
use crate::world::email;

/// The rules with everything they need.
pub struct Native<S> {
    town: Arc<Town>,
    ports: Ports<S>,
    catalogues: Catalogues,
    owner: Actor,
    guests: Cell<u64>,
}

struct Ports<S> {
    store: Arc<S>,
    clock: Arc<dyn host::Clock>,
}

impl<S: Store> Native<S> {
    /// On this store, by this clock.
    pub fn new(town: &Arc<Town>, store: &Arc<S>, clock: Arc<dyn host::Clock>) -> Self {
        Self {
            town: town.clone(),
            ports: Ports {
                store: store.clone(),
                clock,
            },
            catalogues: Catalogues::default(),
            owner: Actor::new(SITE, OWNER, Origin::default()).expect("a site and a user"),
            guests: Cell::new(0),
        }
    }

    /// A new link for a new guest: its secret.
    pub fn create(&self, base: Base, ending: Ending) -> String {
        let number = self.guests.get();
        self.guests.set(number + 1);
        let draft = Draft {
            guest: Guest {
                email: email(number),
                first_name: None,
                last_name: None,
                locale: None,
            },
            scope: Scope {
                base,
                also: Vec::new(),
                except: Vec::new(),
            },
            window: Window {
                opens: None,
                ending,
                use_within: None,
            },
            uses: None,
            redirect: None,
            note: None,
        };
        self.engine()
            .create(&self.owner, draft)
            .expect("a link is made")
            .pass
            .into_text()
    }

    /// A new session: its secret.
    pub fn redeem(&self, pass: &str) -> String {
        let admission = self
            .engine()
            .redeem(&self.owner.site, pass, &Origin::default());
        admission.expect("a link is redeemed").session.into_text()
    }

    /// Who is behind a session.
    pub fn resolve(&self, session: &str) -> Answer {
        self.engine()
            .resolve(&self.owner.site, session)
            .expect("a session")
    }

    fn engine(&self) -> Engine<'_> {
        Engine {
            clock: &self.ports,
            random: &self.ports,
            store: &self.ports,
            directory: &*self.town,
            hooks: &self.ports,
            log: &self.ports,
            catalogues: &self.catalogues,
        }
    }
}

impl<S> Clock for Ports<S> {
    fn now(&self) -> Instant {
        Instant::from_millis(self.clock.now())
    }
}

impl<S> Random for Ports<S> {
    fn fill(&self, buffer: &mut [u8]) {
        SystemRandom
            .fill(buffer)
            .expect("the system has random bytes");
    }
}

impl<S: Store> ports::Store for Ports<S> {
    fn get(&self, keys: &[Vec<u8>]) -> Result<Vec<Option<Entry>>, StoreFailure> {
        let entries = self.store.get(keys).map_err(failure)?;
        Ok(entries.into_iter().map(|found| found.map(entry)).collect())
    }

    fn scan(
        &self,
        start: &[u8],
        end: &[u8],
        limit: u32,
        backwards: bool,
    ) -> Result<Vec<Entry>, StoreFailure> {
        let entries = self
            .store
            .scan(start, end, limit, backwards)
            .map_err(failure)?;
        Ok(entries.into_iter().map(entry).collect())
    }

    fn commit(
        &self,
        checks: &[Check],
        puts: &[Put],
        deletes: &[Vec<u8>],
    ) -> Result<(), StoreFailure> {
        let checks: Vec<_> = checks
            .iter()
            .map(|check| host::Check {
                key: check.key.clone(),
                version: check.version,
            })
            .collect();
        let puts: Vec<_> = puts
            .iter()
            .map(|put| host::Put {
                key: put.key.clone(),
                value: put.value.clone(),
            })
            .collect();
        self.store.commit(&checks, &puts, deletes).map_err(failure)
    }
}

fn entry(entry: host::Entry) -> Entry {
    Entry {
        key: entry.key,
        value: entry.value,
        version: entry.version,
    }
}

fn failure(failure: host::StoreFailure) -> StoreFailure {
    match failure {
        host::StoreFailure::Conflict => StoreFailure::Conflict,
        host::StoreFailure::Unavailable(why) => StoreFailure::Unavailable(why),
    }
}

impl<S> Hooks for Ports<S> {
    fn review_grant(&self, _actor: &Actor, _draft: &Draft) -> Result<GrantReview, String> {
        Ok(GrantReview::default())
    }

    fn review_entry(&self, _site: &str, _attempt: &Attempt) -> Result<Option<String>, String> {
        Ok(None)
    }

    fn narrow(
        &self,
        _site: &str,
        _grant: GrantId,
        _user: &str,
        _permissions: &str,
    ) -> Result<Vec<String>, String> {
        Ok(Vec::new())
    }
}

impl<S> Log for Ports<S> {
    fn write(&self, _level: Level, message: &str) {
        panic!("nothing should need a person: {message}");
    }
}
