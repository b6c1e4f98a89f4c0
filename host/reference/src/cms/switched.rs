//! Sessions in the accounts of others, as far as they are this host's: whose each is and by what it was begun. The engine's
//! session is good only while its row is here, so that whatever ends the user's own sessions ends these too.

use rusqlite::{OptionalExtension as _, params};

use super::db::{Db, Tx, stored};
use super::sessions;
use crate::problem::Problem;
use crate::secret::Token;

/// So many are kept of those that one user began by one key, and of those begun otherwise; older ones are over. What ended at
/// the engine alone leaves its row behind, and this bounds it.
const KEPT: u32 = 100;

/// By what a session is begun.
#[derive(Clone, Copy, Debug)]
pub enum Begun<'a> {
    /// In a browser that has this session: one of the user's own, or one in another account.
    InBrowser(&'a Token),
    /// Through the API, by the key of this id.
    ByKey(&'a str),
    /// By the operator, who may do everything.
    ByOperator,
}

/// What is known of a session.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Held {
    /// Whether it goes back to a key of the API: it then gives no more than the key did.
    pub by_key: bool,
}

/// Notes a session that the engine just began for this user. False, and nothing is noted: what it was begun by is over by now.
pub fn note(
    db: &Db,
    site: &str,
    user: &str,
    session: &Token,
    begun: Begun<'_>,
    now: u64,
) -> Result<bool, Problem> {
    db.write(|tx| {
        let Some(key) = key_behind(tx, site, user, begun, now)? else {
            return Ok(false);
        };
        tx.run(|c| {
            let sql = "INSERT INTO switched_session (digest, site, user, key) VALUES (?1, ?2, ?3, ?4)";
            c.execute(sql, params![session.digest(), site, user, key])?;
            let sql = "DELETE FROM switched_session WHERE number IN (SELECT number FROM switched_session \
                       WHERE site = ?1 AND user = ?2 AND key IS ?3 ORDER BY number DESC LIMIT -1 OFFSET ?4)";
            c.execute(sql, params![site, user, key, KEPT])
        })?;
        Ok(true)
    })
}

/// The key that a session begun like this goes back to, if any: also one that takes the place of another goes back to the key
/// of that one. Outer none: what it is begun by is over.
fn key_behind(
    tx: &Tx<'_>,
    site: &str,
    user: &str,
    begun: Begun<'_>,
    now: u64,
) -> Result<Option<Option<String>>, Problem> {
    match begun {
        Begun::ByOperator => Ok(Some(None)),
        Begun::InBrowser(own) if own.expose().starts_with(sessions::PREFIX) => {
            let open = sessions::is_open(tx, site, user, own, now)?;
            Ok(open.then_some(None))
        }
        Begun::InBrowser(left) => key_of(tx, site, user, left, now),
        Begun::ByKey(key) => {
            let sql = "SELECT id FROM api_key WHERE id = ?1 AND site = ?2 AND user = ?3 AND (ends IS NULL OR ends > ?4)";
            tx.run(|c| {
                c.query_row(sql, params![key, site, user, stored(now)], |row| {
                    row.get(0).map(Some)
                })
                .optional()
            })
        }
    }
}

/// The key of a session of this user, if it has one. Outer none: it is over.
fn key_of(
    tx: &Tx<'_>,
    site: &str,
    user: &str,
    session: &Token,
    now: u64,
) -> Result<Option<Option<String>>, Problem> {
    let sql = format!("SELECT switched_session.key {HELD}");
    let row = params![session.digest(), site, user, stored(now)];
    tx.run(|c| c.query_row(&sql, row, |row| row.get(0)).optional())
}

/// The row of a session that is not over, which takes its key with it.
const HELD: &str = "FROM switched_session LEFT JOIN api_key ON api_key.id = switched_session.key \
                    WHERE switched_session.digest = ?1 AND switched_session.site = ?2 AND switched_session.user = ?3 \
                    AND (api_key.ends IS NULL OR api_key.ends > ?4)";

/// Whether this session of the user goes on as far as this host is concerned.
pub fn is_held(
    db: &Db,
    site: &str,
    user: &str,
    session: &Token,
    now: u64,
) -> Result<bool, Problem> {
    let sql = format!("SELECT EXISTS (SELECT 1 {HELD})");
    db.read(|c| {
        c.prepare_cached(&sql)?
            .query_row(params![session.digest(), site, user, stored(now)], |row| {
                row.get(0)
            })
    })
}

/// Ends a session of the user and gives what was known of it. None: it was over already.
pub(super) fn take(
    tx: &Tx<'_>,
    site: &str,
    user: &str,
    session: &Token,
    now: u64,
) -> Result<Option<Held>, Problem> {
    let key = key_of(tx, site, user, session, now)?;
    tx.run(|c| forget(c, session))?;
    Ok(key.map(|key| Held {
        by_key: key.is_some(),
    }))
}

/// The same, where nothing else changes.
pub fn end_of(
    db: &Db,
    site: &str,
    user: &str,
    session: &Token,
    now: u64,
) -> Result<Option<Held>, Problem> {
    db.write(|tx| take(tx, site, user, session, now))
}

/// Ends a session, whosever it is. Absent ones are no error.
pub fn end(db: &Db, session: &Token) -> Result<(), Problem> {
    db.write(|tx| tx.run(|c| forget(c, session)))
}

fn forget(c: &rusqlite::Connection, session: &Token) -> rusqlite::Result<()> {
    let sql = "DELETE FROM switched_session WHERE digest = ?1";
    c.execute(sql, [session.digest()]).map(drop)
}

/// Ends every session of a user in the accounts of others.
pub(super) fn end_all_in(tx: &Tx<'_>, site: &str, user: &str) -> Result<(), Problem> {
    let sql = "DELETE FROM switched_session WHERE site = ?1 AND user = ?2";
    tx.run(|c| c.execute(sql, [site, user])).map(drop)
}

#[cfg(test)]
#[path = "switched_tests.rs"]
mod tests;
