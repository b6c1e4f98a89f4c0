//! What a site allows at all.

use guestpass::Settings;
use serde::{Deserialize, Deserializer, Serialize};
use utoipa::ToSchema;

use super::{Ending, Period, count};

/// What a site allows at all. Written as a whole: whoever leaves a limit out would lift it unseen, so each field must be
/// there, if only as `null`.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Policy {
    /// No grant gives more than these permissions. None: everything but the reserved ones.
    #[serde(deserialize_with = "stated")]
    #[schema(required)]
    ceiling: Option<Vec<String>>,
    /// From opening to end.
    longest_window: Period,
    /// A new grant is one of these roles or less. None: any role.
    #[serde(deserialize_with = "stated")]
    #[schema(required)]
    roles: Option<Vec<String>>,
    /// How often a link may be used at most. None: any number of times.
    #[serde(deserialize_with = "count::optional")]
    #[schema(required, maximum = 4294967295_u64)]
    most_uses: Option<u32>,
    /// How a grant ends that does not say.
    default_ending: Ending,
    /// Where guests go after signing in if the grant does not say: a path on the site.
    #[serde(deserialize_with = "stated")]
    #[schema(required)]
    default_redirect: Option<String>,
    /// No grants for addresses of these domains: `example.org`, or `*.example.org` for all below it.
    forbidden_domains: Vec<String>,
    /// Grants only for addresses of these. None: any.
    #[serde(deserialize_with = "stated")]
    #[schema(required)]
    allowed_domains: Option<Vec<String>>,
    /// What is handed out only while there is a fresh backup. None: nothing needs one.
    #[serde(deserialize_with = "stated")]
    #[schema(required)]
    fresh_backup: Option<FreshBackup>,
    grantor_gone: GrantorGone,
    /// The kinds of grant there may be. None: all.
    #[serde(deserialize_with = "stated")]
    #[schema(required)]
    kinds: Option<Vec<String>>,
    /// A guest must come in anew so long after coming in. None: a session lasts as long as its grant.
    #[serde(deserialize_with = "stated")]
    #[schema(required)]
    session_length: Option<Period>,
    /// A guest must come in anew after doing nothing for so long. None: a session may rest.
    #[serde(deserialize_with = "stated")]
    #[schema(required)]
    session_idle: Option<Period>,
    /// So long after a grant ended its guest's user is deleted and what they wrote kept. None: only by somebody's decision.
    #[serde(deserialize_with = "stated")]
    #[schema(required)]
    retire_after: Option<Period>,
    /// Whether an invitation may be one that never ends.
    endless_invitations: bool,
    lockout: LockoutLimits,
}

/// When links that open nothing lock somebody out.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LockoutLimits {
    /// They count for so long, `PT1M` to `P1D`.
    within: Period,
    /// From one address.
    address: LockoutLimit,
    /// For one grant.
    grant: LockoutLimit,
    /// On the whole site.
    site: LockoutLimit,
}

/// So many distinct ones lock for so long.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LockoutLimit {
    #[serde(deserialize_with = "count::required")]
    #[schema(minimum = 1, maximum = 1000)]
    tries: u32,
    /// `PT1M` to `P1D`.
    lock: Period,
}

/// Which permissions are handed out only while the site has a fresh backup.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct FreshBackup {
    /// A backup of this age or older is none.
    max_age: Period,
    permissions: Vec<String>,
}

/// What becomes of the grants of somebody who is no user any more.
#[derive(Clone, Copy, Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum GrantorGone {
    /// They give nothing while their grantor is gone.
    Withhold,
    /// They end.
    End,
}

/// A policy to start from.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Template {
    name: String,
    /// In plain words.
    title: String,
    settings: Policy,
}

/// An ending that people know.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Preset {
    name: String,
    /// In plain words.
    title: String,
    ending: Ending,
}

/// `null` is an answer, silence is none.
fn stated<'de, D: Deserializer<'de>, T: Deserialize<'de>>(
    deserializer: D,
) -> Result<Option<T>, D::Error> {
    Option::deserialize(deserializer)
}

