//! The command line: what is typed becomes a call of the engine or of the host, and its answer is printed.

mod access;
mod account;
mod backup;
mod component;
mod content;
mod doctor;
mod grant;
mod grant_create;
mod history;
mod invite;
mod key;
mod lockout;
mod plugin;
mod policy;
mod scope;
mod sessions;
mod setup;
mod site;
mod upkeep;
mod user;

use std::ffi::OsString;
use std::io::Write as _;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::error::ErrorKind;
use clap::{CommandFactory as _, Parser, Subcommand};
use guestpass::{Actor, Origin};

use crate::config::{self, Layer, Settings};
use crate::edge::local_zone;
use crate::host::Host;
use crate::links;
use crate::output::{self, Answer, Reader};
use crate::problem::{Kind, Problem};
use crate::serve;

const EXAMPLES: &str = "\
Examples:
  guestpass serve                                            start the site; the first start prints the owner's link
  guestpass grant create --email a@b.example --role administrator --for P7D
  guestpass grant create --password --email a@b.example --role administrator --for P7D
  guestpass grant list
  guestpass grant revoke a@b.example
  guestpass access explain a@b.example                       which limits bind the end
  guestpass access explain a@b.example edit_posts            which limits bind one permission
  guestpass history verify                                   whether anybody changed the past

Exit codes:
  0  done, or the answer is yes
  1  refused, or the answer is no (access check, history verify, doctor)
  2  the command, a setting or an input is wrong
  3  the database, the disk or the engine could not do it
  4  the port or the directory is in use by another server
  5  there is no site yet";

/// Temporary and limited access to a web site, certain to end: the reference host.
#[derive(Debug, Parser)]
#[command(name = "guestpass", version, after_help = EXAMPLES, subcommand_required = true, arg_required_else_help = true)]
struct Cli {
    #[command(subcommand)]
    command: Command,
    /// Answer with one JSON document, errors included
    #[arg(long, global = true)]
    json: bool,
    /// Act as this user (id or e-mail address) [default: the owner]
    #[arg(
        long = "as",
        global = true,
        value_name = "USER",
        allow_hyphen_values = true
    )]
    acting: Option<String>,
    /// Settings file [default: guestpass.toml, if there is one]
    #[arg(long, global = true, value_name = "FILE")]
    config: Option<PathBuf>,
    #[command(flatten)]
    settings: Layer,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Start the site's server; the first start creates the site and prints the owner's sign-in link
    Serve,
    /// Create the site and its owner without starting the server
    Init,
    /// Print a new one-time link by which the owner signs in; earlier ones die
    OwnerLink,
    /// Hand out access and take it back
    #[command(subcommand)]
    Grant(grant::Command),
    /// Invite people to your account, by mail
    #[command(subcommand)]
    Invite(invite::Command),
    /// The accounts in which a user may act
    #[command(subcommand)]
    Account(account::Command),
    /// Ask what a grant allows
    #[command(subcommand)]
    Access(access::Command),
    /// See or change what the site allows at all
    #[command(subcommand)]
    Policy(policy::Command),
    /// Whether guests are let in at all, and leaving the site for good
    #[command(subcommand)]
    Site(site::Command),
    /// When the site was last backed up
    #[command(subcommand)]
    Backup(backup::Command),
    /// See what happened, and whether anybody changed it
    #[command(subcommand)]
    History(history::Command),
    /// Who tried links that open nothing, and is stopped for it
    #[command(subcommand)]
    Lockout(lockout::Command),
    /// Keys by which programs use the API
    #[command(subcommand)]
    Key(key::Command),
    /// Regular users; temporary ones are made by `grant create --password`
    #[command(subcommand)]
    User(user::Command),
    /// Extend the rules: write plugins, and install what others wrote
    #[command(subcommand)]
    Plugin(plugin::Command),
    /// Record what is over as ended; no access depends on it
    Sweep,
    /// Look whether everything is in order
    Doctor,
    /// The engine itself
    #[command(subcommand)]
    Component(component::Command),
    /// Print completions, for example: guestpass completions bash > /etc/bash_completion.d/guestpass
    Completions {
        /// For this shell
        shell: clap_complete::Shell,
    },
}

/// Runs the command that was typed.
pub fn run(arguments: impl IntoIterator<Item = OsString>) -> ExitCode {
    let arguments: Vec<OsString> = arguments.into_iter().collect();
    let as_json = arguments.iter().any(|argument| argument == "--json");
    let outcome = match Cli::try_parse_from(&arguments) {
        Ok(cli) => dispatch(cli),
        Err(error)
            if !error.use_stderr()
                || error.kind() == ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand =>
        {
            let _ = error.print();
            return if error.use_stderr() {
                ExitCode::from(Kind::Usage.exit_code())
            } else {
                ExitCode::SUCCESS
            };
        }
        Err(error) if !as_json => {
            let _ = error.print();
            return ExitCode::from(Kind::Usage.exit_code());
        }
        Err(error) => Err(Problem::usage(
            "bad-command",
            first_sentence(&error.render().to_string()),
        )),
    };
    match outcome {
        Ok(Some(answer)) => {
            answer.print(as_json);
            if answer.yes {
                ExitCode::SUCCESS
            } else {
                ExitCode::from(Kind::Refused.exit_code())
            }
        }
        Ok(None) => ExitCode::SUCCESS,
        Err(problem) => {
            output::print_problem(&problem, as_json, &local_zone());
            ExitCode::from(problem.kind.exit_code())
        }
    }
}

