//! The host's own tables, in the same file as the engine's store: connections and migrations.

use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use rusqlite::types::Type;
use rusqlite::{Connection, OpenFlags, Row, Transaction, TransactionBehavior};

use super::trouble::explain;
use crate::problem::Problem;

/// One thing each; never changed once released, only added to.
const MIGRATIONS: [&str; 13] = [
    include_str!("../../migrations/0001_sites.sql"),
    include_str!("../../migrations/0002_users.sql"),
    include_str!("../../migrations/0003_sessions.sql"),
    include_str!("../../migrations/0004_sign_in_links.sql"),
    include_str!("../../migrations/0005_posts.sql"),
    include_str!("../../migrations/0006_entries.sql"),
    include_str!("../../migrations/0007_backups.sql"),
    include_str!("../../migrations/0008_api_keys.sql"),
    include_str!("../../migrations/0009_api_requests.sql"),
    include_str!("../../migrations/0010_accounts_of_entries.sql"),
    include_str!("../../migrations/0011_invited_passwords.sql"),
    include_str!("../../migrations/0012_logins.sql"),
    include_str!("../../migrations/0013_switched_sessions.sql"),
];

/// An instant as SQLite keeps it: its whole numbers are signed.
#[must_use]
pub fn stored(instant: u64) -> i64 {
    i64::try_from(instant).unwrap_or(i64::MAX)
}

/// Reads an instant back.
pub fn instant(row: &Row<'_>, column: usize) -> rusqlite::Result<u64> {
    let stored: i64 = row.get(column)?;
    u64::try_from(stored).map_err(|error| {
        rusqlite::Error::FromSqlConversionFailure(column, Type::Integer, Box::new(error))
    })
}

/// Connections kept open between uses; more are opened while more are needed.
const KEPT: usize = 16;
const BUSY: Duration = Duration::from_secs(5);

/// The host's connections to its database.
#[derive(Debug)]
pub struct Db {
    path: PathBuf,
    idle: Mutex<Vec<Connection>>,
}

impl Db {
    /// Opens the file, creates it (readable by its owner only) if it is absent, and brings its tables up to date.
    pub fn open(path: &Path) -> Result<Self, Problem> {
        create_private(path)?;
        let db = Self {
            path: path.to_owned(),
            idle: Mutex::new(Vec::new()),
        };
        let mut connection = db.connect()?;
        migrate(&mut connection, path)?;
        db.put_back(connection);
        Ok(db)
    }

    /// The file.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// How many migrations this program knows.
    #[must_use]
    pub const fn newest_schema() -> usize {
        MIGRATIONS.len()
    }

    /// Reads with a connection of its own.
    pub fn read<T>(
        &self,
        read: impl FnOnce(&Connection) -> rusqlite::Result<T>,
    ) -> Result<T, Problem> {
        let connection = self.take()?;
        let answer = read(&connection);
        self.put_back(connection);
        answer.map_err(|error| explain(&error, &self.path))
    }

    /// Changes in one transaction: all of it is kept if `change` gives `Ok`, nothing otherwise.
    pub fn write<T, E: From<Problem>>(
        &self,
        change: impl FnOnce(&Tx<'_>) -> Result<T, E>,
    ) -> Result<T, E> {
        let mut connection = self.take()?;
        let answer = self.transact(&mut connection, change);
        self.put_back(connection);
        answer
    }

    fn transact<T, E: From<Problem>>(
        &self,
        connection: &mut Connection,
        change: impl FnOnce(&Tx<'_>) -> Result<T, E>,
    ) -> Result<T, E> {
        // Immediate: two writers queue at the start instead of failing in the middle.
        let inner = connection
            .transaction_with_behavior(TransactionBehavior::Immediate)
            .map_err(|error| explain(&error, &self.path))?;
        let tx = Tx {
            inner,
            path: &self.path,
        };
        let answer = change(&tx)?;
        tx.inner
            .commit()
            .map_err(|error| explain(&error, &self.path))?;
        Ok(answer)
    }

    fn take(&self) -> Result<Connection, Problem> {
        let idle = self
            .idle
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .pop();
        idle.map_or_else(|| self.connect(), Ok)
    }

    fn put_back(&self, connection: Connection) {
        let mut idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner);
        if idle.len() < KEPT {
            idle.push(connection);
        }
    }

    fn connect(&self) -> Result<Connection, Problem> {
        let open = || {
            let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
            let connection = Connection::open_with_flags(&self.path, flags)?;
            connection.busy_timeout(BUSY)?;
            connection.pragma_update(None, "journal_mode", "wal")?;
            connection.pragma_update(None, "synchronous", "full")?;
            connection.pragma_update(None, "foreign_keys", true)?;
            Ok(connection)
        };
        open().map_err(|error: rusqlite::Error| explain(&error, &self.path))
    }
}

/// A transaction that is under way.
pub struct Tx<'a> {
    inner: Transaction<'a>,
    path: &'a Path,
}

impl Tx<'_> {
    /// Runs SQL in it.
    pub fn run<T>(
        &self,
        run: impl FnOnce(&Connection) -> rusqlite::Result<T>,
    ) -> Result<T, Problem> {
        run(&self.inner).map_err(|error| explain(&error, self.path))
    }
}

/// Creates a directory that only its owner may enter. One that is there stays as it is.
pub fn create_private_directory(path: &Path) -> std::io::Result<()> {
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path)
}

fn create_private(path: &Path) -> Result<(), Problem> {
    let failed = |what: &Path, error: &std::io::Error| {
        Problem::unavailable(
            "no-data-directory",
            format!("`{}` cannot be created: {error}.", what.display()),
        )
    };
    if let Some(parent) = path
        .parent()
        .filter(|parent| !parent.as_os_str().is_empty())
    {
        create_private_directory(parent).map_err(|error| failed(parent, &error))?;
    }
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    match options.open(path) {
        Ok(_) => Ok(()),
        Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => Ok(()),
        Err(error) => Err(failed(path, &error)),
    }
}

fn migrate(connection: &mut Connection, path: &Path) -> Result<(), Problem> {
    let version = |connection: &Connection| {
        connection
            .query_row("PRAGMA user_version", [], |row| row.get::<_, u32>(0))
            .map(|version| version as usize)
            .map_err(|error| explain(&error, path))
    };
    let present = version(connection)?;
    if present > MIGRATIONS.len() {
        return Err(Problem::unavailable(
            "newer-database",
            format!(
                "The database `{}` was written by a newer version. Update this program.",
                path.display()
            ),
        ));
    }
    if present == MIGRATIONS.len() {
        return Ok(());
    }
    let transaction = connection
        .transaction_with_behavior(TransactionBehavior::Immediate)
        .map_err(|error| explain(&error, path))?;
    // Read again: another process may have migrated while this one waited for the lock.
    for (number, sql) in MIGRATIONS.iter().enumerate().skip(version(&transaction)?) {
        let apply = || {
            transaction.execute_batch(sql)?;
            transaction.pragma_update(
                None,
                "user_version",
                i64::try_from(number + 1).unwrap_or(i64::MAX),
            )
        };
        apply().map_err(|error| explain(&error, path))?;
    }
    transaction.commit().map_err(|error| explain(&error, path))
}

#[cfg(test)]
#[path = "db_tests.rs"]
mod tests;
