//! Who has access: a list to look through, and to take back from.

use askama::Template;
use guestpass_core::Refusal;
use guestpass_core::grant::list::Filter;

use crate::fields::{Fields, escaped};
use crate::response::Response;
use crate::texts::Language;
use crate::visit::{Answered, Visit, rendered};
use crate::widgets::{Choice, Select};
use crate::words::{Row, Rows};

/// Grants on one page.
const PAGE: u32 = 30;

#[derive(Template)]
#[template(path = "grants.html")]
struct List<'a> {
    t: Language,
    mount: &'a str,
    proof: &'a str,
    email: &'a str,
    states: String,
    kinds: String,
    filtered: bool,
    rows: String,
    damaged: Vec<String>,
    next: Option<String>,
    done: Option<String>,
}

/// The grants that this user may see.
pub(crate) fn list(visit: &Visit<'_>) -> Answered {
    let actor = visit.actor()?;
    let (_, catalogue) = visit.hands_out()?;
    let (query, t) = (&visit.query, visit.t);
    let asked =
        |name: &str| Ok::<_, crate::fields::Malformed>(query.optional(name)?.map(str::to_owned));
    let filter = Filter {
        state: asked("state")?,
        email: asked("email")?,
        kind: asked("kind")?,
    };
    let page = visit
        .engine
        .grants(&actor, &filter, query.optional("start")?, PAGE)?;
    let choice = |field: &str, value: &str, title: &str| Choice::new(query, field, value, title);
    let states = Select {
        name: "state",
        label: t.filter_state(),
        hint: "",
        fault: None,
        choices: vec![
            choice("state", "", t.any_state()),
            choice("state", "active", t.state_active()),
            choice("state", "ready", t.state_ready()),
            choice("state", "suspended", t.state_suspended()),
            choice("state", "ended", t.state_ended()),
            choice("state", "retired", t.state_retired()),
        ],
    };
    let kinds = Select {
        name: "kind",
        label: t.filter_kind(),
        hint: "",
        fault: None,
        choices: vec![
            choice("kind", "", t.any_kind()),
            choice("kind", "link", t.kind_link()),
            choice("kind", "password", t.kind_password()),
            choice("kind", "invitation", t.kind_invitation()),
        ],
    };
    let more = |next: String| {
        let mut address = format!("{}?start={}", visit.at("/grants"), escaped(&next));
        for name in ["state", "kind", "email"] {
            if let Some(value) = query.all(name).next().filter(|value| !value.is_empty()) {
                address.push_str(&format!("&{name}={}", escaped(value)));
            }
        }
        address
    };
    let revoked = query
        .optional("revoked")?
        .and_then(|count| count.parse().ok())
        .filter(|count| *count > 0);
    let rows: Vec<_> = page
        .grants
        .iter()
        .map(|view| Row::new(visit, view, &catalogue))
        .collect();
    let main = rendered(&List {
        t,
        mount: visit.mount(),
        proof: visit.proof(),
        email: query.typed("email"),
        states: states.html(),
        kinds: kinds.html(),
        filtered: filter != Filter::default(),
        rows: if rows.is_empty() {
            String::new()
        } else {
            Rows::html(t, true, rows)
        },
        damaged: page.damaged.iter().map(ToString::to_string).collect(),
        next: page.next.map(|id| more(id.to_string())),
        done: revoked.map(|count| t.revoked_count(count)),
    });
    Ok(visit.page(200, t.nav_access(), &main))
}

/// Takes several back. Those that are over already stay so.
pub(crate) fn revoke(visit: &Visit<'_>, form: &Fields) -> Answered {
    let actor = visit.actor()?;
    let mut revoked = 0_u32;
    // At most what a page shows.
    for id in form.all("grant").take(PAGE as usize) {
        let done: Result<_, Refusal> = visit.engine.revoke(&actor, id);
        done?;
        revoked = revoked.saturating_add(1);
    }
    Ok(Response::see(format!(
        "{}?revoked={revoked}",
        visit.at("/grants")
    )))
}
