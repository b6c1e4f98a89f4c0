//! The rules, once more: written from the contract and the design in the plainest way, without a thought for speed, crashes
//! or races. Whoever doubts the engine compares it with this page.

mod access;
mod change;
mod create;
mod entry;
mod history;
mod invitation;
mod policy;
mod retire;
mod session;
mod upkeep;

use std::collections::{BTreeMap, BTreeSet};

use guestpass::ports::ContentDecision;
use guestpass::{
    Accepted, Draft, Ending, Explanation, Extension, Grant as View, GrantorGone, Happening,
    Invitation, Limit, Lockout, LockoutLimit, LockoutLimits, Membership, Preview, Scope, ScopeBase,
    Settings, Withheld,
};
use guestpass_tests::{Entered, Link, MINUTE, Resolved};

use super::calendar::{self, after};
use super::world::{self, Host};

/// Why not: every reason there is, by its code. The engine may name any of them.
pub type Reasons = BTreeSet<&'static str>;

pub type Answer<T> = Result<T, Reasons>;

fn no<T>(code: &'static str) -> Answer<T> {
    Err(Reasons::from([code]))
}

/// After this the sweep undoes a user that was left half-made.
const LOOSE: u64 = 5 * MINUTE;

/// What the engine drew at random; the model cannot know it.
#[derive(Debug, Clone, Default)]
pub struct Drawn {
    pub grant: String,
    pub pass: String,
    pub session: String,
}

/// What the hooks say.
#[derive(Debug, Clone, Default)]
pub struct Said {
    pub veto_grants: bool,
    pub fail_grants: bool,
    pub except: Vec<String>,
    pub ends_by: Option<u64>,
    pub uses: Option<u32>,
    pub veto_entries: bool,
    pub fail_entries: bool,
    pub narrow: Vec<String>,
    pub fail_narrow: bool,
}

/// One line of history.
#[derive(Debug, Clone)]
struct Line {
    at: u64,
    actor: Option<String>,
    subject: Option<String>,
    action: &'static str,
}

#[derive(Debug, Clone)]
pub struct Grant {
    id: String,
    grantor: String,
    draft: Draft,
    window: guestpass::Window,
    created: u64,
    pub opens: u64,
    /// From when the longest window is counted: the opening, or the first use for what counts from there, extended since or not.
    runs_from: u64,
    /// When the window ends; none: it counts from the first use, which was not yet.
    end: Option<u64>,
    bound: &'static str,
    /// To be used for the first time by then.
    use_by: Option<u64>,
    /// What a hook said.
    ends_by: Option<u64>,
    uses_allowed: Option<u32>,
    uses: u32,
    first_used: Option<u64>,
    last_used: Option<u64>,
    /// The user of a guest who had access before.
    returning: Option<String>,
    user: Option<String>,
    /// The user was there before and accepted an invitation.
    borrowed: bool,
    suspended: bool,
    /// Since when its user is being made.
    pub loose_since: Option<u64>,
    /// Why and when it ended.
    ended: Option<(&'static str, u64)>,
    /// When its user is retired.
    retire_at: Option<u64>,
    /// What becomes of what the user wrote, once that is decided.
    content: Option<ContentDecision>,
    retired: bool,
    /// The present link; earlier ones are dead.
    generation: u32,
    history: Vec<Line>,
}

#[derive(Debug, Clone)]
struct Session {
    grant: String,
    generation: u32,
    user: String,
    started: u64,
    /// When it was last noted that it was seen.
    seen: Option<u64>,
    /// It is over by itself, though its grant may go on.
    over: bool,
}

#[derive(Debug, Clone, Default)]
struct Tries {
    /// Which links were tried, and when.
    tried: BTreeMap<String, u64>,
    /// Since when and until when it is locked.
    locked: Option<(u64, u64)>,
    /// For how long they count.
    within: String,
}

impl Tries {
    fn until(&self, now: u64) -> Option<u64> {
        let locked = self
            .locked
            .filter(|(since, until)| (*since..*until).contains(&now));
        locked.map(|(_, until)| until)
    }
}

/// Whether a try counts that was made then. One that lies in the future of a clock which went back does not.
fn counts(at: u64, now: u64, within: &str) -> bool {
    at <= now && now < after(at, within)
}

/// A site as it should be.
#[derive(Debug, Clone)]
pub struct Site {
    pub now: u64,
    pub said: Said,
    pub host: Host,
    pub policy: Settings,
    pub grants: BTreeMap<String, Grant>,
    /// Which link of which grant a token is.
    passes: BTreeMap<String, (String, u32)>,
    sessions: BTreeMap<String, Session>,
    tries: BTreeMap<String, Tries>,
    /// Of what concerns the site as a whole.
    history: Vec<Line>,
    /// Users who came in by a grant or were made for one, and which was the last.
    guests: BTreeMap<String, String>,
    /// Since when nobody is let in.
    pub deactivated: Option<u64>,
    /// What was not acknowledged yet, in the order in which it happened.
    pub outbox: Vec<String>,
}

impl Site {
    pub fn new(name: &str, now: u64) -> Self {
        Self {
            now,
            said: Said::default(),
            host: Host::of(name),
            policy: guestpass_tests::beginning(),
            grants: BTreeMap::new(),
            passes: BTreeMap::new(),
            sessions: BTreeMap::new(),
            tries: BTreeMap::new(),
            history: Vec::new(),
            guests: BTreeMap::new(),
            deactivated: None,
            outbox: Vec::new(),
        }
    }

