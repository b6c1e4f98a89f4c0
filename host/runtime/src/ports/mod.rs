//! What a host hands to the engine: seven traits, one for each import of the component.
//!
//! The engine reaches nothing else. All of them are called from whatever thread called the [`Guestpass`](crate::Guestpass)
//! handle, several at once, so they are `Send + Sync` and take `&self`. Each is also implemented for `Arc<T>`, so that a
//! host can keep a hand on what it gave away.
//!
//! A port must not call the handle that calls it: with every engine instance waiting for a port, nobody would be left to
//! answer. A port that panics counts as one that failed, and what cannot be known is denied.

mod clock;
mod directory;
pub mod extensions;
mod hooks;
mod log;
mod random;
mod store;

pub use clock::{Clock, SystemClock};
pub use directory::{
    Catalogue, ContentDecision, CreatedUser, Credentials, Directory, DirectoryFailure, NewUser,
    PermissionEntry, Purpose, RoleEntry, Standing, User,
};
pub use extensions::{Extensions, NoExtensions};
pub use hooks::{Attempt, GrantReview, HookFailure, Hooks, NoHooks, Widening};
pub use log::{Level, Log, NoLog, StderrLog};
pub use random::{Random, SystemRandom};
pub use store::{Check, Entry, Put, Store, StoreFailure, Stored};
