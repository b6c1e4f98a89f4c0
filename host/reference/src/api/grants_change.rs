//! Handing out access and taking it back. Who may is the engine's to say: these only pass on what was asked.

use std::sync::Arc;

use axum::extract::State;
use guestpass::{Actor, Grant, Guestpass, Issued, Refusal};

use super::answer::Answer;
use super::asked::{Asked, Named};
use super::failure::Failure;
use super::once::{Done, Once};
use super::{Api, ROOT};
use crate::cms::key_scope::KeyScope;
use crate::invitations;
use crate::links::WayIn;
use crate::output::json;

/// Make a link, or a user with a password, for a time
///
/// The secret is in this one answer, and in a mail to the guest if `mail` asks for one; it is kept nowhere. Sent again under the
/// same `Idempotency-Key`, the answer has none and says why.
#[utoipa::path(
    post,
    path = "/grants",
    operation_id = "createGrant",
    tag = "Grants",
    params(Once),
    request_body(content = json::Draft, example = json!({
        "guest": { "email": "agent@support.example", "first_name": "Sam", "locale": "fr" },
        "scope": { "base": { "role": "editor" }, "except": ["edit_pages"] },
        "window": { "ending": { "after_first_use": "P3D" } },
        "uses": 3,
    })),
    responses((
        status = 201,
        description = "The grant with its link or password. `Location` has the address of the grant.",
        body = json::Issued,
    )),
    security(("key" = ["grants:write"])),
)]
pub async fn create(State(api): State<Arc<Api>>, asked: Asked) -> Result<Answer, Failure> {
    let call = asked.with(KeyScope::GrantsWrite)?;
    let draft: json::Draft = call.json()?;
    let actor = call.actor(&api);
    let base_url = api.base_url.clone();
    call.once(&api, move |host| {
        let draft = guestpass::Draft::from(draft);
        let issued = host.engine.create(&actor, &draft)?;
        let location = format!("{ROOT}/grants/{}", issued.grant.id);
        let mailed = invitations::mail_if_asked(host, &base_url, &actor.user, &draft, &issued);
        let mailed = mailed.map(|sent| sent.is_ok());
        let Done { answer, again } = made(&base_url, issued, mailed);
        Ok(Done {
            answer: answer.created(&location),
            again: again.created(&location),
        })
    })
    .await
}

/// Make a new link or password for the same grant
///
/// The earlier one is dead from then on, and sessions begun with it end. The end does not move.
#[utoipa::path(
    post,
    path = "/grants/{id}/reissue",
    operation_id = "reissueGrant",
    tag = "Grants",
    params(("id" = String, Path, description = "The grant"), Once),
    responses((status = 200, description = "The grant with its new link or password.", body = json::Issued)),
    security(("key" = ["grants:write"])),
)]
pub async fn reissue(
    State(api): State<Arc<Api>>,
    Named(id): Named,
    asked: Asked,
) -> Result<Answer, Failure> {
    let call = asked.with(KeyScope::GrantsWrite)?;
    call.nothing()?;
    let actor = call.actor(&api);
    let base_url = api.base_url.clone();
    call.once(&api, move |host| {
        Ok(made(&base_url, host.engine.reissue(&actor, &id)?, None))
    })
    .await
}

/// The one answer with the secret, and the same without it.
fn made(base_url: &str, issued: Issued, mailed: Option<bool>) -> Done {
    let Issued {
        grant,
        secret,
        permissions,
        withheld,
    } = issued;
    let way_in = WayIn::new(base_url, &grant, secret);
    let shown = json::Issued::new(&grant, way_in, &permissions, &withheld).mailed(mailed);
    Done {
        answer: Answer::ok(&shown),
        again: Answer::ok(shown.without_secret()),
    }
}

/// Move the end
///
/// The answer says the new end and what bounds it: the longest window that the site allows bounds an extension instead of
/// refusing it.
#[utoipa::path(
    post,
    path = "/grants/{id}/extend",
    operation_id = "extendGrant",
    tag = "Grants",
    params(("id" = String, Path, description = "The grant"), Once),
    request_body(content = json::Extension, example = json!({ "by": "P1D" })),
    responses((status = 200, description = "The grant with its new end.", body = json::Grant)),
    security(("key" = ["grants:write"])),
)]
pub async fn extend(
    State(api): State<Arc<Api>>,
    Named(id): Named,
    asked: Asked,
) -> Result<Answer, Failure> {
    let call = asked.with(KeyScope::GrantsWrite)?;
    let extension = guestpass::Extension::from(call.json::<json::Extension>()?);
    let actor = call.actor(&api);
    call.once(&api, move |host| {
        let grant = host.engine.extend(&actor, &id, &extension)?;
        Ok(Answer::ok(json::Grant::from(&grant)))
    })
    .await
}

