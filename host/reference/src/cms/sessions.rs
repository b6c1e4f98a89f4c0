//! Sessions of regular users: a random token in a cookie, its SHA-256 here. Guests have the engine's sessions instead, and
//! those with a password never one of these: it would not end with their grant.

use rusqlite::{OptionalExtension as _, params};

use super::db::{Db, Tx, stored};
use super::invited;
use super::switched;
use super::users::{self, User};
use crate::problem::Problem;
use crate::secret::Token;

/// What the tokens begin with, so that they are told apart from the engine's.
pub const PREFIX: &str = "hs1_";

/// How long a session lasts, in milliseconds: a working day.
pub const LIFE: u64 = 12 * 60 * 60 * 1000;

/// How a session was begun.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Begun {
    /// By the password.
    ByPassword,
    /// By a one-time link: a password may be chosen without knowing the present one.
    ByLink,
}

/// Begins a session, in the transaction that made sure of who comes in. Refused for guests whom only the engine
/// lets in, whatever brought them here.
pub(super) fn begin(
    tx: &Tx<'_>,
    site: &str,
    user: &str,
    begun: Begun,
    now: u64,
) -> Result<Token, Problem> {
    if tx
        .run(|c| users::one_in(c, "user.id = ?2", site, user))?
        .is_some_and(|user| user.comes_by_grant())
    {
        return Err(users::is_a_guest());
    }
    let token = Token::issue(PREFIX)?;
    let row = params![
        token.digest(),
        site,
        user,
        begun == Begun::ByLink,
        stored(now),
        stored(now.saturating_add(LIFE))
    ];
    let sql = "INSERT INTO session (digest, site, user, by_link, created, ends) VALUES (?1, ?2, ?3, ?4, ?5, ?6)";
    tx.run(|c| c.execute(sql, row))?;
    Ok(token)
}

/// Whose session this is, if it is open, and how it was begun.
pub fn resolve(
    db: &Db,
    site: &str,
    token: &Token,
    now: u64,
) -> Result<Option<(User, Begun)>, Problem> {
    db.read(|c| {
        let sql = format!(
            "SELECT session.by_link, {} FROM session JOIN user ON user.id = session.user AND user.site = session.site \
             WHERE session.digest = ?1 AND session.site = ?2 AND session.ends > ?3 AND user.tombstone = 0 AND user.login IS NULL",
            users::COLUMNS
        );
        c.prepare_cached(&sql)?
            .query_row(params![token.digest(), site, stored(now)], |row| {
                let begun = if row.get(0)? { Begun::ByLink } else { Begun::ByPassword };
                Ok((users::from_row(row, 1)?, begun))
            })
            .optional()
    })
}

/// Whether this is an open session of this user.
pub(super) fn is_open(
    tx: &Tx<'_>,
    site: &str,
    user: &str,
    token: &Token,
    now: u64,
) -> Result<bool, Problem> {
    let sql = "SELECT EXISTS (SELECT 1 FROM session WHERE digest = ?1 AND site = ?2 AND user = ?3 AND ends > ?4)";
    tx.run(|c| {
        c.query_row(
            sql,
            params![token.digest(), site, user, stored(now)],
            |row| row.get(0),
        )
    })
}

/// Ends a session. Absent ones are no error.
pub fn end(db: &Db, token: &Token) -> Result<(), Problem> {
    db.write(|tx| {
        tx.run(|c| c.execute("DELETE FROM session WHERE digest = ?1", [token.digest()]))
            .map(drop)
    })
}

/// Ends every session of a user, also those in the accounts of others, and every one-time link that would begin one.
pub fn end_all(db: &Db, site: &str, user: &str) -> Result<(), Problem> {
    db.write(|tx| end_all_in(tx, site, user))
}

/// The same, in a transaction that changes more.
pub(super) fn end_all_in(tx: &Tx<'_>, site: &str, user: &str) -> Result<(), Problem> {
    switched::end_all_in(tx, site, user)?;
    tx.run(|c| {
        c.execute(
            "DELETE FROM session WHERE site = ?1 AND user = ?2",
            [site, user],
        )?;
        c.execute(
            "DELETE FROM sign_in_link WHERE site = ?1 AND user = ?2",
            [site, user],
        )
    })
    .map(drop)
}

/// Forgets what is over. Nothing depends on it.
pub fn tidy(db: &Db, now: u64) -> Result<(), Problem> {
    db.write(|tx| {
        tx.run(|c| {
            c.execute("DELETE FROM session WHERE ends <= ?1", [stored(now)])?;
            c.execute("DELETE FROM sign_in_link WHERE ends <= ?1", [stored(now)])
        })?;
        invited::tidy(tx, now)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cms::testing::{scratch, site_of};

    fn begun(db: &Db, user: &str) -> Token {
        db.write(|tx| begin(tx, "main", user, Begun::ByPassword, 5_000))
            .unwrap()
    }

    #[test]
    fn a_session_is_open_until_its_end_and_not_at_it() {
        let directory = scratch();
        let (db, owner) = site_of("wordpress", &directory);
        let token = begun(&db, &owner);
        assert_eq!(
            resolve(&db, "main", &token, 5_000 + LIFE - 1)
                .unwrap()
                .unwrap()
                .0
                .id,
            owner
        );
        assert!(
            resolve(&db, "main", &token, 5_000 + LIFE)
                .unwrap()
                .is_none()
        );
        assert!(resolve(&db, "other", &token, 5_000).unwrap().is_none());
        end(&db, &token).unwrap();
        assert!(resolve(&db, "main", &token, 5_000).unwrap().is_none());
        end(&db, &token).unwrap();
    }

    #[test]
    fn the_database_does_not_hold_the_token() {
        let directory = scratch();
        let (db, owner) = site_of("wordpress", &directory);
        let token = begun(&db, &owner);
        drop(db);
        let secret = token.expose().strip_prefix(PREFIX).unwrap().as_bytes();
        for file in std::fs::read_dir(&*directory).unwrap() {
            let bytes = std::fs::read(file.unwrap().path()).unwrap();
            assert!(!bytes.windows(secret.len()).any(|window| window == secret));
        }
    }
}
