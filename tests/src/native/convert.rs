//! The core's types to those a host sees, and what a host says to the core's.

use guestpass::{Ending as HostEnding, RefusalKind, Withheld};
use guestpass_core::entry::admission::Admission;
use guestpass_core::grant::Guest;
use guestpass_core::grant::create::Issued;
use guestpass_core::grant::draft::Draft;
use guestpass_core::grant::kind::Kind as GrantKind;
use guestpass_core::grant::scope::{Base, Scope};
use guestpass_core::grant::term::Extension;
use guestpass_core::grant::view::View;
use guestpass_core::grant::window::{Ending, Window};
use guestpass_core::history::checkpoint::Checkpoint;
use guestpass_core::history::record::Happening;
use guestpass_core::history::verify::Report;
use guestpass_core::names::{Actor, Origin};
use guestpass_core::policy::{FreshBackup, GrantorGone, Policy};
use guestpass_core::ports::ContentDecision;
use guestpass_core::throttle::limits::{Limit, Limits};
use guestpass_core::{Instant, Kind, Refusal};

use crate::asked::{Entered, Link, names};

/// One of the core's types and what a host sees of it.
pub(super) trait Converted {
    type Into;
    fn converted(self) -> Self::Into;
}

pub(super) use guestpass_core::names::period;

pub(super) fn origin(from: &guestpass::Origin) -> Origin {
    Origin::new(from.address.as_deref(), from.agent.as_deref())
}

pub(super) fn actor(by: &guestpass::Actor) -> Result<Actor, Refusal> {
    Actor::new(&by.site, &by.user, origin(&by.origin))
}

pub(super) fn extension(by: &guestpass::Extension) -> Result<Extension, Refusal> {
    match by {
        guestpass::Extension::By(text) => period(text, "extension").map(Extension::By),
        guestpass::Extension::To(at) => Ok(Extension::To(Instant::from_millis(*at))),
    }
}

fn ending(asked: HostEnding, field: &'static str) -> Result<Ending, Refusal> {
    Ok(match asked {
        HostEnding::At(at) => Ending::At(Instant::from_millis(at)),
        HostEnding::After(length) => Ending::After(period(&length, field)?),
        HostEnding::AfterFirstUse(length) => Ending::AfterFirstUse(period(&length, field)?),
        HostEnding::Never => Ending::Never,
    })
}

/// Reads the settings of a policy.
pub(super) fn policy(asked: &guestpass::Settings) -> Result<Policy, Refusal> {
    let asked = asked.clone();
    let fresh_backup = match asked.fresh_backup {
        None => None,
        Some(rule) => Some(FreshBackup {
            max_age: period(&rule.max_age, "fresh-backup.max-age")?,
            permissions: rule.permissions,
        }),
    };
    Ok(Policy {
        ceiling: asked.ceiling,
        longest_window: period(&asked.longest_window, "longest-window")?,
        roles: asked.roles,
        most_uses: asked.most_uses,
        default_ending: ending(asked.default_ending, "default-ending")?,
        default_redirect: asked.default_redirect,
        forbidden_domains: asked.forbidden_domains,
        allowed_domains: asked.allowed_domains,
        fresh_backup,
        grantor_gone: match asked.grantor_gone {
            guestpass::GrantorGone::Withhold => GrantorGone::Withhold,
            guestpass::GrantorGone::End => GrantorGone::End,
        },
        kinds: match asked.kinds {
            None => None,
            Some(kinds) => {
                let kinds = kinds.iter().map(|kind| GrantKind::parse(kind, "kinds"));
                Some(kinds.collect::<Result<_, _>>()?)
            }
        },
        session_length: some_period(asked.session_length, "session-length")?,
        session_idle: some_period(asked.session_idle, "session-idle")?,
        retire_after: some_period(asked.retire_after, "retire-after")?,
        endless_invitations: asked.endless_invitations,
        lockout: Limits {
            within: period(&asked.lockout.within, "lockout.within")?,
            address: limit(&asked.lockout.address, "lockout.address.lock")?,
            grant: limit(&asked.lockout.grant, "lockout.grant.lock")?,
            site: limit(&asked.lockout.site, "lockout.site.lock")?,
        },
        deactivated: None,
    })
}

fn some_period(
    text: Option<String>,
    field: &'static str,
) -> Result<Option<guestpass_core::Period>, Refusal> {
    text.map(|text| period(&text, field)).transpose()
}

fn limit(asked: &guestpass::LockoutLimit, field: &'static str) -> Result<Limit, Refusal> {
    Ok(Limit {
        tries: asked.tries,
        lock: period(&asked.lock, field)?,
    })
}

impl Converted for Limit {
    type Into = guestpass::LockoutLimit;

