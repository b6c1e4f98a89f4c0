//! Running plugins: one WebAssembly engine for all of them, a store of its own for each call, and limits on what a call may
//! use.

mod calls;
mod config;
mod fault;
mod imports;
mod inside;
mod instance;
mod prepared;
mod pulse;
mod time;

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::AtomicU32;

use wasmtime::Engine;

use super::limits::PluginLimits;
use super::ports::PluginPorts;
use crate::BuildError;
use pulse::Pulse;

pub(super) use calls::{Said, shortened};
pub(super) use fault::Fault;
pub(super) use inside::Used;
pub(super) use prepared::Prepared;

/// What all plugins run on.
pub(super) struct Runner {
    engine: Engine,
    pulse: Pulse,
    limits: PluginLimits,
    cache_dir: Option<PathBuf>,
    ports: Arc<PluginPorts>,
    /// Instances that are kept warm, all plugins together.
    warm: Arc<AtomicU32>,
}

impl Runner {
    pub(super) fn start(
        limits: PluginLimits,
        cache_dir: Option<PathBuf>,
        ports: Arc<PluginPorts>,
    ) -> Result<Self, BuildError> {
        if let Some(fault) = limits.fault() {
            return Err(BuildError::Limits(fault));
        }
        let engine = config::engine(&limits).map_err(|error| BuildError::engine(&error))?;
        let pulse = Pulse::start(engine.clone(), limits.decide / 10).map_err(BuildError::Thread)?;
        Ok(Self {
            engine,
            pulse,
            limits,
            cache_dir,
            ports,
            warm: Arc::default(),
        })
    }

    pub(super) fn engine(&self) -> &Engine {
        &self.engine
    }

    pub(super) fn ports(&self) -> &Arc<PluginPorts> {
        &self.ports
    }

    pub(super) fn limits(&self) -> &PluginLimits {
        &self.limits
    }
}
