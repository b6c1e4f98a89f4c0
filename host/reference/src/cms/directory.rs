//! The host's users as the engine sees them. The engine asks; this answers from the tables and decides nothing.

use std::sync::Arc;

use guestpass::ports::{
    self, ContentDecision, CreatedUser, Credentials, Directory, DirectoryFailure,
    NewUser as WantedUser, PermissionEntry, RoleEntry,
};
use rusqlite::OptionalExtension as _;

use super::catalogue::{self, Catalogue};
use super::db::Db;
use super::deletion::{self, Content, NotDeleted};
use super::users::{self, NewUser, User};
use super::{invited, logins, password, sessions, site};
use crate::clock::SharedClock;
use crate::problem::{Kind, Problem};
use crate::secret;

/// The `Directory` port on the host's own tables.
#[derive(Clone, Debug)]
pub struct SqliteDirectory {
    db: Arc<Db>,
    clock: SharedClock,
}

impl SqliteDirectory {
    /// On this database; `clock` dates the users that are created.
    #[must_use]
    pub fn new(db: Arc<Db>, clock: SharedClock) -> Self {
        Self { db, clock }
    }

    fn catalogue(&self, site: &str) -> Result<&'static Catalogue, DirectoryFailure> {
        site::find(&self.db, site)
            .map_err(failure)?
            .map(|site| site.catalogue)
            .ok_or(DirectoryFailure::UnknownSite)
    }

    /// The site's catalogue together with the user: one query, because it is asked on every request of a guest.
    fn one(
        &self,
        which: &str,
        site: &str,
        value: &str,
    ) -> Result<Option<ports::User>, DirectoryFailure> {
        let sql = format!(
            "SELECT site.catalogue, {} FROM site LEFT JOIN user ON user.site = site.id AND user.tombstone = 0 AND {which} \
             WHERE site.id = ?1",
            users::COLUMNS
        );
        let row = self.db.read(|c| {
            c.prepare_cached(&sql)?
                .query_row([site, value], |row| {
                    let present: Option<String> = row.get(1)?;
                    let user = present.map(|_| users::from_row(row, 1)).transpose()?;
                    Ok((row.get::<_, String>(0)?, user))
                })
                .optional()
        });
        let Some((name, user)) = row.map_err(failure)? else {
            return Err(DirectoryFailure::UnknownSite);
        };
        let revision = catalogue::named(&name).map_err(failure)?.revision;
        Ok(user.map(|user| seen(user, revision)))
    }
}

fn seen(user: User, revision: u64) -> ports::User {
    ports::User {
        id: user.id,
        email: user.email,
        name: user.name,
        standing: ports::Standing {
            owner: user.owner,
            roles: user.role.into_iter().collect(),
            permissions: Vec::new(),
            catalogue: revision,
        },
    }
}

fn failure(problem: Problem) -> DirectoryFailure {
    match problem.kind {
        Kind::Unavailable | Kind::InUse | Kind::NotSetUp => {
            DirectoryFailure::Unavailable(unfinished(&problem.message))
        }
        _ => DirectoryFailure::Rejected(problem.message),
    }
}

/// What is kept of a password.
fn hashed(credentials: &Credentials) -> Result<String, DirectoryFailure> {
    password::hash(credentials.password.expose()).map_err(failure)
}

fn no_such_guest() -> Problem {
    Problem::refused("unknown-guest", "The site has no such guest any more.")
}

/// The engine puts the sentence into one of its own: without capital and full stop.
fn unfinished(sentence: &str) -> String {
    let mut characters = sentence.trim_end_matches('.').chars();
    characters.next().map_or_else(String::new, |first| {
        first.to_lowercase().chain(characters).collect()
    })
}

impl Directory for SqliteDirectory {
    fn get_catalogue(&self, site: &str) -> Result<ports::Catalogue, DirectoryFailure> {
        let catalogue = self.catalogue(site)?;
        let permission = |(name, title): (&String, &String)| PermissionEntry {
            name: name.clone(),
            title: title.clone(),
            reserved: catalogue.reserved.contains(name),
        };
        let role = |role: &catalogue::Role| RoleEntry {
            name: role.name.clone(),
            title: role.title.clone(),
            permissions: role.permissions.iter().cloned().collect(),
        };
        let purpose = |purpose: &catalogue::Purpose| ports::Purpose {
            name: purpose.name.clone(),
            title: purpose.title.clone(),
            permissions: purpose.permissions.iter().cloned().collect(),
        };
        Ok(ports::Catalogue {
            revision: catalogue.revision,
            permissions: catalogue.permissions.iter().map(permission).collect(),
            roles: catalogue.roles.iter().map(role).collect(),
            purposes: catalogue.purposes.iter().map(purpose).collect(),
            grants_with: catalogue.grants_with.clone(),
        })
    }

