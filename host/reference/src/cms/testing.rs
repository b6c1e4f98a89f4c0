//! What the tests of this crate share: a directory that goes away, and a site with an owner.

use std::fs;
use std::io::Write as _;
use std::ops::Deref;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use super::db::{Db, create_private_directory};
use super::site;
use crate::clock::SharedClock;
use crate::config::{Layer, Settings};
use crate::host::Host;
use crate::secret;

/// A directory that is deleted when it is dropped.
pub struct Scratch(PathBuf);

impl Deref for Scratch {
    type Target = Path;

    fn deref(&self) -> &Path {
        &self.0
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// A new empty directory.
pub fn scratch() -> Scratch {
    let path = std::env::temp_dir().join(format!("guestpass-test-{}", secret::new_id().unwrap()));
    fs::create_dir(&path).unwrap();
    Scratch(path)
}

/// The compiled engine: the name of its file and what is in it. Compiling takes seconds, so a process does it once.
static COMPILED: OnceLock<(PathBuf, Vec<u8>)> = OnceLock::new();

/// A site with its engine, in a directory that goes away.
pub fn hosted() -> (Host, Scratch) {
    let directory = scratch();
    let layer = Layer {
        data: Some(directory.join("data")),
        ..Layer::default()
    };
    let settings = Settings::new(layer).unwrap();
    let cache = settings.cache();
    if let Some((name, code)) = COMPILED.get() {
        create_private_directory(&cache).unwrap();
        let mut file = fs::OpenOptions::new();
        file.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut file, 0o600);
        file.open(cache.join(name))
            .unwrap()
            .write_all(code)
            .unwrap();
    }
    let (host, _) = Host::set_up(&settings, SharedClock::default()).unwrap();
    COMPILED.get_or_init(|| {
        let path = fs::read_dir(&cache)
            .unwrap()
            .next()
            .unwrap()
            .unwrap()
            .path();
        (path.file_name().unwrap().into(), fs::read(&path).unwrap())
    });
    (host, directory)
}

/// A database with the site `main` of this catalogue, and its owner's id.
pub fn site_of(catalogue: &str, directory: &Path) -> (Db, String) {
    let db = Db::open(&directory.join("guestpass.db")).unwrap();
    let new = site::NewSite {
        id: "main",
        title: "Test",
        catalogue,
        owner_email: "owner@site.example",
    };
    let owner = site::create(&db, &new, 1_000).unwrap();
    (db, owner)
}
