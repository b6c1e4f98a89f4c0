//! The component's imports, answered by the host's ports.
//!
//! A port that panics must not unwind through the engine's frames: what it could not tell counts as not known, which the
//! engine denies, and a clock or a source of randomness that fails ends the call.

use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use wasmtime::component::{HasSelf, Linker};

use super::budget::{CallTime, MemoryLimit, Ticks};
use crate::bindings::guestpass::access::{
    clock, directory, hooks, log, plugins, random, store, types,
};
use crate::bindings::{self};
use crate::ports::{
    Attempt, Catalogue, Check, ContentDecision, CreatedUser, Credentials, DirectoryFailure, Entry,
    Extensions, GrantReview, HookFailure, Level, NewUser, Put, Standing, StoreFailure, Stored,
    User,
};
use crate::{Actor, Draft, Ports, Refusal, RefusalKind};

/// The most random bytes the contract lets the engine ask for at once.
const MOST_RANDOM: u32 = 64;

/// What belongs to one instance.
pub(crate) struct State {
    ports: Arc<Ports>,
    pub(super) ticks: Arc<Ticks>,
    pub(super) time: CallTime,
    pub(super) memory: MemoryLimit,
    /// What came with the request that is answered, and its name.
    upload: Option<(String, Vec<u8>)>,
}

/// A port that has no harmless failure failed.
#[derive(Debug)]
pub(super) struct PortFailed(String);

impl fmt::Display for PortFailed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for PortFailed {}

pub(super) fn add_to_linker(linker: &mut Linker<State>) -> wasmtime::Result<()> {
    bindings::Engine::add_to_linker::<_, HasSelf<State>>(linker, |state| state)
}

impl State {
    pub(super) fn new(ports: Arc<Ports>, ticks: Arc<Ticks>, memory: usize) -> Self {
        Self {
            ports,
            ticks,
            time: CallTime::default(),
            memory: MemoryLimit::new(memory),
            upload: None,
        }
    }

    pub(super) fn at_deadline(&self) -> wasmtime::Result<wasmtime::UpdateDeadline> {
        self.time.at_deadline(&self.ticks)
    }

    /// Asks a port; `None` if it panicked. The time it takes is not the engine's.
    fn ask<T>(&mut self, question: impl FnOnce(&Ports) -> T) -> Option<T> {
        let before = self.ticks.now();
        // A port is shared by all threads as it is, so whatever it leaves behind in a panic is its own affair.
        let answer = catch_unwind(AssertUnwindSafe(|| question(&self.ports))).ok();
        self.time.waited_since(before, &self.ticks);
        answer
    }

    /// Keeps an upload for as long as its request is answered.
    pub(crate) fn keep_upload(&mut self, upload: Option<(String, Vec<u8>)>) {
        self.upload = upload;
    }

    fn ask_extensions<T>(
        &mut self,
        question: impl FnOnce(&dyn Extensions) -> Result<T, Refusal>,
    ) -> Result<T, types::Refusal> {
        let answer = self.ask(|ports| question(&*ports.extensions));
        answer
            .unwrap_or_else(|| Err(unavailable("what looks after the plugins panicked")))
            .map_err(types::Refusal::from)
    }

    fn ask_store<T>(
        &mut self,
        question: impl FnOnce(&Ports) -> Result<T, StoreFailure>,
    ) -> Result<T, StoreFailure> {
        self.ask(question)
            .unwrap_or_else(|| Err(StoreFailure::Unavailable("the store panicked".to_owned())))
    }

    fn ask_directory<T>(
        &mut self,
        question: impl FnOnce(&Ports) -> Result<T, DirectoryFailure>,
    ) -> Result<T, DirectoryFailure> {
        self.ask(question).unwrap_or_else(|| {
            Err(DirectoryFailure::Unavailable(
                "the directory panicked".to_owned(),
            ))
        })
    }

    fn ask_hooks<T, F: From<&'static str>>(
        &mut self,
        question: impl FnOnce(&Ports) -> Result<T, F>,
    ) -> Result<T, F> {
        self.ask(question)
            .unwrap_or_else(|| Err("a hook panicked".into()))
    }
}