    fn find(&self, site: &str, id: &str) -> Result<Option<ports::User>, DirectoryFailure> {
        self.one("user.id = ?2", site, id)
    }

    fn names_of(
        &self,
        site: &str,
        ids: &[String],
    ) -> Result<Vec<Option<String>>, DirectoryFailure> {
        self.catalogue(site)?;
        users::names_of(&self.db, site, ids).map_err(failure)
    }

    fn find_by_email(
        &self,
        site: &str,
        email: &str,
    ) -> Result<Option<ports::User>, DirectoryFailure> {
        self.one("user.email_folded = ?2", site, &users::folded(email))
    }

    fn find_by_key(&self, site: &str, key: &str) -> Result<Option<String>, DirectoryFailure> {
        Ok(self
            .one("user.created_for = ?2", site, key)?
            .map(|user| user.id))
    }

    fn create(&self, site: &str, user: &WantedUser) -> Result<CreatedUser, DirectoryFailure> {
        self.catalogue(site)?;
        let id = secret::new_id().map_err(failure)?;
        let hash = user.credentials.as_ref().map(hashed).transpose()?;
        let now = self.clock.now();
        let names = [user.first_name.as_deref(), user.last_name.as_deref()];
        // One transaction: two of them under one key queue, and the second finds what the first created.
        let created = self.db.write(|tx| {
            if let Some(present) = tx.run(|c| users::find_by_key_in(c, site, &user.key))? {
                return Ok(CreatedUser {
                    id: present.id,
                    login: present.login,
                });
            }
            let login = match &user.credentials {
                None => None,
                Some(Credentials {
                    login: Some(login), ..
                }) => Some(logins::asked(tx, site, &id, login)?),
                Some(_) => Some(logins::proposed(tx, site, &id, names, &user.email)?),
            };
            let new = NewUser {
                email: user.email.trim(),
                first_name: names[0],
                last_name: names[1],
                locale: user.locale.as_deref(),
                created_for: Some(&user.key),
                website: user.website.as_deref(),
                login: login.as_deref(),
                password: hash.as_deref(),
                ..NewUser::default()
            };
            users::insert(tx, site, &id, &new, now)?;
            invited::give(tx, site, &user.key, &id)?;
            Ok(CreatedUser {
                id: id.clone(),
                login,
            })
        });
        created.map_err(failure)
    }

    fn set_credentials(
        &self,
        site: &str,
        id: &str,
        credentials: &Credentials,
    ) -> Result<Option<String>, DirectoryFailure> {
        self.catalogue(site)?;
        let hash = hashed(credentials)?;
        let set = self.db.write(|tx| {
            let present = tx.run(|c| users::one_in(c, "user.id = ?2", site, id))?;
            let user = present
                .filter(|user| user.created_for.is_some())
                .ok_or_else(no_such_guest)?;
            let login = match (&credentials.login, user.login) {
                (Some(login), _) => logins::asked(tx, site, id, login)?,
                (None, Some(login)) => login,
                (None, None) => {
                    logins::proposed(tx, site, id, [Some(&user.name), None], &user.email)?
                }
            };
            if users::set_credentials(tx, site, id, &login, &hash)? {
                Ok(Some(login))
            } else {
                Err(no_such_guest())
            }
        });
        set.map_err(failure)
    }

    fn delete(
        &self,
        site: &str,
        id: &str,
        content: &ContentDecision,
    ) -> Result<(), DirectoryFailure> {
        self.catalogue(site)?;
        let content = match content {
            ContentDecision::HandOver(heir) => Content::HandOver(heir),
            ContentDecision::Keep => Content::Keep,
        };
        deletion::delete(&self.db, site, id, content).map_err(|error| match error {
            NotDeleted::Rejected(why) => {
                DirectoryFailure::Rejected(format!("The user was not deleted: {why}."))
            }
            NotDeleted::Failed(problem) => failure(problem),
        })
    }

    fn last_backup(&self, site: &str) -> Result<Option<u64>, DirectoryFailure> {
        self.catalogue(site)?;
        site::last_backup(&self.db, site).map_err(failure)
    }

    fn end_sessions(&self, site: &str, id: &str) -> Result<(), DirectoryFailure> {
        self.catalogue(site)?;
        sessions::end_all(&self.db, site, id).map_err(failure)
    }
}

#[cfg(test)]
#[path = "directory_tests.rs"]
mod tests;
