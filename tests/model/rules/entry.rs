//! Coming in by a link, and leaving.

use super::*;

impl Site {
    /// The grant whose present link this is.
    pub(super) fn opened_by(&self, pass: &str) -> Option<&Grant> {
        let (id, generation) = self.passes.get(pass)?;
        self.grants
            .get(id)
            .filter(|grant| grant.generation == *generation)
    }

    pub(super) fn is_locked(&self, name: &str) -> bool {
        let tries = self.tries.get(name);
        tries.is_some_and(|tries| tries.until(self.now).is_some())
    }

    /// Why a grant does not let anybody in now.
    pub(super) fn shut(&self, grant: &Grant) -> Reasons {
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
    pub(super) fn admitted(&mut self, pass: &str, client: Option<&str>) -> Answer<String> {
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
            // Retired at this very moment, its user is gone before that is written down.
            why.extend(grant.retired.then_some("user-gone"));
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
        self.guests.insert(user.clone(), id.clone());
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

    pub(super) fn see_the_grantor_gone(&mut self, id: &str) {
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
}
