//! Putting a handle together: the ports, the limits, and the reasons why it can fail.

use std::borrow::Cow;
use std::fmt;
use std::io;
use std::path::PathBuf;
use std::sync::Arc;

use crate::engine::{Ports, Runtime};
use crate::plugins::PluginError;
use crate::ports::{
    Clock, Directory, Extensions, Hooks, Log, NoExtensions, NoHooks, Random, StderrLog, Store,
    SystemClock, SystemRandom,
};
use crate::{Guestpass, Limits, component};

/// Builds a [`Guestpass`]. A store and a directory are needed; the rest has defaults: no hooks, no plugins to look after, the
/// system's clock and randomness, warnings and errors to the standard error stream, [`Limits::default`], and compiling at each
/// start.
pub struct Builder {
    store: Option<Box<dyn Store>>,
    directory: Option<Box<dyn Directory>>,
    hooks: Box<dyn Hooks>,
    clock: Box<dyn Clock>,
    random: Box<dyn Random>,
    log: Box<dyn Log>,
    extensions: Box<dyn Extensions>,
    limits: Limits,
    cache_dir: Option<PathBuf>,
    component: Cow<'static, [u8]>,
}

impl Builder {
    pub(crate) fn new() -> Self {
        Self {
            store: None,
            directory: None,
            hooks: Box::new(NoHooks),
            clock: Box::new(SystemClock),
            random: Box::new(SystemRandom),
            log: Box::new(StderrLog),
            extensions: Box::new(NoExtensions),
            limits: Limits::default(),
            cache_dir: None,
            component: Cow::Borrowed(component::BYTES),
        }
    }

    /// Where the engine keeps its state. Needed.
    #[must_use]
    pub fn store(mut self, store: impl Store) -> Self {
        self.store = Some(Box::new(store));
        self
    }

    /// The host's users and catalogue. Needed.
    #[must_use]
    pub fn directory(mut self, directory: impl Directory) -> Self {
        self.directory = Some(Box::new(directory));
        self
    }

    /// Extensions that narrow, veto and react.
    #[must_use]
    pub fn hooks(mut self, hooks: impl Hooks) -> Self {
        self.hooks = Box::new(hooks);
        self
    }

    /// Another clock than the system's.
    #[must_use]
    pub fn clock(mut self, clock: impl Clock) -> Self {
        self.clock = Box::new(clock);
        self
    }

    /// Another source of randomness than the system's.
    #[must_use]
    pub fn random(mut self, random: impl Random) -> Self {
        self.random = Box::new(random);
        self
    }

    /// Where messages for the operator go.
    #[must_use]
    pub fn log(mut self, log: impl Log) -> Self {
        self.log = Box::new(log);
        self
    }

    /// The plugins that owners look after on a page of their own. Beside [`hooks`](Self::hooks), by which they are asked: what
    /// is only asked has no page.
    #[must_use]
    pub fn extensions(mut self, extensions: impl Extensions) -> Self {
        self.extensions = Box::new(extensions);
        self
    }

    /// What the engine may use up.
    #[must_use]
    pub fn limits(mut self, limits: Limits) -> Self {
        self.limits = limits;
        self
    }

    /// A directory for compiled code, made if need be. With it a start takes milliseconds instead of seconds. It must be
    /// this user's alone: code found in it is run. What is found damaged, or belongs to somebody else, is not used.
    #[must_use]
    pub fn cache_dir(mut self, directory: impl Into<PathBuf>) -> Self {
        self.cache_dir = Some(directory.into());
        self
    }

    /// Another engine than the one built in: a component with the world `guestpass:access/engine`.
    #[must_use]
    pub fn component(mut self, bytes: impl Into<Vec<u8>>) -> Self {
        self.component = Cow::Owned(bytes.into());
        self
    }

    /// Compiles or loads the engine and starts a first instance of it.
    ///
    /// # Errors
    /// A [`BuildError`] that says what is missing or does not work.
    pub fn build(self) -> Result<Guestpass, BuildError> {
        if let Some(fault) = self.limits.fault() {
            return Err(BuildError::Limits(fault));
        }
        let ports = Ports {
            store: self.store.ok_or(BuildError::Missing("store"))?,
            directory: self.directory.ok_or(BuildError::Missing("directory"))?,
            hooks: self.hooks,
            clock: self.clock,
            random: self.random,
            log: self.log,
            extensions: self.extensions,
        };
        let runtime = Runtime::start(
            &self.component,
            ports,
            &self.limits,
            self.cache_dir.as_deref(),
        )?;
        Ok(Guestpass {
            runtime: Arc::new(runtime),
        })
    }
}

impl fmt::Debug for Builder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Builder")
            .field("limits", &self.limits)
            .field("cache_dir", &self.cache_dir)
            .finish_non_exhaustive()
    }
}

/// Why a handle could not be built.
#[derive(Debug)]
#[non_exhaustive]
pub enum BuildError {
    /// A port that has no default was not given.
    Missing(&'static str),
    /// A limit makes no sense; the sentence says which and why.
    Limits(String),
    /// The component is damaged, asks for something that it is not given, or does not offer what the contract says.
    Component(String),
    /// This machine cannot run the engine.
    Engine(String),
    /// The thread that keeps time could not be started.
    Thread(io::Error),
    /// What is known of the plugins cannot be read.
    Plugins(PluginError),
}

impl BuildError {
    pub(crate) fn component(error: &wasmtime::Error) -> Self {
        Self::Component(format!("{error:#}"))
    }

    pub(crate) fn engine(error: &wasmtime::Error) -> Self {
        Self::Engine(format!("{error:#}"))
    }
}

impl fmt::Display for BuildError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing(port) => write!(f, "a {port} is needed: call `Builder::{port}`"),
            Self::Limits(fault) => write!(f, "the limits make no sense: {fault}"),
            Self::Component(reason) => write!(
                f,
                "the component is no guestpass engine that can run here: {reason}"
            ),
            Self::Engine(reason) => {
                write!(f, "webassembly cannot be run on this machine: {reason}")
            }
            Self::Thread(error) => write!(
                f,
                "the thread that keeps time could not be started: {error}"
            ),
            Self::Plugins(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for BuildError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Thread(error) => Some(error),
            Self::Plugins(error) => Some(error),
            _ => None,
        }
    }
}
