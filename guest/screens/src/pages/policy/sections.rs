//! The form of the policy, section by section.

use guestpass_core::catalogue::Catalogue;
use guestpass_core::grant::kind::Kind;
use guestpass_core::grant::window::PRESETS;

use crate::fields::Fields;
use crate::texts::Language;
use crate::visit::Visit;
use crate::when::Shown;
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

/// The form of a site's policy, with what stands in it and what is wrong with that.
pub(super) struct Form<'a> {
    t: Language,
    shown: Shown<'a>,
    catalogue: &'a Catalogue,
    fields: &'a Fields,
    faults: &'a Faults,
}

impl<'a> Form<'a> {
    pub(super) fn new(
        visit: &'a Visit<'_>,
        catalogue: &'a Catalogue,
        fields: &'a Fields,
        faults: &'a Faults,
    ) -> Self {
        Self {
            t: visit.t,
            shown: visit.shown(),
            catalogue,
            fields,
            faults,
        }
    }

    /// The sections: the title of each and its fields.
    pub(super) fn sections(&self) -> Vec<(&'static str, String)> {
        let t = self.t;
        vec![
            (t.policy_what(), self.what()),
            (t.policy_how_long(), self.how_long()),
            (t.policy_who(), self.who()),
            (t.policy_backup(), self.backup()),
            (t.policy_lockouts(), self.lockouts()),
        ]
    }

    fn what(&self) -> String {
        let t = self.t;
        let kinds = Kind::ALL.into_iter();
        let kinds = kinds.map(|kind| self.choice("kind", kind.as_str(), words::kind(t, kind)));
        let roles = self.catalogue.roles();
        let roles = roles.map(|(name, role)| self.choice("roles", name, role.title.as_str()));
        [
            self.checks("kind", t.policy_kinds(), "", None, kinds.collect()),
            self.checks(
                "roles",
                t.policy_roles(),
                t.policy_roles_hint(),
                Some(t.policy_limit_roles()),
                roles.collect(),
            ),
            self.checks(
                "ceiling",
                t.policy_ceiling(),
                t.policy_ceiling_hint(),
                Some(t.policy_limit_ceiling()),
                self.permissions("ceiling"),
            ),
        ]
        .concat()
    }

    fn how_long(&self) -> String {
        let t = self.t;
        let endless = self.input(
            "endless_invitations",
            t.policy_endless(),
            t.policy_endless_hint(),
        );
        let uses = self.input("most_uses", t.policy_most_uses(), t.policy_most_uses_hint());
        [
            self.lengths(
                "longest_window",
                t.policy_longest(),
                t.policy_longest_hint(),
                WINDOWS,
                None,
            ),
            endless.kind("check").html(),
            self.default_ending(),
            uses.kind("number").html(),
            self.lengths(
                "session_length",
                t.policy_session_length(),
                t.policy_session_length_hint(),
                SESSIONS,
                Some(t.no_limit()),
            ),
            self.lengths(
                "session_idle",
                t.policy_session_idle(),
                t.policy_session_idle_hint(),
                SESSIONS,
                Some(t.no_limit()),
            ),
            self.grantor_gone(),
            self.lengths(
                "retire_after",
                t.policy_retire(),
                t.policy_retire_hint(),
                WINDOWS,
                Some(t.policy_retire_never()),
            ),
        ]
        .concat()
    }

    fn default_ending(&self) -> String {
        let name = "default_ending";
        // One that is no preset stays as long as no other is chosen.
        let other = self.fields.typed(name).is_empty();
        let other = other.then(|| self.choice(name, "", self.t.as_it_is()));
        let presets = PRESETS.iter().map(|preset| {
            let title = words::ending(self.shown, &preset.ending);
            self.choice(name, preset.name, title)
        });
        Select {
            name,
            label: self.t.policy_default_ending(),
            hint: "",
            fault: self.faults.about(name),
            choices: other.into_iter().chain(presets).collect(),
        }
        .html()
    }

