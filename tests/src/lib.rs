//! What the tests and benches of Guestpass stand on: a host in memory whose clock, users, extensions and faults a test
//! holds in its hand, and one way to ask the engine, be it natively or through the component.
//!
//! ```no_run
//! use guestpass_tests::{Setting, a_link};
//!
//! let setting = Setting::new();
//! let link = setting.link(a_link().role("editor").lasting("PT1H"));
//! let entered = setting.enter(&link);
//! setting.clock.forward(3_600_000);
//! assert_eq!(setting.why_not(&entered.session).as_deref(), Some("grant-ended"));
//! ```

pub mod asked;
pub mod catalogue;
pub mod clock;
pub mod corpus;
pub mod draft;
pub mod faults;
pub mod hooks;
pub mod log;
pub mod native;
pub mod people;
pub mod plan;
pub mod random;
pub mod setting;
pub mod skipped;
pub mod strangers;

pub use asked::{Asked, Entered, Link, Power, Resolved};
pub use clock::{DAY, HOUR, MINUTE, ManualClock, SECOND, instant};
pub use draft::{DraftBuilder, a_link, a_password, an_invitation, beginning, lockout_after};
pub use faults::{Counting, Fault, Faults};
pub use hooks::ScriptedHooks;
pub use people::People;
pub use plan::{Kept, Plan, Way, both_ways};
pub use setting::{Setting, from_somewhere, owner, user};
pub use skipped::skipped;
