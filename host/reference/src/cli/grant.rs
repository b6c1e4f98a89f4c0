//! `grant`: handing out access, looking at it, and taking it back.

use clap::{Args, Subcommand};
use guestpass::{Extension, Filter, Grant, Power, Refusal};
use serde_json::json;

use super::Session;
use super::content::ContentArgs;
use super::grant_create::{self, Create};
use super::scope::ScopeArgs;
use super::sessions;
use crate::output::{self, Answer, json, words};
use crate::problem::Problem;
use crate::when;

/// How many grants are asked for at once.
const PAGE: u32 = 100;
/// How many are revoked at once.
const AT_ONCE: u32 = 1_000;

/// The states that `--state` knows: those of the contract's `grant.state`.
const STATES: [&str; 6] = [
    "ready",
    "provisioning",
    "active",
    "suspended",
    "ended",
    "retired",
];

/// The kinds that `--kind` knows: those of the contract's `grant.kind`.
const KINDS: [&str; 3] = ["link", "password", "invitation"];

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Make a link or a temporary user with a password, which give access for a time
    Create(Box<Create>),
    /// List grants, the newest first
    List {
        /// Only those in this state
        #[arg(long, value_parser = STATES)]
        state: Option<String>,
        /// Only those for this guest
        #[arg(long, value_name = "ADDRESS")]
        email: Option<String>,
        /// Only those of this kind
        #[arg(long, value_parser = KINDS)]
        kind: Option<String>,
        /// At most so many
        #[arg(
            long,
            value_name = "COUNT",
            allow_negative_numbers = true,
            default_value_t = 1000
        )]
        limit: usize,
    },
    /// Show one grant, and what it gives now
    Show(Named),
    /// List the sessions of a grant that go on
    Sessions(Named),
    /// End one session of a grant
    EndSession {
        #[command(flatten)]
        named: Named,
        /// As `grant sessions` shows it
        session: String,
    },
    /// Move the end; says the new end and what bounds it
    Extend(Extend),
    /// Stop access at once, until it is resumed; the end does not move
    Suspend(Named),
    /// Give access back after it was suspended
    Resume(Named),
    /// End access for good, at once, live sessions included
    Revoke(Named),
    /// Delete the user that was made for a grant, and decide what becomes of all they wrote; ends access first
    Retire {
        #[command(flatten)]
        named: Named,
        #[command(flatten)]
        content: ContentArgs,
    },
    /// Make a new link or password for the same grant; the earlier one and its sessions die
    Reissue(Named),
    /// Change what a grant gives; binds at the guest's next click
    ChangeScope(ChangeScope),
    /// Revoke all that somebody handed out
    RevokeAll {
        /// Who handed it out: a user's id or e-mail address
        #[arg(long, value_name = "USER", allow_hyphen_values = true)]
        by: String,
    },
}

#[derive(Debug, Args)]
pub(super) struct ChangeScope {
    #[command(flatten)]
    named: Named,
    #[command(flatten)]
    scope: ScopeArgs,
    /// Do this although the engine advises against it: without-backup
    #[arg(long, value_name = "WORD", value_delimiter = ',')]
    knowingly: Vec<String>,
}

#[derive(Debug, Args)]
pub(super) struct Named {
    /// The grant's id, or its guest's e-mail address: their newest grant
    #[arg(allow_hyphen_values = true)]
    pub grant: String,
}

#[derive(Debug, Args)]
#[command(group(clap::ArgGroup::new("length").required(true).args(["by", "to"])))]
pub(super) struct Extend {
    #[command(flatten)]
    named: Named,
    /// Add this period to the end, for example P3D
    #[arg(long, value_name = "PERIOD", allow_hyphen_values = true)]
    by: Option<String>,
    /// End then: 2026-12-01T10:00 in local time, or with an offset; may be earlier than now planned
    #[arg(long, value_name = "INSTANT", allow_hyphen_values = true)]
    to: Option<String>,
}

