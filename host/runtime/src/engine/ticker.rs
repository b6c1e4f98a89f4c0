//! The thread that counts time for the calls that run. It sleeps while none does, so an idle host stays idle.

use std::io;
use std::sync::Arc;
use std::thread::JoinHandle;

use wasmtime::Engine;

use super::budget::Ticks;
use super::pool::{Beat, Pool};

/// Owns the thread: dropping it ends the thread and waits for that.
pub(super) struct Ticker {
    pool: Arc<Pool>,
    thread: Option<JoinHandle<()>>,
}

impl Ticker {
    pub(super) fn start(pool: Arc<Pool>, engine: Engine, ticks: Arc<Ticks>) -> io::Result<Self> {
        let watched = pool.clone();
        let thread = std::thread::Builder::new()
            .name("guestpass-ticker".to_owned())
            .spawn(move || {
                while watched.next_beat(ticks.length) == Beat::Tick {
                    ticks.advance();
                    engine.increment_epoch();
                }
            })?;
        Ok(Self {
            pool,
            thread: Some(thread),
        })
    }
}

impl Drop for Ticker {
    fn drop(&mut self) {
        self.pool.close();
        if let Some(thread) = self.thread.take() {
            // The thread has no way to panic, and nothing to tell if it had.
            let _ = thread.join();
        }
    }
}
