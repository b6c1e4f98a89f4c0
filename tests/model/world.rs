//! The small world that sequences are played in: its words, and the host's users as the model knows them.

use std::collections::{BTreeMap, BTreeSet};

use guestpass::ports::{Catalogue, PermissionEntry, Purpose, RoleEntry, Standing, User};

/// A working day, the end of a January, the day before a leap day, and the last minute of a year.
pub const BEGINNINGS: [&str; 4] = [
    "2026-11-22T10:00",
    "2026-01-31T09:30",
    "2028-02-28T23:00",
    "2027-12-31T23:59",
];

pub const SITES: [&str; 2] = ["main", "other"];

/// What there is to be allowed. The last one is unknown to the catalogue; the two before it are reserved at first.
pub const PERMISSIONS: [&str; 10] = [
    "read", "write", "publish", "upload", "review", "settings", "code", "users", "grants", "fly",
];

/// A user who holds this may hand out access.
pub const GRANTS_WITH: &str = "grants";

/// The last one is unknown.
pub const ROLES: [&str; 5] = ["reader", "writer", "editor", "admin", "pilot"];

/// The last one is unknown.
pub const PURPOSES: [&str; 3] = ["content", "support", "flying"];

/// The kinds of grant that there are.
pub const WAYS: [&str; 3] = ["link", "password", "invitation"];

/// Of guests, one of them twice; of users of the site `main`; and of nobody.
pub const ADDRESSES: [&str; 9] = [
    "sam@support.example",
    "kim@support.example",
    "lee@client.example",
    "Sam@Support.example",
    "bo@new.client.example",
    "ed@main.example",
    "no address",
    "sue@main.example",
    "olga@main.example",
];

pub const REDIRECTS: [&str; 3] = ["/desk", "/desk/today?tab=1", "//evil.example/"];

/// Sets of domains. The last one is no set of domains.
pub const DOMAINS: [&[&str]; 5] = [
    &[],
    &["support.example"],
    &["*.client.example"],
    &["client.example", "*.example"],
    &["no domain"],
];

/// Kinds of grant that a site may hand out. The fourth is none.
pub const KINDS: [Option<&[&str]>; 5] = [
    None,
    Some(&["link"]),
    Some(&[]),
    Some(&["promise"]),
    Some(&["invitation", "password"]),
];

/// For how long tries count; how many lock and for how long, of an address, for a grant and on a site. The last two are out
/// of range.
pub const LOCKOUTS: [(&str, [(u32, &str); 3]); 5] = [
    ("PT10M", [(3, "PT20M"), (20, "PT20M"), (300, "PT5M")]),
    ("PT1H", [(1, "PT1M"), (3, "PT1H"), (4, "P1D")]),
    ("PT1M", [(2, "PT5M"), (1, "PT1H"), (1000, "PT1M")]),
    ("PT1S", [(3, "PT20M"), (20, "PT20M"), (300, "PT5M")]),
    ("PT10M", [(0, "PT20M"), (20, "PT20M"), (300, "PT5M")]),
];

/// How long after its end the user of a grant is retired; the last one is no period.
pub const GRACES: [Option<&str>; 5] = [Some("P30D"), Some("PT1H"), None, Some("P3D"), Some("soon")];

/// From the shortest to the longest; the last two are no periods.
pub const PERIODS: [&str; 11] = [
    "PT1H", "P1D", "P3D", "P1W", "P1M", "P30D", "P1Y", "P1Y1D", "P1M1DT1H", "soon", "P0D",
];

/// Where somebody tries from. The second and third are one client.
pub const CLIENTS: [Option<&str>; 4] = [
    Some("203.0.113.7"),
    Some("2001:db8::1"),
    Some("2001:db8::2"),
    None,
];

/// The name under which lock-outs know each of them.
pub const CLIENTS_LOCKED: [Option<&str>; 4] = [
    Some("address:203.0.113.7"),
    Some("address:2001:db8::"),
    Some("address:2001:db8::"),
    None,
];

/// The last one is none.
pub const STATES: [&str; 7] = [
    "ready",
    "provisioning",
    "active",
    "suspended",
    "ended",
    "retired",
    "lost",
];

/// One of these, round and round.
pub fn pick<T: Copy>(all: &[T], which: u8) -> T {
    all[usize::from(which) % all.len()]
}

/// The names of these permissions.
pub fn permissions(bits: u16) -> Vec<String> {
    let chosen = PERMISSIONS.iter().enumerate();
    chosen
        .filter(|(bit, _)| bits & 1 << bit != 0)
        .map(|(_, name)| (*name).to_owned())
        .collect()
}

