//! Requests of the API that came with a name of their own (`Idempotency-Key`), and what was answered to them.

use rusqlite::{OptionalExtension as _, params};

use super::db::{Db, instant, stored};
use crate::problem::Problem;

/// How long an answer is kept, in milliseconds: a day.
pub const KEPT: u64 = 24 * 60 * 60 * 1000;
/// Nothing takes as long as this, in milliseconds: what is not answered by then never will be.
const LONGEST: u64 = 60 * 1000;

/// One request by its key, its name, and what it asks.
#[derive(Clone, Copy, Debug)]
pub struct Request<'a> {
    /// The id of the key that asks.
    pub key: &'a str,
    /// The name that the program gave the request.
    pub name: &'a str,
    /// The SHA-256 of what is asked.
    pub digest: &'a [u8; 32],
}

/// What was answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kept {
    /// The status.
    pub status: u16,
    /// The address of what was made.
    pub location: Option<String>,
    /// The document; never one with a secret.
    pub body: String,
}

/// What is known of a request.
#[derive(Debug, PartialEq, Eq)]
pub enum Begun {
    /// Nothing: from now on it is under way.
    New,
    /// It was answered so.
    Answered(Kept),
    /// It is under way.
    UnderWay,
    /// It was under way when the server stopped: whether it was done is not known.
    Interrupted,
    /// Another one had this name.
    Another,
}

/// Begins a request, unless it is known.
pub fn begin(db: &Db, request: Request<'_>, now: u64) -> Result<Begun, Problem> {
    let Request { key, name, digest } = request;
    type Row = ([u8; 32], u64, Option<u16>, Option<String>, Option<String>);
    db.write(|tx| {
        let sql = "SELECT digest, began, status, location, body FROM api_request WHERE key = ?1 AND name = ?2";
        let found: Option<Row> = tx.run(|c| {
            c.query_row(sql, [key, name], |row| {
                Ok((row.get(0)?, instant(row, 1)?, row.get(2)?, row.get(3)?, row.get(4)?))
            })
            .optional()
        })?;
        match found.filter(|(_, began, ..)| now < began.saturating_add(KEPT)) {
            Some((known, ..)) if known != *digest => Ok(Begun::Another),
            Some((_, _, Some(status), location, body)) => Ok(Begun::Answered(Kept {
                status,
                location,
                body: body.unwrap_or_default(),
            })),
            Some((_, began, ..)) if now.abs_diff(began) < LONGEST => Ok(Begun::UnderWay),
            Some(_) => Ok(Begun::Interrupted),
            None => {
                let sql = "INSERT OR REPLACE INTO api_request (key, name, digest, began) VALUES (?1, ?2, ?3, ?4)";
                tx.run(|c| c.execute(sql, params![key, name, digest, stored(now)]))?;
                Ok(Begun::New)
            }
        }
    })
}

/// Keeps what was answered.
pub fn finish(db: &Db, request: Request<'_>, kept: &Kept) -> Result<(), Problem> {
    let sql =
        "UPDATE api_request SET status = ?3, location = ?4, body = ?5 WHERE key = ?1 AND name = ?2";
    let row = params![
        request.key,
        request.name,
        kept.status,
        kept.location,
        kept.body
    ];
    db.write(|tx| tx.run(|c| c.execute(sql, row)).map(drop))
}

/// Forgets a request that was not done, so that it can be sent again.
pub fn forget(db: &Db, request: Request<'_>) -> Result<(), Problem> {
    let sql = "DELETE FROM api_request WHERE key = ?1 AND name = ?2";
    db.write(|tx| {
        tx.run(|c| c.execute(sql, [request.key, request.name]))
            .map(drop)
    })
}

/// Forgets what was kept long enough. Nothing depends on it.
pub fn tidy(db: &Db, now: u64) -> Result<(), Problem> {
    let sql = "DELETE FROM api_request WHERE began <= ?1";
    let before = stored(now.saturating_sub(KEPT));
    db.write(|tx| tx.run(|c| c.execute(sql, [before])).map(drop))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cms::key_scope::KeyScope;
    use crate::cms::keys::{self, NewKey};
    use crate::cms::testing::{Scratch, scratch, site_of};

    const NOW: u64 = 2 * KEPT;

    fn setting() -> (Db, String, Scratch) {
        let directory = scratch();
        let (db, owner) = site_of("wordpress", &directory);
        let new = NewKey {
            maker: &owner,
            user: &owner,
            name: "x",
            scopes: &[KeyScope::GrantsWrite],
            ends: None,
        };
        let (key, _) = keys::make(&db, "main", &new, NOW).unwrap();
        (db, key.id, directory)
    }

    fn request<'a>(key: &'a str, digest: &'a [u8; 32]) -> Request<'a> {
        Request {
            key,
            name: "a",
            digest,
        }
    }

    #[test]
    fn a_request_is_begun_once_and_then_answered_as_it_was_for_a_day() {
        let (db, key, _directory) = setting();
        let asked = request(&key, &[1; 32]);
        let kept = Kept {
            status: 201,
            location: Some("/there".to_owned()),
            body: "{}".to_owned(),
        };
        assert_eq!(begin(&db, asked, NOW).unwrap(), Begun::New);
        assert_eq!(begin(&db, asked, NOW).unwrap(), Begun::UnderWay);
        finish(&db, asked, &kept).unwrap();
        for later in [0, KEPT - 1] {
            let again = begin(&db, asked, NOW + later).unwrap();
            assert_eq!(again, Begun::Answered(kept.clone()));
        }
        let other = request(&key, &[2; 32]);
        assert_eq!(begin(&db, other, NOW).unwrap(), Begun::Another);
        tidy(&db, NOW + KEPT - 1).unwrap();
        assert_eq!(begin(&db, other, NOW).unwrap(), Begun::Another);
        assert_eq!(begin(&db, other, NOW + KEPT).unwrap(), Begun::New);
        tidy(&db, NOW + 2 * KEPT).unwrap();
        assert_eq!(begin(&db, asked, NOW).unwrap(), Begun::New);
    }

    #[test]
    fn what_was_not_answered_is_never_done_again_unless_it_was_forgotten() {
        let (db, key, _directory) = setting();
        let asked = request(&key, &[1; 32]);
        assert_eq!(begin(&db, asked, NOW).unwrap(), Begun::New);
        assert_eq!(
            begin(&db, asked, NOW + LONGEST).unwrap(),
            Begun::Interrupted
        );
        forget(&db, asked).unwrap();
        assert_eq!(begin(&db, asked, NOW + LONGEST).unwrap(), Begun::New);
    }

    #[test]
    fn sixteen_at_once_begin_one() {
        let (db, key, _directory) = setting();
        let begun = std::thread::scope(|scope| {
            let each: Vec<_> = (0..16)
                .map(|_| scope.spawn(|| begin(&db, request(&key, &[1; 32]), NOW).unwrap()))
                .collect();
            let begun = each.into_iter().map(|each| each.join().unwrap());
            begun.filter(|begun| *begun == Begun::New).count()
        });
        assert_eq!(begun, 1);
    }
}
