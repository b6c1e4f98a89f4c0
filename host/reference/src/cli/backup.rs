//! `backup`: what the host knows of the site's backups. The policy's `fresh-backup` asks for it.

use clap::Subcommand;
use serde_json::json;

use super::Session;
use crate::cms::site;
use crate::output::{Answer, json};
use crate::problem::Problem;
use crate::when;

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Remember that the site was backed up
    Record {
        /// When, if not now
        #[arg(long, value_name = "INSTANT", allow_hyphen_values = true)]
        at: Option<String>,
    },
    /// Show when the site was last backed up, as far as was recorded
    Show,
}

pub(super) fn run(session: &Session, command: &Command) -> Result<Answer, Problem> {
    let host = &session.host;
    if let Command::Record { at } = command {
        host.need_owner(&session.actor.user, "records backups")?;
        let at = at
            .as_deref()
            .map(|at| when::parse(at, &session.reader.zone).map_err(|problem| problem.at("at")))
            .transpose()?;
        site::record_backup(&host.db, &host.site, at, host.clock.now())?;
    }
    let last = site::last_backup(&host.db, &host.site)?;
    let text = last.map_or_else(
        || "No backup was recorded yet.".to_owned(),
        |last| format!("Last backup: {}", session.reader.instant(last)),
    );
    Ok(Answer::new(
        text,
        json!(json::Backup {
            last_backup: last.map(json::Instant)
        }),
    ))
}
