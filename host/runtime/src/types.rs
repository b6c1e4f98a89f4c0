//! The words of the contract under plain names, and short ways to say the usual ones. The records that carry a secret are
//! not among them: see [`Issued`](crate::Issued) and [`Admission`](crate::Admission).

pub use crate::bindings::exports::guestpass::access::access::{
    EndExplanation, EndLimit, Explanation, Limit, Membership, MembershipsPage as Memberships,
};
pub use crate::bindings::exports::guestpass::access::entry::{
    Preview, Running as RunningSession, SessionPage as Sessions,
};
pub use crate::bindings::exports::guestpass::access::grants::{
    Extension, Filter, Page, RevokedAll,
};
pub use crate::bindings::exports::guestpass::access::history::{
    Checkpoint, Entry as Logged, Fault, Inclusion, Report,
};
pub use crate::bindings::exports::guestpass::access::invitations::{Accepted, Invitation, Invitee};
pub use crate::bindings::exports::guestpass::access::lifecycle::Progress as Uninstalled;
pub use crate::bindings::exports::guestpass::access::lockouts::{Lockout, Page as Lockouts};
pub use crate::bindings::exports::guestpass::access::policy::{
    FreshBackup, GrantorGone, LockoutLimit, LockoutLimits, Preset, Settings, Template,
};
pub use crate::bindings::exports::guestpass::access::upkeep::Swept;
pub use crate::bindings::guestpass::access::types::{
    Actor, Draft, Ending, Grant, Guest, Happening, Origin, RefusalKind, Scope, ScopeBase, Window,
    Withheld,
};

impl Origin {
    /// An origin of which nothing is known, as for a command line.
    pub fn unknown() -> Self {
        Self {
            address: None,
            agent: None,
        }
    }
}

impl Actor {
    /// This user of this site, from an unknown origin.
    pub fn new(site: impl Into<String>, user: impl Into<String>) -> Self {
        Self {
            site: site.into(),
            user: user.into(),
            origin: Origin::unknown(),
        }
    }
}

impl Guest {
    /// A guest of whom only the e-mail address is known.
    pub fn new(email: impl Into<String>) -> Self {
        Self {
            email: email.into(),
            first_name: None,
            last_name: None,
            locale: None,
            website: None,
            login: None,
        }
    }
}

impl Scope {
    /// Whatever this role of the catalogue holds at the moment of asking.
    pub fn role(name: impl Into<String>) -> Self {
        Self {
            base: ScopeBase::Role(name.into()),
            also: Vec::new(),
            except: Vec::new(),
        }
    }

    /// Every permission that the grantor may hand out.
    pub fn all() -> Self {
        Self {
            base: ScopeBase::All,
            also: Vec::new(),
            except: Vec::new(),
        }
    }

    /// Exactly these permissions.
    pub fn chosen(permissions: impl IntoIterator<Item = impl Into<String>>) -> Self {
        let chosen = permissions.into_iter().map(Into::into).collect();
        Self {
            base: ScopeBase::Chosen(chosen),
            also: Vec::new(),
            except: Vec::new(),
        }
    }
}

impl Window {
    /// Opens at once and ends so.
    pub fn new(ending: Ending) -> Self {
        Self {
            opens: None,
            ending,
            use_within: None,
        }
    }

    /// From now on, for this ISO 8601 period: `P3D`, `PT1H`, `P1M`.
    pub fn lasting(period: impl Into<String>) -> Self {
        Self::new(Ending::After(period.into()))
    }

    /// For this ISO 8601 period from the first use on.
    pub fn from_first_use(period: impl Into<String>) -> Self {
        Self::new(Ending::AfterFirstUse(period.into()))
    }

    /// From now until this instant (milliseconds since the epoch).
    pub fn until(instant: u64) -> Self {
        Self::new(Ending::At(instant))
    }
}

impl Draft {
    /// A link for this guest that may be used as often as the policy allows while it is open. Without a window, the policy's
    /// default is.
    pub fn new(guest: Guest, scope: Scope, window: impl Into<Option<Window>>) -> Self {
        Self {
            kind: "link".to_owned(),
            guest,
            scope,
            window: window.into(),
            purpose: None,
            knowingly: Vec::new(),
            uses: None,
            redirect: None,
            note: None,
            message: None,
        }
    }

    /// An invitation of this guest, to be accepted within 7 days. Without a window, access then does not end by itself.
    pub fn invitation(guest: Guest, scope: Scope, window: impl Into<Option<Window>>) -> Self {
        Self {
            kind: "invitation".to_owned(),
            ..Self::new(guest, scope, window)
        }
    }

    /// A user with a password for this guest, made at once, who may sign in as often as the policy allows while the grant is
    /// open.
    pub fn with_password(guest: Guest, scope: Scope, window: impl Into<Option<Window>>) -> Self {
        Self {
            kind: "password".to_owned(),
            ..Self::new(guest, scope, window)
        }
    }
}

impl Filter {
    /// Every grant that the actor may see.
    pub fn everything() -> Self {
        Self {
            state: None,
            email: None,
            kind: None,
        }
    }
}
