//! The answer to "who is this, and what may they do right now?".

use serde::Serialize;

use crate::bindings::exports::guestpass::access::access::{Answer, Given};
use crate::{Permissions, Withheld};

/// Who is behind a session and what they may do. Good for the request it was asked for: whoever keeps it longer misses a
/// revocation.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Access {
    grant: String,
    user: String,
    grantor: String,
    switched: bool,
    permissions: Permissions,
    ends: Option<u64>,
    until: u64,
}

impl Access {
    /// Whether this permission is given.
    pub fn may(&self, permission: &str) -> bool {
        self.permissions.may(permission)
    }

    /// The id of the grant behind the session.
    pub fn grant(&self) -> &str {
        &self.grant
    }

    /// The host's user who acts.
    pub fn user(&self) -> &str {
        &self.user
    }

    /// The host's user whose power this is.
    pub fn grantor(&self) -> &str {
        &self.grantor
    }

    /// Whether the session was begun by [`switch`](crate::Guestpass::switch): the user acts in the grantor's account.
    pub fn switched(&self) -> bool {
        self.switched
    }

    /// Everything that may be done.
    pub fn permissions(&self) -> &Permissions {
        &self.permissions
    }

    /// When the grant ends, in milliseconds since the epoch; `None`: not by itself.
    pub fn ends(&self) -> Option<u64> {
        self.ends
    }

    /// The answer is good while now, in milliseconds since the epoch, is less than this.
    pub fn until(&self) -> u64 {
        self.until
    }
}

/// All that a grant gives.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Power {
    /// Whether it gives that now: it is open, not suspended, and the site is not deactivated.
    pub now: bool,
    /// What it gives at this moment, or would if it were open.
    pub permissions: Permissions,
    /// What its scope names and it does not give, with the limit that takes it away.
    pub withheld: Vec<Withheld>,
}

impl From<Given> for Power {
    fn from(given: Given) -> Self {
        Self {
            now: given.now,
            permissions: Permissions::from_set(given.permissions),
            withheld: given.withheld,
        }
    }
}

impl From<Answer> for Access {
    fn from(answer: Answer) -> Self {
        let Answer {
            grant,
            user,
            grantor,
            switched,
            permissions,
            ends,
            until,
        } = answer;
        Self {
            grant,
            user,
            grantor,
            switched,
            permissions: Permissions::from_set(permissions),
            ends,
            until,
        }
    }
}
