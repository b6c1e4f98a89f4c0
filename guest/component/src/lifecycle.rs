//! The export `lifecycle`.

use guestpass_core::Instant;
use guestpass_core::names::SiteId;

use crate::Component;
use crate::bindings::exports::guestpass::access::lifecycle::{Guest, Progress};
use crate::bindings::guestpass::access::directory::ContentDecision;
use crate::bindings::guestpass::access::types::Refusal;
use crate::convert::{from_wit, to_wit};
use crate::ports::engine;

impl Guest for Component {
    fn deactivated(site: String) -> Result<Option<u64>, Refusal> {
        engine(|engine| engine.deactivated(&SiteId::parse(&site)?))
            .map(|since| since.map(Instant::millis))
            .map_err(to_wit)
    }

    fn deactivate(site: String) -> Result<u64, Refusal> {
        engine(|engine| engine.deactivate(&SiteId::parse(&site)?))
            .map(Instant::millis)
            .map_err(to_wit)
    }

    fn activate(site: String) -> Result<(), Refusal> {
        engine(|engine| engine.activate(&SiteId::parse(&site)?)).map_err(to_wit)
    }

    fn uninstall(site: String, content: ContentDecision, limit: u32) -> Result<Progress, Refusal> {
        let content = from_wit(content);
        engine(|engine| engine.uninstall(&SiteId::parse(&site)?, &content, limit))
            .map(|progress| Progress {
                retired: progress.retired,
                removed: progress.removed,
                more: progress.more,
            })
            .map_err(to_wit)
    }
}
