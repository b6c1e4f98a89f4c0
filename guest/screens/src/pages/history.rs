//! What happened on the site, whether anybody has changed it since, and what to keep of it.
//!
//! The page shows what happened since the last sweep and then the site's log, newest first. It is for owners: the engine gives
//! the log to whoever runs the site.

use askama::Template;
use guestpass_core::Code;
use guestpass_core::history::record::Happening;
use guestpass_core::names::misleads;

use crate::fields::Malformed;
use crate::response::Response;
use crate::texts::Language;
use crate::visit::{Answered, Stop, Visit, rendered};
use crate::widgets::{Choice, Select};
use crate::words::{Line, hex};

/// Lines looked at for one page: of which a filter leaves some.
const PAGE: u32 = 50;
/// Grants verified for the page; a site with more is verified as a whole by the operator.
const VERIFIED: u32 = 20;
/// Entries in one part of an export.
const PART: u32 = 1_000;
/// What may be filtered by.
const ACTIONS: [&str; 12] = [
    "created",
    "redeemed",
    "signed-in",
    "signed-out",
    "suspended",
    "extended",
    "reissued",
    "revoked",
    "expired",
    "accepted",
    "policy-changed",
    "locked-out",
];

#[derive(Template)]
#[template(path = "history.html")]
struct Shown<'a> {
    t: Language,
    mount: &'a str,
    actions: String,
    lines: String,
    pinned: String,
    root: String,
    verified: Option<String>,
    faults: Vec<String>,
    older: Option<String>,
}

/// Owners alone.
fn owner(visit: &Visit<'_>) -> Result<(), Stop> {
    visit.actor()?;
    match visit.hands_out()? {
        (true, _) => Ok(()),
        _ => Err(Code::OwnersOnly
            .because("Only an owner of the site may see its whole history.")
            .into()),
    }
}

/// A part of the history.
pub(super) struct Part {
    /// Newest first.
    pub(super) happenings: Vec<Happening>,
    /// Entries of the log that are older.
    older: u64,
}

/// What happened last: what no sweep has put into the log yet, then as many entries of the log as there is room for.
pub(super) fn latest(visit: &Visit<'_>, limit: u32) -> Result<Part, Stop> {
    let mut happenings = visit.engine.not_logged(&visit.site, limit)?;
    let waiting = u32::try_from(happenings.len()).unwrap_or(limit);
    let size = visit.engine.checkpoint(&visit.site)?.size;
    let logged = newest(visit, size, limit.saturating_sub(waiting))?;
    // A sweep may have come in between.
    let is_logged = |one: &Happening| logged.happenings.iter().any(|other| other.hash == one.hash);
    happenings.retain(|one| !is_logged(one));
    happenings.extend(logged.happenings);
    Ok(Part {
        happenings,
        older: logged.older,
    })
}

/// The newest entries of the log before `end`.
fn newest(visit: &Visit<'_>, end: u64, limit: u32) -> Result<Part, Stop> {
    let older = end.saturating_sub(limit.into());
    let many = u32::try_from(end.saturating_sub(older)).unwrap_or(limit);
    let logged = match many {
        0 => Vec::new(),
        _ => visit.engine.logged(&visit.site, older, many)?,
    };
    let newest = logged.into_iter().rev();
    Ok(Part {
        happenings: newest.filter_map(|entry| entry.happening).collect(),
        older,
    })
}

