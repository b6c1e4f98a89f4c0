//! What SQLite's errors mean for a person: what is wrong, and what to do about it.

use std::path::Path;

use rusqlite::ErrorCode;

use crate::problem::Problem;

/// What an error of SQLite means for a person.
#[must_use]
pub fn explain(error: &rusqlite::Error, path: &Path) -> Problem {
    let file = format!("`{}`", path.display());
    let (code, message) = match error.sqlite_error_code() {
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => (
            "database-locked",
            format!(
                "Another program keeps the database {file} locked. End it, or try again in a moment."
            ),
        ),
        Some(ErrorCode::NotADatabase) => (
            "not-a-database",
            format!("The file {file} is not a database. Name another directory."),
        ),
        Some(ErrorCode::DiskFull) => (
            "disk-full",
            format!(
                "The disk that holds {file} is full. Nothing was changed; make room and try again."
            ),
        ),
        Some(ErrorCode::ReadOnly | ErrorCode::PermissionDenied) => (
            "database-not-writable",
            format!("The database {file} cannot be written. Check who owns it and its directory."),
        ),
        Some(ErrorCode::CannotOpen) => (
            "database-not-openable",
            format!("The database {file} cannot be opened. Check that it may be read and written."),
        ),
        Some(ErrorCode::DatabaseCorrupt) => (
            "database-damaged",
            format!("The database {file} is damaged. Restore it from a backup."),
        ),
        // Of a disk that is full SQLite says this when it cannot even grow its shared memory.
        Some(ErrorCode::SystemIoFailure) => (
            "disk-failed",
            format!(
                "The disk that holds {file} failed or is full ({error}). Nothing was changed; look at the disk and try \
                 again."
            ),
        ),
        _ => (
            "database-failed",
            format!("The database {file} failed: {error}."),
        ),
    };
    Problem::unavailable(code, message)
}
