//! A host's ports as the core wants them.

use guestpass::ports as host;
use guestpass_core::Instant;
use guestpass_core::grant::draft::Draft;
use guestpass_core::grant::id::GrantId;
use guestpass_core::names::Actor;
use guestpass_core::ports::{
    Attempt, Clock, ContentDecision, CreatedUser, Credentials, Directory, DirectoryFailure,
    GrantReview, HookFailure, Hooks, Level, Log, NewUser, PermissionEntry, PurposeEntry, Random,
    RawCatalogue, RoleEntry, Standing, User, Widening,
};

use super::Ports;
use super::convert::Converted as _;

/// The ports behind the core's traits.
pub(super) struct Adapter<'p>(pub(super) &'p Ports);

impl Clock for Adapter<'_> {
    fn now(&self) -> Instant {
        Instant::from_millis(self.0.clock.now())
    }
}

impl Random for Adapter<'_> {
    fn fill(&self, buffer: &mut [u8]) {
        // The contract: fill it, or do not return.
        self.0.random.fill(buffer).expect("a source of randomness");
    }
}

impl Log for Adapter<'_> {
    fn write(&self, level: Level, message: &str) {
        let level = match level {
            Level::Debug => host::Level::Debug,
            Level::Info => host::Level::Info,
            Level::Warn => host::Level::Warn,
            Level::Error => host::Level::Error,
        };
        self.0.log.write(level, message);
    }
}

fn directory_failure(failure: host::DirectoryFailure) -> DirectoryFailure {
    match failure {
        host::DirectoryFailure::UnknownSite => DirectoryFailure::UnknownSite,
        host::DirectoryFailure::Rejected(why) => DirectoryFailure::Rejected(why),
        host::DirectoryFailure::Unavailable(why) => DirectoryFailure::Unavailable(why),
    }
}

fn user(user: host::User) -> User {
    User {
        id: user.id,
        email: user.email,
        name: user.name,
        standing: standing(user.standing),
    }
}

fn standing(standing: host::Standing) -> Standing {
    Standing {
        owner: standing.owner,
        roles: standing.roles,
        permissions: standing.permissions,
        catalogue: standing.catalogue,
    }
}

fn credentials(new: &Credentials) -> host::Credentials {
    host::Credentials {
        login: new.login.clone(),
        password: new.password.0.clone().into(),
    }
}

