//! What becomes of guests' users when access is over.

use super::*;

/// What keeps a user who was made for a grant from being deleted.
#[derive(PartialEq)]
enum Held {
    Not,
    /// Another grant that is not over: the user waits for the end of that.
    ByAnother,
    /// A later grant, or the site.
    Otherwise,
    /// It is no guest's user any more.
    Gone,
}

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

    /// Whether this user, made for the grant, is another grant's too, or somebody by themselves.
    fn holder(&self, user: &str, id: &str) -> Held {
        let Some(last) = self.guests.get(user) else {
            return Held::Gone;
        };
        if last != id {
            let last = &self.grants[last];
            if last.user.as_deref() == Some(user) {
                return Held::Otherwise;
            }
            if last.ended.is_none() {
                return Held::ByAnother;
            }
        }
        let acts_elsewhere = self.grants.values().any(|other| {
            other.id != id
                && other.draft.kind == "invitation"
                && other.user.as_deref() == Some(user)
                && !self.is_over(other)
        });
        if acts_elsewhere {
            Held::ByAnother
        } else if self.is_member(user) {
            Held::Otherwise
        } else {
            Held::Not
        }
    }

    pub fn retire(&mut self, by: &str, id: &str, content: &ContentDecision) -> Answer<View> {
        self.decide(by, id, content)?;
        if !self.grants[id].retired {
            self.bury(id);
            self.forget(id, None);
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
        let held = grant.own_user().map(|user| self.holder(user, id));
        let held = held.filter(|held| *held != Held::Gone);
        if let (Some(user), Some(held)) = (grant.own_user(), &held) {
            if *held != Held::Not {
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
        if held.is_none() {
            self.forget(id, Some(by));
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
    fn forget(&mut self, id: &str, by: Option<&str>) {
        self.tell(id, by, "retired");
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
        let held = self.holder(user, id);
        if grant.content.is_none() && matches!(held, Held::Not | Held::ByAnother) {
            self.tell(id, None, "retiring");
            let grace = self.policy.retire_after.as_ref();
            let later = grace.map(|grace| after(self.now, grace));
            let grant = self.grants.get_mut(id).expect("a grant");
            if held == Held::ByAnother {
                grant.retire_at = later;
                return false;
            }
            grant.content = Some(ContentDecision::Keep);
            grant.retire_at = Some(self.now);
        }
        self.bury(id);
        self.forget(id, None);
        true
    }
}
