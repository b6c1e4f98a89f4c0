//! The list of plugins that are asked, in their order, and how it is kept up to date.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, PoisonError};
use std::time::{Duration, Instant};

use serde_json::Value;

use super::Plugins;
use super::approval;
use super::capability::Capabilities;
use super::error::PluginError;
use super::hooks::Hook;
use super::manifest::Manifest;
use super::package::hex_sha256;
use super::run::Prepared;
use super::settings;
use super::state::{Installed, Status, Version};
use crate::ports::Level;

/// How long a change by another process may stay unseen.
const LOOK_EVERY: Duration = Duration::from_secs(1);

/// What the plugins were at one moment.
pub(super) struct Running {
    generation: u64,
    /// In the order in which they are asked.
    plugins: Vec<Arc<Live>>,
}

/// A plugin that is to be asked.
pub(super) struct Live {
    pub(super) id: String,
    revision: u64,
    priority: i32,
    /// `None` if even its manifest cannot be read; it then stands for every hook that decides.
    manifest: Option<Manifest>,
    pub(super) given: Capabilities,
    pub(super) approved_by: Option<String>,
    /// Ready to be called, or why not, as a clause.
    pub(super) body: Result<Prepared, String>,
    /// Whether it has faults that a good call would clear.
    faulty: AtomicBool,
}

impl Running {
    pub(super) fn none() -> Self {
        Self {
            generation: 0,
            plugins: Vec::new(),
        }
    }

    /// Those that are asked at this hook.
    pub(super) fn at(&self, hook: Hook) -> impl Iterator<Item = &Arc<Live>> {
        self.plugins.iter().filter(move |live| live.is_at(hook))
    }

    /// Those whose action is told of this.
    pub(super) fn hearing<'a>(&'a self, event: &'a str) -> impl Iterator<Item = &'a Arc<Live>> {
        self.plugins.iter().filter(|live| live.hears(event))
    }

    pub(super) fn find(&self, id: &str) -> Option<&Arc<Live>> {
        self.plugins.iter().find(|live| live.id == id)
    }
}

impl Live {
    fn is_at(&self, hook: Hook) -> bool {
        self.manifest
            .as_ref()
            .map_or(hook.decides(), |manifest| manifest.hooks.contains(&hook))
    }

    /// Whether its action is told of this.
    pub(super) fn hears(&self, event: &str) -> bool {
        let manifest = self.manifest.as_ref();
        manifest.is_some_and(|manifest| manifest.hears(event))
    }

    pub(super) fn set_faulty(&self) {
        self.faulty.store(true, Ordering::Relaxed);
    }

    /// Whether there are faults to clear; asked once.
    pub(super) fn take_faulty(&self) -> bool {
        self.faulty.load(Ordering::Relaxed) && self.faulty.swap(false, Ordering::Relaxed)
    }
}

impl Plugins {
    /// The list as it is now.
    pub(super) fn running(&self) -> Result<Arc<Running>, PluginError> {
        if self.is_time_to_look()
            && self.state().generation().map_err(PluginError::state)? != self.list_now().generation
        {
            self.reload()?;
        }
        Ok(self.list_now())
    }

    fn list_now(&self) -> Arc<Running> {
        self.inner
            .running
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    fn is_time_to_look(&self) -> bool {
        // Whoever finds it taken need not look: somebody does already.
        let Ok(mut looked) = self.inner.looked.try_lock() else {
            return false;
        };
        let now = now();
        let due = now.duration_since(*looked) >= LOOK_EVERY;
        if due {
            *looked = now;
        }
        due
    }

    /// Puts the list together anew and swaps it. Plugins that did not change stay as they are, warm instances included.
    pub(super) fn reload(&self) -> Result<(), PluginError> {
        let _loading = self
            .inner
            .loading
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        // Read first: a change amid the loading is then seen with the next look.
        let generation = self.state().generation().map_err(PluginError::state)?;
        let before = self.list_now();
        let mut plugins: Vec<_> = self
            .state()
            .installed()
            .map_err(PluginError::state)?
            .into_iter()
            .filter(|plugin| plugin.status != Status::Inactive)
            .map(|plugin| match before.find(&plugin.id) {
                Some(live) if live.revision == plugin.revision => live.clone(),
                _ => Arc::new(self.live(&plugin)),
            })
            .collect();
        plugins.sort_by(|a, b| (a.priority, &a.id).cmp(&(b.priority, &b.id)));
        *self
            .inner
            .running
            .write()
            .unwrap_or_else(PoisonError::into_inner) = Arc::new(Running {
            generation,
            plugins,
        });
        Ok(())
    }

    fn live(&self, plugin: &Installed) -> Live {
        let manifest = Manifest::read(&plugin.current.manifest).ok();
        let body = match &plugin.status {
            Status::SwitchedOff { reason, .. } => Err(format!("was switched off: {reason}")),
            _ => self.load(plugin).map_err(|error| {
                let reason = format!("cannot be loaded: {error}");
                self.runner().ports().log.write(
                    Level::Error,
                    &format!("the plugin `{}` {reason}", plugin.id),
                );
                reason
            }),
        };
        Live {
            id: plugin.id.clone(),
            revision: plugin.revision,
            priority: plugin
                .priority
                .or_else(|| Some(manifest.as_ref()?.priority))
                .unwrap_or(super::manifest::DEFAULT_PRIORITY),
            manifest,
            given: plugin.current.approved.clone().unwrap_or_default(),
            approved_by: plugin.current.approved_by.clone(),
            body,
            faulty: AtomicBool::new(plugin.faults > 0),
        }
    }

    /// The version in force, ready to be called with what was approved.
    pub(super) fn load(&self, plugin: &Installed) -> Result<Prepared, PluginError> {
        let version = &plugin.current;
        let manifest = read_manifest(version)?;
        let given = version
            .approved
            .clone()
            .ok_or_else(|| not_approved(&plugin.id))?;
        let bytes = self
            .state()
            .component(&version.sha256)
            .map_err(PluginError::state)?;
        let bytes = bytes.ok_or_else(|| {
            PluginError::new(
                "component-gone",
                "Its component is no longer there. Uninstall it and install it again.",
            )
        })?;
        if hex_sha256(&bytes) != version.sha256 {
            return Err(PluginError::new(
                "component-changed",
                "Its component was changed since it was installed. Uninstall it and find out who did it.",
            ));
        }
        let component = self.runner().compile(&bytes)?;
        let hosts = approval::reached(plugin, &manifest);
        let settings = settings::told(&manifest.settings, &plugin.settings);
        self.runner().prepare(
            &component,
            &manifest,
            &given,
            &hosts,
            Value::Object(settings).to_string(),
        )
    }
}

pub(super) fn read_manifest(version: &Version) -> Result<Manifest, PluginError> {
    Manifest::read(&version.manifest).map_err(|faults| {
        let first = faults.first().map(ToString::to_string).unwrap_or_default();
        PluginError::new(
            "bad-manifest",
            format!("Its manifest cannot be read: {first}."),
        )
    })
}

pub(super) fn not_approved(id: &str) -> PluginError {
    PluginError::new(
        "not-approved",
        format!(
            "Nobody has approved what the plugin `{id}` asks for. See it with `guestpass plugin inspect {id}`, and approve it with `guestpass plugin approve {id}`."
        ),
    )
}

/// Now, to tell how long ago something was.
pub(super) fn now() -> Instant {
    #[allow(
        clippy::disallowed_methods,
        reason = "decides only how often the changes of other processes are looked for"
    )]
    Instant::now()
}
