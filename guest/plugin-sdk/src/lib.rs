//! What a plugin of Guestpass is written with.
//!
//! A plugin is a type that implements [`Plugin`], and [`export!`] with the hooks that it has. The type's fields are the
//! plugin's settings. All of a plugin that logs each grant:
//!
//! ```
//! use guestpass_plugin::{Event, Plugin, Requests, log};
//!
//! #[derive(serde::Deserialize)]
//! struct LogGrants {}
//!
//! impl Plugin for LogGrants {
//!     fn react(&self, event: &Event) -> Requests {
//!         if event.name == "created" {
//!             log!("{} has made the grant {}", event.actor(), event.grant());
//!         }
//!         Requests::none()
//!     }
//! }
//!
//! guestpass_plugin::export!(LogGrants: action);
//! # fn main() {}
//! ```
//!
//! With a manifest beside it, `guestpass plugin build` makes a component of it, `guestpass plugin run` tries it, and
//! `guestpass plugin new NAME` writes all of that to begin with. `cargo test` tries it without WebAssembly, on a
//! [bench](testing).
//!
//! # What to know
//!
//! - A call may be the only one its instance ever gets. What is to be remembered belongs into [`keyvalue`].
//! - What comes in grows with each version of the host: [`Draft::more`], [`Event::more`] and their like hold what is new, by
//!   name. Ignore what you do not know.
//! - A filter can only take away. What it answers is checked again; an answer that would widen counts as a failure, and a
//!   failure denies. More uses or a later end than a draft has are also written into the site's history, under the plugin's name.
//!
//! # What others do with hooks
//!
//! | to | here |
//! |---|---|
//! | change the expiry presets | [`Grant::ends_by`] shortens what was picked, whatever it was. Presets themselves stay as they are: another list could offer more. |
//! | decide who may grant | [`Grant::veto`] by `draft.actor`. Nobody may who may not without the plugin. |
//! | check before somebody comes in | [`Entry::veto`] by address, agent, time, uses |
//! | change role or permissions | [`Grant::except`] for good, [`Withheld::these`] from request to request; never another role, which could be a greater one |
//! | change the redirect | [`Grant::redirect`]: any path of the same site, for it opens nothing |
//! | restrict pages | what a page needs is a permission: [`Withheld::these`] |
//! | react to created, extended, suspended, revoked, ended, redeemed, signed in, locked out | [`Plugin::react`]: `guestpass plugin hooks` lists the events |
//! | react to refused | `refused` tells what plugins refused, once a minute for the same guest. What the engine refuses is told where it is written down (`locked-out`, `expired`); the rest anybody could repeat until the outbox is full. |
//! | call a webhook | [`http::Request::send`] from [`Plugin::react`], to hosts that the owner approved |

pub mod bindings;
pub mod clock;
mod export;
pub mod http;
pub mod keyvalue;
pub mod log;
mod plugin;
mod question;
pub mod settings;
#[cfg(not(target_arch = "wasm32"))]
pub mod testing;
mod verdict;

pub use bindings::action::exports::guestpass::plugin::action::Request;
pub use bindings::capabilities::guestpass::plugin::types::{Attempt, Draft, Event, Named, Power};
pub use bindings::entry_filter::exports::guestpass::plugin::entry_filter::Verdict as EntryVerdict;
pub use bindings::grant_filter::exports::guestpass::plugin::grant_filter::Verdict as GrantVerdict;
pub use plugin::Plugin;
pub use verdict::{Entry, Grant, Requests, Withheld};