/// Four roles over nine permissions.
pub fn catalogue() -> Catalogue {
    let names = |bits| permissions(bits);
    let role = |name: &str, title: &str, bits| RoleEntry {
        name: name.to_owned(),
        title: title.to_owned(),
        permissions: names(bits),
    };
    let purpose = |name: &str, bits| Purpose {
        name: name.to_owned(),
        title: name.to_owned(),
        permissions: names(bits),
    };
    let entry = |name: &&str| PermissionEntry {
        name: (*name).to_owned(),
        title: (*name).to_owned(),
        reserved: matches!(*name, "users" | "grants"),
    };
    Catalogue {
        revision: 1,
        permissions: PERMISSIONS[..9].iter().map(entry).collect(),
        roles: vec![
            role("reader", "Reader", 0b1),
            role("writer", "Writer", 0b1011),
            role("editor", "Editor", 0b1_1111),
            role("admin", "Administrator", 0b1_1111_1111),
        ],
        purposes: vec![purpose("content", 0b111), purpose("support", 0b110_0000)],
        grants_with: Some(GRANTS_WITH.to_owned()),
    }
}

/// A user of the beginning, of this site.
pub fn user(site: &str, id: &str) -> User {
    let (name, owner, role, grants) = match id {
        "olga" => ("Olga Owner", true, None, false),
        "ed" => ("Ed Editor", false, Some("editor"), true),
        "ann" => ("Ann Writer", false, Some("writer"), true),
        AUDITOR => ("Audrey Auditor", true, None, false),
        _ => ("Sue Reader", false, Some("reader"), false),
    };
    User {
        id: id.to_owned(),
        email: format!("{id}@{site}.example"),
        name: name.to_owned(),
        standing: Standing {
            owner,
            roles: role.into_iter().map(str::to_owned).collect(),
            permissions: grants.then(|| GRANTS_WITH.to_owned()).into_iter().collect(),
            catalogue: 0,
        },
    }
}

/// The users of the beginning.
pub const USERS: [&str; 5] = ["olga", "ed", "ann", "sue", AUDITOR];

/// Who looks at everything and is left alone by what happens.
pub const AUDITOR: &str = "audrey";

/// What the model knows of the host of one site.
#[derive(Debug, Clone)]
pub struct Host {
    pub users: BTreeMap<String, User>,
    /// The user made under a key.
    pub made: BTreeMap<String, String>,
    /// How many were ever made.
    pub count: u32,
    /// Who has a password.
    pub passwords: BTreeSet<String>,
    pub catalogue: Catalogue,
    pub rejects: bool,
    pub backed_up: Option<u64>,
}

impl Host {
    pub fn of(site: &str) -> Self {
        let users = USERS.iter();
        Self {
            users: users.map(|id| ((*id).to_owned(), user(site, id))).collect(),
            made: BTreeMap::new(),
            count: 0,
            passwords: BTreeSet::new(),
            catalogue: catalogue(),
            rejects: false,
            backed_up: None,
        }
    }

    /// The user with this address, whatever the case of its letters.
    pub fn by_email(&self, email: &str) -> Option<&User> {
        let folded = email.to_lowercase();
        let mut users = self.users.values();
        users.find(|user| user.email.to_lowercase() == folded)
    }

    /// What a role holds of what the catalogue knows.
    pub fn role(&self, name: &str) -> Vec<String> {
        let role = self.catalogue.roles.iter().find(|role| role.name == name);
        role.map(|role| role.permissions.clone())
            .unwrap_or_default()
    }

    pub fn knows(&self, permission: &str) -> bool {
        let mut known = self.catalogue.permissions.iter();
        known.any(|known| known.name == permission)
    }

    pub fn reserves(&self, permission: &str) -> bool {
        let mut known = self.catalogue.permissions.iter();
        known.any(|known| known.name == permission && known.reserved)
    }

    /// Whether a user may do this by what the host says of them.
    pub fn may(&self, user: &str, permission: &str) -> bool {
        self.knows(permission)
            && self.users.get(user).is_some_and(|user| {
                let standing = &user.standing;
                standing.owner
                    || standing.permissions.iter().any(|held| held == permission)
                    || standing
                        .roles
                        .iter()
                        .any(|role| self.role(role).iter().any(|held| held == permission))
            })
    }

    /// Whether a user may hand out access.
    pub fn may_grant(&self, user: &str) -> bool {
        self.users.get(user).is_some_and(|user| user.standing.owner)
            || self
                .catalogue
                .grants_with
                .as_ref()
                .is_some_and(|permission| self.may(user, permission))
    }

    /// Makes a user under a key, or finds the one that was made under it.
    pub fn make(&mut self, key: &str, email: &str) -> String {
        if let Some(id) = self.made.get(key) {
            return id.clone();
        }
        self.count += 1;
        let id = format!("guest-{}", self.count);
        self.made.insert(key.to_owned(), id.clone());
        let user = User {
            id: id.clone(),
            email: email.to_owned(),
            name: email.to_owned(),
            standing: Standing {
                owner: false,
                roles: Vec::new(),
                permissions: Vec::new(),
                catalogue: 0,
            },
        };
        self.users.insert(id.clone(), user);
        id
    }

    /// Deletes a user, as the engine has it done.
    pub fn delete(&mut self, id: &str) {
        self.users.remove(id);
        self.made.retain(|_, made| made != id);
        self.passwords.remove(id);
    }
}
