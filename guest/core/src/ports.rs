//! What the rules reach of the world: the ports that the host implements. The seventh is [`Plugins`](crate::plugins::Plugins).
//!
//! The contracts are those of the WIT imports of the same names; what stands here is what Rust adds.

use core::fmt;

use serde::{Deserialize, Serialize};

use crate::grant::draft::Draft;
use crate::grant::id::GrantId;
use crate::instant::Instant;
use crate::names::{Actor, Origin};

/// What time it is.
pub trait Clock {
    /// Now. May go back.
    fn now(&self) -> Instant;
}

/// Randomness for secrets and names.
pub trait Random {
    /// Fills the buffer from a cryptographically secure source, or does not return.
    fn fill(&self, buffer: &mut [u8]);
}

/// What stands under a key that was asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stored {
    /// At most 64 KiB.
    pub value: Vec<u8>,
    /// Greater than 0 and different after every change of this key.
    pub version: u64,
}

/// A key and what stands under it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// At most 256 bytes.
    pub key: Vec<u8>,
    /// At most 64 KiB.
    pub value: Vec<u8>,
    /// As in [`Stored`].
    pub version: u64,
}

/// What must still hold when a commit happens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Check {
    /// The key that was read.
    pub key: Vec<u8>,
    /// Its version then; 0 if it was absent.
    pub version: u64,
}

/// One key to write.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Put {
    /// At most 256 bytes.
    pub key: Vec<u8>,
    /// At most 64 KiB.
    pub value: Vec<u8>,
}

/// Why the store did not do it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StoreFailure {
    /// A check did not hold; nothing was written.
    Conflict,
    /// It could not be done; nothing was written.
    Unavailable(String),
}

/// An ordered key-value map with one atomic commit.
pub trait Store {
    /// What stands under these keys in the same order, all read at one moment.
    ///
    /// # Errors
    /// If the store cannot be read.
    fn get(&self, keys: &[Vec<u8>]) -> Result<Vec<Option<Stored>>, StoreFailure>;

    /// The first `limit` entries with `start <= key < end`, ascending, or descending when `backwards`.
    ///
    /// # Errors
    /// If the store cannot be read.
    fn scan(
        &self,
        start: &[u8],
        end: &[u8],
        limit: u32,
        backwards: bool,
    ) -> Result<Vec<Entry>, StoreFailure>;

    /// All or nothing, durable before it returns.
    ///
    /// # Errors
    /// If a check does not hold or the store cannot be written; nothing was written then.
    fn commit(
        &self,
        checks: &[Check],
        puts: &[Put],
        deletes: &[Vec<u8>],
    ) -> Result<(), StoreFailure>;
}

/// One permission of the host's catalogue.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PermissionEntry {
    /// Its name.
    pub name: String,
    /// In plain words.
    pub title: String,
    /// No guest may ever hold it.
    pub reserved: bool,
}

/// One role of the host's catalogue.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RoleEntry {
    /// Its name.
    pub name: String,
    /// In plain words.
    pub title: String,
    /// What it holds.
    pub permissions: Vec<String>,
}

/// One purpose of the host's catalogue.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PurposeEntry {
    /// Its name.
    pub name: String,
    /// In plain words.
    pub title: String,
    /// What it takes.
    pub permissions: Vec<String>,
}

/// Every permission, role and purpose of a site, as the host hands them over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RawCatalogue {
    /// Changes with anything below.
    pub revision: u64,
    /// At most 1024, their names together at most 48 KiB.
    pub permissions: Vec<PermissionEntry>,
    /// At most 256.
    pub roles: Vec<RoleEntry>,
    /// At most 64.
    pub purposes: Vec<PurposeEntry>,
    /// What a user must hold to hand out access; none: owners only.
    pub grants_with: Option<String>,
}

/// What a user may do now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Standing {
    /// Holds every permission.
    pub owner: bool,
    /// Names of roles.
    pub roles: Vec<String>,
    /// Permissions beside those of the roles.
    pub permissions: Vec<String>,
    /// The present revision of the site's catalogue.
    pub catalogue: u64,
}

impl Standing {
    /// Whether the host gives this user any power of their own, which no guest has.
    #[must_use]
    pub fn has_power(&self) -> bool {
        self.owner || !self.roles.is_empty() || !self.permissions.is_empty()
    }
}

/// A user as the host knows it now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct User {
    /// The host's name for it.
    pub id: String,
    /// The address.
    pub email: String,
    /// How to call this person.
    pub name: String,
    /// What it may do.
    pub standing: Standing,
}

/// A password on its way to the host. It is never printed.
#[derive(Clone, PartialEq, Eq)]
pub struct Password(pub String);

impl fmt::Debug for Password {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Password(…)")
    }
}

/// What a guest signs in by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Credentials {
    /// The name asked for; none: the host's choice.
    pub login: Option<String>,
    /// Kept by the host alone, as it keeps every password.
    pub password: Password,
}

/// A user to be created for a guest, without power.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewUser {
    /// The idempotency key: the grant's id.
    pub key: String,
    /// The address.
    pub email: String,
    /// Given name.
    pub first_name: Option<String>,
    /// Family name.
    pub last_name: Option<String>,
    /// Language tag.
    pub locale: Option<String>,
    /// The guest's web site.
    pub website: Option<String>,
    /// None: comes in by a link only.
    pub credentials: Option<Credentials>,
}

/// A user that was created.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CreatedUser {
    /// The host's name for it.
    pub id: String,
    /// The name it signs in by.
    pub login: Option<String>,
}

