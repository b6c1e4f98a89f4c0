//! The export `entry`.

use guestpass_core::Instant;
use guestpass_core::names::SiteId;

use crate::Component;
use crate::bindings::exports::guestpass::access::entry::{
    Admission, Guest, Preview, Running, SessionPage,
};
use crate::bindings::guestpass::access::types::{Actor, Origin, Refusal};
use crate::convert::{self, from_wit, to_wit};
use crate::ports::engine;

impl Guest for Component {
    fn inspect(site: String, pass: String) -> Result<Preview, Refusal> {
        engine(|engine| engine.inspect(&SiteId::parse(&site)?, &pass))
            .map(to_wit)
            .map_err(to_wit)
    }

    fn redeem(site: String, pass: String, origin: Origin) -> Result<Admission, Refusal> {
        engine(|engine| engine.redeem(&SiteId::parse(&site)?, &pass, &from_wit(origin)))
            .map(to_wit)
            .map_err(to_wit)
    }

    fn may_sign_in(site: String, user: String) -> Result<(), Refusal> {
        engine(|engine| engine.may_sign_in(&SiteId::parse(&site)?, &user)).map_err(to_wit)
    }

    fn sign_in(site: String, user: String, origin: Origin) -> Result<Admission, Refusal> {
        engine(|engine| engine.sign_in(&SiteId::parse(&site)?, &user, &from_wit(origin)))
            .map(to_wit)
            .map_err(to_wit)
    }

    fn sign_out(site: String, session: String) -> Result<(), Refusal> {
        engine(|engine| engine.sign_out(&SiteId::parse(&site)?, &session)).map_err(to_wit)
    }

    fn sessions(
        actor: Actor,
        grant: String,
        start: Option<String>,
        limit: u32,
    ) -> Result<SessionPage, Refusal> {
        let page = engine(|engine| {
            engine.sessions(&convert::actor(actor)?, &grant, start.as_deref(), limit)
        });
        let page = page.map_err(to_wit::<_, Refusal>)?;
        let sessions = page.sessions.into_iter().map(|running| Running {
            name: running.name,
            user: running.user,
            started: running.started.millis(),
            last_seen: running.seen.map(Instant::millis),
            origin: to_wit(running.origin),
            ends: running.ends.map(Instant::millis),
        });
        Ok(SessionPage {
            sessions: sessions.collect(),
            next: page.next,
        })
    }

    fn end_session(actor: Actor, grant: String, name: String) -> Result<(), Refusal> {
        engine(|engine| engine.end_session(&convert::actor(actor)?, &grant, &name)).map_err(to_wit)
    }
}
