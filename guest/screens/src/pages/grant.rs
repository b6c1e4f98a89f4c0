//! One grant: what it gives and until when, its life as a picture, who is in by it, and everything that can be done about it.

use askama::Template;
use guestpass_core::access::ending::EndLimit;
use guestpass_core::grant::kind::Kind;
use guestpass_core::grant::state::State;
use guestpass_core::grant::term::Extension;
use guestpass_core::grant::view::View;
use guestpass_core::ports::ContentDecision;
use guestpass_core::{Instant, Period, Refusal};

use crate::fields::Fields;
use crate::pages::give::{ScopeFields, scope_of, sentence_of, with_scope};
use crate::pages::result::{self, withheld_by};
use crate::response::Response;
use crate::texts::Language;
use crate::visit::{Answered, Stop, Visit, rendered, status};
use crate::when::When;
use crate::widgets::{Faults, Input};
use crate::words::{self, Line, Row};

/// Sessions on the page.
const SESSIONS: u32 = 50;
/// Lines of history on the page: the newest.
const HISTORY: u32 = 30;
/// How much longer, by one press.
const LONGER: [&str; 5] = ["PT1H", "P1D", "P3D", "P7D", "P1M"];

/// A session that goes on.
struct Session {
    name: String,
    began: When,
    seen: Option<When>,
    address: String,
    agent: String,
}

/// What can be decided about the user that was made for it.
struct Retire {
    /// When it is deleted anyway, in a sentence.
    at: String,
    heir: String,
    open: bool,
    fault: Option<String>,
}

/// The life of a grant as a line from its making to its end.
struct Timeline {
    /// Where things lie on it, in thousandths.
    used: u32,
    now: u32,
    first: Option<u32>,
    opens: Option<u32>,
    over: bool,
    endless: bool,
    /// The same in words, for those who do not see it.
    label: String,
}

#[derive(Template)]
#[template(path = "grant.html")]
struct Show<'a> {
    t: Language,
    mount: &'a str,
    proof: &'a str,
    row: Row,
    sentence: String,
    grantor: String,
    created: When,
    timeline: Timeline,
    gives: Vec<String>,
    withheld: Vec<(String, &'a str)>,
    uses: String,
    login: Option<&'a str>,
    website: Option<&'a str>,
    note: Option<&'a str>,
    message: Option<&'a str>,
    limits: Vec<String>,
    sessions: Vec<Session>,
    lines: String,
    suspended: bool,
    invitation: bool,
    accepted: bool,
    reissue: Option<&'a str>,
    longer: Vec<(&'a str, String)>,
    until: String,
    zone: &'a str,
    scope: String,
    retire: Option<Retire>,
    trouble: Option<&'a str>,
    done: Option<&'a str>,
}

impl Show<'_> {
    /// How much it gives.
    fn given(&self) -> String {
        self.t.permissions_count(self.gives.len() as u64)
    }

    /// How much is withheld.
    fn kept_back(&self) -> String {
        self.t.withheld_count(self.withheld.len() as u64)
    }
}

/// The grant of this name.
pub(crate) fn show(visit: &Visit<'_>, id: &str) -> Answered {
    let done = match visit.query.optional("done")? {
        Some("suspended") => Some(visit.t.done_suspended()),
        Some("resumed") => Some(visit.t.done_resumed()),
        Some("revoked") => Some(visit.t.done_revoked()),
        Some("extended") => Some(visit.t.done_extended()),
        Some("changed") => Some(visit.t.done_changed()),
        Some("ended") => Some(visit.t.done_session_ended()),
        Some("retired") => Some(visit.t.done_retired()),
        _ => None,
    };
    written(visit, 200, id, &Fields::default(), &Faults::default(), done)
}

