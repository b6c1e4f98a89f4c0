//! `policy`: what the site allows at all, whoever grants.

use clap::{ArgGroup, Args, Subcommand};
use guestpass::Settings;

use super::Session;
use crate::output::{self, Answer, json};
use crate::problem::Problem;

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Show what the site allows
    Show,
    /// Change it; what is not named stays. Binds existing grants too
    Set(Set),
}

#[derive(Debug, Args)]
#[command(group(ArgGroup::new("change").required(true).multiple(true).args(["ceiling", "no_ceiling", "longest_window"])))]
pub(super) struct Set {
    /// No grant gives more than these permissions; may be repeated
    #[arg(long, value_name = "PERMISSION", value_delimiter = ',')]
    ceiling: Option<Vec<String>>,
    /// Grants may give everything but the reserved permissions
    #[arg(long, conflicts_with = "ceiling")]
    no_ceiling: bool,
    /// The longest time from opening to end, for example P1Y
    #[arg(long, value_name = "PERIOD")]
    longest_window: Option<String>,
}

pub(super) fn run(session: &Session, command: Command) -> Result<Answer, Problem> {
    let engine = &session.host.engine;
    let present = engine.policy(&session.host.site)?;
    match command {
        Command::Show => Ok(show(&present)),
        Command::Set(set) => {
            let ceiling = if set.no_ceiling {
                None
            } else {
                set.ceiling.or(present.ceiling)
            };
            let settings = Settings {
                ceiling,
                longest_window: set.longest_window.unwrap_or(present.longest_window),
            };
            engine.set_policy(&session.actor, &settings)?;
            Ok(show(&engine.policy(&session.host.site)?))
        }
    }
}

fn show(settings: &Settings) -> Answer {
    let ceiling = settings.ceiling.as_ref().map_or_else(
        || "everything but the reserved permissions".to_owned(),
        |ceiling| {
            if ceiling.is_empty() {
                "nothing".to_owned()
            } else {
                ceiling.join(", ")
            }
        },
    );
    let text = output::facts(&[
        ("Ceiling", ceiling),
        ("Longest window", settings.longest_window.clone()),
    ]);
    Answer::new(text, json::policy(settings))
}
