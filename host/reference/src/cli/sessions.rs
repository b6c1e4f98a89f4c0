//! The sessions of a grant: seen and ended one by one.

use guestpass::RunningSession;
use serde_json::json;

use super::Session;
use crate::output::{self, Answer, json};
use crate::problem::Problem;

/// How much is asked for in one call.
const PAGE: u32 = 100;

pub(super) fn list(session: &Session, grant: &str) -> Result<Answer, Problem> {
    let mut sessions: Vec<RunningSession> = Vec::new();
    let mut start = None;
    loop {
        let engine = &session.host.engine;
        let page = engine.sessions(&session.actor, grant, start.as_deref(), PAGE)?;
        sessions.extend(page.sessions);
        start = page.next;
        if start.is_none() {
            break;
        }
    }
    sessions.sort_by_key(|one| one.started);
    let shown: Vec<_> = sessions.iter().map(json::RunningSession::from).collect();
    let json = json!({ "sessions": shown });
    if sessions.is_empty() {
        return Ok(Answer::new("Nobody is in by this grant.", json));
    }
    let head = ["SESSION", "BEGAN", "LAST SEEN", "FROM", "ENDS"].map(str::to_owned);
    let reader = &session.reader;
    let row = |one: &RunningSession| {
        [
            one.name.clone(),
            reader.instant(one.started),
            reader.instant_or(one.last_seen, "not noted"),
            one.origin.address.clone().unwrap_or_default(),
            reader.instant_or(one.ends, "with the grant"),
        ]
    };
    let rows = std::iter::once(head).chain(sessions.iter().map(row));
    Ok(Answer::new(output::table(rows), json))
}

pub(super) fn end(session: &Session, grant: &str, name: &str) -> Result<Answer, Problem> {
    let engine = &session.host.engine;
    engine.end_session(&session.actor, grant, name)?;
    Ok(Answer::new(
        "Ended. The guest may come in anew while the grant allows it; `guestpass grant suspend` stops that.",
        json!({ "ended": name }),
    ))
}
