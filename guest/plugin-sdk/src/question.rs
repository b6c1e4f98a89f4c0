//! Short ways to look at what a hook is asked.

use crate::{Attempt, Draft, Event, Named, Power};

/// The values under this name.
fn all<'a>(more: &'a [Named], name: &'a str) -> impl Iterator<Item = &'a str> {
    more.iter()
        .filter(move |known| known.name == name)
        .map(|known| known.value.as_str())
}

/// What follows the last `@`, in lower case; empty if there is none.
fn domain(email: &str) -> String {
    email
        .rsplit_once('@')
        .map(|(_, domain)| domain.to_ascii_lowercase())
        .unwrap_or_default()
}

impl Draft {
    /// What else is known under this name.
    #[must_use]
    pub fn known(&self, name: &str) -> Option<&str> {
        self.more
            .iter()
            .find(|known| known.name == name)
            .map(|known| known.value.as_str())
    }

    /// All that is known under this name.
    pub fn all_known<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        all(&self.more, name)
    }

    /// When the site was last backed up, as far as the host knows.
    #[must_use]
    pub fn last_backup(&self) -> Option<u64> {
        self.known("last-backup")?.parse().ok()
    }

    /// Whether the scope may hold this permission. Yes as well if that cannot be told, as for a role of which the host does not
    /// say what it holds.
    #[must_use]
    pub fn may_hold(&self, permission: &str) -> bool {
        let named = |list: &[String]| list.iter().any(|name| name == permission);
        if named(&self.except) {
            return false;
        }
        let base = match self.base.as_str() {
            "chosen" => named(&self.chosen),
            "role" if self.known("role-permission").is_some() => self
                .all_known("role-permission")
                .any(|name| name == permission),
            _ => true,
        };
        base || named(&self.also)
    }

    /// The domain of the guest's address, in lower case.
    #[must_use]
    pub fn domain(&self) -> String {
        domain(&self.email)
    }
}

impl Attempt {
    /// What else is known under this name.
    #[must_use]
    pub fn known(&self, name: &str) -> Option<&str> {
        self.more
            .iter()
            .find(|known| known.name == name)
            .map(|known| known.value.as_str())
    }

    /// The domain of the guest's address, in lower case.
    #[must_use]
    pub fn domain(&self) -> String {
        domain(&self.email)
    }
}

impl Power {
    /// Whether the guest has this permission.
    #[must_use]
    pub fn has(&self, permission: &str) -> bool {
        self.names().any(|name| name == permission)
    }

    /// The permissions.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.permissions.split(' ').filter(|name| !name.is_empty())
    }
}

impl Event {
    /// What else is known under this name.
    #[must_use]
    pub fn known(&self, name: &str) -> Option<&str> {
        self.more
            .iter()
            .find(|known| known.name == name)
            .map(|known| known.value.as_str())
    }

    /// Who did it, or `the site` if nobody did.
    #[must_use]
    pub fn actor(&self) -> &str {
        self.actor.as_deref().unwrap_or("the site")
    }

    /// The grant it happened to; empty if to none.
    #[must_use]
    pub fn grant(&self) -> &str {
        self.grant.as_deref().unwrap_or_default()
    }
}
