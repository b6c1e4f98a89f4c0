//! All that one user handed out, taken back.

use std::sync::Arc;

use axum::extract::State;

use super::Api;
use super::answer::Answer;
use super::asked::{Asked, Named};
use super::failure::Failure;
use crate::cms::key_scope::KeyScope;
use crate::output::json;

/// How much one request takes back.
const AT_ONCE: u32 = 1_000;

/// Take back what a user handed out
///
/// For owners and for that user. Up to 1000 grants in one request, each in a commit of its own; ask again while there are
/// more.
#[utoipa::path(
    post,
    path = "/users/{id}/revoke-all",
    operation_id = "revokeAll",
    tag = "Grants",
    params(("id" = String, Path, description = "The user who handed it out")),
    responses((status = 200, description = "What was taken back.", body = json::RevokedAll)),
    security(("key" = ["grants:write"])),
)]
pub async fn revoke_all(
    State(api): State<Arc<Api>>,
    Named(id): Named,
    asked: Asked,
) -> Result<Answer, Failure> {
    let call = asked.with(KeyScope::GrantsWrite)?;
    call.nothing()?;
    let actor = call.actor(&api);
    let revoked = api
        .blocking(move |host| host.engine.revoke_all(&actor, &id, AT_ONCE))
        .await?;
    Ok(Answer::ok(json::RevokedAll::from(revoked)))
}
