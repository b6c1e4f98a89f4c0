//! What happens to a grant after it was made.

use super::*;

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
        // What a plugin allowed is a limit of its own.
        grant.window.ending = Ending::At(asked.min(cap));
        self.tell(id, Some(by), "extended");
        self.get(by, id)
    }

    // At the door.
}
