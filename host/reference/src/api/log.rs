//! The log of a site's history: checkpoints of it and proofs from it. For owners.

use std::sync::Arc;

use axum::extract::State;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::Api;
use super::answer::Answer;
use super::asked::{Asked, Named};
use super::call::Call;
use super::failure::Failure;
use super::page::{self, Paging};
use crate::cms::key_scope::KeyScope;
use crate::output::json;
use crate::problem::Problem;
use crate::upkeep;

async fn owners(api: &Arc<Api>, asked: Asked) -> Result<Call, Failure> {
    let call = asked.with(KeyScope::HistoryRead)?;
    call.need_owner(api, "verifies the history").await?;
    Ok(call)
}

/// Take a checkpoint of everything that has happened until now
///
/// For owners. Keep it where nobody who can write to the site's database can: whatever it covers cannot be changed unseen.
#[utoipa::path(
    post,
    path = "/history/checkpoints",
    operation_id = "takeCheckpoint",
    tag = "History",
    responses((status = 200, description = "The checkpoint.", body = json::Checkpoint)),
    security(("key" = ["history:read"])),
)]
pub async fn checkpoint(State(api): State<Arc<Api>>, asked: Asked) -> Result<Answer, Failure> {
    let call = owners(&api, asked).await?;
    call.nothing()?;
    let checkpoint = api
        .blocking(|host| {
            upkeep::handle(host)?;
            host.engine.checkpoint(&host.site).map_err(Problem::from)
        })
        .await?;
    Ok(Answer::ok(json::Checkpoint::from(&checkpoint)))
}

/// Some of the log.
#[derive(Serialize, ToSchema)]
pub struct LogPage {
    /// In their order.
    entries: Vec<json::Logged>,
    /// Where the next page begins; none at the end.
    next: Option<String>,
}

/// List all records of the site as the log has them
///
/// For owners. What has happened since the last sweep or checkpoint is not in it yet.
#[utoipa::path(
    get,
    path = "/history/log",
    operation_id = "listLog",
    tag = "History",
    params(Paging),
    responses((status = 200, description = "Some of them.", body = LogPage)),
    security(("key" = ["history:read"])),
)]
pub async fn list(State(api): State<Arc<Api>>, asked: Asked) -> Result<Answer, Failure> {
    let call = owners(&api, asked).await?;
    let Paging { limit, cursor } = call.query()?;
    let size = page::size(limit)?;
    let first = page::number(cursor.as_deref())?;
    let entries = api
        .blocking(move |host| host.engine.log(&host.site, first, size))
        .await?;
    let full = entries.len() >= size as usize;
    let last = entries.last().filter(|_| full);
    let next = last.map(|last| last.index.saturating_add(1).to_string());
    let page = LogPage {
        entries: entries.iter().map(json::Logged::from).collect(),
        next: next.clone(),
    };
    Ok(page::answer(&call, page, next.as_deref()))
}

/// By which checkpoint.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct By {
    /// The line that a checkpoint is
    checkpoint: String,
}

/// Prove that a record is in the log of a checkpoint
///
/// For owners. Whoever has the checkpoint can check the proof without the site.
#[utoipa::path(
    get,
    path = "/history/log/{record}/proof",
    operation_id = "proveInclusion",
    tag = "History",
    params(("record" = String, Path, description = "The `id` of a line of history"), By),
    responses((status = 200, description = "The record and the proof.", body = json::Proved)),
    security(("key" = ["history:read"])),
)]
pub async fn prove(
    State(api): State<Arc<Api>>,
    Named(record): Named,
    asked: Asked,
) -> Result<Answer, Failure> {
    let call = owners(&api, asked).await?;
    let By { checkpoint } = call.query()?;
    let proved = api
        .blocking(move |host| {
            let (engine, site) = (&host.engine, &host.site);
            let checkpoint = engine.read_checkpoint(&checkpoint)?;
            let inclusion = engine.prove_inclusion(site, &record, &checkpoint.text)?;
            let entry = engine.log(site, inclusion.index, 1)?.pop();
            let entry = entry.ok_or_else(|| {
                let message = "The log was changed in this moment.";
                Problem::unavailable("record-damaged", message)
            })?;
            Ok::<_, Problem>(json::Proved::new(&entry, &checkpoint, &inclusion))
        })
        .await?;
    Ok(Answer::ok(proved))
}

/// Between which checkpoints.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct Between {
    /// The line that the earlier checkpoint is
    earlier: String,
    /// The line that the later checkpoint is
    later: String,
}

/// That nothing was changed between two checkpoints.
#[derive(Serialize, ToSchema)]
pub struct Consistency {
    /// One line: a name, both sizes, and the consistency path of RFC 9162.
    proof: String,
}

/// Prove that the log of a later checkpoint begins with that of an earlier one
///
/// For owners. Whoever has both checkpoints can check the proof without the site.
#[utoipa::path(
    get,
    path = "/history/consistency",
    operation_id = "proveConsistency",
    tag = "History",
    params(Between),
    responses((status = 200, description = "The proof.", body = Consistency)),
    security(("key" = ["history:read"])),
)]
pub async fn consistency(State(api): State<Arc<Api>>, asked: Asked) -> Result<Answer, Failure> {
    let call = owners(&api, asked).await?;
    let Between { earlier, later } = call.query()?;
    let proof = api
        .blocking(move |host| host.engine.prove_consistency(&host.site, &earlier, &later))
        .await?;
    Ok(Answer::ok(Consistency { proof }))
}
