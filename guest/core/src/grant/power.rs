//! Effective power: what a grant gives at this moment.
//!
//! `scope ∩ what the grantor may do now ∩ the site's ceiling − what no guest may ever do`, and then only narrowed.

use crate::catalogue::Catalogue;
use crate::grant::scope::{Base, Scope};
use crate::order;
use crate::permissions::PermissionSet;
use crate::policy::Policy;
use crate::ports::Standing;
use crate::refusal::{Code, Refusal, quoted};

/// Bytes of all names in a scope together, so that a grant stays well below the 64 KiB that a store takes.
const LONGEST: usize = 32 * 1024;

impl Scope {
    /// What it is called: the title of its role, or what else it is.
    #[must_use]
    pub fn title(&self, catalogue: &Catalogue) -> String {
        match &self.base {
            Base::Role(name) => catalogue
                .role(name)
                .map_or_else(|| name.clone(), |role| role.title.clone()),
            Base::All => "all permissions".to_owned(),
            Base::Chosen(_) => "chosen permissions".to_owned(),
        }
    }

    /// Each name once in each list, and nothing that this catalogue does not know.
    ///
    /// # Errors
    /// [`Code::ScopeTooLong`] if that is more than a record holds.
    pub fn tidied(mut self, catalogue: &Catalogue) -> Result<Self, Refusal> {
        let mut length = 0_usize;
        let mut tidy = |names: &mut Vec<String>| {
            let mut seen = PermissionSet::EMPTY;
            names.retain(|name| match catalogue.index(name) {
                Some(index) if !seen.contains(index) => {
                    seen.insert(index);
                    length = length.saturating_add(name.len());
                    true
                }
                _ => false,
            });
        };
        if let Base::Chosen(names) = &mut self.base {
            tidy(names);
        }
        tidy(&mut self.also);
        // What is taken away stays taken away, also if the site comes to know it later.
        order::sort_and_dedup(&mut self.except);
        let taken = self
            .except
            .iter()
            .map(String::len)
            .fold(0, usize::saturating_add);
        let length = length.saturating_add(taken);
        if length <= LONGEST {
            return Ok(self);
        }
        Err(Code::ScopeTooLong
            .because("This scope names too much one by one. Start from a role or from all permissions, and name what differs.")
            .about("scope"))
    }

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

/// The limits that meet, each as a set.
#[derive(Clone, Copy, Debug)]
pub struct Power {
    /// What the scope names.
    pub scope: PermissionSet,
    /// What the grantor holds now; nothing if the grantor is gone.
    pub grantor: PermissionSet,
    /// What the site allows at all.
    pub ceiling: PermissionSet,
    /// What no guest may hold.
    pub reserved: PermissionSet,
}

/// A limit that takes permissions away.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bound {
    /// No guest may hold it.
    Reserved,
    /// The site's policy.
    Ceiling,
    /// The grantor does not hold it now.
    Grantor,
}

impl Bound {
    /// The word for programs.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Reserved => "reserved",
            Self::Ceiling => "ceiling",
            Self::Grantor => "grantor",
        }
    }
}

impl Power {
    /// No power, before it is known.
    pub const NONE: Self = Self {
        scope: PermissionSet::EMPTY,
        grantor: PermissionSet::EMPTY,
        ceiling: PermissionSet::EMPTY,
        reserved: PermissionSet::EMPTY,
    };

    /// Gathers the limits.
    #[must_use]
    pub fn new(
        scope: &Scope,
        catalogue: &Catalogue,
        policy: &Policy,
        grantor: Option<&Standing>,
    ) -> Self {
        Self {
            scope: scope.named(catalogue),
            grantor: grantor.map_or(PermissionSet::EMPTY, |standing| catalogue.held_by(standing)),
            ceiling: policy.ceiling(catalogue),
            reserved: catalogue.reserved(),
        }
    }

    /// What passes all of them.
    #[must_use]
    pub fn effective(&self) -> PermissionSet {
        self.scope
            .and(self.grantor)
            .and(self.ceiling)
            .minus(self.reserved)
    }

    /// The limit that takes this permission away, whether or not the scope names it: the one that is hardest to change.
    #[must_use]
    pub fn bound(&self, permission: usize) -> Option<Bound> {
        if self.reserved.contains(permission) {
            Some(Bound::Reserved)
        } else if !self.ceiling.contains(permission) {
            Some(Bound::Ceiling)
        } else if !self.grantor.contains(permission) {
            Some(Bound::Grantor)
        } else {
            None
        }
    }

    /// What the scope names and the grant does not give, each with its limit.
    pub fn withheld(&self) -> impl Iterator<Item = (usize, Bound)> {
        let lost = self.scope.minus(self.effective());
        let lost: Vec<_> = lost
            .iter()
            .filter_map(|index| Some((index, self.bound(index)?)))
            .collect();
        lost.into_iter()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ports::{PermissionEntry, RawCatalogue};

    #[test]
    fn a_scope_is_no_longer_than_32_kib() {
        let names: Vec<_> = (0..512).map(|n| format!("{n:064}")).collect();
        assert_eq!(names.iter().map(String::len).sum::<usize>(), 32 * 1024);
        let permission = |name: &String| PermissionEntry {
            name: name.clone(),
            title: name.clone(),
            reserved: false,
        };
        let catalogue = Catalogue::new(RawCatalogue {
            revision: 1,
            permissions: names.iter().map(permission).collect(),
            roles: Vec::new(),
            purposes: Vec::new(),
            grants_with: None,
        });
        let catalogue = catalogue.unwrap();
        let mut scope = Scope {
            base: Base::Chosen(names),
            also: Vec::new(),
            except: Vec::new(),
        };
        assert_eq!(scope.clone().tidied(&catalogue), Ok(scope.clone()));
        scope.except.push("x".to_owned());
        let refusal = scope.tidied(&catalogue).unwrap_err();
        assert_eq!(refusal.code, Code::ScopeTooLong);
    }
}
