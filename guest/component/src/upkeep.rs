//! The export `upkeep`.

use guestpass_core::Instant;
use guestpass_core::names::SiteId;

use crate::Component;
use crate::bindings::exports::guestpass::access::upkeep::{Guest, Swept};
use crate::bindings::guestpass::access::types::{Happening, Refusal};
use crate::convert::to_wit;
use crate::ports::engine;

impl Guest for Component {
    fn sweep(site: String, limit: u32) -> Result<Swept, Refusal> {
        let swept = engine(|engine| engine.sweep(&SiteId::parse(&site)?, limit))
            .map_err(to_wit::<_, Refusal>)?;
        Ok(Swept {
            expired: swept.expired,
            repaired: swept.repaired,
            retired: swept.retired,
            logged: swept.logged,
            failed: swept.failed,
            more: swept.more,
        })
    }

    fn next_due(site: String) -> Result<Option<u64>, Refusal> {
        let due = engine(|engine| engine.next_due(&SiteId::parse(&site)?));
        due.map(|at| at.map(Instant::millis)).map_err(to_wit)
    }

    fn drain(site: String, limit: u32) -> Result<Vec<Happening>, Refusal> {
        let happenings = engine(|engine| engine.drain(&SiteId::parse(&site)?, limit));
        happenings
            .map(|happenings| happenings.into_iter().map(to_wit).collect())
            .map_err(to_wit)
    }

    fn acknowledge(site: String, ids: Vec<String>) -> Result<(), Refusal> {
        engine(|engine| engine.acknowledge(&SiteId::parse(&site)?, &ids)).map_err(to_wit)
    }
}