    fn converted(self) -> Self::Into {
        guestpass::LockoutLimit {
            tries: self.tries,
            lock: self.lock.to_string(),
        }
    }
}

impl Converted for Policy {
    type Into = guestpass::Settings;

    fn converted(self) -> Self::Into {
        guestpass::Settings {
            ceiling: self.ceiling,
            longest_window: self.longest_window.to_string(),
            roles: self.roles,
            most_uses: self.most_uses,
            default_ending: self.default_ending.converted(),
            default_redirect: self.default_redirect,
            forbidden_domains: self.forbidden_domains,
            allowed_domains: self.allowed_domains,
            fresh_backup: self.fresh_backup.map(|rule| guestpass::FreshBackup {
                max_age: rule.max_age.to_string(),
                permissions: rule.permissions,
            }),
            grantor_gone: match self.grantor_gone {
                GrantorGone::Withhold => guestpass::GrantorGone::Withhold,
                GrantorGone::End => guestpass::GrantorGone::End,
            },
            kinds: self.kinds.map(|kinds| {
                let kinds = kinds.into_iter();
                kinds.map(|kind| kind.as_str().to_owned()).collect()
            }),
            session_length: self.session_length.map(|length| length.to_string()),
            session_idle: self.session_idle.map(|length| length.to_string()),
            retire_after: self.retire_after.map(|length| length.to_string()),
            endless_invitations: self.endless_invitations,
            lockout: guestpass::LockoutLimits {
                within: self.lockout.within.to_string(),
                address: self.lockout.address.converted(),
                grant: self.lockout.grant.converted(),
                site: self.lockout.site.converted(),
            },
        }
    }
}

