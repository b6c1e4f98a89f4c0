//! Who made a plugin: an ed25519 signature over its manifest and its component.
//!
//! A manifest that names a `public-key` promises a signature, so one without it is refused as well as a wrong one. Since the
//! key stands in the manifest, the signature alone shows no more than that nobody changed the package afterwards; who the
//! key belongs to is told by the first install, as an upgrade must be signed by the same key.

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use ed25519_dalek::{Signature, Signer as _, SigningKey, VerifyingKey};

use super::hex_sha256;
use crate::plugins::error::PluginError;
use crate::plugins::manifest::Manifest;

/// What is signed. Begins with what it is, so that no signature made for something else fits.
fn statement(manifest: &str, component: &[u8]) -> String {
    format!(
        "guestpass plugin, form 1\n{}\n{}\n",
        hex_sha256(manifest.as_bytes()),
        hex_sha256(component)
    )
}

/// The content of the signature's file for a package of these.
pub fn sign(secret_key: &[u8; 32], manifest: &str, component: &[u8]) -> String {
    let key = SigningKey::from_bytes(secret_key);
    let signature = key.sign(statement(manifest, component).as_bytes());
    BASE64_STANDARD.encode(signature.to_bytes()) + "\n"
}

/// What a manifest names as its `public-key` to be signed with this key.
pub fn verifying_key(secret_key: &[u8; 32]) -> String {
    BASE64_STANDARD.encode(
        SigningKey::from_bytes(secret_key)
            .verifying_key()
            .to_bytes(),
    )
}

pub(super) fn verify(
    manifest: &Manifest,
    text: &str,
    component: &[u8],
    signature: Option<&str>,
) -> Result<(), PluginError> {
    let refused = |message: &str| Err(PluginError::new("bad-signature", message));
    match (&manifest.public_key, signature) {
        (None, None) => Ok(()),
        (None, Some(_)) => refused(
            "The plugin carries a signature, but its manifest names no `public-key` to check it with.",
        ),
        (Some(_), None) => refused(
            "The manifest names a `public-key`, but the plugin carries no signature. Sign it with `guestpass plugin sign`.",
        ),
        (Some(key), Some(signature)) => {
            if is_right(key, &statement(text, component), signature) {
                Ok(())
            } else {
                refused(
                    "The signature is wrong: the manifest or the component was changed after it was signed, or it was signed \
                     with another key. Whoever makes the plugin signs it anew with `guestpass plugin sign`.",
                )
            }
        }
    }
}

fn is_right(key: &[u8; 32], statement: &str, signature: &str) -> bool {
    let Ok(key) = VerifyingKey::from_bytes(key) else {
        return false;
    };
    let bytes = BASE64_STANDARD.decode(signature.trim()).ok();
    let Some(bytes) = bytes.and_then(|bytes| <[u8; 64]>::try_from(bytes).ok()) else {
        return false;
    };
    key.verify_strict(statement.as_bytes(), &Signature::from_bytes(&bytes))
        .is_ok()
}
