//! The engine: the ports it was handed, and how it asks them.

use core::fmt;
use std::rc::Rc;

use crate::catalogue::{Catalogue, Catalogues};
use crate::instant::Instant;
use crate::keys::Key;
use crate::names::SiteId;
use crate::plugins::Plugins;
use crate::policy::Policies;
use crate::ports::{
    Clock, Directory, DirectoryFailure, Entry, Hooks, Level, Log, Random, Standing, Store,
    StoreFailure, Stored, User,
};
use crate::refusal::{Code, Refusal, quoted};

/// Everything the rules can reach.
#[derive(Clone, Copy)]
pub struct Engine<'p> {
    /// What time it is.
    pub clock: &'p dyn Clock,
    /// Randomness.
    pub random: &'p dyn Random,
    /// State.
    pub store: &'p dyn Store,
    /// Users.
    pub directory: &'p dyn Directory,
    /// Extensions.
    pub hooks: &'p dyn Hooks,
    /// The operator.
    pub log: &'p dyn Log,
    /// What owners look after beside access: see [`Engine::plugins_of`].
    pub plugins: &'p dyn Plugins,
    /// Catalogues that are remembered between calls.
    pub catalogues: &'p Catalogues,
    /// Policies that are.
    pub policies: &'p Policies,
}

impl fmt::Debug for Engine<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Engine").finish_non_exhaustive()
    }
}

impl Engine<'_> {
    pub(crate) fn get(&self, keys: &[Key]) -> Result<Vec<Option<Stored>>, Refusal> {
        self.store.get(keys).map_err(store_refusal)
    }

    pub(crate) fn scan(
        &self,
        start: &[u8],
        end: &[u8],
        limit: u32,
        backwards: bool,
    ) -> Result<Vec<Entry>, Refusal> {
        self.store
            .scan(start, end, limit, backwards)
            .map_err(store_refusal)
    }

    pub(crate) fn standing(&self, site: &SiteId, id: &str) -> Result<Option<Standing>, Refusal> {
        self.directory(site, |directory, site| directory.standing_of(site, id))
    }

    pub(crate) fn user(&self, site: &SiteId, id: &str) -> Result<Option<User>, Refusal> {
        self.directory
            .find(site.as_str(), id)
            .map_err(|failure| directory_refusal(site, failure))
    }

    /// How the users of these ids (at most 1000) are called, in the same order; none where there is no such user.
    ///
    /// # Errors
    /// If there is no such site or it cannot be read.
    pub fn names(&self, site: &SiteId, ids: &[String]) -> Result<Vec<Option<String>>, Refusal> {
        self.directory(site, |directory, site| directory.names_of(site, ids))
    }

    pub(crate) fn directory<T>(
        &self,
        site: &SiteId,
        ask: impl FnOnce(&dyn Directory, &str) -> Result<T, DirectoryFailure>,
    ) -> Result<T, Refusal> {
        ask(self.directory, site.as_str()).map_err(|failure| directory_refusal(site, failure))
    }

    /// The site's catalogue, as remembered if the host still names that revision.
    pub(crate) fn catalogue(
        &self,
        site: &SiteId,
        revision: Option<u64>,
    ) -> Result<Rc<Catalogue>, Refusal> {
        if let Some(known) = revision.and_then(|revision| self.catalogues.get(site, revision)) {
            return Ok(known);
        }
        let raw = self.directory(site, |directory, site| directory.catalogue(site))?;
        let catalogue = Rc::new(Catalogue::new(raw)?);
        self.catalogues.keep(site, Rc::clone(&catalogue));
        Ok(catalogue)
    }

    /// Asks the host to end the sessions it keeps for this user. The engine has stopped answering for them already, so a
    /// failure costs no safety; the operator is told.
    pub(crate) fn end_host_sessions(&self, site: &SiteId, user: &str) {
        if let Err(refusal) =
            self.directory(site, |directory, site| directory.end_sessions(site, user))
        {
            self.log.write(
                Level::Warn,
                &format!(
                    "the host could not end the sessions of user {}: {refusal}",
                    quoted(user)
                ),
            );
        }
    }

    pub(crate) fn now(&self) -> Instant {
        self.clock.now()
    }
}

fn store_refusal(failure: StoreFailure) -> Refusal {
    match failure {
        StoreFailure::Unavailable(why) => store_unavailable(&why),
        // A read conflicts with nothing; a store that says so is broken.
        StoreFailure::Conflict => store_unavailable("it reported a conflict on a read"),
    }
}

pub(crate) fn store_unavailable(why: &str) -> Refusal {
    Code::StoreUnavailable.because(format!(
        "The site's data cannot be reached: {why}. Nothing was changed; try again later."
    ))
}

fn directory_refusal(site: &SiteId, failure: DirectoryFailure) -> Refusal {
    match failure {
        DirectoryFailure::UnknownSite => {
            Code::UnknownSite.because(format!("There is no site {}.", quoted(site.as_str())))
        }
        DirectoryFailure::Rejected(why) => Code::UserRejected.because(why),
        DirectoryFailure::Unavailable(why) => Code::DirectoryUnavailable.because(format!(
            "The site's users cannot be reached: {why}. Nothing was changed; try again later."
        )),
    }
}
