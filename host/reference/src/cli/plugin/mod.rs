//! `plugin`: extensions of the rules, for those who write them and for the owners who run them.

mod build;
mod inspect;
mod own;
mod scaffold;
mod write;

use std::path::PathBuf;

use clap::{Args, Subcommand};
use guestpass::plugins::Hook;
use guestpass::plugins::hooks::{EVENTS, REQUESTS, WISHES};
use serde_json::json;

use super::Session;
use crate::output::{self, Answer};
use crate::problem::Problem;

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    #[command(flatten)]
    Write(WriteCommand),
    #[command(flatten)]
    Own(OwnCommand),
}

/// What needs no site.
#[derive(Debug, Subcommand)]
pub(super) enum WriteCommand {
    /// Begin a plugin in Rust: a directory that builds, with a test and a manifest
    New {
        /// Its name for ever, for example office-hours
        name: String,
        /// The hooks it has
        #[arg(
            long,
            value_name = "HOOK",
            value_delimiter = ',',
            default_value = "action"
        )]
        hooks: Vec<String>,
        /// Where the crate guestpass-plugin lies [default: looked for around this directory and this program]
        #[arg(long, value_name = "DIR")]
        sdk: Option<PathBuf>,
    },
    /// Compile a plugin in Rust and make plugin.wasm of it
    Build {
        /// Its directory
        #[arg(default_value = ".")]
        path: PathBuf,
    },
    /// Check a plugin as installing it would: its manifest, its component, and whether one fits the other
    Check {
        /// Its directory or archive
        #[arg(default_value = ".")]
        path: PathBuf,
    },
    /// Ask one hook of a plugin, and print its answer, the time and the memory it took
    Run {
        /// The hook, for example grant-filter
        hook: String,
        /// Its directory or archive
        #[arg(default_value = ".")]
        path: PathBuf,
        /// What to ask, as a JSON object; what it leaves out is as usual. `@FILE` reads it from a file
        #[arg(long, value_name = "JSON", default_value = "{}")]
        event: String,
        /// Another value of a setting than the manifest's
        #[arg(long, value_name = "NAME=VALUE")]
        set: Vec<String>,
    },
    /// Make one file of a plugin, to hand it over
    Pack {
        /// Its directory
        #[arg(default_value = ".")]
        path: PathBuf,
        /// Where to [default: ID-VERSION.gpx]
        #[arg(long, short, value_name = "FILE")]
        output: Option<PathBuf>,
    },
    /// Sign a plugin with your key, which is made if there is none yet
    Sign {
        /// Its directory
        #[arg(default_value = ".")]
        path: PathBuf,
        /// The file of your key; keep it to yourself
        #[arg(long, value_name = "FILE")]
        key: PathBuf,
    },
    /// List what plugins are asked and told, and what a failure of one means
    Hooks,
}

/// What the owner of a site does.
#[derive(Debug, Subcommand)]
pub(super) enum OwnCommand {
    /// Install a plugin from its directory or archive; it is not asked anything yet
    Install {
        /// Its directory or archive
        path: PathBuf,
    },
    /// List the plugins, in the order in which they are asked
    List,
    /// Show all about one: what it asks for, its settings, what it is to be told, and its journal
    Inspect {
        /// Its name
        id: String,
    },
    /// Give it, or the version of it that waits, what it asks for, in your name
    Approve {
        /// Its name
        id: String,
        /// Only this version, by its number or by its digest as `plugin inspect` shows it
        #[arg(long, value_name = "VERSION")]
        version: Option<String>,
    },
    /// Have it asked and told from now on; also turns one on again that was switched off
    Activate {
        /// Its name
        id: String,
    },
    /// Have it neither asked nor told any more
    Deactivate {
        /// Its name
        id: String,
    },
    /// Put a newer version in its place; one that asks for more waits for `plugin approve`
    Upgrade {
        /// The directory or archive of the newer version
        path: PathBuf,
    },
    /// Go back to the version before
    Rollback {
        /// Its name
        id: String,
    },
    /// Remove it
    Uninstall {
        /// Its name
        id: String,
        #[command(flatten)]
        data: DataChoice,
    },
    /// Change one of its settings
    Set {
        /// Its name
        id: String,
        /// The setting
        name: String,
        /// The value, as JSON or as plain text
        value: Option<String>,
        /// Go back to the manifest's value
        #[arg(long, conflicts_with = "value")]
        default: bool,
    },
    /// Change when it is asked: lower ones first
    Priority {
        /// Its name
        id: String,
        /// -1000 to 1000
        #[arg(allow_negative_numbers = true)]
        priority: Option<i32>,
        /// Go back to the manifest's
        #[arg(long, conflicts_with = "priority")]
        default: bool,
    },
    /// Tell it again what was parked
    Replay {
        /// Its name
        id: String,
    },
}

