//! A world to test in: a host with its users, a clock, a store, and the engine.

use std::ops::Deref;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use guestpass::ports::{Random, Store};
use guestpass::store::{MemoryStore, SqliteStore};
use guestpass::{Accepted, Actor, Draft, Guestpass, Happening, Invitee, Limits, Origin, Report};

use crate::asked::{Answer, Asked, Entered, Link};
use crate::clock::ManualClock;
use crate::draft::DraftBuilder;
use crate::faults::{Faults, FaultyDirectory, FaultyStore};
use crate::hooks::ScriptedHooks;
use crate::log::RecordedLog;
use crate::native::{Native, Ports};
use crate::people::People;
use crate::plan::{Plan, Way};

/// The database in this directory.
pub(crate) fn open(dir: &Path) -> Arc<dyn Store> {
    Arc::new(SqliteStore::open(&dir.join("guestpass.sqlite")).expect("a database for a test"))
}

/// What a setting and those beside it have in common.
#[derive(Clone)]
pub(crate) struct Shared {
    pub(crate) clock: Arc<ManualClock>,
    pub(crate) random: Arc<dyn Random>,
    pub(crate) people: Arc<People>,
    pub(crate) hooks: Arc<ScriptedHooks>,
    pub(crate) log: Arc<RecordedLog>,
    pub(crate) faults: Arc<Faults>,
}

/// A world to test in. Dereferences to the engine: `setting.resolve("main", &session)`.
pub struct Setting {
    /// What time it is.
    pub clock: Arc<ManualClock>,
    /// The host's users.
    pub people: Arc<People>,
    /// Extensions.
    pub hooks: Arc<ScriptedHooks>,
    /// What the operator was told.
    pub log: Arc<RecordedLog>,
    /// What goes wrong.
    pub faults: Arc<Faults>,
    /// What is stored, past the faults.
    pub store: Arc<dyn Store>,
    way: Way,
    limits: Limits,
    random: Arc<dyn Random>,
    engine: Arc<dyn Asked>,
    component: Option<Guestpass>,
    dir: Option<Arc<tempfile::TempDir>>,
}

impl Setting {
    /// The usual: through the component, in memory, with seeded randomness.
    #[must_use]
    pub fn new() -> Self {
        Plan::default().build()
    }

    /// Something else than the usual.
    #[must_use]
    pub fn plan() -> Plan {
        Plan::default()
    }

    pub(crate) fn assemble(
        way: Way,
        limits: Limits,
        dir: Option<Arc<tempfile::TempDir>>,
        store: Arc<dyn Store>,
        shared: Shared,
    ) -> Self {
        let Shared {
            clock,
            random,
            people,
            hooks,
            log,
            faults,
        } = shared;
        let faulty_store = FaultyStore {
            inner: store.clone(),
            faults: faults.clone(),
        };
        let directory = FaultyDirectory {
            inner: people.clone(),
            faults: faults.clone(),
        };
        let (engine, component): (Arc<dyn Asked>, _) = match way {
            Way::Native => {
                let ports = Ports {
                    store: Arc::new(faulty_store),
                    directory: Arc::new(directory),
                    hooks: hooks.clone(),
                    clock: clock.clone(),
                    random: random.clone(),
                    log: log.clone(),
                };
                (Arc::new(Native::new(ports)), None)
            }
            Way::Component => {
                let builder = Guestpass::builder()
                    .store(faulty_store)
                    .directory(directory)
                    .hooks(hooks.clone())
                    .clock(clock.clone())
                    .random(random.clone())
                    .log(log.clone())
                    .limits(limits.clone())
                    .cache_dir(compiled_once());
                let guestpass = builder.build().expect("the engine starts");
                (Arc::new(guestpass.clone()), Some(guestpass))
            }
        };
        Self {
            clock,
            people,
            hooks,
            log,
            faults,
            store,
            way,
            limits,
            random,
            engine,
            component,
            dir,
        }
    }

    fn shared(&self) -> Shared {
        Shared {
            clock: self.clock.clone(),
            random: self.random.clone(),
            people: self.people.clone(),
            hooks: self.hooks.clone(),
            log: self.log.clone(),
            faults: self.faults.clone(),
        }
    }

    /// Another process at the same data: an engine and, on SQLite, a store of its own, but the same clock and users.
    #[must_use]
    pub fn beside(&self) -> Self {
        let store = self
            .dir
            .as_ref()
            .map_or_else(|| self.store.clone(), |dir| open(dir.path()));
        Self::assemble(
            self.way,
            self.limits.clone(),
            self.dir.clone(),
            store,
            self.shared(),
        )
    }

