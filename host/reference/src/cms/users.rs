//! Users: the owner, regular users with a role, and guests, who have no role, and a password only if the engine made one.

use std::collections::BTreeMap;

use guestpass::is_plain;
use rusqlite::{Connection, OptionalExtension as _, Row, params};

use super::db::{Db, Tx, stored};
use super::logins;
use crate::problem::Problem;

/// A user to be stored.
#[derive(Debug, Default)]
pub struct NewUser<'a> {
    /// The address, already checked.
    pub email: &'a str,
    /// Given name.
    pub first_name: Option<&'a str>,
    /// Family name.
    pub last_name: Option<&'a str>,
    /// Language, as a BCP 47 tag.
    pub locale: Option<&'a str>,
    /// Holds every permission.
    pub owner: bool,
    /// Name of a role in the site's catalogue.
    pub role: Option<&'a str>,
    /// The grant this user is created for.
    pub created_for: Option<&'a str>,
    /// The web site.
    pub website: Option<&'a str>,
    /// The name to sign in by, free and in the form in which names are stored.
    pub login: Option<&'a str>,
    /// PHC string of the password.
    pub password: Option<&'a str>,
}

/// A user as stored. Tombstones are no users.
#[derive(Clone, Debug)]
pub struct User {
    /// The host's name for this user.
    pub id: String,
    /// The address.
    pub email: String,
    /// How to call this person.
    pub name: String,
    /// Holds every permission.
    pub owner: bool,
    /// Name of a role in the site's catalogue.
    pub role: Option<String>,
    /// PHC string of the password; none: cannot sign in by one.
    pub password: Option<String>,
    /// The grant this user was created for: a guest.
    pub created_for: Option<String>,
    /// The name by which this user signs in, beside the address.
    pub login: Option<String>,
}

impl User {
    /// Whether this is a guest whose password the engine made, and a name with it: only the engine lets them in, by a session
    /// that ends with their grant.
    #[must_use]
    pub fn comes_by_grant(&self) -> bool {
        self.login.is_some()
    }

    /// Whether this is a guest by a link or a password. Who was made to accept an invitation has chosen a password, and is
    /// none.
    #[must_use]
    pub fn is_guest(&self) -> bool {
        self.created_for.is_some() && (self.password.is_none() || self.comes_by_grant())
    }
}

/// What [`from_row`] reads, in its order.
pub const COLUMNS: &str = "user.id, user.email, user.first_name, user.last_name, user.owner, user.role, user.password, \
                           user.created_for, user.login";

/// Reads a user from [`COLUMNS`], which begin at column `start`.
pub fn from_row(row: &Row<'_>, start: usize) -> rusqlite::Result<User> {
    let email: String = row.get(start + 1)?;
    let names: [Option<String>; 2] = [row.get(start + 2)?, row.get(start + 3)?];
    let name = names.into_iter().flatten().collect::<Vec<_>>().join(" ");
    Ok(User {
        id: row.get(start)?,
        name: if name.is_empty() { email.clone() } else { name },
        email,
        owner: row.get(start + 4)?,
        role: row.get(start + 5)?,
        password: row.get(start + 6)?,
        created_for: row.get(start + 7)?,
        login: row.get(start + 8)?,
    })
}

/// The form in which addresses are compared: without regard to case.
#[must_use]
pub fn folded(email: &str) -> String {
    email.trim().to_lowercase()
}

/// An address that can belong to a user of the site. Guests' addresses are judged by the engine; this one is for those who
/// are created here.
pub fn checked_email(email: &str) -> Result<&str, Problem> {
    let email = email.trim();
    let fits = email.len() <= 254
        && !email.contains(char::is_whitespace)
        && is_plain(email)
        && email
            .rsplit_once('@')
            .is_some_and(|(local, domain)| !local.is_empty() && !domain.is_empty());
    if fits {
        Ok(email)
    } else {
        Err(Problem::usage(
            "bad-email",
            format!("`{email}` is no e-mail address. One looks like `name@example.com`."),
        )
        .at("email"))
    }
}

