//! The plugins of this host, and what they are told beside what the engine tells.

use std::sync::Arc;

use guestpass::plugins::{Facts, PluginError, Plugins, SqlitePlugins};
use guestpass::ports::{Attempt, GrantReview, HookFailure, Hooks};
use guestpass::{Actor, Draft, Happening, ScopeBase};

use crate::clock::SharedClock;
use crate::cms::db::Db;
use crate::cms::site;
use crate::config::Settings;
use crate::host::{TracingLog, store_problem};
use crate::problem::Problem;

/// The plugins that are kept in this host's database.
pub(crate) fn plugins(
    settings: &Settings,
    db: &Arc<Db>,
    clock: &SharedClock,
) -> Result<Plugins, Problem> {
    let state = SqlitePlugins::open(&settings.database()).map_err(|error| store_problem(&error))?;
    Plugins::builder(state)
        .clock(clock.clone())
        .log(TracingLog)
        .facts(Known { db: Arc::clone(db) })
        .cache_dir(settings.cache())
        .build()
        .map_err(|error| {
            Problem::unavailable(
                "plugins-not-started",
                format!("The plugins do not start: {error}."),
            )
        })
}

/// What this host knows about a draft.
struct Known {
    db: Arc<Db>,
}

impl Facts for Known {
    fn about_draft(&self, site: &str, draft: &Draft) -> Vec<(String, String)> {
        // What cannot be read is not known; a plugin to which it matters then denies.
        let backup = site::last_backup(&self.db, site).ok().flatten();
        let mut facts: Vec<_> = backup
            .map(|at| ("last-backup".to_owned(), at.to_string()))
            .into_iter()
            .collect();
        if let ScopeBase::Role(name) = &draft.scope.base
            && let Ok(Some(found)) = site::find(&self.db, site)
            && let Some(role) = found.catalogue.role(name)
        {
            facts.extend(
                role.permissions
                    .iter()
                    .map(|name| ("role-permission".to_owned(), name.clone())),
            );
        }
        facts
    }
}

/// The plugins, and a line in the log for each thing that happened.
pub(crate) struct Extensions {
    plugins: Plugins,
}

impl Extensions {
    pub(crate) fn new(plugins: Plugins) -> Self {
        Self { plugins }
    }
}

impl Hooks for Extensions {
    fn review_grant(&self, actor: &Actor, draft: &Draft) -> Result<GrantReview, HookFailure> {
        self.plugins.review_grant(actor, draft)
    }

    fn review_entry(&self, site: &str, attempt: &Attempt) -> Result<Option<String>, String> {
        self.plugins.review_entry(site, attempt)
    }

    fn narrows(&self, site: &str) -> bool {
        self.plugins.narrows(site)
    }

    fn narrow(
        &self,
        site: &str,
        grant: &str,
        user: &str,
        permissions: &str,
    ) -> Result<Vec<String>, String> {
        self.plugins.narrow(site, grant, user, permissions)
    }

    fn react(&self, site: &str, happening: &Happening) -> Result<(), String> {
        self.plugins.react(site, happening)?;
        tracing::info!(
            site,
            grant = happening.grant.as_deref().unwrap_or("-"),
            actor = happening.actor.as_deref().unwrap_or("-"),
            id = happening.id,
            "{}",
            happening.action
        );
        Ok(())
    }
}

impl From<PluginError> for Problem {
    fn from(error: PluginError) -> Self {
        Self::from(guestpass::Refusal::from(error))
    }
}