fn written(
    visit: &Visit<'_>,
    status: u16,
    id: &str,
    form: &Fields,
    faults: &Faults,
    done: Option<&str>,
) -> Answered {
    let actor = visit.actor()?;
    let (_, catalogue) = visit.hands_out()?;
    let (engine, t) = (visit.engine, visit.t);
    let view = engine.grant(&actor, id)?;
    let power = engine.power(&actor, id)?;
    let ending = engine.explain_ending(&actor, id)?;
    let sessions = engine.sessions(&actor, id, None, SESSIONS)?.sessions;
    let history = engine.newest_history(&actor, id, HISTORY)?;
    let policy = engine.policy(&visit.site)?;
    let row = Row::new(visit, &view, &catalogue);
    let shown = visit.shown();
    let grant = &view.grant;
    let mut scoped = Fields::default();
    with_scope(&mut scoped, &grant.scope);
    let words = match view.ends {
        Some(_) if grant.first_used.is_none() => words::ending(shown, &grant.term.window().ending),
        Some(ends) => t.until_date(&shown.date(ends)),
        None => t.until_taken_back().to_owned(),
    };
    let gives = words::titles(&catalogue, power.permissions.split_whitespace());
    let withheld = power.withheld.iter().map(|(permission, bound)| {
        let title = words::titles(&catalogue, core::iter::once(permission.as_str()));
        (title.concat(), withheld_by(t, bound))
    });
    let sessions = sessions.into_iter().map(|session| Session {
        name: session.name,
        began: shown.when(session.started),
        seen: session.seen.map(|seen| shown.when(seen)),
        address: session.origin.address.unwrap_or_default(),
        agent: session.origin.agent.unwrap_or_default(),
    });
    let longer = LONGER.into_iter().filter_map(|text| {
        let period: Period = text.parse().ok()?;
        Some((text, shown.length(period)))
    });
    let accepted = grant.kind == Kind::Invitation && grant.user.is_some();
    let main = rendered(&Show {
        t,
        mount: visit.mount(),
        proof: visit.proof(),
        sentence: sentence_of(t, &row.name, &grant.scope, &words, &catalogue),
        grantor: visit
            .name_of(&grant.grantor)?
            .unwrap_or_else(|| t.somebody_who_left().to_owned()),
        created: shown.when(grant.created),
        timeline: timeline(visit, &view),
        gives,
        withheld: withheld.collect(),
        uses: words::uses(t, grant),
        login: grant.login.as_deref(),
        website: grant.website.as_deref(),
        note: grant.note.as_deref(),
        message: grant.message.as_deref(),
        limits: ending
            .limits
            .iter()
            .map(|limit| limit_said(visit, limit))
            .collect(),
        sessions: sessions.collect(),
        lines: Line::of_grant(visit, &history)?,
        suspended: matches!(grant.state, State::Suspended(_)),
        invitation: grant.kind == Kind::Invitation,
        accepted,
        reissue: match grant.kind {
            _ if row.over || accepted => None,
            Kind::Link => Some(t.reissue_link()),
            Kind::Password => Some(t.reissue_password()),
            Kind::Invitation => Some(t.reissue_invitation()),
        },
        longer: if view.ends.is_some() {
            longer.collect()
        } else {
            Vec::new()
        },
        until: Input::new("until", t.field_new_end(), form, faults)
            .kind("datetime-local")
            .html(),
        zone: &visit.request.zone.name,
        scope: ScopeFields::new(
            t,
            &catalogue,
            &policy,
            if faults.about("scope").is_some() {
                form
            } else {
                &scoped
            },
            faults.about("scope"),
        )
        .html(),
        retire: (grant.user.is_some() && !grant.borrowed && view.state != "retired").then(|| {
            Retire {
                at: view
                    .grant
                    .retire_at
                    .map(|at| t.retire_at(&shown.date(at)))
                    .unwrap_or_default(),
                heir: Input::new("heir", t.retire_heir(), form, faults)
                    .kind("email")
                    .html(),
                open: form.all("content").next().is_some() || faults.about("content").is_some(),
                fault: faults.about("content").map(str::to_owned),
            }
        }),
        trouble: faults.general.as_deref(),
        done,
        row,
    });
    let title = words::name(&view.grant.guest);
    Ok(visit.page(status, &title, &main))
}

