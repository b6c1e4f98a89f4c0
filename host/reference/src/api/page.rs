//! Lists a page at a time: how much is asked for, where it begins, and where the next one does.

use axum::http::{HeaderValue, header};
use serde::{Deserialize, Serialize};
use utoipa::IntoParams;

use super::answer::Answer;
use super::call::Call;
use super::failure::Failure;
use crate::problem::Problem;
use crate::secret;

/// The largest page. The engine gives no more grants at once.
pub const LARGEST: u32 = 100;
/// The page that is given to who does not say.
const USUAL: u32 = 50;

/// Which page.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct Paging {
    /// At most so many on one page [default: 50]
    #[param(minimum = 1, maximum = 100)]
    pub limit: Option<u32>,
    /// Where the page begins: `next` of the page before
    pub cursor: Option<String>,
}

/// The size of the page, within what is described.
pub fn size(limit: Option<u32>) -> Result<u32, Failure> {
    match limit.unwrap_or(USUAL) {
        size @ 1..=LARGEST => Ok(size),
        _ => Err(
            Failure::malformed("bad-query", format!("A page holds 1 to {LARGEST}.")).at("limit"),
        ),
    }
}

/// The place in a numbered list where the page begins.
pub fn number(cursor: Option<&str>) -> Result<u64, Failure> {
    let number = cursor.map_or(Ok(0), str::parse);
    number.map_err(|_| no_such_page())
}

/// Whether the page can begin after a user of this id.
pub fn check_user(cursor: Option<&str>) -> Result<(), Failure> {
    match cursor {
        Some(id) if !secret::is_id(id) => Err(no_such_page()),
        _ => Ok(()),
    }
}

/// The refusal of a cursor that no page has given.
pub fn no_such_page() -> Failure {
    let message = "There is no page that begins so. Take `next` of the page before, or leave `cursor` out for the first page.";
    Problem::usage("bad-page", message).at("cursor").into()
}

/// The page, with a link (RFC 8288) to the next one if there is one.
pub fn answer(call: &Call, page: impl Serialize, next: Option<&str>) -> Answer {
    let answer = Answer::ok(page);
    let link = next.map(|next| format!("<{}>; rel=\"next\"", call.next_page(next)));
    match link.map(HeaderValue::try_from) {
        Some(Ok(link)) => answer.with(header::LINK, link),
        // The body says it as well.
        _ => answer,
    }
}
