//! `grant create`: what is typed becomes a draft. Whether it may be is the engine's to say.

use clap::{ArgGroup, Args};
use guestpass::{Draft, Ending, Guest, Issued, Window};

use serde_json::json;

use super::Session;
use super::scope::ScopeArgs;
use crate::invitations;
use crate::links::WayIn;
use crate::mail::Sent;
use crate::output::{self, Answer, json, words};
use crate::problem::Problem;
use crate::when;

const EXAMPLES: &str = "\
Examples:
  A support agent for a week, with everything but managing users:
    guestpass grant create --email agent@support.example --role administrator --for P7D
  An author for three days, counted from when the link is first used, once only:
    guestpass grant create --email ada@b.example --role author --for P3D --from-first-use --uses 1
  Chosen permissions until noon of a day, with a preset for the name:
    guestpass grant create --email ada@b.example --permission read,export --until 2026-12-01T12:00
  A user with a password instead of a link, who signs in under a name:
    guestpass grant create --password --email agent@support.example --first-name Sam --role administrator --for P7D";

/// What to hand out, to whom, and for how long.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
#[command(group(ArgGroup::new("end").args(["period", "preset", "until"])))]
pub struct Create {
    /// Whom it is for
    #[arg(long, value_name = "ADDRESS")]
    email: String,
    /// Make a temporary user with a password, shown this once, instead of a link
    #[arg(long)]
    password: bool,
    /// The user name to sign in by [default: one is proposed, made out of the guest's name or address]
    #[arg(long, value_name = "NAME", requires = "password")]
    login: Option<String>,
    /// The guest's first name
    #[arg(long, value_name = "NAME")]
    first_name: Option<String>,
    /// The guest's last name
    #[arg(long, value_name = "NAME")]
    last_name: Option<String>,
    /// The guest's web site, for example https://support.example
    #[arg(long, value_name = "URL")]
    website: Option<String>,
    /// The guest's language, for example fr or pt-BR
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
    /// For this long [default: as the policy says]: an ISO 8601 period such as PT3H, P7D or P1M
    #[arg(
        long = "for",
        value_name = "PERIOD",
        allow_hyphen_values = true,
        id = "period"
    )]
    period: Option<String>,
    /// Count the period from the first use of the link or password
    #[arg(long, requires = "period", conflicts_with_all = ["preset", "until"])]
    from_first_use: bool,
    /// For as long as this preset says, for example 1-week or 1-month-from-first-use
    #[arg(long, value_name = "NAME")]
    preset: Option<String>,
    /// Until this instant: 2026-12-01T10:00 in local time, or with an offset
    #[arg(long, value_name = "INSTANT", allow_hyphen_values = true)]
    until: Option<String>,
    /// Not before this instant
    #[arg(
        long,
        value_name = "INSTANT",
        allow_hyphen_values = true,
        requires = "end"
    )]
    opens: Option<String>,
    /// The first use must happen within this period
    #[arg(
        long,
        value_name = "PERIOD",
        allow_hyphen_values = true,
        requires = "end"
    )]
    use_within: Option<String>,
    /// How often the link may be used, or the guest may sign in [default: any number of times while it is open]
    #[arg(long, value_name = "COUNT", allow_negative_numbers = true)]
    uses: Option<u32>,
    /// Where to go after signing in: a path on the site
    #[arg(long, value_name = "PATH")]
    redirect: Option<String>,
    /// Mail it to the guest as well; whoever reads that mail can come in
    #[arg(long)]
    by_mail: bool,
    /// For your own eyes
    #[arg(long, value_name = "TEXT", allow_hyphen_values = true)]
    note: Option<String>,
}

/// Makes the link or the password and shows it, this once.
pub(super) fn create(session: &Session, create: Create) -> Result<Answer, Problem> {
    let draft = draft(session, create)?;
    let (host, user) = (&session.host, &session.actor.user);
    let issued = host.engine.create(&session.actor, &draft)?;
    let sent = invitations::mail_if_asked(host, &session.base_url, user, &draft, &issued);
    Ok(show_issued(session, issued, sent))
}

