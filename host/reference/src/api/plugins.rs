//! The plugins of the site. All of it is for owners.

use std::sync::Arc;

use axum::extract::State;
use guestpass::plugins::{Data, PluginError, Plugins};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::answer::Answer;
use super::asked::{Asked, Named};
use super::call::Call;
use super::failure::Failure;
use super::once::Once;
use super::upload::Uploaded;
use super::{Api, ROOT};
use crate::cms::key_scope::KeyScope;
use crate::host::Host;
use crate::output::json;
use crate::problem::Problem;

/// All plugins of the site.
#[derive(Serialize, ToSchema)]
pub struct PluginList {
    /// In the order in which they are asked.
    plugins: Vec<json::Plugin>,
}

/// List the plugins
///
/// For owners.
#[utoipa::path(
    get,
    path = "/plugins",
    operation_id = "listPlugins",
    tag = "Plugins",
    responses((status = 200, description = "All of them.", body = PluginList)),
    security(("key" = ["plugins:read"])),
)]
pub async fn list(State(api): State<Arc<Api>>, asked: Asked) -> Result<Answer, Failure> {
    seen(&api, asked).await?;
    let list = api
        .blocking(|host| host.plugins.list().map_err(Problem::from))
        .await?;
    Ok(Answer::ok(PluginList {
        plugins: list.iter().map(json::Plugin::from).collect(),
    }))
}

/// Install a plugin
///
/// For owners. It does nothing yet: what it asks for must be approved, and then it must be activated. At most 65 MiB.
#[utoipa::path(
    post,
    path = "/plugins",
    operation_id = "installPlugin",
    tag = "Plugins",
    request_body(
        content = Vec<u8>,
        content_type = "application/octet-stream",
        description = "What `guestpass plugin pack` writes.",
    ),
    responses((
        status = 201,
        description = "The plugin. `Location` has its address.",
        body = json::InspectedPlugin,
        headers(("Location" = String)),
    )),
    security(("key" = ["plugins:write"])),
)]
pub async fn install(
    State(api): State<Arc<Api>>,
    Uploaded(package): Uploaded,
) -> Result<Answer, Failure> {
    let id = package.manifest().id.clone();
    let location = format!("{ROOT}/plugins/{id}");
    let answer = api
        .blocking(move |host| {
            host.plugins.install(&package).map_err(Problem::from)?;
            inspected(host, &id)
        })
        .await?;
    Ok(answer.created(&location))
}

/// Show all about a plugin
///
/// For owners.
#[utoipa::path(
    get,
    path = "/plugins/{id}",
    operation_id = "showPlugin",
    tag = "Plugins",
    params(("id" = String, Path, description = "The plugin")),
    responses((status = 200, description = "The plugin.", body = json::InspectedPlugin)),
    security(("key" = ["plugins:read"])),
)]
pub async fn show(
    State(api): State<Arc<Api>>,
    Named(id): Named,
    asked: Asked,
) -> Result<Answer, Failure> {
    seen(&api, asked).await?;
    api.blocking(move |host| inspected(host, &id)).await
}

/// Put a newer version in the place of a plugin
///
/// For owners. If it asks for more than was approved, it waits for approval while the old version runs on.
#[utoipa::path(
    put,
    path = "/plugins/{id}",
    operation_id = "upgradePlugin",
    tag = "Plugins",
    params(("id" = String, Path, description = "The plugin")),
    request_body(
        content = Vec<u8>,
        content_type = "application/octet-stream",
        description = "What `guestpass plugin pack` writes.",
    ),
    responses((status = 200, description = "The plugin.", body = json::InspectedPlugin)),
    security(("key" = ["plugins:write"])),
)]
pub async fn upgrade(
    State(api): State<Arc<Api>>,
    Named(id): Named,
    Uploaded(package): Uploaded,
) -> Result<Answer, Failure> {
    let named = &package.manifest().id;
    if *named != id {
        let message = format!("This is the plugin `{named}`, not `{id}`.");
        return Err(Problem::usage("other-plugin", message).into());
    }
    api.blocking(move |host| {
        host.plugins.upgrade(&package).map_err(Problem::from)?;
        inspected(host, &id)
    })
    .await
}

