//! The export `history`.

use guestpass_core::Code;
use guestpass_core::history::proof;
use guestpass_core::history::record::NotAChain;
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
        let report = engine(|engine| {
            let start = start.map(|text| text.parse()).transpose();
            let start = start.map_err(|NotAChain| {
                Code::BadPage
                    .because("Verifying goes on where the call before said it would.")
                    .about("start")
            })?;
            engine.verify(&SiteId::parse(&site)?, start, limit)
        });
        let report = report.map_err(to_wit::<_, Refusal>)?;
        let faults = report.faults.into_iter().map(|fault| Fault {
            grant: fault.chain.grant().map(|grant| grant.to_string()),
            sequence: fault.sequence,
            message: fault.message,
        });
        Ok(Report {
            grants: report.grants,
            records: report.records,
            faults: faults.collect(),
            next: report.next.map(|chain| chain.to_string()),
        })
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
