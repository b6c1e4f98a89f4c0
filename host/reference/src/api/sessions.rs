//! Sessions of guests and of people who act in other accounts: what they may do, and their end. A session is a secret, so it
//! comes in a body and never in an address.

use std::sync::Arc;

use axum::extract::State;
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::Api;
use super::access::Checked;
use super::answer::Answer;
use super::asked::{Asked, Named};
use super::failure::Failure;
use super::page::{self, Paging};
use crate::cms::key_scope::KeyScope;
use crate::cms::users;
use crate::host::Host;
use crate::output::json;
use crate::switching;

/// Some of the sessions.
#[derive(Serialize, ToSchema)]
pub struct SessionPage {
    /// May be fewer than asked for, or none, although more follow.
    sessions: Vec<json::RunningSession>,
    /// Where the next page begins; none at the end.
    next: Option<String>,
}

/// List the sessions of a grant that go on
#[utoipa::path(
    get,
    path = "/grants/{id}/sessions",
    operation_id = "listSessions",
    tag = "Grants",
    params(("id" = String, Path, description = "The grant"), Paging),
    responses((status = 200, description = "Some of them.", body = SessionPage)),
    security(("key" = ["grants:read"])),
)]
pub async fn list(
    State(api): State<Arc<Api>>,
    Named(id): Named,
    asked: Asked,
) -> Result<Answer, Failure> {
    let call = asked.with(KeyScope::GrantsRead)?;
    let Paging { limit, cursor } = call.query()?;
    let size = page::size(limit)?;
    let actor = call.actor(&api);
    let page = api
        .blocking(move |host| host.engine.sessions(&actor, &id, cursor.as_deref(), size))
        .await?;
    let shown = SessionPage {
        sessions: page
            .sessions
            .iter()
            .map(json::RunningSession::from)
            .collect(),
        next: page.next.clone(),
    };
    Ok(page::answer(&call, shown, page.next.as_deref()))
}

/// The session that is meant, by the name that the list and history give it.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NamedSession)]
pub struct Which {
    /// Its name, which is no secret
    name: String,
}

/// End one session of a grant
///
/// The guest may come in anew while the grant allows it: suspending or revoking it stops that.
#[utoipa::path(
    post,
    path = "/grants/{id}/end-session",
    operation_id = "endSession",
    tag = "Grants",
    params(("id" = String, Path, description = "The grant")),
    request_body = Which,
    responses((status = 204, description = "It is over.")),
    security(("key" = ["grants:write"])),
)]
pub async fn end(
    State(api): State<Arc<Api>>,
    Named(id): Named,
    asked: Asked,
) -> Result<Answer, Failure> {
    let call = asked.with(KeyScope::GrantsWrite)?;
    let Which { name } = call.json()?;
    let actor = call.actor(&api);
    api.blocking(move |host| host.engine.end_session(&actor, &id, &name))
        .await?;
    Ok(Answer::done())
}

/// A session, and what it would do.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = SessionCheck)]
pub struct Check {
    /// The session: `gs1_…`
    session: String,
    /// For example `edit_posts`
    #[schema(example = "edit_posts")]
    permission: String,
}

/// Ask whether a session may do something right now
///
/// Ask each time: an answer that is kept misses a revocation.
#[utoipa::path(
    post,
    path = "/sessions/check",
    operation_id = "checkSession",
    tag = "Access",
    request_body = Check,
    responses((status = 200, description = "Yes or no.", body = Checked)),
    security(("key" = ["access:read"])),
)]
pub async fn check(State(api): State<Arc<Api>>, asked: Asked) -> Result<Answer, Failure> {
    let call = asked.with(KeyScope::AccessRead)?;
    let Check {
        session,
        permission,
    } = call.json()?;
    let asked = permission.clone();
    let allowed = api
        .blocking(move |host| {
            look(host, &session)?;
            Ok::<_, Failure>(host.engine.check(&host.site, &session, &asked)?)
        })
        .await?;
    Ok(Answer::ok(Checked {
        permission,
        allowed,
    }))
}

/// Refuses a session that is over as far as this host is concerned. The engine answers for grants; whether their user was
/// deleted since is this host's to know.
fn look(host: &Host, session: &str) -> Result<(), Failure> {
    let access = switching::resolve(host, session)?;
    match users::find(&host.db, &host.site, access.user())? {
        Some(_) => Ok(()),
        None => Err(Failure::new(
            StatusCode::GONE,
            "user-deleted",
            "The site has removed the user of this session. Ask whoever invited them.",
        )),
    }
}

/// A session of somebody who acts in the account of somebody else.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = SessionToken)]
pub struct Shown {
    /// The session: `gs1_…`
    session: String,
}

/// Whose session it was.
#[derive(Serialize, ToSchema)]
pub struct Returned {
    user: String,
}

/// Stop acting in the account of somebody else
///
/// The session is over. Nothing is restored: the user signs in as on any other day.
#[utoipa::path(
    post,
    path = "/sessions/return",
    operation_id = "returnToOwn",
    tag = "Accounts",
    request_body = Shown,
    responses((status = 200, description = "Whose session it was.", body = Returned)),
    security(("key" = ["accounts:write"])),
)]
pub async fn come_back(State(api): State<Arc<Api>>, asked: Asked) -> Result<Answer, Failure> {
    let call = asked.with(KeyScope::AccountsWrite)?;
    let Shown { session } = call.json()?;
    let user = api
        .blocking(move |host| switching::come_back(host, &session))
        .await?;
    Ok(Answer::ok(Returned { user }))
}
