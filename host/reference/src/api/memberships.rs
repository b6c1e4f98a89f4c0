//! The accounts in which the user of the key may act, and beginning to act in one.

use std::sync::Arc;

use axum::extract::State;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::Api;
use super::answer::Answer;
use super::asked::{Asked, Named};
use super::failure::Failure;
use super::once::{Done, Once};
use super::page::{self, Paging};
use crate::cms::key_scope::KeyScope;
use crate::cms::switched::Begun;
use crate::output::json;
use crate::switching;

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
/// A key acts in its user's own account only; in another one, a session does.
#[utoipa::path(
    get,
    path = "/memberships",
    operation_id = "listMemberships",
    tag = "Accounts",
    params(Paging),
    responses((status = 200, description = "Some of them.", body = MembershipPage)),
    security(("key" = ["accounts:read"])),
)]
pub async fn list(State(api): State<Arc<Api>>, asked: Asked) -> Result<Answer, Failure> {
    let call = asked.with(KeyScope::AccountsRead)?;
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

/// What to leave when switching.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Switch {
    /// The session that the new one takes the place of; it is over.
    leaving: Option<String>,
}

/// Begin to act in the account of somebody else
///
/// By a grant that the user of the key accepted. The session is for a browser of that user, or for whoever asks what it may
/// do; it is in this one answer and kept nowhere. It ends with the key, and leads back to no session of the user's own.
#[utoipa::path(
    post,
    path = "/memberships/{grant}/switch",
    operation_id = "switchAccount",
    tag = "Accounts",
    params(("grant" = String, Path, description = "The grant"), Once),
    request_body(content = Switch, example = json!({})),
    responses((status = 200, description = "The new session.", body = json::Admission)),
    security(("key" = ["accounts:write"])),
)]
pub async fn switch(
    State(api): State<Arc<Api>>,
    Named(grant): Named,
    asked: Asked,
) -> Result<Answer, Failure> {
    let call = asked.with(KeyScope::AccountsWrite)?;
    let Switch { leaving } = call.json()?;
    let (actor, key) = (call.actor(&api), call.key.clone());
    call.once(&api, move |host| {
        let admission = switching::begin(
            host,
            &actor.user,
            &grant,
            leaving.as_deref(),
            Begun::ByKey(&key),
            &actor.origin,
        )?;
        let shown = json::Admission::new(admission);
        Ok(Done {
            answer: Answer::ok(&shown),
            again: Answer::ok(shown.without_session()),
        })
    })
    .await
}
