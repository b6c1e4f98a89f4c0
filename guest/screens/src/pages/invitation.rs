//! What an invited person sees: accepting or declining, as a user who is there already or as a new one.
//!
//! As with links, the secret stands behind `#`, and looking changes nothing. Whoever is signed in as somebody else signs out
//! first.

use askama::Template;
use guestpass_core::Code;
use guestpass_core::invitation::accept::Invitee;
use guestpass_core::invitation::inspect::Invitation;

use crate::fields::Fields;
use crate::pages::enter::{part, scope_said};
use crate::response::{Acceptance, Effect, Response};
use crate::texts::Language;
use crate::visit::{Answered, Stop, Visit, Who, rendered, status};
use crate::when::When;

#[derive(Template)]
#[template(path = "invitation.html")]
struct Invited<'a> {
    t: Language,
    mount: &'a str,
    title: String,
    shown: Option<Shown>,
    signed_in_as: Option<&'a str>,
    /// In the account of somebody else, from where nobody accepts anything.
    elsewhere: bool,
    proof: &'a str,
    shortest: u16,
    trouble: Option<String>,
}

/// What an invitation is for.
struct Shown {
    scope: String,
    email: String,
    message: String,
    ends: Option<When>,
    accept_by: Option<When>,
    has_user: bool,
}

fn main_of(
    visit: &Visit<'_>,
    t: Language,
    seen: Option<&Invitation>,
    trouble: Option<String>,
) -> String {
    let shown = crate::when::Shown {
        language: t,
        ..visit.shown()
    };
    rendered(&Invited {
        t,
        mount: visit.mount(),
        title: seen.map_or_else(
            || t.you_are_invited().to_owned(),
            |seen| t.invites_you(&seen.invited_by, &visit.request.title),
        ),
        shown: seen.map(|seen| Shown {
            scope: scope_said(t, &seen.scope),
            email: seen.email.clone(),
            message: seen.message.clone().unwrap_or_default(),
            ends: seen.ends.map(|ends| shown.when(ends)),
            accept_by: seen.accept_by.map(|at| shown.when(at)),
            has_user: seen.has_user,
        }),
        signed_in_as: match &visit.who {
            Who::Nobody => None,
            Who::User { name, .. } | Who::Guest { name, .. } => Some(name),
        },
        elsewhere: matches!(visit.who, Who::Guest { .. }),
        proof: visit.proof(),
        shortest: visit.request.shortest_password,
        trouble,
    })
}

/// The page behind an invitation.
pub(crate) fn page(visit: &Visit<'_>) -> Answered {
    let main = main_of(visit, visit.t, None, None);
    Ok(visit.narrow(200, visit.t.you_are_invited(), &main))
}

/// What an invitation is for, for the page's script: the inside of the page. Changes nothing.
pub(crate) fn inspect(visit: &Visit<'_>, form: &Fields) -> Answered {
    let seen = visit
        .engine
        .inspect_invitation(&visit.site, form.one("token")?);
    Ok(match seen {
        Ok(seen) => {
            let theirs = seen
                .locale
                .as_deref()
                .and_then(Language::of_tag)
                .unwrap_or(visit.t);
            part(200, theirs, main_of(visit, theirs, Some(&seen), None))
        }
        Err(refusal) => {
            visit.tell_operator(&refusal);
            let main = main_of(visit, visit.t, None, Some(visit.said(&refusal)));
            part(status(refusal.code.kind()), visit.t, main)
        }
    })
}

/// Accepts as whoever is signed in; for who is not, the host sees to the password.
pub(crate) fn accept(visit: &Visit<'_>, form: &Fields) -> Answered {
    let token = form.one("token")?;
    match &visit.who {
        Who::Guest { .. } => Ok(visit.refused(
            403,
            visit.t.not_allowed(),
            visit.t.return_or_sign_out_first(),
        )),
        Who::User { id, .. } => {
            let user = Invitee::Existing(id.clone());
            match visit
                .engine
                .accept(&visit.site, token, &user, &visit.request.origin)
            {
                Ok(_) => Ok(Response::see(visit.at("/accounts"))),
                Err(refusal) if refusal.code == Code::WrongUser => {
                    let main = rendered(&Wrong {
                        t: visit.t,
                        mount: visit.mount(),
                        proof: visit.proof(),
                        message: visit.said(&refusal),
                    });
                    Ok(visit.narrow(403, visit.t.not_allowed(), &main))
                }
                Err(refusal) => Err(Stop::Refused(refusal)),
            }
        }
        Who::Nobody => {
            let password = form.one("password")?.to_owned();
            // An invitation that is over is said to be before anybody is asked about a password.
            let seen = visit.engine.inspect_invitation(&visit.site, token)?;
            if !seen.has_user
                && password.chars().count() < usize::from(visit.request.shortest_password)
            {
                let short = visit
                    .t
                    .password_too_short(u64::from(visit.request.shortest_password));
                return Ok(visit.refused(422, visit.t.did_not_work(), &short));
            }
            let wrong = visit
                .refused(403, visit.t.not_allowed(), visit.t.wrong_password())
                .body;
            let acceptance = Acceptance {
                token: token.to_owned(),
                password,
                wrong,
            };
            Ok(Response::see(visit.request.home.clone()).with(Effect::Accept(acceptance)))
        }
    }
}

/// Signed in as somebody else: sign out first.
#[derive(Template)]
#[template(path = "wrong_user.html")]
struct Wrong<'a> {
    t: Language,
    mount: &'a str,
    proof: &'a str,
    message: String,
}

/// Declines.
pub(crate) fn decline(visit: &Visit<'_>, form: &Fields) -> Answered {
    visit
        .engine
        .decline(&visit.site, form.one("token")?, &visit.request.origin)?;
    Ok(visit.refused(200, visit.t.declined(), visit.t.declined_hint()))
}
