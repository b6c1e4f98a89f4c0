//! What a session may do, and why.

use super::*;

/// The last millisecond of the year 9999, after which there is no instant.
const FOREVER: u64 = 253_402_300_799_999;

impl Site {
    pub fn resolve(&mut self, session: &str) -> Answer<Resolved> {
        let name = session;
        let Some(session) = self.sessions.get(name).cloned() else {
            return no("session-unknown");
        };
        if session.over {
            return no("session-ended");
        }
        self.see_the_end(&session.grant);
        let shut = |site: &Self| {
            let grant = &site.grants[&session.grant];
            let mut why = site.shut(grant);
            if site.deactivated.is_some() {
                why.insert("deactivated");
            }
            if session.generation != grant.generation {
                why.insert("session-superseded");
            }
            why
        };
        // How long it lasts and whose power it is matters to a session that would go on.
        if shut(self).is_empty() {
            self.rest(name)?;
            self.see_the_grantor_gone(&session.grant);
        }
        let mut why = shut(self);
        let grant = &self.grants[&session.grant];
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
            until: self
                .session_end(name)
                .into_iter()
                .chain(ends)
                .min()
                .unwrap_or(FOREVER),
            switched: grant.draft.kind == "invitation",
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
        // Nobody is asked what to take from nothing.
        let gives = self.effective(&grant.grantor, &grant.draft.scope);
        let asked = grant.user.is_some() && !gives.is_empty();
        if asked && self.said.fail_narrow {
            return no("hook-failed");
        }
        let narrowed = self.said.narrow.iter().any(|name| name == permission);
        let plugin = !asked || !narrowed;
        let past = grant.present_end().0.is_some_and(|end| end <= self.now);
        let limits = [
            (
                "state",
                grant.ended.is_none() && !grant.suspended && self.deactivated.is_none(),
            ),
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
}