/// A limit on the end that binds, in one line.
fn limit_said(visit: &Visit<'_>, limit: &EndLimit) -> String {
    let said = visit.t.named("limit", limit.name);
    let said = said.map_or_else(|| visit.shown().sentence(&limit.message), str::to_owned);
    let at = limit.at.map(|at| visit.shown().date(at));
    match at {
        Some(at) if visit.t.named("limit", limit.name).is_some() => format!("{said} ({at})"),
        _ => said,
    }
}

fn timeline(visit: &Visit<'_>, view: &View) -> Timeline {
    let (grant, t, shown) = (&view.grant, visit.t, visit.shown());
    let (from, now) = (grant.created.millis(), visit.now.millis());
    let endless = view.ends.is_none();
    // Without an end, the line goes on as long again as it has run.
    let end = view.ends.map_or_else(
        || now.saturating_add(now.saturating_sub(from).max(1)),
        Instant::millis,
    );
    let whole = end.max(now).saturating_sub(from).max(1);
    let place = |at: u64| {
        let part = u128::from(at.saturating_sub(from)).saturating_mul(1_000);
        u32::try_from(part.checked_div(u128::from(whole)).unwrap_or(0))
            .unwrap_or(1_000)
            .min(1_000)
    };
    let mut label = t.timeline_made(&shown.date(grant.created));
    if let Some(first) = grant.first_used {
        label.push_str(&t.timeline_first(&shown.date(first)));
    }
    let over = words::is_over(view);
    label.push_str(&match view.ends {
        Some(ended) if over => t.timeline_ended(&shown.date(ended)),
        Some(ends) => t.timeline_ends(&shown.date(ends)),
        None => t.timeline_no_end().to_owned(),
    });
    Timeline {
        used: place(now.min(end)),
        now: place(now),
        first: grant.first_used.map(|first| place(first.millis())),
        opens: (grant.term.opens() > grant.created).then(|| place(grant.term.opens().millis())),
        over,
        endless,
        label,
    }
}