/// What is wrong with a command line, without the usage that follows it.
fn first_sentence(rendered: &str) -> String {
    let first = rendered.split("\n\n").next().unwrap_or_default();
    let words: Vec<_> = first
        .trim_start_matches("error: ")
        .split_whitespace()
        .collect();
    words.join(" ")
}

fn dispatch(cli: Cli) -> Result<Option<Answer>, Problem> {
    match cli.command {
        Command::Completions { shell } => {
            let mut script = Vec::new();
            clap_complete::generate(shell, &mut Cli::command(), "guestpass", &mut script);
            // With nobody reading there is nobody to tell.
            let _ = std::io::stdout().write_all(&script);
            return Ok(None);
        }
        Command::Component(command) => return component::run(&command).map(Some),
        Command::Plugin(plugin::Command::Write(command)) => {
            return plugin::write(&command).map(Some);
        }
        _ => {}
    }
    let file = match &cli.config {
        Some(path) => Layer::from_file(path, true)?,
        None => Layer::from_file(config::DEFAULT_FILE.as_ref(), false)?,
    };
    let environment = Layer::from_environment(|name| std::env::var(name).ok())?;
    let settings = Settings::new(cli.settings.over(environment).over(file))?;
    crate::logging::start(
        settings.log.as_deref(),
        matches!(cli.command, Command::Serve),
    )?;

    let session = || Session::open(&settings, cli.acting.as_deref());
    let answer = match cli.command {
        Command::Serve => return serve::run(&settings, cli.json).map(|()| None),
        Command::Init => setup::init(&settings)?,
        Command::OwnerLink => setup::owner_link(&session()?)?,
        Command::Grant(command) => grant::run(&session()?, command)?,
        Command::Invite(command) => invite::run(&session()?, command)?,
        Command::Account(command) => account::run(&session()?, &command)?,
        Command::Access(command) => access::run(&session()?, &command)?,
        Command::Policy(command) => policy::run(&session()?, command)?,
        Command::Site(command) => site::run(&session()?, &command)?,
        Command::Backup(command) => backup::run(&session()?, &command)?,
        Command::History(command) => return history::run(&session()?, &command),
        Command::Lockout(command) => lockout::run(&session()?, &command)?,
        Command::Key(command) => key::run(&session()?, &command)?,
        Command::User(command) => user::run(&session()?, &command)?,
        Command::Plugin(plugin::Command::Own(command)) => plugin::own(&session()?, command)?,
        Command::Sweep => upkeep::sweep(&session()?)?,
        Command::Doctor => doctor::run(&settings)?,
        // Answered above, since they need no settings.
        Command::Component(_)
        | Command::Plugin(plugin::Command::Write(_))
        | Command::Completions { .. } => return Ok(None),
    };
    Ok(Some(answer))
}

/// What the commands on a site share.
struct Session {
    host: Host,
    actor: Actor,
    base_url: String,
    reader: Reader,
}

impl Session {
    fn open(settings: &Settings, acting: Option<&str>) -> Result<Self, Problem> {
        let host = Host::open(settings)?;
        let user = host.acting_user(acting)?;
        if user.is_guest() {
            return Err(Problem::new(
                Kind::Forbidden,
                "guests-use-no-commands",
                format!(
                    "{} is a guest, and guests act in the browser by their link or password only.",
                    user.email
                ),
            )
            .at("as"));
        }
        let origin = Origin {
            address: None,
            agent: Some("guestpass command line".to_owned()),
        };
        Ok(Self {
            actor: host.actor(&user.id, origin),
            base_url: links::base_url(settings, host.site()?.base_url.as_deref()),
            reader: Reader {
                now: host.clock.now(),
                zone: local_zone(),
            },
            host,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_command_line_is_put_together_soundly() {
        Cli::command().debug_assert();
    }

    #[test]
    fn settings_may_stand_before_and_behind_the_command() {
        for line in [
            "guestpass --site x grant list --json",
            "guestpass grant list --json --site x",
        ] {
            let cli = Cli::try_parse_from(line.split(' ')).unwrap();
            assert!(cli.json);
            assert_eq!(cli.settings.site.as_deref(), Some("x"));
        }
    }

    #[test]
    fn a_grant_needs_one_scope_and_at_most_one_ending() {
        let parse = |tail: &str| {
            Cli::try_parse_from(
                format!("guestpass grant create --email a@b.example {tail}").split(' '),
            )
            .is_ok()
        };
        assert!(parse("--role editor --for P1D"));
        assert!(parse("--role editor"));
        assert!(parse("--all --preset 1-week"));
        assert!(parse("--permission read,export --until 2026-12-01"));
        assert!(parse(
            "--role editor --for P1D --from-first-use --also export --except read --uses 3"
        ));
        for wrong in [
            "--for P1D",
            "--role editor --all --for P1D",
            "--role editor --for P1D --until 2026-12-01",
            "--role editor --until 2026-12-01 --from-first-use",
        ] {
            assert!(!parse(wrong), "{wrong}");
        }
    }
}
