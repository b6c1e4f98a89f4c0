//! The accounts in which the user of the key may act.

use std::sync::Arc;

use axum::extract::State;
use serde::Serialize;
use utoipa::ToSchema;

use super::Api;
use super::answer::Answer;
use super::asked::Asked;
use super::failure::Failure;
use super::page::{self, Paging};
use crate::cms::key_scope::KeyScope;
use crate::output::json;

/// Some of the accounts.
#[derive(Serialize, ToSchema)]
pub struct MembershipPage {
    /// The own one first, on the first page; then the others, the oldest first. May be fewer than asked for although more
    /// follow.
    accounts: Vec<json::Membership>,
    /// Where the next page begins; none at the end.
    next: Option<String>,
}

/// List the accounts in which the user of the key may act
///
/// A key acts in its user's own account only: to act in another one, that person signs in and switches.
#[utoipa::path(
    get,
    path = "/memberships",
    operation_id = "listMemberships",
    tag = "Access",
    params(Paging),
    responses((status = 200, description = "Some of them.", body = MembershipPage)),
    security(("key" = ["access:read"])),
)]
pub async fn list(State(api): State<Arc<Api>>, asked: Asked) -> Result<Answer, Failure> {
    let call = asked.with(KeyScope::AccessRead)?;
    let Paging { limit, cursor } = call.query()?;
    let size = page::size(limit)?;
    let user = call.actor(&api).user;
    let page = api
        .blocking(move |host| {
            let (site, start) = (&host.site, cursor.as_deref());
            host.engine.memberships(site, &user, start, size)
        })
        .await?;
    let shown = MembershipPage {
        accounts: page.accounts.iter().map(json::Membership::from).collect(),
        next: page.next.clone(),
    };
    Ok(page::answer(&call, shown, page.next.as_deref()))
}