/// A name that a user can go by, within what the engine allows guests.
pub fn checked_name(name: &str) -> Result<&str, Problem> {
    let name = name.trim();
    if (1..=100).contains(&name.chars().count()) && is_plain(name) {
        Ok(name)
    } else {
        Err(Problem::usage(
            "bad-name",
            "A name has 1 to 100 characters, none of them invisible or changing the writing direction.",
        )
        .at("name"))
    }
}

/// Stores a user under this id. An address that belongs to somebody is refused.
pub fn insert(
    tx: &Tx<'_>,
    site: &str,
    id: &str,
    new: &NewUser<'_>,
    now: u64,
) -> Result<(), Problem> {
    let taken = tx.run(|c| find_by_email_in(c, site, new.email))?;
    if taken.is_some() {
        return Err(Problem::refused(
            "email-taken",
            format!("The address {} already belongs to a user.", new.email),
        ));
    }
    tx.run(|c| {
        c.execute(
            "INSERT INTO user (id, site, email, email_folded, first_name, last_name, locale, owner, role, created_for, \
             created, website, login, password) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14)",
            params![
                id,
                site,
                new.email,
                folded(new.email),
                new.first_name,
                new.last_name,
                new.locale,
                new.owner,
                new.role,
                new.created_for,
                stored(now),
                new.website,
                new.login,
                new.password
            ],
        )
    })?;
    Ok(())
}

/// What a guest hears who tries a way in that is for regular users.
pub(super) fn is_a_guest() -> Problem {
    Problem::refused(
        "guest-comes-by-grant",
        "A guest comes in by what they were given, a link or a password, and by nothing else.",
    )
}

/// The user of this id.
pub fn find(db: &Db, site: &str, id: &str) -> Result<Option<User>, Problem> {
    one(db, "user.id = ?2", site, id)
}

/// The user with this address.
pub fn find_by_email(db: &Db, site: &str, email: &str) -> Result<Option<User>, Problem> {
    db.read(|c| find_by_email_in(c, site, email))
}

/// The user who signs in by this: an address, or a user name, which never holds an `@`.
pub fn find_by_login(db: &Db, site: &str, login: &str) -> Result<Option<User>, Problem> {
    if login.contains('@') {
        return find_by_email(db, site, login);
    }
    one(db, "user.login = ?2", site, &logins::folded(login))
}

/// The owner who was there first.
pub fn first_owner(db: &Db, site: &str) -> Result<Option<User>, Problem> {
    one(
        db,
        "user.owner = 1 AND ?2 = '' ORDER BY user.created, user.id LIMIT 1",
        site,
        "",
    )
}

fn one(db: &Db, which: &str, site: &str, value: &str) -> Result<Option<User>, Problem> {
    db.read(|c| one_in(c, which, site, value))
}

pub(super) fn one_in(
    c: &Connection,
    which: &str,
    site: &str,
    value: &str,
) -> rusqlite::Result<Option<User>> {
    let sql = format!(
        "SELECT {COLUMNS} FROM user WHERE user.site = ?1 AND user.tombstone = 0 AND {which}"
    );
    c.prepare_cached(&sql)?
        .query_row([site, value], |row| from_row(row, 0))
        .optional()
}

pub(super) fn find_by_email_in(
    c: &Connection,
    site: &str,
    email: &str,
) -> rusqlite::Result<Option<User>> {
    one_in(c, "user.email_folded = ?2", site, &folded(email))
}

pub(super) fn find_by_key_in(
    c: &Connection,
    site: &str,
    key: &str,
) -> rusqlite::Result<Option<User>> {
    one_in(c, "user.created_for = ?2", site, key)
}

