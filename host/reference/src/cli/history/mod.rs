//! `history`: what happened to a grant, and whether what is stored is what was written.

mod log;
mod verify;

use std::path::PathBuf;

use clap::Subcommand;
use guestpass::Happening;
use serde_json::json;

use super::{Session, grant};
use crate::output::{self, Answer, json, words};
use crate::problem::Problem;
use crate::when;

pub(super) use verify::verify;

/// How much is asked for in one call.
const PAGE: u32 = 1000;

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Show what happened to a grant, the oldest first
    Show {
        /// The grant's id or its guest's e-mail address
        grant: String,
    },
    /// Read all history of the site and tell what is not as it was written: exit code 1 if anything
    Verify {
        /// A checkpoint that was kept, or a file with it: history must begin with what it covers
        #[arg(long, value_name = "CHECKPOINT")]
        against: Option<String>,
    },
    /// Print one line that pins down the whole history so far; keep it where nobody who can write to the database can
    Checkpoint {
        /// Write it to this file instead
        #[arg(long, value_name = "FILE")]
        out: Option<PathBuf>,
    },
    /// Prove that a record is in the history that a checkpoint covers, to somebody who has the checkpoint
    Prove {
        /// Which record, for example the `id` of a line of `history show --json`
        record: String,
        /// The checkpoint, or a file with it [default: one taken now]
        #[arg(long, value_name = "CHECKPOINT")]
        checkpoint: Option<String>,
    },
    /// Write the whole history as JSON lines, and a checkpoint of it as the last one
    Export {
        /// Write it to this file instead of printing it
        #[arg(long, value_name = "FILE")]
        out: Option<PathBuf>,
    },
}

/// Nothing is answered by what has printed its answer already.
pub(super) fn run(session: &Session, command: &Command) -> Result<Option<Answer>, Problem> {
    let host = &session.host;
    match command {
        Command::Show { grant } => show(session, grant).map(Some),
        Command::Verify { against } => {
            let checkpoint = against.as_deref().map(log::given).transpose()?;
            let verified = verify(&host.engine, &host.site, checkpoint.as_deref())?;
            Ok(Some(verified.answer()))
        }
        Command::Checkpoint { out } => log::checkpoint(host, out.as_deref()).map(Some),
        Command::Prove { record, checkpoint } => {
            log::prove(session, record, checkpoint.as_deref()).map(Some)
        }
        Command::Export { out } => log::export(host, out.as_deref()),
    }
}

fn show(session: &Session, named: &str) -> Result<Answer, Problem> {
    let id = grant::find(session, named)?.id;
    let mut happenings: Vec<Happening> = Vec::new();
    loop {
        let first = happenings.last().map_or(0, |last| last.sequence + 1);
        let page = session
            .host
            .engine
            .history(&session.actor, &id, first, PAGE)?;
        let full = page.len() >= PAGE as usize;
        happenings.extend(page);
        if !full {
            break;
        }
    }
    let mut rows = vec![["#", "WHEN", "WHAT", "BY", "DETAILS"].map(str::to_owned)];
    for happening in &happenings {
        rows.push([
            happening.sequence.to_string(),
            when::local(happening.at, &session.reader.zone),
            happening.action.clone(),
            words::who_did(&session.host, happening)?,
            words::details(happening),
        ]);
    }
    let text = output::table(rows);
    Ok(Answer::new(
        text,
        json!({ "grant": id, "history": happenings.iter().map(json::Happening::from).collect::<Vec<_>>() }),
    ))
}
