//! Posts: drafts and published ones, each with an author.

use guestpass::{is_plain, misleads};
use rusqlite::{OptionalExtension as _, Row, params};

use super::db::{Db, instant, stored};
use super::users;
use crate::problem::Problem;

/// A post as it stands.
#[derive(Clone, Debug)]
pub struct Post {
    /// Its number.
    pub id: i64,
    /// The id of its author.
    pub author: String,
    /// How to call its author.
    pub author_name: String,
    /// One line.
    pub title: String,
    /// Plain text.
    pub body: String,
    /// Since when it is public; none: a draft.
    pub published: Option<u64>,
    /// When it was last changed.
    pub changed: u64,
}

const SELECT: &str = "SELECT post.id, post.author, post.title, post.body, post.published, post.changed, user.first_name, \
                      user.last_name, user.email FROM post JOIN user ON user.id = post.author WHERE post.site = ?1";

fn from_row(row: &Row<'_>) -> rusqlite::Result<Post> {
    let published: Option<i64> = row.get(4)?;
    Ok(Post {
        id: row.get(0)?,
        author: row.get(1)?,
        title: row.get(2)?,
        body: row.get(3)?,
        published: published.map(|_| instant(row, 4)).transpose()?,
        changed: instant(row, 5)?,
        author_name: users::author_name(row, 6)?,
    })
}

/// All posts of the site, the last changed first.
pub fn list(db: &Db, site: &str) -> Result<Vec<Post>, Problem> {
    db.read(|c| {
        let sql = format!("{SELECT} ORDER BY post.changed DESC, post.id DESC LIMIT 500");
        c.prepare_cached(&sql)?
            .query_map([site], from_row)?
            .collect()
    })
}

/// The published posts of the site, the newest first.
pub fn published(db: &Db, site: &str) -> Result<Vec<Post>, Problem> {
    db.read(|c| {
        let sql = format!("{SELECT} AND post.published IS NOT NULL ORDER BY post.published DESC, post.id DESC LIMIT 100");
        c.prepare_cached(&sql)?.query_map([site], from_row)?.collect()
    })
}

/// One post of the site.
pub fn find(db: &Db, site: &str, id: i64) -> Result<Option<Post>, Problem> {
    db.read(|c| {
        let sql = format!("{SELECT} AND post.id = ?2");
        c.prepare_cached(&sql)?
            .query_row(params![site, id], from_row)
            .optional()
    })
}

/// What somebody wrote.
#[derive(Clone, Copy, Debug)]
pub struct Text<'a> {
    /// One line, 1 to 200 characters.
    pub title: &'a str,
    /// Plain text, at most 50,000 bytes. What misleads in it is left out.
    pub body: &'a str,
}

impl Text<'_> {
    fn check(&self) -> Result<(), Problem> {
        let title = self.title.trim();
        if !(1..=200).contains(&title.chars().count()) || !is_plain(title) {
            return Err(Problem::refused(
                "bad-title",
                "A post's title has 1 to 200 characters on one line, none of them invisible or changing the writing direction.",
            )
            .at("title"));
        }
        if self.body.len() > 50_000 {
            return Err(
                Problem::refused("long-post", "A post has at most 50,000 bytes of text.")
                    .at("body"),
            );
        }
        Ok(())
    }

    /// Whole texts are pasted with marks in them that nobody sees.
    fn kept_body(&self) -> String {
        self.body.chars().filter(|c| !misleads(*c)).collect()
    }
}

/// Stores a draft and gives its number.
pub fn create(db: &Db, site: &str, author: &str, text: Text<'_>, now: u64) -> Result<i64, Problem> {
    text.check()?;
    let sql = "INSERT INTO post (site, author, title, body, changed) VALUES (?1, ?2, ?3, ?4, ?5) RETURNING id";
    let row = params![
        site,
        author,
        text.title.trim(),
        text.kept_body(),
        stored(now)
    ];
    db.write(|tx| tx.run(|c| c.query_row(sql, row, |row| row.get(0))))
}

/// Changes the text of a post.
pub fn change(db: &Db, site: &str, id: i64, text: Text<'_>, now: u64) -> Result<(), Problem> {
    text.check()?;
    let sql = "UPDATE post SET title = ?3, body = ?4, changed = ?5 WHERE site = ?1 AND id = ?2";
    let row = params![site, id, text.title.trim(), text.kept_body(), stored(now)];
    db.write(|tx| tx.run(|c| c.execute(sql, row)).map(drop))
}

/// Makes a post public. One that is public already keeps its date.
pub fn publish(db: &Db, site: &str, id: i64, now: u64) -> Result<(), Problem> {
    let sql = "UPDATE post SET published = coalesce(published, ?3), changed = ?3 WHERE site = ?1 AND id = ?2";
    db.write(|tx| {
        tx.run(|c| c.execute(sql, params![site, id, stored(now)]))
            .map(drop)
    })
}

/// Deletes a post.
pub fn delete(db: &Db, site: &str, id: i64) -> Result<(), Problem> {
    db.write(|tx| {
        tx.run(|c| {
            c.execute(
                "DELETE FROM post WHERE site = ?1 AND id = ?2",
                params![site, id],
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
    fn a_draft_becomes_public_once_and_keeps_its_date() {
        let directory = scratch();
        let (db, owner) = site_of("wordpress", &directory);
        let id = create(
            &db,
            "main",
            &owner,
            Text {
                title: "First",
                body: "Hello",
            },
            10,
        )
        .unwrap();
        assert!(published(&db, "main").unwrap().is_empty());
        publish(&db, "main", id, 20).unwrap();
        change(
            &db,
            "main",
            id,
            Text {
                title: "First",
                body: "Hello again",
            },
            30,
        )
        .unwrap();
        publish(&db, "main", id, 40).unwrap();
        let post = find(&db, "main", id).unwrap().unwrap();
        assert_eq!(
            (post.published, post.body.as_str()),
            (Some(20), "Hello again")
        );
        assert!(find(&db, "other", id).unwrap().is_none());
        delete(&db, "other", id).unwrap();
        assert_eq!(published(&db, "main").unwrap().len(), 1);
        delete(&db, "main", id).unwrap();
        assert!(list(&db, "main").unwrap().is_empty());
    }

    #[test]
    fn a_title_is_one_line() {
        let directory = scratch();
        let (db, owner) = site_of("wordpress", &directory);
        for title in ["", "  ", "a\nb", "a\u{202e}b", "\u{2800}", &"x".repeat(201)] {
            assert_eq!(
                create(&db, "main", &owner, Text { title, body: "" }, 0)
                    .unwrap_err()
                    .code,
                "bad-title"
            );
        }
    }
}
