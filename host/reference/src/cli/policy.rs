//! `policy`: what the site allows at all, whoever grants.

use clap::{ArgGroup, Args, Subcommand, ValueEnum};
use guestpass::{
    Ending, FreshBackup, GrantorGone, LockoutLimit, LockoutLimits, Settings, Template,
};
use serde_json::json;

use super::Session;
use crate::output::{self, Answer, json, words};
use crate::problem::Problem;

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Show what the site allows
    Show,
    /// Change it; what is not named stays
    Set(Box<Set>),
    /// List policies to start from, or begin anew with one of them
    Template {
        /// Begin anew with this one
        name: Option<String>,
    },
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Gone {
    /// Their grants give nothing while they are gone
    Withhold,
    /// Their grants end
    End,
}

#[derive(Debug, Args)]
#[command(group(ArgGroup::new("change").required(true).multiple(true).args([
    "ceiling", "no_ceiling", "longest_window", "roles", "any_role", "most_uses", "any_uses", "default_window",
    "default_from_first_use", "default_redirect", "no_default_redirect", "forbidden_domains", "no_forbidden_domains",
    "allowed_domains", "any_domain", "fresh_backup", "no_fresh_backup", "grantor_gone", "kinds", "any_kind",
    "session_length", "no_session_length", "session_idle", "no_session_idle", "retire_after", "no_retire_after",
    "endless_invitations",
    "lockout_within", "lockout_address", "lockout_grant", "lockout_site",
])))]
pub(super) struct Set {
    /// No grant gives more than these permissions; may be repeated
    #[arg(long, value_name = "PERMISSION", value_delimiter = ',')]
    ceiling: Option<Vec<String>>,
    /// Grants may give everything but the reserved permissions
    #[arg(long, conflicts_with = "ceiling")]
    no_ceiling: bool,
    /// The longest time from opening to end, for example P1Y
    #[arg(long, value_name = "PERIOD", allow_hyphen_values = true)]
    longest_window: Option<String>,
    /// A new grant is one of these roles or less; may be repeated
    #[arg(long, value_name = "ROLE", value_delimiter = ',')]
    roles: Option<Vec<String>>,
    /// A new grant may be any role
    #[arg(long, conflicts_with = "roles")]
    any_role: bool,
    /// How often a link may be used at most
    #[arg(long, value_name = "COUNT", allow_negative_numbers = true)]
    most_uses: Option<u32>,
    /// A link may be used any number of times
    #[arg(long, conflicts_with = "most_uses")]
    any_uses: bool,
    /// How long a grant lasts that does not say, for example P7D
    #[arg(long, value_name = "PERIOD", allow_hyphen_values = true)]
    default_window: Option<String>,
    /// The same, counted from the first use of the link
    #[arg(
        long,
        value_name = "PERIOD",
        allow_hyphen_values = true,
        conflicts_with = "default_window"
    )]
    default_from_first_use: Option<String>,
    /// Where guests go after signing in if the grant does not say: a path on the site
    #[arg(long, value_name = "PATH")]
    default_redirect: Option<String>,
    /// Guests go where the site sends everybody
    #[arg(long, conflicts_with = "default_redirect")]
    no_default_redirect: bool,
    /// No grants for addresses of these domains, for example example.org or *.example.org; may be repeated
    #[arg(long, value_name = "DOMAIN", value_delimiter = ',')]
    forbidden_domains: Option<Vec<String>>,
    /// No domain is forbidden
    #[arg(long, conflicts_with = "forbidden_domains")]
    no_forbidden_domains: bool,
    /// Grants only for addresses of these domains; may be repeated
    #[arg(long, value_name = "DOMAIN", value_delimiter = ',')]
    allowed_domains: Option<Vec<String>>,
    /// Grants for addresses of any domain that is not forbidden
    #[arg(long, conflicts_with = "allowed_domains")]
    any_domain: bool,
    /// Granting these permissions needs a backup not older than --max-age; may be repeated
    #[arg(
        long,
        value_name = "PERMISSION",
        value_delimiter = ',',
        requires = "max_age"
    )]
    fresh_backup: Option<Vec<String>>,
    /// How old that backup may be, for example P1D
    #[arg(
        long,
        value_name = "PERIOD",
        allow_hyphen_values = true,
        requires = "fresh_backup"
    )]
    max_age: Option<String>,
    /// Nothing needs a backup
    #[arg(long, conflicts_with = "fresh_backup")]
    no_fresh_backup: bool,
    /// What becomes of the grants of somebody who is no user any more
    #[arg(long)]
    grantor_gone: Option<Gone>,
    /// Grants may be of these kinds: link, password, invitation; may be repeated
    #[arg(long, value_name = "KIND", value_delimiter = ',')]
    kinds: Option<Vec<String>>,
    /// Grants may be of any kind
    #[arg(long, conflicts_with = "kinds")]
    any_kind: bool,
    /// A guest must come in anew so long after coming in, for example PT8H
    #[arg(long, value_name = "PERIOD", allow_hyphen_values = true)]
    session_length: Option<String>,
    /// A guest stays in until the grant ends
    #[arg(long, conflicts_with = "session_length")]
    no_session_length: bool,
    /// A guest must come in anew after doing nothing for so long, for example PT30M
    #[arg(long, value_name = "PERIOD", allow_hyphen_values = true)]
    session_idle: Option<String>,
    /// A guest may do nothing for as long as the grant lasts
    #[arg(long, conflicts_with = "session_idle")]
    no_session_idle: bool,
    /// So long after a grant ended its guest's user is deleted and what they wrote kept, for example P30D
    #[arg(long, value_name = "PERIOD", allow_hyphen_values = true)]
    retire_after: Option<String>,
    /// Guests' users stay until somebody retires them
    #[arg(long, conflicts_with = "retire_after")]
    no_retire_after: bool,
    /// Whether an invitation may be one that never ends: true or false
    #[arg(long, value_name = "YES")]
    endless_invitations: Option<bool>,
    /// Links that open nothing count for so long, for example PT10M
    #[arg(long, value_name = "PERIOD", allow_hyphen_values = true)]
    lockout_within: Option<String>,
    /// So many of them from one address lock it out for so long, for example 3:PT20M
    #[arg(long, value_name = "COUNT:PERIOD", allow_hyphen_values = true, value_parser = lockout_limit)]
    lockout_address: Option<LockoutLimit>,
    /// So many of them for one grant lock its link, for example 20:PT20M
    #[arg(long, value_name = "COUNT:PERIOD", allow_hyphen_values = true, value_parser = lockout_limit)]
    lockout_grant: Option<LockoutLimit>,
    /// So many of them on the whole site lock all links, for example 300:PT5M
    #[arg(long, value_name = "COUNT:PERIOD", allow_hyphen_values = true, value_parser = lockout_limit)]
    lockout_site: Option<LockoutLimit>,
}

