//! `key`: keys by which programs use the API. Each acts as a user, for what its scopes name.

use clap::Subcommand;
use serde_json::json;

use super::Session;
use crate::cms::key_scope::KeyScope;
use crate::cms::keys::{self, Key, NewKey};
use crate::output::{self, Answer, json};
use crate::problem::{Kind, Problem};
use crate::when;

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Make a key and show it, this once
    Create {
        /// What it is for, for your own eyes
        #[arg(long, value_name = "TEXT", allow_hyphen_values = true)]
        name: String,
        /// What it may be used for, for example grants:read,grants:write; may be repeated
        #[arg(long, value_name = "SCOPE", value_delimiter = ',', required = true)]
        scope: Vec<KeyScope>,
        /// Whom it acts as, the id or address of a regular user [default: the owner who makes it]
        #[arg(long, value_name = "USER", allow_hyphen_values = true)]
        user: Option<String>,
        /// For this long [default: until it is revoked]: an ISO 8601 period such as P90D
        #[arg(long = "for", value_name = "PERIOD", allow_hyphen_values = true)]
        period: Option<String>,
    },
    /// List the keys of the site; their secrets are kept nowhere
    List,
    /// End a key for good, at once
    Revoke {
        /// Its id, as `key list` shows it
        key: String,
    },
}

pub(super) fn run(session: &Session, command: &Command) -> Result<Answer, Problem> {
    let host = &session.host;
    host.need_owner(&session.actor.user, "manages keys")?;
    match command {
        Command::Create {
            name,
            scope,
            user,
            period,
        } => {
            let user = user
                .as_deref()
                .map(|user| {
                    host.acting_user(Some(user))
                        .map_err(|problem| problem.at("user"))
                })
                .transpose()?;
            let now = host.clock.now();
            let ends = period
                .as_deref()
                .map(|period| when::after(now, period).map_err(|problem| problem.at("for")))
                .transpose()?;
            let maker = session.actor.user.as_str();
            let new = NewKey {
                maker,
                user: user.as_ref().map_or(maker, |user| &user.id),
                name,
                scopes: scope,
                ends,
            };
            let (key, token) = keys::make(&host.db, &host.site, &new, now)?;
            Ok(made(session, &key, token.expose()))
        }
        Command::List => {
            let keys = keys::list(&host.db, &host.site)?;
            Ok(list(session, &keys))
        }
        Command::Revoke { key } => {
            if !keys::revoke(&host.db, &host.site, key)? {
                return Err(Problem::new(
                    Kind::NotFound,
                    "unknown-key",
                    "There is no such key; `guestpass key list` shows them all.",
                )
                .at("key"));
            }
            Ok(Answer::new(
                "Revoked. Whoever uses this key is refused from now on.",
                json!({ "revoked": key }),
            ))
        }
    }
}

fn words(key: &Key) -> String {
    let words: Vec<_> = key.scopes.iter().map(|scope| scope.word()).collect();
    words.join(", ")
}

fn made(session: &Session, key: &Key, token: &str) -> Answer {
    let facts = output::facts(&[
        ("Key", key.id.clone()),
        ("Name", key.name.clone()),
        ("Scopes", words(key)),
        ("Ends", session.reader.instant_or(key.ends, "when revoked")),
    ]);
    let text = format!(
        "{token}\n\nKeep this key like a password: it is shown this once. Programs send it as `Authorization: Bearer \
         gk1_…`.\n\n{facts}"
    );
    Answer::new(text, json!({ "key": json::Key::from(key), "token": token }))
}

fn list(session: &Session, keys: &[(Key, String)]) -> Answer {
    let shown: Vec<_> = keys.iter().map(|(key, _)| json::Key::from(key)).collect();
    let json = json!({ "keys": shown });
    if keys.is_empty() {
        return Answer::new("There are no keys.", json);
    }
    let head = ["KEY", "NAME", "OF", "SCOPES", "ENDS", "LAST USED"].map(str::to_owned);
    let row = |(key, email): &(Key, String)| {
        [
            key.id.clone(),
            key.name.clone(),
            email.clone(),
            words(key),
            session.reader.instant_or(key.ends, "when revoked"),
            session.reader.instant_or(key.last_used, "never"),
        ]
    };
    Answer::new(
        output::table(std::iter::once(head).chain(keys.iter().map(row))),
        json,
    )
}
