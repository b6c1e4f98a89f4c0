//! A package in a folder. Only the files with the known names are looked at.

use std::fs::File;
use std::io::{self, Read as _};
use std::path::Path;

use super::{COMPONENT, Files, MANIFEST, SIGNATURE};
use crate::plugins::error::PluginError;

pub(super) fn files(folder: &Path) -> Result<Files, PluginError> {
    let mut files = Files::default();
    for name in [MANIFEST, COMPONENT, SIGNATURE] {
        let Some((place, most)) = files.place(name) else {
            continue;
        };
        let path = folder.join(name);
        *place = match File::open(&path) {
            Ok(file) => Some(whole(name, file, most)?),
            Err(error) if error.kind() == io::ErrorKind::NotFound => None,
            Err(error) => return Err(unreadable(&path, &error)),
        };
    }
    Ok(files)
}

/// All of it, unless it is more than there may be.
pub(super) fn whole(name: &str, from: impl io::Read, most: u64) -> Result<Vec<u8>, PluginError> {
    let mut bytes = Vec::new();
    from.take(most + 1)
        .read_to_end(&mut bytes)
        .map_err(|error| {
            PluginError::new("bad-package", format!("`{name}` cannot be read: {error}."))
        })?;
    if bytes.len() as u64 > most {
        return Err(PluginError::new(
            "bad-package",
            format!("`{name}` has more than the {most} bytes that it may have."),
        ));
    }
    Ok(bytes)
}

pub(super) fn unreadable(path: &Path, error: &io::Error) -> PluginError {
    PluginError::new(
        "bad-package",
        format!("`{}` cannot be read: {error}.", path.display()),
    )
}
