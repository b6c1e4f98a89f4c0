//! The catalogues shipped with the host: what roles and permissions are called, and which section needs which permission.
//! They are data files; this reads them once and checks that they fit together.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::OnceLock;

use serde::Deserialize;
use sha2::{Digest as _, Sha256};

use crate::problem::Problem;

/// The catalogue of a new site.
pub const DEFAULT: &str = "wordpress";

const FILES: [&str; 2] = [
    include_str!("../../catalogues/wordpress.toml"),
    include_str!("../../catalogues/hosting-panel.toml"),
];

/// Every role, permission and section of a kind of site.
#[derive(Debug)]
pub struct Catalogue {
    /// Its name, as the setting knows it.
    pub name: String,
    /// Its title, for people.
    pub title: String,
    /// Changes whenever the file does: the first eight bytes of its SHA-256.
    pub revision: u64,
    /// Titles of the permissions by name.
    pub permissions: BTreeMap<String, String>,
    /// Permissions that no guest may ever hold.
    pub reserved: BTreeSet<String>,
    /// What a user must hold to hand out access; none: only owners may.
    pub grants_with: Option<String>,
    /// The roles, each with everything it includes.
    pub roles: Vec<Role>,
    /// What access may be for.
    pub purposes: Vec<Purpose>,
    /// Whether each user has an account of their own, to which the lines of the sections belong.
    pub accounts: bool,
    /// The sections of the dashboard.
    pub sections: Vec<Section>,
}

/// One role.
#[derive(Debug)]
pub struct Role {
    /// Its name, as users hold it.
    pub name: String,
    /// Its title, for people.
    pub title: String,
    /// All that it allows.
    pub permissions: BTreeSet<String>,
}

/// What access may be for.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Purpose {
    /// Its name, for commands.
    pub name: String,
    /// Its title, for people.
    pub title: String,
    /// What it takes.
    pub permissions: BTreeSet<String>,
}

/// One section of the dashboard.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Section {
    /// The last part of its address.
    pub name: String,
    /// Its title, for people.
    pub title: String,
    /// What somebody must hold to enter it.
    pub permission: String,
    /// What it shows.
    pub view: View,
    /// A sentence about it, where its title does not say enough.
    #[serde(default)]
    pub about: String,
}

/// What a section shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum View {
    /// The posts, to write and publish.
    Posts,
    /// A list of lines to read and add to.
    Entries,
    /// The users of the site.
    Users,
    /// The site's title.
    Settings,
    /// All posts as one file.
    Export,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct File {
    name: String,
    title: String,
    grants_with: Option<String>,
    #[serde(default)]
    accounts: bool,
    #[serde(default)]
    reserved: BTreeSet<String>,
    permissions: BTreeMap<String, String>,
    roles: Vec<FileRole>,
    #[serde(default)]
    purposes: Vec<Purpose>,
    sections: Vec<Section>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FileRole {
    name: String,
    title: String,
    includes: Option<String>,
    permissions: BTreeSet<String>,
}

/// The catalogue of this name, or a sentence that lists those there are.
pub fn named(name: &str) -> Result<&'static Catalogue, Problem> {
    let all = all()?;
    all.iter()
        .find(|catalogue| catalogue.name == name)
        .ok_or_else(|| {
            let names: Vec<_> = all
                .iter()
                .map(|catalogue| format!("`{}`", catalogue.name))
                .collect();
            Problem::usage(
                "unknown-catalogue",
                format!(
                    "There is no catalogue `{name}`. There are {}.",
                    names.join(" and ")
                ),
            )
            .at("catalogue")
        })
}

fn all() -> Result<&'static [Catalogue], Problem> {
    static ALL: OnceLock<Result<Vec<Catalogue>, Problem>> = OnceLock::new();
    ALL.get_or_init(|| FILES.iter().map(|text| read(text)).collect())
        .as_deref()
        .map_err(Clone::clone)
}

fn read(text: &str) -> Result<Catalogue, Problem> {
    let broken = |what: String| {
        Problem::unavailable("bad-catalogue", format!("A catalogue is broken: {what}."))
    };
    let file: File = toml::from_str(text).map_err(|error| broken(error.message().to_owned()))?;
    let known = |names: &BTreeSet<String>| match names
        .iter()
        .find(|name| !file.permissions.contains_key(*name))
    {
        None => Ok(()),
        Some(name) => Err(broken(format!(
            "`{name}` in `{}` is no permission",
            file.name
        ))),
    };
    known(&file.reserved)?;
    known(&file.grants_with.iter().cloned().collect())?;
    known(
        &file
            .sections
            .iter()
            .map(|section| section.permission.clone())
            .collect(),
    )?;
    for purpose in &file.purposes {
        known(&purpose.permissions)?;
    }
    let mut roles: Vec<Role> = Vec::with_capacity(file.roles.len());
    for role in file.roles {
        known(&role.permissions)?;
        let mut permissions = role.permissions;
        if let Some(included) = role.includes {
            let included = roles
                .iter()
                .find(|earlier| earlier.name == included)
                .ok_or_else(|| {
                    broken(format!(
                        "the role `{included}` stands behind `{}`",
                        role.name
                    ))
                })?;
            permissions.extend(included.permissions.iter().cloned());
        }
        roles.push(Role {
            name: role.name,
            title: role.title,
            permissions,
        });
    }
    let mut revision = [0; 8];
    for (to, from) in revision.iter_mut().zip(Sha256::digest(text.as_bytes())) {
        *to = from;
    }
    Ok(Catalogue {
        name: file.name,
        title: file.title,
        revision: u64::from_be_bytes(revision),
        permissions: file.permissions,
        reserved: file.reserved,
        grants_with: file.grants_with,
        roles,
        purposes: file.purposes,
        accounts: file.accounts,
        sections: file.sections,
    })
}

impl Catalogue {
    /// The role of this name.
    #[must_use]
    pub fn role(&self, name: &str) -> Option<&Role> {
        self.roles.iter().find(|role| role.name == name)
    }

    /// The section of this name.
    #[must_use]
    pub fn section(&self, name: &str) -> Option<&Section> {
        self.sections.iter().find(|section| section.name == name)
    }

    /// What this permission lets somebody do, in plain words; its name if the catalogue does not know it.
    #[must_use]
    pub fn title_of<'a>(&'a self, permission: &'a str) -> &'a str {
        self.permissions
            .get(permission)
            .map_or(permission, String::as_str)
    }
}

#[cfg(test)]
#[path = "catalogue_tests.rs"]
mod tests;
