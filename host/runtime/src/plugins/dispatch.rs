//! Asking plugins at the engine's hooks.

mod draft;
mod refused;
mod review;

use std::collections::BTreeSet;

use super::Plugins;
use super::bindings::guestpass::plugin::types::{Attempt as AskedAttempt, Event, Named, Power};
use super::faults::Failure;
use super::hooks::Hook;
use super::run::shortened;
use crate::ports::{Attempt, GrantReview, HookFailure, Hooks};
use crate::{Actor, Draft, Happening};

use refused::Refused;
pub(super) use review::{Wrong, check_entry, check_grant, check_narrowed};

impl Hooks for Plugins {
    fn review_grant(&self, actor: &Actor, draft: &Draft) -> Result<GrantReview, HookFailure> {
        let running = self.running().map_err(|error| error.to_string())?;
        let mut review = GrantReview {
            veto: None,
            except: Vec::new(),
            ends_by: None,
            uses: None,
            redirect: None,
        };
        let refused = Refused {
            site: &actor.site,
            hook: Hook::GrantFilter,
            email: &draft.guest.email,
            grant: None,
            actor: Some(&actor.user),
        };
        let mut asked = None;
        for live in running.at(Hook::GrantFilter) {
            // Put together once, and only if somebody is asked.
            let asked =
                asked.get_or_insert_with(|| draft::of(actor, draft, &*self.runner().ports().facts));
            let verdict = self
                .ask(
                    live,
                    |plugin| self.runner().review_grant(plugin, asked),
                    |verdict| check_grant(asked, verdict),
                )
                .map_err(|failure| failure.of_review(&live.id))
                .inspect_err(|failure| {
                    self.tell_refused(&running, live, &refused, &failure.why);
                })?;
            if let Some(veto) = verdict.veto {
                self.tell_refused(&running, live, &refused, &veto);
                review.veto = Some(format!("{} (plugin `{}`)", sentence(&veto), live.id));
                return Ok(review);
            }
            draft::narrow(asked, &verdict);
            if let Some(path) = review::redirect(&verdict.more)? {
                review.redirect = Some(path.to_owned());
            }
            review.except.extend(verdict.except);
            review.ends_by = [review.ends_by, verdict.ends_by]
                .into_iter()
                .flatten()
                .min();
            review.uses = [review.uses, verdict.uses].into_iter().flatten().min();
        }
        Ok(review)
    }

    fn review_entry(&self, site: &str, attempt: &Attempt) -> Result<Option<String>, String> {
        let running = self.running().map_err(|error| error.to_string())?;
        let refused = Refused {
            site,
            hook: Hook::EntryFilter,
            email: &attempt.email,
            grant: Some(&attempt.grant),
            actor: None,
        };
        let mut asked = None;
        for live in running.at(Hook::EntryFilter) {
            let asked = asked.get_or_insert_with(|| AskedAttempt {
                site: site.to_owned(),
                grant: attempt.grant.clone(),
                grantor: attempt.grantor.clone(),
                email: attempt.email.clone(),
                uses: attempt.uses,
                address: attempt.origin.address.clone(),
                agent: attempt.origin.agent.clone(),
                more: Vec::new(),
            });
            let verdict = self
                .ask(
                    live,
                    |plugin| self.runner().review_entry(plugin, asked),
                    check_entry,
                )
                .map_err(Failure::into_reason)
                .inspect_err(|why| self.tell_refused(&running, live, &refused, why))?;
            if let Some(veto) = verdict.veto {
                self.tell_refused(&running, live, &refused, &veto);
                return Ok(Some(sentence(&veto)));
            }
        }
        Ok(None)
    }

    fn narrows(&self, _site: &str) -> bool {
        // What cannot be told may be a filter.
        self.running().map_or(true, |running| {
            running.at(Hook::PermissionFilter).next().is_some()
        })
    }

    fn narrow(
        &self,
        site: &str,
        grant: &str,
        user: &str,
        permissions: &str,
    ) -> Result<Vec<String>, String> {
        let running = self.running().map_err(|error| error.to_string())?;
        let mut withheld = BTreeSet::new();
        let mut asked = None;
        for live in running.at(Hook::PermissionFilter) {
            let asked = asked.get_or_insert_with(|| Power {
                site: site.to_owned(),
                grant: grant.to_owned(),
                user: user.to_owned(),
                permissions: permissions.to_owned(),
                more: Vec::new(),
            });
            let taken = self
                .ask(
                    live,
                    |plugin| self.runner().narrow(plugin, asked),
                    |taken| check_narrowed(asked, taken),
                )
                .map_err(Failure::into_reason)?;
            if !taken.is_empty() {
                withheld.extend(taken);
                let left: Vec<_> = permissions
                    .split(' ')
                    .filter(|name| !withheld.contains(*name))
                    .collect();
                asked.permissions = left.join(" ");
            }
        }
        Ok(withheld.into_iter().collect())
    }

    fn react(&self, site: &str, happening: &Happening) -> Result<(), String> {
        let event = Event {
            id: happening.id.clone(),
            site: site.to_owned(),
            name: happening.action.clone(),
            at: happening.at,
            grant: happening.grant.clone(),
            actor: happening.actor.clone(),
            subject: happening.subject.clone(),
            more: happening
                .details
                .iter()
                .map(|(name, value)| Named {
                    name: name.clone(),
                    value: value.clone(),
                })
                .collect(),
        };
        self.enqueue(&event).map_err(|error| error.to_string())
    }
}

/// A veto as people read it, whatever the plugin made of it.
fn sentence(veto: &str) -> String {
    let veto = shortened(veto);
    match veto.trim() {
        "" => "An extension does not allow this.".to_owned(),
        trimmed => trimmed.to_owned(),
    }
}
