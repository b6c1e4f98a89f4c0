//! The site itself: its title, its catalogue, and its creation together with the owner.

use guestpass::is_plain;
use rusqlite::{OptionalExtension as _, params};

use super::catalogue::{self, Catalogue};
use super::db::{Db, instant, stored};
use super::users::{self, NewUser};
use crate::problem::Problem;
use crate::secret;

/// A site to be created.
#[derive(Debug)]
pub struct NewSite<'a> {
    /// Its name in addresses and commands.
    pub id: &'a str,
    /// Its title, for people.
    pub title: &'a str,
    /// Which catalogue names its roles and permissions.
    pub catalogue: &'a str,
    /// The address of its owner.
    pub owner_email: &'a str,
}

/// What a new site needs, in order.
#[derive(Debug)]
pub struct Checked<'a> {
    title: &'a str,
    catalogue: &'static Catalogue,
    email: &'a str,
}

impl NewSite<'_> {
    /// Whether it can be created, before anything is touched.
    pub fn check(&self) -> Result<Checked<'_>, Problem> {
        checked_id(self.id)?;
        Ok(Checked {
            title: checked_title(self.title)?,
            catalogue: catalogue::named(self.catalogue)?,
            email: users::checked_email(self.owner_email)
                .map_err(|problem| problem.at("owner-email"))?,
        })
    }
}

/// A site as it stands.
#[derive(Debug)]
pub struct Site {
    /// Its title, for people.
    pub title: String,
    /// Its roles, permissions and sections.
    pub catalogue: &'static Catalogue,
    /// Where it was last served.
    pub base_url: Option<String>,
}

/// Creates the site and its owner, both or neither. Gives the owner's id.
pub fn create(db: &Db, new: &NewSite<'_>, now: u64) -> Result<String, Problem> {
    let Checked {
        title,
        catalogue,
        email,
    } = new.check()?;
    let owner = secret::new_id()?;
    db.write(|tx| {
        tx.run(|c| {
            c.execute(
                "INSERT INTO site (id, title, catalogue, created) VALUES (?1, ?2, ?3, ?4)",
                params![new.id, title, catalogue.name, stored(now)],
            )
        })?;
        users::insert(
            tx,
            new.id,
            &owner,
            &NewUser {
                email,
                owner: true,
                ..NewUser::default()
            },
            now,
        )
    })?;
    Ok(owner)
}

/// The site of this name.
pub fn find(db: &Db, id: &str) -> Result<Option<Site>, Problem> {
    let row = db.read(|c| {
        c.prepare_cached("SELECT title, catalogue, base_url FROM site WHERE id = ?1")?
            .query_row([id], |row| {
                Ok((row.get(0)?, row.get::<_, String>(1)?, row.get(2)?))
            })
            .optional()
    })?;
    let Some((title, catalogue, base_url)) = row else {
        return Ok(None);
    };
    Ok(Some(Site {
        title,
        catalogue: catalogue::named(&catalogue)?,
        base_url,
    }))
}

/// Gives the site another title.
pub fn set_title(db: &Db, id: &str, title: &str) -> Result<(), Problem> {
    let title = checked_title(title)?;
    db.write(|tx| {
        tx.run(|c| {
            c.execute(
                "UPDATE site SET title = ?2 WHERE id = ?1",
                params![id, title],
            )
        })
        .map(drop)
    })
}

/// Remembers where the site is served, so that links made on the command line lead there.
pub fn set_base_url(db: &Db, id: &str, base_url: &str) -> Result<(), Problem> {
    db.write(|tx| {
        tx.run(|c| {
            c.execute(
                "UPDATE site SET base_url = ?2 WHERE id = ?1",
                params![id, base_url],
            )
        })
        .map(drop)
    })
}

/// Remembers that the site was backed up, now if it is not said when. Gives when.
pub fn record_backup(db: &Db, id: &str, at: Option<u64>, now: u64) -> Result<u64, Problem> {
    let at = at.unwrap_or(now);
    if at > now {
        let message = "A backup cannot have been made in the future.";
        return Err(Problem::usage("bad-instant", message).at("at"));
    }
    db.write(|tx| {
        tx.run(|c| {
            c.execute(
                "UPDATE site SET backed_up = ?2 WHERE id = ?1",
                params![id, stored(at)],
            )
        })
        .map(|_| at)
    })
}

/// When the site was last backed up, if that is known.
pub fn last_backup(db: &Db, id: &str) -> Result<Option<u64>, Problem> {
    db.read(|c| {
        c.query_row(
            "SELECT backed_up FROM site WHERE id = ?1 AND backed_up IS NOT NULL",
            [id],
            |row| instant(row, 0),
        )
        .optional()
    })
}

fn checked_id(id: &str) -> Result<(), Problem> {
    let fits = |c: char| matches!(c, 'a'..='z' | '0'..='9' | '.' | '-' | '_');
    if id.is_empty() || id.len() > 64 || !id.chars().all(fits) {
        return Err(Problem::usage(
            "bad-site",
            format!("`{id}` cannot name a site. Use 1 to 64 of a-z, 0-9, `.`, `-` and `_`."),
        )
        .at("site"));
    }
    Ok(())
}

fn checked_title(title: &str) -> Result<&str, Problem> {
    let title = title.trim();
    if !(1..=100).contains(&title.chars().count()) || !is_plain(title) {
        return Err(Problem::usage(
            "bad-title",
            "A site's title has 1 to 100 characters on one line, none of them invisible.",
        )
        .at("title"));
    }
    Ok(title)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cms::testing::{scratch, site_of};

    #[test]
    fn a_site_is_created_with_its_owner_or_not_at_all() {
        let directory = scratch();
        let (db, owner) = site_of("wordpress", &directory);
        assert!(users::find(&db, "main", &owner).unwrap().unwrap().owner);
        let new = NewSite {
            id: "other",
            title: "x",
            catalogue: "wordpress",
            owner_email: "none",
        };
        assert_eq!(
            create(&db, &new, 0).unwrap_err().field.as_deref(),
            Some("owner-email")
        );
        assert!(find(&db, "other").unwrap().is_none());
        for id in ["", "Main", "a b", &"x".repeat(65)] {
            let new = NewSite {
                id,
                title: "x",
                catalogue: "wordpress",
                owner_email: "a@b.example",
            };
            assert_eq!(create(&db, &new, 0).unwrap_err().code, "bad-site");
        }
    }

    #[test]
    fn the_title_can_be_changed_but_not_emptied() {
        let directory = scratch();
        let (db, _) = site_of("hosting-panel", &directory);
        set_title(&db, "main", " Ours ").unwrap();
        assert_eq!(find(&db, "main").unwrap().unwrap().title, "Ours");
        assert_eq!(set_title(&db, "main", "  ").unwrap_err().code, "bad-title");
    }
}
