//! Tidying up. No access depends on it.

use std::sync::Arc;

use axum::extract::State;

use super::Api;
use super::answer::Answer;
use super::asked::Asked;
use super::failure::Failure;
use crate::cms::key_scope::KeyScope;
use crate::output::json;
use crate::upkeep;

/// Record as ended what is over
///
/// For owners. Access ends without it, and the server does it by itself.
#[utoipa::path(
    post,
    path = "/sweep",
    operation_id = "sweep",
    tag = "Upkeep",
    responses((status = 200, description = "What was tidied up.", body = json::Swept)),
    security(("key" = ["upkeep:write"])),
)]
pub async fn sweep(State(api): State<Arc<Api>>, asked: Asked) -> Result<Answer, Failure> {
    let call = asked.with(KeyScope::UpkeepWrite)?;
    call.nothing()?;
    call.need_owner(&api, "tidies up").await?;
    let done = api.blocking(upkeep::sweep).await?;
    Ok(Answer::ok(json::Swept::from(&done)))
}
