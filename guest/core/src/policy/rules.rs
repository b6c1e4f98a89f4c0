//! What the policy and the purpose of a draft have to say to it, beside its permissions and its window.

use crate::catalogue::{Catalogue, Purpose};
use crate::engine::Engine;
use crate::grant::draft::{Draft, Override};
use crate::grant::kind::Kind;
use crate::grant::power::Power;
use crate::grant::scope::{Base, Scope};
use crate::grant::window::{ACCEPT_WITHIN, Ending, Window};
use crate::instant::Instant;
use crate::names::SiteId;
use crate::period::Period;
use crate::permissions::PermissionSet;
use crate::policy::{Policy, domain};
use crate::refusal::{Code, Refusal, quoted};

impl Policy {
    /// The draft with what it leaves open.
    #[must_use]
    pub(crate) fn filled(&self, mut draft: Draft, now: Instant) -> Draft {
        let invited = draft.kind == Kind::Invitation;
        let opens = draft.window.and_then(|window| window.opens).unwrap_or(now);
        let window = draft.window.get_or_insert_with(|| Window {
            opens: None,
            ending: if invited && self.endless_invitations {
                Ending::Never
            } else {
                self.ending(now)
            },
            use_within: None,
        });
        if invited {
            window
                .use_within
                .get_or_insert_with(|| self.bounded(ACCEPT_WITHIN, opens));
            draft.uses = Some(1);
        }
        draft.redirect = draft.redirect.or_else(|| self.default_redirect.clone());
        draft.uses = draft.uses.or(self.most_uses);
        draft
    }

    /// The default ending, no longer than the longest window: a default must never be what a draft is refused for.
    fn ending(&self, now: Instant) -> Ending {
        match self.default_ending {
            Ending::After(length) => Ending::After(self.bounded(length, now)),
            Ending::AfterFirstUse(length) => Ending::AfterFirstUse(self.bounded(length, now)),
            other => other,
        }
    }

    /// This length, or the longest window if that is shorter.
    fn bounded(&self, length: Period, now: Instant) -> Period {
        let longest = self.longest_window;
        if length.after(now) > longest.after(now) {
            longest
        } else {
            length
        }
    }

    /// The limits on the kind of grant, on the guest's address and on uses.
    ///
    /// # Errors
    /// [`Code::Deactivated`], [`Code::KindNotAllowed`], [`Code::WindowTooLong`], [`Code::DomainNotAllowed`],
    /// [`Code::TooManyUses`]
    pub(crate) fn check(&self, draft: &Draft) -> Result<(), Refusal> {
        self.active()?;
        if self
            .kinds
            .as_ref()
            .is_some_and(|kinds| !kinds.contains(&draft.kind))
        {
            return Err(Code::KindNotAllowed
                .because(format!(
                    "This site hands out no grants of the kind `{}`. An owner can change that in the policy.",
                    draft.kind.as_str()
                ))
                .about("kind"));
        }
        let endless = draft
            .window
            .is_some_and(|window| window.ending == Ending::Never);
        if endless && !self.endless_invitations {
            return Err(Code::WindowTooLong
                .because(format!(
                    "On this site every access ends, after {} at the latest. Give an end or a length; an owner can change that in the policy.",
                    self.longest_window
                ))
                .about("window.ending"));
        }
        let email = &draft.guest.email;
        let allowed = self.allowed_domains.as_deref();
        if domain::names(&self.forbidden_domains, email)
            || allowed.is_some_and(|allowed| !domain::names(allowed, email))
        {
            return Err(Code::DomainNotAllowed
                .because(format!(
                    "This site gives no access to addresses such as {}. An owner can change that in the policy.",
                    quoted(email)
                ))
                .about("guest.email"));
        }
        match (draft.uses, self.most_uses) {
            (Some(uses), Some(most)) if uses > most => Err(Code::TooManyUses
                .because(format!("A link may be used at most {most} times on this site, not {uses}. An owner can change that in the policy."))
                .about("uses")),
            _ => Ok(()),
        }
    }

