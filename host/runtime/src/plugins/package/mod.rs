//! A plugin as it is handed over: a folder or a `.gpx` archive with a manifest, a component, and perhaps a signature.

mod archive;
mod folder;
mod signature;

use std::path::Path;

use sha2::{Digest, Sha256};

use super::error::PluginError;
use super::manifest::{MANIFEST, Manifest, ManifestFault};

pub use archive::LARGEST as LARGEST_ARCHIVE;
pub use signature::{sign, verifying_key};

/// The name of the component's file.
pub const COMPONENT: &str = "plugin.wasm";
/// The name of the signature's file.
pub const SIGNATURE: &str = "plugin.sig";
/// The largest component, in bytes. One in Python has some 20 MiB.
pub const LARGEST_COMPONENT: u64 = 64 << 20;
/// The largest of the other files.
const LARGEST_TEXT: u64 = 64 << 10;

/// A plugin that can be installed: its manifest is sound and its signature, if it carries one, is right.
#[derive(Debug, Clone)]
pub struct Package {
    manifest: Manifest,
    text: String,
    component: Vec<u8>,
    signature: Option<String>,
}

/// The files of a package, as they were found.
#[derive(Default)]
struct Files {
    manifest: Option<Vec<u8>>,
    component: Option<Vec<u8>>,
    signature: Option<Vec<u8>>,
}

impl Files {
    /// Where the content of this file belongs, and how much there may be; `None` for one that is of no use here.
    fn place(&mut self, name: &str) -> Option<(&mut Option<Vec<u8>>, u64)> {
        match name {
            MANIFEST => Some((&mut self.manifest, LARGEST_TEXT)),
            COMPONENT => Some((&mut self.component, LARGEST_COMPONENT)),
            SIGNATURE => Some((&mut self.signature, LARGEST_TEXT)),
            _ => None,
        }
    }
}

impl Package {
    /// Reads a folder, or an archive if it is a file.
    ///
    /// # Errors
    /// What is wrong with it. Nothing was written anywhere.
    pub fn read(path: &Path) -> Result<Self, PluginError> {
        let files = if path.is_dir() {
            folder::files(path)?
        } else {
            archive::files_at(path)?
        };
        Self::of(files)
    }

    /// Reads an archive.
    ///
    /// # Errors
    /// As [`Package::read`].
    pub fn from_archive(bytes: &[u8]) -> Result<Self, PluginError> {
        Self::of(archive::files(bytes)?)
    }

    /// Puts a package together out of its files' content.
    ///
    /// # Errors
    /// As [`Package::read`].
    pub fn new(
        manifest: &str,
        component: Vec<u8>,
        signature: Option<&str>,
    ) -> Result<Self, PluginError> {
        Self::of(Files {
            manifest: Some(manifest.as_bytes().to_vec()),
            component: Some(component),
            signature: signature.map(|text| text.as_bytes().to_vec()),
        })
    }

    fn of(files: Files) -> Result<Self, PluginError> {
        let missing = |name: &str| {
            PluginError::new(
                "incomplete-package",
                format!("The plugin has no `{name}`. It needs `{MANIFEST}` and `{COMPONENT}`."),
            )
        };
        let text = text(MANIFEST, files.manifest.ok_or_else(|| missing(MANIFEST))?)?;
        let manifest = Manifest::read(&text).map_err(|faults| bad_manifest(&faults))?;
        let component = files.component.ok_or_else(|| missing(COMPONENT))?;
        let signature = files
            .signature
            .map(|bytes| super::package::text(SIGNATURE, bytes))
            .transpose()?;
        signature::verify(&manifest, &text, &component, signature.as_deref())?;
        Ok(Self {
            manifest,
            text,
            component,
            signature,
        })
    }

    /// The package as an archive: the same bytes for the same content.
    ///
    /// # Errors
    /// If it cannot be written together, which only a full memory explains.
    pub fn to_archive(&self) -> Result<Vec<u8>, PluginError> {
        archive::write(&[
            (MANIFEST, self.text.as_bytes()),
            (COMPONENT, &self.component),
            (
                SIGNATURE,
                self.signature.as_deref().unwrap_or_default().as_bytes(),
            ),
        ])
    }

    /// What it says about itself.
    pub fn manifest(&self) -> &Manifest {
        &self.manifest
    }

    /// The manifest as it is written.
    pub fn manifest_text(&self) -> &str {
        &self.text
    }

    /// The component.
    pub fn component(&self) -> &[u8] {
        &self.component
    }

    /// The component's SHA-256, in hexadecimal.
    pub fn sha256(&self) -> String {
        hex_sha256(&self.component)
    }
}

pub(super) fn hex_sha256(bytes: &[u8]) -> String {
    let digest = Sha256::digest(bytes);
    digest
        .iter()
        .fold(String::new(), |hex, byte| hex + &format!("{byte:02x}"))
}

fn text(name: &str, bytes: Vec<u8>) -> Result<String, PluginError> {
    String::from_utf8(bytes)
        .map_err(|_| PluginError::new("bad-package", format!("`{name}` is no text in UTF-8.")))
}

fn bad_manifest(faults: &[ManifestFault]) -> PluginError {
    let lines: Vec<_> = faults.iter().map(ToString::to_string).collect();
    PluginError::new("bad-manifest", lines.join("\n"))
}

#[cfg(test)]
mod tests;
