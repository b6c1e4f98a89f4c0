//! When access ends and what says so: every limit on the end, which of them binds, and who could change it.

use crate::access::explain::in_force;
use crate::engine::Engine;
use crate::entry::mark;
use crate::grant::Grant;
use crate::grant::authority::{Authority, grant_id};
use crate::grant::term::Bound;
use crate::grant::view::View;
use crate::grant::window::Ending;
use crate::instant::Instant;
use crate::names::Actor;
use crate::policy::{GrantorGone, Policy};
use crate::ports::User;
use crate::refusal::{Refusal, quoted};

/// One limit on the end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EndLimit {
    /// The word for programs.
    pub name: &'static str,
    /// When it ends access, if that is known now.
    pub at: Option<Instant>,
    /// Whether access ends, or is stopped, because of it.
    pub binds: bool,
    /// What it says, and who could change it.
    pub message: String,
}

/// Every limit on the end of a grant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EndExplanation {
    /// When access ends as things stand, or did.
    pub ends: Option<Instant>,
    /// As in a grant.
    pub bound_by: &'static str,
    /// All that there are.
    pub limits: Vec<EndLimit>,
}

impl Engine<'_> {
    /// Every limit on the end of this grant.
    ///
    /// # Errors
    /// [`crate::Code::UnknownGrant`], or if the actor may not see it.
    pub fn explain_ending(&self, actor: &Actor, id: &str) -> Result<EndExplanation, Refusal> {
        let authority = Authority::of(self, actor)?;
        let id = grant_id(id)?;
        let (grant, policy, now) = self.transact(&actor.site, |transaction| {
            let grant = authority.grant(transaction, id)?.into_grant();
            Ok((grant, transaction.policy()?, transaction.now()))
        })?;
        let policy = &policy.body;
        let grantor = self.user(&actor.site, &grant.grantor)?;
        let mut limits = vec![state(&grant, policy, now)];
        limits.extend(of_term(&grant, policy));
        limits.push(of_grantor(&grant, policy, grantor.as_ref()));
        limits.extend(of_sessions(policy, now));
        let view = View::new(grant, now);
        Ok(EndExplanation {
            ends: view.ends,
            bound_by: view.ends_bound_by,
            limits,
        })
    }
}

fn state(grant: &Grant, policy: &Policy, now: Instant) -> EndLimit {
    let limit = in_force(grant, policy);
    EndLimit {
        name: limit.name,
        at: match (limit.allows, View::new(grant.clone(), now).ended_because) {
            (false, Some(_)) => View::new(grant.clone(), now).ends,
            _ => None,
        },
        binds: !limit.allows,
        message: limit.message,
    }
}

/// What bounds its time.
fn of_term(grant: &Grant, policy: &Policy) -> Vec<EndLimit> {
    let used = grant.first_used.is_some();
    let bound = grant.end().map(|(_, bound)| bound);
    let term = &grant.term;
    let fixed = term.fixed();
    let limit = |bounds: Bound, at, message: String| EndLimit {
        name: bounds.as_str(),
        at,
        binds: bound == Some(bounds) && !ended_early(grant),
        message,
    };
    let mut limits = Vec::new();
    let extend = "its grantor or an owner can extend it";
    match (term.window().ending, fixed) {
        (Ending::AfterFirstUse(length), None) => limits.push(limit(
            Bound::FirstUse,
            None,
            format!("It lasts {length} from its first use on, which has not been yet; {extend}."),
        )),
        (Ending::AfterFirstUse(length), Some((at, _))) => limits.push(limit(
            Bound::FirstUse,
            grant
                .first_used
                .map(|first| length.after(first))
                .or(Some(at)),
            format!("It lasts {length} from its first use on; {extend}."),
        )),
        (Ending::Never, None) => limits.push(limit(
            Bound::Window,
            None,
            "No end was asked for; its grantor or an owner can take it back at any time."
                .to_owned(),
        )),
        (_, at) => {
            let at = at.map(|(at, _)| at);
            let until = at.map_or_else(String::new, |at| format!(" until {at}"));
            limits.push(limit(
                Bound::Window,
                at,
                format!("It was asked for{until}; {extend}."),
            ));
        }
    }
    if let Some(within) = term.window().use_within {
        let message = if used {
            "It was used in time, so this bounds it no more.".to_owned()
        } else {
            format!(
                "It must be used for the first time within {within} of opening; whoever may can make a new one."
            )
        };
        let at = (!used).then(|| within.after(term.opens()));
        limits.push(limit(Bound::UseWithin, at, message));
    }
    let longest = policy.longest_window;
    limits.push(limit(
        Bound::LongestWindow,
        (term.from_first_use().is_none()).then(|| longest.after(term.runs_from())),
        format!(
            "This site allows access for {longest} at most; an owner can change that in the policy."
        ),
    ));
    if let Some(latest) = term.latest() {
        limits.push(limit(
            Bound::Plugin,
            Some(latest),
            "A plugin set a latest end when the grant was made; only a new grant can end later."
                .to_owned(),
        ));
    }
    limits
}

/// Whether it ended for another reason than its time.
fn ended_early(grant: &Grant) -> bool {
    use crate::grant::state::Reason;
    matches!(grant.state.ended(), Some((reason, _)) if reason != Reason::Expired)
}

fn of_grantor(grant: &Grant, policy: &Policy, grantor: Option<&User>) -> EndLimit {
    let gone = grantor.is_none();
    let message = match (grantor, policy.grantor_gone) {
        (Some(user), GrantorGone::Withhold) => format!(
            "{} gave it and is a user of the site; if that ends, it gives nothing.",
            quoted(&user.name)
        ),
        (Some(user), GrantorGone::End) => format!(
            "{} gave it and is a user of the site; if that ends, it ends.",
            quoted(&user.name)
        ),
        (None, GrantorGone::Withhold) => "Whoever gave it is no user of the site any more, so it gives nothing. Only a new grant by somebody else can.".to_owned(),
        (None, GrantorGone::End) => "Whoever gave it is no user of the site any more, so it ends when it is next used. Only a new grant by somebody else gives access again.".to_owned(),
    };
    EndLimit {
        name: "grantor",
        at: None,
        binds: gone && !grant.state.is_ended(),
        message,
    }
}

/// What ends single sessions while the grant goes on.
fn of_sessions(policy: &Policy, now: Instant) -> Vec<EndLimit> {
    let limit = |over: mark::Over, message: String| EndLimit {
        name: over.as_str(),
        at: None,
        binds: false,
        message,
    };
    let change = "an owner can change that in the policy";
    let mut limits = Vec::new();
    if let Some(length) = policy.session_length {
        limits.push(limit(
            mark::Over::Length,
            format!("Each session ends {length} after it began, and the guest comes in anew; one begun now would end at {}; {change}.", length.after(now)),
        ));
    }
    if let Some(idle) = policy.session_idle {
        limits.push(limit(
            mark::Over::Idle,
            format!("Each session ends when nothing was done in it for {idle}, and the guest comes in anew; {change}."),
        ));
    }
    limits
}
