//! The lines of the simple sections: whoever may enter a section may read them and add one. Where each user has an account
//! of their own, the lines are those of one account.

use guestpass::is_plain;
use rusqlite::{Row, params};

use super::db::{Db, instant, stored};
use super::users;
use crate::problem::Problem;

/// One line.
#[derive(Clone, Debug)]
pub struct Entry {
    /// How to call who added it.
    pub author_name: String,
    /// What it says.
    pub text: String,
    /// When it was added.
    pub created: u64,
}

fn from_row(row: &Row<'_>) -> rusqlite::Result<Entry> {
    Ok(Entry {
        text: row.get(0)?,
        created: instant(row, 1)?,
        author_name: users::author_name(row, 2)?,
    })
}

/// The lines of a section, the newest first: of this account, or of the site as a whole.
pub fn list(
    db: &Db,
    site: &str,
    section: &str,
    account: Option<&str>,
) -> Result<Vec<Entry>, Problem> {
    let sql = "SELECT entry.text, entry.created, user.first_name, user.last_name, user.email FROM entry \
               JOIN user ON user.id = entry.author WHERE entry.site = ?1 AND entry.section = ?2 AND entry.account IS ?3 \
               ORDER BY entry.id DESC LIMIT 500";
    db.read(|c| {
        c.prepare_cached(sql)?
            .query_map(params![site, section, account], from_row)?
            .collect()
    })
}

/// Where a line goes.
#[derive(Clone, Copy, Debug)]
pub struct Place<'a> {
    /// The section.
    pub section: &'a str,
    /// The account; none: the site as a whole.
    pub account: Option<&'a str>,
}

/// Adds a line to a section.
pub fn add(
    db: &Db,
    site: &str,
    place: Place<'_>,
    author: &str,
    text: &str,
    now: u64,
) -> Result<(), Problem> {
    let text = text.trim();
    if !(1..=500).contains(&text.chars().count()) || !is_plain(text) {
        return Err(Problem::refused(
            "bad-entry",
            "Write 1 to 500 characters on one line, none of them invisible or changing the writing direction.",
        )
        .at("text"));
    }
    let sql = "INSERT INTO entry (site, section, account, author, text, created) VALUES (?1, ?2, ?3, ?4, ?5, ?6)";
    db.write(|tx| {
        tx.run(|c| {
            c.execute(
                sql,
                params![
                    site,
                    place.section,
                    place.account,
                    author,
                    text,
                    stored(now)
                ],
            )
        })
        .map(drop)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cms::testing::{scratch, site_of};

    #[test]
    fn each_section_of_each_account_has_its_own_lines() {
        let directory = scratch();
        let (db, owner) = site_of("hosting-panel", &directory);
        let tickets = |account| Place {
            section: "tickets",
            account,
        };
        add(
            &db,
            "main",
            tickets(Some(&owner)),
            &owner,
            "The mail is slow",
            7,
        )
        .unwrap();
        let lines = list(&db, "main", "tickets", Some(&owner)).unwrap();
        assert_eq!(
            (lines[0].text.as_str(), lines[0].created),
            ("The mail is slow", 7)
        );
        assert_eq!(lines[0].author_name, "owner@site.example");
        for (section, account) in [
            ("domains", Some(owner.as_str())),
            ("tickets", Some("somebody")),
            ("tickets", None),
        ] {
            assert!(list(&db, "main", section, account).unwrap().is_empty());
        }
        for text in [" ", "a\nb", "Reset \u{202e}moc.elpmaxe"] {
            let refused = add(&db, "main", tickets(None), &owner, text, 7).unwrap_err();
            assert_eq!(refused.code, "bad-entry", "{text:?}");
        }
    }
}
