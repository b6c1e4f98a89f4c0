//! `history`: what happened to a grant, and whether what is stored is what was written.

use clap::Subcommand;
use guestpass::{Fault, Guestpass, Happening};
use serde_json::json;

use super::{Session, grant};
use crate::output::{self, Answer, json, words};
use crate::problem::Problem;
use crate::when;

/// How much is asked for in one call.
const PAGE: u32 = 1000;

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Show what happened to a grant, the oldest first
    Show {
        /// The grant's id or its guest's e-mail address
        grant: String,
    },
    /// Read every chain of the site and tell what is not as it was written: exit code 1 if anything
    Verify,
}

pub(super) fn run(session: &Session, command: &Command) -> Result<Answer, Problem> {
    match command {
        Command::Show { grant } => show(session, grant),
        Command::Verify => {
            let verified = verify(&session.host.engine, &session.host.site)?;
            Ok(verified.answer())
        }
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

/// What reading the whole history of a site told.
pub(super) struct Verified {
    pub grants: u64,
    pub records: u64,
    pub faults: Vec<Fault>,
}

/// Reads every chain of the site.
pub(super) fn verify(engine: &Guestpass, site: &str) -> Result<Verified, Problem> {
    let mut verified = Verified {
        grants: 0,
        records: 0,
        faults: Vec::new(),
    };
    let mut start: Option<String> = None;
    loop {
        let report = engine.verify(site, start.as_deref(), PAGE)?;
        verified.grants += u64::from(report.grants);
        verified.records += report.records;
        verified.faults.extend(report.faults);
        start = report.next;
        if start.is_none() {
            return Ok(verified);
        }
    }
}

impl Verified {
    /// `3 grants, 12 records`.
    pub(super) fn counts(&self) -> String {
        let plural = |count: u64| if count == 1 { "" } else { "s" };
        format!(
            "{} grant{}, {} record{}",
            self.grants,
            plural(self.grants),
            self.records,
            plural(self.records)
        )
    }

    fn answer(&self) -> Answer {
        let sound = self.faults.is_empty();
        let text = if sound {
            format!("Everything is as it was written: {}.", self.counts())
        } else {
            let rows = self.faults.iter().map(|fault| {
                [
                    fault.grant.clone().unwrap_or_else(|| "the site".to_owned()),
                    fault
                        .sequence
                        .map_or_else(String::new, |sequence| format!("#{sequence}")),
                    fault.message.clone(),
                ]
            });
            let count = self.faults.len();
            let plural = if count == 1 { " is" } else { "s are" };
            format!(
                "{count} thing{plural} not as written, out of {}.\n\n{}",
                self.counts(),
                output::table(rows)
            )
        };
        let json = json::Verified::new(self.grants, self.records, &self.faults);
        Answer::new(text, json!(json)).with_verdict(sound)
    }
}
