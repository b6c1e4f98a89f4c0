//! The users of a host, in memory, and what tests do to them.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use guestpass::ports::{
    Catalogue, ContentDecision, CreatedUser, Credentials, Directory, DirectoryFailure, NewUser,
    Standing, User,
};

use crate::catalogue::wordpress;

/// A directory that can be looked at and changed from outside. Begins with the sites `main` and `other`, each with the
/// same three users: `olga` owns the site, `ed` is an editor who may hand out access, `sue` is a subscriber.
#[derive(Debug)]
pub struct People(Mutex<BTreeMap<String, Site>>);

#[derive(Debug)]
struct Site {
    catalogue: Catalogue,
    users: BTreeMap<String, User>,
    made_for: BTreeMap<String, String>,
    /// By user: the name to sign in by and the password.
    passwords: BTreeMap<String, (String, String)>,
    /// How often a user was really created.
    created: u32,
    deleted: Vec<String>,
    /// To whom the content of those who were deleted was handed over.
    heirs: Vec<String>,
    sessions_ended: Vec<String>,
    rejects: Option<String>,
    unseen: Option<String>,
    backed_up: Option<u64>,
}

impl Default for People {
    fn default() -> Self {
        let people = Self(Mutex::new(BTreeMap::new()));
        people.add_site("main", wordpress());
        people.add_site("other", wordpress());
        people
    }
}

impl People {
    /// A directory without any site.
    #[must_use]
    pub fn none() -> Self {
        Self(Mutex::new(BTreeMap::new()))
    }

    /// Adds a site with this catalogue and the three users.
    pub fn add_site(&self, name: &str, catalogue: Catalogue) {
        let site = Site {
            catalogue,
            users: BTreeMap::new(),
            made_for: BTreeMap::new(),
            passwords: BTreeMap::new(),
            created: 0,
            deleted: Vec::new(),
            heirs: Vec::new(),
            sessions_ended: Vec::new(),
            rejects: None,
            unseen: None,
            backed_up: None,
        };
        self.sites().insert(name.to_owned(), site);
        let user = |id: &str, called: &str, owner, roles: &[&str], permissions: &[&str]| User {
            id: id.to_owned(),
            email: format!("{id}@{name}.example"),
            name: called.to_owned(),
            standing: Standing {
                owner,
                roles: roles.iter().map(ToString::to_string).collect(),
                permissions: permissions.iter().map(ToString::to_string).collect(),
                catalogue: 0,
            },
        };
        for user in [
            user("olga", "Olga Owner", true, &[], &[]),
            user("ed", "Ed Editor", false, &["editor"], &["promote_users"]),
            user("sue", "Sue Subscriber", false, &["subscriber"], &[]),
        ] {
            self.put(name, user);
        }
    }

    /// Adds somebody with an account of their own, who may hand out access to it: `NAME@SITE.example`.
    pub fn put_client(&self, site: &str, name: &str) {
        self.put(
            site,
            User {
                id: name.to_owned(),
                email: format!("{name}@{site}.example"),
                name: name.to_owned(),
                standing: Standing {
                    owner: false,
                    roles: vec!["editor".to_owned()],
                    permissions: vec!["promote_users".to_owned()],
                    catalogue: 0,
                },
            },
        );
    }

    /// Adds or replaces a user.
    pub fn put(&self, site: &str, user: User) {
        self.on(site, |site| site.users.insert(user.id.clone(), user));
    }

    /// Changes a user.
    ///
    /// # Panics
    /// If there is none of this id.
    pub fn change(&self, site: &str, id: &str, change: impl FnOnce(&mut User)) {
        self.on(site, |site| {
            change(site.users.get_mut(id).expect("a user of this id"))
        });
    }

    /// Gives a user these roles and no permission beside them.
    pub fn set_roles(&self, site: &str, id: &str, roles: &[&str]) {
        self.change(site, id, |user| {
            user.standing.owner = false;
            user.standing.roles = roles.iter().map(|role| (*role).to_owned()).collect();
            user.standing.permissions.clear();
        });
    }

