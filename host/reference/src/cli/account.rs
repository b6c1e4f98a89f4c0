//! `account`: the accounts in which a user may act, and acting in one.

use clap::Subcommand;
use guestpass::{Invitee, Membership};
use serde_json::json;

use super::Session;
use crate::cms::switched::Begun;
use crate::output::{self, Answer, json};
use crate::problem::Problem;
use crate::switching;

/// So many are asked for at once.
const PAGE: u32 = 1_000;

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// List the accounts in which you (--as) may act, your own first
    Memberships,
    /// Accept an invitation as the user you act as (--as), by the secret of its link
    Accept {
        /// What stands behind # in the link: gi1_…
        token: String,
    },
    /// Decline an invitation
    Decline {
        /// What stands behind # in the link: gi1_…
        token: String,
    },
    /// Begin to act in the account of somebody else; prints the session, this once
    Switch {
        /// The grant that you accepted, as `memberships` names it
        #[arg(allow_hyphen_values = true)]
        grant: String,
        /// The session that this one takes the place of
        #[arg(long, value_name = "SESSION", allow_hyphen_values = true)]
        leaving: Option<String>,
    },
    /// End such a session; says whose it was
    Return {
        /// The session that `switch` printed
        session: String,
    },
}

pub(super) fn run(session: &Session, command: &Command) -> Result<Answer, Problem> {
    let host = &session.host;
    let (user, origin) = (&session.actor.user, &session.actor.origin);
    match command {
        Command::Memberships => memberships(session),
        Command::Accept { token } => {
            let invitee = Invitee::Existing(user.clone());
            let accepted = host.engine.accept(&host.site, token, &invitee, origin)?;
            let text = format!(
                "Accepted. Act in that account with: guestpass --as {user} account switch {}",
                accepted.grant
            );
            Ok(Answer::new(text, json!(json::Accepted::from(&accepted))))
        }
        Command::Decline { token } => {
            host.engine.decline(&host.site, token, origin)?;
            Ok(Answer::new("Declined.", json!({ "declined": true })))
        }
        Command::Switch { grant, leaving } => {
            let leaving = leaving.as_deref();
            let admission =
                switching::begin(host, user, grant, leaving, Begun::ByOperator, origin)?;
            let grant = admission.grant.clone();
            let json = json::Admission::new(admission);
            let text = format!(
                "{}\n\nThis session acts by the grant {grant}. It is shown this once.",
                json.session()
            );
            Ok(Answer::new(text, json!(json)))
        }
        Command::Return { session: secret } => {
            let user = switching::come_back(host, secret)?;
            Ok(Answer::new(
                format!("The session of {user} is over."),
                json!({ "user": user }),
            ))
        }
    }
}

fn memberships(session: &Session) -> Result<Answer, Problem> {
    let host = &session.host;
    let mut accounts: Vec<Membership> = Vec::new();
    let mut start: Option<String> = None;
    loop {
        let user = &session.actor.user;
        let page = host
            .engine
            .memberships(&host.site, user, start.as_deref(), PAGE)?;
        accounts.extend(page.accounts);
        start = page.next;
        if start.is_none() {
            break;
        }
    }
    let head = ["ACCOUNT", "GRANT", "SCOPE", "OPEN", "ENDS"].map(str::to_owned);
    let row = |account: &Membership| {
        let own = account.grant.is_none();
        [
            account.name.clone(),
            account.grant.clone().unwrap_or_else(|| "own".to_owned()),
            account.scope.clone().unwrap_or_default(),
            if account.open { "yes" } else { "suspended" }.to_owned(),
            if own {
                String::new()
            } else {
                session.reader.instant_or(account.ends, "never")
            },
        ]
    };
    let shown: Vec<_> = accounts.iter().map(json::Membership::from).collect();
    Ok(Answer::new(
        output::table(std::iter::once(head).chain(accounts.iter().map(row))),
        json!({ "accounts": shown }),
    ))
}
