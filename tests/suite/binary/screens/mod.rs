//! The pages in a real browser: found to be usable by everybody on every screen, and walked as people walk them.

mod driver;
mod journeys;
mod pages;
mod plugins;
