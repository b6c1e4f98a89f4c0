//! The users of the site. They are the host's own, so who may see them is the host's to say: owners.

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
use crate::cms::users;
use crate::output::json;
use crate::problem::{Kind, Problem};

/// Some of the users.
#[derive(Serialize, ToSchema)]
pub struct UserPage {
    /// Guests included.
    users: Vec<json::User>,
    /// Where the next page begins; none at the end.
    next: Option<String>,
}

/// List the users of the site
///
/// Guests included, in the order of their ids. For owners.
#[utoipa::path(
    get,
    path = "/users",
    operation_id = "listUsers",
    tag = "Users",
    params(Paging),
    responses((status = 200, description = "Some of them.", body = UserPage)),
    security(("key" = ["users:read"])),
)]
pub async fn list(State(api): State<Arc<Api>>, asked: Asked) -> Result<Answer, Failure> {
    let call = asked.with(KeyScope::UsersRead)?;
    let Paging { limit, cursor } = call.query()?;
    let size = page::size(limit)?;
    page::check_user(cursor.as_deref())?;
    call.need_owner(&api, "sees the users").await?;
    let users = api
        .blocking(move |host| users::page(&host.db, &host.site, cursor.as_deref(), size))
        .await?;
    let full = users.len() >= size as usize;
    let next = users.last().filter(|_| full).map(|last| last.id.clone());
    let page = UserPage {
        users: users.iter().map(json::User::from).collect(),
        next: next.clone(),
    };
    Ok(page::answer(&call, page, next.as_deref()))
}

/// Show one user
///
/// For owners.
#[utoipa::path(
    get,
    path = "/users/{id}",
    operation_id = "showUser",
    tag = "Users",
    params(("id" = String, Path, description = "The user")),
    responses((status = 200, description = "The user.", body = json::User)),
    security(("key" = ["users:read"])),
)]
pub async fn show(
    State(api): State<Arc<Api>>,
    Named(id): Named,
    asked: Asked,
) -> Result<Answer, Failure> {
    let call = asked.with(KeyScope::UsersRead)?;
    call.need_owner(&api, "sees the users").await?;
    let found = api
        .blocking(move |host| users::find(&host.db, &host.site, &id))
        .await?;
    let user = found
        .ok_or_else(|| Problem::new(Kind::NotFound, "unknown-user", "There is no such user."))?;
    Ok(Answer::ok(json::User::from(&user)))
}
