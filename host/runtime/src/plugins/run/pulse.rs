//! The thread that counts time for the plugins that run. It sleeps while none does, so an idle host stays idle.

use std::io;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

use wasmtime::Engine;

use super::time::Ticks;

#[derive(Default)]
struct Inner {
    /// Calls that run.
    running: u32,
    /// Whether one ran since the last beat.
    recent: bool,
    asleep: bool,
    closed: bool,
}

#[derive(Default)]
struct Shared {
    inner: Mutex<Inner>,
    wake: Condvar,
}

/// Owns the thread: dropping it ends the thread and waits for that.
pub(super) struct Pulse {
    shared: Arc<Shared>,
    pub(super) ticks: Arc<Ticks>,
    thread: Option<JoinHandle<()>>,
}

/// A call that runs. Ends when dropped.
pub(super) struct Running<'a>(&'a Shared);

impl Pulse {
    pub(super) fn start(engine: Engine, length: Duration) -> io::Result<Self> {
        let shared = Arc::new(Shared::default());
        let ticks = Arc::new(Ticks::new(length));
        let (watched, counted) = (shared.clone(), ticks.clone());
        let thread = std::thread::Builder::new()
            .name("guestpass-plugins".to_owned())
            .spawn(move || {
                while watched.beat(counted.length) {
                    counted.advance();
                    engine.increment_epoch();
                }
            })?;
        Ok(Self {
            shared,
            ticks,
            thread: Some(thread),
        })
    }

    /// Counts time for a call from now on.
    pub(super) fn run(&self) -> Running<'_> {
        let mut inner = self.shared.lock();
        inner.running += 1;
        inner.recent = true;
        if inner.asleep {
            inner.asleep = false;
            self.shared.wake.notify_one();
        }
        drop(inner);
        Running(&self.shared)
    }
}

impl Shared {
    /// Waits for the next tick; `false` ends the thread.
    fn beat(&self, length: Duration) -> bool {
        let mut inner = self.lock();
        if inner.running == 0 && !inner.recent {
            inner.asleep = true;
            while inner.asleep && !inner.closed {
                inner = self
                    .wake
                    .wait(inner)
                    .unwrap_or_else(PoisonError::into_inner);
            }
        }
        inner.recent = false;
        if !inner.closed {
            inner = self
                .wake
                .wait_timeout(inner, length)
                .unwrap_or_else(PoisonError::into_inner)
                .0;
        }
        !inner.closed
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        // Nothing that can panic runs under this lock.
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Running<'_> {
    fn drop(&mut self) {
        self.0.lock().running -= 1;
    }
}

impl Drop for Pulse {
    fn drop(&mut self) {
        self.shared.lock().closed = true;
        self.shared.wake.notify_all();
        if let Some(thread) = self.thread.take() {
            // The thread has no way to panic, and nothing to tell if it had.
            let _ = thread.join();
        }
    }
}
