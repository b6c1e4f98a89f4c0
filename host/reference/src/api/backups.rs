//! What the host knows of the site's backups.

use std::sync::Arc;

use axum::extract::State;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::Api;
use super::answer::Answer;
use super::asked::Asked;
use super::failure::Failure;
use crate::cms::key_scope::KeyScope;
use crate::cms::site;
use crate::output::json::{Backup, Instant};

/// A backup that was made.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NewBackup)]
pub struct Made {
    /// None: now.
    at: Option<Instant>,
}

/// Show when the site was last backed up, as far as was recorded
#[utoipa::path(
    get,
    path = "/backup",
    operation_id = "showBackup",
    tag = "Backups",
    responses((status = 200, description = "What is known.", body = Backup)),
    security(("key" = ["backups:read"])),
)]
pub async fn show(State(api): State<Arc<Api>>, asked: Asked) -> Result<Answer, Failure> {
    asked.with(KeyScope::BackupsRead)?;
    let last = api
        .blocking(|host| site::last_backup(&host.db, &host.site))
        .await?;
    Ok(Answer::ok(Backup {
        last_backup: last.map(Instant),
    }))
}

/// Remember that the site was backed up
///
/// For owners.
#[utoipa::path(
    post,
    path = "/backup",
    operation_id = "recordBackup",
    tag = "Backups",
    request_body(content = Made, example = json!({ "at": "2026-11-01T10:00:00Z" })),
    responses((status = 200, description = "What is known from now on.", body = Backup)),
    security(("key" = ["backups:write"])),
)]
pub async fn record(State(api): State<Arc<Api>>, asked: Asked) -> Result<Answer, Failure> {
    let call = asked.with(KeyScope::BackupsWrite)?;
    let Made { at } = call.json()?;
    call.need_owner(&api, "records backups").await?;
    let at = at.map(|Instant(at)| at);
    let last = api
        .blocking(move |host| site::record_backup(&host.db, &host.site, at, host.clock.now()))
        .await?;
    Ok(Answer::ok(Backup {
        last_backup: Some(Instant(last)),
    }))
}
