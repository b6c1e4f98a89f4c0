//! The grants as pages. Who may see which is the engine's to say.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, RawQuery, State};
use axum::response::Response;
use guestpass::{Actor, Filter, Grant, Happening, Preset, RunningSession};

use super::Web;
use super::failure::Failure;
use super::form::Form;
use super::pages::{Frame, When, ok};
use super::visitor::Visitor;
use crate::cms::catalogue::Catalogue;
use crate::host::Host;
use crate::output::{Reader, words};
use crate::problem::Problem;

/// Grants on one page.
const PAGE: u32 = 50;
/// Sessions on a grant's page.
const SESSIONS: u32 = 100;
/// Lines of history on a grant's page: the newest.
const HISTORY: usize = 200;
/// Lines of history read at once.
const AT_ONCE: u32 = 1_000;

/// A grant in words.
pub(super) struct Row {
    pub id: String,
    pub guest: String,
    pub kind: String,
    pub website: Option<String>,
    pub scope: String,
    pub state: String,
    pub ends: Option<When>,
    pub asked: String,
    pub bound: String,
    pub uses: String,
    pub uses_allowed: String,
    pub note: Option<String>,
    pub message: Option<String>,
    pub invitation: bool,
    pub by_password: bool,
    pub waiting: bool,
    pub suspended: bool,
    pub over: bool,
    pub to_retire: bool,
    pub retires: Option<When>,
}

impl Row {
    pub fn new(grant: &Grant, reader: &Reader) -> Self {
        Self {
            id: grant.id.clone(),
            guest: words::guest(&grant.guest),
            kind: words::kind(grant),
            website: grant.guest.website.clone(),
            scope: words::scope(&grant.scope),
            state: words::state(grant),
            ends: grant.ends.map(|ends| When::new(ends, reader)),
            asked: words::ending(&grant.window.ending, reader),
            bound: words::ends(grant, reader),
            uses: words::uses(grant),
            uses_allowed: words::uses_allowed(grant),
            note: grant.note.clone(),
            message: grant.message.clone(),
            invitation: grant.kind == "invitation",
            by_password: grant.kind == "password",
            waiting: grant.user.is_none(),
            suspended: grant.state == "suspended",
            over: matches!(grant.state.as_str(), "ended" | "retired"),
            to_retire: grant.user.is_some() && !grant.borrowed,
            retires: grant.retires.map(|at| When::new(at, reader)),
        }
    }
}

#[derive(Template)]
#[template(path = "grants.html")]
struct List {
    frame: Frame,
    csrf: String,
    rows: Vec<Row>,
    damaged: Option<String>,
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
    let actor = visitor.actor(&web)?;
    let (page, presets) = web
        .blocking(move |host| {
            let page = host
                .engine
                .list(&actor, &Filter::everything(), start.as_deref(), PAGE)?;
            Ok::<_, Failure>((page, host.engine.presets()?))
        })
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
        damaged: words::damaged(&page.damaged),
        next: page.next,
        presets,
        catalogue: visitor.catalogue(),
        frame: Frame::of(&visitor, "Access for guests"),
    }))
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

/// A session of a grant in words.
struct Session {
    name: String,
    began: When,
    last_seen: Option<When>,
    address: String,
}

impl Session {
    fn new(session: RunningSession, reader: &Reader) -> Self {
        Self {
            name: session.name,
            began: When::new(session.started, reader),
            last_seen: session.last_seen.map(|seen| When::new(seen, reader)),
            address: session.origin.address.unwrap_or_default(),
        }
    }
}

/// The newest lines of a grant's history, oldest first.
fn newest(host: &Host, actor: &Actor, id: &str) -> Result<Vec<Happening>, Failure> {
    let mut history: Vec<Happening> = Vec::new();
    loop {
        let first = history.last().map_or(0, |last| last.sequence + 1);
        let page = host.engine.history(actor, id, first, AT_ONCE)?;
        let whole = page.len() < AT_ONCE as usize;
        history.extend(page);
        let older = history.len().saturating_sub(HISTORY);
        history.drain(..older);
        if whole {
            return Ok(history);
        }
    }
}

#[derive(Template)]
#[template(path = "grant.html")]
struct Show {
    frame: Frame,
    csrf: String,
    row: Row,
    gives: Vec<String>,
    sessions: Vec<Session>,
    lines: Vec<Line>,
    catalogue: &'static Catalogue,
}

/// One grant and what happened to it.
pub async fn show(
    State(web): State<Arc<Web>>,
    Path(id): Path<String>,
    visitor: Visitor,
) -> Result<Response, Failure> {
    let actor = visitor.actor(&web)?;
    let reader = web.reader();
    let read_by = reader.clone();
    let (grant, power, sessions, lines) = web
        .blocking(move |host| {
            let grant = host.engine.get(&actor, &id)?;
            let history = newest(host, &actor, &id)?;
            let lines: Result<Vec<_>, Problem> = history
                .iter()
                .map(|happening| Line::new(host, happening, &read_by))
                .collect();
            let power = host.engine.power(&actor, &id)?;
            let sessions = host.engine.sessions(&actor, &id, None, SESSIONS)?.sessions;
            Ok::<_, Failure>((grant, power, sessions, lines?))
        })
        .await?;
    Ok(ok(&Show {
        csrf: visitor.csrf(),
        row: Row::new(&grant, &reader),
        gives: words::power(&power),
        sessions: sessions
            .into_iter()
            .map(|session| Session::new(session, &reader))
            .collect(),
        lines,
        catalogue: visitor.catalogue(),
        frame: Frame::of(&visitor, "Grant"),
    }))
}