impl Set {
    /// The settings with what was typed.
    fn over(self, present: Settings) -> Settings {
        let one = |typed: Option<String>| typed.map(Ending::After);
        let typed_ending = one(self.default_window)
            .or_else(|| self.default_from_first_use.map(Ending::AfterFirstUse));
        let fresh_backup = self
            .fresh_backup
            .zip(self.max_age)
            .map(|(permissions, max_age)| FreshBackup {
                max_age,
                permissions,
            });
        let forbidden = changed(
            self.forbidden_domains,
            self.no_forbidden_domains,
            Some(present.forbidden_domains),
        );
        Settings {
            ceiling: changed(self.ceiling, self.no_ceiling, present.ceiling),
            longest_window: self.longest_window.unwrap_or(present.longest_window),
            roles: changed(self.roles, self.any_role, present.roles),
            most_uses: changed(self.most_uses, self.any_uses, present.most_uses),
            default_ending: typed_ending.unwrap_or(present.default_ending),
            default_redirect: changed(
                self.default_redirect,
                self.no_default_redirect,
                present.default_redirect,
            ),
            forbidden_domains: forbidden.unwrap_or_default(),
            allowed_domains: changed(
                self.allowed_domains,
                self.any_domain,
                present.allowed_domains,
            ),
            fresh_backup: changed(fresh_backup, self.no_fresh_backup, present.fresh_backup),
            grantor_gone: match self.grantor_gone {
                Some(Gone::Withhold) => GrantorGone::Withhold,
                Some(Gone::End) => GrantorGone::End,
                None => present.grantor_gone,
            },
            kinds: changed(self.kinds, self.any_kind, present.kinds),
            session_length: changed(
                self.session_length,
                self.no_session_length,
                present.session_length,
            ),
            session_idle: changed(
                self.session_idle,
                self.no_session_idle,
                present.session_idle,
            ),
            retire_after: changed(
                self.retire_after,
                self.no_retire_after,
                present.retire_after,
            ),
            endless_invitations: self
                .endless_invitations
                .unwrap_or(present.endless_invitations),
            lockout: LockoutLimits {
                within: self.lockout_within.unwrap_or(present.lockout.within),
                address: self.lockout_address.unwrap_or(present.lockout.address),
                grant: self.lockout_grant.unwrap_or(present.lockout.grant),
                site: self.lockout_site.unwrap_or(present.lockout.site),
            },
        }
    }
}

