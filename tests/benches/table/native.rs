//! The rules linked natively, without WebAssembly in between, on the same store and the same town: what the component is
//! measured against.

use std::cell::Cell;
use std::sync::Arc;

use guestpass::ports::{self as host, Random as _, Store, SystemRandom};
use guestpass_core::access::resolve::Answer;
use guestpass_core::catalogue::Catalogues;
use guestpass_core::grant::Guest;
use guestpass_core::grant::create::Issued;
use guestpass_core::grant::draft::Draft;
use guestpass_core::grant::id::GrantId;
use guestpass_core::grant::kind::Kind;
use guestpass_core::grant::scope::{Base, Scope};
use guestpass_core::grant::window::{Ending, Window};
use guestpass_core::names::{Actor, Origin};
use guestpass_core::plugins::NoPlugins;
use guestpass_core::policy::Policies;
use guestpass_core::ports::{Attempt, Clock, GrantReview, HookFailure, Hooks, Level, Log, Random};
use guestpass_core::{Engine, Instant, Period};
use guestpass_tests::native::StorePort;

use crate::town::{OWNER, SITE, Town};
use crate::world::email;

/// The rules with everything they need.
pub struct Native<S> {
    town: Arc<Town>,
    ports: Ports<S>,
    catalogues: Catalogues,
    policies: Policies,
    owner: Actor,
    guests: Cell<u64>,
}

struct Ports<S> {
    store: StorePort<S>,
    clock: Arc<dyn host::Clock>,
}

impl<S: Store> Native<S> {
    /// On this store, by this clock.
    pub fn new(town: &Arc<Town>, store: &Arc<S>, clock: Arc<dyn host::Clock>) -> Self {
        Self {
            town: town.clone(),
            ports: Ports {
                store: StorePort(store.clone()),
                clock,
            },
            catalogues: Catalogues::default(),
            policies: Policies::default(),
            owner: Actor::new(SITE, OWNER, Origin::default()).expect("a site and a user"),
            guests: Cell::new(0),
        }
    }

    /// A new link for a new guest: its secret.
    pub fn create(&self, base: Base, ending: Ending) -> String {
        self.issue(base, ending).secret.into_text()
    }

    /// A new grant of which history holds so many records: it was suspended and resumed in turns.
    pub fn create_with_history(&self, records: usize) {
        let issued = self.issue(
            Base::Role("editor".to_owned()),
            Ending::After(Period::days(300)),
        );
        let id = issued.view.grant.id.to_string();
        for number in 1..records {
            let (engine, owner) = (self.engine(), &self.owner);
            let changed = if number % 2 == 1 {
                engine.suspend(owner, &id)
            } else {
                engine.resume(owner, &id)
            };
            changed.expect("a grant is changed");
        }
    }

    /// Puts all records into the log.
    pub fn log_everything(&self) {
        while self
            .engine()
            .sweep(&self.owner.site, 1_000)
            .expect("a sweep")
            .more
        {}
    }

    fn issue(&self, base: Base, ending: Ending) -> Issued {
        let number = self.guests.get();
        self.guests.set(number + 1);
        let draft = Draft {
            kind: Kind::Link,
            guest: Guest {
                email: email(number),
                first_name: None,
                last_name: None,
                locale: None,
            },
            website: None,
            login: None,
            scope: Scope {
                base,
                also: Vec::new(),
                except: Vec::new(),
            },
            window: Some(Window {
                opens: None,
                ending,
                use_within: None,
            }),
            purpose: None,
            knowingly: Vec::new(),
            uses: None,
            redirect: None,
            note: None,
            message: None,
        };
        self.engine()
            .create(&self.owner, draft)
            .expect("a link is made")
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
            store: &self.ports.store,
            directory: &*self.town,
            hooks: &self.ports,
            log: &self.ports,
            plugins: &NoPlugins,
            catalogues: &self.catalogues,
            policies: &self.policies,
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

impl<S> Hooks for Ports<S> {
    fn review_grant(&self, _actor: &Actor, _draft: &Draft) -> Result<GrantReview, HookFailure> {
        Ok(GrantReview::default())
    }

    fn review_entry(&self, _site: &str, _attempt: &Attempt) -> Result<Option<String>, String> {
        Ok(None)
    }

    fn narrows(&self, _site: &str) -> bool {
        false
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