    fn grantor_gone(&self) -> String {
        let (name, t) = ("grantor_gone", self.t);
        Select {
            name,
            label: t.policy_grantor_gone(),
            hint: t.policy_grantor_gone_hint(),
            fault: None,
            choices: vec![
                self.choice(name, "withhold", t.policy_withhold()),
                self.choice(name, "end", t.policy_end()),
            ],
        }
        .html()
    }

    fn who(&self) -> String {
        let t = self.t;
        let allowed = self.input(
            "allowed_domains",
            t.policy_allowed(),
            t.policy_allowed_hint(),
        );
        let forbidden = self.input(
            "forbidden_domains",
            t.policy_forbidden(),
            t.policy_forbidden_hint(),
        );
        let redirect = self.input(
            "default_redirect",
            t.policy_redirect(),
            t.policy_redirect_hint(),
        );
        allowed.kind("area").html() + &forbidden.kind("area").html() + &redirect.html()
    }

    fn backup(&self) -> String {
        let t = self.t;
        self.lengths(
            "fresh_backup",
            t.policy_backup_age(),
            t.policy_backup_hint(),
            BACKUPS,
            Some(t.policy_no_backup()),
        ) + &self.checks(
            "backup_permission",
            t.policy_backup_for(),
            "",
            None,
            self.permissions("backup_permission"),
        )
    }

    fn lockouts(&self) -> String {
        let t = self.t;
        let limit = |tries, label, lock| {
            let tries = self.input(tries, label, "").kind("number").html();
            let lock = self.lengths(lock, t.policy_lock(), "", LOCKS, None);
            format!("<div class=\"pair\">{tries}{lock}</div>")
        };
        [
            self.lengths(
                "within",
                t.policy_within(),
                t.policy_within_hint(),
                LOCKS,
                None,
            ),
            limit("address_tries", t.policy_address(), "address_lock"),
            limit("grant_tries", t.policy_grant(), "grant_lock"),
            limit("site_tries", t.policy_site(), "site_lock"),
        ]
        .concat()
    }

    fn choice(&self, name: &str, value: &str, title: impl Into<String>) -> Choice {
        Choice::new(self.fields, name, value, title)
    }

    fn input(&self, name: &'a str, label: &'a str, hint: &'a str) -> Input<'a> {
        Input::new(name, label, self.fields, self.faults).hint(hint)
    }

    /// A length out of these. What stands in the form is offered too, though it is none of them.
    fn lengths(
        &self,
        name: &str,
        label: &str,
        hint: &str,
        offered: &[&str],
        none: Option<&str>,
    ) -> String {
        let present = self.fields.typed(name);
        let other = (!present.is_empty() && !offered.contains(&present)).then_some(present);
        let none = none.map(|none| self.choice(name, "", none));
        let lengths = offered.iter().copied().chain(other).filter_map(|text| {
            let title = self.shown.length(text.parse().ok()?);
            Some(self.choice(name, text, title))
        });
        Select {
            name,
            label,
            hint,
            fault: self.faults.about(name),
            choices: none.into_iter().chain(lengths).collect(),
        }
        .html()
    }

    fn permissions(&self, name: &str) -> Vec<Choice> {
        let offered = self.catalogue.all().minus(self.catalogue.reserved());
        let choices = offered.iter().filter_map(|index| {
            let permission = self.catalogue.name(index)?;
            let title = self.catalogue.title(index)?;
            let title = if title.is_empty() { permission } else { title };
            Some(self.choice(name, permission, title))
        });
        choices.collect()
    }

    /// Any of these choices; with a `limit`, only if that is chosen too.
    fn checks(
        &self,
        name: &str,
        legend: &str,
        hint: &str,
        limit: Option<&str>,
        choices: Vec<Choice>,
    ) -> String {
        let limit = limit.map(|title| self.choice(&format!("{name}_limited"), "yes", title));
        Checks {
            name,
            legend,
            hint,
            fault: self.faults.about(name),
            limit,
            choices,
        }
        .html()
    }
}
