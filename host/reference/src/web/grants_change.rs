//! Handing out access and taking it back. Who may is the engine's to say: these only pass on what was asked.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use guestpass::ports::ContentDecision;
use guestpass::{Actor, Draft, Extension, Grant, Guest, Guestpass, Issued, Refusal, Scope, Window};

use super::Web;
use super::failure::Failure;
use super::form::Form;
use super::grants::Row;
use super::invitations::mailed;
use super::pages::{Frame, ok};
use super::visitor::{SignedForm, Visitor};
use crate::links::WayIn;
use crate::output::words;

#[derive(Template)]
#[template(path = "issued.html")]
struct Made {
    frame: Frame,
    row: Row,
    way_in: WayIn,
    count: usize,
    withheld: Vec<String>,
}

fn made(web: &Web, visitor: &Visitor, issued: Issued) -> Response {
    let reader = web.reader();
    ok(&Made {
        row: Row::new(&issued.grant, &reader),
        count: issued.permissions.len(),
        withheld: words::withheld(&issued.withheld),
        frame: Frame::of(
            visitor,
            if issued.grant.kind == "password" {
                "The password"
            } else {
                "The link"
            },
        ),
        way_in: WayIn::new(&web.base_url, &issued.grant, issued.secret),
    })
}

/// Makes a link or a password and shows it, this once.
pub async fn create(
    State(web): State<Arc<Web>>,
    SignedForm { visitor, form }: SignedForm,
) -> Result<Response, Failure> {
    let actor = visitor.actor(&web)?;
    let asked = Asked::read(&form)?;
    let issued = web
        .blocking(move |host| {
            let draft = asked.draft(&host.engine)?;
            Ok::<_, Failure>(host.engine.create(&actor, &draft)?)
        })
        .await?;
    Ok(made(&web, &visitor, issued))
}

/// What a form says is to be allowed.
pub(super) fn scope(form: &Form) -> Result<Scope, Failure> {
    let chosen = form.one("scope")?;
    match chosen.split_once(':') {
        Some(("role", role)) => Ok(Scope::role(role)),
        None if chosen == "all" => Ok(Scope::all()),
        None if chosen == "chosen" => Ok(Scope::chosen(form.all("permission"))),
        _ => Err(Failure::new(
            StatusCode::UNPROCESSABLE_ENTITY,
            "bad-form",
            "Choose what to allow.",
        )),
    }
}

/// What the form asks for.
struct Asked {
    kind: String,
    guest: Guest,
    scope: Scope,
    preset: String,
    uses: Option<u32>,
    note: Option<String>,
}

impl Asked {
    fn read(form: &Form) -> Result<Self, Failure> {
        let wrong =
            |message: &str| Failure::new(StatusCode::UNPROCESSABLE_ENTITY, "bad-form", message);
        let text = |name: &str| form.optional(name).map(|value| value.map(str::to_owned));
        let uses = match form.optional("uses")? {
            None => None,
            Some(uses) => Some(
                uses.parse()
                    .map_err(|_| wrong("The number of uses is a whole number, 1 or more."))?,
            ),
        };
        Ok(Self {
            kind: form.one("kind")?.to_owned(),
            guest: Guest {
                email: form.one("email")?.trim().to_owned(),
                first_name: text("first_name")?,
                last_name: text("last_name")?,
                locale: None,
                website: text("website")?,
                login: text("login")?,
            },
            scope: scope(form)?,
            preset: form.one("preset")?.to_owned(),
            uses,
            note: text("note")?,
        })
    }

    fn draft(self, engine: &Guestpass) -> Result<Draft, Failure> {
        let preset = engine
            .presets()?
            .into_iter()
            .find(|preset| preset.name == self.preset);
        let preset = preset.ok_or_else(|| {
            Failure::new(
                StatusCode::UNPROCESSABLE_ENTITY,
                "unknown-preset",
                "Choose one of the times in the list.",
            )
        })?;
        let mut draft = Draft::new(self.guest, self.scope, Window::new(preset.ending));
        draft.kind = self.kind;
        draft.uses = self.uses;
        draft.note = self.note;
        Ok(draft)
    }
}

/// Stops access until it is resumed.
pub async fn suspend(
    web: State<Arc<Web>>,
    id: Path<String>,
    form: SignedForm,
) -> Result<Response, Failure> {
    change(web, id, form, |engine, actor, id| engine.suspend(actor, id)).await
}

