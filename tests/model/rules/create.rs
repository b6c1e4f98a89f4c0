//! What a draft becomes, and every reason why it becomes nothing.

use super::*;

impl Site {
    /// Makes a grant; one with a password in two steps, since the host makes its user in between.
    pub fn create(&mut self, by: &str, draft: &Draft, drawn: &Drawn) -> Answer<Link> {
        if !self.grants.contains_key(&drawn.grant) {
            self.begin(by, draft, drawn)?;
        }
        if draft.kind == "password" {
            self.make_ready(by, &drawn.grant)?;
        }
        Ok(self.issued(&drawn.grant, drawn))
    }

    /// The user of a grant with a password is there, or it is over.
    fn make_ready(&mut self, by: &str, id: &str) -> Answer<()> {
        let Ok(user) = self.make(id) else {
            self.grants.get_mut(id).expect("a grant").loose_since = None;
            self.abandon(id);
            return no("user-rejected");
        };
        let grant = self.grants.get_mut(id).expect("a grant");
        if grant.ended.is_some() {
            return no("grant-ended");
        }
        grant.loose_since = None;
        grant.draft.guest.login = Some(format!("login-of-{user}"));
        grant.user = Some(user.clone());
        self.guests.insert(user, id.to_owned());
        self.tell(id, Some(by), "provisioned");
        Ok(())
    }

    /// There will be no user of a grant with a password.
    pub fn abandon(&mut self, id: &str) {
        if self.grants[id].draft.kind == "password" {
            self.finish(id, "abandoned", self.now, None, "abandoned");
        }
    }

