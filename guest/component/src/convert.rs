//! Types of the WIT to those of the core and back. Nothing is decided here but the form of an input.

use guestpass_core::entry::admission::Admission;
use guestpass_core::entry::inspect::Preview;
use guestpass_core::grant::create::Issued;
use guestpass_core::grant::draft::Draft;
use guestpass_core::grant::scope::{Base, Scope};
use guestpass_core::grant::term::Extension;
use guestpass_core::grant::view::View;
use guestpass_core::grant::window::{Ending, Window};
use guestpass_core::grant::{self, Guest};
use guestpass_core::history::record::Happening;
use guestpass_core::names::{Actor, Origin, period};
use guestpass_core::ports::{
    Attempt, ContentDecision, CreatedUser, Credentials, DirectoryFailure, GrantReview, HookFailure,
    NewUser, PermissionEntry, PurposeEntry, RawCatalogue, RoleEntry, Standing, User, Widening,
};
use guestpass_core::{Instant, Kind, Refusal};

use crate::bindings::exports::guestpass::access as exported;
use crate::bindings::guestpass::access as wit;
use wit::types;

/// What the host said, in the core's terms.
pub trait FromWit<W> {
    /// Converts.
    fn from_wit(wit: W) -> Self;
}

/// What the core says, in the WIT's terms.
pub trait ToWit<C> {
    /// Converts.
    fn to_wit(core: C) -> Self;
}

/// Converts what the host said.
pub fn from_wit<W, C: FromWit<W>>(wit: W) -> C {
    C::from_wit(wit)
}

/// Converts what the core says.
pub fn to_wit<C, W: ToWit<C>>(core: C) -> W {
    W::to_wit(core)
}

/// Reads an actor.
pub fn actor(wit: types::Actor) -> Result<Actor, Refusal> {
    Actor::new(&wit.site, &wit.user, from_wit(wit.origin))
}

/// Reads an ending.
pub fn ending(wit: types::Ending, field: &'static str) -> Result<Ending, Refusal> {
    Ok(match wit {
        types::Ending::At(at) => Ending::At(Instant::from_millis(at)),
        types::Ending::After(length) => Ending::After(period(&length, field)?),
        types::Ending::AfterFirstUse(length) => Ending::AfterFirstUse(period(&length, field)?),
        types::Ending::Never => Ending::Never,
    })
}

/// Reads a draft.
pub fn draft(wit: types::Draft) -> Result<Draft, Refusal> {
    let window = match wit.window {
        None => None,
        Some(window) => Some(Window {
            opens: window.opens.map(Instant::from_millis),
            ending: ending(window.ending, "window.ending")?,
            use_within: window
                .use_within
                .map(|text| period(&text, "window.use-within"))
                .transpose()?,
        }),
    };
    let guest = wit.guest;
    Ok(Draft {
        message: wit.message,
        kind: grant::kind::Kind::parse(&wit.kind, "kind")?,
        guest: Guest {
            email: guest.email,
            first_name: guest.first_name,
            last_name: guest.last_name,
            locale: guest.locale,
        },
        website: guest.website,
        login: guest.login,
        scope: from_wit(wit.scope),
        window,
        purpose: wit.purpose,
        knowingly: wit.knowingly,
        uses: wit.uses,
        redirect: wit.redirect,
        note: wit.note,
    })
}

/// Reads an extension.
pub fn extension(wit: exported::grants::Extension) -> Result<Extension, Refusal> {
    match wit {
        exported::grants::Extension::By(text) => period(&text, "extension").map(Extension::By),
        exported::grants::Extension::To(at) => Ok(Extension::To(Instant::from_millis(at))),
    }
}

impl FromWit<types::Scope> for Scope {
    fn from_wit(wit: types::Scope) -> Self {
        Self {
            base: match wit.base {
                types::ScopeBase::Role(name) => Base::Role(name),
                types::ScopeBase::All => Base::All,
                types::ScopeBase::Chosen(names) => Base::Chosen(names),
            },
            also: wit.also,
            except: wit.except,
        }
    }
}

impl FromWit<types::Origin> for Origin {
    fn from_wit(wit: types::Origin) -> Self {
        Self::new(wit.address.as_deref(), wit.agent.as_deref())
    }
}

impl ToWit<Origin> for types::Origin {
    fn to_wit(core: Origin) -> Self {
        Self {
            address: core.address,
            agent: core.agent,
        }
    }
}

impl ToWit<Actor> for types::Actor {
    fn to_wit(core: Actor) -> Self {
        Self {
            site: core.site.as_str().to_owned(),
            user: core.user,
            origin: to_wit(core.origin),
        }
    }
}

