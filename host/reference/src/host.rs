//! Everything opened: the database, the engine on it, and the site that is worked on.

use std::path::Path;
use std::sync::Arc;

use guestpass::plugins::Plugins;
use guestpass::ports::{Level, Log};
use guestpass::store::SqliteStore;
use guestpass::{Actor, Guestpass, Origin};

use crate::clock::SharedClock;
use crate::cms::catalogue;
use crate::cms::db::Db;
use crate::cms::directory::SqliteDirectory;
use crate::cms::site::{self, NewSite, Site};
use crate::cms::users::{self, User};
use crate::config::Settings;
use crate::extensions::{self, Extensions};
use crate::mail::Mailer;
use crate::problem::{Kind, Problem};

/// The host with its engine. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Host {
    /// The engine.
    pub engine: Guestpass,
    /// The host's own tables.
    pub db: Arc<Db>,
    /// The site worked on.
    pub site: Arc<str>,
    /// The directory of all of it.
    data: Arc<Path>,
    /// How invitations are mailed.
    pub mail: Mailer,
    /// The extensions that were installed.
    pub plugins: Plugins,
    /// What the time is, for the host and the engine alike.
    pub clock: SharedClock,
}

impl Host {
    /// Opens what a command needs. A fresh directory is left as it is: setting up is `init`'s and `serve`'s.
    pub fn open(settings: &Settings) -> Result<Self, Problem> {
        if !settings.database().exists() {
            return Err(Problem::no_such_site(&settings.site, &settings.data));
        }
        let host = Self::build(
            settings,
            Db::open(&settings.database())?,
            SharedClock::default(),
        )?;
        host.check_site(settings)?;
        Ok(host)
    }

    /// Opens everything and creates the site and its owner if they are not there. Tells whether it did.
    pub fn set_up(settings: &Settings, clock: SharedClock) -> Result<(Self, bool), Problem> {
        let new = NewSite {
            id: &settings.site,
            title: &settings.title,
            catalogue: settings.catalogue.as_deref().unwrap_or(catalogue::DEFAULT),
            owner_email: &settings.owner_email,
        };
        // Before the file is created, so that a wrong setting leaves nothing behind.
        new.check()?;
        let db = Db::open(&settings.database())?;
        let fresh = site::find(&db, &settings.site)?.is_none();
        if fresh {
            site::create(&db, &new, clock.now())?;
        }
        let host = Self::build(settings, db, clock)?;
        host.check_site(settings)?;
        Ok((host, fresh))
    }

    fn build(settings: &Settings, db: Db, clock: SharedClock) -> Result<Self, Problem> {
        let db = Arc::new(db);
        let store =
            SqliteStore::open(&settings.database()).map_err(|error| store_problem(&error))?;
        let plugins = extensions::plugins(settings, &db, &clock)?;
        let engine = Guestpass::builder()
            .store(store)
            .directory(SqliteDirectory::new(Arc::clone(&db), clock.clone()))
            .hooks(Extensions::new(plugins.clone()))
            .extensions(plugins.clone())
            .clock(clock.clone())
            .log(TracingLog)
            .cache_dir(settings.cache())
            .build()
            .map_err(|error| {
                Problem::unavailable(
                    "engine-not-started",
                    format!("The engine does not start: {error}."),
                )
            })?;
        Ok(Self {
            engine,
            plugins,
            db,
            site: settings.site.as_str().into(),
            data: settings.data.as_path().into(),
            mail: settings.mail.clone(),
            clock,
        })
    }

    fn check_site(&self, settings: &Settings) -> Result<(), Problem> {
        let site = self.site()?;
        match &settings.catalogue {
            Some(wanted) if *wanted != site.catalogue.name => Err(Problem::usage(
                "other-catalogue",
                format!(
                    "The site `{}` was created with the catalogue `{}`. Leave the setting out, or name another directory.",
                    self.site, site.catalogue.name
                ),
            )
            .at("catalogue")),
            _ => Ok(()),
        }
    }

    /// Runs what may block, such as a call of the engine or of the database, where blocking harms nobody. None: it broke
    /// off, which the log tells.
    pub async fn blocking<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Self) -> T + Send + 'static,
    ) -> Option<T> {
        let host = self.clone();
        let done = tokio::task::spawn_blocking(move || work(&host)).await;
        done.inspect_err(|error| tracing::error!("a request broke off: {error}"))
            .ok()
    }

    /// The site as it stands.
    pub fn site(&self) -> Result<Site, Problem> {
        site::find(&self.db, &self.site)?
            .ok_or_else(|| Problem::no_such_site(&self.site, &self.data))
    }

    /// The user who acts on the command line: named by id, user name or address, the owner if nobody is named.
    pub fn acting_user(&self, named: Option<&str>) -> Result<User, Problem> {
        let found = match named {
            None => users::first_owner(&self.db, &self.site)?,
            Some(name) if name.contains('@') => users::find_by_email(&self.db, &self.site, name)?,
            Some(name) => match users::find(&self.db, &self.site, name)? {
                None => users::find_by_login(&self.db, &self.site, name)?,
                found => found,
            },
        };
        found.ok_or_else(|| {
            let who = named.map_or_else(|| "owner".to_owned(), |name| format!("user `{name}`"));
            Problem::usage(
                "unknown-user",
                format!("The site `{}` has no {who}.", self.site),
            )
            .at("as")
        })
    }

    /// Refuses everybody but an owner of the site: what is asked of the host itself is theirs. What is asked of the engine,
    /// the engine judges.
    pub fn need_owner(&self, user: &str, does: &str) -> Result<(), Problem> {
        let found = users::find(&self.db, &self.site, user)?;
        if found.is_some_and(|user| user.owner) {
            return Ok(());
        }
        Err(Problem::new(
            Kind::Forbidden,
            "not-the-owner",
            format!("Only the owner {does} here."),
        ))
    }

    /// This user, from this origin, as the engine is told.
    #[must_use]
    pub fn actor(&self, user: &str, origin: Origin) -> Actor {
        Actor {
            site: self.site.to_string(),
            user: user.to_owned(),
            origin,
        }
    }
}

pub(crate) fn store_problem(error: &guestpass::store::OpenError) -> Problem {
    Problem::unavailable("store-not-opened", sentence(&error.to_string()))
}

/// A whole sentence out of an error that was made to be wrapped.
fn sentence(error: &str) -> String {
    let mut characters = error.trim_end_matches('.').chars();
    let start: String = characters
        .next()
        .into_iter()
        .flat_map(char::to_uppercase)
        .collect();
    format!("{start}{}.", characters.as_str())
}

/// The engine's messages among the host's own.
pub(crate) struct TracingLog;

impl Log for TracingLog {
    fn write(&self, level: Level, message: &str) {
        let message = guestpass::one_line(message);
        match level {
            Level::Debug => tracing::debug!(target: "guestpass", "{message}"),
            Level::Info => tracing::info!(target: "guestpass", "{message}"),
            Level::Warn => tracing::warn!(target: "guestpass", "{message}"),
            Level::Error => tracing::error!(target: "guestpass", "{message}"),
        }
    }
}
