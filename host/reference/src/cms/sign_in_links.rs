//! One-time links by which a regular user comes in to choose a password: the owner's first entry, and everybody's way back.

use rusqlite::{OptionalExtension as _, params};

use super::db::{Db, Tx, stored};
use super::users;
use crate::problem::Problem;
use crate::secret::Token;

/// What the tokens begin with.
pub const PREFIX: &str = "sl1_";

/// How long a link opens, in milliseconds: an hour.
pub const LIFE: u64 = 60 * 60 * 1000;

/// Makes a link for a regular user. Earlier ones of this user die. Guests get none.
pub fn issue(db: &Db, site: &str, user: &str, now: u64) -> Result<Token, Problem> {
    let token = Token::issue(PREFIX)?;
    let row = params![token.digest(), site, user, stored(now.saturating_add(LIFE))];
    db.write(|tx| {
        let of = tx.run(|c| users::one_in(c, "user.id = ?2", site, user))?;
        if of.is_some_and(|user| user.created_for.is_some()) {
            return Err(users::is_a_guest());
        }
        tx.run(|c| {
            c.execute(
                "DELETE FROM sign_in_link WHERE site = ?1 AND user = ?2",
                [site, user],
            )?;
            c.execute(
                "INSERT INTO sign_in_link (digest, site, user, ends) VALUES (?1, ?2, ?3, ?4)",
                row,
            )
        })
        .map(drop)
    })?;
    Ok(token)
}

/// For whom a link is, if it opens. Uses nothing up.
pub fn whose(db: &Db, site: &str, token: &Token, now: u64) -> Result<Option<String>, Problem> {
    let sql = "SELECT user FROM sign_in_link WHERE digest = ?1 AND site = ?2 AND ends > ?3";
    db.read(|c| {
        c.query_row(sql, params![token.digest(), site, stored(now)], |row| {
            row.get(0)
        })
        .optional()
    })
}

/// Uses a link up and gives the user it was for; none if it never was, was used or is too old.
pub(super) fn redeem(
    tx: &Tx<'_>,
    site: &str,
    token: &Token,
    now: u64,
) -> Result<Option<String>, Problem> {
    let sql = "DELETE FROM sign_in_link WHERE digest = ?1 AND site = ?2 RETURNING user, ends > ?3";
    let found: Option<(String, bool)> = tx.run(|c| {
        c.query_row(sql, params![token.digest(), site, stored(now)], |row| {
            Ok((row.get(0)?, row.get(1)?))
        })
        .optional()
    })?;
    Ok(found.and_then(|(user, open)| open.then_some(user)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cms::testing::{scratch, site_of};

    fn redeem(db: &Db, site: &str, token: &Token, now: u64) -> Result<Option<String>, Problem> {
        db.write(|tx| super::redeem(tx, site, token, now))
    }

    #[test]
    fn a_link_opens_once_and_for_an_hour() {
        let directory = scratch();
        let (db, owner) = site_of("wordpress", &directory);
        let token = issue(&db, "main", &owner, 0).unwrap();
        assert_eq!(redeem(&db, "other", &token, 0).unwrap(), None);
        assert_eq!(
            redeem(&db, "main", &token, LIFE - 1).unwrap(),
            Some(owner.clone())
        );
        assert_eq!(redeem(&db, "main", &token, LIFE - 1).unwrap(), None);
        let late = issue(&db, "main", &owner, 0).unwrap();
        assert_eq!(redeem(&db, "main", &late, LIFE).unwrap(), None);
    }

    #[test]
    fn a_new_link_kills_the_earlier_one() {
        let directory = scratch();
        let (db, owner) = site_of("wordpress", &directory);
        let earlier = issue(&db, "main", &owner, 0).unwrap();
        let later = issue(&db, "main", &owner, 0).unwrap();
        assert_eq!(redeem(&db, "main", &earlier, 1).unwrap(), None);
        assert_eq!(redeem(&db, "main", &later, 1).unwrap(), Some(owner));
    }

    #[test]
    fn sixteen_at_once_use_a_link_once() {
        let directory = scratch();
        let (db, owner) = site_of("wordpress", &directory);
        let token = issue(&db, "main", &owner, 0).unwrap();
        let opened = std::thread::scope(|scope| {
            let tries: Vec<_> = (0..16)
                .map(|_| scope.spawn(|| redeem(&db, "main", &token, 1).unwrap().is_some()))
                .collect();
            tries
                .into_iter()
                .filter_map(|each| each.join().unwrap().then_some(()))
                .count()
        });
        assert_eq!(opened, 1);
    }
}