/// The page.
pub(crate) fn show(visit: &Visit<'_>) -> Answered {
    owner(visit)?;
    let (t, query) = (visit.t, &visit.query);
    let checkpoint = visit.engine.checkpoint(&visit.site)?;
    let before: Option<u64> = query.optional("before")?.and_then(|at| at.parse().ok());
    let action = query.optional("action")?.unwrap_or_default();
    let Part {
        mut happenings,
        older,
    } = match before {
        None => latest(visit, PAGE)?,
        Some(before) => newest(visit, checkpoint.size.min(before), PAGE)?,
    };
    if !action.is_empty() {
        happenings.retain(|one| one.record.action.as_str() == action);
    }
    let mut choices = vec![Choice::new(query, "action", "", t.any_action())];
    choices.extend(ACTIONS.into_iter().map(|word| {
        Choice::new(
            query,
            "action",
            word,
            t.named("action", word).unwrap_or(word),
        )
    }));
    let (verified, faults) = match query.optional("verify")? {
        None => (None, Vec::new()),
        Some(_) => {
            let report = visit.engine.verify(&visit.site, None, VERIFIED)?;
            let said = match (report.faults.is_empty(), report.next.is_some()) {
                (true, false) => t.verified_whole(report.records),
                (true, true) => t.verified_part(report.records),
                (false, _) => t.verified_faults(report.faults.len() as u64),
            };
            let faults = report.faults.into_iter().map(|fault| fault.message);
            (Some(said), faults.collect())
        }
    };
    let main = rendered(&Shown {
        t,
        mount: visit.mount(),
        actions: Select {
            name: "action",
            label: t.filter_action(),
            hint: "",
            fault: None,
            choices,
        }
        .html(),
        lines: if happenings.is_empty() {
            String::new()
        } else {
            Line::of_site(visit, &happenings)?
        },
        pinned: t.history_keep_hint(checkpoint.size),
        root: checkpoint
            .to_string()
            .split(' ')
            .nth(4)
            .unwrap_or_default()
            .to_owned(),
        verified,
        faults,
        older: (older > 0).then(|| {
            format!(
                "{}?before={older}&action={}",
                visit.at("/history"),
                crate::fields::escaped(action)
            )
        }),
    });
    Ok(visit.page(200, t.nav_history(), &main))
}

/// The log as it stands, in one line to be kept elsewhere.
pub(crate) fn checkpoint(visit: &Visit<'_>) -> Answered {
    owner(visit)?;
    let text = format!("{}\n", visit.engine.checkpoint(&visit.site)?);
    Ok(
        Response::new(200, "text/plain; charset=utf-8", text.into_bytes()).header(
            "content-disposition",
            "attachment; filename=\"checkpoint.txt\"",
        ),
    )
}

/// A part of the log as JSON lines, as the operator's export has them but for the stored bytes. The header `link` names
/// the next part.
pub(crate) fn export(visit: &Visit<'_>) -> Answered {
    owner(visit)?;
    let start = match visit.query.optional("start")? {
        Some(start) => start.parse::<u64>().map_err(|_| Malformed)?,
        None => 0,
    };
    let logged = visit.engine.logged(&visit.site, start, PART)?;
    let whole = logged.len() < PART as usize;
    let mut text = String::new();
    for entry in logged {
        text.push_str(&format!(
            "{{\"index\":{},\"id\":{}",
            entry.index,
            json(&entry.leaf.id())
        ));
        if let Some(happening) = entry.happening {
            let record = happening.record;
            text.push_str(&format!(
                ",\"at\":{},\"action\":{}",
                record.at.millis(),
                json(record.action.as_str())
            ));
            for (name, value) in [("actor", &record.actor), ("subject", &record.subject)] {
                if let Some(value) = value {
                    text.push_str(&format!(",\"{name}\":{}", json(value)));
                }
            }
            text.push_str(",\"details\":{");
            for (place, (name, value)) in record.details.iter().enumerate() {
                let between = if place == 0 { "" } else { "," };
                text.push_str(&format!("{between}{}:{}", json(name), json(value)));
            }
            text.push('}');
        }
        text.push_str(&format!(",\"hash\":\"{}\"}}\n", hex(&entry.leaf.hash)));
    }
    let part = Response::new(200, "application/jsonl; charset=utf-8", text.into_bytes()).header(
        "content-disposition",
        "attachment; filename=\"history.jsonl\"",
    );
    if whole {
        return Ok(part);
    }
    let next = start.saturating_add(u64::from(PART));
    let next = format!(
        "<{}?start={next}>; rel=\"next\"",
        visit.at("/history/export")
    );
    Ok(part.header("link", &next))
}

/// A string of JSON.
fn json(text: &str) -> String {
    let mut quoted = String::from("\"");
    for c in text.chars() {
        match c {
            '"' | '\\' => quoted.extend(['\\', c]),
            c if c.is_control() || misleads(c) => {
                quoted.push_str(&format!("\\u{:04x}", u32::from(c)))
            }
            c => quoted.push(c),
        }
    }
    quoted.push('"');
    quoted
}
