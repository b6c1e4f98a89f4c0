//! What the engine knows of a grant, in words for people.

use askama::Template;
use guestpass_core::catalogue::Catalogue;
use guestpass_core::grant::id::GrantId;
use guestpass_core::grant::kind::Kind;
use guestpass_core::grant::scope::{Base, Scope};
use guestpass_core::grant::view::View;
use guestpass_core::grant::window::Ending;
use guestpass_core::grant::{Grant, Guest};
use guestpass_core::history::record::Happening;
use guestpass_core::order;

use crate::texts::Language;
use crate::visit::{Visit, rendered};
use crate::when::{Shown, When};

/// A grant in a list.
#[derive(Clone, Debug)]
pub(crate) struct Row {
    pub id: String,
    pub href: String,
    pub name: String,
    pub email: String,
    pub kind: &'static str,
    pub scope: String,
    pub state: String,
    pub state_text: String,
    pub opens: Option<When>,
    pub ends: Option<When>,
    pub bound: String,
    pub seen: Option<When>,
    pub over: bool,
}

/// A list of grants.
#[derive(Template)]
#[template(path = "rows.html")]
pub(crate) struct Rows {
    t: Language,
    /// With a box to choose each.
    pick: bool,
    rows: Vec<Row>,
}

impl Rows {
    /// As HTML.
    pub(crate) fn html(t: Language, pick: bool, rows: Vec<Row>) -> String {
        rendered(&Self { t, pick, rows })
    }
}

impl Row {
    /// A grant as it stands now.
    pub(crate) fn new(visit: &Visit<'_>, view: &View, catalogue: &Catalogue) -> Self {
        let (grant, t) = (&view.grant, visit.t);
        let shown = visit.shown();
        let id = grant.id.to_string();
        Self {
            href: visit.at(&format!("/grants/{id}")),
            id,
            name: name(&grant.guest),
            email: grant.guest.email.clone(),
            kind: kind(t, grant.kind),
            scope: scope(t, &grant.scope, catalogue),
            state: view.state.to_owned(),
            state_text: state(t, view),
            opens: (grant.term.opens() > visit.now).then(|| shown.when(grant.term.opens())),
            ends: view.ends.map(|ends| shown.when(ends)),
            bound: bound(t, view),
            seen: grant.last_used.map(|seen| shown.when(seen)),
            over: is_over(view),
        }
    }
}

/// Whether a grant is over for good.
pub(crate) fn is_over(view: &View) -> bool {
    !matches!(
        view.state,
        "provisioning" | "ready" | "active" | "suspended"
    )
}

/// How to call a guest: by name, or else by address.
pub(crate) fn name(guest: &Guest) -> String {
    let names = [&guest.first_name, &guest.last_name];
    let names: Vec<_> = names.into_iter().flatten().map(String::as_str).collect();
    if names.is_empty() {
        guest.email.clone()
    } else {
        names.join(" ")
    }
}

/// How somebody comes to hold it.
pub(crate) fn kind(t: Language, kind: Kind) -> &'static str {
    match kind {
        Kind::Link => t.kind_link(),
        Kind::Password => t.kind_password(),
        Kind::Invitation => t.kind_invitation(),
    }
}

/// What it is meant to allow.
pub(crate) fn scope(t: Language, scope: &Scope, catalogue: &Catalogue) -> String {
    let mut words = match &scope.base {
        Base::Role(name) => catalogue
            .role(name)
            .map_or_else(|| name.clone(), |role| role.title.clone()),
        Base::All => t.all_permissions().to_owned(),
        Base::Chosen(names) => t.chosen_permissions(names.len() as u64),
    };
    if !scope.also.is_empty() {
        words.push_str(", ");
        words.push_str(&t.and_more(scope.also.len() as u64));
    }
    if !scope.except.is_empty() {
        words.push_str(", ");
        words.push_str(&t.but_less(scope.except.len() as u64));
    }
    words
}

/// The state, and why it ended if it did.
pub(crate) fn state(t: Language, view: &View) -> String {
    let because = view.ended_because.and_then(|why| t.named("because", why));
    let said = match view.state {
        "provisioning" => t.state_provisioning(),
        "ready" => t.state_ready(),
        "active" => t.state_active(),
        "suspended" => t.state_suspended(),
        "ended" => because.unwrap_or(t.state_ended()),
        "retired" => t.state_retired(),
        other => other,
    };
    said.to_owned()
}

/// Which limit gives the end, where that is not simply what was asked for.
pub(crate) fn bound(t: Language, view: &View) -> String {
    t.named("bound", view.ends_bound_by)
        .unwrap_or_default()
        .to_owned()
}

/// How long it was asked to last, as the end of a sentence: `for 1 week after first signing in`.
pub(crate) fn ending(shown: Shown<'_>, ending: &Ending) -> String {
    let t = shown.language;
    match ending {
        Ending::At(at) => t.until_date(&shown.date(*at)),
        Ending::After(period) => t.for_length(&shown.length(*period)),
        Ending::AfterFirstUse(period) => t.after_first_use(&shown.length(*period)),
        Ending::Never => t.until_taken_back().to_owned(),
    }
}

