//! `invite`: inviting people to an account, by mail.

use clap::{ArgGroup, Args, Subcommand};
use guestpass::{Draft, Ending, Filter, Guest, Issued, Window};
use serde_json::json;

use super::Session;
use super::grant::{self, Named};
use super::scope::ScopeArgs;
use crate::invitations;
use crate::output::{self, Answer, json, words};
use crate::problem::Problem;
use crate::when;

const EXAMPLES: &str = "\
Examples:
  guestpass invite send --email ada@b.example --all
  guestpass invite send --email ada@b.example --permission invoices,quotes --locale fr --message 'For the books'
  guestpass invite list
  guestpass invite resend ada@b.example";

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Invite somebody to your account, by mail
    Send(Box<Send>),
    /// List invitations that nobody accepted yet
    List,
    /// Mail an invitation again with a new link; the earlier link is dead
    Resend(Named),
    /// Take an invitation back, accepted or not
    Revoke(Named),
}

/// Whom to invite, and to what.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
#[command(group(ArgGroup::new("end").args(["period", "until"])))]
pub struct Send {
    /// Whom to invite
    #[arg(long, value_name = "ADDRESS")]
    email: String,
    /// The invited person's first name
    #[arg(long, value_name = "NAME")]
    first_name: Option<String>,
    /// The invited person's last name
    #[arg(long, value_name = "NAME")]
    last_name: Option<String>,
    /// The language of the mail: en, es or fr
    #[arg(long, value_name = "TAG")]
    locale: Option<String>,
    #[command(flatten)]
    scope: ScopeArgs,
    /// What it is for, for example support or content: refused if the scope does not give what that needs
    #[arg(long, value_name = "PURPOSE")]
    purpose: Option<String>,
    /// Do this although the engine advises against it: lacking-permissions or without-backup; may be repeated
    #[arg(long, value_name = "WORD", value_delimiter = ',')]
    knowingly: Vec<String>,
    /// What the invited person is to read
    #[arg(long, value_name = "TEXT", allow_hyphen_values = true)]
    message: Option<String>,
    /// For your own eyes
    #[arg(long, value_name = "TEXT", allow_hyphen_values = true)]
    note: Option<String>,
    /// For this long from when it is accepted, for example P3M [default: as the policy says: until it is revoked, or the usual
    /// length where no invitation may be endless]
    #[arg(
        long = "for",
        value_name = "PERIOD",
        allow_hyphen_values = true,
        id = "period"
    )]
    period: Option<String>,
    /// Until this instant: 2026-12-01T10:00 in local time, or with an offset
    #[arg(long, value_name = "INSTANT", allow_hyphen_values = true)]
    until: Option<String>,
    /// How long it can be accepted [default: P7D, or as long as the policy allows]
    #[arg(long, value_name = "PERIOD", allow_hyphen_values = true)]
    accept_within: Option<String>,
}

pub(super) fn run(session: &Session, command: Command) -> Result<Answer, Problem> {
    match command {
        Command::Send(send) => {
            let draft = draft(session, *send)?;
            let issued = session.host.engine.create(&session.actor, &draft)?;
            Ok(sent(session, issued))
        }
        Command::List => grant::list(
            session,
            &Filter {
                kind: Some("invitation".to_owned()),
                state: Some("ready".to_owned()),
                ..Filter::everything()
            },
            1000,
        ),
        Command::Resend(named) => {
            let id = find(session, &named)?;
            let issued = session.host.engine.reissue(&session.actor, &id)?;
            Ok(sent(session, issued))
        }
        Command::Revoke(named) => {
            let id = find(session, &named)?;
            let grant = session.host.engine.revoke(&session.actor, &id)?;
            Ok(grant::show(session, &grant))
        }
    }
}

/// The invitation of this id, or the newest to this address.
fn find(session: &Session, named: &Named) -> Result<String, Problem> {
    let grant = grant::find_of_kind(session, &named.grant, Some("invitation"))?;
    if grant.kind == "invitation" {
        return Ok(grant.id);
    }
    Err(Problem::refused(
        "no-invitation",
        format!("The grant `{}` is no invitation.", grant.id),
    )
    .at("grant"))
}

fn draft(session: &Session, send: Send) -> Result<Draft, Problem> {
    let ending = match (send.period, send.until) {
        (Some(period), _) => Some(Ending::AfterFirstUse(period)),
        (None, Some(until)) => Some(Ending::At(
            when::parse(&until, &session.reader.zone).map_err(|problem| problem.at("until"))?,
        )),
        (None, None) => send.accept_within.as_ref().map(|_| Ending::Never),
    };
    let guest = Guest {
        email: send.email,
        first_name: send.first_name,
        last_name: send.last_name,
        locale: send.locale,
        website: None,
        login: None,
    };
    // What nobody said is the site's policy to say.
    let window = ending.map(|ending| Window {
        use_within: send.accept_within,
        ..Window::new(ending)
    });
    Ok(Draft {
        purpose: send.purpose,
        knowingly: send.knowingly,
        note: send.note,
        message: send.message,
        ..Draft::invitation(guest, send.scope.into(), window)
    })
}

/// Mails it and says whether that went well. The invitation is there either way.
fn sent(session: &Session, issued: Issued) -> Answer {
    let mailed = invitations::mail(
        &session.host,
        &session.base_url,
        &session.actor.user,
        &issued,
    );
    let (said, problem) = match &mailed {
        Ok(sent) => (format!("The invitation was {sent}."), None),
        Err(problem) => (
            format!(
                "{}\nThe invitation is there, but nobody has its link. Send it again with: guestpass invite resend {}",
                problem.message, issued.grant.id
            ),
            Some(problem),
        ),
    };
    let grant = &issued.grant;
    let facts = [
        ("Grant", grant.id.clone()),
        ("For", words::guest(&grant.guest)),
        ("Scope", words::scope(&grant.scope)),
        ("Accept by", session.reader.instant_or(grant.ends, "never")),
        (
            "Asked",
            words::ending(&grant.window.ending, &session.reader),
        ),
    ];
    let file = match &mailed {
        Ok(crate::mail::Sent::Filed(path)) => Some(path.display().to_string()),
        _ => None,
    };
    let json = json!({
        "grant": json::Grant::from(grant),
        "sent": mailed.is_ok(),
        "file": file,
        "problem": problem,
    });
    Answer::new(format!("{said}\n\n{}", output::facts(&facts)), json).with_verdict(mailed.is_ok())
}
