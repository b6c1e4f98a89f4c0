//! The store's two tables. Their own row says which form they have; `user_version` belongs to whoever shares the file.

use rusqlite::{Connection, OptionalExtension, TransactionBehavior};

use super::trouble::SqliteTrouble;

/// The form of the tables that this version writes and reads.
const FORM: i64 = 1;

/// Entries have row ids, so that the tree over the keys holds keys alone. With the values in it, six entries would fill a
/// page of it: in a large site it would be twice as deep, and each commit would write twice as many pages.
const TABLES: &str = "
    CREATE TABLE guestpass_meta (name TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID;
    CREATE TABLE guestpass_entry (key BLOB NOT NULL PRIMARY KEY, value BLOB NOT NULL, version INTEGER NOT NULL);
    INSERT INTO guestpass_meta (name, value) VALUES ('form', 1), ('version', 0);
";

/// Makes the tables if there are none, and refuses those of a later version.
pub(super) fn prepare(connection: &Connection) -> Result<(), SqliteTrouble> {
    // Looked at without the lock for writing first, so that opening never waits for somebody who writes.
    if form(connection)?.is_none() {
        let transaction =
            rusqlite::Transaction::new_unchecked(connection, TransactionBehavior::Immediate)?;
        if form(&transaction)?.is_none() {
            transaction.execute_batch(TABLES)?;
        }
        transaction.commit()?;
    }
    match form(connection)? {
        Some(FORM) => Ok(()),
        Some(other) => Err(SqliteTrouble::OtherForm(other)),
        None => Err(SqliteTrouble::Corrupt),
    }
}

/// What the tables say about themselves; `None` if there are none.
fn form(connection: &Connection) -> Result<Option<i64>, SqliteTrouble> {
    if !connection.table_exists(None, "guestpass_meta")? {
        return Ok(None);
    }
    let form = connection
        .query_row(
            "SELECT value FROM guestpass_meta WHERE name = 'form'",
            [],
            |row| row.get(0),
        )
        .optional()?;
    // The tables and their rows are made in one transaction, so one without the other was taken apart by somebody.
    form.ok_or(SqliteTrouble::Corrupt).map(Some)
}