    /// The same world after the process was stopped and started again.
    #[must_use]
    pub fn restarted(self) -> Self {
        let (way, limits, dir, shared) = (
            self.way,
            self.limits.clone(),
            self.dir.clone(),
            self.shared(),
        );
        let memory = self.store.clone();
        drop(self);
        let store = match &dir {
            Some(dir) => {
                drop(memory);
                open(dir.path())
            }
            None => memory,
        };
        Self::assemble(way, limits, dir, store, shared)
    }

    /// The handle that a Rust host would hold.
    ///
    /// # Panics
    /// If this setting is native.
    #[must_use]
    pub fn guestpass(&self) -> &Guestpass {
        self.component
            .as_ref()
            .expect("this setting is asked through the component")
    }

    /// The database file.
    ///
    /// # Panics
    /// If this setting is in memory.
    #[must_use]
    pub fn file(&self) -> PathBuf {
        self.dir
            .as_ref()
            .expect("this setting is on SQLite")
            .path()
            .join("guestpass.sqlite")
    }

    /// Everything that is stored, under the site `main` or any other.
    ///
    /// # Panics
    /// If the store fails.
    #[must_use]
    pub fn dump(&self) -> Vec<(Vec<u8>, Vec<u8>)> {
        let entries = self
            .store
            .scan(&[], &[0xff; 4], u32::MAX, false)
            .expect("the store is read");
        entries
            .into_iter()
            .map(|entry| (entry.key, entry.value))
            .collect()
    }

    /// A new link from the owner.
    ///
    /// # Panics
    /// If it is refused.
    #[must_use]
    pub fn link(&self, draft: DraftBuilder) -> Link {
        self.try_link(draft)
            .unwrap_or_else(|refusal| panic!("no link: {refusal:?}"))
    }

    /// A new link from the owner, or why not.
    ///
    /// # Errors
    /// The engine's refusal.
    pub fn try_link(&self, draft: DraftBuilder) -> Answer<Link> {
        self.try_draft(&draft.draft())
    }

    /// A new link from the owner for exactly this draft, or why not.
    ///
    /// # Errors
    /// The engine's refusal.
    pub fn try_draft(&self, draft: &Draft) -> Answer<Link> {
        self.create(&owner(), draft)
    }

    /// Somebody comes in by this link.
    ///
    /// # Panics
    /// If it is refused.
    #[must_use]
    pub fn enter(&self, link: &Link) -> Entered {
        self.try_enter(link)
            .unwrap_or_else(|refusal| panic!("nobody comes in: {refusal:?}"))
    }

    /// Somebody tries to come in by this link.
    ///
    /// # Errors
    /// The engine's refusal.
    pub fn try_enter(&self, link: &Link) -> Answer<Entered> {
        self.redeem("main", &link.pass, &from_somewhere())
    }

    /// This user accepts an invitation.
    ///
    /// # Panics
    /// If it is refused.
    #[must_use]
    pub fn join(&self, invitation: &Link, user: &str) -> Accepted {
        self.try_join(invitation, user)
            .unwrap_or_else(|refusal| panic!("nobody joins: {refusal:?}"))
    }

    /// This user tries to accept an invitation.
    ///
    /// # Errors
    /// The engine's refusal.
    pub fn try_join(&self, invitation: &Link, user: &str) -> Answer<Accepted> {
        let user = Invitee::Existing(user.to_owned());
        self.accept("main", &invitation.pass, &user, &from_somewhere())
    }

    /// Somebody tries to accept an invitation as a new user.
    ///
    /// # Errors
    /// The engine's refusal.
    pub fn try_join_anew(&self, invitation: &Link) -> Answer<Accepted> {
        self.accept("main", &invitation.pass, &Invitee::New, &from_somewhere())
    }

    /// This user begins to act by this grant.
    ///
    /// # Errors
    /// The engine's refusal.
    pub fn try_switch(&self, user: &str, grant: &str, from: Option<&str>) -> Answer<Entered> {
        self.switch("main", user, grant, from, &from_somewhere())
    }

    /// This user begins to act by what they accepted.
    ///
    /// # Panics
    /// If it is refused.
    #[must_use]
    pub fn act(&self, accepted: &Accepted) -> Entered {
        self.try_switch(&accepted.user, &accepted.grant, None)
            .unwrap_or_else(|refusal| panic!("nobody switches: {refusal:?}"))
    }

    /// A guest gives the name and the password that were issued to the host, which lets them in if they are right.
    ///
    /// # Panics
    /// If it is refused.
    #[must_use]
    pub fn enter_by_password(&self, issued: &Link) -> Entered {
        self.try_password(issued)
            .unwrap_or_else(|refusal| panic!("nobody signs in: {refusal:?}"))
    }

