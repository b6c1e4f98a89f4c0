//! Verifying the history of a site, as the engine does it, call after call.

use guestpass::{Fault, Guestpass};
use serde_json::json;

use super::PAGE;
use crate::output::{self, Answer, json};
use crate::problem::Problem;

/// What reading the whole history of a site told.
pub(in crate::cli) struct Verified {
    pub grants: u64,
    pub records: u64,
    /// How many of them the checkpoint covers.
    pub covered: Option<u64>,
    pub faults: Vec<Fault>,
}

/// Reads all history of the site, against a checkpoint if there is one.
pub(in crate::cli) fn verify(
    engine: &Guestpass,
    site: &str,
    checkpoint: Option<&str>,
) -> Result<Verified, Problem> {
    let mut verified = Verified {
        grants: 0,
        records: 0,
        covered: checkpoint
            .map(|text| engine.read_checkpoint(text))
            .transpose()?
            .map(|checkpoint| checkpoint.size),
        faults: Vec::new(),
    };
    let mut start: Option<String> = None;
    loop {
        let start_here = start.as_deref();
        let report = match checkpoint {
            Some(text) => engine.verify_against(site, text, start_here, PAGE)?,
            None => engine.verify(site, start_here, PAGE)?,
        };
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
    pub(in crate::cli) fn counts(&self) -> String {
        let plural = |count: u64| if count == 1 { "" } else { "s" };
        format!(
            "{} grant{}, {} record{}",
            self.grants,
            plural(self.grants),
            self.records,
            plural(self.records)
        )
    }

    pub(super) fn answer(&self) -> Answer {
        let sound = self.faults.is_empty();
        let text = if sound {
            let counts = self.counts();
            match self.covered {
                None => format!("Everything is as it was written: {counts}."),
                Some(covered) => format!(
                    "Everything is as it was written: {counts}, and as the checkpoint of {covered} says."
                ),
            }
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
