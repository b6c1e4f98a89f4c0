//! What the owner of a site does with plugins.

use guestpass::plugins::{Capability, Data, Hosts, Package, Summary};
use serde_json::json;

use super::{OwnCommand, inspect, value};
use crate::cli::Session;
use crate::output::{self, Answer};
use crate::problem::Problem;

pub(super) fn run(session: &Session, command: OwnCommand) -> Result<Answer, Problem> {
    let plugins = &session.host.plugins;
    session
        .host
        .need_owner(&session.actor.user, "sees and changes plugins")?;
    match command {
        OwnCommand::List => Ok(list(&plugins.list()?)),
        OwnCommand::Inspect { id } => inspect::run(session, &id),
        OwnCommand::Install { path } => {
            let package = Package::read(&path)?;
            plugins.install(&package)?;
            let manifest = package.manifest();
            let id = &manifest.id;
            let text = format!(
                "Installed `{id}` {0}. It asks to:\n{1}\n\nIt does nothing yet. If you agree:\n    guestpass plugin approve {id} --version {0}\n    \
                 guestpass plugin activate {id}",
                manifest.version,
                meanings(&manifest.asks(), &manifest.hosts()),
            );
            Ok(Answer::new(
                text,
                json!({ "installed": id, "version": manifest.version.to_string(), "asks": manifest.asks() }),
            ))
        }
        OwnCommand::Approve { id, version } => {
            let by = &session.actor.user;
            let given = match version {
                Some(version) => plugins.approve_version(&id, by, &version)?,
                None => plugins.approve(&id, by)?,
            };
            let text = format!(
                "`{id}` {} may now:\n{}",
                given.version,
                meanings(&given.asks, &given.hosts)
            );
            Ok(Answer::new(
                text,
                json!({
                    "approved": id,
                    "version": given.version,
                    "digest": given.digest,
                    "capabilities": given.asks,
                    "hosts": given.hosts,
                }),
            ))
        }
        OwnCommand::Activate { id } => {
            plugins.activate(&id)?;
            Ok(done(&id, "activated", "is active from the next request on"))
        }
        OwnCommand::Deactivate { id } => {
            plugins.deactivate(&id)?;
            Ok(done(
                &id,
                "deactivated",
                "is neither asked nor told any more",
            ))
        }
        OwnCommand::Upgrade { path } => upgrade(session, &Package::read(&path)?),
        OwnCommand::Rollback { id } => {
            let to = plugins.rollback(&id)?;
            Ok(Answer::new(
                format!("`{id}` is back at version {to}."),
                json!({ "rolled_back": id, "version": to }),
            ))
        }
        OwnCommand::Uninstall { id, data } => {
            let what = if data.delete_data {
                Data::Delete
            } else {
                Data::Keep
            };
            plugins.uninstall(&id, what)?;
            Ok(done(
                &id,
                "uninstalled",
                if data.delete_data {
                    "is gone with its data"
                } else {
                    "is gone; its data is kept"
                },
            ))
        }
        OwnCommand::Set {
            id,
            name,
            value: typed,
            default,
        } => {
            if typed.is_none() && !default {
                return Err(Problem::usage(
                    "no-value",
                    "Give a value, or `--default` for the manifest's.",
                ));
            }
            plugins.set_setting(&id, &name, typed.as_deref().map(value))?;
            Ok(done(
                &id,
                "set",
                &format!("has another `{name}` from the next request on"),
            ))
        }
        OwnCommand::Priority {
            id,
            priority,
            default,
        } => {
            if priority.is_none() && !default {
                return Err(Problem::usage(
                    "no-value",
                    "Give a number, or `--default` for the manifest's.",
                ));
            }
            plugins.set_priority(&id, priority)?;
            Ok(list(&plugins.list()?))
        }
        OwnCommand::Replay { id } => {
            let count = plugins.replay(&id)?;
            let text = format!("{count} parked deliveries will be made with the next sweep.");
            Ok(Answer::new(
                text,
                json!({ "replayed": id, "deliveries": count }),
            ))
        }
    }
}

fn upgrade(session: &Session, package: &Package) -> Result<Answer, Problem> {
    let id = &package.manifest().id;
    let upgrade = session.host.plugins.upgrade(package)?;
    let mut text = if upgrade.waits {
        format!(
            "`{id}` {} asks for more than {}, which runs on until you approve it:",
            upgrade.to, upgrade.from
        )
    } else {
        format!("`{id}` went from {} to {}.", upgrade.from, upgrade.to)
    };
    let added = upgrade.added.iter();
    let added = added.map(|one| [format!("  + {one}"), one.meaning_at(&upgrade.hosts)]);
    let removed = upgrade.removed.iter();
    let removed = removed.map(|one| [format!("  - {one}"), one.meaning()]);
    let changes = output::table(added.chain(removed));
    if !changes.is_empty() {
        text += &format!("\n{changes}");
    }
    if upgrade.waits {
        text += &format!(
            "\n\n    guestpass plugin approve {id} --version {}",
            upgrade.to
        );
    }
    Ok(Answer::new(text, json!({ "id": id, "upgrade": upgrade })))
}

fn list(plugins: &[Summary]) -> Answer {
    let json = json!({ "plugins": plugins });
    if plugins.is_empty() {
        return Answer::new("No plugin is installed.", json);
    }
    let head = ["PLUGIN", "VERSION", "STATUS", "PRIORITY", "HOOKS", "NOTE"].map(str::to_owned);
    let row = |plugin: &Summary| {
        let hooks: Vec<_> = plugin.hooks.iter().map(|hook| hook.name()).collect();
        [
            plugin.id.clone(),
            plugin.version.clone(),
            plugin.status.to_owned(),
            plugin.priority.to_string(),
            hooks.join(", "),
            plugin.reason.clone().unwrap_or_default(),
        ]
    };
    Answer::new(
        output::table(std::iter::once(head).chain(plugins.iter().map(row))),
        json,
    )
}

/// What capabilities mean while settings lead to these hosts, a line each.
pub(super) fn meanings<'a>(
    capabilities: impl IntoIterator<Item = &'a Capability>,
    hosts: &Hosts,
) -> String {
    let line = |one: &Capability| [format!("  {one}"), one.meaning_at(hosts)];
    output::table(capabilities.into_iter().map(line))
}

fn done(id: &str, word: &str, what: &str) -> Answer {
    Answer::new(format!("`{id}` {what}."), json!({ word: id }))
}
