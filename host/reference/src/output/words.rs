//! The engine's records in words, shared by the command line and the pages.

use guestpass::{Ending, Grant, Guest, Happening, Power, Scope, ScopeBase, Withheld};

use super::Reader;
use crate::cms::users;
use crate::host::Host;
use crate::problem::Problem;
use crate::when;

/// The grant's guest: name and address.
#[must_use]
pub fn guest(guest: &Guest) -> String {
    let names: Vec<_> = [&guest.first_name, &guest.last_name]
        .into_iter()
        .flatten()
        .map(String::as_str)
        .collect();
    if names.is_empty() {
        guest.email.clone()
    } else {
        format!("{} ({})", guest.email, names.join(" "))
    }
}

/// What a grant is meant to allow.
#[must_use]
pub fn scope(scope: &Scope) -> String {
    let mut words = match &scope.base {
        ScopeBase::Role(role) => format!("role {role}"),
        ScopeBase::All => "all permissions".to_owned(),
        ScopeBase::Chosen(permissions) => permissions.join(", "),
    };
    for (word, permissions) in [("also", &scope.also), ("except", &scope.except)] {
        if !permissions.is_empty() {
            words.push_str(&format!(", {word} {}", permissions.join(", ")));
        }
    }
    words
}

/// How long a window was asked to be.
#[must_use]
pub fn ending(ending: &Ending, reader: &Reader) -> String {
    match ending {
        Ending::At(instant) => format!("until {}", when::local(*instant, &reader.zone)),
        Ending::After(period) => format!("for {period}"),
        Ending::AfterFirstUse(period) => format!("for {period} from the first use"),
        Ending::Never => "no end".to_owned(),
    }
}

/// When a grant ends and what bounds that.
#[must_use]
pub fn ends(grant: &Grant, reader: &Reader) -> String {
    let Some(ends) = grant.ends else {
        return "never by itself".to_owned();
    };
    let ends = reader.instant(ends);
    match grant.ends_bound_by.as_str() {
        "window" | "ended" | "none" => ends,
        "first-use" => format!("{ends}, counted from the first use"),
        "use-within" => match &grant.window.ending {
            Ending::AfterFirstUse(period) => {
                format!("{ends}, unless it is used before; {period} from the first use on then")
            }
            _ => format!("{ends}, unless it is used before"),
        },
        "longest-window" => format!("{ends}, the longest that the site allows"),
        other => format!("{ends}, bound by {other}"),
    }
}

/// What a grant gives, in two lines at most: that, and what is withheld.
#[must_use]
pub fn power(power: &Power) -> Vec<String> {
    let names: Vec<&str> = power.permissions.iter().collect();
    let count = names.len();
    let given = match (power.now, count) {
        (_, 0) => "nothing".to_owned(),
        (true, _) => format!("{count}: {}", names.join(", ")),
        (false, _) => format!(
            "nothing now; while it is open {count}: {}",
            names.join(", ")
        ),
    };
    let mut lines = vec![given];
    lines.extend(withheld(&power.withheld));
    lines
}

/// The state, and why it ended if it did.
#[must_use]
pub fn state(grant: &Grant) -> String {
    match (grant.state.as_str(), &grant.ended_because) {
        ("ready", _) => "ready (not used yet)".to_owned(),
        (state @ ("ended" | "retired"), Some(because)) => format!("{state} ({because})"),
        (state, _) => state.to_owned(),
    }
}

/// Which grants cannot be read, if there are any.
#[must_use]
pub fn damaged(grants: &[String]) -> Option<String> {
    (!grants.is_empty()).then(|| {
        format!(
            "The records of these grants cannot be read, so they give no access: {}. `guestpass history verify` tells more.",
            grants.join(", ")
        )
    })
}

/// How a guest comes in.
#[must_use]
pub fn kind(grant: &Grant) -> String {
    match (grant.kind.as_str(), &grant.guest.login) {
        ("password", Some(login)) => format!("password, signing in as {login}"),
        (kind, _) => kind.to_owned(),
    }
}

/// How often a new link may be used, or a guest with a new password may sign in.
#[must_use]
pub fn uses_allowed(grant: &Grant) -> String {
    grant.uses_allowed.map_or_else(
        || "any number of times".to_owned(),
        |allowed| format!("{allowed} time{}", if allowed == 1 { "" } else { "s" }),
    )
}

/// `0 of 3`, or `0` if any number is allowed.
#[must_use]
pub fn uses(grant: &Grant) -> String {
    grant.uses_allowed.map_or_else(
        || grant.uses.to_string(),
        |allowed| format!("{} of {allowed}", grant.uses),
    )
}

/// What is withheld, together by reason.
#[must_use]
pub fn withheld(withheld: &[Withheld]) -> Vec<String> {
    let mut reasons: Vec<(&str, Vec<&str>)> = Vec::new();
    for one in withheld {
        match reasons
            .iter_mut()
            .find(|(reason, _)| *reason == one.bound_by)
        {
            Some((_, permissions)) => permissions.push(&one.permission),
            None => reasons.push((&one.bound_by, vec![&one.permission])),
        }
    }
    reasons
        .into_iter()
        .map(|(reason, names)| format!("{}: {}", names.join(", "), why(reason)))
        .collect()
}

/// What else is known about a happening. A long set of permissions is counted; programs get it whole.
#[must_use]
pub fn details(happening: &Happening) -> String {
    let detail = |(name, value): &(String, String)| match name.as_str() {
        "permissions" => format!("permissions: {}", value.split_whitespace().count()),
        _ => format!("{name}: {value}"),
    };
    happening
        .details
        .iter()
        .map(detail)
        .collect::<Vec<_>>()
        .join(", ")
}

/// Who did it: the address of a user who is still there, the id of one who is not.
pub fn who_did(host: &Host, happening: &Happening) -> Result<String, Problem> {
    let Some(actor) = &happening.actor else {
        return Ok("the engine".to_owned());
    };
    let user = users::find(&host.db, &host.site, actor)?;
    Ok(user.map_or_else(|| actor.clone(), |user| user.email))
}

fn why(reason: &str) -> &str {
    match reason {
        "reserved" => "no guest may ever manage users or hand out access",
        "grantor" => "whoever grants does not hold it",
        "ceiling" => "above what the site allows guests",
        "plugin" => "an extension withholds it",
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_withheld_is_told_once_for_each_reason() {
        let one = |permission: &str, bound_by: &str| Withheld {
            permission: permission.to_owned(),
            bound_by: bound_by.to_owned(),
        };
        let told = withheld(&[
            one("create_users", "reserved"),
            one("export", "ceiling"),
            one("edit_users", "reserved"),
        ]);
        assert_eq!(
            told,
            [
                "create_users, edit_users: no guest may ever manage users or hand out access",
                "export: above what the site allows guests",
            ]
        );
    }

    #[test]
    fn a_scope_names_its_base_and_what_differs() {
        let mut scope = Scope::role("editor");
        assert_eq!(super::scope(&scope), "role editor");
        scope.also = vec!["export".to_owned()];
        scope.except = vec!["edit_pages".to_owned(), "delete_pages".to_owned()];
        assert_eq!(
            super::scope(&scope),
            "role editor, also export, except edit_pages, delete_pages"
        );
    }
}
