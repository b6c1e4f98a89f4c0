//! The pages as they are answered, natively, on a site in memory.

mod forms;
mod front;
mod plugins;
mod snapshots;
mod world;
