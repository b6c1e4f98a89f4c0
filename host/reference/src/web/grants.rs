//! Handing out access and taking it back, as pages. Who may is the engine's to say: these only pass on what was asked.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, RawQuery, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use guestpass::{
    Draft, Extension, Filter, Grant, Guest, Guestpass, Happening, Issued, Preset, Refusal, Scope,
    Window,
};

use super::Web;
use super::failure::Failure;
use super::form::Form;
use super::pages::{Frame, When, ok};
use super::visitor::{SignedForm, Visitor};
use crate::cms::catalogue::Catalogue;
use crate::host::Host;
use crate::links;
use crate::output::{Reader, words};
use crate::problem::Problem;

/// Grants on one page.
const PAGE: u32 = 50;
/// Lines of history on a grant's page.
const HISTORY: u32 = 200;

/// A grant in words.
struct Row {
    id: String,
    guest: String,
    scope: String,
    state: String,
    ends: Option<When>,
    bound: String,
    uses: String,
    note: Option<String>,
    suspended: bool,
    over: bool,
}

impl Row {
    fn new(grant: &Grant, reader: &Reader) -> Self {
        Self {
            id: grant.id.clone(),
            guest: words::guest(&grant.guest),
            scope: words::scope(&grant.scope),
            state: words::state(grant),
            ends: grant.ends.map(|ends| When::new(ends, reader)),
            bound: words::ends(grant, reader),
            uses: words::uses(grant),
            note: grant.note.clone(),
            suspended: grant.state == "suspended",
            over: grant.state == "ended",
        }
    }
}

#[derive(Template)]
#[template(path = "grants.html")]
struct List {
    frame: Frame,
    csrf: String,
    rows: Vec<Row>,
    next: Option<String>,
    presets: Vec<Preset>,
    catalogue: &'static Catalogue,
}

/// The grants that this user may see, and the form for a new one.
pub async fn list(
    State(web): State<Arc<Web>>,
    RawQuery(query): RawQuery,
    visitor: Visitor,
) -> Result<Response, Failure> {
    let start = Form::parse(query.unwrap_or_default().as_bytes())?
        .optional("start")?
        .map(str::to_owned);
    let actor = visitor.actor(&web);
    let (page, presets) = web
        .blocking(move |host| {
            let page = host
                .engine
                .list(&actor, &Filter::everything(), start.as_deref(), PAGE)?;
            Ok::<_, Failure>((page, host.engine.presets()?))
        })
        .await?;
    let reader = web.reader();
    Ok(ok(&List {
        csrf: visitor.csrf(),
        rows: page
            .grants
            .iter()
            .map(|grant| Row::new(grant, &reader))
            .collect(),
        next: page.next,
        presets,
        catalogue: visitor.catalogue(),
        frame: Frame::of(&visitor, "Access for guests", &reader),
    }))
}

#[derive(Template)]
#[template(path = "issued.html")]
struct Made {
    frame: Frame,
    row: Row,
    link: String,
    count: usize,
    withheld: Vec<String>,
}

fn made(web: &Web, visitor: &Visitor, issued: Issued) -> Response {
    let reader = web.reader();
    ok(&Made {
        row: Row::new(&issued.grant, &reader),
        count: issued.permissions.len(),
        withheld: words::withheld(&issued.withheld),
        link: links::guest_link(&web.base_url, &issued.pass.into_inner()),
        frame: Frame::of(visitor, "The link", &reader),
    })
}

/// Makes a link and shows it, this once.
pub async fn create(
    State(web): State<Arc<Web>>,
    SignedForm { visitor, form }: SignedForm,
) -> Result<Response, Failure> {
    let actor = visitor.actor(&web);
    let asked = Asked::read(&form)?;
    let issued = web
        .blocking(move |host| {
            let draft = asked.draft(&host.engine)?;
            Ok::<_, Failure>(host.engine.create(&actor, &draft)?)
        })
        .await?;
    Ok(made(&web, &visitor, issued))
}

/// What the form asks for.
struct Asked {
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
        let scope = match form.one("scope")?.split_once(':') {
            Some(("role", role)) => Scope::role(role),
            None if form.one("scope")? == "all" => Scope::all(),
            None if form.one("scope")? == "chosen" => Scope::chosen(form.all("permission")),
            _ => return Err(wrong("Choose what to allow.")),
        };
        let uses = match form.optional("uses")? {
            None => None,
            Some(uses) => Some(
                uses.parse()
                    .map_err(|_| wrong("The number of uses is a whole number, 1 or more."))?,
            ),
        };
        Ok(Self {
            guest: Guest {
                email: form.one("email")?.trim().to_owned(),
                first_name: text("first_name")?,
                last_name: text("last_name")?,
                locale: None,
            },
            scope,
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
        draft.uses = self.uses;
        draft.note = self.note;
        Ok(draft)
    }
}

/// One line of history in words.
struct Line {
    at: When,
    action: String,
    actor: String,
    details: String,
}

impl Line {
    fn new(host: &Host, happening: &Happening, reader: &Reader) -> Result<Self, Problem> {
        Ok(Self {
            at: When::new(happening.at, reader),
            action: happening.action.clone(),
            actor: words::who_did(host, happening)?,
            details: words::details(happening),
        })
    }
}

#[derive(Template)]
#[template(path = "grant.html")]
struct Show {
    frame: Frame,
    csrf: String,
    row: Row,
    lines: Vec<Line>,
}

/// One grant and what happened to it.
pub async fn show(
    State(web): State<Arc<Web>>,
    Path(id): Path<String>,
    visitor: Visitor,
) -> Result<Response, Failure> {
    let actor = visitor.actor(&web);
    let reader = web.reader();
    let read_by = reader.clone();
    let (grant, lines) = web
        .blocking(move |host| {
            let grant = host.engine.get(&actor, &id)?;
            let history = host.engine.history(&actor, &id, 0, HISTORY)?;
            let lines: Result<Vec<_>, Problem> = history
                .iter()
                .map(|happening| Line::new(host, happening, &read_by))
                .collect();
            Ok::<_, Failure>((grant, lines?))
        })
        .await?;
    Ok(ok(&Show {
        csrf: visitor.csrf(),
        row: Row::new(&grant, &reader),
        lines,
        frame: Frame::of(&visitor, "Grant", &reader),
    }))
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
    change: impl FnOnce(&Guestpass, &guestpass::Actor, &str) -> Result<Grant, Refusal> + Send + 'static,
) -> Result<Response, Failure> {
    let actor = visitor.actor(&web);
    let grant = web
        .blocking(move |host| change(&host.engine, &actor, &id))
        .await?;
    // The engine's own name for the grant, so that nothing typed reaches the address.
    Ok(Redirect::to(&format!("/grants/{}", grant.id)).into_response())
}

/// Makes a new link and shows it, this once. The earlier one is dead.
pub async fn reissue(
    State(web): State<Arc<Web>>,
    Path(id): Path<String>,
    SignedForm { visitor, .. }: SignedForm,
) -> Result<Response, Failure> {
    let actor = visitor.actor(&web);
    let issued = web
        .blocking(move |host| host.engine.reissue(&actor, &id))
        .await?;
    Ok(made(&web, &visitor, issued))
}