/// How often it was used, and may be.
pub(crate) fn uses(t: Language, grant: &Grant) -> String {
    let used = u64::from(grant.uses);
    match grant.uses_allowed {
        Some(allowed) => t.used_of(used, &allowed.to_string()),
        None => t.used_times(used),
    }
}

/// The titles of permissions, in the order of their names; the name where there is no title.
pub(crate) fn titles<'a>(
    catalogue: &Catalogue,
    names: impl Iterator<Item = &'a str>,
) -> Vec<String> {
    let title = |name: &str| {
        let known = catalogue
            .index(name)
            .and_then(|index| catalogue.title(index));
        known
            .filter(|title| !title.is_empty())
            .unwrap_or(name)
            .to_owned()
    };
    names.map(title).collect()
}

/// One line of history.
#[derive(Clone, Debug)]
pub(crate) struct Line {
    pub at: When,
    pub text: String,
    pub actor: String,
    /// Whom the grant is for, where the lines are of several.
    pub guest: Option<String>,
    pub details: String,
    pub href: Option<String>,
    pub hash: String,
}

/// A part of history.
#[derive(Template)]
#[template(path = "lines.html")]
struct Lines {
    t: Language,
    lines: Vec<Line>,
}

impl Line {
    /// Lines of one grant's history as HTML.
    pub(crate) fn of_grant(
        visit: &Visit<'_>,
        happenings: &[Happening],
    ) -> Result<String, guestpass_core::Refusal> {
        let lines = Self::all(visit, happenings, &[])?;
        Ok(rendered(&Lines { t: visit.t, lines }))
    }

    /// Lines of a site's history as HTML, each with whom it is about.
    pub(crate) fn of_site(
        visit: &Visit<'_>,
        happenings: &[Happening],
    ) -> Result<String, guestpass_core::Refusal> {
        let chains = happenings.iter().map(|one| one.record.chain);
        let mut grants: Vec<_> = chains.filter_map(|chain| chain.grant()).collect();
        order::sort_and_dedup(&mut grants);
        let addresses = visit.engine.addresses_of(&visit.site, &grants)?;
        let guests: Vec<_> = grants.into_iter().zip(addresses).collect();
        let lines = Self::all(visit, happenings, &guests)?;
        Ok(rendered(&Lines { t: visit.t, lines }))
    }

    /// Lines of history, with the people in them by name, and these guests by address.
    fn all(
        visit: &Visit<'_>,
        happenings: &[Happening],
        guests: &[(GrantId, Option<String>)],
    ) -> Result<Vec<Self>, guestpass_core::Refusal> {
        let mut ids: Vec<String> = happenings
            .iter()
            .filter_map(|one| one.record.actor.clone())
            .collect();
        order::sort_and_dedup(&mut ids);
        ids.truncate(1_000);
        let names = visit.names_of(&ids)?;
        let called = |id: &String| {
            let at = ids.binary_search(id).ok()?;
            names.get(at).cloned().flatten()
        };
        let line = |happening: &Happening| {
            let record = &happening.record;
            let action = record.action.as_str();
            let actor = record.actor.as_ref().map_or_else(
                || visit.t.the_engine().to_owned(),
                |id| called(id).unwrap_or_else(|| id.clone()),
            );
            let guest = record.chain.grant().and_then(|grant| {
                let (_, guest) = guests.iter().find(|(id, _)| *id == grant)?;
                guest.clone()
            });
            Self {
                at: visit.shown().when(record.at),
                text: visit.t.named("action", action).unwrap_or(action).to_owned(),
                guest: guest.filter(|guest| *guest != actor),
                actor,
                details: details(happening),
                href: record
                    .chain
                    .grant()
                    .map(|grant| visit.at(&format!("/grants/{grant}"))),
                hash: hex(happening.hash.get(..8).unwrap_or_default()),
            }
        };
        Ok(happenings.iter().map(line).collect())
    }
}

/// What else is known about it. A long set of permissions is counted.
fn details(happening: &Happening) -> String {
    let mut said = String::new();
    for (name, value) in &happening.record.details {
        if !said.is_empty() {
            said.push_str(" · ");
        }
        said.push_str(name);
        said.push_str(": ");
        if name == "permissions" {
            said.push_str(&value.split_whitespace().count().to_string());
        } else {
            said.push_str(value);
        }
    }
    said
}

/// Bytes as programs write them.
pub(crate) fn hex(bytes: &[u8]) -> String {
    let digit = |half: u8| char::from_digit(u32::from(half), 16).unwrap_or('0');
    let digits = bytes
        .iter()
        .flat_map(|byte| [digit(byte >> 4), digit(byte & 15)]);
    digits.collect()
}
