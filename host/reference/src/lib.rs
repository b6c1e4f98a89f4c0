//! The Guestpass reference host: a small CMS that is real, and shows what it takes to embed the engine.
//!
//! `cms` keeps users, sessions, posts and sections in SQLite and answers the engine's `Directory` port. `web` is what
//! browsers see, `api` what programs ask, `cli` what is typed. None of them decides who may do what: that is the engine's,
//! reached through the crate `guestpass` alone.

pub mod api;
pub mod body;
pub mod clock;
pub mod cms;
pub mod config;
pub mod connections;
pub mod edge;
mod extensions;
pub mod host;
pub mod invitations;
pub mod links;
pub mod logging;
pub mod mail;
pub mod output;
pub mod problem;
pub mod secret;
pub mod serve;
mod shares;
pub mod switching;
mod tries;
pub mod upkeep;
pub mod urlencoded;
pub mod web;
pub mod when;

mod cli;

pub use cli::run;
