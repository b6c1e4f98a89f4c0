//! The rules, once more: written from the contract and the design in the plainest way, without a thought for speed, crashes
//! or races. Whoever doubts the engine compares it with this page.

use std::collections::{BTreeMap, BTreeSet};

use guestpass::{
    Draft, Ending, Explanation, Extension, Grant as View, GrantorGone, Happening, Limit, Lockout,
    LockoutLimit, LockoutLimits, Preview, Scope, ScopeBase, Settings, Withheld,
};
use guestpass_tests::{Entered, Link, MINUTE, Resolved};

use super::calendar::{self, after};
use super::world::Host;

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
    user: Option<String>,
    suspended: bool,
    /// Since when its user is being made.
    pub loose_since: Option<u64>,
    /// Why and when it ended.
    ended: Option<(&'static str, u64)>,
    /// The present link; earlier ones are dead.
    generation: u32,
    history: Vec<Line>,
}

#[derive(Debug, Clone)]
struct Session {
    grant: String,
    generation: u32,
    user: String,
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
    /// Users who came in by a grant.
    guests: BTreeSet<String>,
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
            guests: BTreeSet::new(),
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
            let unknown = (!self.guests.contains(by)).then_some("may-not-grant");
            return Err(unknown.into_iter().chain(["guest-may-not-grant"]).collect());
        }
        if !self.host.may_grant(by) {
            return no("may-not-grant");
        }
        Ok(())
    }

    fn is_guest(&self, user: &str) -> bool {
        self.guests.contains(user) || self.host.made.values().any(|made| made == user)
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

    pub fn create(&mut self, by: &str, draft: &Draft, drawn: &Drawn) -> Answer<Link> {
        let mut draft = draft.clone();
        let mut why = self.malformed(&draft);
        if let Err(reasons) = self.may_grant(by) {
            why.extend(reasons);
            return Err(why);
        }
        // An earlier grant of this guest that is seen to be over is so from then on.
        let folded = draft.guest.email.to_lowercase();
        let earlier: Vec<String> = self
            .grants
            .values()
            .filter(|grant| grant.draft.guest.email.to_lowercase() == folded)
            .map(|grant| grant.id.clone())
            .collect();
        why.extend(self.out_of_policy(by, &draft));
        if self.said.veto_grants || self.said.uses == Some(0) {
            why.insert("vetoed");
        }
        if self.said.fail_grants {
            why.insert("hook-failed");
        }
        let mut user = None;
        if let Some(found) = self.host.by_email(&draft.guest.email) {
            if self.is_guest(&found.id) {
                user = Some(found.id.clone());
            } else {
                why.insert("email-in-use");
            }
        }
        if earlier.iter().any(|id| !self.is_over(&self.grants[id])) {
            why.insert("guest-has-access");
        }
        if earlier
            .iter()
            .any(|id| self.grants[id].loose_since.is_some())
        {
            // Nobody knows yet whether that user will be there.
            why.insert("contended");
        }
        if let Some(ScopeBase::Role(role)) = Some(&draft.scope.base)
            && !self
                .host
                .catalogue
                .roles
                .iter()
                .any(|known| known.name == *role)
        {
            why.insert("unknown-role");
        }
        self.judge_names(by, &draft.scope, &mut why);
        // What the hooks take away.
        for name in &self.said.except {
            if !draft.scope.except.contains(name) && self.host.knows(name) {
                draft.scope.except.push(name.clone());
            }
        }
        in_order(&mut draft.scope);
        let permissions = self.effective(by, &draft.scope);
        if permissions.is_empty() {
            why.insert("empty-scope");
        }
        self.judge_power(&draft, &permissions, &mut why);
        let mut window = draft.window.clone().unwrap_or_else(|| self.usual_window());
        if !why.is_disjoint(&Reasons::from(["bad-period", "link-must-end"])) {
            return Err(why);
        }
        let opens = window.opens.unwrap_or(self.now);
        window.opens = Some(opens);
        let longest = after(opens, &self.policy.longest_window);
        if opens > after(self.now, &self.policy.longest_window) {
            why.insert("opens-too-late");
        }
        let (mut end, mut bound) = match &window.ending {
            Ending::At(at) => (Some(*at), "window"),
            Ending::After(length) => (Some(after(opens, length)), "window"),
            Ending::AfterFirstUse(length) => {
                if after(opens, length) > longest {
                    why.insert("window-too-long");
                }
                (None, "first-use")
            }
            Ending::Never => (None, "none"),
        };

        if end.is_some_and(|end| end > longest) {
            why.insert("window-too-long");
        }
        let waits = window.use_within.as_ref();
        if waits.is_some_and(|within| after(opens, within) > longest) {
            why.insert("window-too-long");
        }
        let ends_by = self.said.ends_by;
        if let Some(by) = ends_by
            && end.is_some_and(|end| by < end)
        {
            (end, bound) = (Some(by), "plugin");
        }
        let first_use = matches!(window.ending, Ending::AfterFirstUse(_));
        let usual = || {
            let fits = after(opens, "P30D") <= longest;
            let longest = &self.policy.longest_window;
            if fits {
                "P30D".to_owned()
            } else {
                longest.clone()
            }
        };
        let within = window.use_within.clone();
        let within = within.or_else(|| first_use.then(usual));
        let use_by = within.as_ref().map(|within| after(opens, within));
        let first = [end, use_by, ends_by].into_iter().flatten().min();
        if first.is_some_and(|end| end <= opens.max(self.now)) {
            why.insert("window-in-the-past");
        }
        if !why.is_empty() {
            return Err(why);
        }
        window.ending = plain(window.ending);
        window.use_within = within.as_deref().map(calendar::plain);
        let redirect = draft.redirect.take();
        draft.redirect = redirect.or_else(|| self.policy.default_redirect.clone());
        let uses = [draft.uses, self.policy.most_uses, self.said.uses];
        let grant = Grant {
            id: drawn.grant.clone(),
            grantor: by.to_owned(),
            window,
            created: self.now,
            opens,
            end,
            bound,
            use_by,
            ends_by,
            uses_allowed: uses.into_iter().flatten().min(),
            uses: 0,
            first_used: None,
            last_used: None,
            user,
            suspended: false,
            loose_since: None,
            ended: None,
            generation: 0,
            history: Vec::new(),
            draft,
        };
        self.grants.insert(drawn.grant.clone(), grant);
        self.passes
            .insert(drawn.pass.clone(), (drawn.grant.clone(), 0));
        for id in earlier {
            self.see_the_end(&id);
        }
        self.tell(&drawn.grant, Some(by), "created");
        Ok(self.issued(&drawn.grant, drawn))
    }

    /// From now on, with the default ending cut to the longest window.
    fn usual_window(&self) -> guestpass::Window {
        let longest = &self.policy.longest_window;
        let cut = |length: &String| {
            let fits = after(self.now, length) <= after(self.now, longest);
            if fits { length } else { longest }.clone()
        };
        guestpass::Window {
            opens: Some(self.now),
            ending: match &self.policy.default_ending {
                Ending::After(length) => Ending::After(cut(length)),
                Ending::AfterFirstUse(length) => Ending::AfterFirstUse(cut(length)),
                other => other.clone(),
            },
            use_within: None,
        }
    }

    fn issued(&self, id: &str, drawn: &Drawn) -> Link {
        let grant = &self.grants[id];
        let named = self.named(&grant.draft.scope).into_iter();
        let withheld = named.filter_map(|permission| {
            let bound_by = self.withheld_by(&grant.grantor, &permission)?.to_owned();
            Some(Withheld {
                permission,
                bound_by,
            })
        });
        Link {
            grant: self.view(grant),
            pass: drawn.pass.clone(),
            permissions: self.effective(&grant.grantor, &grant.draft.scope),
            withheld: withheld.collect(),
        }
    }

    /// What is wrong with a draft, whoever asks.
    fn malformed(&self, draft: &Draft) -> Reasons {
        let mut why = Reasons::new();
        if draft.kind != "link" {
            why.insert("unknown-kind");
        }
        if !draft.guest.email.contains('@') {
            why.insert("bad-email");
        }
        if draft.uses == Some(0) {
            why.insert("bad-uses");
        }
        if draft
            .redirect
            .as_ref()
            .is_some_and(|path| path.starts_with("//"))
        {
            why.insert("bad-redirect");
        }
        if draft
            .knowingly
            .iter()
            .any(|word| !matches!(word.as_str(), "lacking-permissions" | "without-backup"))
        {
            why.insert("unknown-override");
        }
        if let Some(window) = &draft.window {
            let within = window.use_within.as_ref();
            if within.is_some_and(|within| calendar::period(within).is_none()) {
                why.insert("bad-period");
            }
            match &window.ending {
                Ending::After(length) | Ending::AfterFirstUse(length)
                    if calendar::period(length).is_none() =>
                {
                    why.insert("bad-period");
                }
                Ending::Never => {
                    why.insert("link-must-end");
                }
                _ => {}
            }
        }
        why
    }

    /// What the policy says to a draft, but for its scope and window.
    fn out_of_policy(&self, _by: &str, draft: &Draft) -> Reasons {
        let mut why = Reasons::new();
        let kinds = self.policy.kinds.as_ref();
        if kinds.is_some_and(|kinds| !kinds.contains(&draft.kind)) {
            why.insert("kind-not-allowed");
        }
        let most = self.policy.most_uses;
        if most.is_some_and(|most| draft.uses.is_some_and(|uses| uses > most)) {
            why.insert("too-many-uses");
        }
        let domain = draft
            .guest
            .email
            .rsplit('@')
            .next()
            .unwrap_or_default()
            .to_lowercase();
        let among = |domains: &[String]| {
            domains.iter().any(|known| match known.strip_prefix("*.") {
                Some(above) => domain.ends_with(&format!(".{above}")),
                None => domain == *known,
            })
        };
        if among(&self.policy.forbidden_domains)
            || self
                .policy
                .allowed_domains
                .as_ref()
                .is_some_and(|allowed| !among(allowed))
        {
            why.insert("domain-not-allowed");
        }
        let purposes = &self.host.catalogue.purposes;
        if draft
            .purpose
            .as_ref()
            .is_some_and(|purpose| !purposes.iter().any(|known| known.name == *purpose))
        {
            why.insert("unknown-purpose");
        }
        why
    }

    /// What is named one by one must be the grantor's to give.
    fn judge_names(&self, by: &str, scope: &Scope, why: &mut Reasons) {
        let chosen = match &scope.base {
            ScopeBase::Chosen(chosen) => chosen.as_slice(),
            _ => &[],
        };
        for name in chosen.iter().chain(&scope.also) {
            if !self.host.knows(name) {
                why.insert("unknown-permission");
                continue;
            }
            if scope.except.contains(name) {
                continue;
            }
            if self.host.reserves(name) {
                why.insert("permission-reserved");
            }
            if !self.under_ceiling(name) {
                why.insert("beyond-ceiling");
            }
            if !self.host.may(by, name) {
                why.insert("beyond-own-power");
            }
        }
        if scope.except.iter().any(|name| !self.host.knows(name)) {
            why.insert("unknown-permission");
        }
    }

    /// What the policy and the purpose say to what a draft would give.
    fn judge_power(&self, draft: &Draft, permissions: &[String], why: &mut Reasons) {
        if let Some(roles) = &self.policy.roles {
            let named = match &draft.scope.base {
                ScopeBase::Role(role) => roles.contains(role),
                _ => true,
            };
            let fits = |role: &String| {
                let holds = self.host.role(role);
                permissions.iter().all(|name| holds.contains(name))
            };
            if !named || !roles.iter().any(fits) {
                why.insert("role-not-allowed");
            }
        }
        let knows = |word: &str| draft.knowingly.iter().any(|known| known == word);
        if let Some(rule) = &self.policy.fresh_backup {
            let fresh = self
                .host
                .backed_up
                .is_some_and(|at| after(at, &rule.max_age) >= self.now);
            let concerned = rule
                .permissions
                .iter()
                .any(|name| permissions.contains(name));
            if concerned && !fresh && !knows("without-backup") {
                why.insert("backup-too-old");
            }
        }
        let mut purposes = self.host.catalogue.purposes.iter();
        if let Some(purpose) = purposes.find(|known| Some(&known.name) == draft.purpose.as_ref())
            && !purpose
                .permissions
                .iter()
                .all(|name| permissions.contains(name))
            && !knows("lacking-permissions")
        {
            why.insert("role-lacks-permission");
        }
    }

    // How a grant stands.

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
        let state = if over {
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
            borrowed: false,
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
        let grant = self.grants.get_mut(id).expect("a grant");
        grant.ended = Some((why, at));
        self.tell(id, by, action);
    }

    // History.

    fn tell(&mut self, id: &str, actor: Option<&str>, action: &'static str) {
        let grant = self.grants.get_mut(id).expect("a grant");
        self.outbox.push(format!("{id}.{}", grant.history.len()));
        grant.history.push(Line {
            at: self.now,
            actor: actor.map(str::to_owned),
            subject: grant.user.clone(),
            action,
        });
    }

    fn tell_site(&mut self, actor: Option<&str>, action: &'static str) {
        self.outbox.push(format!("policy.{}", self.history.len()));
        self.history.push(Line {
            at: self.now,
            actor: actor.map(str::to_owned),
            subject: None,
            action,
        });
    }

    /// The line of this id.
    pub fn happening(&self, id: &str) -> Happening {
        let (chain, sequence) = id.rsplit_once('.').expect("a chain and a number");
        let sequence: u64 = sequence.parse().expect("a number");
        let at = usize::try_from(sequence).expect("a number");
        let (grant, line) = match self.grants.get(chain) {
            Some(grant) => (Some(chain.to_owned()), &grant.history[at]),
            None => (None, &self.history[at]),
        };
        Happening {
            id: id.to_owned(),
            grant,
            sequence,
            at: line.at,
            actor: line.actor.clone(),
            subject: line.subject.clone(),
            action: line.action.to_owned(),
            // What else is known, and the digest: `verify` looks after them.
            details: Vec::new(),
            hash: Vec::new(),
        }
    }

    /// What was not acknowledged yet, oldest first.
    pub fn waiting(&self) -> Vec<Happening> {
        let mut lines: Vec<_> = self.outbox.iter().map(|id| self.happening(id)).collect();
        lines.sort_by_key(|line| line.at);
        lines
    }

    pub fn history(
        &mut self,
        by: &str,
        id: &str,
        first: u64,
        limit: u32,
    ) -> Answer<Vec<Happening>> {
        let count = self.theirs(by, id)?.history.len() as u64;
        let last = count.min(first.saturating_add(limit.into()));
        Ok((first..last)
            .map(|number| self.happening(&format!("{id}.{number}")))
            .collect())
    }

    /// How many chains of grants and how many records there are.
    pub fn records(&self) -> (u32, u64) {
        let lines = self.grants.values().map(|grant| grant.history.len());
        let lines = lines.sum::<usize>() + self.history.len();
        (self.grants.len() as u32, lines as u64)
    }

    // Changing.

    pub fn get(&mut self, by: &str, id: &str) -> Answer<View> {
        self.theirs(by, id)?;
        Ok(self.view(&self.grants[id]))
    }

    /// All that this user may see, newest first.
    pub fn list(&self, by: &str, state: Option<&str>, email: Option<&str>) -> Answer<Vec<View>> {
        const STATES: [&str; 5] = ["ready", "provisioning", "active", "suspended", "ended"];
        self.may_grant(by)?;
        if state.is_some_and(|state| !STATES.contains(&state)) {
            return no("unknown-state");
        }
        let theirs = self
            .grants
            .values()
            .filter(|grant| self.is_owner(by) || grant.grantor == by);
        let mut views: Vec<View> = theirs.map(|grant| self.view(grant)).collect();
        views.retain(|view| {
            state.is_none_or(|state| view.state == state)
                && email.is_none_or(|email| view.guest.email.to_lowercase() == email.to_lowercase())
        });
        views.sort_by(|one, other| other.created.cmp(&one.created).then(other.id.cmp(&one.id)));
        Ok(views)
    }

    /// The grant, if this user may change it and it is not over.
    fn open(&mut self, by: &str, id: &str) -> Answer<&mut Grant> {
        self.theirs(by, id)?;
        self.see_the_end(id);
        match self.grants.get_mut(id) {
            Some(grant) if grant.ended.is_none() => Ok(grant),
            _ => no("grant-ended"),
        }
    }

    pub fn suspend(&mut self, by: &str, id: &str) -> Answer<View> {
        let grant = self.open(by, id)?;
        if grant.suspended {
            return no("already-suspended");
        }
        grant.suspended = true;
        self.tell(id, Some(by), "suspended");
        self.get(by, id)
    }

    pub fn resume(&mut self, by: &str, id: &str) -> Answer<View> {
        let grant = self.open(by, id)?;
        if !grant.suspended {
            return no("not-suspended");
        }
        grant.suspended = false;
        self.tell(id, Some(by), "resumed");
        self.get(by, id)
    }

    pub fn revoke(&mut self, by: &str, id: &str) -> Answer<View> {
        if self.open(by, id).is_ok() {
            self.finish(id, "revoked", self.now, Some(by), "revoked");
        }
        self.get(by, id)
    }

    pub fn reissue(&mut self, by: &str, id: &str, drawn: &Drawn) -> Answer<Link> {
        let most = self.policy.most_uses;
        let grant = self.open(by, id)?;
        grant.generation += 1;
        grant.uses = 0;
        grant.uses_allowed = [grant.uses_allowed, most].into_iter().flatten().min();
        let generation = grant.generation;
        self.passes
            .insert(drawn.pass.clone(), (id.to_owned(), generation));
        self.tell(id, Some(by), "reissued");
        Ok(self.issued(id, drawn))
    }

    pub fn extend(&mut self, by: &str, id: &str, extension: &Extension) -> Answer<View> {
        if let Extension::By(length) = extension
            && calendar::period(length).is_none()
        {
            // Who asks and of what is not looked at.
            return no("bad-period");
        }
        let (now, longest) = (self.now, self.policy.longest_window.clone());
        let grant = self.open(by, id)?;
        let cap = after(
            grant
                .first_used
                .filter(|_| grant.counts_from_first_use())
                .unwrap_or(grant.opens),
            &longest,
        );
        let (asked, shorter) = match (extension, grant.end) {
            (Extension::By(length), Some(end)) => (after(end, length), false),
            (Extension::By(length), None) => {
                let Ending::AfterFirstUse(present) = &grant.window.ending else {
                    return no("window-at-ceiling");
                };
                let mut sum = calendar::sum(present, length);
                if after(grant.opens, &sum) > cap {
                    sum = longest;
                }
                if after(grant.opens, &sum) <= after(grant.opens, present) {
                    return no("window-at-ceiling");
                }
                grant.window.ending = Ending::AfterFirstUse(sum);
                self.tell(id, Some(by), "extended");
                return self.get(by, id);
            }
            (Extension::To(at), end) => {
                if *at <= now.max(grant.opens) {
                    return no("window-in-the-past");
                }
                (*at, end.is_none_or(|end| *at <= end))
            }
        };
        let caps = [
            (cap, "longest-window"),
            (grant.ends_by.unwrap_or(u64::MAX), "plugin"),
        ];
        let (new, bound) = caps
            .into_iter()
            .fold((asked, "window"), |(new, bound), (cap, name)| {
                if cap < new { (cap, name) } else { (new, bound) }
            });
        if !shorter && grant.end.is_some_and(|end| new <= end) {
            return no("window-at-ceiling");
        }
        grant.end = Some(new);
        grant.bound = bound;
        grant.window.ending = Ending::At(new);
        self.tell(id, Some(by), "extended");
        self.get(by, id)
    }

    // At the door.

    /// The grant whose present link this is.
    fn opened_by(&self, pass: &str) -> Option<&Grant> {
        let (id, generation) = self.passes.get(pass)?;
        self.grants
            .get(id)
            .filter(|grant| grant.generation == *generation)
    }

    fn is_locked(&self, name: &str) -> bool {
        let tries = self.tries.get(name);
        tries.is_some_and(|tries| tries.until(self.now).is_some())
    }

    /// Why a grant does not let anybody in now.
    fn shut(&self, grant: &Grant) -> Reasons {
        let mut why = Reasons::new();
        if self.is_over(grant) {
            return Reasons::from(["grant-ended"]);
        }
        if grant.suspended {
            why.insert("grant-suspended");
        }
        if self.now < grant.opens {
            why.insert("link-not-open-yet");
        }
        why
    }

    pub fn inspect(&self, pass: &str) -> Answer<Preview> {
        let Some(token) = Token::read(pass) else {
            return if self.is_locked("site") {
                Err(Reasons::from(["locked-out", "link-not-valid"]))
            } else {
                no("link-not-valid")
            };
        };
        if self.is_locked("site") || self.is_locked(&format!("grant:{}", token.grant)) {
            return no("locked-out");
        }
        let Some(grant) = self.opened_by(pass) else {
            return no("link-not-valid");
        };
        let mut why = self.shut(grant);
        if grant
            .uses_allowed
            .is_some_and(|allowed| grant.uses >= allowed)
        {
            why.insert("link-used-up");
        }
        if !why.is_empty() {
            return Err(why);
        }
        let mut used = grant.clone();
        if used.first_used.is_none() {
            used.begin(self.now, &self.policy.longest_window);
        }
        let scope = match &grant.draft.scope.base {
            ScopeBase::All => "all permissions".to_owned(),
            ScopeBase::Chosen(_) => "chosen permissions".to_owned(),
            ScopeBase::Role(name) => {
                let mut roles = self.host.catalogue.roles.iter();
                roles
                    .find(|role| role.name == *name)
                    .map_or(name.clone(), |role| role.title.clone())
            }
        };
        Ok(Preview {
            grant: grant.id.clone(),
            invited_by: match self.host.users.get(&grant.grantor) {
                Some(user) => user.name.clone(),
                None => "somebody who has left".to_owned(),
            },
            email: grant.draft.guest.email.clone(),
            locale: grant.draft.guest.locale.clone(),
            scope,
            ends: used.present_end().0,
            uses_left: grant.uses_allowed.map(|allowed| allowed - grant.uses),
        })
    }

    /// What stands before a redemption: locks, the link itself, and the state of its grant.
    fn admitted(&mut self, pass: &str, client: Option<&str>) -> Answer<String> {
        let address = client.map(str::to_owned);
        let Some(token) = Token::read(pass) else {
            let locked =
                self.is_locked("site") || address.is_some_and(|address| self.is_locked(&address));
            return if locked {
                Err(Reasons::from(["locked-out", "link-not-valid"]))
            } else {
                no("link-not-valid")
            };
        };
        let grant = format!("grant:{}", token.grant);
        let site = "site".to_owned();
        let limits = self.policy.lockout.clone();
        let subjects = [
            (address, limits.address),
            (Some(grant), limits.grant),
            (Some(site), limits.site),
        ];
        let subjects: Vec<_> = subjects
            .into_iter()
            .filter_map(|(name, limit)| Some((name?, limit)))
            .collect();
        if subjects.iter().any(|(name, _)| self.is_locked(name)) {
            return no("locked-out");
        }
        let Some(grant) = self.opened_by(pass) else {
            for (name, limit) in subjects {
                self.count(name, pass, &limit);
            }
            return no("link-not-valid");
        };
        let id = grant.id.clone();
        self.see_the_end(&id);
        self.see_the_grantor_gone(&id);
        let grant = &self.grants[&id];
        let mut why = self.shut(grant);
        if why.contains("grant-ended") {
            return Err(why);
        }
        if grant
            .uses_allowed
            .is_some_and(|allowed| grant.uses >= allowed)
        {
            why.insert("link-used-up");
        }
        if grant
            .user
            .as_ref()
            .is_some_and(|user| !self.host.users.contains_key(user))
        {
            why.insert("user-gone");
        }
        if self.said.veto_entries {
            why.insert("vetoed");
        }
        if self.said.fail_entries {
            why.insert("hook-failed");
        }
        if why.is_empty() { Ok(id) } else { Err(why) }
    }

    /// The first step of a first redemption: that a user is being made is written down.
    pub fn provision(&mut self, pass: &str, client: Option<&str>) -> Answer<String> {
        let id = self.admitted(pass, client)?;
        let now = self.now;
        let grant = self.grants.get_mut(&id).expect("a grant");
        if grant.user.is_none() && grant.loose_since.is_none() {
            grant.loose_since = Some(now);
            self.tell(&id, None, "provisioning");
        }
        Ok(id)
    }

    /// The second: the host makes it, or has it already.
    pub fn make(&mut self, id: &str) -> Answer<String> {
        let grant = &self.grants[id];
        match &grant.user {
            Some(user) => Ok(user.clone()),
            None if self.host.rejects && !self.host.made.contains_key(id) => no("user-rejected"),
            None => Ok(self.host.make(id, &grant.draft.guest.email)),
        }
    }

    pub fn redeem(&mut self, pass: &str, client: Option<&str>, drawn: &Drawn) -> Answer<Entered> {
        let id = self.provision(pass, client)?;
        let (now, longest) = (self.now, self.policy.longest_window.clone());
        let user = self.make(&id)?;
        let grant = self.grants.get_mut(&id).expect("a grant");
        self.guests.insert(user.clone());
        grant.user = Some(user.clone());
        grant.loose_since = None;
        grant.uses += 1;
        grant.last_used = Some(now);
        if grant.first_used.is_none() {
            grant.begin(now, &longest);
        }
        let session = Session {
            grant: id.clone(),
            generation: grant.generation,
            user: user.clone(),
        };
        let entered = Entered {
            session: drawn.session.clone(),
            grant: id.clone(),
            user: user.clone(),
            ends: grant.present_end().0,
            redirect: grant.draft.redirect.clone(),
            locale: grant.draft.guest.locale.clone(),
        };
        self.sessions.insert(drawn.session.clone(), session);
        self.tell(&id, Some(&user), "redeemed");
        Ok(entered)
    }

    fn see_the_grantor_gone(&mut self, id: &str) {
        let grant = &self.grants[id];
        let gone = !self.host.users.contains_key(&grant.grantor);
        if gone && grant.ended.is_none() && self.policy.grantor_gone == GrantorGone::End {
            self.finish(id, "grantor-gone", self.now, None, "expired");
        }
    }

    pub fn sign_out(&mut self, session: &str) -> Answer<()> {
        if let Some(ended) = self.sessions.remove(session) {
            self.tell(&ended.grant, Some(&ended.user), "signed-out");
        }
        Ok(())
    }

    pub fn resolve(&mut self, session: &str) -> Answer<Resolved> {
        let Some(session) = self.sessions.get(session).cloned() else {
            return no("session-unknown");
        };
        self.see_the_end(&session.grant);
        self.see_the_grantor_gone(&session.grant);
        let grant = &self.grants[&session.grant];
        let mut why = self.shut(grant);
        if session.generation != grant.generation {
            why.insert("session-superseded");
        }
        let mut permissions = self.effective(&grant.grantor, &grant.draft.scope);
        // Nobody is asked what to take from nothing.
        if why.is_empty() && !permissions.is_empty() && self.said.fail_narrow {
            why.insert("hook-failed");
        }
        if !why.is_empty() {
            return Err(why);
        }
        permissions.retain(|name| !self.said.narrow.contains(name));
        let (ends, _) = grant.present_end();
        Ok(Resolved {
            grant: grant.id.clone(),
            user: session.user,
            grantor: grant.grantor.clone(),
            permissions,
            ends,
            until: ends.expect("links end"),
            switched: false,
        })
    }

    pub fn check(&mut self, session: &str, permission: &str) -> Answer<bool> {
        let unknown = !self.host.knows(permission);
        match self.resolve(session) {
            Err(mut why) => {
                if unknown {
                    why.insert("unknown-permission");
                }
                Err(why)
            }
            Ok(_) if unknown => no("unknown-permission"),
            Ok(resolved) => Ok(resolved.may(permission)),
        }
    }

    pub fn explain(&mut self, by: &str, id: &str, permission: &str) -> Answer<Explanation> {
        let unknown = !self.host.knows(permission);
        if let Err(mut why) = self.theirs(by, id) {
            if unknown {
                why.insert("unknown-permission");
            }
            return Err(why);
        }
        if unknown {
            return no("unknown-permission");
        }
        let grant = &self.grants[id];
        if grant.user.is_some() && self.said.fail_narrow {
            return no("hook-failed");
        }
        let narrowed = self.said.narrow.iter().any(|name| name == permission);
        let plugin = grant.user.is_none() || !narrowed;
        let past = grant.present_end().0.is_some_and(|end| end <= self.now);
        let limits = [
            ("state", grant.ended.is_none() && !grant.suspended),
            ("window", !past && grant.opens <= self.now),
            ("scope", self.named(&grant.draft.scope).contains(permission)),
            ("grantor", self.host.may(&grant.grantor, permission)),
            ("ceiling", self.under_ceiling(permission)),
            ("reserved", !self.host.reserves(permission)),
            ("plugin", plugin),
        ];
        Ok(Explanation {
            permission: permission.to_owned(),
            allowed: limits.iter().all(|(_, allows)| *allows),
            limits: limits
                .map(|(name, allows)| Limit {
                    name: name.to_owned(),
                    allows,
                    message: String::new(),
                })
                .into(),
        })
    }

    // The site as a whole.

    pub fn set_policy(&mut self, by: &str, settings: &Settings) -> Answer<()> {
        let mut why = Reasons::new();
        let period = |text: &str| calendar::period(text).is_some();
        let odd = |ending: &Ending| match ending {
            Ending::After(length) | Ending::AfterFirstUse(length) => !period(length),
            _ => false,
        };
        if !period(&settings.longest_window)
            || odd(&settings.default_ending)
            || settings
                .fresh_backup
                .as_ref()
                .is_some_and(|rule| !period(&rule.max_age))
        {
            why.insert("bad-period");
        }
        if let Err(reasons) = self.owners_only(by) {
            why.extend(reasons);
        }
        let named = settings.ceiling.iter().flatten().chain(
            settings
                .fresh_backup
                .iter()
                .flat_map(|rule| &rule.permissions),
        );
        for name in named {
            if !self.host.knows(name) {
                why.insert("unknown-permission");
            }
        }
        let known = |role: &String| {
            self.host
                .catalogue
                .roles
                .iter()
                .any(|known| known.name == *role)
        };
        if settings
            .roles
            .as_ref()
            .is_some_and(|roles| !roles.iter().all(known))
        {
            why.insert("unknown-role");
        }
        let kinds = settings.kinds.iter().flatten();
        if kinds.clone().any(|kind| kind == "promise") {
            why.insert("unknown-kind");
        }
        let LockoutLimits {
            within,
            address,
            grant,
            site,
        } = &settings.lockout;
        let tries = [address, grant, site].map(|limit| limit.tries);
        if within == "PT1S" || tries.contains(&0) {
            why.insert("out-of-range");
        }
        if settings.most_uses == Some(0) {
            why.insert("bad-uses");
        }
        if matches!(settings.default_ending, Ending::At(_) | Ending::Never) {
            why.insert("link-must-end");
        }
        if settings
            .default_redirect
            .as_ref()
            .is_some_and(|path| path.starts_with("//"))
        {
            why.insert("bad-redirect");
        }
        let mut domains = settings
            .forbidden_domains
            .iter()
            .chain(settings.allowed_domains.iter().flatten());
        if domains.any(|domain| domain.contains(' ')) {
            why.insert("bad-domain");
        }
        if !why.is_empty() {
            return Err(why);
        }
        self.policy = settings.clone();
        self.policy.longest_window = calendar::plain(&settings.longest_window);
        let lockout = &mut self.policy.lockout;
        for length in [
            &mut lockout.within,
            &mut lockout.address.lock,
            &mut lockout.grant.lock,
            &mut lockout.site.lock,
        ] {
            *length = calendar::plain(length);
        }
        self.policy.default_ending = plain(settings.default_ending.clone());
        if let Some(rule) = &mut self.policy.fresh_backup {
            rule.max_age = calendar::plain(&rule.max_age);
        }
        self.tell_site(Some(by), "policy-changed");
        Ok(())
    }

    /// A link that opens nothing was tried.
    fn count(&mut self, name: String, pass: &str, limit: &LockoutLimit) {
        let now = self.now;
        let tries = self.tries.entry(name).or_default();
        tries.locked = None;
        tries.within.clone_from(&self.policy.lockout.within);
        tries.tried.retain(|_, at| counts(*at, now, &tries.within));
        tries.tried.entry(pass.to_owned()).or_insert(now);
        if tries.tried.len() >= limit.tries as usize {
            tries.tried.clear();
            tries.locked = Some((now, after(now, &limit.lock)));
            self.tell_site(None, "locked-out");
        }
    }

    fn counted(&self, name: &str) -> Option<Lockout> {
        let tries = self.tries.get(name)?;
        let live = tries
            .tried
            .values()
            .filter(|at| counts(**at, self.now, &tries.within));
        let lockout = Lockout {
            id: name.to_owned(),
            tries: live.count() as u32,
            until: tries.until(self.now),
        };
        (lockout.tries > 0 || lockout.until.is_some()).then_some(lockout)
    }

    /// What counts now, by name.
    pub fn lockouts(&self, by: &str) -> Answer<Vec<Lockout>> {
        self.owners_only(by)?;
        Ok(self
            .tries
            .keys()
            .filter_map(|name| self.counted(name))
            .collect())
    }

    pub fn lift(&mut self, by: &str, name: &str) -> Answer<()> {
        self.owners_only(by)?;
        if self.counted(name).is_none() {
            return no("unknown-lockout");
        }
        self.tries.remove(name);
        self.tell_site(Some(by), "lock-lifted");
        Ok(())
    }

    /// How many grants are over and not recorded so, and how many users were left half-made.
    pub fn sweep(&mut self) -> (u32, u32) {
        let now = self.now;
        self.tries.retain(|_, tries| {
            let ends = tries.tried.values().map(|at| after(*at, &tries.within));
            let locked = tries.locked.map(|(_, until)| until);
            ends.chain(locked).any(|end| now < end)
        });
        let (mut expired, mut repaired) = (0, 0);
        let ids: Vec<String> = self.grants.keys().cloned().collect();
        for id in ids {
            let grant = &self.grants[&id];
            if grant.ended.is_none() && self.is_over(grant) {
                self.see_the_end(&id);
                expired += 1;
            }
            let loose = self.grants[&id].loose_since;
            if loose.is_some_and(|since| since + LOOSE <= self.now) {
                if let Some(user) = self.host.made.get(&id).cloned() {
                    self.host.delete(&user);
                }
                self.grants.get_mut(&id).expect("a grant").loose_since = None;
                // That it begins, and that it is done.
                self.tell(&id, None, "repaired");
                self.tell(&id, None, "repaired");
                repaired += 1;
            }
        }
        (expired, repaired)
    }

    /// When the next thing is due.
    pub fn next_due(&self) -> Option<u64> {
        let open = self.grants.values().filter(|grant| grant.ended.is_none());
        let ends = open.filter_map(|grant| grant.present_end().0);
        let loose = self.grants.values();
        let loose = loose.filter_map(|grant| Some(grant.loose_since? + LOOSE));
        ends.chain(loose).min()
    }
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
    fn counts_from_first_use(&self) -> bool {
        matches!(self.window.ending, Ending::AfterFirstUse(_))
    }

    fn present_end(&self) -> (Option<u64>, &'static str) {
        let mut ends = (self.end, self.bound);
        let unused = self.first_used.is_none();
        let others = [
            (self.use_by.filter(|_| unused), "use-within"),
            (self.ends_by, "plugin"),
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
                (self.ends_by.unwrap_or(u64::MAX), "plugin"),
            ];
            let (end, bound) = caps.into_iter().min_by_key(|(end, _)| *end).expect("three");
            (self.end, self.bound) = (Some(end), bound);
        }
    }
}

/// A token that is well-formed.
struct Token {
    grant: String,
}

impl Token {
    fn read(pass: &str) -> Option<Self> {
        let rest = pass.strip_prefix("gp1_")?;
        (rest.len() == 73).then(|| Self {
            grant: rest[..22].to_owned(),
        })
    }
}
