//! What a key of the API may be used for. Narrows only: what its user may not do, no scope gives.

use std::fmt;
use std::str::FromStr;

/// One thing that a key may be used for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum KeyScope {
    /// See grants.
    GrantsRead,
    /// Hand out access and take it back.
    GrantsWrite,
    /// Ask what a grant allows, and why.
    AccessRead,
    /// See in whose accounts its user may act.
    AccountsRead,
    /// Accept invitations as its user, and begin to act in other accounts.
    AccountsWrite,
    /// See what the site allows at all.
    PolicyRead,
    /// Change what the site allows at all.
    PolicyWrite,
    /// See what happened.
    HistoryRead,
    /// See who is locked out.
    LockoutsRead,
    /// Lift lock-outs.
    LockoutsWrite,
    /// See the plugins of the site.
    PluginsRead,
    /// Install, change and remove plugins.
    PluginsWrite,
    /// See the users of the site.
    UsersRead,
    /// See when the site was last backed up.
    BackupsRead,
    /// Record that the site was backed up.
    BackupsWrite,
    /// Tidy up.
    UpkeepWrite,
    /// Switch guests' access off and on for the whole site, and leave it for good.
    SiteOperate,
}

/// Every scope with its word, the one that a key is made with.
const WORDS: [(KeyScope, &str); 17] = [
    (KeyScope::GrantsRead, "grants:read"),
    (KeyScope::GrantsWrite, "grants:write"),
    (KeyScope::AccessRead, "access:read"),
    (KeyScope::AccountsRead, "accounts:read"),
    (KeyScope::AccountsWrite, "accounts:write"),
    (KeyScope::PolicyRead, "policy:read"),
    (KeyScope::PolicyWrite, "policy:write"),
    (KeyScope::HistoryRead, "history:read"),
    (KeyScope::LockoutsRead, "lockouts:read"),
    (KeyScope::LockoutsWrite, "lockouts:write"),
    (KeyScope::PluginsRead, "plugins:read"),
    (KeyScope::PluginsWrite, "plugins:write"),
    (KeyScope::UsersRead, "users:read"),
    (KeyScope::BackupsRead, "backups:read"),
    (KeyScope::BackupsWrite, "backups:write"),
    (KeyScope::UpkeepWrite, "upkeep:write"),
    (KeyScope::SiteOperate, "site:operate"),
];

impl KeyScope {
    /// Every scope there is.
    pub fn all() -> impl Iterator<Item = Self> {
        WORDS.iter().map(|(scope, _)| *scope)
    }

    /// Its word, for example `grants:read`.
    #[must_use]
    pub fn word(self) -> &'static str {
        WORDS
            .iter()
            .find(|(scope, _)| *scope == self)
            .map_or("", |(_, word)| word)
    }
}

impl fmt::Display for KeyScope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

/// The word is that of no scope; tells those there are.
#[derive(Debug)]
pub struct UnknownScope;

impl fmt::Display for UnknownScope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let words: Vec<_> = WORDS.iter().map(|(_, word)| format!("`{word}`")).collect();
        write!(f, "there are {}", words.join(", "))
    }
}

impl std::error::Error for UnknownScope {}

impl FromStr for KeyScope {
    type Err = UnknownScope;

    fn from_str(word: &str) -> Result<Self, UnknownScope> {
        let found = WORDS.iter().find(|(_, known)| *known == word);
        found.map(|(scope, _)| *scope).ok_or(UnknownScope)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_scope_has_a_word_of_its_own() {
        for scope in KeyScope::all() {
            assert_eq!(scope.word().parse::<KeyScope>().unwrap(), scope);
        }
        let error = "grants:all".parse::<KeyScope>().unwrap_err().to_string();
        assert!(error.contains("`grants:write`"), "{error}");
    }
}