fn draft(session: &Session, mut create: Create) -> Result<Draft, Problem> {
    let zone = &session.reader.zone;
    if create.by_mail {
        create.knowingly.push(invitations::BY_MAIL.to_owned());
    }
    let ending = match (create.period, create.preset, create.until) {
        (Some(period), ..) if create.from_first_use => Some(Ending::AfterFirstUse(period)),
        (Some(period), ..) => Some(Ending::After(period)),
        (None, Some(name), _) => Some(preset(session, &name)?),
        (None, None, Some(until)) => Some(Ending::At(
            when::parse(&until, zone).map_err(|problem| problem.at("until"))?,
        )),
        (None, None, None) => None,
    };
    let opens = create
        .opens
        .map(|opens| when::parse(&opens, zone))
        .transpose()
        .map_err(|problem| problem.at("opens"))?;
    Ok(Draft {
        kind: if create.password { "password" } else { "link" }.to_owned(),
        guest: Guest {
            email: create.email,
            first_name: create.first_name,
            last_name: create.last_name,
            locale: create.locale,
            website: create.website,
            login: create.login,
        },
        scope: create.scope.into(),
        window: ending.map(|ending| Window {
            opens,
            ending,
            use_within: create.use_within,
        }),
        purpose: create.purpose,
        knowingly: create.knowingly,
        uses: create.uses,
        redirect: create.redirect,
        note: create.note,
        message: None,
    })
}

fn preset(session: &Session, name: &str) -> Result<Ending, Problem> {
    let presets = session.host.engine.presets()?;
    if let Some(preset) = presets.iter().find(|preset| preset.name == name) {
        return Ok(preset.ending.clone());
    }
    let names: Vec<_> = presets
        .iter()
        .map(|preset| format!("`{}`", preset.name))
        .collect();
    Err(Problem::usage(
        "unknown-preset",
        format!(
            "There is no preset `{name}`. There are {}.",
            names.join(", ")
        ),
    )
    .at("preset"))
}

/// The answer that shows a link or a password: the only one. `sent`: what came of mailing it, if that was asked for.
pub(super) fn show_issued(
    session: &Session,
    issued: Issued,
    sent: Option<Result<Sent, Problem>>,
) -> Answer {
    let mailed = sent.as_ref().map(Result::is_ok);
    let Issued {
        grant,
        secret,
        permissions,
        withheld,
    } = issued;
    let way_in = WayIn::new(&session.base_url, &grant, secret);
    let count = permissions.len();
    let mut facts = vec![
        ("Grant", grant.id.clone()),
        ("For", words::guest(&grant.guest)),
        ("Scope", words::scope(&grant.scope)),
        (
            "Asked",
            words::ending(&grant.window.ending, &session.reader),
        ),
        ("Opens", session.reader.instant(grant.opens)),
        ("Ends", words::ends(&grant, &session.reader)),
        (
            "Gives",
            format!("{count} permission{}", if count == 1 { "" } else { "s" }),
        ),
    ];
    facts.extend(
        words::withheld(&withheld)
            .into_iter()
            .map(|line| ("Withheld", line)),
    );
    let shown = match &way_in {
        WayIn::Link(link) => format!(
            "{link}\n\nSend this link to the guest. It is shown this once; `guestpass grant reissue` makes a new one."
        ),
        WayIn::Password(password) => format!(
            "{}\n\nGive these to the guest. The password is shown this once; `guestpass grant reissue` makes a new one.",
            output::facts(&[
                ("Sign in at", password.address.clone()),
                ("User name", password.login.clone()),
                ("Password", password.password.clone()),
            ])
        ),
    };
    let mail = match sent {
        None => String::new(),
        Some(Ok(sent)) => format!("\n\nIt was {sent} as well."),
        Some(Err(problem)) => format!("\n\n{}\nHand it over yourself.", problem.message),
    };
    let text = format!("{shown}{mail}\n\n{}", output::facts(&facts));
    let shown = json::Issued::new(&grant, way_in, &permissions, &withheld);
    Answer::new(text, json!(shown.mailed(mailed)))
}
