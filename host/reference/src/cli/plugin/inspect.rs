//! `plugin inspect`: all about one plugin.

use std::fmt::Write as _;

use serde_json::json;

use super::own::meanings;
use crate::cli::Session;
use crate::cms::users;
use crate::output::{self, Answer};
use crate::problem::Problem;

/// Lines of the journal and deliveries that people are shown; JSON has all of them.
const SHOWN: usize = 15;

/// A user as people know them, as long as they are one.
fn named(session: &Session, user: &str) -> Result<String, Problem> {
    let host = &session.host;
    let known = users::find(&host.db, &host.site, user)?;
    Ok(known.map_or_else(|| user.to_owned(), |known| known.email))
}

pub(super) fn run(session: &Session, id: &str) -> Result<Answer, Problem> {
    let found = session.host.plugins.inspect(id)?;
    let summary = &found.summary;
    let status = match &summary.reason {
        Some(reason) => format!("{}: {reason}", summary.status),
        None => summary.status.to_owned(),
    };
    let mut text = output::facts(&[
        ("Plugin", format!("{} {}", summary.id, summary.version)),
        ("Does", summary.description.clone()),
        ("Status", status),
        ("Priority", summary.priority.to_string()),
        ("Faults", summary.faults.to_string()),
        ("Author", found.author.clone()),
        ("Licence", found.licence.clone()),
        ("SHA-256", found.sha256.clone()),
        ("To approve", found.digest.clone()),
        (
            "Signed by",
            found
                .public_key
                .clone()
                .unwrap_or_else(|| "nobody".to_owned()),
        ),
        (
            "Approved by",
            match &found.approved_by {
                None => "nobody".to_owned(),
                Some(user) => named(session, user)?,
            },
        ),
        (
            "Earlier version",
            found.previous.clone().unwrap_or_else(|| "none".to_owned()),
        ),
    ]);
    let _ = write!(
        text,
        "\n\nIt asks to:\n{}",
        meanings(&found.asks, &found.hosts)
    );
    if let Some(pending) = &found.pending {
        let _ = write!(text, "\n\nVersion {} waits for approval. ", pending.version);
        text += &if pending.added.is_empty() {
            "It asks for nothing that was not approved.".to_owned()
        } else {
            format!("New is:\n{}", meanings(&pending.added, &pending.hosts))
        };
    }
    if !found.settings.is_empty() {
        let rows = found
            .settings
            .iter()
            .map(|(name, value)| [format!("  {name}"), value.to_string()]);
        let _ = write!(text, "\n\nSettings:\n{}", output::table(rows));
    }
    if !found.deliveries.is_empty() {
        let rows = found.deliveries.iter().take(SHOWN).map(|one| {
            let due = one
                .due
                .map_or_else(|| "parked".to_owned(), |due| session.reader.instant(due));
            [
                format!("  {}", one.event),
                due,
                format!("tried {} times", one.tries),
                one.reason.clone().unwrap_or_default(),
            ]
        });
        let _ = write!(text, "\n\nStill to be told:\n{}", output::table(rows));
    }
    if !found.journal.is_empty() {
        let rows = found.journal.iter().take(SHOWN).map(|note| {
            [
                format!("  {}", session.reader.instant(note.at)),
                note.about.clone(),
                note.text.clone(),
            ]
        });
        let _ = write!(text, "\n\nJournal:\n{}", output::table(rows));
    }
    Ok(Answer::new(text, json!(found)))
}
