//! Who tried what opens nothing, and is stopped for it.

use std::sync::Arc;

use axum::extract::State;
use serde::Serialize;
use utoipa::ToSchema;

use super::Api;
use super::answer::Answer;
use super::asked::{Asked, Named};
use super::failure::Failure;
use super::page::{self, Paging};
use crate::cms::key_scope::KeyScope;
use crate::output::json;

/// Some of the lock-outs.
#[derive(Serialize, ToSchema)]
pub struct LockoutPage {
    /// May be fewer than asked for, or none, although more follow.
    lockouts: Vec<json::Lockout>,
    /// Where the next page begins; none at the end.
    next: Option<String>,
}

/// List what is locked out or counted now
///
/// For owners.
#[utoipa::path(
    get,
    path = "/lockouts",
    operation_id = "listLockouts",
    tag = "Lock-outs",
    params(Paging),
    responses((status = 200, description = "Some of them.", body = LockoutPage)),
    security(("key" = ["lockouts:read"])),
)]
pub async fn list(State(api): State<Arc<Api>>, asked: Asked) -> Result<Answer, Failure> {
    let call = asked.with(KeyScope::LockoutsRead)?;
    let Paging { limit, cursor } = call.query()?;
    let size = page::size(limit)?;
    let actor = call.actor(&api);
    let page = api
        .blocking(move |host| host.engine.lockouts(&actor, cursor.as_deref(), size))
        .await?;
    let shown = LockoutPage {
        lockouts: page.lockouts.iter().map(json::Lockout::from).collect(),
        next: page.next.clone(),
    };
    Ok(page::answer(&call, shown, page.next.as_deref()))
}

/// Forget these tries and lift the lock that came of them
///
/// For owners.
#[utoipa::path(
    delete,
    path = "/lockouts/{id}",
    operation_id = "liftLockout",
    tag = "Lock-outs",
    params(("id" = String, Path, description = "For example `address:203.0.113.9`")),
    responses((status = 204, description = "Nothing is counted for it any more.")),
    security(("key" = ["lockouts:write"])),
)]
pub async fn lift(
    State(api): State<Arc<Api>>,
    Named(id): Named,
    asked: Asked,
) -> Result<Answer, Failure> {
    let call = asked.with(KeyScope::LockoutsWrite)?;
    call.nothing()?;
    let actor = call.actor(&api);
    api.blocking(move |host| host.engine.lift_lockout(&actor, &id))
        .await?;
    Ok(Answer::done())
}
