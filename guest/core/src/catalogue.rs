//! The site's permissions and roles, ready to compute with.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

use crate::names::SiteId;
use crate::order;
use crate::permissions::{self, PermissionSet};
use crate::ports::{RawCatalogue, Standing};
use crate::refusal::{Code, Refusal, quoted};

const MAX_ROLES: usize = 256;
const MAX_PURPOSES: usize = 64;
/// Bytes of all names of permissions together. Sets of them are kept in history and in the policy, and a store takes 64 KiB.
const MAX_NAMES: usize = 48 * 1024;

/// A role: how it is called and what it holds.
#[derive(Debug)]
pub struct Role {
    /// In plain words.
    pub title: String,
    /// What it holds.
    pub holds: PermissionSet,
}

/// What access may be for.
#[derive(Debug)]
pub struct Purpose {
    /// In plain words.
    pub title: String,
    /// What it takes.
    pub needs: PermissionSet,
}

/// Every permission, role and purpose of a site.
#[derive(Debug)]
pub struct Catalogue {
    revision: u64,
    /// Ascending by name: a permission's index is its bit.
    names: Vec<String>,
    /// In plain words, in the same order.
    titles: Vec<String>,
    /// All of them in a row, a space after each.
    row: String,
    /// Where each begins in the row, and where the row ends.
    begins: Vec<usize>,
    all: PermissionSet,
    reserved: PermissionSet,
    roles: BTreeMap<String, Role>,
    purposes: BTreeMap<String, Purpose>,
    grants_with: Option<usize>,
}

impl Catalogue {
    /// Checks and orders what the host handed over.
    ///
    /// # Errors
    /// [`Code::BadCatalogue`] if a name is no permission name, stands twice, or there are too many. A permission that a role
    /// names and the catalogue does not have is an error too: better no access than a guess.
    pub fn new(raw: RawCatalogue) -> Result<Self, Refusal> {
        let bad = |what: String| {
            Code::BadCatalogue.because(format!(
                "The site's list of permissions cannot be used: {what}."
            ))
        };
        if raw.permissions.len() > permissions::MAX || raw.roles.len() > MAX_ROLES {
            return Err(bad(format!(
                "it has more than {} permissions or {MAX_ROLES} roles",
                permissions::MAX
            )));
        }
        if raw.purposes.len() > MAX_PURPOSES {
            return Err(bad(format!("it has more than {MAX_PURPOSES} purposes")));
        }
        let lengths = raw.permissions.iter().map(|entry| entry.name.len());
        if lengths.fold(0, usize::saturating_add) > MAX_NAMES {
            return Err(bad(format!(
                "the names of its permissions are longer than {MAX_NAMES} bytes together"
            )));
        }
        let mut entries = raw.permissions;
        order::sort_by(&mut entries, |a, b| a.name.cmp(&b.name));
        if let Some(entry) = entries
            .iter()
            .find(|entry| !is_permission_name(&entry.name))
        {
            return Err(bad(format!(
                "{} is no permission name",
                quoted(&entry.name)
            )));
        }
        if let Some([twice, _]) = entries.array_windows().find(|[a, b]| a.name == b.name) {
            return Err(bad(format!("{} stands in it twice", quoted(&twice.name))));
        }
        let mut reserved = PermissionSet::EMPTY;
        entries
            .iter()
            .enumerate()
            .filter(|(_, entry)| entry.reserved)
            .for_each(|(index, _)| reserved.insert(index));
        let (mut row, mut begins) = (String::new(), vec![0]);
        for entry in &entries {
            row.push_str(&entry.name);
            row.push(' ');
            begins.push(row.len());
        }
        let all = PermissionSet::first(entries.len());
        let (names, titles) = entries
            .into_iter()
            .map(|entry| (entry.name, entry.title))
            .unzip();
        let mut catalogue = Self {
            revision: raw.revision,
            all,
            names,
            titles,
            row,
            begins,
            reserved,
            roles: BTreeMap::new(),
            purposes: BTreeMap::new(),
            grants_with: None,
        };
        let indexed = |name: &str| {
            catalogue
                .index(name)
                .ok_or_else(|| bad(format!("{} is used in it but not defined", quoted(name))))
        };
        let mut roles = BTreeMap::new();
        for role in raw.roles {
            let mut holds = PermissionSet::EMPTY;
            for name in &role.permissions {
                holds.insert(indexed(name)?);
            }
            let title = role.title;
            let name = quoted(&role.name);
            let twice = roles.insert(role.name, Role { title, holds });
            if twice.is_some() {
                return Err(bad(format!("the role {name} stands in it twice")));
            }
        }
        let mut purposes = BTreeMap::new();
        for purpose in raw.purposes {
            if !is_permission_name(&purpose.name) {
                return Err(bad(format!(
                    "{} is no purpose's name",
                    quoted(&purpose.name)
                )));
            }
            let mut needs = PermissionSet::EMPTY;
            for name in &purpose.permissions {
                needs.insert(indexed(name)?);
            }
            let title = purpose.title;
            let name = quoted(&purpose.name);
            let twice = purposes.insert(purpose.name, Purpose { title, needs });
            if twice.is_some() {
                return Err(bad(format!("the purpose {name} stands in it twice")));
            }
        }
        let grants_with = raw.grants_with.as_deref().map(indexed).transpose()?;
        catalogue.roles = roles;
        catalogue.purposes = purposes;
        catalogue.grants_with = grants_with;
        Ok(catalogue)
    }

