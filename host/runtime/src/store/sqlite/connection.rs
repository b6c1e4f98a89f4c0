//! Opening the file so that what is committed is durable and nobody else can read it.

use std::fs::OpenOptions;
use std::io::ErrorKind;
use std::path::Path;
use std::time::Duration;

use rusqlite::{Connection, ErrorCode, MAIN_DB, OpenFlags};

use super::trouble::SqliteTrouble;

/// How long to wait for another process that writes.
const BUSY: Duration = Duration::from_secs(5);

/// Switching to the write-ahead log needs the file alone for a moment, and SQLite does not wait for that.
const WAL_TRIES: u32 = 100;
const WAL_PAUSE: Duration = Duration::from_millis(20);

/// Pages a connection keeps in memory at most, in KiB: those that a page of a thousand accounts is read from. The operating
/// system caches the file as well, but asking it for pages again took a fifth of such a page.
const CACHE_KIB: i64 = 4096;

/// Makes the file if there is none, for its owner only. SQLite gives its log the permissions of the file.
pub(crate) fn create_file(path: &Path) -> Result<(), SqliteTrouble> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    match options.open(path) {
        Ok(_) => Ok(()),
        Err(error) if error.kind() == ErrorKind::AlreadyExists => Ok(()),
        Err(error) => Err(SqliteTrouble::from_io(&error)),
    }
}

/// A connection that may write.
pub(crate) fn open(path: &Path) -> Result<Connection, SqliteTrouble> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags)?;
    connection.busy_timeout(BUSY)?;
    // SQLite opens what it may not write without a word.
    if connection.is_readonly(MAIN_DB)? {
        return Err(SqliteTrouble::ReadOnly);
    }
    use_log(&connection)?;
    connection.pragma_update(None, "synchronous", "FULL")?;
    connection.pragma_update(None, "cache_size", -CACHE_KIB)?;
    Ok(connection)
}

/// A connection that only reads.
pub(super) fn open_reading(path: &Path) -> Result<Connection, SqliteTrouble> {
    // Reading a write-ahead log takes part in its locks, which needs the right to write.
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags)?;
    connection.busy_timeout(BUSY)?;
    connection.pragma_update(None, "query_only", true)?;
    connection.pragma_update(None, "cache_size", -CACHE_KIB)?;
    Ok(connection)
}

fn use_log(connection: &Connection) -> Result<(), SqliteTrouble> {
    for _ in 0..WAL_TRIES {
        match connection
            .pragma_update_and_check(None, "journal_mode", "WAL", |row| row.get::<_, String>(0))
        {
            Ok(mode) if mode == "wal" => return Ok(()),
            Ok(_) => return Err(SqliteTrouble::NoLog),
            Err(error) if error.sqlite_error_code() == Some(ErrorCode::DatabaseBusy) => {
                std::thread::sleep(WAL_PAUSE)
            }
            Err(error) => return Err(error.into()),
        }
    }
    Err(SqliteTrouble::Locked)
}