/// Gives access back.
pub async fn resume(
    web: State<Arc<Web>>,
    id: Path<String>,
    form: SignedForm,
) -> Result<Response, Failure> {
    change(web, id, form, |engine, actor, id| engine.resume(actor, id)).await
}

/// Ends access for good.
pub async fn revoke(
    web: State<Arc<Web>>,
    id: Path<String>,
    form: SignedForm,
) -> Result<Response, Failure> {
    change(web, id, form, |engine, actor, id| engine.revoke(actor, id)).await
}

/// Deletes the user that was made for it. What becomes of all they wrote must be chosen, and that it is meant confirmed.
pub async fn retire(
    State(web): State<Arc<Web>>,
    Path(id): Path<String>,
    SignedForm { visitor, form }: SignedForm,
) -> Result<Response, Failure> {
    let actor = visitor.actor(&web)?;
    if form.optional("confirm")? != Some("yes") {
        return Err(undecided(
            "not-confirmed",
            "Nothing was done. Confirm that the user is to be deleted: it cannot be undone.",
        ));
    }
    let heir = match form.optional("content")? {
        Some("keep") => None,
        Some("hand-over") => Some(form.one("heir")?.trim().to_owned()),
        _ => {
            return Err(undecided(
                "no-decision",
                "Nothing was done. Choose what becomes of what this guest wrote.",
            ));
        }
    };
    let grant = web
        .blocking(move |host| {
            let content = match heir {
                None => ContentDecision::Keep,
                // Whether there is such a user is told to nobody who may not retire: so the engine says it.
                Some(typed) => ContentDecision::HandOver(
                    host.acting_user(Some(&typed)).map_or(typed, |heir| heir.id),
                ),
            };
            host.engine.retire(&actor, &id, &content)
        })
        .await?;
    Ok(Redirect::to(&format!("/grants/{}", grant.id)).into_response())
}

fn undecided(code: &'static str, message: &str) -> Failure {
    Failure::new(StatusCode::UNPROCESSABLE_ENTITY, code, message)
}

/// Moves the end.
pub async fn extend(
    web: State<Arc<Web>>,
    id: Path<String>,
    form: SignedForm,
) -> Result<Response, Failure> {
    let extension = Extension::By(form.form.one("by")?.to_owned());
    change(web, id, form, move |engine, actor, id| {
        engine.extend(actor, id, &extension)
    })
    .await
}

async fn change(
    State(web): State<Arc<Web>>,
    Path(id): Path<String>,
    SignedForm { visitor, .. }: SignedForm,
    change: impl FnOnce(&Guestpass, &Actor, &str) -> Result<Grant, Refusal> + Send + 'static,
) -> Result<Response, Failure> {
    let actor = visitor.actor(&web)?;
    let grant = web
        .blocking(move |host| change(&host.engine, &actor, &id))
        .await?;
    // The engine's own name for the grant, so that nothing typed reaches the address.
    Ok(Redirect::to(&format!("/grants/{}", grant.id)).into_response())
}

/// Gives it another scope.
pub async fn change_scope(
    web: State<Arc<Web>>,
    id: Path<String>,
    form: SignedForm,
) -> Result<Response, Failure> {
    let scope = scope(&form.form)?;
    change(web, id, form, move |engine, actor, id| {
        engine.change_scope(actor, id, &scope, &[])
    })
    .await
}

/// Ends one session.
pub async fn end_session(
    web: State<Arc<Web>>,
    id: Path<String>,
    form: SignedForm,
) -> Result<Response, Failure> {
    let session = form.form.one("session")?.to_owned();
    change(web, id, form, move |engine, actor, id| {
        engine.end_session(actor, id, &session)?;
        engine.get(actor, id)
    })
    .await
}

/// Makes a new link or password and shows it, this once. The earlier one is dead.
pub async fn reissue(
    State(web): State<Arc<Web>>,
    Path(id): Path<String>,
    SignedForm { visitor, .. }: SignedForm,
) -> Result<Response, Failure> {
    let actor = visitor.actor(&web)?;
    let issued = web
        .blocking(move |host| host.engine.reissue(&actor, &id))
        .await?;
    if issued.grant.kind == "invitation" {
        return mailed(&web, &visitor, issued).await;
    }
    Ok(made(&web, &visitor, issued))
}
