//! Passwords that invited people chose. One waits here from just before the invitation is accepted until its user is made:
//! both happen in one transaction, so that nobody is made who could never sign in again.

use rusqlite::{OptionalExtension as _, params};

use super::db::{Db, Tx, stored};
use crate::problem::Problem;

/// How long one waits at most, in milliseconds: an hour. After it, an acceptance that broke off begins anew.
const WAITS: u64 = 60 * 60 * 1_000;

/// Keeps the PHC string of a password for the user who will be made under this key.
pub fn choose(db: &Db, site: &str, key: &str, hash: &str, now: u64) -> Result<(), Problem> {
    let sql = "INSERT INTO invited_password (site, grant_id, hash, chosen) VALUES (?1, ?2, ?3, ?4) \
               ON CONFLICT (site, grant_id) DO UPDATE SET hash = excluded.hash, chosen = excluded.chosen";
    db.write(|tx| {
        tx.run(|c| c.execute(sql, params![site, key, hash, stored(now)]))
            .map(drop)
    })
}

/// Gives the user who was just made under this key the password that was chosen, if one was.
pub(super) fn give(tx: &Tx<'_>, site: &str, key: &str, user: &str) -> Result<(), Problem> {
    tx.run(|c| {
        let chosen: Option<String> = c
            .query_row(
                "DELETE FROM invited_password WHERE site = ?1 AND grant_id = ?2 RETURNING hash",
                [site, key],
                |row| row.get(0),
            )
            .optional()?;
        if let Some(hash) = chosen {
            let sql = "UPDATE user SET password = ?3 WHERE site = ?1 AND id = ?2";
            c.execute(sql, [site, user, &hash])?;
        }
        Ok(())
    })
}

/// Forgets those that nobody came for.
pub(super) fn tidy(tx: &Tx<'_>, now: u64) -> Result<(), Problem> {
    let before = stored(now.saturating_sub(WAITS));
    tx.run(|c| c.execute("DELETE FROM invited_password WHERE chosen <= ?1", [before]))
        .map(drop)
}
