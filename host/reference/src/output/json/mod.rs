//! The engine's records as JSON for programs: instants in RFC 3339, variants as an object with one name.
//!
//! One home for each shape: what the command line answers with `--json`, what the API answers and takes, and what
//! the API's description says of both.

mod access;
mod account;
mod content;
pub(crate) mod count;
mod draft;
mod grant;
mod history;
mod instant;
mod key;
mod lockout;
mod log;
mod period;
mod plugin;
mod policy;
mod scope;
mod site;
mod upkeep;
mod user;
mod window;

pub use access::{EndExplanation, EndLimit, Explanation, Limit, Power, RunningSession};
pub use account::{Accepted, Admission, Invited, Membership};
pub use content::{Content, Retirement};
pub use draft::{Draft, Extension, NewScope};
pub use grant::{Grant, Guest, Issued, RevokedAll, Withheld};
pub(crate) use history::hex;
pub use history::{Fault, Happening, Verified};
pub use instant::Instant;
pub use key::Key;
pub use lockout::Lockout;
pub use log::{Checkpoint, Logged, Proved};
pub use period::Period;
pub use plugin::{Delivery, InspectedPlugin, Plugin};
pub use policy::{FreshBackup, GrantorGone, LockoutLimit, LockoutLimits, Policy, Preset, Template};
pub use scope::{Base, Scope};
pub use site::{Site, Uninstalled};
pub use upkeep::{Backup, Swept};
pub use user::User;
pub use window::{Ending, Window};