/// A guest with what the core keeps beside the person.
fn guest(core: Guest, website: Option<String>, login: Option<String>) -> types::Guest_ {
    types::Guest_ {
        email: core.email,
        first_name: core.first_name,
        last_name: core.last_name,
        locale: core.locale,
        website,
        login,
    }
}

impl ToWit<Scope> for types::Scope {
    fn to_wit(core: Scope) -> Self {
        let base = match core.base {
            Base::Role(name) => types::ScopeBase::Role(name),
            Base::All => types::ScopeBase::All,
            Base::Chosen(names) => types::ScopeBase::Chosen(names),
        };
        Self {
            base,
            also: core.also,
            except: core.except,
        }
    }
}

impl ToWit<Ending> for types::Ending {
    fn to_wit(core: Ending) -> Self {
        match core {
            Ending::At(at) => Self::At(at.millis()),
            Ending::After(length) => Self::After(length.to_string()),
            Ending::AfterFirstUse(length) => Self::AfterFirstUse(length.to_string()),
            Ending::Never => Self::Never,
        }
    }
}

impl ToWit<Window> for types::Window {
    fn to_wit(core: Window) -> Self {
        Self {
            opens: core.opens.map(Instant::millis),
            ending: to_wit(core.ending),
            use_within: core.use_within.map(|within| within.to_string()),
        }
    }
}

impl ToWit<Draft> for types::Draft {
    fn to_wit(core: Draft) -> Self {
        Self {
            kind: core.kind.as_str().to_owned(),
            guest: guest(core.guest, core.website, core.login),
            scope: to_wit(core.scope),
            window: core.window.map(to_wit),
            purpose: core.purpose,
            knowingly: core.knowingly,
            uses: core.uses,
            redirect: core.redirect,
            note: core.note,
            message: core.message,
        }
    }
}

impl ToWit<View> for types::Grant {
    fn to_wit(core: View) -> Self {
        let grant = core.grant;
        Self {
            id: grant.id.to_string(),
            kind: grant.kind.as_str().to_owned(),
            grantor: grant.grantor,
            guest: guest(grant.guest, grant.website, grant.login),
            scope: to_wit(grant.scope),
            window: to_wit(grant.term.window()),
            state: core.state.to_owned(),
            ended_because: core.ended_because.map(str::to_owned),
            created: grant.created.millis(),
            opens: grant.term.opens().millis(),
            ends: core.ends.map(Instant::millis),
            ends_bound_by: core.ends_bound_by.to_owned(),
            first_used: grant.first_used.map(Instant::millis),
            last_used: grant.last_used.map(Instant::millis),
            uses: grant.uses,
            uses_allowed: grant.uses_allowed,
            user: grant.user,
            borrowed: grant.borrowed,
            retires: grant.retire_at.map(Instant::millis),
            redirect: grant.redirect,
            note: grant.note,
            message: grant.message,
        }
    }
}

impl ToWit<Issued> for types::Issued {
    fn to_wit(core: Issued) -> Self {
        Self {
            grant: to_wit(core.view),
            secret: core.secret.into_text(),
            permissions: core.permissions,
            withheld: withheld(core.withheld),
        }
    }
}

impl ToWit<Happening> for types::Happening {
    fn to_wit(core: Happening) -> Self {
        Self {
            id: core.id(),
            grant: core.record.chain.grant().map(|grant| grant.to_string()),
            sequence: core.record.sequence,
            at: core.record.at.millis(),
            actor: core.record.actor,
            subject: core.record.subject,
            action: core.record.action.as_str().to_owned(),
            details: core.record.details,
            hash: core.hash.to_vec(),
        }
    }
}

impl ToWit<Refusal> for types::Refusal {
    fn to_wit(core: Refusal) -> Self {
        let kind = match core.code.kind() {
            Kind::Invalid => types::RefusalKind::Invalid,
            Kind::Forbidden => types::RefusalKind::Forbidden,
            Kind::NotFound => types::RefusalKind::NotFound,
            Kind::Conflict => types::RefusalKind::Conflict,
            Kind::Throttled => types::RefusalKind::Throttled,
            Kind::Gone => types::RefusalKind::Gone,
            Kind::Unavailable => types::RefusalKind::Unavailable,
        };
        Self {
            kind,
            code: core.code.as_str().to_owned(),
            message: core.message,
            field: core.field.map(str::to_owned),
        }
    }
}

impl ToWit<Preview> for exported::entry::Preview {
    fn to_wit(core: Preview) -> Self {
        Self {
            grant: core.grant.to_string(),
            invited_by: core.invited_by,
            email: core.email,
            locale: core.locale,
            scope: core.scope,
            ends: core.ends.map(Instant::millis),
            uses_left: core.uses_left,
        }
    }
}