pub(super) fn draft(asked: &guestpass::Draft) -> Result<Draft, Refusal> {
    let asked = asked.clone();
    let window = match asked.window {
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
    Ok(Draft {
        kind: GrantKind::parse(&asked.kind, "kind")?,
        guest: Guest {
            email: asked.guest.email,
            first_name: asked.guest.first_name,
            last_name: asked.guest.last_name,
            locale: asked.guest.locale,
        },
        website: asked.guest.website,
        login: asked.guest.login,
        scope: scope(asked.scope),
        window,
        purpose: asked.purpose,
        knowingly: asked.knowingly,
        uses: asked.uses,
        redirect: asked.redirect,
        note: asked.note,
        message: asked.message,
    })
}

pub(super) fn scope(asked: guestpass::Scope) -> Scope {
    Scope {
        base: match asked.base {
            guestpass::ScopeBase::Role(name) => Base::Role(name),
            guestpass::ScopeBase::All => Base::All,
            guestpass::ScopeBase::Chosen(names) => Base::Chosen(names),
        },
        also: asked.also,
        except: asked.except,
    }
}

pub(super) fn withheld(of: Vec<(String, &'static str)>) -> Vec<Withheld> {
    of.into_iter()
        .map(|(permission, bound)| Withheld {
            permission,
            bound_by: bound.to_owned(),
        })
        .collect()
}

pub(super) fn content(decision: &guestpass::ports::ContentDecision) -> ContentDecision {
    match decision {
        guestpass::ports::ContentDecision::HandOver(to) => ContentDecision::HandOver(to.clone()),
        guestpass::ports::ContentDecision::Keep => ContentDecision::Keep,
    }
}

pub(super) fn refused(refusal: Refusal) -> guestpass::Refusal {
    guestpass::Refusal {
        kind: match refusal.code.kind() {
            Kind::Invalid => RefusalKind::Invalid,
            Kind::Forbidden => RefusalKind::Forbidden,
            Kind::NotFound => RefusalKind::NotFound,
            Kind::Conflict => RefusalKind::Conflict,
            Kind::Throttled => RefusalKind::Throttled,
            Kind::Gone => RefusalKind::Gone,
            Kind::Unavailable => RefusalKind::Unavailable,
        },
        code: refusal.code.as_str().to_owned(),
        message: refusal.message,
        field: refusal.field.map(str::to_owned),
    }
}

impl Converted for Origin {
    type Into = guestpass::Origin;

    fn converted(self) -> Self::Into {
        guestpass::Origin {
            address: self.address,
            agent: self.agent,
        }
    }
}

impl Converted for Actor {
    type Into = guestpass::Actor;

    fn converted(self) -> Self::Into {
        guestpass::Actor {
            site: self.site.as_str().to_owned(),
            user: self.user,
            origin: self.origin.converted(),
        }
    }
}

/// A guest, their web site and the name they sign in by.
impl Converted for (Guest, Option<String>, Option<String>) {
    type Into = guestpass::Guest;

    fn converted(self) -> Self::Into {
        let (guest, website, login) = self;
        guestpass::Guest {
            email: guest.email,
            first_name: guest.first_name,
            last_name: guest.last_name,
            locale: guest.locale,
            website,
            login,
        }
    }
}

impl Converted for Scope {
    type Into = guestpass::Scope;

    fn converted(self) -> Self::Into {
        let base = match self.base {
            Base::Role(name) => guestpass::ScopeBase::Role(name),
            Base::All => guestpass::ScopeBase::All,
            Base::Chosen(names) => guestpass::ScopeBase::Chosen(names),
        };
        guestpass::Scope {
            base,
            also: self.also,
            except: self.except,
        }
    }
}

impl Converted for Ending {
    type Into = HostEnding;

    fn converted(self) -> Self::Into {
        match self {
            Self::At(at) => HostEnding::At(at.millis()),
            Self::After(length) => HostEnding::After(length.to_string()),
            Self::AfterFirstUse(length) => HostEnding::AfterFirstUse(length.to_string()),
            Self::Never => HostEnding::Never,
        }
    }
}

impl Converted for Window {
    type Into = guestpass::Window;

    fn converted(self) -> Self::Into {
        guestpass::Window {
            opens: self.opens.map(Instant::millis),
            ending: self.ending.converted(),
            use_within: self.use_within.map(|within| within.to_string()),
        }
    }
}

impl Converted for Draft {
    type Into = guestpass::Draft;

    fn converted(self) -> Self::Into {
        guestpass::Draft {
            kind: self.kind.as_str().to_owned(),
            guest: (self.guest, self.website, self.login).converted(),
            scope: self.scope.converted(),
            window: self.window.map(Converted::converted),
            purpose: self.purpose,
            knowingly: self.knowingly,
            uses: self.uses,
            redirect: self.redirect,
            note: self.note,
            message: self.message,
        }
    }
}

impl Converted for View {
    type Into = guestpass::Grant;

    fn converted(self) -> Self::Into {
        let grant = self.grant;
        guestpass::Grant {
            id: grant.id.to_string(),
            kind: grant.kind.as_str().to_owned(),
            grantor: grant.grantor,
            guest: (grant.guest, grant.website, grant.login).converted(),
            scope: grant.scope.converted(),
            window: grant.term.window().converted(),
            state: self.state.to_owned(),
            ended_because: self.ended_because.map(str::to_owned),
            created: grant.created.millis(),
            opens: grant.term.opens().millis(),
            ends: self.ends.map(Instant::millis),
            ends_bound_by: self.ends_bound_by.to_owned(),
            first_used: grant.first_used.map(Instant::millis),
            last_used: grant.last_used.map(Instant::millis),
            uses: grant.uses,
            uses_allowed: grant.uses_allowed,
            user: grant.user,
            borrowed: grant.borrowed,
            retires: grant.retire_at.map(|at| at.millis()),
            redirect: grant.redirect,
            note: grant.note,
            message: grant.message,
        }
    }
}

impl Converted for Admission {
    type Into = Entered;

    fn converted(self) -> Self::Into {
        Entered {
            session: self.session.into_text(),
            grant: self.grant.to_string(),
            user: self.user,
            ends: self.ends.map(Instant::millis),
            redirect: self.redirect,
            locale: self.locale,
        }
    }
}

impl Converted for Issued {
    type Into = Link;

    fn converted(self) -> Self::Into {
        Link {
            grant: self.view.converted(),
            pass: self.secret.into_text(),
            permissions: names(&self.permissions),
            withheld: withheld(self.withheld),
        }
    }
}

impl Converted for Happening {
    type Into = guestpass::Happening;

    fn converted(self) -> Self::Into {
        guestpass::Happening {
            id: self.id(),
            grant: self.record.chain.grant().map(|grant| grant.to_string()),
            sequence: self.record.sequence,
            at: self.record.at.millis(),
            actor: self.record.actor,
            subject: self.record.subject,
            action: self.record.action.as_str().to_owned(),
            details: self.record.details,
            hash: self.hash.to_vec(),
        }
    }
}

impl Converted for Checkpoint {
    type Into = guestpass::Checkpoint;

    fn converted(self) -> Self::Into {
        guestpass::Checkpoint {
            text: self.to_string(),
            site: self.site.as_str().to_owned(),
            size: self.size,
            at: self.at.millis(),
            root: self.root.to_vec(),
        }
    }
}

impl Converted for Report {
    type Into = guestpass::Report;

    fn converted(self) -> Self::Into {
        let faults = self.faults.into_iter().map(|fault| guestpass::Fault {
            grant: fault.chain.grant().map(|id| id.to_string()),
            sequence: fault.sequence,
            message: fault.message,
        });
        guestpass::Report {
            grants: self.grants,
            records: self.records,
            faults: faults.collect(),
            next: self.next.map(|progress| progress.to_string()),
        }
    }
}
