//! Reading all history of a site and telling what does not fit.
//!
//! A chain fits if its records follow each other without a gap, each holds the hash of the one before, the last is the one
//! its grant names as the head, and that one's hash of the grant is the hash of the grant. Sessions must be those that
//! history says began and did not end. The log fits if each record is in it at its place or waits for it, each entry is
//! that of a record, and its entries lead to its root, and to that of the checkpoint that somebody kept.
//!
//! A site may be large and a chain long, so a call does a bounded part and says where to go on ([`Progress`]). Chains are read
//! side by side, as they lie in the store (`rows`); one in which anything does not fit is read once more by itself
//! (`chain`), and only what does not fit then is a fault.

mod chain;
mod indexes;
mod log;
mod logged;
mod marks;
mod progress;
mod rows;
mod sessions;
mod told;

use crate::engine::Engine;
use crate::grant::list::page_size;
use crate::history::checkpoint::Checkpoint;
use crate::history::record::ChainId;
use crate::keys::Keys;
use crate::names::SiteId;
use crate::order;
use crate::refusal::{Code, Refusal};

use chain::{Findings, Reading};
use logged::Batch;
pub use progress::Progress;
use rows::Rows;

/// Something that is not as it was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// Whose chain; that of the policy for what concerns the site as a whole.
    pub chain: ChainId,
    /// Which record, where it is one.
    pub sequence: Option<u64>,
    /// What does not fit.
    pub message: String,
}

/// What was read and what did not fit.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// Grants read.
    pub grants: u32,
    /// Records read.
    pub records: u64,
    /// What does not fit.
    pub faults: Vec<Fault>,
    /// Where to go on.
    pub next: Option<Progress>,
}

/// So many records, sessions and entries of the log are read in one call.
const ENOUGH: u32 = 20_000;
/// A chain of more than so many is a long one.
const LONG: u32 = 4_000;
/// How often a chain that others are writing to is read, at most.
const READ_AGAIN: u32 = 8;

/// One call.
struct Call<'c> {
    engine: &'c Engine<'c>,
    site: &'c SiteId,
    progress: Progress,
    report: Report,
    /// What is left of [`ENOUGH`].
    left: u32,
}

impl Engine<'_> {
    /// Verifies up to `limit` chains from `start` on, and then the log.
    ///
    /// # Errors
    /// If something cannot be read at all; what can be read and does not fit is a fault, not an error.
    pub fn verify(
        &self,
        site: &SiteId,
        start: Option<Progress>,
        limit: u32,
    ) -> Result<Report, Refusal> {
        self.verify_part(site, None, start, limit)
    }

    /// Verifies the same, and that the log begins with what this checkpoint covers.
    ///
    /// # Errors
    /// As [`Self::verify`]; [`Code::BadCheckpoint`] if it is of another site.
    pub fn verify_against(
        &self,
        site: &SiteId,
        checkpoint: Checkpoint,
        start: Option<Progress>,
        limit: u32,
    ) -> Result<Report, Refusal> {
        self.verify_part(site, Some(checkpoint.of(site)?), start, limit)
    }

    fn verify_part(
        &self,
        site: &SiteId,
        checkpoint: Option<Checkpoint>,
        start: Option<Progress>,
        limit: u32,
    ) -> Result<Report, Refusal> {
        let limit = page_size(limit, 1_000)?;
        let mut report = Report::default();
        let progress = match start {
            None => self.begin_to_verify(site, checkpoint, &mut report)?,
            Some(start) if start.is_against(checkpoint.as_ref()) => start,
            Some(_) => {
                let message = "Verifying goes on with the checkpoint that it began with.";
                return Err(Code::BadPage.because(message).about("start"));
            }
        };
        let mut call = Call {
            engine: self,
            site,
            progress,
            report,
            left: ENOUGH,
        };
        let done = call.chains(limit)? && call.log()?;
        let Call {
            mut report,
            progress,
            ..
        } = call;
        report.next = (!done).then_some(progress);
        Ok(report)
    }
}

impl Call<'_> {
    /// Goes on with the chains. Tells whether all of them are done.
    fn chains(&mut self, mut limit: u32) -> Result<bool, Refusal> {
        while self.left > 0 && limit > 0 {
            if let Some(reading) = self.progress.reading.take() {
                self.go_on(*reading, false)?;
            } else if let Some(chain) = self.progress.again.pop() {
                self.alone(chain)?;
            } else if let Some(from) = self.progress.from {
                limit = self.side_by_side(from, limit)?;
            } else {
                break;
            }
        }
        Ok(self.progress.has_seen_all_chains())
    }

    /// Reads chains as they lie in the store, from this one on. Tells what is left of the limit.
    fn side_by_side(&mut self, from: ChainId, mut limit: u32) -> Result<u32, Refusal> {
        let (engine, site) = (self.engine, self.site);
        let mut rows = Rows::of_all(engine, site, from)?;
        let mut batch = Batch::default();
        while limit > 0 && self.left > 0 {
            let Some(chain) = rows.first()? else {
                self.progress.from = None;
                break;
            };
            limit = limit.saturating_sub(1);
            self.left = self.left.saturating_sub(1);
            let stored = rows.about(chain)?;
            let mut reading = Reading::of(chain, stored.as_ref())?;
            let mut findings = Findings::default();
            let before = batch.sizes();
            // A long one is read by itself, where it can be broken off.
            let mut room = LONG;
            let whole =
                reading.read(Keys(site), &mut rows, &mut batch, &mut findings, &mut room)?;
            self.left = self.left.saturating_sub(LONG.saturating_sub(room));
            if whole {
                reading.finish(engine, site, stored.as_ref(), &mut findings)?;
            }
            if whole && findings.are_none() {
                batch.chains.push((chain, findings.records));
            } else {
                batch.back_to(before);
                self.progress.again.push(chain);
                rows.pass(chain);
            }
            if batch.is_full() {
                self.look_up(&mut batch)?;
            }
            self.progress.from = chain.next();
            if self.progress.from.is_none() {
                break;
            }
        }
        self.look_up(&mut batch)?;
        Ok(limit)
    }

    /// Whether what was read is in the log. Chains of which something is not are read by themselves.
    fn look_up(&mut self, batch: &mut Batch) -> Result<(), Refusal> {
        let chains = core::mem::take(&mut batch.chains);
        let looked_up = batch.look_up(self.engine, self.site, &self.progress)?;
        let mut again: Vec<_> = looked_up.faults.iter().map(|fault| fault.chain).collect();
        order::sort_and_dedup(&mut again);
        let is_again = |chain: &ChainId| again.binary_search(chain).is_ok();
        let found = looked_up.found.iter().filter(|chain| !is_again(chain));
        self.progress.found = self.progress.found.saturating_add(found.count() as u64);
        for (chain, records) in chains {
            if !is_again(&chain) {
                self.count(chain, records);
            }
        }
        self.progress.again.extend(again);
        Ok(())
    }

    /// A chain is done.
    fn count(&mut self, chain: ChainId, records: u64) {
        let grants = u32::from(chain.grant().is_some());
        self.report.grants = self.report.grants.saturating_add(grants);
        self.report.records = self.report.records.saturating_add(records);
    }
}