    /// All but the user of a grant with a password.
    pub fn begin(&mut self, by: &str, draft: &Draft, drawn: &Drawn) -> Answer<()> {
        let mut draft = draft.clone();
        let invited = draft.kind == "invitation";
        let mut why = self.malformed(&draft);
        if let Err(reasons) = self.may_grant(by) {
            why.extend(reasons);
            return Err(why);
        }
        // An earlier grant of this guest that is seen to be over is so from then on.
        let folded = draft.guest.email.to_lowercase();
        let to_this = |grant: &&Grant| {
            grant.draft.guest.email.to_lowercase() == folded
                && (grant.draft.kind == "invitation") == invited
                && (!invited || grant.grantor == by)
        };
        let earlier = self.grants.values().filter(to_this);
        let mut earlier: Vec<String> = earlier.map(|grant| grant.id.clone()).collect();
        why.extend(self.out_of_policy(by, &draft));
        if self.said.veto_grants || self.said.uses == Some(0) {
            why.insert("vetoed");
        }
        if self.said.fail_grants {
            why.insert("hook-failed");
        }
        let mut user = None;
        match self.host.by_email(&draft.guest.email).cloned() {
            Some(found) if invited => {
                if found.id == by {
                    why.insert("self-invitation");
                }
                if found.standing.owner {
                    why.insert("owner-invited");
                }
                if self.is_guest_of_their_own(&found.id) {
                    why.insert("email-in-use");
                }
            }
            Some(found) if self.is_guest(&found.id) && !self.was_made_to_accept(&found.id) => {
                if self.is_leaving(&found.id) {
                    why.insert("contended");
                }
                // Under another address that guest may have access too.
                earlier.extend(self.guests.get(&found.id).cloned());
                user = Some(found.id);
            }
            Some(_) => _ = why.insert("email-in-use"),
            None => {}
        }
        if earlier.iter().any(|id| !self.is_over(&self.grants[id])) {
            why.insert("guest-has-access");
        }
        if !invited
            && earlier
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
        if self.unknown_names(&draft.scope) {
            why.insert("unknown-permission");
        }
        // What the hooks take away is named no more.
        for name in &self.said.except {
            if !draft.scope.except.contains(name) {
                draft.scope.except.push(name.clone());
            }
        }
        in_order(&mut draft.scope);
        self.judge_names(by, &draft.scope, &mut why);
        let permissions = self.effective(by, &draft.scope);
        if permissions.is_empty() {
            why.insert("empty-scope");
        }
        self.judge_roles(&draft, &permissions, &mut why);
        self.judge_power(&draft, &permissions, &mut why);
        let mut window = match &draft.window {
            Some(window) => window.clone(),
            None if invited => guestpass::Window {
                opens: Some(self.now),
                ending: Ending::Never,
                use_within: None,
            },
            None => self.usual_window(),
        };
        if !why.is_disjoint(&Reasons::from(["bad-period", "link-must-end"])) {
            return Err(why);
        }
        let opens = window.opens.unwrap_or(self.now);
        window.opens = Some(opens);
        let longest = after(opens, &self.policy.longest_window);
        if opens > after(self.now, &self.policy.longest_window) {
            why.insert("opens-too-late");
        }
        let (end, bound) = match &window.ending {
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
        let first_use = matches!(window.ending, Ending::AfterFirstUse(_));
        let usual = |length: &str| {
            let fits = after(opens, length) <= longest;
            let longest = &self.policy.longest_window;
            if fits { length } else { longest }.to_owned()
        };
        let within = window.use_within.clone();
        let within = within
            .or_else(|| invited.then(|| usual("P7D")))
            .or_else(|| first_use.then(|| usual("P30D")));
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
        let asked = if invited { Some(1) } else { draft.uses };
        let uses = [asked, self.policy.most_uses, self.said.uses];
        let password = draft.kind == "password";
        let grant = Grant {
            id: drawn.grant.clone(),
            grantor: by.to_owned(),
            window,
            created: self.now,
            opens,
            runs_from: opens,
            end,
            bound,
            use_by,
            ends_by,
            uses_allowed: uses.into_iter().flatten().min(),
            uses: 0,
            first_used: None,
            last_used: None,
            returning: user.clone(),
            user: user.filter(|_| !password),
            borrowed: false,
            suspended: false,
            loose_since: password.then_some(self.now),
            ended: None,
            retire_at: None,
            content: None,
            retired: false,
            generation: 0,
            history: Vec::new(),
            draft,
        };
        if let Some(user) = &grant.returning {
            self.guests.insert(user.clone(), drawn.grant.clone());
        }
        self.grants.insert(drawn.grant.clone(), grant);
        if !password {
            self.passes
                .insert(drawn.pass.clone(), (drawn.grant.clone(), 0));
        }
        for id in earlier {
            self.see_the_end(&id);
        }
        self.tell(&drawn.grant, Some(by), "created");
        Ok(())
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
        if !world::WAYS.contains(&draft.kind.as_str()) {
            why.insert("unknown-kind");
        }
        if !draft.guest.email.contains('@') {
            why.insert("bad-email");
        }
        if draft.uses == Some(0) || draft.uses.is_some() && draft.kind == "invitation" {
            why.insert("bad-uses");
        }
        if draft
            .redirect
            .as_ref()
            .is_some_and(|path| path.starts_with("//"))
        {
            why.insert("bad-redirect");
        }
        if draft.knowingly.iter().any(|word| {
            !matches!(
                word.as_str(),
                "lacking-permissions" | "without-backup" | "by-mail"
            )
        }) {
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
                Ending::Never if draft.kind != "invitation" => {
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
        if self.deactivated.is_some() {
            why.insert("deactivated");
        }
        let kinds = self.policy.kinds.as_ref();
        if kinds.is_some_and(|kinds| !kinds.contains(&draft.kind)) {
            why.insert("kind-not-allowed");
        }
        let most = self.policy.most_uses;
        let uses = draft.uses.filter(|_| draft.kind != "invitation");
        if most.is_some_and(|most| uses.is_some_and(|uses| uses > most)) {
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
    }

    /// What the policy says to the role of a draft.
    pub(super) fn judge_roles(&self, draft: &Draft, permissions: &[String], why: &mut Reasons) {
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
    }

    /// What the policy and the purpose say to what a draft would give.
    pub(super) fn judge_power(&self, draft: &Draft, permissions: &[String], why: &mut Reasons) {
        let knows = |word: &str| draft.knowingly.iter().any(|known| known == word);
        if let Some(rule) = &self.policy.fresh_backup {
            let fresh = self
                .host
                .backed_up
                .is_some_and(|at| self.now < after(at, &rule.max_age));
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
