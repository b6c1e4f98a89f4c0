//! `user`: regular users, who hold a role and sign in by password. Guests are not made here.

use clap::{ArgGroup, Subcommand};
use serde_json::json;

use super::{Session, setup};
use crate::cms::deletion::{self, Content, NotDeleted};
use crate::cms::users::{self, NewUser, User};
use crate::output::{self, Answer, json};
use crate::problem::Problem;
use crate::secret;

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// List the users of the site, guests included
    List,
    /// Add a regular user and print a one-time link by which they choose a password
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
        #[arg(long, value_name = "USER")]
        hand_over_to: Option<String>,
        /// Their content stays under their name, though they are gone
        #[arg(long)]
        keep_content: bool,
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

fn add(session: &Session, email: &str, role: &str, name: Option<&str>) -> Result<String, Problem> {
    let host = &session.host;
    let catalogue = host.site()?.catalogue;
    if catalogue.role(role).is_none() {
        let names: Vec<_> = catalogue
            .roles
            .iter()
            .map(|role| format!("`{}`", role.name))
            .collect();
        return Err(Problem::usage(
            "unknown-role",
            format!("There is no role `{role}`. There are {}.", names.join(", ")),
        )
        .at("role"));
    }
    let new = NewUser {
        email: users::checked_email(email)?,
        role: Some(role),
        first_name: name,
        ..NewUser::default()
    };
    let id = secret::new_id()?;
    host.db
        .write(|tx| users::insert(tx, &host.site, &id, &new, host.clock.now()))?;
    Ok(id)
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
