//! Looking at grants. Who may see which is the engine's to say.

use std::sync::Arc;

use axum::extract::State;
use guestpass::Filter;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::Api;
use super::answer::Answer;
use super::asked::{Asked, Named};
use super::failure::Failure;
use super::page;
use crate::cms::key_scope::KeyScope;
use crate::output::json;

/// Which grants, and which page of them.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct Which {
    /// Only those in this state
    state: Option<String>,
    /// Only those for this guest
    email: Option<String>,
    /// Only those of this kind
    kind: Option<String>,
    /// At most so many on one page [default: 50]
    #[param(minimum = 1, maximum = 100)]
    limit: Option<u32>,
    /// Where the page begins: `next` of the page before
    cursor: Option<String>,
}

/// Some of the grants.
#[derive(Serialize, ToSchema)]
pub struct GrantPage {
    /// The newest first. May be fewer than asked for, or none, although more follow.
    grants: Vec<json::Grant>,
    /// Ids of those whose records cannot be read. They give no access.
    damaged: Vec<String>,
    /// Where the next page begins; none at the end.
    next: Option<String>,
}

/// List grants
///
/// The newest first. Whoever is no owner sees those they made themselves.
#[utoipa::path(
    get,
    path = "/grants",
    operation_id = "listGrants",
    tag = "Grants",
    params(Which),
    responses((status = 200, description = "Some of the grants.", body = GrantPage)),
    security(("key" = ["grants:read"])),
)]
pub async fn list(State(api): State<Arc<Api>>, asked: Asked) -> Result<Answer, Failure> {
    let call = asked.with(KeyScope::GrantsRead)?;
    let Which {
        state,
        email,
        kind,
        limit,
        cursor,
    } = call.query()?;
    let size = page::size(limit)?;
    let actor = call.actor(&api);
    let page = api
        .blocking(move |host| {
            let filter = Filter { state, email, kind };
            host.engine.list(&actor, &filter, cursor.as_deref(), size)
        })
        .await?;
    let shown = GrantPage {
        grants: page.grants.iter().map(json::Grant::from).collect(),
        damaged: page.damaged,
        next: page.next.clone(),
    };
    Ok(page::answer(&call, shown, page.next.as_deref()))
}

/// Show one grant
#[utoipa::path(
    get,
    path = "/grants/{id}",
    operation_id = "showGrant",
    tag = "Grants",
    params(("id" = String, Path, description = "The grant")),
    responses((status = 200, description = "The grant as it stands.", body = json::Grant)),
    security(("key" = ["grants:read"])),
)]
pub async fn show(
    State(api): State<Arc<Api>>,
    Named(id): Named,
    asked: Asked,
) -> Result<Answer, Failure> {
    let call = asked.with(KeyScope::GrantsRead)?;
    let actor = call.actor(&api);
    let grant = api
        .blocking(move |host| host.engine.get(&actor, &id))
        .await?;
    Ok(Answer::ok(json::Grant::from(&grant)))
}
