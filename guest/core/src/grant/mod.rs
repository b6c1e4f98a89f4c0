//! Grants: who is given what, for how long, and how that changes.

pub(crate) mod address;
pub mod authority;
pub mod change;
pub mod change_scope;
pub mod create;
pub mod draft;
pub mod id;
pub mod kind;
pub mod list;
pub mod power;
mod provision;
pub mod record;
pub mod retire;
pub mod revoke_all;
pub mod scope;
pub mod state;
pub mod term;
pub mod view;
pub mod window;

pub use record::{Grant, Guest};
