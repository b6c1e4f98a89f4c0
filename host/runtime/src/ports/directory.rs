//! The host's users and what its permissions are called. The host keeps its users; the engine only asks.

use std::sync::Arc;

pub use crate::bindings::guestpass::access::directory::{
    Catalogue, ContentDecision, Failure as DirectoryFailure, NewUser, PermissionEntry, Purpose,
    RoleEntry, Standing, User,
};

/// The host's users, and its catalogue of roles and permissions.
///
/// Users that the engine has made for guests are stored without any role, permission or password: what they may do is
/// asked for on each request.
///
/// # Errors
/// Every method tells one of three things apart: the host has no such site ([`DirectoryFailure::UnknownSite`]), it does
/// not want this and says why to people ([`DirectoryFailure::Rejected`]), or it could not be done and says why to the
/// operator ([`DirectoryFailure::Unavailable`]).
pub trait Directory: Send + Sync + 'static {
    /// The site's catalogue. Its `revision` changes whenever anything in it does.
    fn get_catalogue(&self, site: &str) -> Result<Catalogue, DirectoryFailure>;

    /// What the user of this id may do now, `None` if there is no such user. Asked on every resolve, for the grantor: must
    /// be fast and must not be stale.
    fn standing_of(&self, site: &str, id: &str) -> Result<Option<Standing>, DirectoryFailure> {
        Ok(self.find(site, id)?.map(|user| user.standing))
    }

    /// The user of this id, `None` if there is none.
    fn find(&self, site: &str, id: &str) -> Result<Option<User>, DirectoryFailure>;

    /// How the users of these ids (at most 1000) are called, in the same order; `None` where there is no such user. Answer it
    /// in one query where users are in a database: it is asked for every page of memberships.
    fn names_of(
        &self,
        site: &str,
        ids: &[String],
    ) -> Result<Vec<Option<String>>, DirectoryFailure> {
        ids.iter()
            .map(|id| Ok(self.find(site, id)?.map(|user| user.name)))
            .collect()
    }

    /// The user with this e-mail address, compared without regard to case.
    fn find_by_email(&self, site: &str, email: &str) -> Result<Option<User>, DirectoryFailure>;

    /// The id of the user that was created under this key, `None` if there is none.
    fn find_by_key(&self, site: &str, key: &str) -> Result<Option<String>, DirectoryFailure>;

    /// Creates the user and gives its id, or finds the one created under the same key before.
    fn create(&self, site: &str, user: &NewUser) -> Result<String, DirectoryFailure>;

    /// Deletes a user; absent ones are no error.
    fn delete(
        &self,
        site: &str,
        id: &str,
        content: &ContentDecision,
    ) -> Result<(), DirectoryFailure>;

    /// When the site was last backed up, `None` if that is not known. Asked only when the policy wants a fresh backup for
    /// what is handed out. A host that knows of no backups need not implement it.
    fn last_backup(&self, site: &str) -> Result<Option<u64>, DirectoryFailure> {
        let _ = site;
        Ok(None)
    }

    /// Ends every session and credential this user has with the host; absent users are no error. Called after the engine
    /// has already stopped answering for them.
    fn end_sessions(&self, site: &str, id: &str) -> Result<(), DirectoryFailure>;
}

impl<T: Directory + ?Sized> Directory for Arc<T> {
    fn get_catalogue(&self, site: &str) -> Result<Catalogue, DirectoryFailure> {
        (**self).get_catalogue(site)
    }

    fn standing_of(&self, site: &str, id: &str) -> Result<Option<Standing>, DirectoryFailure> {
        (**self).standing_of(site, id)
    }

    fn find(&self, site: &str, id: &str) -> Result<Option<User>, DirectoryFailure> {
        (**self).find(site, id)
    }

    fn names_of(
        &self,
        site: &str,
        ids: &[String],
    ) -> Result<Vec<Option<String>>, DirectoryFailure> {
        (**self).names_of(site, ids)
    }

    fn find_by_email(&self, site: &str, email: &str) -> Result<Option<User>, DirectoryFailure> {
        (**self).find_by_email(site, email)
    }

    fn find_by_key(&self, site: &str, key: &str) -> Result<Option<String>, DirectoryFailure> {
        (**self).find_by_key(site, key)
    }

    fn create(&self, site: &str, user: &NewUser) -> Result<String, DirectoryFailure> {
        (**self).create(site, user)
    }

    fn delete(
        &self,
        site: &str,
        id: &str,
        content: &ContentDecision,
    ) -> Result<(), DirectoryFailure> {
        (**self).delete(site, id, content)
    }

    fn last_backup(&self, site: &str) -> Result<Option<u64>, DirectoryFailure> {
        (**self).last_backup(site)
    }

    fn end_sessions(&self, site: &str, id: &str) -> Result<(), DirectoryFailure> {
        (**self).end_sessions(site, id)
    }
}