    /// The limit on roles: the grant is of an allowed role, and in any case gives no more than one of them holds.
    ///
    /// # Errors
    /// [`Code::RoleNotAllowed`]
    pub(crate) fn check_role(
        &self,
        scope: &Scope,
        power: &Power,
        catalogue: &Catalogue,
    ) -> Result<(), Refusal> {
        let Some(roles) = &self.roles else {
            return Ok(());
        };
        let named = match &scope.base {
            Base::Role(name) => roles.contains(name),
            Base::All | Base::Chosen(_) => true,
        };
        let given = power.effective();
        let fits = |name: &String| {
            catalogue
                .role(name)
                .is_some_and(|role| given.minus(role.holds).is_empty())
        };
        if named && roles.iter().any(fits) {
            return Ok(());
        }
        let which = match roles.as_slice() {
            [] => "No role may be handed out on this site".to_owned(),
            roles => format!(
                "A guest of this site has one of these roles or less: {}",
                roles.join(", ")
            ),
        };
        Err(Code::RoleNotAllowed
            .because(format!("{which}. An owner can change that in the policy."))
            .about("scope"))
    }

    /// The limit on backups.
    ///
    /// # Errors
    /// [`Code::BackupTooOld`], or that the directory failed.
    pub(crate) fn check_backup(
        &self,
        engine: &Engine<'_>,
        site: &SiteId,
        catalogue: &Catalogue,
        given: PermissionSet,
        now: Instant,
    ) -> Result<(), Refusal> {
        let Some(rule) = &self.fresh_backup else {
            return Ok(());
        };
        let needing = given.and(catalogue.set_of(&rule.permissions));
        if needing.is_empty() {
            return Ok(());
        }
        let last = engine.directory(site, |directory, site| directory.last_backup(site))?;
        if last.is_some_and(|last| now < rule.max_age.after(last)) {
            return Ok(());
        }
        let last = last.map_or_else(
            || "no backup is known".to_owned(),
            |last| format!("the last one known was made at {last}"),
        );
        let power = needing
            .iter()
            .next()
            .and_then(|index| catalogue.name(index));
        Err(Code::BackupTooOld
            .because(format!(
                "Access with {} needs a backup not older than {}, and {last}. Make a backup and record it, or go on knowingly: `{}`.",
                quoted(power.unwrap_or_default()),
                rule.max_age,
                Override::WithoutBackup.as_str()
            ))
            .about("knowingly"))
    }
}

/// What the purpose needs and this power does not give.
///
/// # Errors
/// [`Code::RoleLacksPermission`]
pub(crate) fn check_purpose(
    purpose: &Purpose,
    policy: &Policy,
    power: &Power,
    catalogue: &Catalogue,
) -> Result<(), Refusal> {
    let missing = purpose.needs.minus(power.effective());
    if missing.is_empty() {
        return Ok(());
    }
    let missing: Vec<_> = catalogue.names_of(&missing).collect();
    let help = match least_role(purpose, policy, power, catalogue) {
        Some(role) => format!("The least role that has it all is {}.", quoted(role)),
        None => "No role that you may give has it all.".to_owned(),
    };
    Err(Code::RoleLacksPermission
        .because(format!(
            "For {} this access lacks {}. {help} To give it all the same, say so knowingly: `{}`.",
            quoted(&purpose.title),
            missing.join(", "),
            Override::LackingPermissions.as_str()
        ))
        .about("purpose"))
}

/// The role with the fewest permissions that would serve the purpose: allowed here, and still enough after what the
/// grantor, the ceiling and the reserved ones take away. The first by name where two are as small.
pub(crate) fn least_role<'c>(
    purpose: &Purpose,
    policy: &Policy,
    power: &Power,
    catalogue: &'c Catalogue,
) -> Option<&'c str> {
    let possible = power.grantor.and(power.ceiling).minus(power.reserved);
    let serves = catalogue.roles().filter(|(name, role)| {
        let allowed = policy
            .roles
            .as_ref()
            .is_none_or(|roles| roles.iter().any(|known| known == name));
        allowed && purpose.needs.minus(role.holds.and(possible)).is_empty()
    });
    // Ascending by name, and the first of the smallest is taken.
    serves
        .min_by_key(|(_, role)| role.holds.iter().count())
        .map(|(name, _)| name)
}
