//! The export `history`.

use guestpass_core::Code;
use guestpass_core::history::record::NotAChain;
use guestpass_core::names::SiteId;

use crate::Component;
use crate::bindings::exports::guestpass::access::history::{Fault, Guest, Report};
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
}
