//! Reading and changing a site's policy.

use std::rc::Rc;

use crate::catalogue::Catalogue;
use crate::engine::Engine;
use crate::grant::authority::Authority;
use crate::grant::kind::Kind;
use crate::grant::window::Ending;
use crate::history::record::Action;
use crate::names::{self, Actor, SiteId};
use crate::order;
use crate::period::Period;
use crate::policy::{Policy, domain};
use crate::refusal::{Code, Refusal, quoted};
use crate::throttle::limits::Limits;
use crate::transaction::Note;

/// Shorter, and a session would be over before its guest has read a page.
const SHORTEST_SESSION: Period = Period::minutes(1);
const LONGEST_SESSION: Period = Period::months(12);

impl Engine<'_> {
    /// The site's policy.
    ///
    /// # Errors
    /// If there is no such site or it cannot be read.
    pub fn policy(&self, site: &SiteId) -> Result<Policy, Refusal> {
        self.catalogue(site, None)?;
        self.transact(site, |transaction| Ok(transaction.policy()?.body.clone()))
    }

    /// Changes the site's policy. Owners only.
    ///
    /// # Errors
    /// [`Code::OwnersOnly`], a refusal that names the setting, or if it cannot be written.
    pub fn set_policy(&self, actor: &Actor, policy: Policy) -> Result<(), Refusal> {
        let authority = Authority::of(self, actor)?;
        if !authority.standing.owner {
            return Err(
                Code::OwnersOnly.because("Only an owner of the site may change its policy.")
            );
        }
        let policy = policy.checked(&authority.catalogue)?;
        self.transact(&actor.site, |transaction| {
            let mut stored = Rc::unwrap_or_clone(transaction.policy()?);
            // Whether the site is deactivated is no setting.
            let policy = Policy {
                deactivated: stored.body.deactivated,
                ..policy.clone()
            };
            if stored.body == policy {
                return Ok(());
            }
            stored.body = policy.clone();
            let note = policy.noted(Note::by(&actor.user, Action::PolicyChanged));
            transaction.save_policy(&mut stored, note)
        })
    }
}

impl Policy {
    /// Checks every setting and puts it in the form in which it is kept.
    fn checked(mut self, catalogue: &Catalogue) -> Result<Self, Refusal> {
        if let Some(names) = &mut self.ceiling {
            known(names, catalogue, "ceiling")?;
        }
        if let Some(roles) = &mut self.roles {
            if let Some(name) = roles.iter().find(|name| catalogue.role(name).is_none()) {
                return Err(Code::UnknownRole
                    .because(format!("This site knows no role {}.", quoted(name)))
                    .about("roles"));
            }
            order::sort_and_dedup(roles);
        }
        if self.most_uses == Some(0) {
            return Err(Code::BadUses
                .because("A link that may be used 0 times opens nothing. Give 1 or more, or leave it out for any number.")
                .about("most-uses"));
        }
        if !matches!(
            self.default_ending,
            Ending::After(_) | Ending::AfterFirstUse(_)
        ) {
            return Err(Code::LinkMustEnd
                .because("The ending of links that do not say otherwise is a length, or a length from first use.")
                .about("default-ending"));
        }
        self.default_redirect = names::redirect(self.default_redirect)
            .map_err(|refusal| refusal.about("default-redirect"))?;
        self.forbidden_domains = domain::patterns(self.forbidden_domains, "forbidden-domains")?;
        self.allowed_domains = self
            .allowed_domains
            .map(|names| domain::patterns(names, "allowed-domains"))
            .transpose()?;
        if let Some(rule) = &mut self.fresh_backup {
            known(&mut rule.permissions, catalogue, "fresh-backup.permissions")?;
        }
        if let Some(kinds) = &mut self.kinds {
            *kinds = Kind::ALL
                .into_iter()
                .filter(|kind| kinds.contains(kind))
                .collect();
        }
        for (length, field) in [
            (self.session_length, "session-length"),
            (self.session_idle, "session-idle"),
        ] {
            if let Some(length) = length {
                length.check_range(SHORTEST_SESSION, LONGEST_SESSION, field)?;
            }
        }
        self.lockout.check()?;
        Ok(self)
    }

    /// What history says of it.
    fn noted<'a>(&self, note: Note<'a>) -> Note<'a> {
        let list = |names: &Option<Vec<String>>, none: &str| {
            names
                .as_ref()
                .map_or_else(|| none.to_owned(), |names| names.join(" "))
        };
        let (ending, length) = match self.default_ending {
            Ending::AfterFirstUse(length) => ("default-from-first-use", Some(length)),
            Ending::After(length) => ("default-window", Some(length)),
            Ending::At(_) | Ending::Never => ("default-window", None),
        };
        note.with("ceiling", list(&self.ceiling, "everything"))
            .with("longest-window", self.longest_window.to_string())
            .with_some("roles", self.roles.as_ref().map(|roles| roles.join(" ")))
            .with_some("most-uses", self.most_uses.map(|uses| uses.to_string()))
            .with_some(ending, length.map(|length| length.to_string()))
            .with_some("default-redirect", self.default_redirect.clone())
            .with("forbidden-domains", self.forbidden_domains.join(" "))
            .with("allowed-domains", list(&self.allowed_domains, "any"))
            .with_some(
                "fresh-backup",
                self.fresh_backup
                    .as_ref()
                    .map(|rule| format!("{} {}", rule.max_age, rule.permissions.join(" "))),
            )
            .with("grantor-gone", self.grantor_gone.as_str())
            .with_some(
                "kinds",
                self.kinds.as_ref().map(|kinds| {
                    kinds
                        .iter()
                        .map(|kind| kind.as_str())
                        .collect::<Vec<_>>()
                        .join(" ")
                }),
            )
            .with_some(
                "session-length",
                self.session_length.map(|length| length.to_string()),
            )
            .with_some(
                "session-idle",
                self.session_idle.map(|length| length.to_string()),
            )
            .with_some(
                "endless-invitations",
                (!self.endless_invitations).then(|| "no".to_owned()),
            )
            .with_some(
                "retire-after",
                self.retire_after.map(|length| length.to_string()),
            )
            .with_some(
                "lockout",
                (self.lockout != Limits::default()).then(|| self.lockout.noted()),
            )
    }
}

/// Each name once, and all of them known.
fn known(
    names: &mut Vec<String>,
    catalogue: &Catalogue,
    field: &'static str,
) -> Result<(), Refusal> {
    for name in &*names {
        catalogue
            .known(name)
            .map_err(|refusal| refusal.about(field))?;
    }
    order::sort_and_dedup(names);
    Ok(())
}