fn unavailable(reason: &str) -> Refusal {
    Refusal {
        kind: RefusalKind::Unavailable,
        code: "plugins-unavailable".to_owned(),
        message: format!("The plugins cannot be looked after now: {reason}."),
        field: None,
    }
}

impl types::Host for State {}

impl clock::Host for State {
    fn now(&mut self) -> wasmtime::Result<u64> {
        self.ask(|ports| ports.clock.now())
            .ok_or_else(|| wasmtime::Error::new(PortFailed("the host's clock panicked".to_owned())))
    }
}

impl random::Host for State {
    fn bytes(&mut self, len: u32) -> wasmtime::Result<Vec<u8>> {
        if len > MOST_RANDOM {
            let message = format!("it asked for {len} random bytes and may ask for {MOST_RANDOM}");
            return Err(wasmtime::Error::new(PortFailed(message)));
        }
        let mut bytes = vec![0; len as usize];
        let filled = self.ask(|ports| ports.random.fill(&mut bytes));
        match filled {
            Some(Ok(())) => Ok(bytes),
            Some(Err(reason)) => Err(wasmtime::Error::new(PortFailed(reason))),
            None => Err(wasmtime::Error::new(PortFailed(
                "the host's source of randomness panicked".to_owned(),
            ))),
        }
    }
}

impl store::Host for State {
    fn get(&mut self, keys: Vec<Vec<u8>>) -> Result<Vec<Option<Stored>>, StoreFailure> {
        let wanted = keys.len();
        let entries = self.ask_store(|ports| ports.store.get(&keys))?;
        if entries.len() == wanted {
            Ok(entries)
        } else {
            // Taking the wrong one for the right one would be worse than having none.
            let message = format!("the store gave {} entries for {wanted} keys", entries.len());
            Err(StoreFailure::Unavailable(message))
        }
    }

    fn scan(
        &mut self,
        start: Vec<u8>,
        end: Vec<u8>,
        limit: u32,
        backwards: bool,
    ) -> Result<Vec<Entry>, StoreFailure> {
        self.ask_store(|ports| ports.store.scan(&start, &end, limit, backwards))
    }

    fn commit(
        &mut self,
        checks: Vec<Check>,
        puts: Vec<Put>,
        deletes: Vec<Vec<u8>>,
    ) -> Result<(), StoreFailure> {
        self.ask_store(|ports| ports.store.commit(&checks, &puts, &deletes))
    }
}

impl directory::Host for State {
    fn get_catalogue(&mut self, site: String) -> Result<Catalogue, DirectoryFailure> {
        self.ask_directory(|ports| ports.directory.get_catalogue(&site))
    }

    fn standing_of(
        &mut self,
        site: String,
        id: String,
    ) -> Result<Option<Standing>, DirectoryFailure> {
        self.ask_directory(|ports| ports.directory.standing_of(&site, &id))
    }

    fn find(&mut self, site: String, id: String) -> Result<Option<User>, DirectoryFailure> {
        self.ask_directory(|ports| ports.directory.find(&site, &id))
    }

    fn names_of(
        &mut self,
        site: String,
        ids: Vec<String>,
    ) -> Result<Vec<Option<String>>, DirectoryFailure> {
        self.ask_directory(|ports| ports.directory.names_of(&site, &ids))
    }

    fn find_by_email(
        &mut self,
        site: String,
        email: String,
    ) -> Result<Option<User>, DirectoryFailure> {
        self.ask_directory(|ports| ports.directory.find_by_email(&site, &email))
    }

    fn find_by_key(
        &mut self,
        site: String,
        key: String,
    ) -> Result<Option<String>, DirectoryFailure> {
        self.ask_directory(|ports| ports.directory.find_by_key(&site, &key))
    }

    fn create(
        &mut self,
        site: String,
        user: directory::NewUser,
    ) -> Result<CreatedUser, DirectoryFailure> {
        let user = NewUser::from(user);
        self.ask_directory(|ports| ports.directory.create(&site, &user))
    }

    fn set_credentials(
        &mut self,
        site: String,
        id: String,
        credentials: directory::Credentials,
    ) -> Result<Option<String>, DirectoryFailure> {
        let credentials = Credentials::from(credentials);
        self.ask_directory(|ports| ports.directory.set_credentials(&site, &id, &credentials))
    }