pub(super) fn run(session: &Session, command: Command) -> Result<Answer, Problem> {
    let engine = &session.host.engine;
    let actor = &session.actor;
    let change = |named: &Named, change: &dyn Fn(&str) -> Result<Grant, Refusal>| {
        let id = find(session, &named.grant)?.id;
        Ok(show(session, &change(&id)?))
    };
    match command {
        Command::Create(create) => grant_create::create(session, *create),
        Command::List {
            state,
            email,
            kind,
            limit,
        } => list(session, &Filter { state, email, kind }, limit),
        Command::Show(named) => {
            let grant = find(session, &named.grant)?;
            let power = engine.power(actor, &grant.id)?;
            Ok(shown(session, &grant, Some(&power)))
        }
        Command::Sessions(named) => sessions::list(session, &find(session, &named.grant)?.id),
        Command::EndSession {
            named,
            session: name,
        } => sessions::end(session, &find(session, &named.grant)?.id, &name),
        Command::Extend(Extend { named, by, to }) => {
            let extension = match (by, to) {
                (Some(period), _) => Extension::By(period),
                (None, to) => {
                    let to = to.unwrap_or_default();
                    Extension::To(
                        when::parse(&to, &session.reader.zone)
                            .map_err(|problem| problem.at("to"))?,
                    )
                }
            };
            change(&named, &|id| engine.extend(actor, id, &extension))
        }
        Command::Suspend(named) => change(&named, &|id| engine.suspend(actor, id)),
        Command::Resume(named) => change(&named, &|id| engine.resume(actor, id)),
        Command::Revoke(named) => change(&named, &|id| engine.revoke(actor, id)),
        Command::Retire { named, content } => {
            let content = content.decision(&session.host)?;
            change(&named, &|id| engine.retire(actor, id, &content))
        }
        Command::Reissue(named) => {
            let id = find(session, &named.grant)?.id;
            Ok(grant_create::show_issued(
                session,
                engine.reissue(actor, &id)?,
                None,
            ))
        }
        Command::ChangeScope(asked) => {
            let scope = asked.scope.into();
            change(&asked.named, &|id| {
                engine.change_scope(actor, id, &scope, &asked.knowingly)
            })
        }
        Command::RevokeAll { by } => revoke_all(session, &by),
    }
}

/// Asks until there is no more: whatever breaks it off, the same command goes on.
fn revoke_all(session: &Session, by: &str) -> Result<Answer, Problem> {
    let host = &session.host;
    let by = host
        .acting_user(Some(by))
        .map_err(|problem| problem.at("by"))?;
    let mut revoked = 0_u64;
    let failed = loop {
        let done = host.engine.revoke_all(&session.actor, &by.id, AT_ONCE)?;
        revoked += u64::from(done.revoked);
        if !done.more || done.revoked == 0 {
            break done.failed;
        }
    };
    let plural = if revoked == 1 { "" } else { "s" };
    let mut text = format!("{revoked} grant{plural} of {} revoked.", by.email);
    if failed > 0 {
        text.push_str(&format!(
            " The records of {failed} cannot be read, so they give no access; `guestpass history verify` tells more."
        ));
    }
    Ok(Answer::new(
        text,
        json!({ "revoked": revoked, "failed": failed }),
    ))
}

/// The grant of this id, or this guest's newest.
pub(super) fn find(session: &Session, named: &str) -> Result<Grant, Problem> {
    find_of_kind(session, named, None)
}

/// The grant of this id, or the newest of this kind for this address.
pub(super) fn find_of_kind(
    session: &Session,
    named: &str,
    kind: Option<&str>,
) -> Result<Grant, Problem> {
    if !named.contains('@') {
        return Ok(session.host.engine.get(&session.actor, named)?);
    }
    let filter = Filter {
        email: Some(named.to_owned()),
        kind: kind.map(str::to_owned),
        ..Filter::everything()
    };
    all(session, &filter, 1)?.grants.pop().ok_or_else(|| {
        let (what, list) = match kind {
            Some(kind) => (kind, format!("grant list --kind {kind}")),
            None => ("grant", "grant list".to_owned()),
        };
        Problem::refused(
            "no-grant",
            format!(
                "There is no {what} for `{named}` that you may see; `guestpass {list}` shows those."
            ),
        )
        .at("grant")
    })
}

