//! All that a grant gives at this moment, and what takes the rest away.

use crate::access::explain::in_force;
use crate::engine::Engine;
use crate::grant::authority::{Authority, grant_id};
use crate::grant::power::Power;
use crate::names::Actor;
use crate::order;
use crate::refusal::Refusal;

/// What a grant gives.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Given {
    /// Whether it gives that now: it is open, not suspended, and the site is not deactivated.
    pub now: bool,
    /// Names in ascending order, a space between two.
    pub permissions: String,
    /// What its scope names and it does not give, with the limit.
    pub withheld: Vec<(String, &'static str)>,
}

impl Engine<'_> {
    /// What this grant gives at this moment, or would if it were open.
    ///
    /// # Errors
    /// [`crate::Code::UnknownGrant`], or if the actor may not see it.
    pub fn power(&self, actor: &Actor, id: &str) -> Result<Given, Refusal> {
        let authority = Authority::of(self, actor)?;
        let catalogue = &authority.catalogue;
        let id = grant_id(id)?;
        let (grant, policy, now) = self.transact(&actor.site, |transaction| {
            let grant = authority.grant(transaction, id)?.into_grant();
            Ok((grant, transaction.policy()?, transaction.now()))
        })?;
        let policy = &policy.body;
        let grantor = self.standing(&actor.site, &grant.grantor)?;
        let power = Power::new(&grant.scope, catalogue, policy, grantor.as_ref());
        let passed = power.effective();
        let narrowed = self.withheld(&actor.site, &grant, &catalogue.written(&passed))?;
        let narrowed = catalogue.set_of(&narrowed).and(passed);
        let named = |index| catalogue.name(index).unwrap_or_default().to_owned();
        let mut withheld: Vec<_> = power
            .withheld()
            .map(|(index, bound)| (named(index), bound.as_str()))
            .collect();
        withheld.extend(narrowed.iter().map(|index| (named(index), "plugin")));
        order::sort(&mut withheld);
        Ok(Given {
            now: in_force(&grant, policy).allows && grant.usable(now).is_ok(),
            permissions: catalogue.written(&passed.minus(narrowed)),
            withheld,
        })
    }
}
