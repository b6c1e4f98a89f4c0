//! The rules of Guestpass: temporary and limited access that is certain to end.
//!
//! Everything that decides is in this crate, once: who may hand out access, what a grant really gives, when it opens and
//! ends, what a link is and who it lets in, and what history says about it. It is pure: it does no I/O, knows no clock and
//! no randomness but those it is handed ([`ports`]), and runs the same natively and inside the component.
//!
//! A caller makes an [`Engine`] out of its ports and asks it. The functions are grouped as the WIT interfaces are:
//!
//! | interface | module | what for |
//! |---|---|---|
//! | `grants` | [`grant`] | hand out access, change it, take it back |
//! | `entry` | [`entry`] | come in by a link, and leave |
//! | `invitations` | [`invitation`] | accept or decline what somebody was invited to |
//! | `access` | [`access`] | what may this session do right now, and why; act for somebody else |
//! | `policy` | [`policy`] | what a site allows at all |
//! | `history` | [`history`] | what happened, tamper-evident |
//! | `lockouts` | [`throttle`] | stop who tries links that open nothing |
//! | `upkeep` | [`upkeep`] | tidy up what is over |
//!
//! Of the imports, `plugins` has a module of its own, [`plugins`]: who looks after them is a rule too.
//!
//! Every decision reads what it needs, decides, and commits all it changes at once, guarded by the versions it read
//! ([`transaction`]). The refusals and their codes are listed in [`refusal`].

#![forbid(unsafe_code)]
#![deny(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    clippy::string_slice
)]
#![cfg_attr(
    test,
    allow(
        clippy::unwrap_used,
        clippy::expect_used,
        clippy::panic,
        clippy::indexing_slicing,
        clippy::arithmetic_side_effects,
        clippy::string_slice,
        reason = "a test that fails may panic"
    )
)]

pub mod access;
pub mod catalogue;
pub mod codec;
mod crc;
pub mod engine;
pub mod entry;
pub mod grant;
pub mod history;
pub mod instant;
pub mod invitation;
pub mod keys;
pub mod lifecycle;
pub mod names;
pub mod order;
pub mod period;
pub mod permissions;
pub mod plugins;
pub mod policy;
pub mod ports;
pub mod refusal;
pub mod throttle;
pub mod transaction;
pub mod upkeep;

pub use engine::Engine;
pub use instant::Instant;
pub use period::Period;
pub use refusal::{Code, Kind, Refusal};
