//! What an owner decides about one plugin: what it may do, how it is set, when it is asked, and what it is told again.

use std::sync::Arc;

use axum::extract::State;
use guestpass::plugins::Capability;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::ToSchema;

use super::Api;
use super::answer::Answer;
use super::asked::{Asked, Named};
use super::failure::Failure;
use super::once::Once;
use super::plugins::{changed, inspected, seen};
use crate::output::json;
use crate::problem::Problem;

/// What is approved.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Approval {
    /// The names of all that the plugin, or the version of it that waits, asks for.
    capabilities: Vec<String>,
    /// The plugin's `digest`, as it was when you looked at it.
    digest: String,
}

/// Give a plugin what it asks for, in your name
///
/// For owners. What you looked at must be named, so that nothing is approved that took its place meanwhile. A version that
/// waited for this takes over.
#[utoipa::path(
    post,
    path = "/plugins/{id}/approve",
    operation_id = "approvePlugin",
    tag = "Plugins",
    params(("id" = String, Path, description = "The plugin"), Once),
    request_body(content = Approval, example = json!({
        "capabilities": ["log", "hook:grant-filter"],
        "digest": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    })),
    responses((status = 200, description = "The plugin.", body = json::InspectedPlugin)),
    security(("key" = ["plugins:write"])),
)]
pub async fn approve(
    State(api): State<Arc<Api>>,
    Named(id): Named,
    asked: Asked,
) -> Result<Answer, Failure> {
    let call = changed(&api, asked).await?;
    let Approval {
        capabilities,
        digest,
    } = call.json()?;
    let these: Result<_, _> = capabilities
        .iter()
        .map(|name| name.parse::<Capability>())
        .collect();
    let these = these.map_err(|why| {
        Problem::usage("unknown-capability", format!("{why}.")).at("capabilities")
    })?;
    let by = call.user.clone();
    call.once(&api, move |host| {
        let given = host.plugins.approve_these(&id, &by, &these, &digest);
        given.map_err(Problem::from)?;
        inspected(host, &id).map_err(Failure::from)
    })
    .await
}

/// The settings of a plugin.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PluginSettings {
    /// What is left out is as the manifest has it.
    #[schema(value_type = Object)]
    settings: Map<String, Value>,
}

/// Set a plugin
///
/// For owners. The settings are written as a whole.
#[utoipa::path(
    put,
    path = "/plugins/{id}/settings",
    operation_id = "setPlugin",
    tag = "Plugins",
    params(("id" = String, Path, description = "The plugin")),
    request_body(content = PluginSettings, example = json!({ "settings": { "zone": "Europe/Paris" } })),
    responses((status = 200, description = "The plugin.", body = json::InspectedPlugin)),
    security(("key" = ["plugins:write"])),
)]
pub async fn set(
    State(api): State<Arc<Api>>,
    Named(id): Named,
    asked: Asked,
) -> Result<Answer, Failure> {
    let call = changed(&api, asked).await?;
    let PluginSettings { settings } = call.json()?;
    api.blocking(move |host| {
        host.plugins.set_settings(&id, settings)?;
        inspected(host, &id)
    })
    .await
}

/// When a plugin is asked.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Priority {
    /// Lower ones are asked first. None: the manifest's.
    #[serde(default, deserialize_with = "json::count::place")]
    #[schema(minimum = -1000, maximum = 1000)]
    priority: Option<i32>,
}

/// Change when a plugin is asked
///
/// For owners.
#[utoipa::path(
    put,
    path = "/plugins/{id}/priority",
    operation_id = "setPluginPriority",
    tag = "Plugins",
    params(("id" = String, Path, description = "The plugin")),
    request_body(content = Priority, example = json!({ "priority": 5 })),
    responses((status = 200, description = "The plugin.", body = json::InspectedPlugin)),
    security(("key" = ["plugins:write"])),
)]
pub async fn prioritise(
    State(api): State<Arc<Api>>,
    Named(id): Named,
    asked: Asked,
) -> Result<Answer, Failure> {
    let call = changed(&api, asked).await?;
    let Priority { priority } = call.json()?;
    api.blocking(move |host| {
        host.plugins.set_priority(&id, priority)?;
        inspected(host, &id)
    })
    .await
}

/// What a plugin is still to be told.
#[derive(Serialize, ToSchema)]
pub struct Deliveries {
    /// The oldest first, at most 50.
    deliveries: Vec<json::Delivery>,
}

/// List what a plugin is still to be told
///
/// For owners. What has no `due` is parked: it was given up until it is replayed.
#[utoipa::path(
    get,
    path = "/plugins/{id}/deliveries",
    operation_id = "listPluginDeliveries",
    tag = "Plugins",
    params(("id" = String, Path, description = "The plugin")),
    responses((status = 200, description = "Some of it.", body = Deliveries)),
    security(("key" = ["plugins:read"])),
)]
pub async fn deliveries(
    State(api): State<Arc<Api>>,
    Named(id): Named,
    asked: Asked,
) -> Result<Answer, Failure> {
    seen(&api, asked).await?;
    let found = api
        .blocking(move |host| host.plugins.inspect(&id).map_err(Problem::from))
        .await?;
    Ok(Answer::ok(Deliveries {
        deliveries: found.deliveries.iter().map(json::Delivery::from).collect(),
    }))
}

/// How much is told again.
#[derive(Serialize, ToSchema)]
pub struct Replayed {
    /// So many deliveries are due now.
    deliveries: u32,
}

/// Tell a plugin again what was parked
///
/// For owners.
#[utoipa::path(
    post,
    path = "/plugins/{id}/replay",
    operation_id = "replayPlugin",
    tag = "Plugins",
    params(("id" = String, Path, description = "The plugin"), Once),
    responses((status = 200, description = "It is due now.", body = Replayed)),
    security(("key" = ["plugins:write"])),
)]
pub async fn replay(
    State(api): State<Arc<Api>>,
    Named(id): Named,
    asked: Asked,
) -> Result<Answer, Failure> {
    let call = changed(&api, asked).await?;
    call.nothing()?;
    call.once(&api, move |host| {
        let deliveries = host.plugins.replay(&id).map_err(Problem::from)?;
        Ok(Answer::ok(Replayed { deliveries }))
    })
    .await
}
