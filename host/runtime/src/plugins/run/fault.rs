//! How a plugin failed, in words for its owner.

use std::fmt;

use wasmtime::Trap;

use super::inside::Inside;
use super::time::OutOfTime;

/// A call that did not end in an answer which can be used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fault {
    /// The plugin is to blame; a clause that says for what.
    Plugin(String),
    /// The host could not run it now; a clause that says why.
    Host(String),
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Plugin(reason) | Self::Host(reason) => f.write_str(reason),
        }
    }
}

impl Fault {
    pub(super) fn of(error: &wasmtime::Error, inside: Option<&Inside>) -> Self {
        if error.is::<wasmtime::PoolConcurrencyLimitError>() {
            return Self::Host("too many plugins run at once".to_owned());
        }
        if let Some(HostFailed(reason)) = error.downcast_ref() {
            return Self::Host(reason.clone());
        }
        Self::Plugin(reason(error, inside))
    }
}

/// Something of the host's that has no harmless failure failed.
#[derive(Debug)]
pub(super) struct HostFailed(pub(super) String);

impl fmt::Display for HostFailed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for HostFailed {}

fn reason(error: &wasmtime::Error, inside: Option<&Inside>) -> String {
    if error.is::<OutOfTime>() {
        return "it took longer than a call may".to_owned();
    }
    if inside.is_some_and(|inside| inside.memory.exceeded) {
        return "it needed more memory than it may have".to_owned();
    }
    match error.downcast_ref::<Trap>() {
        Some(Trap::StackOverflow) => "it called itself too deeply".to_owned(),
        Some(_) => "it stopped at an error of its own".to_owned(),
        None => "it handed over what cannot be read, or more than it may".to_owned(),
    }
}
