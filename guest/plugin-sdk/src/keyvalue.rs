//! The plugin's own memory, one for each site. Capability `keyvalue`.

use serde::Serialize;
use serde::de::DeserializeOwned;

/// The value under this key.
///
/// # Errors
/// A sentence, if the host cannot read it.
pub fn get(key: &str) -> Result<Option<Vec<u8>>, String> {
    #[cfg(target_arch = "wasm32")]
    return crate::bindings::capabilities::guestpass::plugin::keyvalue::get(key);
    #[cfg(not(target_arch = "wasm32"))]
    Ok(crate::testing::kept(key))
}

/// Keeps a value of at most 64 KiB.
///
/// # Errors
/// A sentence, if the host cannot keep it, or all values together are too many.
pub fn set(key: &str, value: &[u8]) -> Result<(), String> {
    #[cfg(target_arch = "wasm32")]
    return crate::bindings::capabilities::guestpass::plugin::keyvalue::set(key, value);
    #[cfg(not(target_arch = "wasm32"))]
    {
        crate::testing::keep(key, Some(value));
        Ok(())
    }
}

/// Forgets a value; absent ones are no error.
///
/// # Errors
/// A sentence, if the host cannot forget it.
pub fn delete(key: &str) -> Result<(), String> {
    #[cfg(target_arch = "wasm32")]
    return crate::bindings::capabilities::guestpass::plugin::keyvalue::delete(key);
    #[cfg(not(target_arch = "wasm32"))]
    {
        crate::testing::keep(key, None);
        Ok(())
    }
}

/// The keys that begin so, in ascending order, the first `limit` (at most 1000) of them.
///
/// # Errors
/// A sentence, if the host cannot read them.
pub fn keys(prefix: &str, limit: u32) -> Result<Vec<String>, String> {
    #[cfg(target_arch = "wasm32")]
    return crate::bindings::capabilities::guestpass::plugin::keyvalue::keys(prefix, limit);
    #[cfg(not(target_arch = "wasm32"))]
    Ok(crate::testing::keys(prefix, limit))
}

/// The value under this key, read from JSON.
///
/// # Errors
/// A sentence, if the host cannot read it or it is of another type.
pub fn load<T: DeserializeOwned>(key: &str) -> Result<Option<T>, String> {
    let value = get(key)?;
    let value = value
        .map(|bytes| serde_json::from_slice(&bytes))
        .transpose();
    value.map_err(|error| format!("what is kept as `{key}` cannot be read: {error}"))
}

/// Keeps a value as JSON.
///
/// # Errors
/// As [`set`].
pub fn save<T: Serialize>(key: &str, value: &T) -> Result<(), String> {
    let bytes =
        serde_json::to_vec(value).map_err(|error| format!("`{key}` cannot be written: {error}"))?;
    set(key, &bytes)
}
