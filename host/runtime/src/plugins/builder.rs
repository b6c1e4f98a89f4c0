//! Setting plugins up.

use std::path::PathBuf;
use std::sync::{Arc, Mutex, RwLock};

use super::http::{Http, PlainHttp};
use super::limits::PluginLimits;
use super::ports::{Facts, NoFacts, PluginPorts};
use super::run::Runner;
use super::running::{Running, now};
use super::state::PluginState;
use super::{Inner, Plugins};
use crate::BuildError;
use crate::ports::{Clock, Log, StderrLog, SystemClock};

/// Sets [`Plugins`] up. Everything but the state has a default: the system's clock, warnings to the standard error stream,
/// plain HTTP, no further facts, [`PluginLimits::default`], and compiling at each start.
pub struct PluginsBuilder {
    ports: PluginPorts,
    limits: PluginLimits,
    cache_dir: Option<PathBuf>,
}

impl PluginsBuilder {
    pub(super) fn new(state: impl PluginState) -> Self {
        Self {
            ports: PluginPorts {
                state: Box::new(state),
                log: Box::new(StderrLog),
                clock: Box::new(SystemClock),
                http: Box::new(PlainHttp),
                facts: Box::new(NoFacts),
            },
            limits: PluginLimits::default(),
            cache_dir: None,
        }
    }

    /// Where messages for the operator go, those of plugins included.
    #[must_use]
    pub fn log(mut self, log: impl Log) -> Self {
        self.ports.log = Box::new(log);
        self
    }

    /// Another clock than the system's.
    #[must_use]
    pub fn clock(mut self, clock: impl Clock) -> Self {
        self.ports.clock = Box::new(clock);
        self
    }

    /// Another client for the requests of plugins, such as one that speaks TLS.
    #[must_use]
    pub fn http(mut self, http: impl Http) -> Self {
        self.ports.http = Box::new(http);
        self
    }

    /// What the host knows beside what the engine tells.
    #[must_use]
    pub fn facts(mut self, facts: impl Facts) -> Self {
        self.ports.facts = Box::new(facts);
        self
    }

    /// What a plugin may use up.
    #[must_use]
    pub fn limits(mut self, limits: PluginLimits) -> Self {
        self.limits = limits;
        self
    }

    /// A directory for compiled code, made if need be; may be that of the engine. See
    /// [`Builder::cache_dir`](crate::Builder::cache_dir).
    #[must_use]
    pub fn cache_dir(mut self, directory: impl Into<PathBuf>) -> Self {
        self.cache_dir = Some(directory.into());
        self
    }

    /// Starts, and loads the plugins that are active. One that cannot be loaded denies what it would decide, and says why.
    ///
    /// # Errors
    /// A [`BuildError`] if this machine cannot run WebAssembly, a limit makes no sense, or the state cannot be read.
    pub fn build(self) -> Result<Plugins, BuildError> {
        let runner = Runner::start(self.limits, self.cache_dir, Arc::new(self.ports))?;
        let plugins = Plugins {
            inner: Arc::new(Inner {
                runner,
                running: RwLock::new(Arc::new(Running::none())),
                loading: Mutex::new(()),
                looked: Mutex::new(now()),
            }),
        };
        plugins.reload().map_err(BuildError::Plugins)?;
        Ok(plugins)
    }
}

impl std::fmt::Debug for PluginsBuilder {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("PluginsBuilder")
            .field("limits", &self.limits)
            .field("cache_dir", &self.cache_dir)
            .finish_non_exhaustive()
    }
}
