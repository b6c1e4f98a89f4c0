//! Switching guests' access off and on for the whole site, and leaving it for good. For owners, with a key made for it.

use std::sync::Arc;

use axum::extract::State;

use super::Api;
use super::answer::Answer;
use super::asked::Asked;
use super::failure::Failure;
use crate::cms::key_scope::KeyScope;
use crate::cms::keys;
use crate::host::Host;
use crate::output::json;
use crate::problem::Problem;

/// How much is done in one call.
const STEP: u32 = 500;

fn shown(host: &Host) -> Result<json::Site, Failure> {
    Ok(json::Site {
        site: host.site.to_string(),
        deactivated: host.engine.deactivated(&host.site)?.map(json::Instant),
    })
}

/// Whether guests are let in
#[utoipa::path(
    get,
    path = "/site",
    operation_id = "showSite",
    tag = "Site",
    responses((status = 200, description = "Whether guests are let in.", body = json::Site)),
    security(("key" = ["site:operate"])),
)]
pub async fn show(State(api): State<Arc<Api>>, asked: Asked) -> Result<Answer, Failure> {
    let call = asked.with(KeyScope::SiteOperate)?;
    call.nothing()?;
    call.need_owner(&api, "operates the site").await?;
    Ok(Answer::ok(api.blocking(shown).await?))
}

/// Let no guest in
///
/// And answer for none, until the site is activated. Nothing is lost. Doing it again changes nothing.
#[utoipa::path(
    post,
    path = "/site/deactivate",
    operation_id = "deactivateSite",
    tag = "Site",
    responses((status = 200, description = "Since when no guest is let in.", body = json::Site)),
    security(("key" = ["site:operate"])),
)]
pub async fn deactivate(State(api): State<Arc<Api>>, asked: Asked) -> Result<Answer, Failure> {
    let call = asked.with(KeyScope::SiteOperate)?;
    call.nothing()?;
    call.need_owner(&api, "operates the site").await?;
    let site = api.blocking(|host| {
        host.engine.deactivate(&host.site)?;
        shown(host)
    });
    Ok(Answer::ok(site.await?))
}

/// Let guests in again
///
/// Doing it again changes nothing.
#[utoipa::path(
    post,
    path = "/site/activate",
    operation_id = "activateSite",
    tag = "Site",
    responses((status = 200, description = "Guests are let in.", body = json::Site)),
    security(("key" = ["site:operate"])),
)]
pub async fn activate(State(api): State<Arc<Api>>, asked: Asked) -> Result<Answer, Failure> {
    let call = asked.with(KeyScope::SiteOperate)?;
    call.nothing()?;
    call.need_owner(&api, "operates the site").await?;
    let site = api.blocking(|host| {
        host.engine.activate(&host.site)?;
        shown(host)
    });
    Ok(Answer::ok(site.await?))
}

/// Delete every user that was made for a guest, and all that is kept of grants
///
/// History included; it cannot be undone. Only a site that is deactivated is left. Ask until there is no `more`; the last step
/// ends all other keys of the site.
#[utoipa::path(
    post,
    path = "/site/uninstall",
    operation_id = "uninstallSite",
    tag = "Site",
    request_body(content = json::Retirement, example = json!({ "content": "keep" })),
    responses((status = 200, description = "What this step did.", body = json::Uninstalled)),
    security(("key" = ["site:operate"])),
)]
pub async fn uninstall(State(api): State<Arc<Api>>, asked: Asked) -> Result<Answer, Failure> {
    let call = asked.with(KeyScope::SiteOperate)?;
    let content = call.json::<json::Retirement>()?.content.into();
    call.need_owner(&api, "operates the site").await?;
    let key = call.key.clone();
    let step = api
        .blocking(move |host| {
            let step = host.engine.uninstall(&host.site, &content, STEP)?;
            if !step.more {
                keys::revoke_all(&host.db, &host.site, Some(&key))?;
            }
            Ok::<_, Problem>(step)
        })
        .await?;
    Ok(Answer::ok(json::Uninstalled::from(step)))
}