/// What becomes of a deleted user's content. There is no default, and no case deletes it. Stored by position.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum ContentDecision {
    /// It belongs to this user from now on.
    HandOver(String),
    /// It stays under an author that cannot sign in.
    Keep,
}

/// Why the directory did not do it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DirectoryFailure {
    /// The host has no such site.
    UnknownSite,
    /// The host does not want this, in a sentence for people.
    Rejected(String),
    /// It could not be done.
    Unavailable(String),
}

/// The host's users.
pub trait Directory {
    /// The site's catalogue.
    ///
    /// # Errors
    /// If there is no such site or it cannot be read.
    fn catalogue(&self, site: &str) -> Result<RawCatalogue, DirectoryFailure>;

    /// What the user of this id may do now.
    ///
    /// # Errors
    /// If there is no such site or it cannot be read.
    fn standing_of(&self, site: &str, id: &str) -> Result<Option<Standing>, DirectoryFailure>;

    /// The user of this id.
    ///
    /// # Errors
    /// If there is no such site or it cannot be read.
    fn find(&self, site: &str, id: &str) -> Result<Option<User>, DirectoryFailure>;

    /// How the users of these ids (at most 1000) are called, in the same order; none where there is no such user.
    ///
    /// # Errors
    /// If there is no such site or it cannot be read.
    fn names_of(&self, site: &str, ids: &[String])
    -> Result<Vec<Option<String>>, DirectoryFailure>;

    /// The user of this address, without regard to case.
    ///
    /// # Errors
    /// If there is no such site or it cannot be read.
    fn find_by_email(&self, site: &str, email: &str) -> Result<Option<User>, DirectoryFailure>;

    /// The id of the user created under this key.
    ///
    /// # Errors
    /// If there is no such site or it cannot be read.
    fn find_by_key(&self, site: &str, key: &str) -> Result<Option<String>, DirectoryFailure>;

    /// Creates the user once per key and tells what it is called.
    ///
    /// # Errors
    /// If the host does not want it or cannot do it.
    fn create(&self, site: &str, user: &NewUser) -> Result<CreatedUser, DirectoryFailure>;

    /// Replaces what a guest signs in by and tells the name.
    ///
    /// # Errors
    /// If the host does not want it or cannot do it.
    fn set_credentials(
        &self,
        site: &str,
        id: &str,
        credentials: &Credentials,
    ) -> Result<Option<String>, DirectoryFailure>;

    /// Deletes a user; absent ones are no error.
    ///
    /// # Errors
    /// If the host does not want it or cannot do it.
    fn delete(
        &self,
        site: &str,
        id: &str,
        content: &ContentDecision,
    ) -> Result<(), DirectoryFailure>;

    /// When the site was last backed up; none if that is not known.
    ///
    /// # Errors
    /// If there is no such site or it cannot be told.
    fn last_backup(&self, site: &str) -> Result<Option<Instant>, DirectoryFailure>;

    /// Ends every session of this user with the host, and every credential but the password that was set.
    ///
    /// # Errors
    /// If the host cannot do it.
    fn end_sessions(&self, site: &str, id: &str) -> Result<(), DirectoryFailure>;
}

/// How a review narrows a draft. There is no way to widen one.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct GrantReview {
    /// A sentence for people; the grant is refused.
    pub veto: Option<String>,
    /// Permissions to take out.
    pub except: Vec<String>,
    /// End by then at the latest.
    pub ends_by: Option<Instant>,
    /// At most so many uses.
    pub uses: Option<u32>,
    /// Where to go after signing in instead.
    pub redirect: Option<String>,
}

/// An extension that answered with more than it was asked about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Widening {
    /// Which one.
    pub extension: String,
    /// What it tried, in a few words.
    pub tried: String,
}

/// Why a review of a draft could not be had.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HookFailure {
    /// A sentence for the owner.
    pub why: String,
    /// Set if that is why.
    pub widening: Option<Widening>,
}

/// A redemption about to happen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attempt {
    /// Which grant.
    pub grant: GrantId,
    /// Whose power.
    pub grantor: String,
    /// For whom.
    pub email: String,
    /// Redemptions before this one.
    pub uses: u32,
    /// From where.
    pub origin: Origin,
}

/// Extensions, asked before a decision. An error denies.
pub trait Hooks {
    /// Before a grant is created.
    ///
    /// # Errors
    /// If the review failed; the grant is refused.
    fn review_grant(&self, actor: &Actor, draft: &Draft) -> Result<GrantReview, HookFailure>;

    /// Before a link is redeemed; a sentence vetoes.
    ///
    /// # Errors
    /// If the review failed; the redemption is refused.
    fn review_entry(&self, site: &str, attempt: &Attempt) -> Result<Option<String>, String>;

    /// Whether anybody might withhold a permission at this moment.
    fn narrows(&self, site: &str) -> bool;

    /// If somebody might: which of these permissions to withhold.
    ///
    /// # Errors
    /// If it failed; the resolve is refused.
    fn narrow(
        &self,
        site: &str,
        grant: GrantId,
        user: &str,
        permissions: &str,
    ) -> Result<Vec<String>, String>;
}

/// How much the operator should care.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Level {
    /// Seldom.
    Debug,
    /// As a note.
    Info,
    /// Something is off but handled.
    Warn,
    /// Something needs a person.
    Error,
}

/// What the operator should know.
pub trait Log {
    /// Writes one line. Never a secret.
    fn write(&self, level: Level, message: &str);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_a_password_nothing_is_printed() {
        let password = Password("Gx7-three-words".to_owned());
        assert_eq!(format!("{password:?}"), "Password(…)");
        let credentials = Credentials {
            login: None,
            password,
        };
        assert!(!format!("{credentials:#?}").contains("Gx7"));
    }
}
