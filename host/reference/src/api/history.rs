//! What happened, and whether it is still as it was written.

use std::sync::Arc;

use axum::extract::State;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::Api;
use super::answer::Answer;
use super::asked::{Asked, Named};
use super::failure::Failure;
use super::page::{self, Paging};
use crate::cms::key_scope::KeyScope;
use crate::output::json;

/// Some of a grant's history.
#[derive(Serialize, ToSchema)]
pub struct HistoryPage {
    /// The oldest first.
    history: Vec<json::Happening>,
    /// Where the next page begins; none at the end.
    next: Option<String>,
}

/// Show what happened to a grant
///
/// The oldest first.
#[utoipa::path(
    get,
    path = "/grants/{id}/history",
    operation_id = "listHistory",
    tag = "History",
    params(("id" = String, Path, description = "The grant"), Paging),
    responses((status = 200, description = "Some of its history.", body = HistoryPage)),
    security(("key" = ["history:read"])),
)]
pub async fn list(
    State(api): State<Arc<Api>>,
    Named(id): Named,
    asked: Asked,
) -> Result<Answer, Failure> {
    let call = asked.with(KeyScope::HistoryRead)?;
    let Paging { limit, cursor } = call.query()?;
    let size = page::size(limit)?;
    let first = page::number(cursor.as_deref())?;
    let actor = call.actor(&api);
    let happenings = api
        .blocking(move |host| host.engine.history(&actor, &id, first, size))
        .await?;
    let full = happenings.len() >= size as usize;
    let last = happenings.last().filter(|_| full);
    let next = last.map(|last| last.sequence.saturating_add(1).to_string());
    let page = HistoryPage {
        history: happenings.iter().map(json::Happening::from).collect(),
        next: next.clone(),
    };
    Ok(page::answer(&call, page, next.as_deref()))
}

/// What reading some of the site's history told.
#[derive(Serialize, ToSchema)]
pub struct VerifiedPage {
    #[serde(flatten)]
    verified: json::Verified,
    /// Where to go on; none when all was read.
    next: Option<String>,
}

/// Which page, and against what.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct Verification {
    /// The line that a checkpoint is, which was kept elsewhere: the log must begin with what it covers
    against: Option<String>,
    /// At most so many on one page [default: 50]
    #[param(minimum = 1, maximum = 100)]
    limit: Option<u32>,
    /// Where the page begins: `next` of the page before
    cursor: Option<String>,
}

/// Verify the history of the site
///
/// Reads chain after chain and tells what is not as it was written. For owners. A page counts grants and their records; the
/// whole is sound if every page is.
#[utoipa::path(
    get,
    path = "/history/verification",
    operation_id = "verifyHistory",
    tag = "History",
    params(Verification),
    responses((status = 200, description = "What was read, and what of it does not fit.", body = VerifiedPage)),
    security(("key" = ["history:read"])),
)]
pub async fn verify(State(api): State<Arc<Api>>, asked: Asked) -> Result<Answer, Failure> {
    let call = asked.with(KeyScope::HistoryRead)?;
    let Verification {
        against,
        limit,
        cursor,
    } = call.query()?;
    let size = page::size(limit)?;
    call.need_owner(&api, "verifies the history").await?;
    let report = api
        .blocking(move |host| {
            let (engine, site, start) = (&host.engine, &host.site, cursor.as_deref());
            match against {
                None => engine.verify(site, start, size),
                Some(checkpoint) => engine.verify_against(site, &checkpoint, start, size),
            }
        })
        .await?;
    let page = VerifiedPage {
        verified: json::Verified::new(u64::from(report.grants), report.records, &report.faults),
        next: report.next.clone(),
    };
    Ok(page::answer(&call, page, report.next.as_deref()))
}
