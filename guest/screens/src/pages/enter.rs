//! Coming in by a link. Looking changes nothing; only the button does.
//!
//! The secret stands behind `#`, so the browser does not send it: the page's script reads it, takes it out of the address
//! bar, asks for what it opens, and puts it into the form. A host that has no such page uses `?pass=`; there the form goes to
//! the page's own address, so that it works without a script and the secret is never written into a page.

use askama::Template;
use guestpass_core::entry::inspect::Preview;

use crate::fields::{Fields, Malformed};
use crate::response::{Effect, Response};
use crate::texts::Language;
use crate::visit::{Answered, Visit, Who, rendered, status};
use crate::when::When;

#[derive(Template)]
#[template(path = "enter.html")]
struct Enter<'a> {
    t: Language,
    action: String,
    inspect: String,
    title: String,
    shown: Option<Shown>,
    signed_in_as: Option<&'a str>,
    trouble: Option<String>,
}

/// What a link opens.
struct Shown {
    scope: String,
    email: String,
    ends: Option<When>,
    uses: String,
}

/// The scope of a preview is a title or one of two of the engine's own words.
pub(crate) fn scope_said(t: Language, scope: &str) -> String {
    match scope {
        "all permissions" => t.all_permissions().to_owned(),
        "chosen permissions" => t.some_permissions().to_owned(),
        role => role.to_owned(),
    }
}

fn main_of(
    visit: &Visit<'_>,
    t: Language,
    seen: Option<&Preview>,
    action: String,
    trouble: Option<String>,
) -> String {
    let shown = crate::when::Shown {
        language: t,
        ..visit.shown()
    };
    rendered(&Enter {
        t,
        action,
        inspect: visit.at("/enter/inspect"),
        title: seen.map_or_else(
            || t.you_are_invited().to_owned(),
            |seen| t.invites_you(&seen.invited_by, &visit.request.title),
        ),
        shown: seen.map(|seen| Shown {
            scope: scope_said(t, &seen.scope),
            email: seen.email.clone(),
            ends: seen.ends.map(|ends| shown.when(ends)),
            uses: seen
                .uses_left
                .map_or_else(String::new, |left| t.uses_left(u64::from(left))),
        }),
        signed_in_as: match &visit.who {
            Who::Nobody => None,
            Who::User { name, .. } | Who::Guest { name, .. } => Some(name),
        },
        trouble,
    })
}

/// The page behind a link.
pub(crate) fn page(visit: &Visit<'_>) -> Answered {
    let t = visit.t;
    if visit.query.all("pass").next().is_none() {
        let main = main_of(visit, t, None, visit.at("/enter"), None);
        return Ok(visit.narrow(200, t.you_are_invited(), &main));
    }
    let pass = visit.query.one("pass")?;
    let seen = visit.engine.inspect(&visit.site, pass)?;
    let theirs = seen
        .locale
        .as_deref()
        .and_then(Language::of_tag)
        .unwrap_or(t);
    // To where it stands now, secret and all, without writing it down.
    let main = main_of(visit, theirs, Some(&seen), String::new(), None);
    Ok(visit.narrow_in(theirs, theirs.you_are_invited(), &main))
}

/// What a link would open, for the page's script: the inside of the page. Changes nothing.
pub(crate) fn inspect(visit: &Visit<'_>, form: &Fields) -> Answered {
    let seen = visit.engine.inspect(&visit.site, form.one("pass")?);
    Ok(match seen {
        Ok(seen) => {
            let theirs = seen
                .locale
                .as_deref()
                .and_then(Language::of_tag)
                .unwrap_or(visit.t);
            part(
                200,
                theirs,
                main_of(visit, theirs, Some(&seen), visit.at("/enter"), None),
            )
        }
        Err(refusal) => {
            visit.tell_operator(&refusal);
            let said = visit.said(&refusal);
            let main = main_of(visit, visit.t, None, visit.at("/enter"), Some(said));
            part(status(refusal.code.kind()), visit.t, main)
        }
    })
}

/// A part of a page, with the language it is in.
pub(crate) fn part(status: u16, language: Language, html: String) -> Response {
    Response::page(status, language.tag(), html)
}

/// The button: uses the link, and gives the browser a session it did not have before.
pub(crate) fn redeem(visit: &Visit<'_>, form: &Fields) -> Answered {
    let pass = secret(visit, form, "pass")?;
    let admission = visit
        .engine
        .redeem(&visit.site, &pass, &visit.request.origin)?;
    let target = admission
        .redirect
        .unwrap_or_else(|| visit.request.home.clone());
    Ok(Response::see(target).with(Effect::Begin(admission.session.into_text())))
}

/// The secret of a form: in its body, or in the address for a form that was sent without a script. Exactly one.
pub(crate) fn secret(visit: &Visit<'_>, form: &Fields, name: &str) -> Result<String, Malformed> {
    let in_query = visit.query.all(name).next().is_some();
    let in_form = form.all(name).next().is_some();
    match (in_form, in_query) {
        (true, true) => Err(Malformed),
        (false, true) => visit.query.one(name).map(str::to_owned),
        _ => form.one(name).map(str::to_owned),
    }
}
