//! What can be wrong with the file, each with a sentence that says what to do.

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

use rusqlite::ErrorCode;

use crate::ports::StoreFailure;

/// What is wrong with a SQLite file.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum SqliteTrouble {
    /// The disk, or the user's share of it, is full.
    Full,
    /// Another process has kept it locked for longer than anybody should.
    Locked,
    /// It is a file, but not one of SQLite.
    NotADatabase,
    /// It may not be written.
    ReadOnly,
    /// Its content does not fit together.
    Corrupt,
    /// It is not there and cannot be made, or cannot be opened; with the system's reason.
    CannotOpen(String),
    /// The disk failed to read or write.
    Disk(String),
    /// It lies where SQLite cannot keep a write-ahead log, such as on a network share.
    NoLog,
    /// It was written by a later version; with the number of its form.
    OtherForm(i64),
    /// The store was closed while it was asked.
    Closed,
    /// Anything else, in SQLite's words.
    Other(String),
}

impl fmt::Display for SqliteTrouble {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Full => f.write_str("the disk is full; free some space and try again"),
            Self::Locked => f.write_str("another process keeps the database locked; end it, or try again later"),
            Self::NotADatabase => f.write_str("the file is not a sqlite database; name another file"),
            Self::ReadOnly => f.write_str(
                "the database may not be written; give this user write access to the file and its directory",
            ),
            Self::Corrupt => f.write_str("the database is damaged; restore it from a backup"),
            Self::CannotOpen(reason) => write!(f, "the database cannot be opened: {reason}"),
            Self::Disk(reason) => write!(f, "the disk failed: {reason}"),
            Self::NoLog => f.write_str("no write-ahead log is possible here; put the database on a local disk"),
            Self::OtherForm(form) => {
                write!(f, "the database was written by a later version (form {form}); use that version")
            }
            Self::Closed => f.write_str("the store is closed"),
            Self::Other(reason) => write!(f, "the database refused: {reason}"),
        }
    }
}

impl SqliteTrouble {
    pub(super) fn from_io(error: &io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => Self::Full,
            io::ErrorKind::ReadOnlyFilesystem => Self::ReadOnly,
            io::ErrorKind::NotFound => Self::CannotOpen("its directory does not exist".to_owned()),
            io::ErrorKind::PermissionDenied => {
                Self::CannotOpen("this user may not write there".to_owned())
            }
            io::ErrorKind::IsADirectory => Self::CannotOpen("it is a directory".to_owned()),
            _ => Self::CannotOpen(error.to_string()),
        }
    }
}

impl From<rusqlite::Error> for SqliteTrouble {
    fn from(error: rusqlite::Error) -> Self {
        match error.sqlite_error_code() {
            Some(ErrorCode::DiskFull) => Self::Full,
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => Self::Locked,
            Some(ErrorCode::NotADatabase) => Self::NotADatabase,
            Some(ErrorCode::ReadOnly) => Self::ReadOnly,
            Some(ErrorCode::DatabaseCorrupt) => Self::Corrupt,
            Some(ErrorCode::CannotOpen) => {
                Self::CannotOpen("it is not there or may not be read".to_owned())
            }
            Some(ErrorCode::PermissionDenied) => {
                Self::CannotOpen("this user may not read it".to_owned())
            }
            Some(ErrorCode::SystemIoFailure) => Self::Disk(error.to_string()),
            // Tables that are there but have other columns than they should.
            Some(ErrorCode::TypeMismatch) => Self::Corrupt,
            None if holds_something_else(&error) => Self::Corrupt,
            _ => Self::Other(error.to_string()),
        }
    }
}

/// Whether a row that must be there is not, or holds what was never written.
fn holds_something_else(error: &rusqlite::Error) -> bool {
    use rusqlite::Error::{
        FromSqlConversionFailure, IntegralValueOutOfRange, InvalidColumnType, QueryReturnedNoRows,
    };
    matches!(
        error,
        FromSqlConversionFailure(..)
            | IntegralValueOutOfRange(..)
            | InvalidColumnType(..)
            | QueryReturnedNoRows
    )
}

impl From<SqliteTrouble> for StoreFailure {
    fn from(trouble: SqliteTrouble) -> Self {
        Self::Unavailable(trouble.to_string())
    }
}

/// Why a store could not be opened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenError {
    path: PathBuf,
    trouble: SqliteTrouble,
}

impl OpenError {
    pub(crate) fn new(path: &Path, trouble: SqliteTrouble) -> Self {
        Self {
            path: path.to_owned(),
            trouble,
        }
    }

    /// What is wrong.
    pub fn trouble(&self) -> &SqliteTrouble {
        &self.trouble
    }
}

impl fmt::Display for OpenError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}`: {}", self.path.display(), self.trouble)
    }
}

impl std::error::Error for OpenError {}
