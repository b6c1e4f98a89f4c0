//! The export `access`.

use guestpass_core::Instant;
use guestpass_core::names::SiteId;

use crate::Component;
use crate::bindings::exports::guestpass::access::access::{
    Answer, EndExplanation, EndLimit, Explanation, Given, Guest, Limit, Membership, MembershipsPage,
};
use crate::bindings::exports::guestpass::access::entry::Admission;
use crate::bindings::guestpass::access::types::{Actor, Origin, Refusal};
use crate::convert::{self, from_wit, to_wit};
use crate::ports::engine;

impl Guest for Component {
    fn resolve(site: String, session: String) -> Result<Answer, Refusal> {
        let answer = engine(|engine| engine.resolve(&SiteId::parse(&site)?, &session));
        let answer = answer.map_err(to_wit::<_, Refusal>)?;
        Ok(Answer {
            grant: answer.grant.to_string(),
            user: answer.user,
            grantor: answer.grantor,
            switched: answer.switched,
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

    fn memberships(
        site: String,
        user: String,
        start: Option<String>,
        limit: u32,
    ) -> Result<MembershipsPage, Refusal> {
        let page = engine(|engine| {
            engine.memberships(&SiteId::parse(&site)?, &user, start.as_deref(), limit)
        });
        let page = page.map_err(to_wit::<_, Refusal>)?;
        let accounts = page.accounts.into_iter().map(|account| Membership {
            grant: account.grant.map(|id| id.to_string()),
            account: account.account,
            name: account.name,
            scope: account.scope,
            open: account.open,
            ends: account.ends.map(Instant::millis),
        });
        Ok(MembershipsPage {
            accounts: accounts.collect(),
            enter: page.enter.map(|id| id.to_string()),
            next: page.next.map(|id| id.to_string()),
        })
    }

    fn switch(
        site: String,
        user: String,
        grant: String,
        from: Option<String>,
        origin: Origin,
    ) -> Result<Admission, Refusal> {
        let origin = from_wit(origin);
        engine(|engine| {
            engine.switch(
                &SiteId::parse(&site)?,
                &user,
                &grant,
                from.as_deref(),
                &origin,
            )
        })
        .map(to_wit)
        .map_err(to_wit)
    }

    fn return_to_own(site: String, session: String) -> Result<String, Refusal> {
        engine(|engine| engine.return_to_own(&SiteId::parse(&site)?, &session)).map_err(to_wit)
    }

    fn explain_ending(actor: Actor, grant: String) -> Result<EndExplanation, Refusal> {
        let explanation = engine(|engine| engine.explain_ending(&convert::actor(actor)?, &grant))
            .map_err(to_wit::<_, Refusal>)?;
        let limits = explanation.limits.into_iter();
        let limits = limits.map(|limit| EndLimit {
            name: limit.name.to_owned(),
            at: limit.at.map(Instant::millis),
            binds: limit.binds,
            message: limit.message,
        });
        Ok(EndExplanation {
            ends: explanation.ends.map(Instant::millis),
            ends_bound_by: explanation.bound_by.to_owned(),
            limits: limits.collect(),
        })
    }

    fn power(actor: Actor, grant: String) -> Result<Given, Refusal> {
        engine(|engine| engine.power(&convert::actor(actor)?, &grant))
            .map(|given| Given {
                now: given.now,
                permissions: given.permissions,
                withheld: convert::withheld(given.withheld),
            })
            .map_err(to_wit)
    }
}
