//! What the site allows at all: every setting with what it means. Owners change it, those who hand out access may read it.

mod sections;

use askama::Template;
use guestpass_core::grant::kind::Kind;
use guestpass_core::grant::window::PRESETS;
use guestpass_core::policy::{FreshBackup, GrantorGone, Policy};
use guestpass_core::throttle::limits::Limit;
use guestpass_core::{Code, Period};

use crate::fields::{Fields, Malformed};
use crate::response::Response;
use crate::texts::Language;
use crate::visit::{Answered, Stop, Visit, rendered, status};
use crate::widgets::Faults;

use sections::Form;

/// Which field shows what the engine is about.
const FIELDS: &[(&str, &str)] = &[
    ("ceiling", "ceiling"),
    ("longest-window", "longest_window"),
    ("roles", "roles"),
    ("most-uses", "most_uses"),
    ("default-ending", "default_ending"),
    ("default-redirect", "default_redirect"),
    ("forbidden-domains", "forbidden_domains"),
    ("allowed-domains", "allowed_domains"),
    ("fresh-backup", "fresh_backup"),
    ("fresh-backup.max-age", "fresh_backup"),
    ("fresh-backup.permissions", "backup_permission"),
    ("kinds", "kind"),
    ("session-length", "session_length"),
    ("session-idle", "session_idle"),
    ("retire-after", "retire_after"),
    ("lockout.within", "within"),
    ("lockout.address", "address_tries"),
    ("lockout.grant", "grant_tries"),
    ("lockout.site", "site_tries"),
    ("lockout.address.tries", "address_tries"),
    ("lockout.grant.tries", "grant_tries"),
    ("lockout.site.tries", "site_tries"),
    ("lockout.address.lock", "address_lock"),
    ("lockout.grant.lock", "grant_lock"),
    ("lockout.site.lock", "site_lock"),
];

#[derive(Template)]
#[template(path = "policy.html")]
struct Shown<'a> {
    t: Language,
    mount: &'a str,
    proof: &'a str,
    trouble: Option<&'a str>,
    wrong: bool,
    done: bool,
    sections: Vec<(&'a str, String)>,
}

/// The page.
pub(crate) fn show(visit: &Visit<'_>) -> Answered {
    let policy = visit.engine.policy(&visit.site)?;
    let done = visit.query.has("done", "yes");
    written(visit, 200, &form_of(&policy), &Faults::default(), done)
}

/// The settings as the form holds them.
fn form_of(policy: &Policy) -> Fields {
    let mut form = Fields::default();
    let mut set = |name: &str, value: &str| form.preset(name, value);
    let period =
        |period: Option<Period>| period.map_or_else(String::new, |period| period.to_string());
    for kind in Kind::ALL {
        if policy
            .kinds
            .as_ref()
            .is_none_or(|kinds| kinds.contains(&kind))
        {
            set("kind", kind.as_str());
        }
    }
    for (name, list) in [("roles", &policy.roles), ("ceiling", &policy.ceiling)] {
        if let Some(list) = list {
            set(&format!("{name}_limited"), "yes");
            for value in list {
                set(name, value);
            }
        }
    }
    set("longest_window", &policy.longest_window.to_string());
    set(
        "most_uses",
        &policy
            .most_uses
            .map_or_else(String::new, |uses| uses.to_string()),
    );
    let usual = PRESETS
        .iter()
        .find(|preset| preset.ending == policy.default_ending);
    set("default_ending", usual.map_or("", |preset| preset.name));
    set(
        "default_redirect",
        policy.default_redirect.as_deref().unwrap_or_default(),
    );
    set("forbidden_domains", &policy.forbidden_domains.join("\n"));
    set(
        "allowed_domains",
        &policy
            .allowed_domains
            .as_deref()
            .unwrap_or_default()
            .join("\n"),
    );
    set(
        "fresh_backup",
        &period(policy.fresh_backup.as_ref().map(|fresh| fresh.max_age)),
    );
    for permission in policy
        .fresh_backup
        .iter()
        .flat_map(|fresh| &fresh.permissions)
    {
        set("backup_permission", permission);
    }
    set("grantor_gone", policy.grantor_gone.as_str());
    if policy.endless_invitations {
        set("endless_invitations", "true");
    }
    set("session_length", &period(policy.session_length));
    set("session_idle", &period(policy.session_idle));
    set("retire_after", &period(policy.retire_after));
    set("within", &policy.lockout.within.to_string());
    for (name, limit) in [
        ("address", policy.lockout.address),
        ("grant", policy.lockout.grant),
        ("site", policy.lockout.site),
    ] {
        set(&format!("{name}_tries"), &limit.tries.to_string());
        set(&format!("{name}_lock"), &limit.lock.to_string());
    }
    form
}

