//! What a grant is meant to allow.

use serde::{Deserialize, Serialize};

/// The start of a scope.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Base {
    /// What this role holds at the moment of asking.
    Role(String),
    /// Every permission.
    All,
    /// Exactly these.
    Chosen(Vec<String>),
}

/// Base, plus `also`, minus `except`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Scope {
    /// The start.
    pub base: Base,
    /// Added to it.
    pub also: Vec<String>,
    /// Taken away, last.
    pub except: Vec<String>,
}

impl Scope {
    /// The permissions named one by one, not by way of a role: somebody meant exactly these.
    pub fn explicit(&self) -> impl Iterator<Item = (&str, &'static str)> {
        let chosen: &[String] = match &self.base {
            Base::Chosen(names) => names,
            Base::Role(_) | Base::All => &[],
        };
        let chosen = chosen.iter().map(|name| (name.as_str(), "scope.base"));
        chosen.chain(self.also.iter().map(|name| (name.as_str(), "scope.also")))
    }
}