    fn delete(
        &mut self,
        site: String,
        id: String,
        content: ContentDecision,
    ) -> Result<(), DirectoryFailure> {
        self.ask_directory(|ports| ports.directory.delete(&site, &id, &content))
    }

    fn last_backup(&mut self, site: String) -> Result<Option<u64>, DirectoryFailure> {
        self.ask_directory(|ports| ports.directory.last_backup(&site))
    }

    fn end_sessions(&mut self, site: String, id: String) -> Result<(), DirectoryFailure> {
        self.ask_directory(|ports| ports.directory.end_sessions(&site, &id))
    }
}

impl hooks::Host for State {
    fn review_grant(&mut self, actor: Actor, draft: Draft) -> Result<GrantReview, HookFailure> {
        self.ask_hooks(|ports| ports.hooks.review_grant(&actor, &draft))
    }

    fn review_entry(&mut self, site: String, attempt: Attempt) -> Result<Option<String>, String> {
        self.ask_hooks(|ports| ports.hooks.review_entry(&site, &attempt))
    }

    fn narrows(&mut self, site: String) -> bool {
        // Who cannot tell is asked, and fails then, which denies.
        self.ask(|ports| ports.hooks.narrows(&site)).unwrap_or(true)
    }

    fn narrow(
        &mut self,
        site: String,
        grant: String,
        user: String,
        permissions: String,
    ) -> Result<Vec<String>, String> {
        self.ask_hooks(|ports| ports.hooks.narrow(&site, &grant, &user, &permissions))
    }
}

impl log::Host for State {
    fn write(&mut self, level: Level, message: String) {
        // A log that panics loses a message, not a decision.
        let _ = self.ask(|ports| ports.log.write(level, &message));
    }
}

impl plugins::Host for State {
    fn available(&mut self, site: String) -> bool {
        self.ask(|ports| ports.extensions.available(&site))
            .unwrap_or(false)
    }

    fn list(&mut self, site: String) -> Result<Vec<plugins::Summary>, types::Refusal> {
        self.ask_extensions(|port| port.list(&site))
    }

    fn get(&mut self, site: String, id: String) -> Result<plugins::Plugin, types::Refusal> {
        self.ask_extensions(|port| port.get(&site, &id))
    }

    fn install(
        &mut self,
        site: String,
        by: String,
        upload: String,
    ) -> Result<plugins::Installed, types::Refusal> {
        let kept = self.upload.take().filter(|(handle, _)| *handle == upload);
        self.ask_extensions(|port| match &kept {
            Some((_, archive)) => port.install(&site, &by, archive),
            None => Err(unavailable("there is no such upload")),
        })
    }

    fn approve(
        &mut self,
        site: String,
        by: String,
        id: String,
        digest: String,
    ) -> Result<(), types::Refusal> {
        self.ask_extensions(|port| port.approve(&site, &by, &id, &digest))
    }

    fn set_active(
        &mut self,
        site: String,
        by: String,
        id: String,
        active: bool,
    ) -> Result<(), types::Refusal> {
        self.ask_extensions(|port| port.set_active(&site, &by, &id, active))
    }

    fn set_settings(
        &mut self,
        site: String,
        by: String,
        id: String,
        values: Vec<(String, String)>,
    ) -> Result<(), types::Refusal> {
        self.ask_extensions(|port| port.set_settings(&site, &by, &id, &values))
    }

    fn roll_back(&mut self, site: String, by: String, id: String) -> Result<(), types::Refusal> {
        self.ask_extensions(|port| port.roll_back(&site, &by, &id))
    }

    fn replay(&mut self, site: String, by: String, id: String) -> Result<(), types::Refusal> {
        self.ask_extensions(|port| port.replay(&site, &by, &id))
    }

    fn uninstall(
        &mut self,
        site: String,
        by: String,
        id: String,
        delete_data: bool,
    ) -> Result<(), types::Refusal> {
        self.ask_extensions(|port| port.uninstall(&site, &by, &id, delete_data))
    }
}