    /// The bit of a permission.
    #[must_use]
    pub fn index(&self, name: &str) -> Option<usize> {
        self.names
            .binary_search_by(|known| known.as_str().cmp(name))
            .ok()
    }

    /// The bit of a permission that somebody asked for.
    ///
    /// # Errors
    /// [`Code::UnknownPermission`]
    pub fn known(&self, name: &str) -> Result<usize, Refusal> {
        self.index(name).ok_or_else(|| {
            Code::UnknownPermission
                .because(format!("This site knows no permission {}.", quoted(name)))
        })
    }

    /// The role of this name.
    #[must_use]
    pub fn role(&self, name: &str) -> Option<&Role> {
        self.roles.get(name)
    }

    /// The roles with their names, ascending.
    pub fn roles(&self) -> impl Iterator<Item = (&str, &Role)> {
        self.roles.iter().map(|(name, role)| (name.as_str(), role))
    }

    /// The purpose that somebody named.
    ///
    /// # Errors
    /// [`Code::UnknownPurpose`]
    pub fn purpose(&self, name: &str) -> Result<&Purpose, Refusal> {
        self.purposes.get(name).ok_or_else(|| {
            let known: Vec<_> = self.purposes.keys().map(String::as_str).collect();
            let known = if known.is_empty() {
                "none".to_owned()
            } else {
                known.join(", ")
            };
            Code::UnknownPurpose
                .because(format!(
                    "This site knows no purpose {}. Its purposes are: {known}.",
                    quoted(name)
                ))
                .about("purpose")
        })
    }

    /// The purposes with their names, ascending.
    pub fn purposes(&self) -> impl Iterator<Item = (&str, &Purpose)> {
        let purposes = self.purposes.iter();
        purposes.map(|(name, purpose)| (name.as_str(), purpose))
    }

    /// The names of the roles, for a sentence.
    pub fn role_names(&self) -> impl Iterator<Item = &str> {
        self.roles.keys().map(String::as_str)
    }

    /// Every permission.
    #[must_use]
    pub fn all(&self) -> PermissionSet {
        self.all
    }

    /// What no guest may hold.
    #[must_use]
    pub fn reserved(&self) -> PermissionSet {
        self.reserved
    }

    /// What this user holds now.
    #[must_use]
    pub fn held_by(&self, user: &Standing) -> PermissionSet {
        if user.owner {
            return self.all;
        }
        let roles = user
            .roles
            .iter()
            .filter_map(|name| self.role(name))
            .map(|role| role.holds);
        roles.fold(self.set_of(&user.permissions), PermissionSet::or)
    }

    /// Whether this user may hand out access.
    #[must_use]
    pub fn may_grant(&self, user: &Standing) -> bool {
        user.owner
            || self
                .grants_with
                .is_some_and(|index| self.held_by(user).contains(index))
    }

    /// The set of these names; unknown ones are left out.
    #[must_use]
    pub fn set_of(&self, names: &[String]) -> PermissionSet {
        let mut set = PermissionSet::EMPTY;
        names
            .iter()
            .filter_map(|name| self.index(name))
            .for_each(|index| set.insert(index));
        set
    }

    /// The name of a bit.
    #[must_use]
    pub fn name(&self, index: usize) -> Option<&str> {
        self.names.get(index).map(String::as_str)
    }

    /// What the permission of a bit is called in plain words.
    #[must_use]
    pub fn title(&self, index: usize) -> Option<&str> {
        self.titles.get(index).map(String::as_str)
    }

    /// The names in a set, ascending.
    pub fn names_of<'a>(&'a self, set: &'a PermissionSet) -> impl Iterator<Item = &'a str> {
        set.iter().filter_map(|index| self.name(index))
    }

    /// A set as one string: names in ascending order with a space between them.
    #[must_use]
    pub fn written(&self, set: &PermissionSet) -> String {
        let mut text = String::with_capacity(512);
        let mut indexes = set.iter().peekable();
        while let Some(first) = indexes.next() {
            // Sets are large and have few gaps, so what stands in a row is copied at once.
            let mut next = first.wrapping_add(1);
            while indexes.next_if_eq(&next).is_some() {
                next = next.wrapping_add(1);
            }
            let bounds = self.begins.get(first).zip(self.begins.get(next));
            let names = bounds.and_then(|(begin, end)| self.row.get(*begin..*end));
            text.push_str(names.unwrap_or_default());
        }
        text.pop();
        text
    }
}

fn is_permission_name(name: &str) -> bool {
    (1..=64).contains(&name.len())
        && name
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-' | b'.' | b':' | b'/'))
}

