//! The export `lockouts`.

use guestpass_core::Instant;

use crate::Component;
use crate::bindings::exports::guestpass::access::lockouts::{Guest, Lockout, Page};
use crate::bindings::guestpass::access::types::{Actor, Refusal};
use crate::convert::{self, to_wit};
use crate::ports::engine;

impl Guest for Component {
    fn list(actor: Actor, start: Option<String>, limit: u32) -> Result<Page, Refusal> {
        let page =
            engine(|engine| engine.lockouts(&convert::actor(actor)?, start.as_deref(), limit))
                .map_err(to_wit::<_, Refusal>)?;
        let lockouts = page.lockouts.into_iter().map(|lockout| Lockout {
            id: lockout.subject.to_string(),
            tries: lockout.tries,
            until: lockout.until.map(Instant::millis),
        });
        Ok(Page {
            lockouts: lockouts.collect(),
            next: page.next,
        })
    }

    fn lift(actor: Actor, id: String) -> Result<(), Refusal> {
        engine(|engine| engine.lift_lockout(&convert::actor(actor)?, &id)).map_err(to_wit)
    }
}
