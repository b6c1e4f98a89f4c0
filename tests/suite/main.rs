//! The suite: what Guestpass promises, a file per topic. The properties of `properties/` are numbered as in the project's
//! list of what must hold, and their tests are named after them (`p02_…`).

mod artifact;
mod bad_input;
mod binary;
mod delegation;
mod expiry;
mod explain;
mod history;
mod invitations;
mod life;
mod lifecycle;
mod lockout;
mod log;
mod password;
mod plugins;
mod policy;
mod properties;
mod restart;
mod retiring;
mod scope;
mod search;
mod sessions;
mod stores;
mod switching;
mod tamper;
mod upkeep;
mod verifying;
mod who;
