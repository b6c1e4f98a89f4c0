//! What an owner sets.

use super::*;

impl Site {
    pub fn deactivate(&mut self) -> u64 {
        let since = self.deactivated;
        since.unwrap_or_else(|| {
            self.deactivated = Some(self.now);
            self.tell_site(None, "deactivated");
            self.now
        })
    }

    pub fn activate(&mut self) {
        if self.deactivated.take().is_some() {
            self.tell_site(None, "activated");
        }
    }

    pub fn set_policy(&mut self, by: &str, settings: &Settings) -> Answer<()> {
        let mut why = Reasons::new();
        let period = |text: &str| calendar::period(text).is_some();
        let odd = |ending: &Ending| match ending {
            Ending::After(length) | Ending::AfterFirstUse(length) => !period(length),
            _ => false,
        };
        let sessions = [&settings.session_length, &settings.session_idle];
        if sessions.into_iter().flatten().any(|length| !period(length)) {
            why.insert("bad-period");
        }
        let odd_length = |length: &&String| ["P1Y1D"].contains(&length.as_str());
        if sessions
            .into_iter()
            .flatten()
            .any(|length| odd_length(&length))
        {
            why.insert("out-of-range");
        }
        if !period(&settings.longest_window)
            || odd(&settings.default_ending)
            || settings
                .fresh_backup
                .as_ref()
                .is_some_and(|rule| !period(&rule.max_age))
            || settings
                .retire_after
                .as_ref()
                .is_some_and(|grace| !period(grace))
        {
            why.insert("bad-period");
        }
        if let Err(reasons) = self.owners_only(by) {
            why.extend(reasons);
        }
        let named = settings.ceiling.iter().flatten().chain(
            settings
                .fresh_backup
                .iter()
                .flat_map(|rule| &rule.permissions),
        );
        for name in named {
            if !self.host.knows(name) {
                why.insert("unknown-permission");
            }
        }
        let known = |role: &String| {
            self.host
                .catalogue
                .roles
                .iter()
                .any(|known| known.name == *role)
        };
        if settings
            .roles
            .as_ref()
            .is_some_and(|roles| !roles.iter().all(known))
        {
            why.insert("unknown-role");
        }
        let kinds = settings.kinds.iter().flatten();
        if kinds.clone().any(|kind| kind == "promise") {
            why.insert("unknown-kind");
        }
        let LockoutLimits {
            within,
            address,
            grant,
            site,
        } = &settings.lockout;
        let tries = [address, grant, site].map(|limit| limit.tries);
        if within == "PT1S" || tries.contains(&0) {
            why.insert("out-of-range");
        }
        if settings.most_uses == Some(0) {
            why.insert("bad-uses");
        }
        if matches!(settings.default_ending, Ending::At(_) | Ending::Never) {
            why.insert("link-must-end");
        }
        if settings
            .default_redirect
            .as_ref()
            .is_some_and(|path| path.starts_with("//"))
        {
            why.insert("bad-redirect");
        }
        let mut domains = settings
            .forbidden_domains
            .iter()
            .chain(settings.allowed_domains.iter().flatten());
        if domains.any(|domain| domain.contains(' ')) {
            why.insert("bad-domain");
        }
        if !why.is_empty() {
            return Err(why);
        }
        let before = in_one_order(self.policy.clone());
        self.policy = settings.clone();
        self.policy.longest_window = calendar::plain(&settings.longest_window);
        let sessions = [
            self.policy.session_length.as_mut(),
            self.policy.session_idle.as_mut(),
        ];
        for length in sessions.into_iter().flatten() {
            *length = calendar::plain(length);
        }
        let lockout = &mut self.policy.lockout;
        for length in [
            &mut lockout.within,
            &mut lockout.address.lock,
            &mut lockout.grant.lock,
            &mut lockout.site.lock,
        ] {
            *length = calendar::plain(length);
        }
        self.policy.retire_after = settings.retire_after.as_deref().map(calendar::plain);
        self.policy.default_ending = plain(settings.default_ending.clone());
        if let Some(rule) = &mut self.policy.fresh_backup {
            rule.max_age = calendar::plain(&rule.max_age);
        }
        // What is in force already is no change.
        if in_one_order(self.policy.clone()) != before {
            self.tell_site(Some(by), "policy-changed");
        }
        Ok(())
    }
}
