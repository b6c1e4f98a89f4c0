//! What the site allows at all.

use std::sync::Arc;

use axum::extract::State;
use serde::Serialize;
use utoipa::ToSchema;

use super::Api;
use super::answer::Answer;
use super::asked::Asked;
use super::failure::Failure;
use crate::cms::key_scope::KeyScope;
use crate::output::json;

/// Show what the site allows at all
#[utoipa::path(
    get,
    path = "/policy",
    operation_id = "showPolicy",
    tag = "Policy",
    responses((status = 200, description = "The policy in force.", body = json::Policy)),
    security(("key" = ["policy:read"])),
)]
pub async fn show(State(api): State<Arc<Api>>, asked: Asked) -> Result<Answer, Failure> {
    asked.with(KeyScope::PolicyRead)?;
    let settings = api.blocking(|host| host.engine.policy(&host.site)).await?;
    Ok(Answer::ok(json::Policy::from(&settings)))
}

/// Change what the site allows at all
///
/// For owners. The policy is written as a whole: each field must be there, if only as `null`.
#[utoipa::path(
    put,
    path = "/policy",
    operation_id = "setPolicy",
    tag = "Policy",
    request_body(content = json::Policy, example = json!({
        "ceiling": null,
        "longest_window": "P3M",
        "roles": ["author", "editor"],
        "most_uses": 10,
        "default_ending": { "after": "P7D" },
        "default_redirect": null,
        "forbidden_domains": ["example.net", "*.example.net"],
        "allowed_domains": null,
        "fresh_backup": { "max_age": "P1D", "permissions": ["edit_posts"] },
        "grantor_gone": "withhold",
        "kinds": null,
        "session_length": "P1D",
        "session_idle": "PT1H",
        "lockout": {
            "within": "PT10M",
            "address": { "tries": 3, "lock": "PT20M" },
            "grant": { "tries": 20, "lock": "PT20M" },
            "site": { "tries": 300, "lock": "PT5M" },
        },
    })),
    responses((status = 200, description = "The policy in force from now on.", body = json::Policy)),
    security(("key" = ["policy:write"])),
)]
pub async fn set(State(api): State<Arc<Api>>, asked: Asked) -> Result<Answer, Failure> {
    let call = asked.with(KeyScope::PolicyWrite)?;
    let settings = guestpass::Settings::from(call.json::<json::Policy>()?);
    let actor = call.actor(&api);
    let settings = api
        .blocking(move |host| {
            host.engine.set_policy(&actor, &settings)?;
            host.engine.policy(&host.site)
        })
        .await?;
    Ok(Answer::ok(json::Policy::from(&settings)))
}

/// Policies to start from.
#[derive(Serialize, ToSchema)]
pub struct Templates {
    templates: Vec<json::Template>,
}

/// List policies to start from
#[utoipa::path(
    get,
    path = "/policy/templates",
    operation_id = "listPolicyTemplates",
    tag = "Policy",
    responses((status = 200, description = "All of them.", body = Templates)),
    security(("key" = ["policy:read"])),
)]
pub async fn templates(State(api): State<Arc<Api>>, asked: Asked) -> Result<Answer, Failure> {
    asked.with(KeyScope::PolicyRead)?;
    let templates = api
        .blocking(|host| host.engine.policy_templates(&host.site))
        .await?;
    Ok(Answer::ok(Templates {
        templates: templates.iter().map(json::Template::from).collect(),
    }))
}

/// Endings that people know.
#[derive(Serialize, ToSchema)]
pub struct Presets {
    presets: Vec<json::Preset>,
}

/// List endings that people know
///
/// Each `ending` can be put into the window of a grant.
#[utoipa::path(
    get,
    path = "/policy/presets",
    operation_id = "listPresets",
    tag = "Policy",
    responses((status = 200, description = "All of them.", body = Presets)),
    security(("key" = ["policy:read"])),
)]
pub async fn presets(State(api): State<Arc<Api>>, asked: Asked) -> Result<Answer, Failure> {
    asked.with(KeyScope::PolicyRead)?;
    let presets = api.blocking(|host| host.engine.presets()).await?;
    Ok(Answer::ok(Presets {
        presets: presets.iter().map(json::Preset::from).collect(),
    }))
}
