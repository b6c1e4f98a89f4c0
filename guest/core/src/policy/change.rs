//! Reading and changing a site's policy.

use crate::engine::Engine;
use crate::grant::authority::Authority;
use crate::history::record::Action;
use crate::names::{Actor, SiteId};
use crate::policy::Policy;
use crate::refusal::{Code, Refusal};
use crate::transaction::Note;

impl Engine<'_> {
    /// The site's policy.
    ///
    /// # Errors
    /// If there is no such site or it cannot be read.
    pub fn policy(&self, site: &SiteId) -> Result<Policy, Refusal> {
        self.catalogue(site, None)?;
        self.transact(site, |transaction| Ok(transaction.policy()?.body))
    }

    /// Changes the site's policy. Owners only.
    ///
    /// # Errors
    /// [`Code::OwnersOnly`], [`Code::UnknownPermission`], or if it cannot be written.
    pub fn set_policy(&self, actor: &Actor, mut policy: Policy) -> Result<(), Refusal> {
        let authority = Authority::of(self, actor)?;
        if !authority.user.owner {
            return Err(
                Code::OwnersOnly.because("Only an owner of the site may change its policy.")
            );
        }
        if let Some(names) = &mut policy.ceiling {
            for name in &*names {
                authority
                    .catalogue
                    .known(name)
                    .map_err(|refusal| refusal.about("ceiling"))?;
            }
            names.sort_unstable();
            names.dedup();
        }
        self.transact(&actor.site, |transaction| {
            let mut stored = transaction.policy()?;
            if stored.body == policy {
                return Ok(());
            }
            stored.body = policy.clone();
            let note = Note::by(&actor.user, Action::PolicyChanged)
                .with(
                    "ceiling",
                    policy
                        .ceiling
                        .as_ref()
                        .map_or("everything".to_owned(), |names| names.join(" ")),
                )
                .with("longest-window", policy.longest_window.to_string());
            transaction.save_policy(&mut stored, note)
        })
    }
}
