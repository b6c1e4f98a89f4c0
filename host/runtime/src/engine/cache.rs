//! Compiled code on disk. What is found there is run, so it is taken only from a directory and a file that nobody else
//! could have written, and only whole.

use std::fs::{self, File};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

use sha2::{Digest, Sha256};
use wasmtime::Engine;
use wasmtime::component::Component;

/// The first bytes of a cache file: what it is, and in which form.
const MAGIC: &[u8; 8] = b"gpcwasm1";

/// The place of one component, compiled for one configuration of one version of wasmtime.
pub(super) struct Cached {
    directory: PathBuf,
    name: String,
}

/// Machine code that this user wrote and that is whole.
pub(super) struct Code(Vec<u8>);

impl Cached {
    pub(super) fn new(directory: &Path, engine: &Engine, component: &[u8]) -> Self {
        let mut compatibility = DefaultHasher::new();
        engine
            .precompile_compatibility_hash()
            .hash(&mut compatibility);
        let mut name = Sha256::digest(component)[..16]
            .iter()
            .fold(String::new(), |hex, byte| hex + &format!("{byte:02x}"));
        name += &format!("-{:016x}.cwasm", compatibility.finish());
        Self {
            directory: directory.to_owned(),
            name,
        }
    }

    /// What is there; `None` if there is nothing yet.
    pub(super) fn read(&self) -> Result<Option<Code>, String> {
        if !self.directory.exists() {
            return Ok(None);
        }
        private::check_directory(&self.directory)?;
        let path = self.directory.join(&self.name);
        let mut file = match File::open(&path) {
            Ok(file) => file,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(format!("`{}` cannot be read: {error}", self.name)),
        };
        private::check_file(&file).map_err(|reason| format!("`{}` {reason}", self.name))?;
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes)
            .map_err(|error| format!("`{}` cannot be read: {error}", self.name))?;
        let damaged = || format!("`{}` is damaged", self.name);
        let (magic, rest) = bytes.split_first_chunk::<8>().ok_or_else(damaged)?;
        let (hash, code) = rest.split_first_chunk::<32>().ok_or_else(damaged)?;
        if magic != MAGIC || Sha256::digest(code)[..] != hash[..] {
            return Err(damaged());
        }
        let head = MAGIC.len() + hash.len();
        bytes.drain(..head);
        Ok(Some(Code(bytes)))
    }

    /// Keeps this code, replacing what is there at once or not at all.
    pub(super) fn write(&self, code: &[u8]) -> Result<(), String> {
        private::create_directory(&self.directory)
            .map_err(|error| format!("the directory cannot be made: {error}"))?;
        private::check_directory(&self.directory)?;
        let temporary = self.directory.join(temporary_name(&self.name));
        let written = private::create_file(&temporary)
            .and_then(|mut file| {
                file.write_all(MAGIC)?;
                file.write_all(&Sha256::digest(code))?;
                file.write_all(code)
            })
            .and_then(|()| fs::rename(&temporary, self.directory.join(&self.name)));
        written.map_err(|error| {
            // Nothing reads it, so leaving it behind would only waste space.
            let _ = fs::remove_file(&temporary);
            error.to_string()
        })
    }
}

impl Code {
    pub(super) fn load(&self, engine: &Engine) -> wasmtime::Result<Component> {
        #[allow(
            unsafe_code,
            reason = "the bytes are what `Component::serialize` gave: only this user could write the file and its \
                      directory, and their SHA-256 is right; wasmtime itself checks its version and configuration"
        )]
        unsafe {
            Component::deserialize(engine, &self.0)
        }
    }
}

/// A name that no other write uses at the same time.
fn temporary_name(name: &str) -> String {
    static WRITES: AtomicU64 = AtomicU64::new(0);
    format!(
        ".{name}.{}.{}",
        std::process::id(),
        WRITES.fetch_add(1, Ordering::Relaxed)
    )
}

/// What only this user can write.
#[cfg(unix)]
mod private {
    use std::fs::{self, DirBuilder, File, Metadata, OpenOptions};
    use std::io;
    use std::os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt};
    use std::path::Path;

    pub(super) fn create_directory(path: &Path) -> io::Result<()> {
        DirBuilder::new().recursive(true).mode(0o700).create(path)
    }

    pub(super) fn create_file(path: &Path) -> io::Result<File> {
        OpenOptions::new()
            .write(true)
            .create_new(true)
            .mode(0o600)
            .open(path)
    }

    pub(super) fn check_directory(path: &Path) -> Result<(), String> {
        let metadata =
            fs::metadata(path).map_err(|error| format!("it cannot be looked at: {error}"))?;
        if !metadata.is_dir() {
            return Err("it is not a directory".to_owned());
        }
        check(&metadata)
    }

    pub(super) fn check_file(file: &File) -> Result<(), String> {
        check(
            &file
                .metadata()
                .map_err(|error| format!("cannot be looked at: {error}"))?,
        )
    }

    fn check(metadata: &Metadata) -> Result<(), String> {
        #[allow(unsafe_code, reason = "geteuid has no precondition and cannot fail")]
        let this_user = unsafe { libc::geteuid() };
        if metadata.uid() != this_user {
            return Err("belongs to another user".to_owned());
        }
        if metadata.mode() & 0o022 != 0 {
            return Err("can be written by others; take that right away from them".to_owned());
        }
        Ok(())
    }
}

/// Without owners and modes nobody can tell who wrote a file.
#[cfg(not(unix))]
mod private {
    use std::fs::File;
    use std::io;
    use std::path::Path;

    const UNKNOWN: &str = "this system does not tell who wrote a file";

    pub(super) fn create_directory(_path: &Path) -> io::Result<()> {
        Err(io::Error::other(UNKNOWN))
    }

    pub(super) fn create_file(_path: &Path) -> io::Result<File> {
        Err(io::Error::other(UNKNOWN))
    }

    pub(super) fn check_directory(_path: &Path) -> Result<(), String> {
        Err(UNKNOWN.to_owned())
    }

    pub(super) fn check_file(_file: &File) -> Result<(), String> {
        Err(UNKNOWN.to_owned())
    }
}