fn lockout_limit(text: &str) -> Result<LockoutLimit, String> {
    let parsed = text.split_once(':').and_then(|(tries, lock)| {
        Some(LockoutLimit {
            tries: tries.parse().ok()?,
            lock: lock.to_owned(),
        })
    });
    parsed.ok_or_else(|| {
        "write how many and for how long a lock lasts, for example 3:PT20M".to_owned()
    })
}

/// What was typed, nothing if that was asked for, what there is otherwise.
fn changed<T>(typed: Option<T>, none: bool, present: Option<T>) -> Option<T> {
    if none { None } else { typed.or(present) }
}

pub(super) fn run(session: &Session, command: Command) -> Result<Answer, Problem> {
    let engine = &session.host.engine;
    let site = &session.host.site;
    let settings = match command {
        Command::Show => return Ok(show(session, &engine.policy(site)?)),
        Command::Set(set) => set.over(engine.policy(site)?),
        Command::Template { name: None } => return Ok(list(&engine.policy_templates(site)?)),
        Command::Template { name: Some(name) } => {
            named(engine.policy_templates(site)?, &name)?.settings
        }
    };
    engine.set_policy(&session.actor, &settings)?;
    Ok(show(session, &engine.policy(site)?))
}

fn named(templates: Vec<Template>, name: &str) -> Result<Template, Problem> {
    let names: Vec<_> = templates
        .iter()
        .map(|template| format!("`{}`", template.name))
        .collect();
    let found = templates.into_iter().find(|template| template.name == name);
    found.ok_or_else(|| {
        Problem::usage(
            "unknown-template",
            format!(
                "There is no template `{name}`. There are {}.",
                names.join(", ")
            ),
        )
        .at("name")
    })
}

fn list(templates: &[Template]) -> Answer {
    let rows = templates
        .iter()
        .map(|template| [template.name.clone(), template.title.clone()]);
    let all: Vec<_> = templates.iter().map(json::Template::from).collect();
    Answer::new(output::table(rows), json!({ "templates": all }))
}

fn show(session: &Session, settings: &Settings) -> Answer {
    let listed = |names: &Option<Vec<String>>, none: &str| match names {
        None => none.to_owned(),
        Some(names) if names.is_empty() => "nothing".to_owned(),
        Some(names) => names.join(", "),
    };
    let or = |text: Option<String>, none: &str| text.unwrap_or_else(|| none.to_owned());
    let backup = settings.fresh_backup.as_ref().map(|rule| {
        format!(
            "{} old at most, for {}",
            rule.max_age,
            rule.permissions.join(", ")
        )
    });
    let text = output::facts(&[
        (
            "Ceiling",
            listed(&settings.ceiling, "everything but the reserved permissions"),
        ),
        ("Longest window", settings.longest_window.clone()),
        ("Roles", listed(&settings.roles, "any")),
        (
            "Most uses",
            or(settings.most_uses.map(|uses| uses.to_string()), "any"),
        ),
        (
            "Default window",
            words::ending(&settings.default_ending, &session.reader),
        ),
        (
            "Default redirect",
            or(settings.default_redirect.clone(), "none"),
        ),
        (
            "Forbidden domains",
            if settings.forbidden_domains.is_empty() {
                "none".to_owned()
            } else {
                settings.forbidden_domains.join(", ")
            },
        ),
        (
            "Allowed domains",
            listed(&settings.allowed_domains, "all others"),
        ),
        ("Fresh backup", or(backup, "not needed")),
        (
            "Grantor gone",
            match settings.grantor_gone {
                GrantorGone::Withhold => "grants give nothing until they are back",
                GrantorGone::End => "grants end",
            }
            .to_owned(),
        ),
        ("Kinds", listed(&settings.kinds, "any")),
        (
            "Session length",
            or(settings.session_length.clone(), "as long as the grant"),
        ),
        (
            "Session idle",
            or(settings.session_idle.clone(), "as long as the grant"),
        ),
        (
            "Users deleted",
            settings.retire_after.as_ref().map_or_else(
                || "by hand only".to_owned(),
                |after| format!("{after} after access ended, what they wrote kept"),
            ),
        ),
        (
            "Endless invitations",
            if settings.endless_invitations {
                "yes"
            } else {
                "no"
            }
            .to_owned(),
        ),
        ("Lock-out", lockout(&settings.lockout)),
    ]);
    Answer::new(text, json!(json::Policy::from(settings)))
}

fn lockout(limits: &LockoutLimits) -> String {
    let said = |limit: &LockoutLimit| format!("{} lock for {}", limit.tries, limit.lock);
    format!(
        "within {}: {} (an address), {} (a grant), {} (the site)",
        limits.within,
        said(&limits.address),
        said(&limits.grant),
        said(&limits.site)
    )
}
