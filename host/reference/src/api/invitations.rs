//! Inviting people by mail, and accepting as the user of the key. Listing, revoking and changing are those of every grant.

use std::sync::Arc;

use axum::extract::State;
use axum::http::StatusCode;
use guestpass::{Invitee, Issued};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::answer::Answer;
use super::asked::{Asked, Named};
use super::failure::Failure;
use super::once::Once;
use super::{Api, ROOT};
use crate::cms::key_scope::KeyScope;
use crate::host::Host;
use crate::invitations;
use crate::output::json;

/// What an invitation is of, among the kinds of grant.
const KIND: &str = "invitation";

/// Invite somebody to your account, by mail
///
/// The link is in the mail and in no answer. To send it by other ways, make the invitation as a grant of that kind.
#[utoipa::path(
    post,
    path = "/invitations",
    operation_id = "invite",
    tag = "Invitations",
    params(Once),
    request_body(content = json::Draft, example = json!({
        "guest": { "email": "ada@b.example", "first_name": "Ada", "locale": "fr" },
        "scope": { "base": "all" },
        "message": "Please look after everything while I am away.",
    })),
    responses((
        status = 201,
        description = "The invitation, and whether it was mailed. `Location` has the address of the grant.",
        body = json::Invited,
    )),
    security(("key" = ["grants:write"])),
)]
pub async fn invite(State(api): State<Arc<Api>>, asked: Asked) -> Result<Answer, Failure> {
    let call = asked.with(KeyScope::GrantsWrite)?;
    let draft: json::Draft = call.json()?;
    let draft = draft.of_kind(KIND)?;
    let (actor, base_url) = (call.actor(&api), api.base_url.clone());
    call.once(&api, move |host| {
        let issued = host.engine.create(&actor, &draft)?;
        let location = format!("{ROOT}/grants/{}", issued.grant.id);
        Ok(mailed(host, &base_url, &actor.user, &issued).created(&location))
    })
    .await
}

/// Mail an invitation again
///
/// With a new link: the earlier one is dead.
#[utoipa::path(
    post,
    path = "/invitations/{id}/resend",
    operation_id = "resendInvitation",
    tag = "Invitations",
    params(("id" = String, Path, description = "The grant"), Once),
    responses((status = 200, description = "The invitation, and whether it was mailed.", body = json::Invited)),
    security(("key" = ["grants:write"])),
)]
pub async fn resend(
    State(api): State<Arc<Api>>,
    Named(id): Named,
    asked: Asked,
) -> Result<Answer, Failure> {
    let call = asked.with(KeyScope::GrantsWrite)?;
    call.nothing()?;
    let (actor, base_url) = (call.actor(&api), api.base_url.clone());
    call.once(&api, move |host| {
        if host.engine.get(&actor, &id)?.kind != KIND {
            return Err(Failure::new(
                StatusCode::CONFLICT,
                "no-invitation",
                "This grant is no invitation. Reissue it instead.",
            ));
        }
        let issued = host.engine.reissue(&actor, &id)?;
        Ok(mailed(host, &base_url, &actor.user, &issued))
    })
    .await
}

/// Says whether it was mailed. The invitation is there either way.
fn mailed(host: &Host, base_url: &str, inviter: &str, issued: &Issued) -> Answer {
    let sent = invitations::mail(host, base_url, inviter, issued);
    if let Err(problem) = &sent {
        tracing::warn!("an invitation could not be mailed: {problem}");
    }
    Answer::ok(json::Invited::new(&issued.grant, sent.is_ok()))
}

/// The secret of an invitation.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = InvitationToken)]
pub struct Shown {
    /// What stands behind `#` in the link: `gi1_…`
    token: String,
}

/// Accept an invitation as the user of the key
///
/// The invited address must be that user's.
#[utoipa::path(
    post,
    path = "/invitations/accept",
    operation_id = "acceptInvitation",
    tag = "Invitations",
    params(Once),
    request_body = Shown,
    responses((status = 200, description = "It is accepted.", body = json::Accepted)),
    security(("key" = ["accounts:write"])),
)]
pub async fn accept(State(api): State<Arc<Api>>, asked: Asked) -> Result<Answer, Failure> {
    let call = asked.with(KeyScope::AccountsWrite)?;
    let Shown { token } = call.json()?;
    let actor = call.actor(&api);
    call.once(&api, move |host| {
        let invitee = Invitee::Existing(actor.user);
        let accepted = host
            .engine
            .accept(&host.site, &token, &invitee, &actor.origin)?;
        Ok(Answer::ok(json::Accepted::from(&accepted)))
    })
    .await
}

/// Decline an invitation
///
/// Whoever holds its link may.
#[utoipa::path(
    post,
    path = "/invitations/decline",
    operation_id = "declineInvitation",
    tag = "Invitations",
    request_body = Shown,
    responses((status = 204, description = "It is declined.")),
    security(("key" = ["accounts:write"])),
)]
pub async fn decline(State(api): State<Arc<Api>>, asked: Asked) -> Result<Answer, Failure> {
    let call = asked.with(KeyScope::AccountsWrite)?;
    let Shown { token } = call.json()?;
    let origin = call.actor(&api).origin;
    api.blocking(move |host| host.engine.decline(&host.site, &token, &origin))
        .await?;
    Ok(Answer::done())
}
