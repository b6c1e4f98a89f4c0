//! Inviting people to one's account: the form, and who has not answered yet.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use guestpass::{Draft, Ending, Filter, Grant, Guest, Issued, Window};

use super::Web;
use super::failure::Failure;
use super::form::Form;
use super::grants::Row;
use super::grants_change::scope;
use super::pages::{Frame, Message, ok};
use super::visitor::{SignedForm, Visitor};
use crate::cms::catalogue::Catalogue;
use crate::invitations;

/// Invitations on the page: the newest.
const PAGE: u32 = 100;

#[derive(Template)]
#[template(path = "invitations.html")]
struct List {
    frame: Frame,
    csrf: String,
    rows: Vec<Row>,
    catalogue: &'static Catalogue,
}

/// Who was invited and has not answered yet, and the form for a new invitation.
pub async fn list(State(web): State<Arc<Web>>, visitor: Visitor) -> Result<Response, Failure> {
    let actor = visitor.actor(&web)?;
    let filter = Filter {
        kind: Some("invitation".to_owned()),
        state: Some("ready".to_owned()),
        ..Filter::everything()
    };
    let page = web
        .blocking(move |host| host.engine.list(&actor, &filter, None, PAGE))
        .await
        .map_err(|failure| failure.shown_to(&visitor))?;
    let reader = web.reader();
    Ok(ok(&List {
        csrf: visitor.csrf(),
        rows: page
            .grants
            .iter()
            .map(|grant| Row::new(grant, &reader))
            .collect(),
        catalogue: visitor.catalogue(),
        frame: Frame::of(&visitor, "Invitations"),
    }))
}

/// Makes an invitation and mails it.
pub async fn send(
    State(web): State<Arc<Web>>,
    SignedForm { visitor, form }: SignedForm,
) -> Result<Response, Failure> {
    let actor = visitor.actor(&web)?;
    let draft = draft(&form)?;
    let issued = web
        .blocking(move |host| host.engine.create(&actor, &draft))
        .await
        .map_err(|failure| failure.shown_to(&visitor))?;
    mailed(&web, &visitor, issued).await
}

fn draft(form: &Form) -> Result<Draft, Failure> {
    let text = |name: &str| form.optional(name).map(|value| value.map(str::to_owned));
    let guest = Guest {
        email: form.one("email")?.trim().to_owned(),
        first_name: text("first_name")?,
        last_name: text("last_name")?,
        locale: text("locale")?,
        website: None,
        login: None,
    };
    let ending = match text("period")? {
        Some(period) => Ending::AfterFirstUse(period),
        None => Ending::Never,
    };
    let window = Window {
        use_within: Some("P7D".to_owned()),
        ..Window::new(ending)
    };
    Ok(Draft {
        message: text("message")?,
        note: text("note")?,
        ..Draft::invitation(guest, scope(form)?, window)
    })
}

/// Mails an invitation again, with a new link. The earlier one is dead.
pub async fn resend(
    State(web): State<Arc<Web>>,
    Path(id): Path<String>,
    SignedForm { visitor, .. }: SignedForm,
) -> Result<Response, Failure> {
    let actor = visitor.actor(&web)?;
    let issued = web
        .blocking(move |host| {
            let grant: Grant = host.engine.get(&actor, &id)?;
            if grant.kind != "invitation" {
                return Err(Failure::new(
                    StatusCode::CONFLICT,
                    "no-invitation",
                    "This grant is no invitation. Make a new link for it instead.",
                ));
            }
            Ok(host.engine.reissue(&actor, &id)?)
        })
        .await
        .map_err(|failure| failure.shown_to(&visitor))?;
    mailed(&web, &visitor, issued).await
}

/// Says whether it was mailed. The invitation is there either way.
pub(super) async fn mailed(
    web: &Web,
    visitor: &Visitor,
    issued: Issued,
) -> Result<Response, Failure> {
    let (base_url, inviter) = (web.base_url.clone(), visitor.user.clone());
    let email = issued.grant.guest.email.clone();
    let sent = web
        .blocking(move |host| {
            let sent = invitations::mail(host, &base_url, &inviter, &issued);
            if let Err(problem) = &sent {
                tracing::warn!("an invitation could not be mailed: {problem}");
            }
            Ok::<_, Failure>(sent.is_ok())
        })
        .await?;
    let message = if sent {
        format!(
            "The invitation to {email} was mailed. It can be accepted until it is answered, revoked or too old."
        )
    } else {
        format!(
            "The invitation to {email} is there, but the mail could not be sent, so nobody has its link. Send it again from the list of invitations."
        )
    };
    Ok(ok(&Message {
        frame: Frame::of(visitor, "Invitation"),
        message,
    }))
}