/// The page again, with what stands in the way; or on to the page, with what was done.
fn done(
    visit: &Visit<'_>,
    id: &str,
    form: &Fields,
    changed: Result<View, Refusal>,
    word: &str,
    fields: &[(&str, &'static str)],
) -> Answered {
    match changed {
        // The engine's own name for the grant, so that nothing typed reaches the address.
        Ok(view) => Ok(Response::see(format!(
            "{}?done={word}",
            visit.at(&format!("/grants/{}", view.grant.id))
        ))),
        Err(refusal) => {
            let known = visit
                .actor()
                .and_then(|actor| Ok(visit.engine.grant(&actor, id)?));
            match known {
                Ok(_) if refusal.code.kind() != guestpass_core::Kind::Unavailable => {
                    let faults = Faults::of(visit, &refusal, fields);
                    written(visit, status(refusal.code.kind()), id, form, &faults, None)
                }
                _ => Err(Stop::Refused(refusal)),
            }
        }
    }
}

/// Stops access until it is resumed.
pub(crate) fn suspend(visit: &Visit<'_>, id: &str, form: &Fields) -> Answered {
    let changed = visit.engine.suspend(&visit.actor()?, id);
    done(visit, id, form, changed, "suspended", &[])
}

/// Gives access back.
pub(crate) fn resume(visit: &Visit<'_>, id: &str, form: &Fields) -> Answered {
    let changed = visit.engine.resume(&visit.actor()?, id);
    done(visit, id, form, changed, "resumed", &[])
}

/// Ends access for good.
pub(crate) fn revoke(visit: &Visit<'_>, id: &str, form: &Fields) -> Answered {
    let changed = visit.engine.revoke(&visit.actor()?, id);
    done(visit, id, form, changed, "revoked", &[])
}

/// Moves the end: by a length, or to a date.
pub(crate) fn extend(visit: &Visit<'_>, id: &str, form: &Fields) -> Answered {
    let actor = visit.actor()?;
    let by = match form.optional("by")? {
        Some(by) => Extension::By(by.parse().map_err(|_| Stop::Malformed)?),
        None => match visit.shown().typed(form.typed("until")) {
            Some(at) => Extension::To(at),
            None => {
                let mut faults = Faults::default();
                faults.add("until", visit.t.bad_date());
                visit.engine.grant(&actor, id)?;
                return written(visit, 422, id, form, &faults, None);
            }
        },
    };
    let changed = visit.engine.extend(&actor, id, by);
    done(
        visit,
        id,
        form,
        changed,
        "extended",
        &[("extension", "until"), ("window.ending", "until")],
    )
}

/// Gives it another scope.
pub(crate) fn change_scope(visit: &Visit<'_>, id: &str, form: &Fields) -> Answered {
    let actor = visit.actor()?;
    let Some(scope) = scope_of(form)? else {
        return Err(Stop::Malformed);
    };
    let knowing: Vec<String> = form.all("knowing").map(str::to_owned).collect();
    let changed = visit.engine.change_scope(&actor, id, scope, &knowing);
    done(
        visit,
        id,
        form,
        changed,
        "changed",
        &[
            ("scope", "scope"),
            ("scope.base", "scope"),
            ("scope.also", "scope"),
        ],
    )
}

/// Ends one session.
pub(crate) fn end_session(visit: &Visit<'_>, id: &str, form: &Fields) -> Answered {
    let actor = visit.actor()?;
    let session = form.one("session")?;
    let ended = visit.engine.end_session(&actor, id, session);
    let changed = ended.and_then(|()| visit.engine.grant(&actor, id));
    done(visit, id, form, changed, "ended", &[])
}

/// Makes a new link or password and shows it, this once. The earlier one is dead.
pub(crate) fn reissue(visit: &Visit<'_>, id: &str, form: &Fields) -> Answered {
    match visit.engine.reissue(&visit.actor()?, id) {
        Ok(issued) => result::shown(visit, issued, true, false),
        Err(refusal) => done(visit, id, form, Err(refusal), "", &[]),
    }
}

/// Deletes the user that was made for it. What becomes of all they wrote must be chosen, and that it is meant confirmed.
pub(crate) fn retire(visit: &Visit<'_>, id: &str, form: &Fields) -> Answered {
    let actor = visit.actor()?;
    let content = match form.optional("content")? {
        Some("keep") => Ok(ContentDecision::Keep),
        Some("hand-over") => heir(visit, form.one("heir")?.trim()).map(ContentDecision::HandOver),
        _ => Err(visit.t.retire_choose().to_owned()),
    };
    let confirmed = form.optional("confirm")? == Some("yes");
    let decided = match content {
        Ok(content) if confirmed => Ok(content),
        Ok(_) => Err(visit.t.retire_unconfirmed().to_owned()),
        Err(sentence) => Err(sentence),
    };
    match decided {
        Ok(content) => {
            let changed = visit.engine.retire(&actor, id, &content);
            done(visit, id, form, changed, "retired", &[])
        }
        Err(sentence) => {
            visit.engine.grant(&actor, id)?;
            let mut faults = Faults::default();
            faults.add("content", sentence);
            written(visit, 422, id, form, &faults, None)
        }
    }
}

/// The user of this address. Whether there is one is told to nobody who may not retire, so the engine says it.
fn heir(visit: &Visit<'_>, typed: &str) -> Result<String, String> {
    let found = visit
        .engine
        .directory
        .find_by_email(visit.site.as_str(), typed);
    match found {
        Ok(user) => Ok(user.map_or_else(|| typed.to_owned(), |user| user.id)),
        Err(_) => Err(visit.t.not_right_now().to_owned()),
    }
}
