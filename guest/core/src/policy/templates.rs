//! Policies to start from.

use crate::catalogue::Catalogue;
use crate::engine::Engine;
use crate::grant::kind::Kind;
use crate::grant::window::Ending;
use crate::names::SiteId;
use crate::order;
use crate::period::Period;
use crate::policy::{FreshBackup, GrantorGone, Policy};
use crate::refusal::Refusal;

/// A policy to start from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Template {
    /// For programs and command lines.
    pub name: &'static str,
    /// In plain words.
    pub title: &'static str,
    /// What it sets.
    pub policy: Policy,
}

/// What changes the code of a site.
const CODE: [&str; 12] = [
    "activate_plugins",
    "install_plugins",
    "edit_plugins",
    "update_plugins",
    "delete_plugins",
    "switch_themes",
    "edit_themes",
    "install_themes",
    "update_themes",
    "delete_themes",
    "edit_files",
    "update_core",
];

impl Engine<'_> {
    /// Policies to start from, without what this site's catalogue does not know.
    ///
    /// # Errors
    /// If there is no such site or it cannot be read.
    pub fn policy_templates(&self, site: &SiteId) -> Result<Vec<Template>, Refusal> {
        let catalogue = self.catalogue(site, None)?;
        Ok(templates(&catalogue))
    }
}

fn templates(catalogue: &Catalogue) -> Vec<Template> {
    let backup = |max_age, names: &[&str]| {
        let permissions = known(catalogue, names);
        (!permissions.is_empty()).then_some(FreshBackup {
            max_age,
            permissions,
        })
    };
    let roles: Vec<String> = ["author", "contributor", "editor"]
        .into_iter()
        .filter(|name| catalogue.role(name).is_some())
        .map(str::to_owned)
        .collect();
    vec![
        Template {
            name: "wordpress-support",
            title: "A support agent mends the site, after a backup",
            policy: Policy {
                longest_window: Period::months(1),
                default_ending: Ending::AfterFirstUse(Period::days(3)),
                fresh_backup: backup(Period::days(1), &CODE),
                grantor_gone: GrantorGone::End,
                kinds: Some(vec![Kind::Link, Kind::Password]),
                session_length: Some(Period::days(1)),
                session_idle: Some(Period::hours(2)),
                retire_after: Some(Period::days(7)),
                ..Policy::default()
            },
        },
        Template {
            name: "agency",
            title: "Writers and editors of an agency come and go",
            policy: Policy {
                longest_window: Period::months(6),
                roles: (!roles.is_empty()).then_some(roles),
                default_ending: Ending::After(Period::months(1)),
                session_length: Some(Period::days(14)),
                endless_invitations: false,
                ..Policy::default()
            },
        },
        Template {
            name: "hosting-panel",
            title: "Bookkeepers and technicians of an account",
            policy: Policy {
                default_ending: Ending::After(Period::months(1)),
                most_uses: Some(10),
                fresh_backup: backup(Period::days(7), &["managedomains", "manageproducts"]),
                session_idle: Some(Period::hours(1)),
                ..Policy::default()
            },
        },
    ]
}

fn known(catalogue: &Catalogue, names: &[&str]) -> Vec<String> {
    let known = names
        .iter()
        .filter(|name| catalogue.index(name).is_some())
        .map(|name| (*name).to_owned());
    let mut known: Vec<String> = known.collect();
    order::sort(&mut known);
    known
}
