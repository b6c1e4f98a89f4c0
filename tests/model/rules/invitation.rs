//! Invitations, and acting in somebody else's account.

use super::*;

impl Site {
    pub fn look_at(&self, token: &str) -> Answer<Invitation> {
        let Some(read) = Token::read("gi1_", token) else {
            return no("link-not-valid");
        };
        if self.is_locked("site") || self.is_locked(&format!("grant:{}", read.grant)) {
            return no("locked-out");
        }
        let Some(grant) = self.opened_by(token) else {
            return no("link-not-valid");
        };
        let mut why = self.shut(grant);
        if grant.user.is_some() {
            why.insert("already-accepted");
        }
        if self.deactivated.is_some() {
            why.insert("deactivated");
        }
        if !why.is_empty() {
            return Err(why);
        }
        let mut accepted = grant.clone();
        accepted.begin(self.now, &self.policy.longest_window);
        let draft = &grant.draft;
        Ok(Invitation {
            grant: grant.id.clone(),
            account: grant.grantor.clone(),
            invited_by: self.called(&grant.grantor),
            email: draft.guest.email.clone(),
            locale: draft.guest.locale.clone(),
            message: draft.message.clone(),
            scope: self.titled(&draft.scope),
            ends: accepted.present_end().0,
            accept_by: grant.present_end().0,
            has_user: self.host.by_email(&draft.guest.email).is_some(),
        })
    }

    /// The invitation of this token, if it waits to be accepted.
    fn pending(&mut self, token: &str, client: Option<&str>) -> Answer<(String, Reasons)> {
        let id = self.shown("gi1_", token, client)?;
        let mut why = self.let_on(&id)?;
        if self.grants[&id].user.is_some() {
            why.insert("already-accepted");
        }
        Ok((id, why))
    }

    /// The first step of accepting as a new user.
    pub fn begin_anew(&mut self, token: &str, client: Option<&str>) -> Answer<String> {
        let (id, mut why) = self.pending(token, client)?;
        let email = &self.grants[&id].draft.guest.email;
        if let Some(known) = self.host.by_email(email)
            && self.host.made.get(&id) != Some(&known.id)
        {
            why.insert("sign-in-first");
        }
        if !why.is_empty() {
            return Err(why);
        }
        self.provisioning(&id);
        Ok(id)
    }

    pub fn accept(
        &mut self,
        token: &str,
        existing: Option<&str>,
        client: Option<&str>,
    ) -> Answer<Accepted> {
        let (id, user) = match existing {
            None => {
                let id = self.begin_anew(token, client)?;
                let user = self.make(&id)?;
                self.guests.insert(user.clone(), id.clone());
                (id, user)
            }
            Some(user) => {
                let (id, mut why) = self.pending(token, client)?;
                let grant = &self.grants[&id];
                match self.host.users.get(user) {
                    None => _ = why.insert("unknown-actor"),
                    Some(known) => {
                        if known.email.to_lowercase() != grant.draft.guest.email.to_lowercase() {
                            why.insert("wrong-user");
                        }
                        if known.id == grant.grantor {
                            why.insert("self-invitation");
                        }
                        if known.standing.owner {
                            why.insert("owner-invited");
                        }
                    }
                }
                if self.is_guest_of_their_own(user) {
                    why.insert("email-in-use");
                }
                if self.is_leaving(user) {
                    why.insert("user-gone");
                }
                if grant.loose_since.is_some() {
                    why.insert("contended");
                }
                if !why.is_empty() {
                    return Err(why);
                }
                (id, user.to_owned())
            }
        };
        let (now, longest) = (self.now, self.policy.longest_window.clone());
        let grant = self.grants.get_mut(&id).expect("a grant");
        grant.user = Some(user.clone());
        grant.borrowed = existing.is_some();
        grant.loose_since = None;
        grant.uses += 1;
        grant.last_used = Some(now);
        grant.begin(now, &longest);
        let accepted = Accepted {
            grant: id.clone(),
            user: user.clone(),
            account: grant.grantor.clone(),
            ends: grant.present_end().0,
            redirect: grant.draft.redirect.clone(),
            locale: grant.draft.guest.locale.clone(),
        };
        self.tell_of_account(&id, &user, "accepted");
        Ok(accepted)
    }

