//! Plugins: their life, what they are asked, and what they are told.

pub mod world;

mod contract;
mod delivery;
mod examples;
mod filters;
mod languages;
mod life;
mod upgrades;
