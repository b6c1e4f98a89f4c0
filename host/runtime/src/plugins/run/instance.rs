//! One instance of a plugin, with the wasmtime store it lives in.

use wasmtime::Store;
use wasmtime::component;

use super::Runner;
use super::inside::{Inside, Memory, Used};
use super::prepared::{Exports, Prepared};
use super::time::CallTime;
use crate::plugins::bindings::exports::guestpass::plugin::{
    action, entry_filter, grant_filter, permission_filter,
};
use crate::plugins::hooks::Hook;

/// An instance that has grown beyond this is not kept warm.
const KEEP_UP_TO: usize = 16 << 20;
/// Nor is one that was called so often: whatever a plugin forgets to give back is given back then.
const KEEP_FOR: u32 = 10_000;

pub(super) struct Instance {
    pub(super) store: Store<Inside>,
    instance: component::Instance,
    calls: u32,
    /// Looked up on first use and kept, since that costs as much as a call.
    grant: Option<grant_filter::Guest>,
    entry: Option<entry_filter::Guest>,
    permission: Option<permission_filter::Guest>,
    action: Option<action::Guest>,
}

/// Makes a function that finds the functions of one hook.
macro_rules! find {
    ($name:ident, $module:ident) => {
        pub(super) fn $name(
            &mut self,
            exports: &Exports,
        ) -> wasmtime::Result<(&$module::Guest, &mut Store<Inside>)> {
            if self.$name.is_none() {
                let indices = exports
                    .$name
                    .as_ref()
                    .ok_or_else(|| wasmtime::Error::msg("it has no such hook"))?;
                self.$name = Some(indices.load(&mut self.store, &self.instance)?);
            }
            let found = self
                .$name
                .as_ref()
                .ok_or_else(|| wasmtime::Error::msg("it has no such hook"))?;
            Ok((found, &mut self.store))
        }
    };
}

impl Instance {
    /// Makes a store with its limits, and nothing in it yet: instantiating runs the plugin's code, which counts already.
    pub(super) fn store(
        runner: &Runner,
        plugin: &Prepared,
        hook: Hook,
        site: &str,
    ) -> Store<Inside> {
        let inside = Inside {
            facilities: plugin.facilities.clone(),
            site: site.to_owned(),
            time: time(runner, hook),
            memory: Memory::new(runner.limits().memory),
            lines: 0,
            patience: patience(runner, hook),
        };
        let mut store = Store::new(runner.engine(), inside);
        store.limiter(|inside| &mut inside.memory);
        store.set_hostcall_fuel(runner.limits().output);
        store.epoch_deadline_callback(|context| context.data().at_deadline());
        let allowed = store.data().time.allowed();
        store.set_epoch_deadline(allowed);
        store
    }

    pub(super) fn start(
        store: &mut Store<Inside>,
        plugin: &Prepared,
    ) -> wasmtime::Result<component::Instance> {
        plugin.pre.instantiate(store)
    }

    pub(super) fn new(store: Store<Inside>, instance: component::Instance) -> Self {
        Self {
            store,
            instance,
            calls: 1,
            grant: None,
            entry: None,
            permission: None,
            action: None,
        }
    }

    /// Gives a warm instance its next call.
    pub(super) fn begin(&mut self, runner: &Runner, hook: Hook, site: &str) {
        self.calls += 1;
        let inside = self.store.data_mut();
        if inside.site != site {
            site.clone_into(&mut inside.site);
        }
        inside.time = time(runner, hook);
        inside.lines = 0;
        inside.patience = patience(runner, hook);
        let allowed = inside.time.allowed();
        self.store.set_epoch_deadline(allowed);
    }

    /// Whether it may be called again.
    pub(super) fn is_worth_keeping(&self) -> bool {
        self.calls < KEEP_FOR && self.store.data().memory.used <= KEEP_UP_TO
    }

    pub(super) fn used(&self) -> Used {
        let inside = self.store.data();
        Used {
            memory: inside.memory.used,
            lines: inside.lines,
        }
    }

    find!(grant, grant_filter);
    find!(entry, entry_filter);
    find!(permission, permission_filter);
    find!(action, action);
}

fn time(runner: &Runner, hook: Hook) -> CallTime {
    let limits = runner.limits();
    CallTime::begin(
        runner.pulse.ticks.clone(),
        if hook.decides() {
            limits.decide
        } else {
            limits.act
        },
    )
}

fn patience(runner: &Runner, hook: Hook) -> std::time::Duration {
    let wait = runner.limits().wait;
    if hook.decides() { wait / 10 } else { wait }
}
