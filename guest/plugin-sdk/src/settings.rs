//! What the owner has set. A plugin's own type is read from it before each call; there is nothing to do for that.

use serde::de::DeserializeOwned;

/// The settings as a type.
///
/// # Errors
/// A sentence, if they do not fit it.
pub fn read<T: DeserializeOwned>() -> Result<T, String> {
    serde_json::from_str(&all()).map_err(|error| format!("the settings do not fit: {error}"))
}

fn all() -> String {
    #[cfg(target_arch = "wasm32")]
    return crate::bindings::capabilities::guestpass::plugin::settings::all();
    #[cfg(not(target_arch = "wasm32"))]
    crate::testing::settings()
}
