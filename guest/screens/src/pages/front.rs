//! The first page: who can get in right now, what ends soon, what happened lately.

use askama::Template;
use guestpass_core::grant::list::Filter;

use crate::pages::history::latest;
use crate::response::Response;
use crate::texts::Language;
use crate::visit::{Answered, Stop, Visit, Who, rendered};
use crate::words::{Line, Row, Rows, is_over};

/// The newest grants that are looked at.
const LOOKED_AT: u32 = 20;
/// Grants in one part of the page.
const SHOWN: usize = 6;
/// Happenings that are looked at.
const HAPPENINGS: u32 = 100;
/// Lines of them that are shown.
const LINES: usize = 8;
/// Days in the picture.
const DAYS: usize = 14;

struct Day {
    x: usize,
    y: u32,
    height: u32,
}

#[derive(Template)]
#[template(path = "front.html")]
struct Front<'a> {
    t: Language,
    mount: &'a str,
    /// Nobody's access binds at this moment.
    deactivated: bool,
    rows: String,
    ending: Vec<Row>,
    lines: String,
    days: Vec<Day>,
    chart: String,
    owner: bool,
}

/// The page. Who hands nothing out is shown the accounts there are for them instead.
pub(crate) fn show(visit: &Visit<'_>) -> Answered {
    match &visit.who {
        Who::Nobody => return Err(Stop::SignIn),
        Who::User {
            hands_out: Some(_), ..
        } => {}
        _ => return Ok(Response::see(visit.at("/accounts"))),
    }
    let actor = visit.actor()?;
    let (owner, catalogue) = visit.hands_out()?;
    let deactivated = visit.engine.deactivated(&visit.site)?.is_some();
    let page = visit
        .engine
        .grants(&actor, &Filter::default(), None, LOOKED_AT)?;
    let open = page
        .grants
        .iter()
        .filter(|view| !deactivated && !is_over(view) && view.state != "suspended")
        .take(SHOWN);
    let rows: Vec<_> = open.map(|view| Row::new(visit, view, &catalogue)).collect();
    let rows = if rows.is_empty() {
        String::new()
    } else {
        Rows::html(visit.t, false, rows)
    };
    let ending = visit.engine.ending_next(&actor, 5)?;
    let ending = ending
        .iter()
        .map(|view| Row::new(visit, view, &catalogue))
        .collect();
    let happenings = if owner {
        latest(visit, HAPPENINGS)?.happenings
    } else {
        Vec::new()
    };
    let mut counts = [0_u32; DAYS];
    let today = visit.shown().day_of(visit.now);
    for happening in &happenings {
        let day = visit.shown().day_of(happening.record.at);
        let ago = usize::try_from(today.to_julian_day().saturating_sub(day.to_julian_day()))
            .unwrap_or(DAYS);
        if let Some(count) = DAYS
            .checked_sub(ago.saturating_add(1))
            .and_then(|at| counts.get_mut(at))
        {
            *count = count.saturating_add(1);
        }
    }
    let most = counts.iter().copied().max().unwrap_or(0).max(1);
    let days = counts.iter().enumerate().map(|(place, count)| {
        let height = count
            .saturating_mul(56)
            .checked_div(most)
            .unwrap_or(0)
            .max(u32::from(*count > 0).saturating_mul(3))
            .max(1);
        Day {
            x: place.saturating_mul(20),
            y: 60_u32.saturating_sub(height),
            height,
        }
    });
    let lately: Vec<_> = happenings.iter().take(LINES).cloned().collect();
    let whole = counts
        .iter()
        .fold(0_u64, |sum, count| sum.saturating_add(u64::from(*count)));
    let main = rendered(&Front {
        t: visit.t,
        mount: visit.mount(),
        deactivated,
        rows,
        ending,
        lines: Line::of_site(visit, &lately)?,
        days: days.collect(),
        chart: visit.t.chart_label(whole),
        owner,
    });
    Ok(visit.page(200, visit.t.nav_overview(), &main))
}
