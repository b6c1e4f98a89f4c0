//! The accounts in which somebody may act: the own one first. Switching to another, and coming back.

use askama::Template;

use crate::fields::{Fields, escaped};
use crate::pages::enter::scope_said;
use crate::request::Visitor;
use crate::response::{Effect, Response};
use crate::texts::Language;
use crate::visit::{Answered, Stop, Visit, Who, rendered};
use crate::when::When;

/// Accounts on one page.
const PAGE: u32 = 50;

struct Account {
    grant: Option<String>,
    name: String,
    scope: String,
    open: bool,
    here: bool,
    ends: Option<When>,
}

#[derive(Template)]
#[template(path = "accounts.html")]
struct Accounts<'a> {
    t: Language,
    mount: &'a str,
    home: &'a str,
    proof: &'a str,
    accounts: Vec<Account>,
    away: bool,
    next: Option<String>,
}

/// The list.
pub(crate) fn list(visit: &Visit<'_>) -> Answered {
    let (user, present) = match &visit.who {
        Who::Nobody => return Err(Stop::SignIn),
        Who::User { id, .. } => (id, None),
        Who::Guest { answer, .. } => (&answer.user, Some(answer.grant)),
    };
    let start = visit.query.optional("start")?;
    let page = visit.engine.memberships(&visit.site, user, start, PAGE)?;
    let accounts = page.accounts.into_iter().map(|account| Account {
        here: account.grant == present,
        scope: account.scope.map_or_else(
            || visit.t.own_account().to_owned(),
            |scope| scope_said(visit.t, &scope),
        ),
        grant: account.grant.map(|grant| grant.to_string()),
        name: account.name,
        open: account.open,
        ends: account.ends.map(|ends| visit.shown().when(ends)),
    });
    let next = page.next.map(|id| {
        format!(
            "{}?start={}",
            visit.at("/accounts"),
            escaped(&id.to_string())
        )
    });
    let main = rendered(&Accounts {
        t: visit.t,
        mount: visit.mount(),
        home: &visit.request.home,
        proof: visit.proof(),
        accounts: accounts.collect(),
        away: present.is_some(),
        next,
    });
    Ok(visit.page(200, visit.t.nav_accounts(), &main))
}

/// Begins to act in another account, in a new session. The one there was is over.
pub(crate) fn switch(visit: &Visit<'_>, form: &Fields) -> Answered {
    let grant = form.one("grant")?;
    // The acting user, never the one whose account this is: accounts do not lead to further accounts.
    let (user, leaving) = match (&visit.who, &visit.request.visitor) {
        (Who::User { id, .. }, _) => (id, None),
        (Who::Guest { answer, .. }, Visitor::Session(session)) => {
            (&answer.user, Some(session.as_str()))
        }
        _ => return Err(Stop::SignIn),
    };
    let admission =
        visit
            .engine
            .switch(&visit.site, user, grant, leaving, &visit.request.origin)?;
    let target = admission
        .redirect
        .unwrap_or_else(|| visit.request.home.clone());
    Ok(Response::see(target).with(Effect::Begin(admission.session.into_text())))
}

/// Comes back, in a new session of the user who acted.
pub(crate) fn come_back(visit: &Visit<'_>, _: &Fields) -> Answered {
    let Visitor::Session(session) = &visit.request.visitor else {
        return Ok(Response::see(visit.at("/accounts")));
    };
    let user = visit
        .engine
        .return_to_own(&visit.site, session)
        .map_err(Stop::of_session)?;
    Ok(Response::see(visit.request.home.clone()).with(Effect::SignIn(user)))
}
