//! Links that open nothing, and tidying up.

use super::*;

impl Site {
    /// A link that opens nothing was tried.
    pub(super) fn count(&mut self, name: String, pass: &str, limit: &LockoutLimit) {
        let now = self.now;
        let tries = self.tries.entry(name).or_default();
        tries.locked = None;
        tries.within.clone_from(&self.policy.lockout.within);
        tries.tried.retain(|_, at| counts(*at, now, &tries.within));
        tries.tried.entry(pass.to_owned()).or_insert(now);
        if tries.tried.len() >= limit.tries as usize {
            tries.tried.clear();
            tries.locked = Some((now, after(now, &limit.lock)));
            self.tell_site(None, "locked-out");
        }
    }

    pub(super) fn counted(&self, name: &str) -> Option<Lockout> {
        let tries = self.tries.get(name)?;
        let live = tries
            .tried
            .values()
            .filter(|at| counts(**at, self.now, &tries.within));
        let lockout = Lockout {
            id: name.to_owned(),
            tries: live.count() as u32,
            until: tries.until(self.now),
        };
        (lockout.tries > 0 || lockout.until.is_some()).then_some(lockout)
    }

    /// What counts now, by name.
    pub fn lockouts(&self, by: &str) -> Answer<Vec<Lockout>> {
        self.owners_only(by)?;
        Ok(self
            .tries
            .keys()
            .filter_map(|name| self.counted(name))
            .collect())
    }

    pub fn lift(&mut self, by: &str, name: &str) -> Answer<()> {
        self.owners_only(by)?;
        if self.counted(name).is_none() {
            return no("unknown-lockout");
        }
        self.tries.remove(name);
        self.tell_site(Some(by), "lock-lifted");
        Ok(())
    }

    /// How many grants are over and not recorded so, how many users were left half-made, and how many are retired.
    pub fn sweep(&mut self) -> (u32, u32, u32) {
        let now = self.now;
        self.tries.retain(|_, tries| {
            let ends = tries.tried.values().map(|at| after(*at, &tries.within));
            let locked = tries.locked.map(|(_, until)| until);
            ends.chain(locked).any(|end| now < end)
        });
        let (mut expired, mut repaired, mut retired) = (0, 0, 0);
        let ids: Vec<String> = self.grants.keys().cloned().collect();
        for id in ids {
            let grant = &self.grants[&id];
            if grant.ended.is_none() && self.is_over(grant) {
                self.see_the_end(&id);
                expired += 1;
            }
            let loose = self.grants[&id].loose_since;
            if loose.is_some_and(|since| since + LOOSE <= self.now) {
                if let Some(user) = self.host.made.get(&id).cloned() {
                    self.host.delete(&user);
                }
                let grant = self.grants.get_mut(&id).expect("a grant");
                grant.loose_since = None;
                // That it begins, and that it is done.
                if grant.draft.kind == "password" && grant.ended.is_none() {
                    self.finish(&id, "abandoned", now, None, "abandoned");
                } else {
                    self.tell(&id, None, "repaired");
                }
                self.tell(&id, None, "repaired");
                repaired += 1;
            }
            retired += u32::from(self.retire_due(&id));
        }
        (expired, repaired, retired)
    }

    /// When the next thing is due.
    pub fn next_due(&self) -> Option<u64> {
        let open = self.grants.values().filter(|grant| grant.ended.is_none());
        let ends = open.filter_map(|grant| grant.present_end().0);
        let loose = self.grants.values();
        let loose = loose.filter_map(|grant| Some(grant.loose_since? + LOOSE));
        let over = self.grants.values();
        let over = over.filter(|grant| grant.loose_since.is_none() && !grant.retired);
        let retiring = over.filter_map(|grant| grant.retire_at);
        ends.chain(loose).chain(retiring).min()
    }
}