/// What becomes of what a plugin keeps.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Kept {
    /// It waits for a plugin of the same name.
    Keep,
    /// It is deleted.
    Delete,
}

/// How a plugin is removed.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct Removal {
    /// What becomes of what it keeps.
    #[param(inline)]
    data: Kept,
}

/// Remove a plugin
///
/// For owners.
#[utoipa::path(
    delete,
    path = "/plugins/{id}",
    operation_id = "uninstallPlugin",
    tag = "Plugins",
    params(("id" = String, Path, description = "The plugin"), Removal),
    responses((status = 204, description = "It is gone.")),
    security(("key" = ["plugins:write"])),
)]
pub async fn uninstall(
    State(api): State<Arc<Api>>,
    Named(id): Named,
    asked: Asked,
) -> Result<Answer, Failure> {
    let call = changed(&api, asked).await?;
    call.nothing()?;
    let data = match call.query::<Removal>()?.data {
        Kept::Keep => Data::Keep,
        Kept::Delete => Data::Delete,
    };
    api.blocking(move |host| host.plugins.uninstall(&id, data).map_err(Problem::from))
        .await?;
    Ok(Answer::done())
}

/// Have a plugin asked and told
///
/// For owners. Also turns one on again that was switched off.
#[utoipa::path(
    post,
    path = "/plugins/{id}/activate",
    operation_id = "activatePlugin",
    tag = "Plugins",
    params(("id" = String, Path, description = "The plugin"), Once),
    responses((status = 200, description = "The plugin.", body = json::InspectedPlugin)),
    security(("key" = ["plugins:write"])),
)]
pub async fn activate(api: State<Arc<Api>>, id: Named, asked: Asked) -> Result<Answer, Failure> {
    change(api, id, asked, Plugins::activate).await
}

/// Have a plugin neither asked nor told any more
///
/// For owners.
#[utoipa::path(
    post,
    path = "/plugins/{id}/deactivate",
    operation_id = "deactivatePlugin",
    tag = "Plugins",
    params(("id" = String, Path, description = "The plugin"), Once),
    responses((status = 200, description = "The plugin.", body = json::InspectedPlugin)),
    security(("key" = ["plugins:write"])),
)]
pub async fn deactivate(api: State<Arc<Api>>, id: Named, asked: Asked) -> Result<Answer, Failure> {
    change(api, id, asked, Plugins::deactivate).await
}

/// Go back to the version before
///
/// For owners.
#[utoipa::path(
    post,
    path = "/plugins/{id}/rollback",
    operation_id = "rollBackPlugin",
    tag = "Plugins",
    params(("id" = String, Path, description = "The plugin"), Once),
    responses((status = 200, description = "The plugin.", body = json::InspectedPlugin)),
    security(("key" = ["plugins:write"])),
)]
pub async fn rollback(api: State<Arc<Api>>, id: Named, asked: Asked) -> Result<Answer, Failure> {
    change(api, id, asked, |plugins, id| plugins.rollback(id).map(drop)).await
}

async fn change(
    State(api): State<Arc<Api>>,
    Named(id): Named,
    asked: Asked,
    change: fn(&Plugins, &str) -> Result<(), PluginError>,
) -> Result<Answer, Failure> {
    let call = changed(&api, asked).await?;
    call.nothing()?;
    call.once(&api, move |host| {
        change(&host.plugins, &id).map_err(Problem::from)?;
        inspected(host, &id).map_err(Failure::from)
    })
    .await
}

/// Refuses whoever may not look at plugins.
pub(super) async fn seen(api: &Api, asked: Asked) -> Result<Call, Failure> {
    let call = asked.with(KeyScope::PluginsRead)?;
    call.need_owner(api, "sees plugins").await?;
    Ok(call)
}

/// Refuses whoever may not change plugins.
pub(super) async fn changed(api: &Api, asked: Asked) -> Result<Call, Failure> {
    let call = asked.with(KeyScope::PluginsWrite)?;
    call.need_owner(api, "changes plugins").await?;
    Ok(call)
}

pub(super) fn inspected(host: &Host, id: &str) -> Result<Answer, Problem> {
    let found = host.plugins.inspect(id)?;
    Ok(Answer::ok(json::InspectedPlugin::from(&found)))
}
