//! The host's users and what its permissions are called. The host keeps its users; the engine only asks.

use std::sync::Arc;

use crate::Secret;
use crate::bindings::guestpass::access::directory as wit;
pub use crate::bindings::guestpass::access::directory::{
    Catalogue, ContentDecision, CreatedUser, Failure as DirectoryFailure, PermissionEntry, Purpose,
    RoleEntry, Standing, User,
};

/// What a guest signs in by.
#[derive(Debug)]
pub struct Credentials {
    /// The name asked for. If it is taken, or the host has no such names, [`DirectoryFailure::Rejected`] says so. `None`: the
    /// one that the user has, or a free one that the host proposes.
    pub login: Option<String>,
    /// To be kept as the host keeps every password: hashed.
    pub password: Secret,
}

/// A user to be created for a guest. It is stored without any role or permission.
#[derive(Debug)]
pub struct NewUser {
    /// The idempotency key: creating twice with one key is creating once. It is the grant's id.
    pub key: String,
    /// The address.
    pub email: String,
    /// Given name.
    pub first_name: Option<String>,
    /// Family name.
    pub last_name: Option<String>,
    /// Language, a BCP 47 tag.
    pub locale: Option<String>,
    /// The guest's web site.
    pub website: Option<String>,
    /// `None`: this user comes in by a link and never by a password.
    pub credentials: Option<Credentials>,
}

impl From<wit::Credentials> for Credentials {
    fn from(wit: wit::Credentials) -> Self {
        Self {
            login: wit.login,
            password: Secret::new(wit.password),
        }
    }
}

impl From<wit::NewUser> for NewUser {
    fn from(wit: wit::NewUser) -> Self {
        Self {
            key: wit.key,
            email: wit.email,
            first_name: wit.first_name,
            last_name: wit.last_name,
            locale: wit.locale,
            website: wit.website,
            credentials: wit.credentials.map(Credentials::from),
        }
    }
}

/// The host's users, and its catalogue of roles and permissions.
///
/// Users that the engine has made for guests are stored without any role or permission: what they may do is asked for on
/// each request. Whatever way in a host has, it lets none of them in without asking [`Guestpass::sign_in`], and lets none
/// of them change their address or password or make other credentials.
///
/// [`Guestpass::sign_in`]: crate::Guestpass::sign_in
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

    /// Creates the user, or finds the one created under the same key before.
    fn create(&self, site: &str, user: &NewUser) -> Result<CreatedUser, DirectoryFailure>;

    /// Puts these in place of what a guest signs in by, and gives the name they sign in by from now on. The earlier password
    /// is dead when this returns. A host whose guests come in by links only need not implement it.
    fn set_credentials(
        &self,
        site: &str,
        id: &str,
        credentials: &Credentials,
    ) -> Result<Option<String>, DirectoryFailure> {
        let _ = (site, id, credentials);
        Err(DirectoryFailure::Rejected(
            "This site lets no guest in by a password. Make a link instead.".to_owned(),
        ))
    }

    /// Deletes a user, and does with the content what was decided; absent ones are no error.
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

    /// Ends every session this user has with the host, and every credential but the password that the engine set; absent
    /// users are no error. Called after the engine has already stopped answering for them.
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

    fn create(&self, site: &str, user: &NewUser) -> Result<CreatedUser, DirectoryFailure> {
        (**self).create(site, user)
    }

    fn set_credentials(
        &self,
        site: &str,
        id: &str,
        credentials: &Credentials,
    ) -> Result<Option<String>, DirectoryFailure> {
        (**self).set_credentials(site, id, credentials)
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
