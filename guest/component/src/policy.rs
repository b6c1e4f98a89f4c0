//! The export `policy`.

use guestpass_core::Refusal as CoreRefusal;
use guestpass_core::grant::kind::Kind;
use guestpass_core::grant::window::PRESETS;
use guestpass_core::names::{SiteId, period};
use guestpass_core::policy::{FreshBackup as CoreBackup, GrantorGone as CoreGone, Policy};
use guestpass_core::throttle::limits::{Limit, Limits};

use crate::Component;
use crate::bindings::exports::guestpass::access::policy::{
    FreshBackup, GrantorGone, Guest, LockoutLimit, LockoutLimits, Preset, Settings, Template,
};
use crate::bindings::guestpass::access::types::{Actor, Refusal};
use crate::convert::{self, ToWit, to_wit};
use crate::ports::engine;

impl ToWit<Policy> for Settings {
    fn to_wit(core: Policy) -> Self {
        Self {
            ceiling: core.ceiling,
            longest_window: core.longest_window.to_string(),
            roles: core.roles,
            most_uses: core.most_uses,
            default_ending: to_wit(core.default_ending),
            default_redirect: core.default_redirect,
            forbidden_domains: core.forbidden_domains,
            allowed_domains: core.allowed_domains,
            fresh_backup: core.fresh_backup.map(|rule| FreshBackup {
                max_age: rule.max_age.to_string(),
                permissions: rule.permissions,
            }),
            grantor_gone: match core.grantor_gone {
                CoreGone::Withhold => GrantorGone::Withhold,
                CoreGone::End => GrantorGone::End,
            },
            kinds: core.kinds.map(|kinds| {
                let kinds = kinds.into_iter();
                kinds.map(|kind| kind.as_str().to_owned()).collect()
            }),
            session_length: core.session_length.map(|length| length.to_string()),
            session_idle: core.session_idle.map(|length| length.to_string()),
            retire_after: core.retire_after.map(|length| length.to_string()),
            endless_invitations: core.endless_invitations,
            lockout: LockoutLimits {
                within: core.lockout.within.to_string(),
                address: to_wit(core.lockout.address),
                grant: to_wit(core.lockout.grant),
                site: to_wit(core.lockout.site),
            },
        }
    }
}

impl ToWit<Limit> for LockoutLimit {
    fn to_wit(core: Limit) -> Self {
        Self {
            tries: core.tries,
            lock: core.lock.to_string(),
        }
    }
}

fn limit(wit: &LockoutLimit, field: &'static str) -> Result<Limit, CoreRefusal> {
    Ok(Limit {
        tries: wit.tries,
        lock: period(&wit.lock, field)?,
    })
}

fn some_period(
    wit: Option<String>,
    field: &'static str,
) -> Result<Option<guestpass_core::Period>, CoreRefusal> {
    wit.map(|text| period(&text, field)).transpose()
}

fn policy(wit: Settings) -> Result<Policy, CoreRefusal> {
    let fresh_backup = match wit.fresh_backup {
        None => None,
        Some(rule) => Some(CoreBackup {
            max_age: period(&rule.max_age, "fresh-backup.max-age")?,
            permissions: rule.permissions,
        }),
    };
    Ok(Policy {
        ceiling: wit.ceiling,
        longest_window: period(&wit.longest_window, "longest-window")?,
        roles: wit.roles,
        most_uses: wit.most_uses,
        default_ending: convert::ending(wit.default_ending, "default-ending")?,
        default_redirect: wit.default_redirect,
        forbidden_domains: wit.forbidden_domains,
        allowed_domains: wit.allowed_domains,
        fresh_backup,
        grantor_gone: match wit.grantor_gone {
            GrantorGone::Withhold => CoreGone::Withhold,
            GrantorGone::End => CoreGone::End,
        },
        kinds: match wit.kinds {
            None => None,
            Some(kinds) => {
                let kinds = kinds.iter().map(|kind| Kind::parse(kind, "kinds"));
                Some(kinds.collect::<Result<_, _>>()?)
            }
        },
        session_length: some_period(wit.session_length, "session-length")?,
        session_idle: some_period(wit.session_idle, "session-idle")?,
        retire_after: some_period(wit.retire_after, "retire-after")?,
        endless_invitations: wit.endless_invitations,
        lockout: Limits {
            within: period(&wit.lockout.within, "lockout.within")?,
            address: limit(&wit.lockout.address, "lockout.address.lock")?,
            grant: limit(&wit.lockout.grant, "lockout.grant.lock")?,
            site: limit(&wit.lockout.site, "lockout.site.lock")?,
        },
        deactivated: None,
    })
}

impl Guest for Component {
    fn get(site: String) -> Result<Settings, Refusal> {
        engine(|engine| engine.policy(&SiteId::parse(&site)?))
            .map(to_wit)
            .map_err(to_wit)
    }

    fn set(actor: Actor, settings: Settings) -> Result<(), Refusal> {
        engine(|engine| engine.set_policy(&convert::actor(actor)?, policy(settings)?))
            .map_err(to_wit)
    }

    fn templates(site: String) -> Result<Vec<Template>, Refusal> {
        let templates = engine(|engine| engine.policy_templates(&SiteId::parse(&site)?));
        let templates = templates.map_err(to_wit::<_, Refusal>)?.into_iter();
        Ok(templates
            .map(|template| Template {
                name: template.name.to_owned(),
                title: template.title.to_owned(),
                settings: to_wit(template.policy),
            })
            .collect())
    }

    fn presets() -> Vec<Preset> {
        let presets = PRESETS.iter();
        presets
            .map(|preset| Preset {
                name: preset.name.to_owned(),
                title: preset.title.to_owned(),
                ending: to_wit(preset.ending),
            })
            .collect()
    }
}
