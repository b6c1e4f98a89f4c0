//! The catalogue of WordPress, read from the file that the reference host ships.

use std::collections::BTreeMap;

use guestpass::ports::{Catalogue, PermissionEntry, Purpose, RoleEntry};
use serde::Deserialize;

const FILE: &str = include_str!("../../host/reference/catalogues/wordpress.toml");

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
struct Written {
    grants_with: Option<String>,
    reserved: Vec<String>,
    permissions: BTreeMap<String, String>,
    roles: Vec<WrittenRole>,
    purposes: Vec<WrittenPurpose>,
}

#[derive(Deserialize)]
struct WrittenRole {
    name: String,
    title: String,
    includes: Option<String>,
    permissions: Vec<String>,
}

#[derive(Deserialize)]
struct WrittenPurpose {
    name: String,
    title: String,
    permissions: Vec<String>,
}

/// Five roles from subscriber to administrator over 50 permissions, five of them reserved; `promote_users` hands out
/// access.
///
/// # Panics
/// If the file is not what it should be.
#[must_use]
pub fn wordpress() -> Catalogue {
    let written: Written = toml::from_str(FILE).expect("the catalogue file is read");
    let mut roles: Vec<RoleEntry> = Vec::new();
    for role in written.roles {
        let included = role.includes.iter().flat_map(|name| {
            let included = roles.iter().find(|role| role.name == *name);
            included
                .expect("a role includes one above it")
                .permissions
                .clone()
        });
        let permissions = included.chain(role.permissions).collect();
        roles.push(RoleEntry {
            name: role.name,
            title: role.title,
            permissions,
        });
    }
    let permissions = written
        .permissions
        .into_iter()
        .map(|(name, title)| PermissionEntry {
            reserved: written.reserved.contains(&name),
            name,
            title,
        });
    let purposes = written.purposes.into_iter().map(|purpose| Purpose {
        name: purpose.name,
        title: purpose.title,
        permissions: purpose.permissions,
    });
    Catalogue {
        revision: 1,
        permissions: permissions.collect(),
        roles,
        purposes: purposes.collect(),
        grants_with: written.grants_with,
    }
}

/// What a role of this catalogue holds, ascending.
///
/// # Panics
/// If it has no such role.
#[must_use]
pub fn held_by_role(catalogue: &Catalogue, role: &str) -> Vec<String> {
    let role = catalogue.roles.iter().find(|known| known.name == role);
    let mut held = role
        .expect("the catalogue has this role")
        .permissions
        .clone();
    held.sort();
    held
}