    // Who may.

    fn may_grant(&self, by: &str) -> Answer<()> {
        if !self.host.users.contains_key(by) {
            return no("unknown-actor");
        }
        if self.is_guest(by) {
            // One who never came in is not known as a guest yet, and holds nothing.
            let unknown = (!self.guests.contains_key(by)).then_some("may-not-grant");
            return Err(unknown.into_iter().chain(["guest-may-not-grant"]).collect());
        }
        if !self.host.may_grant(by) {
            return no("may-not-grant");
        }
        Ok(())
    }

    fn is_guest(&self, user: &str) -> bool {
        self.guests.contains_key(user) || self.host.made.values().any(|made| made == user)
    }

    /// Made for a link or a password.
    fn is_guest_of_their_own(&self, user: &str) -> bool {
        let by = self.guests.get(user).and_then(|id| self.grants.get(id));
        by.is_some_and(|grant| grant.draft.kind != "invitation")
    }

    /// Made for an invitation, whether or not that was accepted in the end.
    fn was_made_to_accept(&self, user: &str) -> bool {
        let mut made = self.host.made.iter();
        let made_for = || made.find(|(_, made)| *made == user).map(|(id, _)| id);
        let by = self.guests.get(user).or_else(made_for);
        by.and_then(|id| self.grants.get(id))
            .is_some_and(|grant| grant.draft.kind == "invitation")
    }

    fn is_owner(&self, by: &str) -> bool {
        self.host
            .users
            .get(by)
            .is_some_and(|user| user.standing.owner)
    }

    fn owners_only(&self, by: &str) -> Answer<()> {
        if !self.host.users.contains_key(by) {
            return no("unknown-actor");
        }
        if self.is_guest(by) {
            return Err(Reasons::from(["guest-may-not-grant", "may-not-grant"]));
        }
        if !self.is_owner(by) {
            return Err(Reasons::from(["owners-only", "may-not-grant"]));
        }
        Ok(())
    }

    /// The grant, if this user may see and change it.
    fn theirs(&mut self, by: &str, id: &str) -> Answer<&mut Grant> {
        self.may_grant(by)?;
        let owner = self.is_owner(by);
        let found = self.grants.get_mut(id);
        match found.filter(|grant| owner || grant.grantor == by) {
            Some(grant) => Ok(grant),
            None => no("unknown-grant"),
        }
    }

    // What a grant gives.

    /// Base, plus `also`, minus `except`; as far as the catalogue knows it.
    fn named(&self, scope: &Scope) -> BTreeSet<String> {
        let base: Vec<String> = match &scope.base {
            ScopeBase::Role(role) => self.host.role(role),
            ScopeBase::All => {
                let all = self.host.catalogue.permissions.iter();
                all.map(|permission| permission.name.clone()).collect()
            }
            ScopeBase::Chosen(chosen) => chosen.clone(),
        };
        let mut named: BTreeSet<_> = base.into_iter().chain(scope.also.clone()).collect();
        named.retain(|name| self.host.knows(name) && !scope.except.contains(name));
        named
    }

    fn under_ceiling(&self, permission: &str) -> bool {
        let ceiling = self.policy.ceiling.as_ref();
        ceiling.is_none_or(|ceiling| ceiling.iter().any(|name| name == permission))
    }

    /// The limit that takes a permission away which the scope names.
    fn withheld_by(&self, grantor: &str, permission: &str) -> Option<&'static str> {
        if self.host.reserves(permission) {
            Some("reserved")
        } else if !self.under_ceiling(permission) {
            Some("ceiling")
        } else if !self.host.may(grantor, permission) {
            Some("grantor")
        } else {
            None
        }
    }

    /// Scope, of which the grantor may do it now, of which the ceiling allows it, less what is reserved.
    fn effective(&self, grantor: &str, scope: &Scope) -> Vec<String> {
        let mut power = self.named(scope);
        power.retain(|name| self.withheld_by(grantor, name).is_none());
        power.into_iter().collect()
    }

    // Making.

    /// When it ends as things stand, and what bounds it.
    pub fn end(&self, grant: &Grant) -> (Option<u64>, &'static str) {
        match grant.ended {
            Some(("expired", at)) => (Some(at), grant.bound_then()),
            Some((_, at)) => (Some(at), "ended"),
            None => grant.present_end(),
        }
    }

    fn is_over(&self, grant: &Grant) -> bool {
        grant.ended.is_some() || grant.present_end().0.is_some_and(|end| end <= self.now)
    }

