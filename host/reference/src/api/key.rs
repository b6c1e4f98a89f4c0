//! The key that is asked with.

use super::answer::Answer;
use super::asked::Asked;
use super::failure::Failure;
use crate::output::json;

/// Whose key this is and what it is for
///
/// Any valid key may ask.
#[utoipa::path(
    get,
    path = "/key",
    operation_id = "showKey",
    tag = "Key",
    responses((status = 200, description = "The key, without its secret.", body = json::Key)),
    security(("key" = [])),
)]
pub async fn show(asked: Asked) -> Result<Answer, Failure> {
    Ok(Answer::ok(json::Key::from(asked.key())))
}
