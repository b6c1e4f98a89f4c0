//! Warm instances, one for each call that runs. Making one costs tens of times an ordinary call, so they are kept; the one
//! used last goes first, as its memory is still in the processor's caches.

use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use crate::bindings::EnginePre;
use crate::{Limits, Ports};

use super::budget::Ticks;
use super::imports::State;
use super::instance::Instance;

pub(super) struct Pool {
    pre: EnginePre<State>,
    ports: Arc<Ports>,
    ticks: Arc<Ticks>,
    limits: Limits,
    inner: Mutex<Inner>,
    /// Somebody may have an instance now.
    returned: Condvar,
    /// The ticker has something to do again.
    busy: Condvar,
}

struct Inner {
    #[allow(
        clippy::vec_box,
        reason = "checking out moves a pointer instead of half a kilobyte"
    )]
    idle: Vec<Box<Instance>>,
    /// Calls that hold an instance.
    out: u32,
    /// Calls that wait for one. Waking nobody would still cost a system call, so it is counted.
    waiting: u32,
    /// Calls since the ticker last looked.
    recent: bool,
    ticker_asleep: bool,
    closed: bool,
}

/// What the ticker does next.
#[derive(PartialEq)]
pub(super) enum Beat {
    Tick,
    End,
}

impl Pool {
    pub(super) fn new(
        pre: EnginePre<State>,
        ports: Arc<Ports>,
        ticks: Arc<Ticks>,
        limits: Limits,
    ) -> Self {
        let inner = Inner {
            idle: Vec::new(),
            out: 0,
            waiting: 0,
            recent: false,
            ticker_asleep: false,
            closed: false,
        };
        Self {
            pre,
            ports,
            ticks,
            limits,
            inner: Mutex::new(inner),
            returned: Condvar::new(),
            busy: Condvar::new(),
        }
    }

    /// Makes a first instance and keeps it.
    pub(super) fn warm_up(&self) -> wasmtime::Result<()> {
        if let Some((place, instance)) = self.check_out()? {
            place.keep(instance);
        }
        Ok(())
    }

    /// An instance for one call. Waits while as many calls run as may; `None` if that took too long.
    ///
    /// The instance must be dropped before its place, or be kept with it: a place that is free stands for a free slot.
    pub(super) fn check_out(&self) -> wasmtime::Result<Option<(Place<'_>, Box<Instance>)>> {
        let Some(mut inner) = self.wait_for_place() else {
            return Ok(None);
        };
        inner.out += 1;
        inner.recent = true;
        if inner.ticker_asleep {
            inner.ticker_asleep = false;
            self.busy.notify_one();
        }
        let instance = inner.idle.pop();
        drop(inner);
        // From here on the place is given back, whatever happens.
        let place = Place {
            pool: self,
            kept: None,
        };
        let instance = match instance {
            Some(instance) => instance,
            None => self.make()?,
        };
        Ok(Some((place, instance)))
    }

    fn wait_for_place(&self) -> Option<MutexGuard<'_, Inner>> {
        let mut inner = self.lock();
        let full = |inner: &mut Inner| inner.out >= self.limits.instances;
        if full(&mut inner) {
            inner.waiting += 1;
            inner = self
                .returned
                .wait_timeout_while(inner, self.limits.wait, full)
                .unwrap_or_else(PoisonError::into_inner)
                .0;
            inner.waiting -= 1;
            if full(&mut inner) {
                return None;
            }
        }
        Some(inner)
    }

    /// Waits for the next tick: its length while calls run, and for the next call when none did.
    pub(super) fn next_beat(&self, tick: Duration) -> Beat {
        let mut inner = self.lock();
        if inner.out == 0 && !inner.recent {
            inner.ticker_asleep = true;
            while inner.ticker_asleep && !inner.closed {
                inner = self
                    .busy
                    .wait(inner)
                    .unwrap_or_else(PoisonError::into_inner);
            }
        }
        inner.recent = false;
        if !inner.closed {
            inner = self
                .busy
                .wait_timeout(inner, tick)
                .unwrap_or_else(PoisonError::into_inner)
                .0;
        }
        if inner.closed { Beat::End } else { Beat::Tick }
    }

    /// Ends the ticker.
    pub(super) fn close(&self) {
        self.lock().closed = true;
        self.busy.notify_all();
    }

    fn make(&self) -> wasmtime::Result<Box<Instance>> {
        Instance::new(
            &self.pre,
            self.ports.clone(),
            self.ticks.clone(),
            &self.limits,
        )
        .map(Box::new)
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        // Nothing that can panic runs under this lock.
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The right to run one call. Ends when dropped, whatever happened to the call.
pub(super) struct Place<'a> {
    pool: &'a Pool,
    kept: Option<Box<Instance>>,
}

impl Place<'_> {
    /// Keeps the instance for the next call: only for one whose call ended in order.
    pub(super) fn keep(mut self, instance: Box<Instance>) {
        if instance.is_lean() {
            self.kept = Some(instance);
        }
    }
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        let mut inner = self.pool.lock();
        inner.out -= 1;
        inner.idle.extend(self.kept.take());
        let somebody_waits = inner.waiting > 0;
        drop(inner);
        if somebody_waits {
            self.pool.returned.notify_one();
        }
    }
}
