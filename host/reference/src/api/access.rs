//! What a grant allows, and why.

use std::sync::Arc;

use axum::extract::State;
use guestpass::Explanation;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::Api;
use super::answer::Answer;
use super::asked::{Asked, Named};
use super::failure::Failure;
use crate::cms::key_scope::KeyScope;
use crate::output::json;

/// Which permission.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct Which {
    /// For example `edit_posts`
    #[param(example = "edit_posts")]
    permission: String,
}

/// Whether a permission is given.
#[derive(Serialize, ToSchema)]
pub struct Checked {
    pub(super) permission: String,
    pub(super) allowed: bool,
}

/// Ask whether a grant gives a permission right now
#[utoipa::path(
    get,
    path = "/grants/{id}/check",
    operation_id = "checkPermission",
    tag = "Access",
    params(("id" = String, Path, description = "The grant"), Which),
    responses((status = 200, description = "Yes or no.", body = Checked)),
    security(("key" = ["access:read"])),
)]
pub async fn check(api: State<Arc<Api>>, id: Named, asked: Asked) -> Result<Answer, Failure> {
    let Explanation {
        permission,
        allowed,
        ..
    } = explained(api, id, asked).await?;
    Ok(Answer::ok(Checked {
        permission,
        allowed,
    }))
}

/// Ask which limits bind a grant for a permission
#[utoipa::path(
    get,
    path = "/grants/{id}/explain",
    operation_id = "explainPermission",
    tag = "Access",
    params(("id" = String, Path, description = "The grant"), Which),
    responses((status = 200, description = "Every limit, and what it says.", body = json::Explanation)),
    security(("key" = ["access:read"])),
)]
pub async fn explain(api: State<Arc<Api>>, id: Named, asked: Asked) -> Result<Answer, Failure> {
    let explanation = explained(api, id, asked).await?;
    Ok(Answer::ok(json::Explanation::from(&explanation)))
}

/// Ask which limits bind the end of a grant
#[utoipa::path(
    get,
    path = "/grants/{id}/ending",
    operation_id = "explainEnding",
    tag = "Access",
    params(("id" = String, Path, description = "The grant")),
    responses((status = 200, description = "Every limit that concerns it.", body = json::EndExplanation)),
    security(("key" = ["access:read"])),
)]
pub async fn ending(
    State(api): State<Arc<Api>>,
    Named(id): Named,
    asked: Asked,
) -> Result<Answer, Failure> {
    let call = asked.with(KeyScope::AccessRead)?;
    let actor = call.actor(&api);
    let explanation = api
        .blocking(move |host| host.engine.explain_ending(&actor, &id))
        .await?;
    Ok(Answer::ok(json::EndExplanation::from(&explanation)))
}

/// Ask for all that a grant gives
#[utoipa::path(
    get,
    path = "/grants/{id}/power",
    operation_id = "showPower",
    tag = "Access",
    params(("id" = String, Path, description = "The grant")),
    responses((status = 200, description = "All of it.", body = json::Power)),
    security(("key" = ["access:read"])),
)]
pub async fn power(
    State(api): State<Arc<Api>>,
    Named(id): Named,
    asked: Asked,
) -> Result<Answer, Failure> {
    let call = asked.with(KeyScope::AccessRead)?;
    let actor = call.actor(&api);
    let power = api
        .blocking(move |host| host.engine.power(&actor, &id))
        .await?;
    Ok(Answer::ok(json::Power::from(&power)))
}

async fn explained(
    State(api): State<Arc<Api>>,
    Named(id): Named,
    asked: Asked,
) -> Result<Explanation, Failure> {
    let call = asked.with(KeyScope::AccessRead)?;
    let Which { permission } = call.query()?;
    let actor = call.actor(&api);
    api.blocking(move |host| host.engine.explain(&actor, &id, &permission))
        .await
}
