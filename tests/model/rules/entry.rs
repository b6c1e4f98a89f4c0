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
        let Some(token) = Token::read("gp1_", pass) else {
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
        if grant.is_used_up() {
            why.insert("link-used-up");
        }
        if self.deactivated.is_some() {
            why.insert("deactivated");
        }
        if !why.is_empty() {
            return Err(why);
        }
        let mut used = grant.clone();
        if used.first_used.is_none() {
            used.begin(self.now, &self.policy.longest_window);
        }
        Ok(Preview {
            grant: grant.id.clone(),
            invited_by: self.called(&grant.grantor),
            email: grant.draft.guest.email.clone(),
            locale: grant.draft.guest.locale.clone(),
            scope: self.titled(&grant.draft.scope),
            ends: used.present_end().0,
            uses_left: grant.uses_allowed.map(|allowed| allowed - grant.uses),
        })
    }

    /// How a scope is called.
    pub(super) fn titled(&self, scope: &Scope) -> String {
        match &scope.base {
            ScopeBase::All => "all permissions".to_owned(),
            ScopeBase::Chosen(_) => "chosen permissions".to_owned(),
            ScopeBase::Role(name) => {
                let mut roles = self.host.catalogue.roles.iter();
                roles
                    .find(|role| role.name == *name)
                    .map_or(name.clone(), |role| role.title.clone())
            }
        }
    }

    /// How a user is called.
    pub(super) fn called(&self, user: &str) -> String {
        match self.host.users.get(user) {
            Some(user) => user.name.clone(),
            None => "somebody who has left".to_owned(),
        }
    }

    /// The grant behind a token of this kind, whatever its state. One that opens nothing is counted.
    pub(super) fn shown(&mut self, kind: &str, pass: &str, client: Option<&str>) -> Answer<String> {
        let address = client.map(str::to_owned);
        let Some(token) = Token::read(kind, pass) else {
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
            // While nothing opens anything, there is nothing to find out by trying.
            let counted = subjects.into_iter().filter(|_| self.deactivated.is_none());
            for (name, limit) in counted.collect::<Vec<_>>() {
                self.count(name, pass, &limit);
            }
            return no("link-not-valid");
        };
        Ok(grant.id.clone())
    }

    /// What stands before a use: the state of the grant, its user, and who is asked.
    pub(super) fn let_in(&mut self, id: &str) -> Answer<()> {
        let mut why = self.let_on(id)?;
        let grant = &self.grants[id];
        if grant.is_used_up() {
            why.insert("link-used-up");
        }
        if grant
            .user
            .as_ref()
            .is_some_and(|user| !self.host.users.contains_key(user))
        {
            why.insert("user-gone");
        }
        if why.is_empty() { Ok(()) } else { Err(why) }
    }

    /// Of that, what stands before accepting and switching too. An end that is seen now is one from then on.
    pub(super) fn let_on(&mut self, id: &str) -> Answer<Reasons> {
        self.see_the_end(id);
        self.see_the_grantor_gone(id);
        let grant = &self.grants[id];
        let mut why = self.shut(grant);
        if why.contains("grant-ended") {
            // Retired at this very moment, its user is gone before that is written down.
            why.extend(grant.retired.then_some("user-gone"));
            return Err(why);
        }
        if self.deactivated.is_some() {
            why.insert("deactivated");
        }
        if self.said.veto_entries {
            why.insert("vetoed");
        }
        if self.said.fail_entries {
            why.insert("hook-failed");
        }
        Ok(why)
    }

    /// The first step of a first redemption: that a user is being made is written down.
    pub fn provision(&mut self, pass: &str, client: Option<&str>) -> Answer<String> {
        let id = self.shown("gp1_", pass, client)?;
        self.let_in(&id)?;
        self.provisioning(&id);
        Ok(id)
    }

    pub(super) fn provisioning(&mut self, id: &str) {
        let now = self.now;
        let grant = self.grants.get_mut(id).expect("a grant");
        if grant.user.is_none() && grant.loose_since.is_none() {
            grant.loose_since = Some(now);
            self.tell(id, None, "provisioning");
        }
    }

    /// The second: the host makes it, or has it already.
    pub fn make(&mut self, id: &str) -> Answer<String> {
        let grant = &self.grants[id];
        let password = grant.draft.kind == "password";
        match grant.user.as_ref().or(grant.returning.as_ref()) {
            // One who comes back gets a new password.
            Some(_) if password && self.host.rejects => no("user-rejected"),
            Some(user) => Ok(user.clone()),
            None if self.host.rejects && !self.host.made.contains_key(id) => no("user-rejected"),
            None => Ok(self.host.make(id, &grant.draft.guest.email)),
        }
    }

    pub fn redeem(&mut self, pass: &str, client: Option<&str>, drawn: &Drawn) -> Answer<Entered> {
        let id = self.provision(pass, client)?;
        let user = self.make(&id)?;
        Ok(self.admit(&id, user, drawn, "redeemed"))
    }

    /// A use.
    pub(super) fn admit(
        &mut self,
        id: &str,
        user: String,
        drawn: &Drawn,
        action: &'static str,
    ) -> Entered {
        let id = id.to_owned();
        let (now, longest) = (self.now, self.policy.longest_window.clone());
        let grant = self.grants.get_mut(&id).expect("a grant");
        self.guests.insert(user.clone(), id.clone());
        grant.user = Some(user.clone());
        grant.loose_since = None;
        grant.uses += 1;
        grant.last_used = Some(now);
        if grant.first_used.is_none() {
            grant.begin(now, &longest);
        }
        let entered = self.begin_session(&id, &user, drawn);
        self.tell(&id, Some(&user), action);
        entered
    }

    /// A session of this grant.
    pub(super) fn begin_session(&mut self, id: &str, user: &str, drawn: &Drawn) -> Entered {
        let grant = &self.grants[id];
        let session = Session {
            grant: id.to_owned(),
            generation: grant.generation,
            user: user.to_owned(),
            started: self.now,
            seen: None,
            over: false,
        };
        self.sessions.insert(drawn.session.clone(), session);
        Entered {
            session: drawn.session.clone(),
            grant: id.to_owned(),
            user: user.to_owned(),
            ends: grant.present_end().0,
            redirect: grant.draft.redirect.clone(),
            locale: grant.draft.guest.locale.clone(),
        }
    }

    /// The grant that this user is a guest by. While that user is given a new password, nobody knows.
    fn guest_by(&self, user: &str) -> Answer<Option<&Grant>> {
        let grant = self.guests.get(user).map(|id| &self.grants[id]);
        match grant {
            Some(grant)
                if grant.loose_since.is_some() && grant.user.is_none() && grant.ended.is_none() =>
            {
                no("contended")
            }
            grant => Ok(grant),
        }
    }

    pub fn sign_in(&mut self, user: &str, drawn: &Drawn) -> Answer<Entered> {
        let (id, kind) = match self.guest_by(user)? {
            Some(grant) => (grant.id.clone(), grant.draft.kind.clone()),
            None => return no("not-a-guest"),
        };
        match kind.as_str() {
            "password" => {
                let mut why = self.let_in(&id).err().unwrap_or_default();
                // Whose user was deleted is told so, whoever that user is.
                if !why.contains("grant-ended") && !self.host.users.contains_key(user) {
                    why.insert("user-gone");
                }
                if !why.is_empty() {
                    return Err(why);
                }
                Ok(self.admit(&id, user.to_owned(), drawn, "signed-in"))
            }
            "link" => no("no-password-guest"),
            _ => no("not-a-guest"),
        }
    }

    /// Changes nothing.
    pub fn may_sign_in(&self, user: &str) -> Answer<()> {
        let Some(grant) = self.guest_by(user)? else {
            return Ok(());
        };
        if self.deactivated.is_some() {
            return no("deactivated");
        }
        let gone = !self.host.users.contains_key(&grant.grantor)
            && self.policy.grantor_gone == GrantorGone::End;
        let mut why = self.shut(grant);
        if gone {
            why.insert("grant-ended");
        }
        if grant.draft.kind == "invitation" {
            // Who was made to accept one may act by others too.
            if !why.is_empty() && self.memberships(user)?.0.iter().any(|account| account.open) {
                return Ok(());
            }
        } else if grant.is_used_up() {
            why.insert("link-used-up");
        }
        if why.is_empty() { Ok(()) } else { Err(why) }
    }

    pub(super) fn see_the_grantor_gone(&mut self, id: &str) {
        let grant = &self.grants[id];
        let gone = !self.host.users.contains_key(&grant.grantor);
        if gone && grant.ended.is_none() && self.policy.grantor_gone == GrantorGone::End {
            self.finish(id, "grantor-gone", self.now, None, "expired");
        }
    }

    pub fn sign_out(&mut self, session: &str) -> Answer<()> {
        if let Some(ended) = self.take_out(session) {
            self.tell(&ended.grant, Some(&ended.user), "signed-out");
        }
        Ok(())
    }
}
