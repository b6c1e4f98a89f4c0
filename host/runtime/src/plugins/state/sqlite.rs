//! Plugins in the host's database: tables of their own in a SQLite file that others may use as well.

use std::path::Path;
use std::sync::{Mutex, MutexGuard, PoisonError};

use rusqlite::{Connection, OptionalExtension as _, Row, Transaction, TransactionBehavior, params};

use super::{
    Delivery, Installed, MOST_BYTES, MOST_NOTES, Note, Outcome, PluginState, StateFailure,
};
use crate::store::OpenError;
use crate::store::sqlite::{SqliteTrouble, connection};

/// The form of the tables that this version writes and reads.
const FORM: i64 = 1;

const TABLES: &str = "
    CREATE TABLE guestpass_plugin_meta (name TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID;
    INSERT INTO guestpass_plugin_meta (name, value) VALUES ('form', 1), ('generation', 1);
    CREATE TABLE guestpass_plugin (
        id TEXT PRIMARY KEY, revision INTEGER NOT NULL, faults INTEGER NOT NULL, record TEXT NOT NULL
    ) WITHOUT ROWID;
    CREATE TABLE guestpass_plugin_component (sha256 TEXT PRIMARY KEY, bytes BLOB NOT NULL);
    CREATE TABLE guestpass_plugin_note (
        number INTEGER PRIMARY KEY, plugin TEXT NOT NULL, at INTEGER NOT NULL, about TEXT NOT NULL, text TEXT NOT NULL
    );
    CREATE INDEX guestpass_plugin_note_of ON guestpass_plugin_note (plugin, number);
    CREATE TABLE guestpass_plugin_value (
        plugin TEXT NOT NULL, site TEXT NOT NULL, key TEXT NOT NULL, value BLOB NOT NULL, PRIMARY KEY (plugin, site, key)
    ) WITHOUT ROWID;
    CREATE TABLE guestpass_plugin_size (plugin TEXT PRIMARY KEY, bytes INTEGER NOT NULL) WITHOUT ROWID;
    CREATE TABLE guestpass_plugin_delivery (
        number INTEGER PRIMARY KEY, plugin TEXT NOT NULL, site TEXT NOT NULL, event TEXT NOT NULL, at INTEGER NOT NULL,
        body TEXT NOT NULL, tries INTEGER NOT NULL, due INTEGER, reason TEXT, UNIQUE (plugin, site, event)
    );
    CREATE INDEX guestpass_plugin_delivery_due ON guestpass_plugin_delivery (site, due) WHERE due IS NOT NULL;
    CREATE TABLE guestpass_plugin_hour (site TEXT PRIMARY KEY, hour INTEGER NOT NULL) WITHOUT ROWID;
";

/// What is remembered of plugins, in the tables `guestpass_plugin…` of a SQLite file.
pub struct SqlitePlugins(Mutex<Connection>);

impl SqlitePlugins {
    /// Opens the file, or makes it, readable for its owner only.
    ///
    /// # Errors
    /// An [`OpenError`] that says what is wrong with the file and what to do.
    pub fn open(path: &Path) -> Result<Self, OpenError> {
        let failed = |trouble| OpenError::new(path, trouble);
        connection::create_file(path).map_err(failed)?;
        let connection = connection::open(path).map_err(failed)?;
        prepare(&connection).map_err(failed)?;
        Ok(Self(Mutex::new(connection)))
    }

    /// In memory, for trials and tests.
    ///
    /// # Errors
    /// If there is not even memory enough for an empty database.
    pub fn in_memory() -> Result<Self, StateFailure> {
        let connection = Connection::open_in_memory().map_err(failure)?;
        prepare(&connection).map_err(|trouble| StateFailure::Unavailable(trouble.to_string()))?;
        Ok(Self(Mutex::new(connection)))
    }

    fn lock(&self) -> MutexGuard<'_, Connection> {
        // A transaction that was broken off is rolled back when it is dropped, so the connection is sound.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn read<T>(&self, read: impl FnOnce(&Connection) -> rusqlite::Result<T>) -> Outcome<T> {
        read(&self.lock()).map_err(failure)
    }

    fn write<T>(&self, change: impl FnOnce(&Transaction<'_>) -> Result<T, Broken>) -> Outcome<T> {
        let mut connection = self.lock();
        let transaction = connection
            .transaction_with_behavior(TransactionBehavior::Immediate)
            .map_err(failure)?;
        match change(&transaction) {
            Ok(value) => transaction.commit().map(|()| value).map_err(failure),
            Err(Broken::Conflict) => Err(StateFailure::Conflict),
            Err(Broken::Sqlite(error)) => Err(failure(error)),
        }
    }
}

enum Broken {
    Conflict,
    Sqlite(rusqlite::Error),
}

impl From<rusqlite::Error> for Broken {
    fn from(error: rusqlite::Error) -> Self {
        Self::Sqlite(error)
    }
}

fn failure(error: rusqlite::Error) -> StateFailure {
    StateFailure::Unavailable(SqliteTrouble::from(error).to_string())
}

fn prepare(connection: &Connection) -> Result<(), SqliteTrouble> {
    if !connection.table_exists(None, "guestpass_plugin_meta")? {
        let transaction = Transaction::new_unchecked(connection, TransactionBehavior::Immediate)?;
        // Another process may have been quicker.
        if !transaction.table_exists(None, "guestpass_plugin_meta")? {
            transaction.execute_batch(TABLES)?;
        }
        transaction.commit()?;
    }
    let form = connection.query_row(
        "SELECT value FROM guestpass_plugin_meta WHERE name = 'form'",
        [],
        |row| row.get(0),
    )?;
    match form {
        FORM => Ok(()),
        other => Err(SqliteTrouble::OtherForm(other)),
    }
}

/// An instant as SQLite keeps it: its whole numbers are signed.
fn stored(instant: u64) -> i64 {
    i64::try_from(instant).unwrap_or(i64::MAX)
}

/// A number back out of the database; those that were never written read as 0.
fn number(row: &Row<'_>, column: usize) -> rusqlite::Result<u64> {
    Ok(u64::try_from(row.get::<_, i64>(column)?).unwrap_or(0))
}

fn new_generation(transaction: &Transaction<'_>) -> rusqlite::Result<()> {
    transaction.execute(
        "UPDATE guestpass_plugin_meta SET value = value + 1 WHERE name = 'generation'",
        [],
    )?;
    Ok(())
}

/// Forgets the components that no plugin names. A record names one by its SHA-256, which occurs nowhere by chance.
fn tidy_components(transaction: &Transaction<'_>) -> rusqlite::Result<()> {
    transaction.execute(
        "DELETE FROM guestpass_plugin_component WHERE NOT EXISTS \
         (SELECT 1 FROM guestpass_plugin WHERE instr(record, guestpass_plugin_component.sha256) > 0)",
        [],
    )?;
    Ok(())
}

fn installed(row: &Row<'_>) -> rusqlite::Result<Installed> {
    let record: String = row.get(0)?;
    let mut plugin: Installed = serde_json::from_str(&record).map_err(|error| {
        rusqlite::Error::FromSqlConversionFailure(0, rusqlite::types::Type::Text, Box::new(error))
    })?;
    plugin.revision = number(row, 1)?;
    plugin.faults = u32::try_from(number(row, 2)?).unwrap_or(u32::MAX);
    Ok(plugin)
}

const DELIVERY: &str = "plugin, site, event, at, body, tries, due, reason";

fn delivery(row: &Row<'_>) -> rusqlite::Result<Delivery> {
    Ok(Delivery {
        plugin: row.get(0)?,
        site: row.get(1)?,
        event: row.get(2)?,
        at: number(row, 3)?,
        body: row.get(4)?,
        tries: row.get(5)?,
        due: row
            .get::<_, Option<i64>>(6)?
            .map(|due| u64::try_from(due).unwrap_or(0)),
        reason: row.get(7)?,
    })
}

impl PluginState for SqlitePlugins {
    fn generation(&self) -> Outcome<u64> {
        self.read(|c| {
            c.prepare_cached("SELECT value FROM guestpass_plugin_meta WHERE name = 'generation'")?
                .query_row([], |row| number(row, 0))
        })
    }

    fn installed(&self) -> Outcome<Vec<Installed>> {
        self.read(|c| {
            c.prepare("SELECT record, revision, faults FROM guestpass_plugin ORDER BY id")?
                .query_map([], installed)?
                .collect()
        })
    }

    fn save(&self, plugin: &Installed, component: Option<&[u8]>) -> Outcome<()> {
        let record = serde_json::to_string(plugin)
            .map_err(|error| StateFailure::Unavailable(error.to_string()))?;
        self.write(|t| {
            let now: Option<i64> = t
                .query_row("SELECT revision FROM guestpass_plugin WHERE id = ?1", [&plugin.id], |row| row.get(0))
                .optional()?;
            if now.unwrap_or(0) != stored(plugin.revision) {
                return Err(Broken::Conflict);
            }
            t.execute(
                "INSERT INTO guestpass_plugin (id, revision, faults, record) VALUES (?1, 1, 0, ?2) \
                 ON CONFLICT (id) DO UPDATE SET revision = revision + 1, record = ?2",
                [&plugin.id, &record],
            )?;
            if let Some(bytes) = component {
                t.execute(
                    "INSERT INTO guestpass_plugin_component (sha256, bytes) VALUES (?1, ?2) ON CONFLICT DO NOTHING",
                    params![plugin.pending.as_ref().unwrap_or(&plugin.current).sha256, bytes],
                )?;
            }
            tidy_components(t)?;
            new_generation(t)?;
            Ok(())
        })
    }

    fn remove(&self, id: &str, data: bool) -> Outcome<()> {
        self.write(|t| {
            t.execute("DELETE FROM guestpass_plugin WHERE id = ?1", [id])?;
            t.execute(
                "DELETE FROM guestpass_plugin_delivery WHERE plugin = ?1",
                [id],
            )?;
            t.execute("DELETE FROM guestpass_plugin_note WHERE plugin = ?1", [id])?;
            if data {
                t.execute("DELETE FROM guestpass_plugin_value WHERE plugin = ?1", [id])?;
                t.execute("DELETE FROM guestpass_plugin_size WHERE plugin = ?1", [id])?;
            }
            tidy_components(t)?;
            new_generation(t)?;
            Ok(())
        })
    }

    fn component(&self, sha256: &str) -> Outcome<Option<Vec<u8>>> {
        self.read(|c| {
            c.query_row(
                "SELECT bytes FROM guestpass_plugin_component WHERE sha256 = ?1",
                [sha256],
                |row| row.get(0),
            )
            .optional()
        })
    }

    fn count_fault(&self, id: &str) -> Outcome<u32> {
        self.write(|t| {
            let count = t
                .query_row(
                    "UPDATE guestpass_plugin SET faults = faults + 1 WHERE id = ?1 RETURNING faults",
                    [id],
                    |row| row.get(0),
                )
                .optional()?;
            Ok(count.unwrap_or(0))
        })
    }

    fn clear_faults(&self, id: &str) -> Outcome<()> {
        self.write(|t| {
            t.execute("UPDATE guestpass_plugin SET faults = 0 WHERE id = ?1", [id])?;
            Ok(())
        })
    }

    fn note(&self, id: &str, note: &Note) -> Outcome<()> {
        self.write(|t| {
            t.execute(
                "INSERT INTO guestpass_plugin_note (plugin, at, about, text) VALUES (?1, ?2, ?3, ?4)",
                params![id, stored(note.at), note.about, note.text],
            )?;
            t.execute(
                "DELETE FROM guestpass_plugin_note WHERE plugin = ?1 AND number <= \
                 (SELECT number FROM guestpass_plugin_note WHERE plugin = ?1 ORDER BY number DESC LIMIT 1 OFFSET ?2)",
                params![id, MOST_NOTES],
            )?;
            Ok(())
        })
    }

    fn notes(&self, id: &str, limit: u32) -> Outcome<Vec<Note>> {
        self.read(|c| {
            c.prepare("SELECT at, about, text FROM guestpass_plugin_note WHERE plugin = ?1 ORDER BY number DESC LIMIT ?2")?
                .query_map(params![id, limit], |row| {
                    Ok(Note { at: number(row, 0)?, about: row.get(1)?, text: row.get(2)? })
                })?
                .collect()
        })
    }

    fn value(&self, id: &str, site: &str, key: &str) -> Outcome<Option<Vec<u8>>> {
        self.read(|c| {
            c.prepare_cached("SELECT value FROM guestpass_plugin_value WHERE plugin = ?1 AND site = ?2 AND key = ?3")?
                .query_row([id, site, key], |row| row.get(0))
                .optional()
        })
    }

    fn set_value(&self, id: &str, site: &str, key: &str, value: &[u8]) -> Outcome<bool> {
        let kept = self.write(|t| {
            let before: Option<i64> = t
                .query_row(
                    "SELECT length(value) + length(CAST(key AS BLOB)) FROM guestpass_plugin_value \
                     WHERE plugin = ?1 AND site = ?2 AND key = ?3",
                    [id, site, key],
                    |row| row.get(0),
                )
                .optional()?;
            let after = stored((key.len() + value.len()) as u64);
            let size: i64 = t.query_row(
                "INSERT INTO guestpass_plugin_size (plugin, bytes) VALUES (?1, ?2) \
                 ON CONFLICT (plugin) DO UPDATE SET bytes = bytes + ?2 RETURNING bytes",
                params![id, after - before.unwrap_or(0)],
                |row| row.get(0),
            )?;
            if size > stored(MOST_BYTES) {
                // Rolls back what was just counted.
                return Err(Broken::Conflict);
            }
            t.execute(
                "INSERT INTO guestpass_plugin_value (plugin, site, key, value) VALUES (?1, ?2, ?3, ?4) \
                 ON CONFLICT DO UPDATE SET value = ?4",
                params![id, site, key, value],
            )?;
            Ok(())
        });
        match kept {
            Ok(()) => Ok(true),
            Err(StateFailure::Conflict) => Ok(false),
            Err(failure) => Err(failure),
        }
    }

    fn delete_value(&self, id: &str, site: &str, key: &str) -> Outcome<()> {
        self.write(|t| {
            let freed: Option<i64> = t
                .query_row(
                    "DELETE FROM guestpass_plugin_value WHERE plugin = ?1 AND site = ?2 AND key = ?3 \
                     RETURNING length(value) + length(CAST(key AS BLOB))",
                    [id, site, key],
                    |row| row.get(0),
                )
                .optional()?;
            if let Some(freed) = freed {
                t.execute("UPDATE guestpass_plugin_size SET bytes = bytes - ?2 WHERE plugin = ?1", params![id, freed])?;
            }
            Ok(())
        })
    }

    fn keys(&self, id: &str, site: &str, prefix: &str, limit: u32) -> Outcome<Vec<String>> {
        self.read(|c| {
            c.prepare_cached(
                "SELECT key FROM guestpass_plugin_value WHERE plugin = ?1 AND site = ?2 AND key >= ?3 \
                 AND substr(key, 1, length(?3)) = ?3 ORDER BY key LIMIT ?4",
            )?
            .query_map(params![id, site, prefix, limit], |row| row.get(0))?
            .collect()
        })
    }

    fn enqueue(&self, deliveries: &[Delivery]) -> Outcome<()> {
        self.write(|t| {
            let mut insert = t.prepare_cached(
                "INSERT INTO guestpass_plugin_delivery (plugin, site, event, at, body, tries, due) \
                 VALUES (?1, ?2, ?3, ?4, ?5, 0, ?6) ON CONFLICT DO NOTHING",
            )?;
            for one in deliveries {
                insert.execute(params![
                    one.plugin,
                    one.site,
                    one.event,
                    stored(one.at),
                    one.body,
                    one.due.map(stored)
                ])?;
            }
            Ok(())
        })
    }

    fn begin_hour(&self, site: &str, hour: u64) -> Outcome<bool> {
        self.write(|t| {
            let begun = t.execute(
                "INSERT INTO guestpass_plugin_hour (site, hour) VALUES (?1, ?2) \
                 ON CONFLICT DO UPDATE SET hour = ?2 WHERE hour < ?2",
                params![site, stored(hour)],
            )?;
            Ok(begun > 0)
        })
    }

    fn claim(&self, site: &str, now: u64, until: u64, limit: u32) -> Outcome<Vec<Delivery>> {
        self.write(|t| {
            let due: Vec<Delivery> = t
                .prepare_cached(&format!(
                    "SELECT {DELIVERY} FROM guestpass_plugin_delivery WHERE site = ?1 AND due <= ?2 ORDER BY number LIMIT ?3"
                ))?
                .query_map(params![site, stored(now), limit], delivery)?
                .collect::<rusqlite::Result<_>>()?;
            let mut put_off = t.prepare_cached(
                "UPDATE guestpass_plugin_delivery SET due = ?4, tries = tries + 1 WHERE plugin = ?1 AND site = ?2 AND event = ?3",
            )?;
            for one in &due {
                put_off.execute(params![one.plugin, one.site, one.event, stored(until)])?;
            }
            Ok(due)
        })
    }

    fn delivered(&self, delivery: &Delivery) -> Outcome<()> {
        self.write(|t| {
            t.execute(
                "DELETE FROM guestpass_plugin_delivery WHERE plugin = ?1 AND site = ?2 AND event = ?3",
                [&delivery.plugin, &delivery.site, &delivery.event],
            )?;
            Ok(())
        })
    }

    fn failed(&self, delivery: &Delivery, due: Option<u64>, reason: &str) -> Outcome<()> {
        self.write(|t| {
            t.execute(
                "UPDATE guestpass_plugin_delivery SET due = ?4, reason = ?5 WHERE plugin = ?1 AND site = ?2 AND event = ?3",
                params![delivery.plugin, delivery.site, delivery.event, due.map(stored), reason],
            )?;
            Ok(())
        })
    }

    fn deliveries(&self, id: &str, limit: u32) -> Outcome<Vec<Delivery>> {
        self.read(|c| {
            c.prepare(&format!(
                "SELECT {DELIVERY} FROM guestpass_plugin_delivery WHERE plugin = ?1 ORDER BY number LIMIT ?2"
            ))?
            .query_map(params![id, limit], delivery)?
            .collect()
        })
    }

    fn replay(&self, id: &str, now: u64) -> Outcome<u32> {
        self.write(|t| {
            let count = t.execute(
                "UPDATE guestpass_plugin_delivery SET due = ?2, tries = 0 WHERE plugin = ?1 AND due IS NULL",
                params![id, stored(now)],
            )?;
            Ok(u32::try_from(count).unwrap_or(u32::MAX))
        })
    }

    fn next_due(&self, site: &str) -> Outcome<Option<u64>> {
        self.read(|c| {
            let due: Option<i64> = c.query_row(
                "SELECT min(due) FROM guestpass_plugin_delivery WHERE site = ?1 AND due IS NOT NULL",
                [site],
                |row| row.get(0),
            )?;
            Ok(due.map(|due| u64::try_from(due).unwrap_or(0)))
        })
    }
}

impl std::fmt::Debug for SqlitePlugins {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SqlitePlugins").finish_non_exhaustive()
    }
}
