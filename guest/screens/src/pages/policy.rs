//! What the site allows at all: every setting with what it means. Owners change it, those who hand out access may read it.

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
use crate::widgets::{Checks, Choice, Faults, Input, Select};
use crate::words;

/// Lengths of windows that are offered.
const WINDOWS: &[&str] = &["P1D", "P3D", "P7D", "P14D", "P1M", "P3M", "P6M", "P1Y"];
/// Lengths of sessions.
const SESSIONS: &[&str] = &["PT15M", "PT30M", "PT1H", "PT3H", "PT8H", "P1D", "P7D"];
/// Ages of backups.
const BACKUPS: &[&str] = &["PT1H", "P1D", "P3D", "P7D"];
/// Lengths of locks.
const LOCKS: &[&str] = &["PT1M", "PT5M", "PT10M", "PT20M", "PT1H", "P1D"];

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
    let t = visit.t;
    let shown = visit.shown();
    let input = |name: &'static str, label: &'static str, hint: &'static str| {
        Input::new(name, label, form, faults).hint(hint)
    };
    // What stands in the form is offered too, though it is none of the usual lengths.
    let lengths = |name: &'static str,
                   label: &'static str,
                   hint: &'static str,
                   offered: &[&str],
                   none: Option<&str>| {
        let present = form.typed(name);
        let other = (!present.is_empty() && !offered.contains(&present)).then_some(present);
        let mut choices: Vec<_> = none
            .map(|none| Choice::new(form, name, "", none))
            .into_iter()
            .collect();
        choices.extend(offered.iter().copied().chain(other).filter_map(|text| {
            Some(Choice::new(
                form,
                name,
                text,
                shown.length(text.parse().ok()?),
            ))
        }));
        Select {
            name,
            label,
            hint,
            fault: faults.about(name),
            choices,
        }
        .html()
    };
    let permissions = |name: &str| {
        let offered = catalogue.all().minus(catalogue.reserved());
        let all = offered.iter().filter_map(|index| {
            let (permission, title) = (catalogue.name(index)?, catalogue.title(index)?);
            Some(Choice::new(
                form,
                name,
                permission,
                if title.is_empty() { permission } else { title },
            ))
        });
        all.collect::<Vec<_>>()
    };
    let checks = |name: &'static str,
                  legend: &'static str,
                  hint: &'static str,
                  limit: Option<&'static str>,
                  choices: Vec<Choice>| {
        let limit = limit.map(|title| Choice::new(form, &format!("{name}_limited"), "yes", title));
        Checks {
            name,
            legend,
            hint,
            fault: faults.about(name),
            limit,
            choices,
        }
        .html()
    };
    let kinds = Kind::ALL
        .into_iter()
        .map(|kind| Choice::new(form, "kind", kind.as_str(), words::kind(t, kind)));
    let roles = catalogue
        .roles()
        .map(|(name, role)| Choice::new(form, "roles", name, role.title.as_str()));
    let mut endings: Vec<_> = form
        .typed("default_ending")
        .is_empty()
        .then(|| Choice::new(form, "default_ending", "", t.as_it_is()))
        .into_iter()
        .collect();
    endings.extend(PRESETS.iter().map(|preset| {
        Choice::new(
            form,
            "default_ending",
            preset.name,
            words::ending(shown, &preset.ending),
        )
    }));
    let endings = Select {
        name: "default_ending",
        label: t.policy_default_ending(),
        hint: "",
        fault: faults.about("default_ending"),
        choices: endings,
    };
    let gone = Select {
        name: "grantor_gone",
        label: t.policy_grantor_gone(),
        hint: t.policy_grantor_gone_hint(),
        fault: None,
        choices: vec![
            Choice::new(form, "grantor_gone", "withhold", t.policy_withhold()),
            Choice::new(form, "grantor_gone", "end", t.policy_end()),
        ],
    };
    let number =
        |name: &'static str, label: &'static str| input(name, label, "").kind("number").html();
    let lock = |name: &'static str| lengths(name, t.policy_lock(), "", LOCKS, None);
    let pair = |tries: String, lock: String| format!("<div class=\"pair\">{tries}{lock}</div>");
    let sections = vec![
        (
            t.policy_what(),
            checks("kind", t.policy_kinds(), "", None, kinds.collect())
                + &checks(
                    "roles",
                    t.policy_roles(),
                    t.policy_roles_hint(),
                    Some(t.policy_limit_roles()),
                    roles.collect(),
                )
                + &checks(
                    "ceiling",
                    t.policy_ceiling(),
                    t.policy_ceiling_hint(),
                    Some(t.policy_limit_ceiling()),
                    permissions("ceiling"),
                ),
        ),
        (
            t.policy_how_long(),
            lengths(
                "longest_window",
                t.policy_longest(),
                t.policy_longest_hint(),
                WINDOWS,
                None,
            ) + &input(
                "endless_invitations",
                t.policy_endless(),
                t.policy_endless_hint(),
            )
            .kind("check")
            .html()
                + &endings.html()
                + &input("most_uses", t.policy_most_uses(), t.policy_most_uses_hint())
                    .kind("number")
                    .html()
                + &lengths(
                    "session_length",
                    t.policy_session_length(),
                    t.policy_session_length_hint(),
                    SESSIONS,
                    Some(t.no_limit()),
                )
                + &lengths(
                    "session_idle",
                    t.policy_session_idle(),
                    t.policy_session_idle_hint(),
                    SESSIONS,
                    Some(t.no_limit()),
                )
                + &gone.html()
                + &lengths(
                    "retire_after",
                    t.policy_retire(),
                    t.policy_retire_hint(),
                    WINDOWS,
                    Some(t.policy_retire_never()),
                ),
        ),
        (
            t.policy_who(),
            input(
                "allowed_domains",
                t.policy_allowed(),
                t.policy_allowed_hint(),
            )
            .kind("area")
            .html()
                + &input(
                    "forbidden_domains",
                    t.policy_forbidden(),
                    t.policy_forbidden_hint(),
                )
                .kind("area")
                .html()
                + &input(
                    "default_redirect",
                    t.policy_redirect(),
                    t.policy_redirect_hint(),
                )
                .html(),
        ),
        (
            t.policy_backup(),
            lengths(
                "fresh_backup",
                t.policy_backup_age(),
                t.policy_backup_hint(),
                BACKUPS,
                Some(t.policy_no_backup()),
            ) + &checks(
                "backup_permission",
                t.policy_backup_for(),
                "",
                None,
                permissions("backup_permission"),
            ),
        ),
        (
            t.policy_lockouts(),
            lengths(
                "within",
                t.policy_within(),
                t.policy_within_hint(),
                LOCKS,
                None,
            ) + &pair(
                number("address_tries", t.policy_address()),
                lock("address_lock"),
            ) + &pair(number("grant_tries", t.policy_grant()), lock("grant_lock"))
                + &pair(number("site_tries", t.policy_site()), lock("site_lock")),
        ),
    ];
    let main = rendered(&Shown {
        t,
        mount: visit.mount(),
        proof: visit.proof(),
        trouble: faults.general.as_deref(),
        wrong: !faults.none(),
        done,
        sections,
    });
    Ok(visit.page(status, t.nav_policy(), &main))
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
