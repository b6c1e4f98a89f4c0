//! Reading, on a few connections that are kept open. A reader sees the last commit that was answered before it began, and
//! everything it reads at one call is of one moment.

use std::path::{Path, PathBuf};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

use rusqlite::{Connection, OptionalExtension, Row, params};

use super::connection;
use super::trouble::SqliteTrouble;
use super::version::Version;
use crate::ports::{Entry, Stored};

/// Reads that can run at once. A read takes microseconds, so a few connections serve many callers.
const MOST: usize = 8;

const GET: &str = "SELECT value, version FROM guestpass_entry WHERE key = ?1";
const SCAN_UP: &str = "SELECT key, value, version FROM guestpass_entry
    WHERE key >= ?1 AND key < ?2 ORDER BY key LIMIT ?3";
const SCAN_DOWN: &str = "SELECT key, value, version FROM guestpass_entry
    WHERE key >= ?1 AND key < ?2 ORDER BY key DESC LIMIT ?3";

pub(super) struct Readers {
    path: PathBuf,
    pool: Mutex<Pool>,
    returned: Condvar,
}

#[derive(Default)]
struct Pool {
    idle: Vec<Connection>,
    /// Readers that hold a connection.
    out: usize,
    waiting: usize,
}

impl Readers {
    pub(super) fn new(path: &Path) -> Self {
        Self {
            path: path.to_owned(),
            pool: Mutex::default(),
            returned: Condvar::new(),
        }
    }

    pub(super) fn get(&self, keys: &[Vec<u8>]) -> Result<Vec<Option<Stored>>, SqliteTrouble> {
        self.read(|connection| {
            // A single statement is of one moment by itself.
            let several = keys.len() > 1;
            if several {
                connection.prepare_cached("BEGIN")?.execute([])?;
            }
            let mut statement = connection.prepare_cached(GET)?;
            let mut entries = Vec::with_capacity(keys.len());
            for key in keys {
                let stored = |row: &Row<'_>| -> rusqlite::Result<Stored> {
                    Ok(Stored {
                        value: row.get(0)?,
                        version: row.get::<_, Version>(1)?.0,
                    })
                };
                entries.push(statement.query_row([key], stored).optional()?);
            }
            if several {
                connection.prepare_cached("COMMIT")?.execute([])?;
            }
            Ok(entries)
        })
    }

    pub(super) fn scan(
        &self,
        start: &[u8],
        end: &[u8],
        limit: u32,
        backwards: bool,
    ) -> Result<Vec<Entry>, SqliteTrouble> {
        self.read(|connection| {
            let mut statement =
                connection.prepare_cached(if backwards { SCAN_DOWN } else { SCAN_UP })?;
            let rows = statement.query_map(params![start, end, limit], |row| {
                Ok(Entry {
                    key: row.get(0)?,
                    value: row.get(1)?,
                    version: row.get::<_, Version>(2)?.0,
                })
            })?;
            rows.collect()
        })
    }

    /// Reads on a connection of its own. One whose read failed may be amid a transaction, so it is not used again.
    fn read<T>(
        &self,
        read: impl FnOnce(&Connection) -> rusqlite::Result<T>,
    ) -> Result<T, SqliteTrouble> {
        let mut place = self.take_place();
        let connection = match place.idle.take() {
            Some(connection) => connection,
            None => connection::open_reading(&self.path)?,
        };
        let answer = read(&connection)?;
        place.idle = Some(connection);
        Ok(answer)
    }

    fn take_place(&self) -> Place<'_> {
        let mut pool = self.lock();
        pool.waiting += 1;
        pool = self
            .returned
            .wait_while(pool, |pool| pool.out >= MOST)
            .unwrap_or_else(PoisonError::into_inner);
        pool.waiting -= 1;
        pool.out += 1;
        Place {
            readers: self,
            idle: pool.idle.pop(),
        }
    }

    fn lock(&self) -> MutexGuard<'_, Pool> {
        // Nothing that can panic runs under this lock.
        self.pool.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The right to read. Dropping it hands the place, and the connection if there is one, to the next reader.
struct Place<'a> {
    readers: &'a Readers,
    idle: Option<Connection>,
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        let mut pool = self.readers.lock();
        pool.out -= 1;
        pool.idle.extend(self.idle.take());
        let somebody_waits = pool.waiting > 0;
        drop(pool);
        if somebody_waits {
            self.readers.returned.notify_one();
        }
    }
}
