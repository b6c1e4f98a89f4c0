//! Keys of the API. A key acts as a user, for what its scopes name, until it ends, is revoked, or its user is gone. Only owners
//! make keys, for themselves and for regular users; guests can neither make nor use one, which would outlive their grant.

use guestpass::is_plain;
use rusqlite::{OptionalExtension as _, Row, params};
use subtle::ConstantTimeEq as _;

use super::db::{Db, instant, stored};
use super::key_scope::KeyScope;
use super::key_token::{self, Presented};
use super::users::{self, User};
use crate::problem::{Kind, Problem};
use crate::secret::{Token, TokenDigest};

/// The last use is noted once in this time, in milliseconds: a key in use must not make every request a write.
const NOTED: u64 = 60 * 1000;

/// A key to be made.
#[derive(Clone, Copy, Debug)]
pub struct NewKey<'a> {
    /// The id of the user who makes it.
    pub maker: &'a str,
    /// The id of the user whom it acts as.
    pub user: &'a str,
    /// What its maker calls it.
    pub name: &'a str,
    /// What it may be used for.
    pub scopes: &'a [KeyScope],
    /// When it ends; none: when it is revoked.
    pub ends: Option<u64>,
}

/// A key as it is kept.
#[derive(Clone, Debug)]
pub struct Key {
    /// Its name for the program.
    pub id: String,
    /// The id of the user whom it acts as.
    pub user: String,
    /// What its maker calls it.
    pub name: String,
    /// What it may be used for.
    pub scopes: Vec<KeyScope>,
    /// When it was made.
    pub created: u64,
    /// When it ends; none: when it is revoked.
    pub ends: Option<u64>,
    /// When it was last used, to the minute.
    pub last_used: Option<u64>,
}

/// What [`from_row`] reads, in its order.
const COLUMNS: &str = "api_key.id, api_key.user, api_key.name, api_key.scopes, api_key.created, api_key.ends, \
                       api_key.last_used";

fn from_row(row: &Row<'_>) -> rusqlite::Result<Key> {
    let at = |column| -> rusqlite::Result<Option<u64>> {
        let present: Option<i64> = row.get(column)?;
        present.map(|_| instant(row, column)).transpose()
    };
    let scopes: String = row.get(3)?;
    Ok(Key {
        id: row.get(0)?,
        user: row.get(1)?,
        name: row.get(2)?,
        // A word that a newer version wrote names nothing here.
        scopes: scopes
            .split(' ')
            .filter_map(|word| word.parse().ok())
            .collect(),
        created: instant(row, 4)?,
        ends: at(5)?,
        last_used: at(6)?,
    })
}

/// Makes a key. The token is kept nowhere.
pub fn make(db: &Db, site: &str, new: &NewKey<'_>, now: u64) -> Result<(Key, Token), Problem> {
    let name = checked_name(new.name)?;
    let mut scopes = new.scopes.to_vec();
    scopes.sort_unstable();
    scopes.dedup();
    if new.ends.is_some_and(|ends| ends <= now) {
        let message = "A key that ends before it could be used opens nothing.";
        return Err(Problem::usage("bad-ending", message).at("for"));
    }
    let made = key_token::make()?;
    let key = Key {
        id: made.id,
        user: new.user.to_owned(),
        name: name.to_owned(),
        scopes,
        created: now,
        ends: new.ends,
        last_used: None,
    };
    let words: Vec<_> = key.scopes.iter().map(|scope| scope.word()).collect();
    db.write(|tx| {
        let find = |id: &str| tx.run(|c| users::one_in(c, "user.id = ?2", site, id));
        if !find(new.maker)?.is_some_and(|maker| maker.owner) {
            let message = "Only the owner makes keys.";
            return Err(Problem::new(Kind::Forbidden, "not-the-owner", message));
        }
        if find(new.user)?.is_none_or(|user| user.created_for.is_some()) {
            let message = "A guest gets no key: it would outlive their access.";
            return Err(Problem::new(Kind::Forbidden, "no-key-for-guests", message).at("user"));
        }
        let row = params![
            key.id,
            site,
            key.user,
            key.name,
            made.digest,
            words.join(" "),
            stored(now),
            key.ends.map(stored)
        ];
        let sql = "INSERT INTO api_key (id, site, user, name, digest, scopes, created, ends) \
                   VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)";
        tx.run(|c| c.execute(sql, row)).map(drop)
    })?;
    Ok((key, made.token))
}

fn checked_name(name: &str) -> Result<&str, Problem> {
    let name = name.trim();
    if !(1..=100).contains(&name.chars().count()) || !is_plain(name) {
        return Err(Problem::usage(
            "bad-name",
            "A key's name has 1 to 100 characters on one line, none of them invisible.",
        )
        .at("name"));
    }
    Ok(name)
}

/// Every key of the site with its user's address, the oldest first.
pub fn list(db: &Db, site: &str) -> Result<Vec<(Key, String)>, Problem> {
    db.read(|c| {
        let sql = format!(
            "SELECT {COLUMNS}, user.email FROM api_key JOIN user ON user.id = api_key.user \
             WHERE api_key.site = ?1 AND user.tombstone = 0 ORDER BY api_key.created, api_key.id"
        );
        c.prepare_cached(&sql)?
            .query_map([site], |row| Ok((from_row(row)?, row.get(7)?)))?
            .collect()
    })
}

/// Ends a key for good, at once. Tells whether there was one.
pub fn revoke(db: &Db, site: &str, id: &str) -> Result<bool, Problem> {
    let sql = "DELETE FROM api_key WHERE site = ?1 AND id = ?2";
    db.write(|tx| tx.run(|c| c.execute(sql, [site, id])))
        .map(|count| count == 1)
}

/// Ends every key of the site but this one, and tells how many.
pub fn revoke_all(db: &Db, site: &str, but: Option<&str>) -> Result<usize, Problem> {
    let sql = "DELETE FROM api_key WHERE site = ?1 AND id IS NOT ?2";
    db.write(|tx| tx.run(|c| c.execute(sql, (site, but))))
}

/// The key that this is, and the user whom it acts as. None: unknown, wrong, over, or its user is gone or a guest.
pub fn resolve(
    db: &Db,
    site: &str,
    presented: &Presented,
    now: u64,
) -> Result<Option<(Key, User)>, Problem> {
    let sql = format!(
        "SELECT {COLUMNS}, api_key.digest, {} FROM api_key JOIN user ON user.id = api_key.user AND user.site = api_key.site \
         WHERE api_key.id = ?1 AND api_key.site = ?2 AND user.tombstone = 0 AND user.created_for IS NULL",
        users::COLUMNS
    );
    let found: Option<(Key, TokenDigest, User)> = db.read(|c| {
        c.prepare_cached(&sql)?
            .query_row([presented.id.as_str(), site], |row| {
                Ok((from_row(row)?, row.get(7)?, users::from_row(row, 8)?))
            })
            .optional()
    })?;
    let Some((key, digest, user)) = found else {
        return Ok(None);
    };
    let right: bool = digest.ct_eq(&presented.digest).into();
    if !right || key.ends.is_some_and(|ends| ends <= now) {
        return Ok(None);
    }
    if key.last_used.is_none_or(|last| last.abs_diff(now) >= NOTED) {
        let sql = "UPDATE api_key SET last_used = ?2 WHERE id = ?1";
        db.write::<_, Problem>(|tx| tx.run(|c| c.execute(sql, params![key.id, stored(now)])))?;
    }
    Ok(Some((key, user)))
}

#[cfg(test)]
#[path = "keys_tests.rs"]
mod tests;