impl ToWit<Admission> for exported::entry::Admission {
    fn to_wit(core: Admission) -> Self {
        Self {
            session: core.session.into_text(),
            grant: core.grant.to_string(),
            user: core.user,
            ends: core.ends.map(Instant::millis),
            redirect: core.redirect,
            locale: core.locale,
        }
    }
}

impl FromWit<wit::directory::Catalogue> for RawCatalogue {
    fn from_wit(wit: wit::directory::Catalogue) -> Self {
        let permissions = wit.permissions.into_iter().map(|entry| PermissionEntry {
            name: entry.name,
            title: entry.title,
            reserved: entry.reserved,
        });
        let roles = wit.roles.into_iter();
        let roles = roles.map(|role| RoleEntry {
            name: role.name,
            title: role.title,
            permissions: role.permissions,
        });
        let purposes = wit.purposes.into_iter().map(|purpose| PurposeEntry {
            name: purpose.name,
            title: purpose.title,
            permissions: purpose.permissions,
        });
        Self {
            revision: wit.revision,
            permissions: permissions.collect(),
            roles: roles.collect(),
            purposes: purposes.collect(),
            grants_with: wit.grants_with,
        }
    }
}

impl FromWit<wit::directory::User> for User {
    fn from_wit(wit: wit::directory::User) -> Self {
        Self {
            id: wit.id,
            email: wit.email,
            name: wit.name,
            standing: from_wit(wit.standing),
        }
    }
}

impl FromWit<wit::directory::Standing> for Standing {
    fn from_wit(wit: wit::directory::Standing) -> Self {
        Self {
            owner: wit.owner,
            roles: wit.roles,
            permissions: wit.permissions,
            catalogue: wit.catalogue,
        }
    }
}

impl FromWit<wit::directory::Failure> for DirectoryFailure {
    fn from_wit(wit: wit::directory::Failure) -> Self {
        match wit {
            wit::directory::Failure::UnknownSite => Self::UnknownSite,
            wit::directory::Failure::Rejected(why) => Self::Rejected(why),
            wit::directory::Failure::Unavailable(why) => Self::Unavailable(why),
        }
    }
}

impl ToWit<NewUser> for wit::directory::NewUser {
    fn to_wit(core: NewUser) -> Self {
        Self {
            key: core.key,
            email: core.email,
            first_name: core.first_name,
            last_name: core.last_name,
            locale: core.locale,
            website: core.website,
            credentials: core.credentials.map(to_wit),
        }
    }
}

impl ToWit<Credentials> for wit::directory::Credentials {
    fn to_wit(core: Credentials) -> Self {
        Self {
            login: core.login,
            password: core.password.0,
        }
    }
}

impl FromWit<wit::directory::CreatedUser> for CreatedUser {
    fn from_wit(wit: wit::directory::CreatedUser) -> Self {
        Self {
            id: wit.id,
            login: wit.login,
        }
    }
}

impl ToWit<ContentDecision> for wit::directory::ContentDecision {
    fn to_wit(core: ContentDecision) -> Self {
        match core {
            ContentDecision::HandOver(user) => Self::HandOver(user),
            ContentDecision::Keep => Self::Keep,
        }
    }
}

impl FromWit<wit::directory::ContentDecision> for ContentDecision {
    fn from_wit(wit: wit::directory::ContentDecision) -> Self {
        match wit {
            wit::directory::ContentDecision::HandOver(user) => Self::HandOver(user),
            wit::directory::ContentDecision::Keep => Self::Keep,
        }
    }
}

/// What is withheld, with the limit.
pub fn withheld(core: Vec<(String, &'static str)>) -> Vec<types::Withheld> {
    let withheld = core.into_iter();
    withheld
        .map(|(permission, bound_by)| types::Withheld {
            permission,
            bound_by: bound_by.to_owned(),
        })
        .collect()
}

impl FromWit<wit::hooks::GrantReview> for GrantReview {
    fn from_wit(wit: wit::hooks::GrantReview) -> Self {
        Self {
            veto: wit.veto,
            except: wit.except,
            ends_by: wit.ends_by.map(Instant::from_millis),
            uses: wit.uses,
            redirect: wit.redirect,
        }
    }
}

impl FromWit<wit::hooks::Failure> for HookFailure {
    fn from_wit(wit: wit::hooks::Failure) -> Self {
        Self {
            why: wit.why,
            widening: wit.widening.map(|widening| Widening {
                extension: widening.extension,
                tried: widening.tried,
            }),
        }
    }
}

impl ToWit<Attempt> for wit::hooks::Attempt {
    fn to_wit(core: Attempt) -> Self {
        Self {
            grant: core.grant.to_string(),
            grantor: core.grantor,
            email: core.email,
            uses: core.uses,
            origin: to_wit(core.origin),
        }
    }
}