#[derive(Debug, Args)]
#[group(required = true, multiple = false)]
pub(super) struct DataChoice {
    /// Keep its data for a plugin of the same name
    #[arg(long)]
    keep_data: bool,
    /// Delete its data
    #[arg(long)]
    delete_data: bool,
}

pub(super) fn write(command: &WriteCommand) -> Result<Answer, Problem> {
    match command {
        WriteCommand::New { name, hooks, sdk } => scaffold::run(name, hooks, sdk.as_deref()),
        WriteCommand::Build { path } => build::run(path),
        WriteCommand::Check { path } => write::check(path),
        WriteCommand::Run {
            hook,
            path,
            event,
            set,
        } => write::run(hook, path, event, set),
        WriteCommand::Pack { path, output } => write::pack(path, output.as_deref()),
        WriteCommand::Sign { path, key } => write::sign(path, key),
        WriteCommand::Hooks => Ok(hooks()),
    }
}

pub(super) fn own(session: &Session, command: OwnCommand) -> Result<Answer, Problem> {
    own::run(session, command)
}

/// The table of hooks, as it stands in the code.
fn hooks() -> Answer {
    let mut rows = vec![["HOOK", "ASKED", "MAY", "IF IT FAILS"].map(str::to_owned)];
    rows.extend(
        Hook::ALL
            .iter()
            .map(|hook| [hook.name(), hook.asked(), hook.may(), hook.failing()].map(str::to_owned)),
    );
    let hooks = output::table(rows);
    let wishes = output::table(
        WISHES
            .iter()
            .map(|(wish, hook, how)| [*wish, hook.name(), *how].map(str::to_owned)),
    );
    let events = output::table(
        EVENTS
            .iter()
            .map(|(name, meaning)| [*name, *meaning].map(str::to_owned)),
    );
    let requests = output::table(
        REQUESTS
            .iter()
            .map(|(name, meaning)| [*name, *meaning].map(str::to_owned)),
    );
    let json = json!({
        "hooks": Hook::ALL.iter().map(|hook| json!({
            "name": hook.name(), "asked": hook.asked(), "may": hook.may(), "failing": hook.failing(),
        })).collect::<Vec<_>>(),
        "wishes": WISHES.iter().map(|(wish, hook, how)| json!({ "wish": wish, "hook": hook.name(), "how": how })).collect::<Vec<_>>(),
        "events": EVENTS.iter().map(|(name, meaning)| json!({ "name": name, "meaning": meaning })).collect::<Vec<_>>(),
        "requests": REQUESTS.iter().map(|(name, meaning)| json!({ "name": name, "meaning": meaning })).collect::<Vec<_>>(),
    });
    Answer::new(
        format!(
            "{hooks}\n\nWhich to take:\n\n{wishes}\n\nEvents that an action is told:\n\n{events}\n\nRequests that an action makes:\n\n{requests}"
        ),
        json,
    )
}

/// What was typed, as a value: JSON if it is some, a text otherwise.
fn value(text: &str) -> serde_json::Value {
    serde_json::from_str(text).unwrap_or_else(|_| text.into())
}
