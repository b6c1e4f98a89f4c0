//! What happens to a grant after it was made.

use super::*;

/// What is wrong with a question is told before its grant is looked at.
const BEFORE_THE_GRANT: [&str; 6] = [
    "unknown-override",
    "unknown-role",
    "unknown-permission",
    "vetoed",
    "hook-failed",
    "unknown-grant",
];

impl Site {
    pub fn get(&mut self, by: &str, id: &str) -> Answer<View> {
        self.theirs(by, id)?;
        Ok(self.view(&self.grants[id]))
    }

    /// All that this user may see, newest first.
    pub fn list(&self, by: &str, state: Option<&str>, email: Option<&str>) -> Answer<Vec<View>> {
        const STATES: [&str; 6] = [
            "ready",
            "provisioning",
            "active",
            "suspended",
            "ended",
            "retired",
        ];
        let mut why = self.may_grant(by).err().unwrap_or_default();
        if state.is_some_and(|state| !STATES.contains(&state)) {
            why.insert("unknown-state");
        }
        if !why.is_empty() {
            return Err(why);
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
    pub(super) fn open(&mut self, by: &str, id: &str) -> Answer<&mut Grant> {
        self.theirs(by, id)?;
        self.see_the_end(id);
        match self.grants.get_mut(id) {
            Some(grant) if grant.ended.is_none() => Ok(grant),
            _ => no("grant-ended"),
        }
    }

    /// The same for what gives access. On a site that is switched off, it is only taken back.
    fn open_to_more(&mut self, by: &str, id: &str) -> Answer<&mut Grant> {
        self.theirs(by, id)?;
        if self.deactivated.is_some() {
            return no("deactivated");
        }
        self.open(by, id)
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
        let grant = self.open_to_more(by, id)?;
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
        let (most, now, rejects) = (self.policy.most_uses, self.now, self.host.rejects);
        let grant = self.open_to_more(by, id)?.clone();
        let password = grant.draft.kind == "password";
        if password {
            match &grant.user {
                None => return no("contended"),
                Some(user) if !self.host.users.contains_key(user) => return no("user-gone"),
                Some(_) if rejects => return no("user-rejected"),
                Some(_) => {}
            }
        }
        if grant.draft.kind == "invitation" && grant.user.is_some() {
            return no("already-accepted");
        }
        let grant = self.grants.get_mut(id).expect("a grant");
        if grant.draft.kind == "invitation" && now > grant.opens {
            // It opens anew; its end stays where it is.
            (grant.opens, grant.window.opens) = (now, Some(now));
            if let (Ending::After(_), Some(end)) = (&grant.window.ending, grant.end) {
                grant.window.ending = Ending::At(end);
            }
            let within = grant.window.use_within.as_ref();
            grant.use_by = within.map(|within| after(now, within));
        }
        grant.generation += 1;
        grant.uses = 0;
        grant.uses_allowed = [grant.uses_allowed, most].into_iter().flatten().min();
        let generation = grant.generation;
        if !password {
            self.passes
                .insert(drawn.pass.clone(), (id.to_owned(), generation));
        }
        self.tell(id, Some(by), "reissued");
        Ok(self.issued(id, drawn))
    }

    pub fn change_scope(
        &mut self,
        by: &str,
        id: &str,
        scope: &Scope,
        knowingly: &[String],
    ) -> Answer<View> {
        let mut why = Reasons::new();
        if knowingly
            .iter()
            .any(|word| matches!(word.as_str(), "everything" | "by-mail"))
        {
            why.insert("unknown-override");
        }
        if let ScopeBase::Role(role) = &scope.base
            && !self
                .host
                .catalogue
                .roles
                .iter()
                .any(|known| known.name == *role)
        {
            why.insert("unknown-role");
        }
        let (grantor, before) = match self.theirs(by, id) {
            Ok(grant) => (grant.grantor.clone(), grant.draft.clone()),
            Err(reasons) => {
                why.extend(reasons);
                let names = self.unknown_names(scope);
                why.extend(names.then_some("unknown-permission"));
                return Err(why);
            }
        };
        if self.said.veto_grants || self.said.uses == Some(0) {
            why.insert("vetoed");
        }
        if self.said.fail_grants {
            why.insert("hook-failed");
        }
        let mut draft = before.clone();
        draft.scope = scope.clone();
        draft.purpose = None;
        draft.knowingly = knowingly.to_vec();
        for name in self.said.except.clone() {
            if !draft.scope.except.contains(&name) {
                draft.scope.except.push(name);
            }
        }
        in_order(&mut draft.scope);
        self.judge_names(&grantor, &draft.scope, &mut why);
        if self.unknown_names(scope) {
            why.insert("unknown-permission");
        }
        let had = self.effective(&grantor, &before.scope);
        let gives = self.effective(&grantor, &draft.scope);
        if gives.is_empty() {
            why.insert("empty-scope");
        }
        self.judge_roles(&draft, &gives, &mut why);
        let gained = gives.iter().filter(|name| !had.contains(name));
        let gained: Vec<_> = gained.cloned().collect();
        self.judge_power(&draft, &gained, &mut why);
        if self.deactivated.is_some() {
            why.insert("deactivated");
        } else if self.is_over(&self.grants[id]) {
            why.insert("grant-ended");
        }
        if !why.is_empty() {
            if why.contains("grant-ended") && why.is_disjoint(&BEFORE_THE_GRANT.into()) {
                self.see_the_end(id);
            }
            return Err(why);
        }
        let (ends_by, uses) = (self.said.ends_by, self.said.uses);
        let grant = self.grants.get_mut(id).expect("a grant");
        grant.draft.scope = draft.scope;
        grant.ends_by = [grant.ends_by, ends_by].into_iter().flatten().min();
        grant.uses_allowed = [grant.uses_allowed, uses].into_iter().flatten().min();
        self.tell(id, Some(by), "scope-changed");
        self.get(by, id)
    }

    pub(super) fn unknown_names(&self, scope: &Scope) -> bool {
        let chosen = match &scope.base {
            ScopeBase::Chosen(chosen) => chosen.as_slice(),
            _ => &[],
        };
        let mut named = chosen.iter().chain(&scope.also).chain(&scope.except);
        named.any(|name| !self.host.knows(name))
    }

    /// Takes back all that a user handed out. Tells how many ended by it.
    pub fn revoke_all(&mut self, by: &str, of: &str) -> Answer<u32> {
        self.may_grant(by)?;
        if !self.is_owner(by) && by != of {
            return no("owners-only");
        }
        let theirs = self.grants.values();
        let theirs = theirs.filter(|grant| grant.grantor == of && grant.ended.is_none());
        let ids: Vec<_> = theirs.map(|grant| grant.id.clone()).collect();
        let mut revoked = 0;
        for id in ids {
            self.see_the_end(&id);
            if self.grants[&id].ended.is_none() {
                self.finish(&id, "revoked", self.now, Some(by), "revoked");
                revoked += 1;
            }
        }
        Ok(revoked)
    }

    pub fn extend(&mut self, by: &str, id: &str, extension: &Extension) -> Answer<View> {
        if let Extension::By(length) = extension
            && calendar::period(length).is_none()
        {
            // Who asks and of what is not looked at.
            return no("bad-period");
        }
        let (now, longest) = (self.now, self.policy.longest_window.clone());
        let grant = self.open_to_more(by, id)?;
        let cap = after(grant.runs_from, &longest);
        let asked = match (extension, grant.end) {
            (Extension::By(length), Some(end)) => after(end, length),
            (Extension::By(_), None) if grant.window.ending == Ending::Never => {
                return no("wrong-state");
            }
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
            (Extension::To(at), _) => {
                if *at <= now.max(grant.opens) {
                    return no("window-in-the-past");
                }
                *at
            }
        };
        let (new, bound) = if cap < asked {
            (cap, "longest-window")
        } else {
            (asked, "window")
        };
        // What a hook said is a bound of its own: the window keeps what was asked for.
        let by_hook = |end: u64| grant.ends_by.map_or(end, |latest| end.min(latest));
        let before = grant.end.map(by_hook).or(grant.ends_by);
        let gains = before.is_none_or(|before| asked <= before || by_hook(new) > before);
        if !gains || by_hook(new) <= now {
            return no("window-at-ceiling");
        }
        grant.end = Some(new);
        grant.bound = bound;
        // What a plugin allowed is a limit of its own.
        grant.window.ending = Ending::At(asked.min(cap));
        self.tell(id, Some(by), "extended");
        self.get(by, id)
    }

    // At the door.
}
