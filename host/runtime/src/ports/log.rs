//! What the operator should know. The engine never puts a secret into it.

use std::io::Write;
use std::sync::Arc;

pub use crate::bindings::guestpass::access::log::Level;

/// Where messages for the operator go.
pub trait Log: Send + Sync + 'static {
    /// Takes one message, a line without a line break at its end. Must return soon; it is called amid decisions.
    fn write(&self, level: Level, message: &str);
}

impl<T: Log + ?Sized> Log for Arc<T> {
    fn write(&self, level: Level, message: &str) {
        (**self).write(level, message);
    }
}

/// Writes warnings and errors to the standard error stream. What a handle uses unless it is given something else.
#[derive(Debug, Clone, Copy, Default)]
pub struct StderrLog;

impl Log for StderrLog {
    fn write(&self, level: Level, message: &str) {
        let word = match level {
            Level::Debug | Level::Info => return,
            Level::Warn => "warning",
            Level::Error => "error",
        };
        // With nobody reading the stream there is nobody to tell.
        let _ = writeln!(std::io::stderr(), "guestpass: {word}: {message}");
    }
}

/// Drops everything.
#[derive(Debug, Clone, Copy, Default)]
pub struct NoLog;

impl Log for NoLog {
    fn write(&self, _level: Level, _message: &str) {}
}