/// Give a grant another scope
///
/// It binds at the next check, and is held to what a new grant would be.
#[utoipa::path(
    put,
    path = "/grants/{id}/scope",
    operation_id = "changeScope",
    tag = "Grants",
    params(("id" = String, Path, description = "The grant")),
    request_body(content = json::NewScope, example = json!({ "scope": { "base": { "role": "author" } } })),
    responses((status = 200, description = "The grant with its new scope.", body = json::Grant)),
    security(("key" = ["grants:write"])),
)]
pub async fn change_scope(
    State(api): State<Arc<Api>>,
    Named(id): Named,
    asked: Asked,
) -> Result<Answer, Failure> {
    let call = asked.with(KeyScope::GrantsWrite)?;
    let json::NewScope { scope, knowingly } = call.json()?;
    let actor = call.actor(&api);
    let grant = api
        .blocking(move |host| {
            let scope = scope.into();
            host.engine.change_scope(&actor, &id, &scope, &knowingly)
        })
        .await?;
    Ok(Answer::ok(json::Grant::from(&grant)))
}

/// Stop access at once, until it is resumed
///
/// The end does not move.
#[utoipa::path(
    post,
    path = "/grants/{id}/suspend",
    operation_id = "suspendGrant",
    tag = "Grants",
    params(("id" = String, Path, description = "The grant"), Once),
    responses((status = 200, description = "The grant, suspended.", body = json::Grant)),
    security(("key" = ["grants:write"])),
)]
pub async fn suspend(api: State<Arc<Api>>, id: Named, asked: Asked) -> Result<Answer, Failure> {
    change(api, id, asked, Guestpass::suspend).await
}

/// Give access back after it was suspended
#[utoipa::path(
    post,
    path = "/grants/{id}/resume",
    operation_id = "resumeGrant",
    tag = "Grants",
    params(("id" = String, Path, description = "The grant"), Once),
    responses((status = 200, description = "The grant as it goes on.", body = json::Grant)),
    security(("key" = ["grants:write"])),
)]
pub async fn resume(api: State<Arc<Api>>, id: Named, asked: Asked) -> Result<Answer, Failure> {
    change(api, id, asked, Guestpass::resume).await
}

/// End access for good
///
/// At once, live sessions included. Revoking what has ended changes nothing.
#[utoipa::path(
    post,
    path = "/grants/{id}/revoke",
    operation_id = "revokeGrant",
    tag = "Grants",
    params(("id" = String, Path, description = "The grant"), Once),
    responses((status = 200, description = "The grant, ended.", body = json::Grant)),
    security(("key" = ["grants:write"])),
)]
pub async fn revoke(api: State<Arc<Api>>, id: Named, asked: Asked) -> Result<Answer, Failure> {
    change(api, id, asked, Guestpass::revoke).await
}

/// Delete the user that was made for a grant, and decide what becomes of all they wrote
///
/// Access ends first. Somebody who was a user before is not touched. Retiring what is retired changes nothing.
#[utoipa::path(
    post,
    path = "/grants/{id}/retire",
    operation_id = "retireGrant",
    tag = "Grants",
    params(("id" = String, Path, description = "The grant"), Once),
    request_body(content = json::Retirement, example = json!({ "content": "keep" })),
    responses((status = 200, description = "The grant, retired.", body = json::Grant)),
    security(("key" = ["grants:write"])),
)]
pub async fn retire(
    State(api): State<Arc<Api>>,
    Named(id): Named,
    asked: Asked,
) -> Result<Answer, Failure> {
    let call = asked.with(KeyScope::GrantsWrite)?;
    let content = call.json::<json::Retirement>()?.content.into();
    let actor = call.actor(&api);
    call.once(&api, move |host| {
        let grant = host.engine.retire(&actor, &id, &content)?;
        Ok(Answer::ok(json::Grant::from(&grant)))
    })
    .await
}

async fn change(
    State(api): State<Arc<Api>>,
    Named(id): Named,
    asked: Asked,
    change: fn(&Guestpass, &Actor, &str) -> Result<Grant, Refusal>,
) -> Result<Answer, Failure> {
    let call = asked.with(KeyScope::GrantsWrite)?;
    call.nothing()?;
    let actor = call.actor(&api);
    call.once(&api, move |host| {
        let grant = change(&host.engine, &actor, &id)?;
        Ok(Answer::ok(json::Grant::from(&grant)))
    })
    .await
}