/// Catalogues by site, kept between calls. A catalogue is only used while the host still names its revision.
#[derive(Debug, Default)]
pub struct Catalogues(RefCell<BTreeMap<SiteId, Rc<Catalogue>>>);

impl Catalogues {
    /// More sites than this and the memory starts anew.
    const MAX_SITES: usize = 64;

    pub(crate) fn get(&self, site: &SiteId, revision: u64) -> Option<Rc<Catalogue>> {
        self.0
            .borrow()
            .get(site)
            .filter(|known| known.revision == revision)
            .cloned()
    }

    pub(crate) fn keep(&self, site: &SiteId, catalogue: Rc<Catalogue>) {
        let mut known = self.0.borrow_mut();
        if known.len() >= Self::MAX_SITES {
            known.clear();
        }
        known.insert(site.clone(), catalogue);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ports::{PermissionEntry, RoleEntry};

    fn permission(name: &str) -> PermissionEntry {
        PermissionEntry {
            name: name.to_owned(),
            title: format!("Title of {name}"),
            reserved: false,
        }
    }

    fn with_permissions(names: &[&str]) -> RawCatalogue {
        RawCatalogue {
            revision: 1,
            permissions: names.iter().copied().map(permission).collect(),
            roles: Vec::new(),
            purposes: Vec::new(),
            grants_with: None,
        }
    }

    fn why_not(raw: RawCatalogue) -> String {
        let refusal = Catalogue::new(raw).unwrap_err();
        assert_eq!(refusal.code, Code::BadCatalogue);
        refusal.message
    }

    #[test]
    fn a_permission_has_up_to_64_letters_digits_and_signs_that_need_no_quotes() {
        for name in ["a", "0", "edit_posts", "a-b.c:d/E", &"x".repeat(64)] {
            assert!(Catalogue::new(with_permissions(&[name])).is_ok(), "{name}");
        }
        for name in ["", "a b", "a,b", "\u{e9}", "a\n", &"x".repeat(65)] {
            let message = why_not(with_permissions(&[name]));
            assert!(message.contains("is no permission name"), "{message}");
        }
    }

    #[test]
    fn names_are_no_longer_together_than_what_a_store_takes() {
        let names: Vec<_> = (0..MAX_NAMES / 64).map(|n| format!("{n:064}")).collect();
        let mut raw = with_permissions(&names.iter().map(String::as_str).collect::<Vec<_>>());
        assert!(Catalogue::new(raw.clone()).is_ok());
        raw.permissions.push(permission("x"));
        assert!(why_not(raw).contains("longer than 49152 bytes together"));
    }

    #[test]
    fn what_stands_twice_leaves_open_which_is_meant() {
        let role = |title: &str| RoleEntry {
            name: "editor".to_owned(),
            title: title.to_owned(),
            permissions: vec!["read".to_owned()],
        };
        let mut twice = with_permissions(&["read"]);
        twice.roles = vec![role("Editor"), role("Another")];
        assert!(why_not(twice).contains("the role `editor` stands in it twice"));
        assert!(why_not(with_permissions(&["read", "read"])).contains("`read` stands in it twice"));
    }

    #[test]
    fn a_permission_is_called_by_its_title() {
        let catalogue = Catalogue::new(with_permissions(&["b", "a"])).unwrap();
        assert_eq!(catalogue.title(0), Some("Title of a"));
        assert_eq!(catalogue.title(1), Some("Title of b"));
        assert_eq!(catalogue.title(2), None);
    }

    #[test]
    fn a_catalogue_is_remembered_for_its_revision_and_at_most_64_of_them() {
        let site = |number: usize| SiteId::parse(&format!("site-{number}")).unwrap();
        let known = Rc::new(Catalogue::new(with_permissions(&["read"])).unwrap());
        let catalogues = Catalogues::default();
        for number in 0..Catalogues::MAX_SITES {
            catalogues.keep(&site(number), Rc::clone(&known));
        }
        assert!(
            catalogues
                .get(&site(0), 1)
                .is_some_and(|kept| Rc::ptr_eq(&kept, &known))
        );
        assert!(catalogues.get(&site(0), 2).is_none());
        catalogues.keep(&site(Catalogues::MAX_SITES), known);
        assert!(catalogues.get(&site(0), 1).is_none());
        assert!(catalogues.get(&site(Catalogues::MAX_SITES), 1).is_some());
    }

    #[test]
    fn every_set_is_written_as_its_names() {
        let catalogue = with_permissions(&["read", "a", "edit_posts", "b", "export", "c"]);
        let catalogue = Catalogue::new(catalogue).unwrap();
        for bits in 0..64_usize {
            let mut set = PermissionSet::EMPTY;
            (0..6)
                .filter(|bit| bits >> bit & 1 == 1)
                .for_each(|bit| set.insert(bit));
            let names: Vec<_> = catalogue.names_of(&set).collect();
            assert_eq!(catalogue.written(&set), names.join(" "));
        }
    }
}
