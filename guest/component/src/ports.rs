//! The imports as the ports of the engine.

use guestpass_core::catalogue::Catalogues;
use guestpass_core::grant::draft::Draft;
use guestpass_core::grant::id::GrantId;
use guestpass_core::names::Actor;
use guestpass_core::policy::Policies;
use guestpass_core::ports::{
    Attempt, Check, Clock, ContentDecision, CreatedUser, Credentials, Directory, DirectoryFailure,
    Entry, GrantReview, HookFailure, Hooks, Level, Log, NewUser, Put, Random, RawCatalogue,
    Standing, Store, StoreFailure, Stored, User,
};
use guestpass_core::{Engine, Instant};

use crate::bindings::guestpass::access as wit;
use crate::convert::{from_wit, to_wit};

/// The host behind the imports.
pub struct Host;

thread_local! {
    static REMEMBERED: (Catalogues, Policies) = Default::default();
}

/// Asks the engine. What it remembers between calls lives as long as the instance.
pub fn engine<T>(ask: impl FnOnce(&Engine<'_>) -> T) -> T {
    REMEMBERED.with(|(catalogues, policies)| {
        ask(&Engine {
            clock: &Host,
            random: &Host,
            store: &Host,
            directory: &Host,
            hooks: &Host,
            log: &Host,
            plugins: &Host,
            catalogues,
            policies,
        })
    })
}

impl Clock for Host {
    fn now(&self) -> Instant {
        Instant::from_millis(wit::clock::now())
    }
}

impl Random for Host {
    fn fill(&self, buffer: &mut [u8]) {
        let length = u32::try_from(buffer.len()).unwrap_or(u32::MAX);
        // Panics, which is a trap here, when the host gives another length: no secret is better than a short one.
        buffer.copy_from_slice(&wit::random::bytes(length));
    }
}

impl Store for Host {
    fn get(&self, keys: &[Vec<u8>]) -> Result<Vec<Option<Stored>>, StoreFailure> {
        let entries = wit::store::get(keys).map_err(store_failure)?;
        if entries.len() != keys.len() {
            return Err(StoreFailure::Unavailable(
                "the store answered another number of keys than it was asked".to_owned(),
            ));
        }
        let stored = |stored: wit::store::Stored| Stored {
            value: stored.value,
            version: stored.version,
        };
        Ok(entries.into_iter().map(|found| found.map(stored)).collect())
    }

    fn scan(
        &self,
        start: &[u8],
        end: &[u8],
        limit: u32,
        backwards: bool,
    ) -> Result<Vec<Entry>, StoreFailure> {
        let entry = |entry: wit::store::Entry| Entry {
            key: entry.key,
            value: entry.value,
            version: entry.version,
        };
        let entries = wit::store::scan(start, end, limit, backwards).map_err(store_failure)?;
        Ok(entries.into_iter().map(entry).collect())
    }

    fn commit(
        &self,
        checks: &[Check],
        puts: &[Put],
        deletes: &[Vec<u8>],
    ) -> Result<(), StoreFailure> {
        let checks: Vec<_> = checks
            .iter()
            .map(|check| wit::store::Check {
                key: check.key.clone(),
                version: check.version,
            })
            .collect();
        let puts: Vec<_> = puts
            .iter()
            .map(|put| wit::store::Put {
                key: put.key.clone(),
                value: put.value.clone(),
            })
            .collect();
        wit::store::commit(&checks, &puts, deletes).map_err(store_failure)
    }
}

fn store_failure(failure: wit::store::Failure) -> StoreFailure {
    match failure {
        wit::store::Failure::Conflict => StoreFailure::Conflict,
        wit::store::Failure::Unavailable(why) => StoreFailure::Unavailable(why),
    }
}

impl Directory for Host {
    fn catalogue(&self, site: &str) -> Result<RawCatalogue, DirectoryFailure> {
        wit::directory::get_catalogue(site)
            .map(from_wit)
            .map_err(from_wit)
    }

    fn standing_of(&self, site: &str, id: &str) -> Result<Option<Standing>, DirectoryFailure> {
        wit::directory::standing_of(site, id)
            .map(|standing| standing.map(from_wit))
            .map_err(from_wit)
    }

    fn find(&self, site: &str, id: &str) -> Result<Option<User>, DirectoryFailure> {
        wit::directory::find(site, id)
            .map(|user| user.map(from_wit))
            .map_err(from_wit)
    }

    fn names_of(
        &self,
        site: &str,
        ids: &[String],
    ) -> Result<Vec<Option<String>>, DirectoryFailure> {
        let names = wit::directory::names_of(site, ids).map_err(from_wit)?;
        if names.len() != ids.len() {
            return Err(DirectoryFailure::Unavailable(
                "the directory answered another number of names than it was asked".to_owned(),
            ));
        }
        Ok(names)
    }

    fn find_by_email(&self, site: &str, email: &str) -> Result<Option<User>, DirectoryFailure> {
        wit::directory::find_by_email(site, email)
            .map(|user| user.map(from_wit))
            .map_err(from_wit)
    }

    fn find_by_key(&self, site: &str, key: &str) -> Result<Option<String>, DirectoryFailure> {
        wit::directory::find_by_key(site, key).map_err(from_wit)
    }

    fn create(&self, site: &str, user: &NewUser) -> Result<CreatedUser, DirectoryFailure> {
        wit::directory::create(site, &to_wit(user.clone()))
            .map(from_wit)
            .map_err(from_wit)
    }

    fn set_credentials(
        &self,
        site: &str,
        id: &str,
        credentials: &Credentials,
    ) -> Result<Option<String>, DirectoryFailure> {
        wit::directory::set_credentials(site, id, &to_wit(credentials.clone())).map_err(from_wit)
    }

    fn delete(
        &self,
        site: &str,
        id: &str,
        content: &ContentDecision,
    ) -> Result<(), DirectoryFailure> {
        wit::directory::delete(site, id, &to_wit(content.clone())).map_err(from_wit)
    }

    fn last_backup(&self, site: &str) -> Result<Option<Instant>, DirectoryFailure> {
        wit::directory::last_backup(site)
            .map(|last| last.map(Instant::from_millis))
            .map_err(from_wit)
    }

    fn end_sessions(&self, site: &str, id: &str) -> Result<(), DirectoryFailure> {
        wit::directory::end_sessions(site, id).map_err(from_wit)
    }
}

impl Hooks for Host {
    fn review_grant(&self, actor: &Actor, draft: &Draft) -> Result<GrantReview, HookFailure> {
        wit::hooks::review_grant(&to_wit(actor.clone()), &to_wit(draft.clone()))
            .map(from_wit)
            .map_err(from_wit)
    }

    fn review_entry(&self, site: &str, attempt: &Attempt) -> Result<Option<String>, String> {
        wit::hooks::review_entry(site, &to_wit(attempt.clone()))
    }

    fn narrows(&self, site: &str) -> bool {
        wit::hooks::narrows(site)
    }

    fn narrow(
        &self,
        site: &str,
        grant: GrantId,
        user: &str,
        permissions: &str,
    ) -> Result<Vec<String>, String> {
        wit::hooks::narrow(site, &grant.to_string(), user, permissions)
    }
}

impl Log for Host {
    fn write(&self, level: Level, message: &str) {
        let level = match level {
            Level::Debug => wit::log::Level::Debug,
            Level::Info => wit::log::Level::Info,
            Level::Warn => wit::log::Level::Warn,
            Level::Error => wit::log::Level::Error,
        };
        wit::log::write(level, message);
    }
}
