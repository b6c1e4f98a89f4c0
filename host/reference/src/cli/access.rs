//! `access`: what a grant allows, asked of the engine.

use clap::Subcommand;
use guestpass::Explanation;
use serde_json::json;

use super::{Session, grant};
use crate::output::{self, Answer, json, words};
use crate::problem::Problem;
use crate::when;

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Whether a grant gives a permission right now: exit code 0 for yes, 1 for no
    Check {
        /// The grant's id or its guest's e-mail address
        #[arg(allow_hyphen_values = true)]
        grant: String,
        /// For example edit_posts
        permission: String,
    },
    /// Which limits bind a grant for one permission, or its end if none is named; why, and who could change them
    Explain {
        /// The grant's id or its guest's e-mail address
        #[arg(allow_hyphen_values = true)]
        grant: String,
        /// For example edit_posts
        permission: Option<String>,
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
        Command::Explain {
            grant,
            permission: None,
        } => ending(session, grant),
        Command::Explain {
            grant,
            permission: Some(permission),
        } => {
            let explanation = explain(grant, permission)?;
            let limits = explanation.limits.iter().map(|limit| {
                let allows = if limit.allows { "allows" } else { "denies" };
                let message = when::in_zone(&limit.message, &session.reader.zone);
                [limit.name.clone(), allows.to_owned(), message]
            });
            let text = format!("{}\n\n{}", verdict(&explanation), output::table(limits));
            Ok(Answer::new(
                text,
                json!(json::Explanation::from(&explanation)),
            ))
        }
    }
}

fn ending(session: &Session, named: &str) -> Result<Answer, Problem> {
    let grant = grant::find(session, named)?;
    let explanation = session
        .host
        .engine
        .explain_ending(&session.actor, &grant.id)?;
    let limits = explanation.limits.iter().map(|limit| {
        let binds = if limit.binds { "binds" } else { "" };
        let at = limit.at.map(|at| when::local(at, &session.reader.zone));
        let message = when::in_zone(&limit.message, &session.reader.zone);
        [
            limit.name.clone(),
            binds.to_owned(),
            at.unwrap_or_default(),
            message,
        ]
    });
    let text = format!(
        "ends: {}\n\n{}",
        words::ends(&grant, &session.reader),
        output::table(limits)
    );
    Ok(Answer::new(
        text,
        json!(json::EndExplanation::from(&explanation)),
    ))
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