impl Directory for Adapter<'_> {
    fn catalogue(&self, site: &str) -> Result<RawCatalogue, DirectoryFailure> {
        let raw = self
            .0
            .directory
            .get_catalogue(site)
            .map_err(directory_failure)?;
        let permission = |entry: host::PermissionEntry| PermissionEntry {
            name: entry.name,
            title: entry.title,
            reserved: entry.reserved,
        };
        let role = |entry: host::RoleEntry| RoleEntry {
            name: entry.name,
            title: entry.title,
            permissions: entry.permissions,
        };
        let purpose = |entry: host::Purpose| PurposeEntry {
            name: entry.name,
            title: entry.title,
            permissions: entry.permissions,
        };
        Ok(RawCatalogue {
            revision: raw.revision,
            permissions: raw.permissions.into_iter().map(permission).collect(),
            roles: raw.roles.into_iter().map(role).collect(),
            purposes: raw.purposes.into_iter().map(purpose).collect(),
            grants_with: raw.grants_with,
        })
    }

    fn standing_of(&self, site: &str, id: &str) -> Result<Option<Standing>, DirectoryFailure> {
        let found = self.0.directory.standing_of(site, id);
        found
            .map(|found| found.map(standing))
            .map_err(directory_failure)
    }

    fn find(&self, site: &str, id: &str) -> Result<Option<User>, DirectoryFailure> {
        self.0
            .directory
            .find(site, id)
            .map(|found| found.map(user))
            .map_err(directory_failure)
    }

    fn names_of(
        &self,
        site: &str,
        ids: &[String],
    ) -> Result<Vec<Option<String>>, DirectoryFailure> {
        let names = self.0.directory.names_of(site, ids);
        names.map_err(directory_failure)
    }

    fn find_by_email(&self, site: &str, email: &str) -> Result<Option<User>, DirectoryFailure> {
        self.0
            .directory
            .find_by_email(site, email)
            .map(|found| found.map(user))
            .map_err(directory_failure)
    }

    fn find_by_key(&self, site: &str, key: &str) -> Result<Option<String>, DirectoryFailure> {
        self.0
            .directory
            .find_by_key(site, key)
            .map_err(directory_failure)
    }

    fn create(&self, site: &str, new: &NewUser) -> Result<CreatedUser, DirectoryFailure> {
        let new = host::NewUser {
            key: new.key.clone(),
            email: new.email.clone(),
            first_name: new.first_name.clone(),
            last_name: new.last_name.clone(),
            locale: new.locale.clone(),
            website: new.website.clone(),
            credentials: new.credentials.as_ref().map(credentials),
        };
        self.0
            .directory
            .create(site, &new)
            .map(|made| CreatedUser {
                id: made.id,
                login: made.login,
            })
            .map_err(directory_failure)
    }

    fn set_credentials(
        &self,
        site: &str,
        id: &str,
        new: &Credentials,
    ) -> Result<Option<String>, DirectoryFailure> {
        self.0
            .directory
            .set_credentials(site, id, &credentials(new))
            .map_err(directory_failure)
    }

    fn delete(
        &self,
        site: &str,
        id: &str,
        content: &ContentDecision,
    ) -> Result<(), DirectoryFailure> {
        let content = match content {
            ContentDecision::HandOver(to) => host::ContentDecision::HandOver(to.clone()),
            ContentDecision::Keep => host::ContentDecision::Keep,
        };
        self.0
            .directory
            .delete(site, id, &content)
            .map_err(directory_failure)
    }

    fn last_backup(&self, site: &str) -> Result<Option<Instant>, DirectoryFailure> {
        self.0
            .directory
            .last_backup(site)
            .map(|last| last.map(Instant::from_millis))
            .map_err(directory_failure)
    }

    fn end_sessions(&self, site: &str, id: &str) -> Result<(), DirectoryFailure> {
        self.0
            .directory
            .end_sessions(site, id)
            .map_err(directory_failure)
    }
}

impl Hooks for Adapter<'_> {
    fn review_grant(&self, actor: &Actor, draft: &Draft) -> Result<GrantReview, HookFailure> {
        let review = self
            .0
            .hooks
            .review_grant(&actor.clone().converted(), &draft.clone().converted())
            .map_err(|failure| HookFailure {
                why: failure.why,
                widening: failure.widening.map(|widening| Widening {
                    extension: widening.extension,
                    tried: widening.tried,
                }),
            })?;
        Ok(GrantReview {
            veto: review.veto,
            except: review.except,
            ends_by: review.ends_by.map(Instant::from_millis),
            uses: review.uses,
            redirect: review.redirect,
        })
    }

    fn review_entry(&self, site: &str, attempt: &Attempt) -> Result<Option<String>, String> {
        let attempt = host::Attempt {
            grant: attempt.grant.to_string(),
            grantor: attempt.grantor.clone(),
            email: attempt.email.clone(),
            uses: attempt.uses,
            origin: attempt.origin.clone().converted(),
        };
        self.0.hooks.review_entry(site, &attempt)
    }

    fn narrows(&self, site: &str) -> bool {
        self.0.hooks.narrows(site)
    }

    fn narrow(
        &self,
        site: &str,
        grant: GrantId,
        user: &str,
        permissions: &str,
    ) -> Result<Vec<String>, String> {
        self.0
            .hooks
            .narrow(site, &grant.to_string(), user, permissions)
    }
}
