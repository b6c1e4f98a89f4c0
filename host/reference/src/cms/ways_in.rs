//! The ways in for regular users, each one transaction: a session begins only if what was verified before still holds.
//! Guests are let in by the engine alone.
//!
//! Checking a password takes a tenth of a second, in which it may be changed, or the session that asks may be ended.

use super::db::Db;
use super::sessions::{self, Begun};
use super::switched::{self, Held};
use super::{sign_in_links, users};
use crate::problem::Problem;
use crate::secret::Token;

/// Begins a session by the password whose PHC string, `verified`, was just compared. None: the user has another one by now,
/// or is gone.
pub fn by_password(
    db: &Db,
    site: &str,
    user: &str,
    verified: &str,
    now: u64,
) -> Result<Option<Token>, Problem> {
    db.write(|tx| {
        if !users::has_password(tx, site, user, verified)? {
            return Ok(None);
        }
        sessions::begin(tx, site, user, Begun::ByPassword, now).map(Some)
    })
}

/// Whether this is still the user's password, as the PHC string that was just compared.
pub fn still_holds(db: &Db, site: &str, user: &str, verified: &str) -> Result<bool, Problem> {
    db.write(|tx| users::has_password(tx, site, user, verified))
}

/// Uses a one-time link up and begins a session. None: the link never was, was used or is too old.
pub fn by_link(db: &Db, site: &str, link: &Token, now: u64) -> Result<Option<Token>, Problem> {
    db.write(|tx| match sign_in_links::redeem(tx, site, link, now)? {
        None => Ok(None),
        Some(user) => sessions::begin(tx, site, &user, Begun::ByLink, now).map(Some),
    })
}

/// Begins a session of a user whom the engine named, because they come back from the account of somebody else, and ends the
/// one there. None: that one was over, or gives no session of the user's own because it was begun by a key.
pub fn by_return(
    db: &Db,
    site: &str,
    user: &str,
    left: &Token,
    now: u64,
) -> Result<Option<Token>, Problem> {
    db.write(|tx| match switched::take(tx, site, user, left, now)? {
        Some(Held { by_key: false }) => {
            sessions::begin(tx, site, user, Begun::ByPassword, now).map(Some)
        }
        Some(Held { by_key: true }) | None => Ok(None),
    })
}

/// Another password, asked for in a session of the user.
#[derive(Debug)]
pub struct NewPassword<'a> {
    /// The id of the user.
    pub user: &'a str,
    /// The session in which it was asked for.
    pub session: &'a Token,
    /// PHC string of the password that it replaces; none: there was none.
    pub present: Option<&'a str>,
    /// PHC string of the new one.
    pub hash: &'a str,
}

/// Changes the password, ends every session and one-time link of the user, and begins a new session. None, and nothing is
/// changed: the session is over, or the password is another one by now.
pub fn by_new_password(
    db: &Db,
    site: &str,
    new: &NewPassword<'_>,
    now: u64,
) -> Result<Option<Token>, Problem> {
    db.write(|tx| {
        if !sessions::is_open(tx, site, new.user, new.session, now)?
            || !users::set_password(tx, site, new.user, new.present, new.hash)?
        {
            return Ok(None);
        }
        sessions::end_all_in(tx, site, new.user)?;
        sessions::begin(tx, site, new.user, Begun::ByPassword, now).map(Some)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cms::testing::{Scratch, scratch, site_of};

    const NOW: u64 = 5_000;

    struct Setting {
        db: Db,
        owner: String,
        session: Token,
        _directory: Scratch,
    }

    /// A site whose owner has the password `first` and is signed in.
    fn setting() -> Setting {
        let directory = scratch();
        let (db, owner) = site_of("wordpress", &directory);
        let link = sign_in_links::issue(&db, "main", &owner, NOW).unwrap();
        let session = by_link(&db, "main", &link, NOW).unwrap().unwrap();
        let new = NewPassword {
            user: &owner,
            session: &session,
            present: None,
            hash: "first",
        };
        let session = by_new_password(&db, "main", &new, NOW).unwrap().unwrap();
        Setting {
            db,
            owner,
            session,
            _directory: directory,
        }
    }

    impl Setting {
        fn change(&self, session: &Token, present: Option<&str>, hash: &str) -> Option<Token> {
            let new = NewPassword {
                user: &self.owner,
                session,
                present,
                hash,
            };
            by_new_password(&self.db, "main", &new, NOW).unwrap()
        }

        fn opens(&self, session: &Token) -> bool {
            sessions::resolve(&self.db, "main", session, NOW)
                .unwrap()
                .is_some()
        }

        fn sign_in(&self, verified: &str) -> Option<Token> {
            by_password(&self.db, "main", &self.owner, verified, NOW).unwrap()
        }
    }

    #[test]
    fn p15_a_password_that_was_changed_while_it_was_checked_opens_nothing() {
        let setting = setting();
        assert!(setting.sign_in("first").is_some());
        setting
            .change(&setting.session, Some("first"), "second")
            .unwrap();
        assert!(setting.sign_in("first").is_none());
        assert!(setting.sign_in("second").is_some());
    }

    #[test]
    fn a_new_password_ends_every_other_session_and_link() {
        let setting = setting();
        let other = setting.sign_in("first").unwrap();
        let link = sign_in_links::issue(&setting.db, "main", &setting.owner, NOW).unwrap();
        let begun = setting
            .change(&setting.session, Some("first"), "second")
            .unwrap();
        assert!(setting.opens(&begun));
        assert!(!setting.opens(&other) && !setting.opens(&setting.session));
        assert!(by_link(&setting.db, "main", &link, NOW).unwrap().is_none());
    }

    #[test]
    fn p15_a_session_that_ended_meanwhile_chooses_no_password() {
        let setting = setting();
        let other = setting.sign_in("first").unwrap();
        sessions::end(&setting.db, &setting.session).unwrap();
        assert!(
            setting
                .change(&setting.session, Some("first"), "second")
                .is_none()
        );
        assert!(setting.opens(&other), "nothing was changed");
        assert!(setting.sign_in("second").is_none());
        // Nor does one that knew another password.
        assert!(setting.change(&other, None, "second").is_none());
        assert!(setting.opens(&other) && setting.sign_in("first").is_some());
    }

    #[test]
    fn a_link_is_not_used_up_by_a_session_that_could_not_begin() {
        let setting = setting();
        let link = sign_in_links::issue(&setting.db, "main", &setting.owner, NOW).unwrap();
        let sql = |sql: &str| setting.db.read(|c| c.execute_batch(sql)).unwrap();
        sql("CREATE TRIGGER full BEFORE INSERT ON session BEGIN SELECT RAISE(ABORT, 'full'); END");
        by_link(&setting.db, "main", &link, NOW).unwrap_err();
        sql("DROP TRIGGER full");
        assert!(by_link(&setting.db, "main", &link, NOW).unwrap().is_some());
    }
}
