//! The handle that a host holds: every function of the contract as a method, on a pool of engine instances.

mod access;
mod entry;
mod grants;
mod history;
mod invitations;
mod lifecycle;
mod lockouts;
mod policy;
mod screens;
mod upkeep;

use std::fmt;
use std::sync::Arc;

use crate::Builder;
use crate::engine::Runtime;

/// The engine, ready to be asked from any thread. Cloning is cheap and shares everything.
///
/// Every method is synchronous: it returns when the answer is durable. An asynchronous host calls from its blocking pool.
/// An error is always a [`Refusal`](crate::Refusal); one of kind `unavailable` and code `engine-fault` means that the
/// engine itself broke off, after which the instance is thrown away and the next call gets a fresh one.
#[derive(Clone)]
pub struct Guestpass {
    pub(crate) runtime: Arc<Runtime>,
}

impl Guestpass {
    /// Begins to build a handle.
    pub fn builder() -> Builder {
        Builder::new()
    }
}

impl fmt::Debug for Guestpass {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Guestpass").finish_non_exhaustive()
    }
}
