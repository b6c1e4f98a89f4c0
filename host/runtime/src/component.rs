//! The engine that is built into this crate, and what is known of it.

use serde::Serialize;

/// The component `guestpass.wasm`: what any other host can load as well.
pub const BYTES: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/guestpass.wasm"));

include!(concat!(env!("OUT_DIR"), "/component_info.rs"));

/// What is known of a component.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Info {
    /// The version of this crate and of the engine in it.
    pub version: &'static str,
    /// Its size in bytes.
    pub size: usize,
    /// Its SHA-256, in hexadecimal.
    pub sha256: &'static str,
    /// The interfaces it needs, with their versions, and all that it can reach.
    pub imports: Vec<String>,
    /// The interfaces it offers, with their versions.
    pub exports: Vec<String>,
}

/// What is known of [`BYTES`].
pub fn info() -> Info {
    let owned = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
    Info {
        version: env!("CARGO_PKG_VERSION"),
        size: BYTES.len(),
        sha256: SHA256,
        imports: owned(IMPORTS),
        exports: owned(EXPORTS),
    }
}
