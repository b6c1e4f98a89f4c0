//! Who tried links that open nothing, and is stopped for it.

use askama::Template;

use crate::fields::{Fields, escaped};
use crate::response::Response;
use crate::texts::Language;
use crate::visit::{Answered, Visit, rendered};
use crate::when::When;

/// Lines on one page.
const PAGE: u32 = 50;

struct Line {
    id: String,
    what: String,
    tries: String,
    until: Option<When>,
}

#[derive(Template)]
#[template(path = "lockouts.html")]
struct Lockouts<'a> {
    t: Language,
    mount: &'a str,
    proof: &'a str,
    lines: Vec<Line>,
    next: Option<String>,
}

/// The list.
pub(crate) fn list(visit: &Visit<'_>) -> Answered {
    let actor = visit.actor()?;
    let start = visit.query.optional("start")?;
    let page = visit.engine.lockouts(&actor, start, PAGE)?;
    let lines = page.lockouts.into_iter().map(|lockout| {
        let id = lockout.subject.to_string();
        let what = match id.split_once(':') {
            Some(("address", address)) => visit.t.lockout_address(address),
            Some(("grant", grant)) => visit.t.lockout_grant(grant),
            _ => visit.t.lockout_site().to_owned(),
        };
        Line {
            what,
            tries: visit.t.tries(u64::from(lockout.tries)),
            until: lockout.until.map(|until| visit.shown().when(until)),
            id,
        }
    });
    let main = rendered(&Lockouts {
        t: visit.t,
        mount: visit.mount(),
        proof: visit.proof(),
        lines: lines.collect(),
        next: page
            .next
            .map(|next| format!("{}?start={}", visit.at("/lock-outs"), escaped(&next))),
    });
    Ok(visit.page(200, visit.t.nav_lock_outs(), &main))
}

/// Forgets the tries of one.
pub(crate) fn lift(visit: &Visit<'_>, form: &Fields) -> Answered {
    let actor = visit.actor()?;
    visit.engine.lift_lockout(&actor, form.one("lockout")?)?;
    Ok(Response::see(visit.at("/lock-outs")))
}
