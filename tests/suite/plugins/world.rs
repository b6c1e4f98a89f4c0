//! A host with plugins: the real engine and the real plugins, with users, a clock and a log that a test holds in its hand.

use std::sync::Arc;
use std::time::Duration;

use guestpass::plugins::{Hook, Package, PluginLimits, Plugins, PluginsBuilder, SqlitePlugins};
use guestpass::store::MemoryStore;
use guestpass::{Admission, Guestpass, Issued, Refusal};
use guestpass_tests::corpus::{Made, made, veto_grant};
use guestpass_tests::log::RecordedLog;
use guestpass_tests::setting::compiled_once;
use guestpass_tests::{DraftBuilder, ManualClock, People, a_link, from_somewhere, instant, owner};

pub struct World {
    pub clock: Arc<ManualClock>,
    pub log: Arc<RecordedLog>,
    pub plugins: Plugins,
    pub engine: Guestpass,
}

/// Limits that a test need not wait long for.
pub fn limits() -> PluginLimits {
    PluginLimits {
        memory: 8 << 20,
        decide: Duration::from_millis(100),
        act: Duration::from_millis(200),
        wait: Duration::from_secs(2),
        output: 1 << 20,
        instances: 16,
        ..PluginLimits::default()
    }
}

impl World {
    pub fn new() -> Self {
        Self::with(|plugins| plugins)
    }

    pub fn with(change: impl FnOnce(PluginsBuilder) -> PluginsBuilder) -> Self {
        let (clock, log) = (
            Arc::new(ManualClock::at(instant("2026-11-22T10:00"))),
            Arc::new(RecordedLog::default()),
        );
        let builder = Plugins::builder(SqlitePlugins::in_memory().unwrap()).limits(limits());
        let plugins = change(builder.clock(clock.clone()).log(log.clone()))
            .build()
            .unwrap();
        let engine = Guestpass::builder()
            .store(MemoryStore::default())
            .directory(People::default())
            .hooks(plugins.clone())
            .clock(clock.clone())
            .log(log.clone())
            .cache_dir(compiled_once())
            .build()
            .unwrap();
        Self {
            clock,
            log,
            plugins,
            engine,
        }
    }

    /// Installs, approves and activates.
    pub fn run(&self, package: &Package) {
        let id = &package.manifest().id;
        self.plugins.install(package).unwrap();
        self.plugins.approve(id, "olga").unwrap();
        self.plugins.activate(id).unwrap();
    }

    pub fn grant(&self, draft: DraftBuilder) -> Result<Issued, Refusal> {
        self.engine.create(&owner(), &draft.draft())
    }

    pub fn grant_to(&self, email: &str) -> Result<Issued, Refusal> {
        self.grant(a_link().for_(email).role("editor").lasting("P1D"))
    }

    pub fn enter(&self, issued: &Issued) -> Result<Admission, Refusal> {
        self.engine
            .redeem("main", issued.secret.expose(), &from_somewhere())
    }

    /// What this session may do now, in one string; or the code of the refusal.
    pub fn allowed(&self, session: &Admission) -> Result<bool, String> {
        let access = self
            .engine
            .resolve("main", session.session.expose())
            .map_err(|refusal| refusal.message)?;
        Ok(access.may("edit_posts"))
    }

    /// Tells the plugins everything that happened.
    pub fn deliver(&self) -> guestpass::plugins::Delivered {
        while self.engine.deliver("main", 100).unwrap() > 0 {}
        self.plugins.deliver(&self.engine, "main", 100).unwrap()
    }

    pub fn status(&self, id: &str) -> String {
        let list = self.plugins.list().unwrap();
        list.iter()
            .find(|one| one.id == id)
            .unwrap()
            .status
            .to_owned()
    }

    /// The newest lines of this kind in a plugin's journal.
    pub fn journal(&self, id: &str, about: &str) -> Vec<String> {
        let found = self.plugins.inspect(id).unwrap();
        found
            .journal
            .into_iter()
            .filter(|note| note.about == about)
            .map(|note| note.text)
            .collect()
    }
}

/// A plugin `strict` that lets nobody be granted anything and says this.
pub fn vetoing(says: &str) -> Made {
    let length = u32::try_from(says.len()).unwrap();
    made("strict")
        .hook(Hook::GrantFilter, veto_grant(3000, length))
        .text(3000, says)
}

/// Whether a grant is refused, and with this sentence.
pub fn refused_with(world: &World, says: &str) -> bool {
    world
        .grant_to("a@b.example")
        .is_err_and(|refusal| refusal.message.starts_with(says))
}
