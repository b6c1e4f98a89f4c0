//! Who was invited and has not answered yet.

use askama::Template;
use guestpass_core::grant::list::Filter;

use crate::fields::escaped;
use crate::texts::Language;
use crate::visit::{Answered, Visit, rendered};
use crate::words::Row;

/// Invitations on one page.
const PAGE: u32 = 30;

#[derive(Template)]
#[template(path = "invitations.html")]
struct List<'a> {
    t: Language,
    mount: &'a str,
    proof: &'a str,
    rows: Vec<Row>,
    next: Option<String>,
}

/// The list.
pub(crate) fn list(visit: &Visit<'_>) -> Answered {
    let (rows, next) = of(visit, "ready", "/invitations")?;
    let main = rendered(&List {
        t: visit.t,
        mount: visit.mount(),
        proof: visit.proof(),
        rows,
        next,
    });
    Ok(visit.page(200, visit.t.nav_invitations(), &main))
}

/// The invitations in this state, and where the next page of them is.
pub(super) fn of(
    visit: &Visit<'_>,
    state: &str,
    page: &str,
) -> Result<(Vec<Row>, Option<String>), crate::visit::Stop> {
    let actor = visit.actor()?;
    let (_, catalogue) = visit.hands_out()?;
    let filter = Filter {
        state: Some(state.to_owned()),
        kind: Some("invitation".to_owned()),
        email: None,
    };
    let start = visit.query.optional("start")?;
    let listed = visit.engine.grants(&actor, &filter, start, PAGE)?;
    let rows = listed
        .grants
        .iter()
        .map(|view| Row::new(visit, view, &catalogue));
    let next = listed
        .next
        .map(|id| format!("{}?start={}", visit.at(page), escaped(&id.to_string())));
    Ok((rows.collect(), next))
}
