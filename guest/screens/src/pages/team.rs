//! Who may act in one's account: those who accepted an invitation.

use askama::Template;

use crate::pages::invitations::of;
use crate::texts::Language;
use crate::visit::{Answered, Visit, rendered};
use crate::words::Row;

#[derive(Template)]
#[template(path = "team.html")]
struct Team<'a> {
    t: Language,
    mount: &'a str,
    rows: Vec<Row>,
    next: Option<String>,
}

/// The list.
pub(crate) fn list(visit: &Visit<'_>) -> Answered {
    let (rows, next) = of(visit, "active", "/team")?;
    let main = rendered(&Team {
        t: visit.t,
        mount: visit.mount(),
        rows,
        next,
    });
    Ok(visit.page(200, visit.t.nav_team(), &main))
}
