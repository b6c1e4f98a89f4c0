//! One instance of the component, with the wasmtime store it lives in.

use std::sync::Arc;

use crate::bindings::{self, EnginePre};
use crate::{Limits, Ports};

use super::budget::{CallTime, Ticks};
use super::imports::State;

/// The most that the engine may hand to a port in one call, in bytes. A commit is the largest: some values of 64 KiB.
const LARGEST_CALL: usize = 16 << 20;

/// An instance that has grown beyond this is not kept: a rare large call should not cost memory for ever.
const KEEP_UP_TO: usize = 4 << 20;

pub(super) struct Instance {
    pub(super) store: wasmtime::Store<State>,
    pub(super) exports: bindings::Engine,
}

impl Instance {
    pub(super) fn new(
        pre: &EnginePre<State>,
        ports: Arc<Ports>,
        ticks: Arc<Ticks>,
        limits: &Limits,
    ) -> wasmtime::Result<Self> {
        let state = State::new(ports, ticks, limits.memory);
        let mut store = wasmtime::Store::new(pre.engine(), state);
        store.limiter(|state| &mut state.memory);
        store.set_hostcall_fuel(LARGEST_CALL);
        store.epoch_deadline_callback(|context| context.data().at_deadline());
        begin(&mut store);
        let exports = pre.instantiate(&mut store)?;
        Ok(Self { store, exports })
    }

    /// Gives the next call its time.
    pub(super) fn begin(&mut self) {
        begin(&mut self.store);
    }

    /// Whether the instance is worth keeping for the next call.
    pub(super) fn is_lean(&self) -> bool {
        self.store.data().memory.grown_to <= KEEP_UP_TO
    }
}

fn begin(store: &mut wasmtime::Store<State>) {
    let state = store.data_mut();
    state.time = CallTime::begin(&state.ticks);
    let allowed = state.ticks.allowed();
    store.set_epoch_deadline(allowed);
}
