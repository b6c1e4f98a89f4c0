//! The export `history`.

use guestpass_core::history::proof;
use guestpass_core::history::verify::{self, Progress};
use guestpass_core::history::{checkpoint, list};
use guestpass_core::names::SiteId;

use crate::Component;
use crate::bindings::exports::guestpass::access::history::{
    Checkpoint, Entry, Fault, Guest, Inclusion, Report,
};
use crate::bindings::guestpass::access::types::{Actor, Happening, Refusal};
use crate::convert::{self, to_wit};
use crate::ports::engine;

impl Guest for Component {
    fn list(
        actor: Actor,
        grant: String,
        first: u64,
        limit: u32,
    ) -> Result<Vec<Happening>, Refusal> {
        let happenings =
            engine(|engine| engine.history(&convert::actor(actor)?, &grant, first, limit));
        happenings
            .map(|happenings| happenings.into_iter().map(to_wit).collect())
            .map_err(to_wit)
    }

    fn verify(site: String, start: Option<String>, limit: u32) -> Result<Report, Refusal> {
        engine(|engine| engine.verify(&SiteId::parse(&site)?, progress(start)?, limit))
            .map(report)
            .map_err(to_wit)
    }

    fn verify_against(
        site: String,
        checkpoint: String,
        start: Option<String>,
        limit: u32,
    ) -> Result<Report, Refusal> {
        let verified = engine(|engine| {
            let (site, checkpoint) = (SiteId::parse(&site)?, checkpoint.parse()?);
            engine.verify_against(&site, checkpoint, progress(start)?, limit)
        });
        verified.map(report).map_err(to_wit)
    }

    fn take_checkpoint(site: String) -> Result<Checkpoint, Refusal> {
        engine(|engine| engine.checkpoint(&SiteId::parse(&site)?))
            .map(shown)
            .map_err(to_wit)
    }

    fn read_checkpoint(text: String) -> Result<Checkpoint, Refusal> {
        text.parse().map(shown).map_err(to_wit)
    }

    fn log(site: String, start: u64, limit: u32) -> Result<Vec<Entry>, Refusal> {
        let entry = |entry: list::Logged| Entry {
            index: entry.index,
            id: entry.leaf.id(),
            hash: entry.leaf.hash.to_vec(),
            stored: entry.stored,
            happening: entry.happening.map(to_wit),
        };
        engine(|engine| engine.logged(&SiteId::parse(&site)?, start, limit))
            .map(|entries| entries.into_iter().map(entry).collect())
            .map_err(to_wit)
    }

    fn prove_inclusion(site: String, id: String, checkpoint: String) -> Result<Inclusion, Refusal> {
        engine(|engine| engine.prove_inclusion(&SiteId::parse(&site)?, &id, &checkpoint.parse()?))
            .map(|inclusion| Inclusion {
                index: inclusion.index,
                proof: inclusion.to_string(),
            })
            .map_err(to_wit)
    }

    fn check_inclusion(hash: Vec<u8>, proof: String, checkpoint: String) -> Result<(), Refusal> {
        proof::check_inclusion(&hash, &proof, &checkpoint).map_err(to_wit)
    }

    fn prove_consistency(site: String, earlier: String, later: String) -> Result<String, Refusal> {
        let proof = engine(|engine| {
            engine.prove_consistency(&SiteId::parse(&site)?, &earlier.parse()?, &later.parse()?)
        });
        proof.map(|proof| proof.to_string()).map_err(to_wit)
    }

    fn check_consistency(proof: String, earlier: String, later: String) -> Result<(), Refusal> {
        proof::check_consistency(&proof, &earlier, &later).map_err(to_wit)
    }
}

fn shown(checkpoint: checkpoint::Checkpoint) -> Checkpoint {
    Checkpoint {
        text: checkpoint.to_string(),
        site: checkpoint.site.as_str().to_owned(),
        size: checkpoint.size,
        at: checkpoint.at.millis(),
        root: checkpoint.root.to_vec(),
    }
}

fn progress(start: Option<String>) -> Result<Option<Progress>, guestpass_core::Refusal> {
    start.map(|text| text.parse()).transpose()
}

fn report(report: verify::Report) -> Report {
    let faults = report.faults.into_iter().map(|fault| Fault {
        grant: fault.chain.grant().map(|grant| grant.to_string()),
        sequence: fault.sequence,
        message: fault.message,
    });
    Report {
        grants: report.grants,
        records: report.records,
        faults: faults.collect(),
        next: report.next.map(|progress| progress.to_string()),
    }
}
