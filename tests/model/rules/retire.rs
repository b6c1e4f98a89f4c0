//! What becomes of guests' users when access is over.

use super::*;

impl Site {
    /// Whether it is decided that this user goes.
    pub(super) fn is_leaving(&self, user: &str) -> bool {
        let mut grants = self.grants.values();
        grants.any(|grant| grant.content.is_some() && grant.user.as_deref() == Some(user))
    }

    /// Whether the site has given this user power of their own.
    fn is_member(&self, user: &str) -> bool {
        self.host.users.get(user).is_some_and(|user| {
            let standing = &user.standing;
            standing.owner || !standing.roles.is_empty() || !standing.permissions.is_empty()
        })
    }

    pub fn retire(&mut self, by: &str, id: &str, content: &ContentDecision) -> Answer<View> {
        self.decide(by, id, content)?;
        if !self.grants[id].retired {
            self.bury(id);
            self.forget(id);
        }
        self.get(by, id)
    }

    /// Ends it, and writes down what becomes of what the user wrote; all that is to be done if there is none.
    pub fn decide(&mut self, by: &str, id: &str, content: &ContentDecision) -> Answer<()> {
        let grant = self.theirs(by, id)?.clone();
        if grant.retired {
            return Ok(());
        }
        let mut why = Reasons::new();
        if grant.loose_since.is_some() {
            why.insert("contended");
        }
        if let Some(user) = &grant.user {
            if self.guests.get(user).is_some_and(|last| last != id) || self.is_member(user) {
                why.insert("user-held");
            }
            if let ContentDecision::HandOver(heir) = content
                && (!self.host.users.contains_key(heir)
                    || self.guests.contains_key(heir)
                    || heir == user)
            {
                why.insert("unknown-heir");
            }
        }
        if !why.is_empty() {
            return Err(why);
        }
        self.see_the_end(id);
        if self.grants[id].ended.is_none() {
            self.finish(id, "revoked", self.now, Some(by), "revoked");
        }
        if grant.user.is_none() {
            self.tell(id, Some(by), "retired");
            self.grants.get_mut(id).expect("a grant").retired = true;
        } else if grant.content.as_ref() != Some(content) {
            self.tell(id, Some(by), "retiring");
            let now = self.now;
            let grant = self.grants.get_mut(id).expect("a grant");
            grant.content = Some(content.clone());
            grant.retire_at = Some(now);
        }
        Ok(())
    }

    /// The host deletes the user, if that was decided, unless it is an owner by now.
    pub fn bury(&mut self, id: &str) {
        let grant = &self.grants[id];
        let Some(user) = grant.user.clone().filter(|_| grant.content.is_some()) else {
            return;
        };
        if !self.is_owner(&user) {
            self.host.delete(&user);
        }
    }

    /// The grant names no user any more.
    fn forget(&mut self, id: &str) {
        self.tell(id, None, "retired");
        let grant = self.grants.get_mut(id).expect("a grant");
        grant.retired = true;
        grant.retire_at = None;
        grant.content = None;
        if let Some(user) = grant.user.take()
            && self.guests.get(&user).is_some_and(|last| last == id)
        {
            self.guests.remove(&user);
        }
    }

    /// The sweep keeps what a user wrote, and leaves users alone whom something else holds.
    pub(super) fn retire_due(&mut self, id: &str) -> bool {
        let grant = self.grants[id].clone();
        let due = grant.retire_at.is_some_and(|at| at <= self.now);
        if !due || grant.retired || grant.loose_since.is_some() {
            return false;
        }
        let user = grant.user.as_deref().expect("a user to retire");
        let later = self.guests.get(user).is_some_and(|last| last != id);
        if grant.content.is_none() && !later && !self.is_member(user) {
            self.tell(id, None, "retiring");
            let grant = self.grants.get_mut(id).expect("a grant");
            grant.content = Some(ContentDecision::Keep);
        }
        self.bury(id);
        self.forget(id);
        true
    }
}
