//! What becomes of the content of users who are deleted, as it is typed: it must be said, and nothing typed deletes it.

use clap::{ArgGroup, Args};
use guestpass::ports::ContentDecision;

use crate::host::Host;
use crate::problem::Problem;

#[derive(Debug, Args)]
#[command(group(ArgGroup::new("content").required(true).args(["hand_over", "keep"])))]
pub(super) struct ContentArgs {
    /// What guests wrote belongs to this user (id or e-mail address) from now on
    #[arg(
        long,
        alias = "hand-over-to",
        value_name = "USER",
        allow_hyphen_values = true
    )]
    hand_over: Option<String>,
    /// What guests wrote stays under an author that cannot sign in
    #[arg(long, alias = "keep-content")]
    keep: bool,
}

impl ContentArgs {
    pub(super) fn decision(&self, host: &Host) -> Result<ContentDecision, Problem> {
        Ok(match &self.hand_over {
            None => ContentDecision::Keep,
            Some(heir) => {
                let heir = host.acting_user(Some(heir));
                ContentDecision::HandOver(heir.map_err(|problem| problem.at("hand-over"))?.id)
            }
        })
    }
}
