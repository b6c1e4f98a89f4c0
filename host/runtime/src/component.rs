//! The engine that is built into this crate, and what is known of it.

/// The component `guestpass.wasm`.
pub const BYTES: &[u8] = &[];
