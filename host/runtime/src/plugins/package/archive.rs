//! A package as one file: a gzipped tar archive, by convention named `.gpx`.
//!
//! Nothing is unpacked to the disk. Entries are read into memory by their names, and an archive that holds any other name
//! than the known ones is refused as a whole, so there is no path to escape by.

use std::fs::File;
use std::io::Read as _;
use std::path::Path;

use flate2::Compression;
use flate2::read::GzDecoder;
use flate2::write::GzEncoder;

use super::folder::{unreadable, whole};
use super::{COMPONENT, Files, LARGEST_COMPONENT, MANIFEST, SIGNATURE};
use crate::plugins::error::PluginError;
use crate::plugins::run::shortened;

/// The most bytes that an archive may have, packed or not: its files, and what tar puts around them.
pub const LARGEST: u64 = LARGEST_COMPONENT + (1 << 20);
/// Beside the three there may be texts for people, which are skipped.
const FOR_PEOPLE: [&str; 4] = ["README.md", "LICENSE", "LICENCE", "CHANGELOG.md"];

pub(super) fn files_at(path: &Path) -> Result<Files, PluginError> {
    let file = File::open(path).map_err(|error| unreadable(path, &error))?;
    let bytes = whole(&path.display().to_string(), file, LARGEST)?;
    files(&bytes)
}

pub(super) fn files(bytes: &[u8]) -> Result<Files, PluginError> {
    let broken = |error: std::io::Error| {
        PluginError::new(
            "bad-package",
            format!("This is no plugin archive: {error}. Make one with `guestpass plugin pack`."),
        )
    };
    let mut files = Files::default();
    // What is unpacked is bounded as a whole, so that a small archive cannot become a large one.
    let mut archive = tar::Archive::new(GzDecoder::new(bytes).take(LARGEST));
    for entry in archive.entries().map_err(broken)? {
        let entry = entry.map_err(broken)?;
        let name = shortened(&String::from_utf8_lossy(&entry.path_bytes()));
        if !entry.header().entry_type().is_file() {
            return Err(PluginError::new(
                "bad-package",
                format!("The archive holds `{name}`, which is no plain file."),
            ));
        }
        match files.place(&name) {
            Some((place @ None, most)) => *place = Some(whole(&name, entry, most)?),
            Some(_) => {
                return Err(PluginError::new(
                    "bad-package",
                    format!("The archive holds `{name}` twice."),
                ));
            }
            None if FOR_PEOPLE.contains(&name.as_str()) => {}
            None => {
                return Err(PluginError::new(
                    "bad-package",
                    format!(
                        "The archive holds `{name}`. Allowed are `{MANIFEST}`, `{COMPONENT}`, `{SIGNATURE}`, `README.md`, \
                         `LICENSE` and `CHANGELOG.md`, all of them at its top."
                    ),
                ));
            }
        }
    }
    Ok(files)
}

/// An archive of these files, without the empty ones.
pub(super) fn write(files: &[(&str, &[u8])]) -> Result<Vec<u8>, PluginError> {
    let written = || -> std::io::Result<Vec<u8>> {
        let mut builder = tar::Builder::new(GzEncoder::new(Vec::new(), Compression::default()));
        for (name, content) in files.iter().filter(|(_, content)| !content.is_empty()) {
            let mut header = tar::Header::new_ustar();
            header.set_size(content.len() as u64);
            header.set_mode(0o644);
            builder.append_data(&mut header, name, *content)?;
        }
        builder.into_inner()?.finish()
    };
    written().map_err(|error| {
        PluginError::new(
            "bad-package",
            format!("The archive cannot be written: {error}."),
        )
    })
}
