//! The export `access`.

use guestpass_core::Instant;
use guestpass_core::names::SiteId;

use crate::Component;
use crate::bindings::exports::guestpass::access::access::{Answer, Explanation, Guest, Limit};
use crate::bindings::guestpass::access::types::{Actor, Refusal};
use crate::convert::{self, to_wit};
use crate::ports::engine;

impl Guest for Component {
    fn resolve(site: String, session: String) -> Result<Answer, Refusal> {
        let answer = engine(|engine| engine.resolve(&SiteId::parse(&site)?, &session));
        let answer = answer.map_err(to_wit::<_, Refusal>)?;
        Ok(Answer {
            grant: answer.grant.to_string(),
            user: answer.user,
            grantor: answer.grantor,
            permissions: answer.permissions,
            ends: answer.ends.map(Instant::millis),
            until: answer.until.millis(),
        })
    }

    fn check(site: String, session: String, permission: String) -> Result<bool, Refusal> {
        engine(|engine| engine.check(&SiteId::parse(&site)?, &session, &permission)).map_err(to_wit)
    }

    fn explain(actor: Actor, grant: String, permission: String) -> Result<Explanation, Refusal> {
        let explanation =
            engine(|engine| engine.explain(&convert::actor(actor)?, &grant, &permission));
        let explanation = explanation.map_err(to_wit::<_, Refusal>)?;
        let allowed = explanation.allowed();
        let limits = explanation.limits.into_iter();
        let limits = limits.map(|limit| Limit {
            name: limit.name.to_owned(),
            allows: limit.allows,
            message: limit.message,
        });
        Ok(Explanation {
            permission: explanation.permission,
            allowed,
            limits: limits.collect(),
        })
    }
}
