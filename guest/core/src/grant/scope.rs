//! What a grant is meant to allow.

use serde::{Deserialize, Serialize};

use crate::catalogue::Catalogue;
use crate::permissions::PermissionSet;
use crate::refusal::{Code, Refusal, quoted};

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
    /// What it names in today's catalogue. Roles and permissions that are gone give nothing.
    #[must_use]
    pub fn named(&self, catalogue: &Catalogue) -> PermissionSet {
        let base = match &self.base {
            Base::Role(name) => catalogue
                .role(name)
                .map_or(PermissionSet::EMPTY, |role| role.holds),
            Base::All => catalogue.all(),
            Base::Chosen(names) => catalogue.set_of(names),
        };
        base.or(catalogue.set_of(&self.also))
            .minus(catalogue.set_of(&self.except))
    }

    /// The permissions named one by one, not by way of a role: somebody meant exactly these.
    pub fn explicit(&self) -> impl Iterator<Item = (&str, &'static str)> {
        let chosen: &[String] = match &self.base {
            Base::Chosen(names) => names,
            Base::Role(_) | Base::All => &[],
        };
        let chosen = chosen.iter().map(|name| (name.as_str(), "scope.base"));
        chosen.chain(self.also.iter().map(|name| (name.as_str(), "scope.also")))
    }

    /// Whether the catalogue knows the role and every permission in it.
    ///
    /// # Errors
    /// [`Code::UnknownRole`], [`Code::UnknownPermission`]
    pub fn check(&self, catalogue: &Catalogue) -> Result<(), Refusal> {
        if let Base::Role(name) = &self.base
            && catalogue.role(name).is_none()
        {
            let known: Vec<_> = catalogue.role_names().collect();
            let known = if known.is_empty() {
                "none".to_owned()
            } else {
                known.join(", ")
            };
            return Err(Code::UnknownRole
                .because(format!(
                    "This site knows no role {}. Its roles are: {known}.",
                    quoted(name)
                ))
                .about("scope.base"));
        }
        let except = self
            .except
            .iter()
            .map(|name| (name.as_str(), "scope.except"));
        for (name, field) in self.explicit().chain(except) {
            catalogue
                .known(name)
                .map_err(|refusal| refusal.about(field))?;
        }
        Ok(())
    }
}
