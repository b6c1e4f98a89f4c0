//! Which page an address is, and what every form must bring before a page sees it.

use guestpass_core::Engine;
use guestpass_core::names::SiteId;

use crate::assets;
use crate::fields::{Fields, decoded};
use crate::pages::{
    accounts, enter, front, give, grant, grants, history, invitation, invitations, leave, lockouts,
    plugins, policy, team,
};
use crate::request::Request;
use crate::response::Response;
use crate::visit::{Answered, Stop, Visit, Who};

/// What a page shows.
type Shower = fn(&Visit<'_>) -> Answered;
/// What a page about one thing shows.
type ShowerOfOne = fn(&Visit<'_>, &str) -> Answered;
/// What a page does with a form.
type Taker = fn(&Visit<'_>, &Fields) -> Answered;
/// What a page about one thing does with a form.
type TakerOfOne = fn(&Visit<'_>, &str, &Fields) -> Answered;

/// Forms that anybody may send who holds a secret: nobody is signed in there yet, so the browser's word about where the form
/// comes from counts.
const OPEN: &[(&str, Taker)] = &[
    ("/enter", enter::redeem),
    ("/enter/inspect", enter::inspect),
    ("/invitation/inspect", invitation::inspect),
    ("/invitation/accept", invitation::accept),
    ("/invitation/decline", invitation::decline),
];

/// Forms of who is signed in.
const SIGNED: &[(&str, Taker)] = &[
    ("/give", give::create),
    ("/give/sentence", give::sentence),
    ("/grants/revoke", grants::revoke),
    ("/accounts/switch", accounts::switch),
    ("/accounts/return", accounts::come_back),
    ("/leave", leave::leave),
    ("/policy", policy::change),
    ("/lock-outs/lift", lockouts::lift),
    ("/plugins/install", plugins::install),
];

/// Forms about one grant: what follows its name.
const OF_GRANT: &[(&str, TakerOfOne)] = &[
    ("suspend", grant::suspend),
    ("resume", grant::resume),
    ("revoke", grant::revoke),
    ("retire", grant::retire),
    ("extend", grant::extend),
    ("reissue", grant::reissue),
    ("scope", grant::change_scope),
    ("end-session", grant::end_session),
];

/// Forms about one plugin: what follows its name.
const OF_PLUGIN: &[(&str, TakerOfOne)] = &[
    ("approve", plugins::approve),
    ("activate", plugins::activate),
    ("deactivate", plugins::deactivate),
    ("set", plugins::set),
    ("roll-back", plugins::roll_back),
    ("replay", plugins::replay),
    ("uninstall", plugins::uninstall),
];

/// A page about one thing: what stands before its name, how that is called in the tables for tests, the page, and its forms.
type PageOfOne = (
    &'static str,
    &'static str,
    ShowerOfOne,
    &'static [(&'static str, TakerOfOne)],
);

/// Pages about one thing.
const OF_ONE: &[PageOfOne] = &[
    ("/grants/", "{id}", grant::show, OF_GRANT),
    ("/plugins/", "{plugin}", plugins::show, OF_PLUGIN),
];

/// Pages.
const SHOWN: &[(&str, Shower)] = &[
    ("/", front::show),
    ("/grants", grants::list),
    ("/give", give::show),
    ("/invitations", invitations::list),
    ("/team", team::list),
    ("/history", history::show),
    ("/history/checkpoint", history::checkpoint),
    ("/history/export", history::export),
    ("/policy", policy::show),
    ("/lock-outs", lockouts::list),
    ("/plugins", plugins::list),
    ("/accounts", accounts::list),
    ("/enter", enter::page),
    ("/invitation", invitation::page),
];

/// Every address that takes forms, `{id}` where the name of a grant stands and `{plugin}` where that of a plugin
/// does. For tests that walk them all.
#[must_use]
pub fn forms() -> Vec<(String, bool)> {
    let of_one = OF_ONE.iter().flat_map(|(place, name, _, forms)| {
        forms
            .iter()
            .map(move |(verb, _)| (format!("{place}{name}/{verb}"), false))
    });
    let signed = SIGNED.iter().map(|(path, _)| ((*path).to_owned(), false));
    let open = OPEN.iter().map(|(path, _)| ((*path).to_owned(), true));
    open.chain(signed).chain(of_one).collect()
}

/// Every address that shows a page.
#[must_use]
pub fn pages() -> Vec<String> {
    let shown = SHOWN.iter().map(|(path, _)| (*path).to_owned());
    let of_one = OF_ONE
        .iter()
        .map(|(place, name, ..)| format!("{place}{name}"));
    shown.chain(of_one).collect()
}

/// The page on which a form stands that is sent here.
pub(crate) fn page_of(path: &str) -> &str {
    let path = if path.is_empty() { "/" } else { path };
    let of_one = of(path).is_some_and(|(_, rest)| !rest.contains('/'));
    if SHOWN.iter().any(|(shown, _)| *shown == path) || of_one && path != "/plugins/install" {
        return path.strip_suffix("/revoke").unwrap_or(path);
    }
    path.rsplit_once('/')
        .map_or("/", |(page, _)| if page.is_empty() { "/" } else { page })
}

/// The page about one thing that this belongs to, and what follows its place.
fn of(path: &str) -> Option<(&PageOfOne, &str)> {
    let mut pages = OF_ONE.iter();
    pages.find_map(|page| Some((page, path.strip_prefix(page.0)?)))
}

/// The name and the taker of `/grants/{id}/{verb}` and the like.
fn one(path: &str) -> Option<(&str, TakerOfOne)> {
    let ((.., forms), rest) = of(path)?;
    let (id, verb) = rest.split_once('/')?;
    let (_, taker) = forms.iter().find(|(known, _)| *known == verb)?;
    Some((id, *taker))
}

/// Answers.
pub(crate) fn answer(engine: &Engine<'_>, request: &Request, site: SiteId) -> Response {
    let path = if request.path.is_empty() {
        "/"
    } else {
        request.path.as_str()
    };
    if let Some(name) = path.strip_prefix("/assets/") {
        return match (assets::of_name(name), request.method.as_str()) {
            (Some(asset), "GET" | "HEAD") => asset,
            _ => Response::new(404, "", Vec::new()),
        };
    }
    if request.method == "OPTIONS" {
        return Response::new(204, "", Vec::new()).header("allow", "GET, HEAD, OPTIONS, POST");
    }
    let forgiving = matches!(path, "/enter" | "/enter/inspect")
        || path.starts_with("/invitation/")
        || path == "/invitation";
    let (visit, begun) = Visit::begin(engine, request, site, forgiving);
    let answered = begun.and_then(|()| match request.method.as_str() {
        "GET" | "HEAD" => show(&visit, path),
        "POST" => take(&visit, path),
        _ => Ok(Response::new(405, "", Vec::new()).header("allow", "GET, HEAD, OPTIONS, POST")),
    });
    answered.unwrap_or_else(|stop| visit.stopped(stop))
}

fn show(visit: &Visit<'_>, path: &str) -> Answered {
    if let Some((_, page)) = SHOWN.iter().find(|(shown, _)| *shown == path) {
        return page(visit);
    }
    match of(path) {
        Some(((_, _, page, _), id)) if !id.contains('/') => page(visit, &name(id)?),
        _ => Err(Stop::NoSuchPage),
    }
}

fn take(visit: &Visit<'_>, path: &str) -> Answered {
    let form = Fields::parse(&visit.request.form);
    if let Some((_, taker)) = OPEN.iter().find(|(open, _)| *open == path) {
        if visit.request.foreign {
            return Ok(visit.refused(403, visit.t.did_not_work(), visit.t.foreign_form()));
        }
        return taker(visit, &form?);
    }
    let taken = SIGNED.iter().find(|(signed, _)| *signed == path);
    let of_one = one(path);
    if taken.is_none() && of_one.is_none() {
        return Err(Stop::NoSuchPage);
    }
    if matches!(visit.who, Who::Nobody) {
        return Err(Stop::SignIn);
    }
    let form = form?;
    let proven = match visit.proven(&form) {
        // What was typed is not lost: the form comes back with it.
        Err(Stop::Stale) if path == "/give" => return give::again(visit, &form),
        proven => proven,
    };
    proven?;
    match (taken, of_one) {
        (Some((_, taker)), _) => taker(visit, &form),
        (None, Some((id, taker))) => taker(visit, &name(id)?, &form),
        (None, None) => Err(Stop::NoSuchPage),
    }
}

fn name(id: &str) -> Result<String, Stop> {
    Ok(decoded(id.as_bytes(), false)?)
}
