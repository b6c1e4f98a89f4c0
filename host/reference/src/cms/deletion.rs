//! Deleting a user. What becomes of the content must be said: there is no default, and no path deletes it.

use rusqlite::Connection;

use super::db::Db;
use super::users::one_in;
use crate::problem::Problem;

/// What becomes of a deleted user's content.
#[derive(Clone, Copy, Debug)]
pub enum Content<'a> {
    /// It belongs to this user from now on.
    HandOver(&'a str),
    /// It stays under an author that cannot sign in.
    Keep,
}

/// Why a user was not deleted.
#[derive(Debug)]
pub enum NotDeleted {
    /// The host does not want it, and why.
    Rejected(String),
    /// It could not be done.
    Failed(Problem),
}

impl From<Problem> for NotDeleted {
    fn from(problem: Problem) -> Self {
        Self::Failed(problem)
    }
}

/// Deletes a user, the content decision included, or leaves everything as it is. Absent users are no error.
pub fn delete(db: &Db, site: &str, id: &str, content: Content<'_>) -> Result<(), NotDeleted> {
    db.write(|tx| {
        let Some(user) = tx.run(|c| one_in(c, "user.id = ?2", site, id))? else {
            return Ok(());
        };
        if user.owner {
            return Err(NotDeleted::Rejected(
                "the owner of the site cannot be deleted".to_owned(),
            ));
        }
        match content {
            Content::HandOver(heir) if heir == id => Err(NotDeleted::Rejected(
                "a user who is deleted cannot inherit their own content".to_owned(),
            )),
            Content::HandOver(heir) => {
                if tx.run(|c| one_in(c, "user.id = ?2", site, heir))?.is_none() {
                    return Err(NotDeleted::Rejected(format!(
                        "there is no user `{heir}` to hand the content over to"
                    )));
                }
                for (table, column) in HELD {
                    let sql = format!("UPDATE {table} SET {column} = ?2 WHERE {column} = ?1");
                    tx.run(|c| c.execute(&sql, [id, heir]))?;
                }
                Ok(tx.run(|c| remove(c, id))?)
            }
            Content::Keep => Ok(tx.run(|c| {
                if has_content(c, id)? {
                    bury(c, id)
                } else {
                    remove(c, id)
                }
            })?),
        }
    })
}

/// The tables and columns that name whose content a row is.
const HELD: [(&str, &str); 3] = [
    ("post", "author"),
    ("entry", "author"),
    ("entry", "account"),
];

fn has_content(c: &Connection, id: &str) -> rusqlite::Result<bool> {
    for (table, column) in HELD {
        if c.query_row(
            &format!("SELECT EXISTS (SELECT 1 FROM {table} WHERE {column} = ?1)"),
            [id],
            |row| row.get(0),
        )? {
            return Ok(true);
        }
    }
    Ok(false)
}

fn remove(c: &Connection, id: &str) -> rusqlite::Result<()> {
    c.execute("DELETE FROM user WHERE id = ?1", [id]).map(drop)
}

fn bury(c: &Connection, id: &str) -> rusqlite::Result<()> {
    c.execute("DELETE FROM session WHERE user = ?1", [id])?;
    c.execute("DELETE FROM switched_session WHERE user = ?1", [id])?;
    c.execute("DELETE FROM sign_in_link WHERE user = ?1", [id])?;
    c.execute("DELETE FROM api_key WHERE user = ?1", [id])?;
    c.execute(
        "UPDATE user SET tombstone = 1, email = NULL, email_folded = NULL, locale = NULL, role = NULL, password = NULL, \
         login = NULL, website = NULL, created_for = NULL WHERE id = ?1",
        [id],
    )
    .map(drop)
}