/// What the form asks for. What it does not show stays as it is.
fn policy_of(
    form: &Fields,
    present: Policy,
    faults: &mut Faults,
    visit: &Visit<'_>,
) -> Result<Policy, Malformed> {
    let t = visit.t;
    let list = |name: &str| form.all(name).map(str::to_owned).collect::<Vec<_>>();
    let limited = |name: &str| {
        form.has(&format!("{name}_limited"), "yes")
            .then(|| list(name))
    };
    let period = |name: &str| match form.optional(name)? {
        None => Ok(None),
        Some(text) => text.parse::<Period>().map(Some).map_err(|_| Malformed),
    };
    let domains = |name: &str| -> Result<Vec<String>, Malformed> {
        let text = form.optional(name)?.unwrap_or_default();
        let words = text.split(|c: char| c.is_whitespace() || c == ',');
        Ok(words
            .filter(|word| !word.is_empty())
            .map(str::to_owned)
            .collect())
    };
    let most_uses = match form.optional("most_uses")?.map(str::parse) {
        None => None,
        Some(Ok(uses)) => Some(uses),
        Some(Err(_)) => {
            faults.add("most_uses", t.bad_number());
            None
        }
    };
    let kinds: Vec<Kind> = Kind::ALL
        .into_iter()
        .filter(|kind| form.has("kind", kind.as_str()))
        .collect();
    if kinds.is_empty() {
        faults.add("kind", t.choose_kind());
    }
    let usual = form.optional("default_ending")?;
    let usual = usual
        .map(|name| {
            PRESETS
                .iter()
                .find(|preset| preset.name == name)
                .ok_or(Malformed)
        })
        .transpose()?;
    let allowed = domains("allowed_domains")?;
    let mut limit = |tries: &'static str, lock: &str, present: Limit| -> Result<Limit, Malformed> {
        let typed = form.one(tries)?.trim().parse();
        if typed.is_err() {
            faults.add(tries, t.bad_number());
        }
        Ok(Limit {
            tries: typed.unwrap_or(present.tries),
            lock: form.one(lock)?.parse().map_err(|_| Malformed)?,
        })
    };
    let mut lockout = present.lockout;
    lockout.within = form.one("within")?.parse().map_err(|_| Malformed)?;
    lockout.address = limit("address_tries", "address_lock", lockout.address)?;
    lockout.grant = limit("grant_tries", "grant_lock", lockout.grant)?;
    lockout.site = limit("site_tries", "site_lock", lockout.site)?;
    Ok(Policy {
        ceiling: limited("ceiling"),
        longest_window: period("longest_window")?.ok_or(Malformed)?,
        roles: limited("roles"),
        most_uses,
        default_ending: usual.map_or(present.default_ending, |preset| preset.ending),
        default_redirect: form.optional("default_redirect")?.map(str::to_owned),
        forbidden_domains: domains("forbidden_domains")?,
        allowed_domains: (!allowed.is_empty()).then_some(allowed),
        fresh_backup: period("fresh_backup")?.map(|max_age| FreshBackup {
            max_age,
            permissions: list("backup_permission"),
        }),
        grantor_gone: match form.one("grantor_gone")? {
            "end" => GrantorGone::End,
            "withhold" => GrantorGone::Withhold,
            _ => return Err(Malformed),
        },
        kinds: (kinds.len() < Kind::ALL.len()).then_some(kinds),
        endless_invitations: form.has("endless_invitations", "true"),
        session_length: period("session_length")?,
        session_idle: period("session_idle")?,
        retire_after: period("retire_after")?,
        lockout,
        ..present
    })
}

fn written(visit: &Visit<'_>, status: u16, form: &Fields, faults: &Faults, done: bool) -> Answered {
    visit.actor()?;
    let (owner, catalogue) = visit.hands_out()?;
    if !owner {
        return Err(Code::OwnersOnly
            .because("Only an owner of the site may see and change its policy.")
            .into());
    }
    let main = rendered(&Shown {
        t: visit.t,
        mount: visit.mount(),
        proof: visit.proof(),
        trouble: faults.general.as_deref(),
        wrong: !faults.none(),
        done,
        sections: Form::new(visit, &catalogue, form, faults).sections(),
    });
    Ok(visit.page(status, visit.t.nav_policy(), &main))
}

/// Sets it.
pub(crate) fn change(visit: &Visit<'_>, form: &Fields) -> Answered {
    let actor = visit.actor()?;
    visit.hands_out()?;
    let present = visit.engine.policy(&visit.site)?;
    let mut faults = Faults::default();
    let policy = policy_of(form, present, &mut faults, visit)?;
    if !faults.none() {
        return written(visit, 422, form, &faults, false);
    }
    match visit.engine.set_policy(&actor, policy) {
        Ok(()) => Ok(Response::see(format!("{}?done=yes", visit.at("/policy")))),
        Err(refusal)
            if matches!(
                refusal.code.kind(),
                guestpass_core::Kind::Unavailable | guestpass_core::Kind::Forbidden
            ) =>
        {
            Err(Stop::Refused(refusal))
        }
        Err(refusal) => {
            let faults = Faults::of(visit, &refusal, FIELDS);
            written(visit, status(refusal.code.kind()), form, &faults, false)
        }
    }
}
