//! The engine's records as JSON for programs: instants in RFC 3339, variants as an object with one name.

use guestpass::{
    Ending, Explanation, Grant, GrantorGone, Happening, Permissions, Scope, ScopeBase, Settings,
    Withheld,
};
use serde_json::{Map, Value, json};

use crate::when::rfc3339;

/// A grant.
#[must_use]
pub fn grant(grant: &Grant) -> Value {
    json!({
        "id": grant.id,
        "grantor": grant.grantor,
        "guest": {
            "email": grant.guest.email,
            "first_name": grant.guest.first_name,
            "last_name": grant.guest.last_name,
            "locale": grant.guest.locale,
        },
        "scope": scope(&grant.scope),
        "window": {
            "opens": grant.window.opens.map(rfc3339),
            "ending": ending(&grant.window.ending),
            "use_within": grant.window.use_within,
        },
        "state": grant.state,
        "ended_because": grant.ended_because,
        "created": rfc3339(grant.created),
        "opens": rfc3339(grant.opens),
        "ends": grant.ends.map(rfc3339),
        "ends_bound_by": grant.ends_bound_by,
        "first_used": grant.first_used.map(rfc3339),
        "last_used": grant.last_used.map(rfc3339),
        "uses": grant.uses,
        "uses_allowed": grant.uses_allowed,
        "user": grant.user,
        "redirect": grant.redirect,
        "note": grant.note,
    })
}

fn scope(scope: &Scope) -> Value {
    let base = match &scope.base {
        ScopeBase::Role(role) => json!({ "role": role }),
        ScopeBase::All => json!("all"),
        ScopeBase::Chosen(permissions) => json!({ "chosen": permissions }),
    };
    json!({ "base": base, "also": scope.also, "except": scope.except })
}

/// How a window ends.
#[must_use]
pub fn ending(ending: &Ending) -> Value {
    match ending {
        Ending::At(instant) => json!({ "at": rfc3339(*instant) }),
        Ending::After(period) => json!({ "after": period }),
        Ending::AfterFirstUse(period) => json!({ "after_first_use": period }),
        Ending::Never => json!("never"),
    }
}

/// The answer that issues a link: the one document that holds a secret.
#[must_use]
pub fn issued(of: &Grant, link: &str, permissions: &Permissions, withheld: &[Withheld]) -> Value {
    let withheld: Vec<_> = withheld
        .iter()
        .map(|one| json!({ "permission": one.permission, "bound_by": one.bound_by }))
        .collect();
    json!({
        "grant": grant(of),
        "link": link,
        "permissions": permissions.iter().collect::<Vec<_>>(),
        "withheld": withheld,
    })
}

/// Why a permission is given or not.
#[must_use]
pub fn explanation(explanation: &Explanation) -> Value {
    let limits: Vec<_> = explanation
        .limits
        .iter()
        .map(
            |limit| json!({ "name": limit.name, "allows": limit.allows, "message": limit.message }),
        )
        .collect();
    json!({ "permission": explanation.permission, "allowed": explanation.allowed, "limits": limits })
}

/// One line of history.
#[must_use]
pub fn happening(happening: &Happening) -> Value {
    let details: Map<String, Value> = happening
        .details
        .iter()
        .map(|(name, value)| (name.clone(), json!(value)))
        .collect();
    json!({
        "id": happening.id,
        "grant": happening.grant,
        "sequence": happening.sequence,
        "at": rfc3339(happening.at),
        "actor": happening.actor,
        "subject": happening.subject,
        "action": happening.action,
        "details": details,
        "hash": hex(&happening.hash),
    })
}

/// What a site allows at all.
#[must_use]
pub fn policy(settings: &Settings) -> Value {
    let grantor_gone = match settings.grantor_gone {
        GrantorGone::Withhold => "withhold",
        GrantorGone::End => "end",
    };
    json!({
        "ceiling": settings.ceiling,
        "longest_window": settings.longest_window,
        "roles": settings.roles,
        "most_uses": settings.most_uses,
        "default_ending": ending(&settings.default_ending),
        "default_redirect": settings.default_redirect,
        "forbidden_domains": settings.forbidden_domains,
        "allowed_domains": settings.allowed_domains,
        "fresh_backup": settings.fresh_backup.as_ref().map(|rule| json!({
            "max_age": rule.max_age,
            "permissions": rule.permissions,
        })),
        "grantor_gone": grantor_gone,
    })
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
