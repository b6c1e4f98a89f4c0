//! Embeds the Guestpass engine in a Rust CMS: temporary and limited access that is certain to end.

mod access;
mod bindings;
mod builder;
pub mod component;
mod engine;
mod handle;
mod issued;
mod limits;
mod permissions;
pub mod ports;
mod refusal;
mod secret;
pub mod store;
mod types;

pub use access::Access;
pub use builder::{BuildError, Builder};
pub(crate) use engine::Ports;
pub use handle::Guestpass;
pub use issued::{Admission, Issued};
pub use limits::Limits;
pub use permissions::Permissions;
pub use refusal::Refusal;
pub use secret::Secret;
pub use types::{
    Actor, Draft, Ending, Explanation, Extension, Fault, Filter, Grant, Guest, Happening, Limit,
    Origin, Page, Preset, Preview, RefusalKind, Report, Scope, ScopeBase, Settings, Swept, Window,
    Withheld,
};
