//! A log that keeps what it is told.

use std::sync::{Mutex, PoisonError};

use guestpass::ports::{Level, Log};

/// Every line, in order.
#[derive(Debug, Default)]
pub struct RecordedLog(Mutex<Vec<String>>);

impl RecordedLog {
    /// The lines so far.
    #[must_use]
    pub fn lines(&self) -> Vec<String> {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }
}

impl Log for RecordedLog {
    fn write(&self, level: Level, message: &str) {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(format!("{level:?}: {message}"));
    }
}
