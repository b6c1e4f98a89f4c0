//! `site`: whether guests are let in at all, and leaving the site for good. For its operator.

use clap::Subcommand;
use guestpass::Uninstalled;
use serde_json::json;

use super::Session;
use super::content::ContentArgs;
use crate::cms::keys;
use crate::output::{self, Answer, json};
use crate::problem::Problem;

/// How much is done in one call.
const STEP: u32 = 500;

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Whether guests are let in
    Show,
    /// Let no guest in and answer for none, until the site is activated; nothing is lost
    Deactivate,
    /// Let guests in again
    Activate,
    /// Delete every user that was made for a guest, all that is kept of grants, history included, and the keys of the API;
    /// cannot be undone
    Uninstall(ContentArgs),
}

pub(super) fn run(session: &Session, command: &Command) -> Result<Answer, Problem> {
    let (engine, site) = (&session.host.engine, &session.host.site);
    if !matches!(command, Command::Show) {
        session
            .host
            .need_owner(&session.actor.user, "switches guests' access off and on")?;
    }
    match command {
        Command::Show => {}
        Command::Deactivate => _ = engine.deactivate(site)?,
        Command::Activate => engine.activate(site)?,
        Command::Uninstall(content) => return leave(session, content),
    }
    let since = engine.deactivated(site)?;
    let text = match since {
        None => format!("Guests are let in on the site `{site}`."),
        Some(since) => format!(
            "No guest is let in on the site `{site}` since {}. `guestpass site activate` lets them in again.",
            session.reader.instant(since)
        ),
    };
    Ok(Answer::new(
        text,
        json!(json::Site {
            site: site.to_string(),
            deactivated: since.map(json::Instant),
        }),
    ))
}

fn leave(session: &Session, content: &ContentArgs) -> Result<Answer, Problem> {
    let content = content.decision(&session.host)?;
    let (mut retired, mut removed) = (0, 0);
    loop {
        let step = session
            .host
            .engine
            .uninstall(&session.host.site, &content, STEP)?;
        let Uninstalled { more, .. } = step;
        retired += step.retired;
        removed += step.removed;
        if !more {
            break;
        }
    }
    let host = &session.host;
    let keys = keys::revoke_all(&host.db, &host.site, None)?;
    let text = output::facts(&[
        ("Guests' users deleted", retired.to_string()),
        ("Entries removed", removed.to_string()),
        ("Keys revoked", keys.to_string()),
        ("Left of guests' access", "nothing".to_owned()),
    ]);
    Ok(Answer::new(
        text,
        json!({ "retired": retired, "removed": removed, "keys": keys }),
    ))
}
