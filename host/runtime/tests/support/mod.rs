//! Engines that misbehave, and hosts to run them in.
#![allow(
    dead_code,
    unused_imports,
    reason = "each test binary uses a part of it"
)]

mod hostile;

use std::sync::{Arc, Mutex};

use guestpass::ports::{
    Catalogue, ContentDecision, CreatedUser, Directory, DirectoryFailure, Level, Log, NewUser, User,
};
use guestpass::store::MemoryStore;
use guestpass::{Builder, Guestpass};

pub use hostile::{BYTES, Hostile, LOCAL, NO, NOW, engine, store_byte};

/// A host with nobody in it, running this engine.
pub fn host(component: Vec<u8>) -> Builder {
    Guestpass::builder()
        .store(MemoryStore::default())
        .directory(Nobody)
        .log(Lines::default())
        .component(component)
}

/// A directory without users.
pub struct Nobody;

impl Directory for Nobody {
    fn get_catalogue(&self, _site: &str) -> Result<Catalogue, DirectoryFailure> {
        Err(DirectoryFailure::UnknownSite)
    }

    fn find(&self, _site: &str, _id: &str) -> Result<Option<User>, DirectoryFailure> {
        Ok(None)
    }

    fn find_by_email(&self, _site: &str, _email: &str) -> Result<Option<User>, DirectoryFailure> {
        Ok(None)
    }

    fn find_by_key(&self, _site: &str, _key: &str) -> Result<Option<String>, DirectoryFailure> {
        Ok(None)
    }

    fn create(&self, _site: &str, _user: &NewUser) -> Result<CreatedUser, DirectoryFailure> {
        Err(DirectoryFailure::UnknownSite)
    }

    fn delete(
        &self,
        _site: &str,
        _id: &str,
        _content: &ContentDecision,
    ) -> Result<(), DirectoryFailure> {
        Ok(())
    }

    fn end_sessions(&self, _site: &str, _id: &str) -> Result<(), DirectoryFailure> {
        Ok(())
    }
}

/// A log to read.
#[derive(Clone, Default)]
pub struct Lines(Arc<Mutex<Vec<String>>>);

impl Lines {
    pub fn all(&self) -> Vec<String> {
        self.0.lock().unwrap().clone()
    }
}

impl Log for Lines {
    fn write(&self, level: Level, message: &str) {
        self.0.lock().unwrap().push(format!("{level:?}: {message}"));
    }
}
