//! A grant, and the answer that issues one.

use guestpass::Permissions;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{Instant, Scope, Window};
use crate::links::WayIn;

/// A grant as it stands at the moment of asking.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Grant {
    /// The engine's name for it.
    pub id: String,
    /// `link`, `password` or `invitation`. New kinds may come.
    kind: String,
    /// The user whose power is lent.
    grantor: String,
    guest: Guest,
    scope: Scope,
    window: Window,
    /// `ready`, `provisioning`, `active`, `suspended`, `ended` or `retired`. New states may come.
    state: String,
    /// Why it ended: `expired`, `revoked`, `declined`, `grantor-gone`, `abandoned`. New reasons may come. None while it has
    /// not.
    ended_because: Option<String>,
    created: Instant,
    opens: Instant,
    /// When it ends as things stand, or when it did. None: never by itself.
    ends: Option<Instant>,
    /// Which limit gives `ends`.
    ends_bound_by: String,
    first_used: Option<Instant>,
    last_used: Option<Instant>,
    /// How often the present link or password was used.
    #[schema(maximum = 4_294_967_295_u32)]
    uses: u32,
    /// How often one may be; none: any number of times.
    #[schema(maximum = 4_294_967_295_u32)]
    uses_allowed: Option<u32>,
    /// The host's user, once there is one and until the grant is retired.
    user: Option<String>,
    /// That user was there before and stays whatever becomes of the grant.
    borrowed: bool,
    /// When the user of an ended grant is deleted and their content kept. None: only by somebody's decision.
    retires: Option<Instant>,
    redirect: Option<String>,
    note: Option<String>,
    /// What the invited person was to read.
    message: Option<String>,
}

/// The person who is given access.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Guest {
    #[schema(format = IdnEmail, example = "agent@support.example")]
    email: String,
    first_name: Option<String>,
    last_name: Option<String>,
    /// The language of the guest's pages, a BCP 47 tag such as `fr` or `pt-BR`.
    locale: Option<String>,
    /// An `http` or `https` address.
    website: Option<String>,
    /// The name to sign in by, only of a guest with a password. Of a draft: the name that is wished for; none: one is
    /// proposed.
    login: Option<String>,
}

/// The answer that issues a link or a password: the one document that holds a secret.
#[derive(Serialize, ToSchema)]
pub struct Issued {
    grant: Grant,
    /// Of a grant of the kind `link`. Shown this once: none in an answer to a request that was sent again.
    link: Option<String>,
    /// Of a grant of the kind `password`. Shown this once as well.
    password: Option<String>,
    /// Where the guest signs in by that password, under `grant.guest.login`.
    sign_in_at: Option<String>,
    /// Whether it was mailed to the guest; none where that was not asked for.
    mailed: Option<bool>,
    /// What the grant gives right now.
    permissions: Vec<String>,
    withheld: Vec<Withheld>,
    /// Why there is no secret, where there is none.
    #[serde(skip_serializing_if = "Option::is_none")]
    message: Option<&'static str>,
}

/// What was taken back of all that somebody handed out.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct RevokedAll {
    /// Grants that ended now.
    revoked: u32,
    /// Grants whose records cannot be read. They give no access.
    failed: u32,
    /// There are more: ask again. An answer that revoked none leaves none that could be.
    more: bool,
}

impl From<guestpass::RevokedAll> for RevokedAll {
    fn from(all: guestpass::RevokedAll) -> Self {
        Self {
            revoked: all.revoked,
            failed: all.failed,
            more: all.more,
        }
    }
}

/// One permission that the scope names and the grant does not give.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Withheld {
    permission: String,
    /// `grantor`, `ceiling` or `reserved`.
    bound_by: String,
}

impl From<&guestpass::Grant> for Grant {
    fn from(grant: &guestpass::Grant) -> Self {
        Self {
            id: grant.id.clone(),
            kind: grant.kind.clone(),
            grantor: grant.grantor.clone(),
            guest: Guest::from(&grant.guest),
            scope: Scope::from(&grant.scope),
            window: Window::from(&grant.window),
            state: grant.state.clone(),
            ended_because: grant.ended_because.clone(),
            created: Instant(grant.created),
            opens: Instant(grant.opens),
            ends: grant.ends.map(Instant),
            ends_bound_by: grant.ends_bound_by.clone(),
            first_used: grant.first_used.map(Instant),
            last_used: grant.last_used.map(Instant),
            uses: grant.uses,
            uses_allowed: grant.uses_allowed,
            user: grant.user.clone(),
            borrowed: grant.borrowed,
            retires: grant.retires.map(Instant),
            redirect: grant.redirect.clone(),
            note: grant.note.clone(),
            message: grant.message.clone(),
        }
    }
}

impl From<&guestpass::Guest> for Guest {
    fn from(guest: &guestpass::Guest) -> Self {
        Self {
            email: guest.email.clone(),
            first_name: guest.first_name.clone(),
            last_name: guest.last_name.clone(),
            locale: guest.locale.clone(),
            website: guest.website.clone(),
            login: guest.login.clone(),
        }
    }
}

impl From<Guest> for guestpass::Guest {
    fn from(guest: Guest) -> Self {
        Self {
            email: guest.email,
            first_name: guest.first_name,
            last_name: guest.last_name,
            locale: guest.locale,
            website: guest.website,
            login: guest.login,
        }
    }
}

impl Issued {
    /// What was issued, with what lets the guest in.
    #[must_use]
    pub fn new(
        grant: &guestpass::Grant,
        way_in: WayIn,
        permissions: &Permissions,
        withheld: &[guestpass::Withheld],
    ) -> Self {
        let (link, password, sign_in_at) = match way_in {
            WayIn::Link(link) => (Some(link), None, None),
            WayIn::Password(sign_in) => (None, Some(sign_in.password), Some(sign_in.address)),
        };
        Self {
            grant: Grant::from(grant),
            link,
            password,
            sign_in_at,
            mailed: None,
            permissions: permissions.iter().map(str::to_owned).collect(),
            withheld: withheld.iter().map(Withheld::from).collect(),
            message: None,
        }
    }

    /// The same, which was mailed or should have been.
    #[must_use]
    pub fn mailed(self, mailed: Option<bool>) -> Self {
        Self { mailed, ..self }
    }

    /// The same without the secret, for whoever asks again for what was answered.
    #[must_use]
    pub fn without_secret(self) -> Self {
        Self {
            link: None,
            password: None,
            message: Some(
                "The link or password was in the first answer to this request and is kept nowhere. Reissue the grant for a new one.",
            ),
            ..self
        }
    }
}

impl From<&guestpass::Withheld> for Withheld {
    fn from(withheld: &guestpass::Withheld) -> Self {
        Self {
            permission: withheld.permission.clone(),
            bound_by: withheld.bound_by.clone(),
        }
    }
}