    /// Removes a user, as an administrator of the host would.
    pub fn remove(&self, site: &str, id: &str) {
        self.on(site, |site| site.users.remove(id));
    }

    /// Changes the catalogue and its revision.
    pub fn change_catalogue(&self, site: &str, change: impl FnOnce(&mut Catalogue)) {
        self.on(site, |site| {
            change(&mut site.catalogue);
            site.catalogue.revision += 1;
        });
    }

    /// From now on no user is created or given a password, and this is why; `None`: they are again.
    pub fn reject_new_users(&self, site: &str, why: Option<&str>) {
        self.on(site, |site| site.rejects = why.map(str::to_owned));
    }

    /// The site was backed up then.
    pub fn back_up(&self, site: &str, at: u64) {
        self.on(site, |site| site.backed_up = Some(at));
    }

    /// The user of this id.
    #[must_use]
    pub fn user(&self, site: &str, id: &str) -> Option<User> {
        self.on(site, |site| site.users.get(id).cloned())
    }

    /// The ids of all users.
    #[must_use]
    pub fn ids(&self, site: &str) -> Vec<String> {
        self.on(site, |site| site.users.keys().cloned().collect())
    }

    /// The ids of the users that were created for grants and are still there.
    #[must_use]
    pub fn guests(&self, site: &str) -> Vec<String> {
        self.on(site, |site| site.made_for.values().cloned().collect())
    }

    /// Whose password this is, if it is anybody's.
    #[must_use]
    pub fn who_signs_in(&self, site: &str, login: &str, password: &str) -> Option<String> {
        self.on(site, |site| {
            let known = site.passwords.iter();
            known
                .filter(|(_, known)| known.0 == login && known.1 == password)
                .map(|(user, _)| user.clone())
                .next()
        })
    }

    /// How often a user was really created.
    #[must_use]
    pub fn created(&self, site: &str) -> u32 {
        self.on(site, |site| site.created)
    }

    /// The ids of users that the engine had deleted.
    #[must_use]
    pub fn deleted(&self, site: &str) -> Vec<String> {
        self.on(site, |site| site.deleted.clone())
    }

    /// Says from now on that there is no such user, who is there all the same; with none, tells the truth again.
    pub fn look_away_from(&self, site: &str, id: Option<&str>) {
        self.on(site, |site| site.unseen = id.map(str::to_owned));
    }

    /// To whom the content of deleted users was handed over, one for each that was.
    #[must_use]
    pub fn heirs(&self, site: &str) -> Vec<String> {
        self.on(site, |site| site.heirs.clone())
    }

    /// The ids of users whose sessions the engine had ended, in that order.
    #[must_use]
    pub fn sessions_ended(&self, site: &str) -> Vec<String> {
        self.on(site, |site| site.sessions_ended.clone())
    }

    fn sites(&self) -> MutexGuard<'_, BTreeMap<String, Site>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn on<T>(&self, site: &str, ask: impl FnOnce(&mut Site) -> T) -> T {
        let mut sites = self.sites();
        ask(sites
            .get_mut(site)
            .unwrap_or_else(|| panic!("no site `{site}` in this test")))
    }

    fn asked<T>(
        &self,
        site: &str,
        ask: impl FnOnce(&mut Site) -> Result<T, DirectoryFailure>,
    ) -> Result<T, DirectoryFailure> {
        self.sites()
            .get_mut(site)
            .map_or(Err(DirectoryFailure::UnknownSite), ask)
    }
}

impl Site {
    /// Gives a user a free name, or the one asked for, and the password.
    fn let_sign_in(
        &mut self,
        user: &str,
        credentials: &Credentials,
    ) -> Result<String, DirectoryFailure> {
        let taken = |login: &str| {
            let mut others = self.passwords.iter().filter(|(other, _)| *other != user);
            others.any(|(_, known)| known.0 == login)
        };
        let present = self.passwords.get(user).map(|known| known.0.clone());
        let login = match (&credentials.login, present) {
            (Some(login), _) if taken(login) => {
                return Err(DirectoryFailure::Rejected(format!(
                    "The name `{login}` is taken. Choose another one."
                )));
            }
            (Some(login), _) => login.clone(),
            (None, Some(present)) => present,
            (None, None) => format!("login-of-{user}"),
        };
        let password = credentials.password.expose().to_owned();
        self.passwords
            .insert(user.to_owned(), (login.clone(), password));
        Ok(login)
    }
}

