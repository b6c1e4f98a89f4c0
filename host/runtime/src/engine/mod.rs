//! Running the component: compile or load it once, keep warm instances of it, let each call have one, and hold it to its
//! limits.

mod budget;
mod cache;
pub(crate) mod compiled;
mod config;
mod fault;
mod imports;
mod instance;
mod pool;
mod ticker;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::Arc;

use crate::bindings::guestpass::access::types::Refusal as WitRefusal;
use crate::bindings::{self, EnginePre};
use crate::ports::{Clock, Directory, Extensions, Hooks, Level, Log, Random, Store};
use crate::{BuildError, Happening, Limits, Refusal};
use budget::Ticks;
use imports::State;
use pool::Pool;
use ticker::Ticker;

/// What the host has handed over.
pub(crate) struct Ports {
    pub(crate) store: Box<dyn Store>,
    pub(crate) directory: Box<dyn Directory>,
    pub(crate) hooks: Box<dyn Hooks>,
    pub(crate) clock: Box<dyn Clock>,
    pub(crate) random: Box<dyn Random>,
    pub(crate) log: Box<dyn Log>,
    pub(crate) extensions: Box<dyn Extensions>,
}

/// The component with its pool of instances.
pub(crate) struct Runtime {
    pool: Arc<Pool>,
    ports: Arc<Ports>,
    /// Ends its thread when dropped. After `pool`, which it only watches.
    _ticker: Ticker,
}

impl Runtime {
    /// Gets the component ready to be called and starts one instance, so that what cannot run is found now.
    pub(crate) fn start(
        component: &[u8],
        ports: Ports,
        limits: &Limits,
        cache_dir: Option<&Path>,
    ) -> Result<Self, BuildError> {
        let engine = config::engine(limits).map_err(|error| BuildError::engine(&error))?;
        let compiled = compiled::component(&engine, component, cache_dir, &*ports.log)
            .map_err(|error| BuildError::component(&error))?;
        let mut linker = wasmtime::component::Linker::new(&engine);
        imports::add_to_linker(&mut linker).map_err(|error| BuildError::engine(&error))?;
        let pre = linker
            .instantiate_pre(&compiled)
            .and_then(EnginePre::new)
            .map_err(|error| BuildError::component(&error))?;

        let ports = Arc::new(ports);
        let ticks = Arc::new(Ticks::new(limits.call_time));
        let pool = Arc::new(Pool::new(pre, ports.clone(), ticks.clone(), limits.clone()));
        // Before the first instance, whose start may take no longer than a call.
        let ticker = Ticker::start(pool.clone(), engine, ticks).map_err(BuildError::Thread)?;
        pool.warm_up()
            .map_err(|error| BuildError::component(&error))?;
        Ok(Self {
            pool,
            ports,
            _ticker: ticker,
        })
    }

    pub(crate) fn ports(&self) -> &Ports {
        &self.ports
    }

    /// Tells the hooks one thing. One that panics did not take it, and does not keep the others from being told.
    pub(crate) fn react(&self, site: &str, happening: &Happening) -> Result<(), String> {
        catch_unwind(AssertUnwindSafe(|| self.ports.hooks.react(site, happening)))
            .unwrap_or_else(|_| Err("it panicked".to_owned()))
    }

    /// Runs one call on an instance of its own. An instance that did not finish its call in order is never used again.
    pub(crate) fn call<T>(
        &self,
        call: impl FnOnce(
            &bindings::Engine,
            &mut wasmtime::Store<State>,
        ) -> wasmtime::Result<Result<T, WitRefusal>>,
    ) -> Result<T, Refusal> {
        // Dropped in reverse: the instance before the place it takes.
        let (place, mut instance) = match self.pool.check_out() {
            Ok(Some(pair)) => pair,
            Ok(None) => return Err(Refusal::engine_busy()),
            Err(error) => return Err(self.broke_off(&error, None)),
        };
        instance.begin();
        match call(&instance.exports, &mut instance.store) {
            Ok(answer) => {
                place.keep(instance);
                answer.map_err(Refusal::from)
            }
            Err(error) => Err(self.broke_off(&error, Some(instance.store.data()))),
        }
    }

    fn broke_off(&self, error: &wasmtime::Error, state: Option<&State>) -> Refusal {
        let reason = fault::reason(error, state);
        self.ports.log.write(
            Level::Error,
            &format!("the engine broke off a call: {reason} ({error:#})"),
        );
        Refusal::engine_fault(&reason)
    }
}
