//! What the tests of this crate share: a directory that goes away, and a site with an owner.

use std::ops::Deref;
use std::path::{Path, PathBuf};

use super::db::Db;
use super::site;
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
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// A new empty directory.
pub fn scratch() -> Scratch {
    let path = std::env::temp_dir().join(format!("guestpass-test-{}", secret::new_id().unwrap()));
    std::fs::create_dir(&path).unwrap();
    Scratch(path)
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