/// How the users of these ids are called, in the same order; none where there is no such user. One query, however many.
pub fn names_of(db: &Db, site: &str, ids: &[String]) -> Result<Vec<Option<String>>, Problem> {
    let places = vec!["?"; ids.len()].join(", ");
    let sql = format!(
        "SELECT {COLUMNS} FROM user WHERE user.site = ? AND user.tombstone = 0 AND user.id IN ({places})"
    );
    let values = std::iter::once(site).chain(ids.iter().map(String::as_str));
    let found: BTreeMap<String, String> = db.read(|c| {
        c.prepare(&sql)?
            .query_map(rusqlite::params_from_iter(values), |row| {
                let user = from_row(row, 0)?;
                Ok((user.id, user.name))
            })?
            .collect()
    })?;
    Ok(ids.iter().map(|id| found.get(id).cloned()).collect())
}

/// Every user of the site, the owner first, then by address.
pub fn list(db: &Db, site: &str) -> Result<Vec<User>, Problem> {
    db.read(|c| {
        let sql = format!(
            "SELECT {COLUMNS} FROM user WHERE user.site = ?1 AND user.tombstone = 0 \
             ORDER BY user.owner DESC, user.email_folded"
        );
        c.prepare_cached(&sql)?
            .query_map([site], |row| from_row(row, 0))?
            .collect()
    })
}

/// Users of the site in the order of their ids, at most `limit`, beginning after `after`.
pub fn page(db: &Db, site: &str, after: Option<&str>, limit: u32) -> Result<Vec<User>, Problem> {
    db.read(|c| {
        let sql = format!(
            "SELECT {COLUMNS} FROM user WHERE user.site = ?1 AND user.tombstone = 0 AND user.id > ?2 \
             ORDER BY user.id LIMIT ?3"
        );
        c.prepare_cached(&sql)?
            .query_map(params![site, after.unwrap_or_default(), limit], |row| from_row(row, 0))?
            .collect()
    })
}

/// How to call the author of this id, also after the user was deleted.
pub fn author_name(row: &Row<'_>, start: usize) -> rusqlite::Result<String> {
    let names: [Option<String>; 2] = [row.get(start)?, row.get(start + 1)?];
    let email: Option<String> = row.get(start + 2)?;
    let name = names.into_iter().flatten().collect::<Vec<_>>().join(" ");
    match (name.is_empty(), email) {
        (false, _) => Ok(name),
        (true, Some(email)) => Ok(email),
        (true, None) => Ok("a former user".to_owned()),
    }
}

/// Gives a regular user another password in place of `present` (a PHC string; none: they have none yet). Tells whether it
/// did: not if it is another one by now. Guests get none here, since theirs is the engine's to make.
pub(super) fn set_password(
    tx: &Tx<'_>,
    site: &str,
    id: &str,
    present: Option<&str>,
    hash: &str,
) -> Result<bool, Problem> {
    let sql = "UPDATE user SET password = ?3 WHERE site = ?1 AND id = ?2 AND tombstone = 0 AND password IS ?4 \
               AND (created_for IS NULL OR (password IS NOT NULL AND login IS NULL))";
    let changed = tx.run(|c| c.execute(sql, params![site, id, hash, present]))?;
    Ok(changed == 1)
}

/// Gives a guest the password that the engine made, and the name to sign in by. Tells whether there is such a guest.
pub(super) fn set_credentials(
    tx: &Tx<'_>,
    site: &str,
    id: &str,
    login: &str,
    hash: &str,
) -> Result<bool, Problem> {
    let sql = "UPDATE user SET login = ?3, password = ?4 WHERE site = ?1 AND id = ?2 AND tombstone = 0 \
               AND created_for IS NOT NULL";
    let changed = tx.run(|c| c.execute(sql, [site, id, login, hash]))?;
    Ok(changed == 1)
}

/// Whether this is still the user's password, as its PHC string.
pub(super) fn has_password(tx: &Tx<'_>, site: &str, id: &str, hash: &str) -> Result<bool, Problem> {
    let sql = "SELECT EXISTS (SELECT 1 FROM user WHERE site = ?1 AND id = ?2 AND tombstone = 0 AND password = ?3)";
    tx.run(|c| c.query_row(sql, [site, id, hash], |row| row.get(0)))
}
