//! A durable store on SQLite.
//!
//! One thread writes. It takes every commit that waits, applies them one after the other in one transaction, and answers
//! all of them after one fsync: the more callers there are, the cheaper each becomes. Reads go past it, each on a
//! connection of its own, and never wait for a write. Other processes may use the same file at the same time.

pub(crate) mod connection;
mod readers;
mod schema;
mod trouble;
mod version;
mod writer;

use std::fmt;
use std::path::Path;

use crate::ports::{Check, Entry, Put, Store, StoreFailure, Stored};
use readers::Readers;
use writer::Writer;

pub use trouble::{OpenError, SqliteTrouble};

/// A durable store in one SQLite file (write-ahead log, `synchronous=FULL`). It uses the tables `guestpass_entry` and
/// `guestpass_meta` and leaves the others, and `user_version`, to whoever shares the file.
pub struct SqliteStore {
    readers: Readers,
    writer: Writer,
}

impl SqliteStore {
    /// Opens the file, or makes it, readable for its owner only.
    ///
    /// # Errors
    /// An [`OpenError`] that says what is wrong with the file and what to do.
    pub fn open(path: &Path) -> Result<Self, OpenError> {
        let failed = |trouble| OpenError::new(path, trouble);
        connection::create_file(path).map_err(failed)?;
        let writing = connection::open(path).map_err(failed)?;
        schema::prepare(&writing).map_err(failed)?;
        let writer = Writer::start(writing).map_err(failed)?;
        Ok(Self {
            readers: Readers::new(path),
            writer,
        })
    }
}

impl Store for SqliteStore {
    fn get(&self, keys: &[Vec<u8>]) -> Result<Vec<Option<Stored>>, StoreFailure> {
        self.readers.get(keys).map_err(StoreFailure::from)
    }

    fn scan(
        &self,
        start: &[u8],
        end: &[u8],
        limit: u32,
        backwards: bool,
    ) -> Result<Vec<Entry>, StoreFailure> {
        self.readers
            .scan(start, end, limit, backwards)
            .map_err(StoreFailure::from)
    }

    fn commit(
        &self,
        checks: &[Check],
        puts: &[Put],
        deletes: &[Vec<u8>],
    ) -> Result<(), StoreFailure> {
        self.writer.commit(checks, puts, deletes)
    }
}

impl fmt::Debug for SqliteStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SqliteStore").finish_non_exhaustive()
    }
}
