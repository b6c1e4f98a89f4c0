//! Switching guests' access off and on for a whole site, and leaving a site for good. For the host's operator.
//!
//! While a site is deactivated nobody is let in and no session is answered for, but nothing is lost: taking access back
//! still works, and whatever was not taken back goes on when the site is activated again. Time does not stand still
//! meanwhile: what ends, ends.

pub mod uninstall;

use std::rc::Rc;

use crate::engine::Engine;
use crate::history::record::Action;
use crate::instant::Instant;
use crate::names::SiteId;
use crate::policy::Policy;
use crate::refusal::{Code, Refusal};
use crate::transaction::{Note, Transaction};

impl Policy {
    /// Whether anybody is let in at all.
    ///
    /// # Errors
    /// [`Code::Deactivated`]
    pub(crate) fn active(&self) -> Result<(), Refusal> {
        match self.deactivated {
            None => Ok(()),
            Some(since) => Err(Code::Deactivated.because(format!(
                "Access for guests is switched off on this site since {since}. Nothing is lost: it goes on when the site's operator switches it on again."
            ))),
        }
    }
}

impl Engine<'_> {
    /// Since when the site is deactivated; none: it is not.
    ///
    /// # Errors
    /// If there is no such site or it cannot be read.
    pub fn deactivated(&self, site: &SiteId) -> Result<Option<Instant>, Refusal> {
        self.policy(site).map(|policy| policy.deactivated)
    }

    /// Lets nobody in until the site is activated, and tells since when. Doing it again changes nothing.
    ///
    /// # Errors
    /// If there is no such site or it cannot be written.
    pub fn deactivate(&self, site: &SiteId) -> Result<Instant, Refusal> {
        self.catalogue(site, None)?;
        self.transact(site, |transaction| {
            let mut stored = Rc::unwrap_or_clone(transaction.policy()?);
            if let Some(since) = stored.body.deactivated {
                return Ok(since);
            }
            let now = transaction.now();
            stored.body.deactivated = Some(now);
            transaction.save_policy(&mut stored, Note::by_engine(Action::Deactivated))?;
            Ok(now)
        })
    }

    /// Lets guests in again. Doing it again changes nothing.
    ///
    /// # Errors
    /// If there is no such site or it cannot be written.
    pub fn activate(&self, site: &SiteId) -> Result<(), Refusal> {
        self.catalogue(site, None)?;
        self.transact(site, |transaction| {
            let mut stored = Rc::unwrap_or_clone(transaction.policy()?);
            if stored.body.deactivated.take().is_none() {
                return Ok(());
            }
            transaction.save_policy(&mut stored, Note::by_engine(Action::Activated))
        })
    }
}

impl Transaction<'_> {
    /// Whether the site is deactivated, and stays so until this is committed.
    ///
    /// # Errors
    /// [`Code::NotDeactivated`], or if the policy cannot be read.
    fn deactivated(&mut self) -> Result<(), Refusal> {
        if self.policy()?.body.deactivated.is_some() {
            return Ok(());
        }
        Err(Code::NotDeactivated
            .because("Only a site that is deactivated can be uninstalled. Deactivate it first."))
    }
}
