//! What a draft becomes, and every reason why it becomes nothing.

use super::*;

impl Site {
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
                if self.is_leaving(&found.id) {
                    why.insert("contended");
                }
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
            retire_at: None,
            content: None,
            retired: false,
            generation: 0,
            history: Vec::new(),
            draft,
        };
        if let Some(user) = &grant.user {
            self.guests.insert(user.clone(), drawn.grant.clone());
        }
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
    pub(super) fn usual_window(&self) -> guestpass::Window {
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

    pub(super) fn issued(&self, id: &str, drawn: &Drawn) -> Link {
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
    pub(super) fn malformed(&self, draft: &Draft) -> Reasons {
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
    pub(super) fn out_of_policy(&self, _by: &str, draft: &Draft) -> Reasons {
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
    pub(super) fn judge_names(&self, by: &str, scope: &Scope, why: &mut Reasons) {
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
    pub(super) fn judge_power(&self, draft: &Draft, permissions: &[String], why: &mut Reasons) {
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
}
