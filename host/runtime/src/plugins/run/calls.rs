//! Calling a hook of a plugin, on an instance of its own.

use super::Runner;
use super::fault::Fault;
use super::inside::Used;
use super::instance::Instance;
use super::prepared::{Exports, Prepared};
use crate::plain::one_line;
use crate::plugins::bindings::exports::guestpass::plugin::{action, entry_filter, grant_filter};
use crate::plugins::bindings::guestpass::plugin::types::{Attempt, Draft, Event, Power};
use crate::plugins::hooks::Hook;
use crate::ports::Level;

/// What a plugin says: an answer, or its own sentence about why it has none.
pub(in crate::plugins) type Said<T> = Result<T, String>;

/// The longest sentence of a plugin that is passed on, in bytes.
const LONGEST_SENTENCE: usize = 500;
/// The share of all instances that may be kept warm.
const WARM_SHARE: u32 = 2;

impl Runner {
    pub(in crate::plugins) fn review_grant(
        &self,
        plugin: &Prepared,
        draft: &Draft,
    ) -> Result<(Said<grant_filter::Verdict>, Used), Fault> {
        self.call(
            plugin,
            Hook::GrantFilter,
            &draft.site,
            |instance, exports| {
                let (hook, store) = instance.grant(exports)?;
                hook.call_review(store, draft)
            },
        )
    }

    pub(in crate::plugins) fn review_entry(
        &self,
        plugin: &Prepared,
        attempt: &Attempt,
    ) -> Result<(Said<entry_filter::Verdict>, Used), Fault> {
        self.call(
            plugin,
            Hook::EntryFilter,
            &attempt.site,
            |instance, exports| {
                let (hook, store) = instance.entry(exports)?;
                hook.call_review(store, attempt)
            },
        )
    }

    pub(in crate::plugins) fn narrow(
        &self,
        plugin: &Prepared,
        power: &Power,
    ) -> Result<(Said<Vec<String>>, Used), Fault> {
        self.call(
            plugin,
            Hook::PermissionFilter,
            &power.site,
            |instance, exports| {
                let (hook, store) = instance.permission(exports)?;
                hook.call_narrow(store, power)
            },
        )
    }

    pub(in crate::plugins) fn react(
        &self,
        plugin: &Prepared,
        event: &Event,
    ) -> Result<(Said<Vec<action::Request>>, Used), Fault> {
        self.call(plugin, Hook::Action, &event.site, |instance, exports| {
            let (hook, store) = instance.action(exports)?;
            hook.call_react(store, event)
        })
    }

    /// Starts an instance and throws it away: whether its start alone keeps to the limits, and whether its hooks have the right
    /// shape.
    pub(in crate::plugins) fn try_start(&self, plugin: &Prepared) -> Result<Used, Fault> {
        let hook = Hook::GrantFilter;
        let (_, used) = self.call(plugin, hook, "", |instance, exports| {
            if exports.grant.is_some() {
                instance.grant(exports)?;
            }
            if exports.entry.is_some() {
                instance.entry(exports)?;
            }
            if exports.permission.is_some() {
                instance.permission(exports)?;
            }
            if exports.action.is_some() {
                instance.action(exports)?;
            }
            Ok(Ok(()))
        })?;
        Ok(used)
    }

    fn call<T>(
        &self,
        plugin: &Prepared,
        hook: Hook,
        site: &str,
        call: impl FnOnce(&mut Instance, &Exports) -> wasmtime::Result<Said<T>>,
    ) -> Result<(Said<T>, Used), Fault> {
        let _running = self.pulse.run();
        let mut instance = match self.take_warm(plugin) {
            Some(mut warm) => {
                warm.begin(self, hook, site);
                warm
            }
            None => {
                let mut store = Instance::store(self, plugin, hook, site);
                match Instance::start(&mut store, plugin) {
                    Ok(instance) => Instance::new(store, instance),
                    Err(error) => return Err(Fault::of(&error, Some(store.data()))),
                }
            }
        };
        let answer = call(&mut instance, &plugin.exports);
        let used = instance.used();
        tell_flood(plugin, used);
        match answer {
            Ok(said) => {
                self.keep_warm(plugin, instance);
                Ok((said.map_err(|sentence| shortened(&sentence)), used))
            }
            // The store is dropped here with whatever state the fault left in it.
            Err(error) => Err(Fault::of(&error, Some(instance.store.data()))),
        }
    }

    fn take_warm(&self, plugin: &Prepared) -> Option<Instance> {
        plugin.warm.as_ref()?.take()
    }

    fn keep_warm(&self, plugin: &Prepared, instance: Instance) {
        // Instances that wait take up places of the pool, so others must find enough of them free.
        if let Some(warm) = plugin.warm.as_ref()
            && instance.is_worth_keeping()
        {
            warm.keep(instance, self.limits.instances / WARM_SHARE);
        }
    }
}

fn tell_flood(plugin: &Prepared, used: Used) {
    if let Some(dropped) = used
        .lines
        .checked_sub(super::imports::MOST_LINES)
        .filter(|dropped| *dropped > 0)
    {
        plugin.facilities.log(
            Level::Warn,
            &format!("{dropped} more lines of this call were dropped"),
        );
    }
}

/// A sentence of a plugin as people are shown it.
pub(in crate::plugins) fn shortened(sentence: &str) -> String {
    let end = sentence.floor_char_boundary(LONGEST_SENTENCE);
    one_line(&sentence[..end])
}
