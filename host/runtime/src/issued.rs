//! The two answers that hold a secret.

use crate::bindings::exports::guestpass::access::entry::Admission as WitAdmission;
use crate::bindings::guestpass::access::types::Issued as WitIssued;
use crate::{Grant, Permissions, Secret, Withheld};

/// A link or password that was just made, or made anew.
#[derive(Debug)]
pub struct Issued {
    /// The grant behind it.
    pub grant: Grant,
    /// What lets the guest in. This is the one time it can be shown. Of a link: put it behind `#` in the address of the
    /// landing page; only its SHA-256 is kept. Of a password: 24 characters, to be shown together with
    /// the name to sign in by, `grant.guest.login`.
    pub secret: Secret,
    /// What the grant gives right now.
    pub permissions: Permissions,
    /// What the scope names and the grant does not give, with the limit that takes it away.
    pub withheld: Vec<Withheld>,
}

/// Somebody is in.
#[derive(Debug)]
pub struct Admission {
    /// The new session: a secret for the browser's cookie or the host's own session.
    pub session: Secret,
    /// The id of the grant.
    pub grant: String,
    /// The host's user who acts.
    pub user: String,
    /// When the grant ends, in milliseconds since the epoch; `None`: not by itself.
    pub ends: Option<u64>,
    /// The path on the site to go to; `None`: the host's own choice.
    pub redirect: Option<String>,
    /// The language for the guest's pages, a BCP 47 tag.
    pub locale: Option<String>,
}

impl From<WitIssued> for Issued {
    fn from(issued: WitIssued) -> Self {
        let WitIssued {
            grant,
            secret,
            permissions,
            withheld,
        } = issued;
        Self {
            grant,
            secret: Secret::new(secret),
            permissions: Permissions::from_set(permissions),
            withheld,
        }
    }
}

impl From<WitAdmission> for Admission {
    fn from(admission: WitAdmission) -> Self {
        let WitAdmission {
            session,
            grant,
            user,
            ends,
            redirect,
            locale,
        } = admission;
        Self {
            session: Secret::new(session),
            grant,
            user,
            ends,
            redirect,
            locale,
        }
    }
}
