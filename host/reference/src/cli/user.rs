//! `user`: regular users, who hold a role. Guests are made by `grant create`, also those who sign in by a password.

use clap::{ArgGroup, Subcommand};
use serde_json::json;

use super::{Session, setup};
use crate::cms::deletion::{self, Content, NotDeleted};
use crate::cms::ownership;
use crate::cms::users::{self, NewUser, User};
use crate::output::{self, Answer, json};
use crate::problem::Problem;
use crate::secret;

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// List the users of the site, guests included
    List,
    /// Add a regular user and print a one-time link by which they choose a password; for somebody who is to have access for a
    /// time only, see `guestpass grant create --password`
    Add {
        /// The user's e-mail address
        #[arg(long, value_name = "ADDRESS")]
        email: String,
        /// The user's role, for example editor
        #[arg(long, value_name = "ROLE")]
        role: String,
        /// How to call this person
        #[arg(long, value_name = "NAME")]
        name: Option<String>,
    },
    /// Delete a user; what becomes of their content must be said
    #[command(group(ArgGroup::new("content").required(true).args(["hand_over_to", "keep_content"])))]
    Delete {
        /// The user's id or e-mail address
        user: String,
        /// Their content belongs to this user (id or e-mail address) from now on
        #[arg(
            long,
            alias = "hand-over",
            value_name = "USER",
            allow_hyphen_values = true
        )]
        hand_over_to: Option<String>,
        /// Their content stays under their name, though they are gone
        #[arg(long, alias = "keep")]
        keep_content: bool,
    },
    /// Make another user the owner in place of the present one. No page and no API does this
    TransferOwnership {
        /// The new owner: a regular user's id or e-mail address
        #[arg(long, value_name = "USER", allow_hyphen_values = true)]
        to: String,
        /// The role that the present owner keeps [default: none]
        #[arg(long, value_name = "ROLE")]
        former_role: Option<String>,
    },
}

pub(super) fn run(session: &Session, command: &Command) -> Result<Answer, Problem> {
    let host = &session.host;
    // Who may manage users is the catalogue's; on the command line only the site's owner does.
    host.need_owner(&session.actor.user, "manages users")?;
    match command {
        Command::List => Ok(list(&users::list(&host.db, &host.site)?)),
        Command::Add { email, role, name } => {
            let user = add(session, email, role, name.as_deref())?;
            let link = setup::issue(host, &session.base_url, &user)?;
            let text =
                format!("{link}\n\nSend this link to {email}. It opens once, within an hour.");
            Ok(Answer::new(
                text,
                json!({ "user": user, "sign_in_link": link }),
            ))
        }
        Command::TransferOwnership { to, former_role } => {
            transfer(session, to, former_role.as_deref())
        }
        Command::Delete {
            user, hand_over_to, ..
        } => {
            let user = host
                .acting_user(Some(user))
                .map_err(|problem| problem.at("user"))?;
            let heir = hand_over_to
                .as_deref()
                .map(|heir| host.acting_user(Some(heir)))
                .transpose();
            let heir = heir.map_err(|problem| problem.at("hand-over-to"))?;
            let content = heir
                .as_ref()
                .map_or(Content::Keep, |heir| Content::HandOver(&heir.id));
            deletion::delete(&host.db, &host.site, &user.id, content).map_err(
                |error| match error {
                    NotDeleted::Rejected(why) => {
                        Problem::refused("not-deleted", format!("Not deleted: {why}."))
                    }
                    NotDeleted::Failed(problem) => problem,
                },
            )?;
            Ok(Answer::new(
                format!("{} is deleted.", user.email),
                json!({ "deleted": user.id }),
            ))
        }
    }
}

/// Moves the ownership, and ends what the new owner was lent: owners hold everything, and nobody lends them less.
fn transfer(session: &Session, to: &str, former_role: Option<&str>) -> Result<Answer, Problem> {
    let host = &session.host;
    if let Some(role) = former_role {
        known_role(session, role)?;
    }
    let to = host
        .acting_user(Some(to))
        .map_err(|problem| problem.at("to"))?;
    let from = host.acting_user(Some(&session.actor.user))?;
    ownership::transfer(&host.db, &host.site, &from, &to.id, former_role)?;
    let owner = host.actor(&to.id, session.actor.origin.clone());
    let mut ended = 0_u32;
    loop {
        let page = host.engine.memberships(&host.site, &to.id, None, 100)?;
        let lent: Vec<_> = page
            .accounts
            .into_iter()
            .filter_map(|one| one.grant)
            .collect();
        if lent.is_empty() {
            break;
        }
        for grant in lent {
            host.engine.revoke(&owner, &grant)?;
            ended += 1;
        }
    }
    let mut text = if from.id == to.id {
        format!("{} owned the site already.", to.email)
    } else {
        format!(
            "{} owns the site now, both are signed out everywhere, and their API keys are gone. What {} handed out goes on with what they may still do themselves.",
            to.email, from.email
        )
    };
    if ended > 0 {
        text.push_str(&format!(
            " {ended} of the accounts that {} had been let into are closed to them.",
            to.email
        ));
    }
    Ok(Answer::new(
        text,
        json!({ "owner": to.id, "former": from.id, "ended": ended }),
    ))
}

fn add(session: &Session, email: &str, role: &str, name: Option<&str>) -> Result<String, Problem> {
    let host = &session.host;
    known_role(session, role)?;
    let new = NewUser {
        email: users::checked_email(email)?,
        role: Some(role),
        first_name: name.map(users::checked_name).transpose()?,
        ..NewUser::default()
    };
    let id = secret::new_id()?;
    host.db
        .write(|tx| users::insert(tx, &host.site, &id, &new, host.clock.now()))?;
    Ok(id)
}

fn known_role(session: &Session, role: &str) -> Result<(), Problem> {
    let catalogue = session.host.site()?.catalogue;
    if catalogue.role(role).is_some() {
        return Ok(());
    }
    let names: Vec<_> = catalogue
        .roles
        .iter()
        .map(|role| format!("`{}`", role.name))
        .collect();
    Err(Problem::usage(
        "unknown-role",
        format!("There is no role `{role}`. There are {}.", names.join(", ")),
    )
    .at("role"))
}

fn list(users: &[User]) -> Answer {
    let kind = |user: &User| match (&user.role, user.owner, &user.created_for) {
        (_, true, _) => "owner".to_owned(),
        (_, _, Some(grant)) => format!("guest of grant {grant}"),
        (Some(role), ..) => role.clone(),
        (None, ..) => "no role".to_owned(),
    };
    let head = ["USER", "E-MAIL", "NAME", "ROLE"].map(str::to_owned);
    let row = |user: &User| {
        [
            user.id.clone(),
            user.email.clone(),
            user.name.clone(),
            kind(user),
        ]
    };
    let shown: Vec<_> = users.iter().map(json::User::from).collect();
    Answer::new(
        output::table(std::iter::once(head).chain(users.iter().map(row))),
        json!({ "users": shown }),
    )
}
