//! The export `policy`.

use guestpass_core::Refusal as CoreRefusal;
use guestpass_core::grant::window::PRESETS;
use guestpass_core::names::{SiteId, period};
use guestpass_core::policy::{FreshBackup as CoreBackup, GrantorGone as CoreGone, Policy};

use crate::Component;
use crate::bindings::exports::guestpass::access::policy::{
    FreshBackup, GrantorGone, Guest, Preset, Settings, Template,
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
        }
    }
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