fn current(mut user: User, site: &Site) -> User {
    user.standing.catalogue = site.catalogue.revision;
    user
}

impl Directory for People {
    fn get_catalogue(&self, site: &str) -> Result<Catalogue, DirectoryFailure> {
        self.asked(site, |site| Ok(site.catalogue.clone()))
    }

    fn find(&self, site: &str, id: &str) -> Result<Option<User>, DirectoryFailure> {
        self.asked(site, |site| {
            let seen = site
                .users
                .get(id)
                .filter(|_| site.unseen.as_deref() != Some(id));
            Ok(seen.cloned().map(|user| current(user, site)))
        })
    }

    fn find_by_email(&self, site: &str, email: &str) -> Result<Option<User>, DirectoryFailure> {
        self.asked(site, |site| {
            let wanted = email.to_lowercase();
            let found = site
                .users
                .values()
                .find(|user| user.email.to_lowercase() == wanted);
            Ok(found.cloned().map(|user| current(user, site)))
        })
    }

    fn find_by_key(&self, site: &str, key: &str) -> Result<Option<String>, DirectoryFailure> {
        self.asked(site, |site| Ok(site.made_for.get(key).cloned()))
    }

    fn create(&self, site: &str, new: &NewUser) -> Result<CreatedUser, DirectoryFailure> {
        self.asked(site, |site| {
            if let Some(id) = site.made_for.get(&new.key) {
                let login = site.passwords.get(id).map(|known| known.0.clone());
                return Ok(CreatedUser {
                    id: id.clone(),
                    login,
                });
            }
            if let Some(why) = &site.rejects {
                return Err(DirectoryFailure::Rejected(why.clone()));
            }
            let id = format!("guest-{}", site.created + 1);
            let login = match &new.credentials {
                Some(credentials) => Some(site.let_sign_in(&id, credentials)?),
                None => None,
            };
            site.created += 1;
            site.made_for.insert(new.key.clone(), id.clone());
            let name = new.first_name.clone().unwrap_or_else(|| new.email.clone());
            let user = User {
                id: id.clone(),
                email: new.email.clone(),
                name,
                standing: Standing {
                    owner: false,
                    roles: Vec::new(),
                    permissions: Vec::new(),
                    catalogue: 0,
                },
            };
            site.users.insert(id.clone(), user);
            Ok(CreatedUser { id, login })
        })
    }

    fn set_credentials(
        &self,
        site: &str,
        id: &str,
        credentials: &Credentials,
    ) -> Result<Option<String>, DirectoryFailure> {
        self.asked(site, |site| {
            if let Some(why) = &site.rejects {
                return Err(DirectoryFailure::Rejected(why.clone()));
            }
            site.let_sign_in(id, credentials).map(Some)
        })
    }

    fn delete(
        &self,
        site: &str,
        id: &str,
        content: &ContentDecision,
    ) -> Result<(), DirectoryFailure> {
        self.asked(site, |site| {
            if site.users.remove(id).is_some() {
                site.deleted.push(id.to_owned());
                if let ContentDecision::HandOver(heir) = content {
                    site.heirs.push(heir.clone());
                }
            }
            site.made_for.retain(|_, made| made != id);
            site.passwords.remove(id);
            Ok(())
        })
    }

    fn last_backup(&self, site: &str) -> Result<Option<u64>, DirectoryFailure> {
        self.asked(site, |site| Ok(site.backed_up))
    }

    fn end_sessions(&self, site: &str, id: &str) -> Result<(), DirectoryFailure> {
        self.asked(site, |site| {
            site.sessions_ended.push(id.to_owned());
            Ok(())
        })
    }
}
