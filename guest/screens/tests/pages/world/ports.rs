//! What the engine reaches, in memory.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;

use guestpass_core::Instant;
use guestpass_core::grant::draft::Draft;
use guestpass_core::grant::id::GrantId;
use guestpass_core::names::Actor;
use guestpass_core::ports::*;

/// What is stored: a value and its version under each key.
type Entries = BTreeMap<Vec<u8>, (Vec<u8>, u64)>;

/// The host.
pub struct Host {
    now: Cell<u64>,
    drawn: Cell<u8>,
    entries: RefCell<Entries>,
    version: Cell<u64>,
    users: RefCell<Vec<(String, User)>>,
}

fn standing(owner: bool, role: Option<&str>) -> Standing {
    Standing {
        owner,
        roles: role.into_iter().map(str::to_owned).collect(),
        permissions: Vec::new(),
        catalogue: 1,
    }
}

impl Host {
    pub fn new(now: u64) -> Self {
        let user = |id: &str, name: &str, standing| {
            let email = format!("{id}@harbour.example");
            (
                String::new(),
                User {
                    id: id.to_owned(),
                    email,
                    name: name.to_owned(),
                    standing,
                },
            )
        };
        Self {
            now: Cell::new(now),
            drawn: Cell::new(0),
            entries: RefCell::default(),
            version: Cell::new(0),
            users: RefCell::new(vec![
                user("olivia", "Olivia Marsh", standing(true, None)),
                user("ada", "Ada Brook", standing(false, Some("administrator"))),
                user("rob", "Rob Field", standing(false, Some("editor"))),
            ]),
        }
    }

    pub fn forward(&self, millis: u64) {
        self.now.set(self.now.get() + millis);
    }

    pub fn dump(&self) -> Vec<(Vec<u8>, Vec<u8>)> {
        let entries = self.entries.borrow();
        entries
            .iter()
            .map(|(key, (value, _))| (key.clone(), value.clone()))
            .collect()
    }
}

impl Clock for Host {
    fn now(&self) -> Instant {
        Instant::from_millis(self.now.get())
    }
}

/// The same each time, so that pages are.
impl Random for Host {
    fn fill(&self, buffer: &mut [u8]) {
        for byte in buffer {
            self.drawn
                .set(self.drawn.get().wrapping_mul(73).wrapping_add(41));
            *byte = self.drawn.get();
        }
    }
}

impl Store for Host {
    fn get(&self, keys: &[Vec<u8>]) -> Result<Vec<Option<Stored>>, StoreFailure> {
        let entries = self.entries.borrow();
        let stored = |key| {
            entries.get(key).map(|(value, version)| Stored {
                value: value.clone(),
                version: *version,
            })
        };
        Ok(keys.iter().map(stored).collect())
    }

    fn scan(
        &self,
        start: &[u8],
        end: &[u8],
        limit: u32,
        backwards: bool,
    ) -> Result<Vec<Entry>, StoreFailure> {
        let entries = self.entries.borrow();
        let range = entries.range(start.to_vec()..end.to_vec());
        let entry = |(key, (value, version)): (&Vec<u8>, &(Vec<u8>, u64))| Entry {
            key: key.clone(),
            value: value.clone(),
            version: *version,
        };
        let limit = limit as usize;
        Ok(if backwards {
            range.rev().take(limit).map(entry).collect()
        } else {
            range.take(limit).map(entry).collect()
        })
    }

    fn commit(
        &self,
        checks: &[Check],
        puts: &[Put],
        deletes: &[Vec<u8>],
    ) -> Result<(), StoreFailure> {
        let mut entries = self.entries.borrow_mut();
        let holds = |check: &Check| {
            entries.get(&check.key).map_or(0, |(_, version)| *version) == check.version
        };
        if !checks.iter().all(holds) {
            return Err(StoreFailure::Conflict);
        }
        self.version.set(self.version.get() + 1);
        for put in puts {
            entries.insert(put.key.clone(), (put.value.clone(), self.version.get()));
        }
        for key in deletes {
            entries.remove(key);
        }
        Ok(())
    }
}

