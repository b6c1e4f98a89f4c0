//! What time it is. Capability `clock`.

/// Now, in milliseconds since 1970-01-01T00:00:00Z.
#[must_use]
pub fn now() -> u64 {
    #[cfg(target_arch = "wasm32")]
    return crate::bindings::capabilities::guestpass::plugin::clock::now();
    #[cfg(not(target_arch = "wasm32"))]
    crate::testing::now()
}