    /// A guest tries to sign in by what was issued.
    ///
    /// # Errors
    /// The engine's refusal.
    ///
    /// # Panics
    /// If the host does not know the password: then the engine is not even asked.
    pub fn try_password(&self, issued: &Link) -> Answer<Entered> {
        let login = issued.grant.guest.login.as_deref().unwrap_or_default();
        let user = self.people.who_signs_in("main", login, &issued.pass);
        let user = user.expect("the host knows the password");
        self.engine.sign_in("main", &user, &from_somewhere())
    }

    /// Whether the host takes the password that was issued for right.
    #[must_use]
    pub fn knows_password(&self, issued: &Link) -> bool {
        let login = issued.grant.guest.login.as_deref().unwrap_or_default();
        let user = self.people.who_signs_in("main", login, &issued.pass);
        user.is_some()
    }

    /// The word for why this session may do nothing; `None` if it may do something.
    #[must_use]
    pub fn why_not(&self, session: &str) -> Option<String> {
        self.resolve("main", session)
            .err()
            .map(|refusal| refusal.code)
    }

    /// What is allowed now, by resolve; nothing if it is refused.
    #[must_use]
    pub fn allowed(&self, session: &str) -> Vec<String> {
        self.resolve("main", session)
            .map(|answer| answer.permissions)
            .unwrap_or_default()
    }

    /// The actions in a grant's history, oldest first.
    ///
    /// # Panics
    /// If the history is refused.
    #[must_use]
    pub fn actions(&self, id: &str) -> Vec<String> {
        self.whole_history(id)
            .into_iter()
            .map(|happening| happening.action)
            .collect()
    }

    /// A grant's history.
    ///
    /// # Panics
    /// If it is refused.
    #[must_use]
    pub fn whole_history(&self, id: &str) -> Vec<Happening> {
        self.history(&owner(), id, 0, 1000)
            .unwrap_or_else(|refusal| panic!("no history: {refusal:?}"))
    }

    /// Every fault that `verify` finds on the site.
    ///
    /// # Panics
    /// If verifying is refused.
    #[must_use]
    pub fn faults_in_history(&self) -> Vec<String> {
        let faults = self.verified(None, 1000).faults;
        faults.into_iter().map(|fault| fault.message).collect()
    }

    /// Every fault that `verify-against` finds on the site.
    ///
    /// # Panics
    /// If verifying is refused.
    #[must_use]
    pub fn faults_against(&self, checkpoint: &str) -> Vec<String> {
        let faults = self.verified(Some(checkpoint), 1000).faults;
        faults.into_iter().map(|fault| fault.message).collect()
    }

    /// What all calls together find, each of them of at most so many chains.
    ///
    /// # Panics
    /// If verifying is refused.
    #[must_use]
    pub fn verified(&self, checkpoint: Option<&str>, limit: u32) -> Report {
        let mut whole = Report {
            grants: 0,
            records: 0,
            faults: Vec::new(),
            next: None,
        };
        loop {
            let start = whole.next.as_deref();
            let part = match checkpoint {
                Some(checkpoint) => self.verify_against("main", checkpoint, start, limit),
                None => self.verify("main", start, limit),
            };
            let part = part.expect("the history can be verified");
            whole.grants += part.grants;
            whole.records += part.records;
            whole.faults.extend(part.faults);
            whole.next = part.next;
            if whole.next.is_none() {
                return whole;
            }
        }
    }
}

impl Default for Setting {
    fn default() -> Self {
        Self::new()
    }
}

impl Deref for Setting {
    type Target = dyn Asked;

    fn deref(&self) -> &Self::Target {
        &*self.engine
    }
}

/// The owner of the site `main`.
#[must_use]
pub fn owner() -> Actor {
    user("olga")
}

/// This user of the site `main`.
#[must_use]
pub fn user(id: &str) -> Actor {
    Actor {
        site: "main".to_owned(),
        user: id.to_owned(),
        origin: from_somewhere(),
    }
}

/// A browser somewhere.
#[must_use]
pub fn from_somewhere() -> Origin {
    Origin {
        address: Some("203.0.113.7".to_owned()),
        agent: Some("Mozilla/5.0 (a test)".to_owned()),
    }
}

/// The directory for compiled code, beside the test program. The first to ask compiles; others wait for that, instead of
/// compiling at the same time.
pub fn compiled_once() -> PathBuf {
    static COMPILED: OnceLock<PathBuf> = OnceLock::new();
    static ONE_AT_A_TIME: Mutex<()> = Mutex::new(());
    let _guard = ONE_AT_A_TIME.lock().unwrap_or_else(PoisonError::into_inner);
    COMPILED
        .get_or_init(|| {
            let program = std::env::current_exe().expect("the test program has a path");
            let dir = program.with_file_name("guestpass-compiled-for-tests");
            let built = Guestpass::builder()
                .store(MemoryStore::default())
                .directory(People::none())
                .cache_dir(&dir)
                .build();
            drop(built.expect("the engine starts"));
            dir
        })
        .clone()
}