impl Directory for Host {
    fn catalogue(&self, _: &str) -> Result<RawCatalogue, DirectoryFailure> {
        let permission = |name: &str, title: &str, reserved| PermissionEntry {
            name: name.to_owned(),
            title: title.to_owned(),
            reserved,
        };
        let role = |name: &str, title: &str, permissions: &[&str]| RoleEntry {
            name: name.to_owned(),
            title: title.to_owned(),
            permissions: permissions.iter().map(|name| (*name).to_owned()).collect(),
        };
        let author = ["read", "edit_posts", "publish_posts", "upload_files"];
        let editor = [
            &author[..],
            &["edit_others_posts", "edit_pages", "moderate_comments"],
        ]
        .concat();
        let administrator = [
            &editor[..],
            &[
                "install_plugins",
                "manage_options",
                "export",
                "create_users",
            ],
        ]
        .concat();
        Ok(RawCatalogue {
            revision: 1,
            permissions: vec![
                permission("read", "Read what is published", false),
                permission("edit_posts", "Write posts", false),
                permission("publish_posts", "Publish posts", false),
                permission("upload_files", "Upload pictures and files", false),
                permission("edit_others_posts", "Change the posts of others", false),
                permission("edit_pages", "Change pages", false),
                permission("moderate_comments", "Moderate comments", false),
                permission("install_plugins", "Install plugins", false),
                permission("manage_options", "Change the site’s settings", false),
                permission("export", "Export everything", false),
                permission("create_users", "Create users", true),
            ],
            roles: vec![
                role("administrator", "Administrator", &administrator),
                role("author", "Author", &author),
                role("editor", "Editor", &editor),
            ],
            purposes: vec![PurposeEntry {
                name: "support".to_owned(),
                title: "Support: find and mend what is broken".to_owned(),
                permissions: vec!["install_plugins".to_owned(), "manage_options".to_owned()],
            }],
            grants_with: Some("manage_options".to_owned()),
        })
    }

    fn standing_of(&self, site: &str, id: &str) -> Result<Option<Standing>, DirectoryFailure> {
        Ok(self.find(site, id)?.map(|user| user.standing))
    }

    fn find(&self, _: &str, id: &str) -> Result<Option<User>, DirectoryFailure> {
        let users = self.users.borrow();
        Ok(users
            .iter()
            .find(|(_, user)| user.id == id)
            .map(|(_, user)| user.clone()))
    }

    fn names_of(
        &self,
        site: &str,
        ids: &[String],
    ) -> Result<Vec<Option<String>>, DirectoryFailure> {
        ids.iter()
            .map(|id| Ok(self.find(site, id)?.map(|user| user.name)))
            .collect()
    }

    fn find_by_email(&self, _: &str, email: &str) -> Result<Option<User>, DirectoryFailure> {
        let users = self.users.borrow();
        Ok(users
            .iter()
            .find(|(_, user)| user.email.eq_ignore_ascii_case(email))
            .map(|(_, user)| user.clone()))
    }

    fn find_by_key(&self, _: &str, key: &str) -> Result<Option<String>, DirectoryFailure> {
        let users = self.users.borrow();
        Ok(users
            .iter()
            .find(|(made, _)| made == key)
            .map(|(_, user)| user.id.clone()))
    }

    fn create(&self, site: &str, user: &NewUser) -> Result<CreatedUser, DirectoryFailure> {
        let login = user.credentials.as_ref().map(|_| "sam.reed".to_owned());
        if let Some(id) = self.find_by_key(site, &user.key)? {
            return Ok(CreatedUser { id, login });
        }
        let id = format!("guest-{}", self.users.borrow().len());
        let names = [&user.first_name, &user.last_name];
        let name: Vec<_> = names.into_iter().flatten().cloned().collect();
        let name = if name.is_empty() {
            user.email.clone()
        } else {
            name.join(" ")
        };
        let made = User {
            id: id.clone(),
            email: user.email.clone(),
            name,
            standing: standing(false, None),
        };
        self.users.borrow_mut().push((user.key.clone(), made));
        Ok(CreatedUser { id, login })
    }

    fn set_credentials(
        &self,
        _: &str,
        _: &str,
        _: &Credentials,
    ) -> Result<Option<String>, DirectoryFailure> {
        Ok(Some("sam.reed".to_owned()))
    }

    fn delete(&self, _: &str, id: &str, _: &ContentDecision) -> Result<(), DirectoryFailure> {
        self.users.borrow_mut().retain(|(_, user)| user.id != id);
        Ok(())
    }

    fn last_backup(&self, _: &str) -> Result<Option<Instant>, DirectoryFailure> {
        Ok(None)
    }

    fn end_sessions(&self, _: &str, _: &str) -> Result<(), DirectoryFailure> {
        Ok(())
    }
}

impl Hooks for Host {
    fn review_grant(&self, _: &Actor, _: &Draft) -> Result<GrantReview, HookFailure> {
        Ok(GrantReview::default())
    }

    fn review_entry(&self, _: &str, _: &Attempt) -> Result<Option<String>, String> {
        Ok(None)
    }

    fn narrows(&self, _: &str) -> bool {
        false
    }

    fn narrow(&self, _: &str, _: GrantId, _: &str, _: &str) -> Result<Vec<String>, String> {
        Ok(Vec::new())
    }
}

impl Log for Host {
    fn write(&self, _: Level, _: &str) {}
}