/// A part of the list of grants.
struct Listed {
    grants: Vec<Grant>,
    /// Ids of those whose records cannot be read.
    damaged: Vec<String>,
    more: bool,
}

/// The newest grants that fit the filter, at most `limit`.
fn all(session: &Session, filter: &Filter, limit: usize) -> Result<Listed, Problem> {
    let mut grants = Vec::new();
    let mut damaged = Vec::new();
    let mut start: Option<String> = None;
    loop {
        let page = session
            .host
            .engine
            .list(&session.actor, filter, start.as_deref(), PAGE)?;
        grants.extend(page.grants);
        damaged.extend(page.damaged);
        start = page.next;
        if grants.len() > limit || start.is_none() {
            let more = grants.len() > limit;
            grants.truncate(limit);
            return Ok(Listed {
                grants,
                damaged,
                more,
            });
        }
    }
}

pub(super) fn list(session: &Session, filter: &Filter, limit: usize) -> Result<Answer, Problem> {
    let Listed {
        grants,
        damaged,
        more,
    } = all(session, filter, limit)?;
    let shown: Vec<_> = grants.iter().map(json::Grant::from).collect();
    let json = json!({ "grants": shown, "damaged": damaged, "more": more });
    let warning = words::damaged(&damaged);
    if grants.is_empty() {
        let none = "There are no such grants.".to_owned();
        return Ok(Answer::new(
            [Some(none), warning]
                .into_iter()
                .flatten()
                .collect::<Vec<_>>()
                .join("\n\n"),
            json,
        ));
    }
    let head = ["GRANT", "FOR", "SCOPE", "STATE", "ENDS", "USES"].map(str::to_owned);
    let row = |grant: &Grant| {
        [
            grant.id.clone(),
            grant.guest.email.clone(),
            words::scope(&grant.scope),
            words::state(grant),
            session.reader.instant_or(grant.ends, "never"),
            words::uses(grant),
        ]
    };
    let mut text = output::table(std::iter::once(head).chain(grants.iter().map(row)));
    if more {
        text.push_str("\n\nThere are more. A higher --limit shows them.");
    }
    if let Some(warning) = warning {
        text.push_str("\n\n");
        text.push_str(&warning);
    }
    Ok(Answer::new(text, json))
}

pub(super) fn show(session: &Session, grant: &Grant) -> Answer {
    shown(session, grant, None)
}

/// A grant, and what it gives where that was asked for.
fn shown(session: &Session, grant: &Grant, power: Option<&Power>) -> Answer {
    let reader = &session.reader;
    let mut facts = vec![
        ("Grant", grant.id.clone()),
        ("For", words::guest(&grant.guest)),
        ("Kind", words::kind(grant)),
        ("Scope", words::scope(&grant.scope)),
        ("State", words::state(grant)),
        ("Asked", words::ending(&grant.window.ending, reader)),
        ("Opens", reader.instant(grant.opens)),
        ("Ends", words::ends(grant, reader)),
        ("Uses", words::uses(grant)),
        ("Last used", reader.instant_or(grant.last_used, "never")),
        ("Created", reader.instant(grant.created)),
        ("Grantor", grant.grantor.clone()),
    ];
    for (name, value) in [
        ("User", &grant.user),
        ("Web site", &grant.guest.website),
        ("Redirect", &grant.redirect),
        ("Note", &grant.note),
        ("Message", &grant.message),
    ] {
        facts.extend(value.clone().map(|value| (name, value)));
    }
    if let Some(retires) = grant.retires {
        facts.push(("User deleted", reader.instant(retires)));
    }
    let mut json = json!(json::Grant::from(grant));
    if let Some(power) = power {
        let names = ["Gives"].into_iter().chain(std::iter::repeat("Withheld"));
        facts.extend(names.zip(words::power(power)));
        json["gives"] = json!(json::Power::from(power));
    }
    Answer::new(output::facts(&facts), json)
}
