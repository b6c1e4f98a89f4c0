//! `access`: what a grant allows, asked of the engine.

use clap::Subcommand;
use guestpass::Explanation;
use serde_json::json;

use super::{Session, grant};
use crate::output::{self, Answer, json};
use crate::problem::Problem;

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Whether a grant gives a permission right now: exit code 0 for yes, 1 for no
    Check {
        /// The grant's id or its guest's e-mail address
        grant: String,
        /// For example edit_posts
        permission: String,
    },
    /// Which limits bind a grant for one permission, and why
    Explain {
        /// The grant's id or its guest's e-mail address
        grant: String,
        /// For example edit_posts
        permission: String,
    },
}

pub(super) fn run(session: &Session, command: &Command) -> Result<Answer, Problem> {
    let explain = |named: &str, permission: &str| -> Result<Explanation, Problem> {
        let grant = grant::find(session, named)?;
        Ok(session
            .host
            .engine
            .explain(&session.actor, &grant.id, permission)?)
    };
    match command {
        Command::Check { grant, permission } => {
            let explanation = explain(grant, permission)?;
            Ok(Answer::new(
                verdict(&explanation),
                json!(json::Explanation::from(&explanation)),
            )
            .with_verdict(explanation.allowed))
        }
        Command::Explain { grant, permission } => {
            let explanation = explain(grant, permission)?;
            let limits = explanation.limits.iter().map(|limit| {
                let allows = if limit.allows { "allows" } else { "denies" };
                [limit.name.clone(), allows.to_owned(), limit.message.clone()]
            });
            let text = format!("{}\n\n{}", verdict(&explanation), output::table(limits));
            Ok(Answer::new(
                text,
                json!(json::Explanation::from(&explanation)),
            ))
        }
    }
}

fn verdict(explanation: &Explanation) -> String {
    let denying: Vec<_> = explanation
        .limits
        .iter()
        .filter(|limit| !limit.allows)
        .map(|limit| limit.name.as_str())
        .collect();
    if explanation.allowed {
        format!("yes: {} is given", explanation.permission)
    } else {
        format!(
            "no: {} is not given, because of {}",
            explanation.permission,
            denying.join(", ")
        )
    }
}
