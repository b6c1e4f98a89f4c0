//! `lockout`: who tried links that open nothing, and is stopped for it.

use std::net::IpAddr;

use clap::Subcommand;
use guestpass::Lockout;
use serde_json::json;

use super::Session;
use crate::output::{self, Answer, json};
use crate::problem::Problem;

/// How much is asked for in one call.
const PAGE: u32 = 1000;

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// List what is locked out or counted now
    List,
    /// Forget these tries and lift the lock that came of them
    Lift {
        /// As `lockout list` shows it: address:203.0.113.9 (or the address alone), grant:… or site
        lockout: String,
    },
}

pub(super) fn run(session: &Session, command: &Command) -> Result<Answer, Problem> {
    match command {
        Command::List => list(session),
        Command::Lift { lockout } => {
            let lockout = &named(lockout);
            session.host.engine.lift_lockout(&session.actor, lockout)?;
            Ok(Answer::new(
                format!("Lifted. Nothing is counted for {lockout} any more."),
                json!({ "lifted": lockout }),
            ))
        }
    }
}

/// What was typed, or the lock of the address that was.
fn named(typed: &str) -> String {
    match typed.parse::<IpAddr>() {
        Ok(_) => format!("address:{typed}"),
        Err(_) => typed.to_owned(),
    }
}

fn list(session: &Session) -> Result<Answer, Problem> {
    let mut lockouts: Vec<Lockout> = Vec::new();
    let mut start = None;
    loop {
        let engine = &session.host.engine;
        let page = engine.lockouts(&session.actor, start.as_deref(), PAGE)?;
        lockouts.extend(page.lockouts);
        start = page.next;
        if start.is_none() {
            break;
        }
    }
    let shown: Vec<_> = lockouts.iter().map(json::Lockout::from).collect();
    let json = json!({ "lockouts": shown });
    if lockouts.is_empty() {
        let none = "Nobody is locked out, and no wrong links count at the moment.";
        return Ok(Answer::new(none.to_owned(), json));
    }
    let head = ["LOCKOUT", "TRIES", "LOCKED OUT UNTIL"].map(str::to_owned);
    let row = |lockout: &Lockout| {
        [
            lockout.id.clone(),
            lockout.tries.to_string(),
            session.reader.instant_or(lockout.until, "not locked out"),
        ]
    };
    let rows = std::iter::once(head).chain(lockouts.iter().map(row));
    Ok(Answer::new(output::table(rows), json))
}
