//! Why a permission is given or not: every limit, what it says, and who could change it.

use crate::catalogue::Catalogue;
use crate::engine::Engine;
use crate::grant::Grant;
use crate::grant::authority::{Authority, grant_id};
use crate::grant::power::Power;
use crate::grant::state::State;
use crate::instant::Instant;
use crate::names::Actor;
use crate::policy::Policy;
use crate::ports::User;
use crate::refusal::{Refusal, quoted};

/// One limit on a permission.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Limit {
    /// The word for programs.
    pub name: &'static str,
    /// What it says.
    pub allows: bool,
    /// Why, and who could change it.
    pub message: String,
}

/// Every limit on a permission: it is given if all of them allow it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Explanation {
    /// Which permission.
    pub permission: String,
    /// In the order in which they are asked.
    pub limits: Vec<Limit>,
}

impl Explanation {
    /// Whether it is given.
    #[must_use]
    pub fn allowed(&self) -> bool {
        self.limits.iter().all(|limit| limit.allows)
    }
}

impl Engine<'_> {
    /// Which limits bind this grant for this permission.
    ///
    /// # Errors
    /// [`crate::Code::UnknownPermission`], [`crate::Code::UnknownGrant`], or if the actor may not see it.
    pub fn explain(
        &self,
        actor: &Actor,
        id: &str,
        permission: &str,
    ) -> Result<Explanation, Refusal> {
        let authority = Authority::of(self, actor)?;
        let catalogue = &authority.catalogue;
        let index = catalogue.known(permission)?;
        let id = grant_id(id)?;
        let (grant, policy, now) = self.transact(&actor.site, |transaction| {
            let grant = authority.grant(transaction, id)?.into_grant();
            Ok((grant, transaction.policy()?, transaction.now()))
        })?;
        let policy = &policy.body;
        let grantor = self.user(&actor.site, &grant.grantor)?;
        let power = Power::new(
            &grant.scope,
            catalogue,
            policy,
            grantor.as_ref().map(|user| &user.standing),
        );
        let withheld =
            self.withheld(&actor.site, &grant, &catalogue.written(&power.effective()))?;
        let withheld = catalogue.set_of(&withheld);
        let mut limits = vec![in_force(&grant, policy), window(&grant, now)];
        limits.extend(of_power(catalogue, &power, index, grantor.as_ref()));
        let allows = !withheld.contains(index);
        let said = if allows {
            "No plugin withholds it."
        } else {
            "A plugin withholds it at the moment; an owner can change that plugin or switch it off."
        };
        limits.push(Limit {
            name: "plugin",
            allows,
            message: said.to_owned(),
        });
        Ok(Explanation {
            permission: permission.to_owned(),
            limits,
        })
    }
}

/// Whether its state and the site's allow anything.
pub(super) fn in_force(grant: &Grant, policy: &Policy) -> Limit {
    let allows = matches!(grant.state, State::Open(_)) && policy.deactivated.is_none();
    let message = match (grant.state, policy.deactivated) {
        (State::Open(_), None) => "The grant is in force.".to_owned(),
        (State::Open(_), Some(since)) => format!(
            "Access for guests is switched off on this site since {since}; the site's operator can switch it on again."
        ),
        (State::Suspended(_), _) => {
            "The grant is suspended; its grantor or an owner can resume it.".to_owned()
        }
        (State::Ended(reason, _) | State::Retired(reason, _), _) => format!(
            "The grant has ended ({}). Only a new one gives access again.",
            reason.as_str()
        ),
    };
    Limit {
        name: "state",
        allows,
        message,
    }
}

fn window(grant: &Grant, now: Instant) -> Limit {
    let opens = grant.term.opens();
    let message = match grant.end() {
        _ if now < opens => format!(
            "It opens at {opens}; its grantor or an owner can make a new one that opens earlier."
        ),
        Some((end, bound)) if now >= end => {
            format!("It was open until {end} (bound by {}).", bound.as_str())
        }
        Some((end, _)) if grant.state.is_ended() => {
            format!("It would have been open until {end}, but the grant ended before.")
        }
        Some((end, bound)) => {
            format!(
                "It is open until {end} (bound by {}); its grantor or an owner can extend it.",
                bound.as_str()
            )
        }
        None => "It is open and has no end of its own.".to_owned(),
    };
    Limit {
        name: "window",
        allows: now >= opens && !grant.is_over(now),
        message,
    }
}

fn of_power(
    catalogue: &Catalogue,
    power: &Power,
    index: usize,
    grantor: Option<&User>,
) -> [Limit; 4] {
    let name = quoted(catalogue.name(index).unwrap_or_default());
    let scope = power.scope.contains(index);
    let held = power.grantor.contains(index);
    let under = power.ceiling.contains(index);
    let free = !power.reserved.contains(index);
    let grantor_says = match (grantor, held) {
        (None, _) => {
            "Whoever gave this access is no user of the site any more, so it gives nothing."
                .to_owned()
        }
        (Some(user), true) => format!("{} gave it and holds {name} now.", quoted(&user.name)),
        (Some(user), false) => format!(
            "{} gave it and does not hold {name} now; who manages that user can change this.",
            quoted(&user.name)
        ),
    };
    let said = |allows, yes: &str, no: &str| (allows, if allows { yes } else { no }.to_owned());
    let (in_scope, scope_says) = said(
        scope,
        "The grant's scope names it.",
        "The grant's scope does not name it; its grantor or an owner can change the scope.",
    );
    let (below, ceiling_says) = said(
        under,
        "The site's ceiling allows it.",
        "It is above the site's ceiling; an owner can change that in the policy.",
    );
    let (unreserved, reserved_says) = said(
        free,
        "It is not reserved.",
        "It manages users or access, so no guest may ever hold it. Nobody can change that.",
    );
    [
        Limit {
            name: "scope",
            allows: in_scope,
            message: scope_says,
        },
        Limit {
            name: "grantor",
            allows: held,
            message: grantor_says,
        },
        Limit {
            name: "ceiling",
            allows: below,
            message: ceiling_says,
        },
        Limit {
            name: "reserved",
            allows: unreserved,
            message: reserved_says,
        },
    ]
}