    pub fn decline(&mut self, token: &str, client: Option<&str>) -> Answer<()> {
        let id = self.shown("gi1_", token, client)?;
        if self.grants[&id]
            .ended
            .is_some_and(|(why, _)| why == "declined")
        {
            return Ok(());
        }
        self.see_the_end(&id);
        self.see_the_grantor_gone(&id);
        let grant = &self.grants[&id];
        let mut why = self.shut(grant);
        if grant.user.is_some() {
            why.insert("already-accepted");
        }
        if !why.is_empty() {
            return Err(why);
        }
        self.finish(&id, "declined", self.now, None, "declined");
        Ok(())
    }

    /// The accounts in which a user may act, and the one to enter at once.
    pub fn memberships(&self, user: &str) -> Answer<(Vec<Membership>, Option<String>)> {
        let Some(known) = self.host.users.get(user) else {
            return no("unknown-actor");
        };
        let own = (!self.guests.contains_key(user)).then(|| Membership {
            grant: None,
            account: user.to_owned(),
            name: known.name.clone(),
            scope: None,
            open: true,
            ends: None,
        });
        let theirs = self.grants.values().filter(|grant| {
            grant.draft.kind == "invitation"
                && grant.user.as_deref() == Some(user)
                && !self.is_over(grant)
        });
        let others = theirs.map(|grant| Membership {
            grant: Some(grant.id.clone()),
            account: grant.grantor.clone(),
            name: self.called(&grant.grantor),
            scope: Some(self.titled(&grant.draft.scope)),
            open: self.deactivated.is_none() && self.shut(grant).is_empty(),
            ends: grant.present_end().0,
        });
        let accounts: Vec<_> = own.into_iter().chain(others).collect();
        let enter = match accounts.as_slice() {
            [only] if only.open => only.grant.clone(),
            _ => None,
        };
        Ok((accounts, enter))
    }

    pub fn switch(
        &mut self,
        user: &str,
        id: &str,
        leaving: Option<&str>,
        drawn: &Drawn,
    ) -> Answer<Entered> {
        let left = leaving.and_then(|name| self.sessions.get(name)).cloned();
        let left = left.filter(|left| !left.over);
        let mut why = Reasons::new();
        if left.as_ref().is_some_and(|left| left.user != user) || leaving == Some("gs1_nothing") {
            why.insert("session-unknown");
        }
        let theirs = self.grants.get(id).is_some_and(|grant| {
            grant.draft.kind == "invitation" && grant.user.as_deref() == Some(user)
        });
        if !theirs {
            why.insert("unknown-grant");
            return Err(why);
        }
        // What cannot be a session is refused without a look at the grant, whose end is then not seen either.
        if leaving == Some("gs1_nothing") {
            return Err(why);
        }
        match self.let_on(id) {
            Ok(reasons) => why.extend(reasons),
            Err(reasons) => {
                why.extend(reasons);
                return Err(why);
            }
        }
        if !self.host.users.contains_key(user) {
            why.insert("user-gone");
        }
        if !why.is_empty() {
            return Err(why);
        }
        if let (Some(name), Some(left)) = (leaving, left) {
            self.sessions.remove(name);
            self.tell_of_account(&left.grant, &left.user, "returned");
        }
        self.grants.get_mut(id).expect("a grant").last_used = Some(self.now);
        let entered = self.begin_session(id, user, drawn);
        self.tell_of_account(id, user, "switched");
        Ok(entered)
    }

    /// Whoever comes back is told who they are, if they may still be let in. The session is over in any case.
    pub fn return_to_own(&mut self, session: &str) -> Answer<String> {
        let known = self.sessions.get(session).filter(|known| !known.over);
        match known.map(|known| self.grants[&known.grant].draft.kind.as_str()) {
            None => return no("session-unknown"),
            Some("invitation") => {}
            Some(_) => return no("wrong-state"),
        }
        let left = self.take_out(session).expect("a session");
        self.tell_of_account(&left.grant, &left.user, "returned");
        if !self.host.users.contains_key(&left.user) {
            return no("user-gone");
        }
        let somewhere = self.memberships(&left.user)?.0;
        if self.guests.contains_key(&left.user) && !somewhere.iter().any(|account| account.open) {
            let why = self.shut(&self.grants[&left.grant]);
            if !why.is_empty() {
                return Err(why);
            }
        }
        Ok(left.user)
    }
}
