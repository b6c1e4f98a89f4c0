//! The site that everybody is asked about: one owner, a catalogue, and guests as they come. It answers the component and
//! the natively linked rules alike, each in its own types, so that neither pays for a conversion.

use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};

use guestpass::ports as wit;
use guestpass_core::ports as core;

/// The site.
pub const SITE: &str = "main";
/// Its owner.
pub const OWNER: &str = "olga";
/// How everybody is called.
const NAME: &str = "Some Body";
/// Where everybody is written to.
pub const EMAIL: &str = "somebody@main.example";

/// The host's users.
pub struct Town {
    catalogue: wit::Catalogue,
    /// By the key they were created under.
    guests: RwLock<HashMap<String, String>>,
}

impl Town {
    /// A site with this catalogue.
    pub fn new(catalogue: wit::Catalogue) -> Arc<Self> {
        Arc::new(Self {
            catalogue,
            guests: RwLock::default(),
        })
    }

    /// A site whose catalogue is so many permissions.
    #[cfg(feature = "peers")]
    pub fn with_permissions(count: usize) -> Arc<Self> {
        let entry = |name| wit::PermissionEntry {
            name,
            title: String::new(),
            reserved: false,
        };
        Self::new(wit::Catalogue {
            revision: 1,
            permissions: permissions(count).map(entry).collect(),
            roles: Vec::new(),
            purposes: Vec::new(),
            grants_with: None,
        })
    }

    fn guest(&self, key: &str) -> Option<String> {
        self.guests
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .get(key)
            .cloned()
    }

    fn create_guest(&self, key: &str) -> String {
        let mut guests = self.guests.write().unwrap_or_else(PoisonError::into_inner);
        let next = guests.len();
        guests
            .entry(key.to_owned())
            .or_insert_with(|| format!("guest-{next}"))
            .clone()
    }

    fn raw_catalogue(&self) -> core::RawCatalogue {
        let wit::Catalogue {
            revision,
            permissions,
            roles,
            grants_with,
            ..
        } = self.catalogue.clone();
        let permissions = permissions.into_iter().map(|entry| core::PermissionEntry {
            name: entry.name,
            title: entry.title,
            reserved: entry.reserved,
        });
        let roles = roles.into_iter().map(|role| core::RoleEntry {
            name: role.name,
            title: role.title,
            permissions: role.permissions,
        });
        core::RawCatalogue {
            revision,
            permissions: permissions.collect(),
            roles: roles.collect(),
            purposes: Vec::new(),
            grants_with,
        }
    }
}

/// The names of so many permissions.
#[cfg(feature = "peers")]
pub fn permissions(count: usize) -> impl Iterator<Item = String> {
    (0..count).map(|number| format!("permission_{number:04}"))
}

/// Guests hold nothing and are never deleted here, so there is nothing to look up.
fn is_user(id: &str) -> bool {
    is_owner(id) || id.starts_with("guest-")
}

/// Whoever has an account to which others can be invited.
fn is_owner(id: &str) -> bool {
    id == OWNER || id.starts_with("account-")
}

/// Implements the directory of one of the two worlds, which differ in their types alone.
macro_rules! directory {
    ($world:ident, $instant:ty, $get_catalogue:ident -> $catalogue:ty, $read:expr) => {
        impl $world::Directory for Town {
            fn $get_catalogue(&self, _site: &str) -> Result<$catalogue, $world::DirectoryFailure> {
                Ok($read(self))
            }

            fn standing_of(
                &self,
                _site: &str,
                id: &str,
            ) -> Result<Option<$world::Standing>, $world::DirectoryFailure> {
                Ok(is_user(id).then(|| $world::Standing {
                    owner: is_owner(id),
                    roles: Vec::new(),
                    permissions: Vec::new(),
                    catalogue: self.catalogue.revision,
                }))
            }

            fn find(
                &self,
                site: &str,
                id: &str,
            ) -> Result<Option<$world::User>, $world::DirectoryFailure> {
                let standing = $world::Directory::standing_of(self, site, id)?;
                Ok(standing.map(|standing| $world::User {
                    id: id.to_owned(),
                    email: EMAIL.to_owned(),
                    name: NAME.to_owned(),
                    standing,
                }))
            }

            fn names_of(
                &self,
                _site: &str,
                ids: &[String],
            ) -> Result<Vec<Option<String>>, $world::DirectoryFailure> {
                let name = |id: &String| is_user(id).then(|| NAME.to_owned());
                Ok(ids.iter().map(name).collect())
            }

            fn find_by_email(
                &self,
                _site: &str,
                _email: &str,
            ) -> Result<Option<$world::User>, $world::DirectoryFailure> {
                Ok(None)
            }

            fn find_by_key(
                &self,
                _site: &str,
                key: &str,
            ) -> Result<Option<String>, $world::DirectoryFailure> {
                Ok(self.guest(key))
            }

            fn create(
                &self,
                _site: &str,
                user: &$world::NewUser,
            ) -> Result<$world::CreatedUser, $world::DirectoryFailure> {
                Ok($world::CreatedUser {
                    id: self.create_guest(&user.key),
                    login: None,
                })
            }

            fn set_credentials(
                &self,
                _site: &str,
                _id: &str,
                _credentials: &$world::Credentials,
            ) -> Result<Option<String>, $world::DirectoryFailure> {
                Ok(None)
            }

            fn delete(
                &self,
                _site: &str,
                _id: &str,
                _content: &$world::ContentDecision,
            ) -> Result<(), $world::DirectoryFailure> {
                Ok(())
            }

            fn last_backup(
                &self,
                _site: &str,
            ) -> Result<Option<$instant>, $world::DirectoryFailure> {
                Ok(None)
            }

            fn end_sessions(&self, _site: &str, _id: &str) -> Result<(), $world::DirectoryFailure> {
                Ok(())
            }
        }
    };
}

directory!(wit, u64, get_catalogue -> wit::Catalogue, |town: &Town| town.catalogue.clone());
directory!(core, guestpass_core::Instant, catalogue -> core::RawCatalogue, Town::raw_catalogue);