    fn view(&self, grant: &Grant) -> View {
        let (ends, bound) = self.end(grant);
        let over = self.is_over(grant);
        let state = if grant.retired {
            "retired"
        } else if over {
            "ended"
        } else if grant.suspended {
            "suspended"
        } else if grant.first_used.is_some() {
            "active"
        } else if grant.loose_since.is_some() {
            "provisioning"
        } else {
            "ready"
        };
        View {
            id: grant.id.clone(),
            kind: grant.draft.kind.clone(),
            grantor: grant.grantor.clone(),
            guest: grant.draft.guest.clone(),
            scope: grant.draft.scope.clone(),
            window: grant.window.clone(),
            state: state.to_owned(),
            ended_because: over.then(|| grant.ended.map_or("expired", |(why, _)| why).to_owned()),
            created: grant.created,
            opens: grant.opens,
            ends,
            ends_bound_by: bound.to_owned(),
            first_used: grant.first_used,
            last_used: grant.last_used,
            uses: grant.uses,
            uses_allowed: grant.uses_allowed,
            user: grant.user.clone(),
            redirect: grant.draft.redirect.clone(),
            note: grant.draft.note.clone(),
            message: grant.draft.message.clone(),
            borrowed: grant.borrowed,
            retires: grant.retire_at,
        }
    }

    /// Records that a grant is over, where it is and nobody saw it before.
    fn see_the_end(&mut self, id: &str) {
        let grant = &self.grants[id];
        if grant.ended.is_none() && self.is_over(grant) {
            let at = grant.present_end().0.expect("it is over");
            self.finish(id, "expired", at, None, "expired");
        }
    }

    fn finish(
        &mut self,
        id: &str,
        why: &'static str,
        at: u64,
        by: Option<&str>,
        action: &'static str,
    ) {
        let grace = self.policy.retire_after.as_ref();
        let retire_at = grace.map(|grace| after(self.now, grace));
        let grant = self.grants.get_mut(id).expect("a grant");
        grant.ended = Some((why, at));
        grant.retire_at = retire_at.filter(|_| grant.own_user().is_some());
        self.tell(id, by, action);
    }

    // History.
}

/// A policy whose sets are in one order.
pub fn in_one_order(mut settings: Settings) -> Settings {
    let backup = settings.fresh_backup.as_mut();
    let sets = [
        Some(&mut settings.forbidden_domains),
        settings.ceiling.as_mut(),
        settings.roles.as_mut(),
        settings.allowed_domains.as_mut(),
        settings.kinds.as_mut(),
        backup.map(|rule| &mut rule.permissions),
    ];
    for set in sets.into_iter().flatten() {
        set.sort();
        set.dedup();
    }
    settings
}

/// A scope is sets: which order their names stand in does not matter.
pub fn in_order(scope: &mut Scope) {
    let chosen = match &mut scope.base {
        ScopeBase::Chosen(chosen) => Some(chosen),
        _ => None,
    };
    for names in [&mut scope.also, &mut scope.except]
        .into_iter()
        .chain(chosen)
    {
        names.sort();
        names.dedup();
    }
}

fn plain(ending: Ending) -> Ending {
    match ending {
        Ending::After(length) => Ending::After(calendar::plain(&length)),
        Ending::AfterFirstUse(length) => Ending::AfterFirstUse(calendar::plain(&length)),
        other => other,
    }
}

impl Grant {
    /// The user who was made for this guest.
    fn own_user(&self) -> Option<&String> {
        self.user.as_ref().filter(|_| !self.borrowed)
    }

    fn is_used_up(&self) -> bool {
        self.uses_allowed
            .is_some_and(|allowed| self.uses >= allowed)
    }

    fn present_end(&self) -> (Option<u64>, &'static str) {
        let mut ends = (self.end, self.bound);
        let unused = self.first_used.is_none();
        // Of those that end it at the same instant the first is named; the contract leaves open which.
        let others = [
            (self.ends_by, "plugin"),
            (self.use_by.filter(|_| unused), "use-within"),
        ];
        for (other, name) in others {
            if let Some(other) = other
                && ends.0.is_none_or(|end| other < end)
            {
                ends = (Some(other), name);
            }
        }
        ends
    }

    /// What bounded it when it expired.
    fn bound_then(&self) -> &'static str {
        self.present_end().1
    }

    /// The first use.
    fn begin(&mut self, now: u64, longest: &str) {
        self.first_used = Some(now);
        if let Ending::AfterFirstUse(length) = &self.window.ending
            && self.end.is_none()
        {
            let caps = [
                (after(now, length), "first-use"),
                (after(now, longest), "longest-window"),
            ];
            let (end, bound) = caps.into_iter().min_by_key(|(end, _)| *end).expect("two");
            (self.end, self.bound) = (Some(end), bound);
            self.runs_from = now;
        }
    }
}

/// A token that is well-formed.
struct Token {
    grant: String,
}

impl Token {
    fn read(kind: &str, pass: &str) -> Option<Self> {
        let rest = pass.strip_prefix(kind)?;
        (rest.len() == 73).then(|| Self {
            grant: rest[..22].to_owned(),
        })
    }
}