impl From<&Settings> for Policy {
    fn from(settings: &Settings) -> Self {
        Self {
            ceiling: settings.ceiling.clone(),
            longest_window: Period::from(&settings.longest_window),
            roles: settings.roles.clone(),
            most_uses: settings.most_uses,
            default_ending: Ending::from(&settings.default_ending),
            default_redirect: settings.default_redirect.clone(),
            forbidden_domains: settings.forbidden_domains.clone(),
            allowed_domains: settings.allowed_domains.clone(),
            fresh_backup: settings.fresh_backup.as_ref().map(|rule| FreshBackup {
                max_age: Period::from(&rule.max_age),
                permissions: rule.permissions.clone(),
            }),
            grantor_gone: match settings.grantor_gone {
                guestpass::GrantorGone::Withhold => GrantorGone::Withhold,
                guestpass::GrantorGone::End => GrantorGone::End,
            },
            kinds: settings.kinds.clone(),
            session_length: settings.session_length.as_ref().map(Period::from),
            session_idle: settings.session_idle.as_ref().map(Period::from),
            retire_after: settings.retire_after.as_ref().map(Period::from),
            endless_invitations: settings.endless_invitations,
            lockout: LockoutLimits {
                within: Period::from(&settings.lockout.within),
                address: LockoutLimit::from(&settings.lockout.address),
                grant: LockoutLimit::from(&settings.lockout.grant),
                site: LockoutLimit::from(&settings.lockout.site),
            },
        }
    }
}

impl From<Policy> for Settings {
    fn from(policy: Policy) -> Self {
        Self {
            ceiling: policy.ceiling,
            longest_window: policy.longest_window.into(),
            roles: policy.roles,
            most_uses: policy.most_uses,
            default_ending: policy.default_ending.into(),
            default_redirect: policy.default_redirect,
            forbidden_domains: policy.forbidden_domains,
            allowed_domains: policy.allowed_domains,
            fresh_backup: policy.fresh_backup.map(|rule| guestpass::FreshBackup {
                max_age: rule.max_age.into(),
                permissions: rule.permissions,
            }),
            grantor_gone: match policy.grantor_gone {
                GrantorGone::Withhold => guestpass::GrantorGone::Withhold,
                GrantorGone::End => guestpass::GrantorGone::End,
            },
            kinds: policy.kinds,
            session_length: policy.session_length.map(Into::into),
            session_idle: policy.session_idle.map(Into::into),
            retire_after: policy.retire_after.map(Into::into),
            endless_invitations: policy.endless_invitations,
            lockout: guestpass::LockoutLimits {
                within: policy.lockout.within.into(),
                address: policy.lockout.address.into(),
                grant: policy.lockout.grant.into(),
                site: policy.lockout.site.into(),
            },
        }
    }
}

impl From<&guestpass::LockoutLimit> for LockoutLimit {
    fn from(limit: &guestpass::LockoutLimit) -> Self {
        Self {
            tries: limit.tries,
            lock: Period::from(&limit.lock),
        }
    }
}

impl From<LockoutLimit> for guestpass::LockoutLimit {
    fn from(limit: LockoutLimit) -> Self {
        Self {
            tries: limit.tries,
            lock: limit.lock.into(),
        }
    }
}

impl From<&guestpass::Template> for Template {
    fn from(template: &guestpass::Template) -> Self {
        Self {
            name: template.name.clone(),
            title: template.title.clone(),
            settings: Policy::from(&template.settings),
        }
    }
}

impl From<&guestpass::Preset> for Preset {
    fn from(preset: &guestpass::Preset) -> Self {
        Self {
            name: preset.name.clone(),
            title: preset.title.clone(),
            ending: Ending::from(&preset.ending),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::Policy;

    fn policy() -> Value {
        json!({
            "ceiling": ["read"], "longest_window": "P1Y", "roles": null, "most_uses": null,
            "default_ending": { "after": "P7D" }, "default_redirect": null, "forbidden_domains": [],
            "allowed_domains": null, "fresh_backup": null, "grantor_gone": "withhold",
            "kinds": null, "session_length": null, "session_idle": null, "retire_after": "P30D", "endless_invitations": true,
            "lockout": {
                "within": "PT10M", "address": { "tries": 3, "lock": "PT20M" }, "grant": { "tries": 20, "lock": "PT20M" },
                "site": { "tries": 300, "lock": "PT5M" },
            },
        })
    }

    #[test]
    fn no_limit_is_lifted_by_leaving_it_out() {
        let whole: Policy = serde_json::from_value(policy()).unwrap();
        assert_eq!(json!(whole), policy());
        let fields: Vec<String> = policy().as_object().unwrap().keys().cloned().collect();
        for field in fields {
            let mut partial = policy();
            partial.as_object_mut().unwrap().remove(&field);
            let error = serde_json::from_value::<Policy>(partial).unwrap_err();
            assert_eq!(error.to_string(), format!("missing field `{field}`"));
        }
    }
}
