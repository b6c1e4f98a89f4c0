//! Versions as SQLite keeps them: its integers are signed, the contract's are not.

use rusqlite::ToSql;
use rusqlite::types::{FromSql, FromSqlError, FromSqlResult, ToSqlOutput, ValueRef};

/// The version of an entry, or the last one given to any.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Version(pub(super) u64);

impl Version {
    /// The one after it. At a million commits a second it takes 292 thousand years to the last.
    pub(super) fn next(self) -> Self {
        Self(self.0 + 1)
    }
}

impl FromSql for Version {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        let number = i64::column_result(value)?;
        u64::try_from(number)
            .map(Self)
            .map_err(|_| FromSqlError::OutOfRange(number))
    }
}

impl ToSql for Version {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        let number = i64::try_from(self.0)
            .map_err(|error| rusqlite::Error::ToSqlConversionFailure(error.into()))?;
        Ok(number.into())
    }
}
