//! What happens when a plugin fails: it is named, counted, and in the end switched off.

use super::Plugins;
use super::dispatch::Wrong;
use super::error::PluginError;
use super::run::{Fault, Prepared, Said, Used};
use super::running::Live;
use super::state::{Note, Status};
use crate::ports::{HookFailure, Level, Widening};

/// How a plugin did not answer.
pub(super) enum Failure {
    /// It failed, and that was counted.
    Plugin(String),
    /// It would have widened what it was to review, and that was counted.
    Widened { reason: String, tried: String },
    /// It said itself that it cannot.
    Declined(String),
    /// It could not be called.
    Uncallable(String),
}

impl Failure {
    pub(super) fn into_reason(self) -> String {
        match self {
            Self::Plugin(reason)
            | Self::Widened { reason, .. }
            | Self::Declined(reason)
            | Self::Uncallable(reason) => reason,
        }
    }

    /// What the engine hears of it when this plugin was to review a draft.
    pub(super) fn of_review(self, plugin: &str) -> HookFailure {
        let widening = match &self {
            Self::Widened { tried, .. } => Some(Widening {
                extension: plugin.to_owned(),
                tried: tried.clone(),
            }),
            _ => None,
        };
        HookFailure {
            why: self.into_reason(),
            widening,
        }
    }
}

impl Plugins {
    /// Asks one plugin and checks its answer: `check` tells what is wrong with it.
    pub(super) fn ask<T>(
        &self,
        live: &Live,
        call: impl FnOnce(&Prepared) -> Result<(Said<T>, Used), Fault>,
        check: impl FnOnce(&T) -> Result<(), Wrong>,
    ) -> Result<T, Failure> {
        let named = |reason: &str| format!("the plugin `{}` {reason}", live.id);
        let body = match &live.body {
            Ok(body) => body,
            Err(reason) => return Err(Failure::Uncallable(named(reason))),
        };
        let wrong = match call(body) {
            Ok((Ok(answer), _)) => match check(&answer) {
                Ok(()) => {
                    self.went_well(live);
                    return Ok(answer);
                }
                Err(wrong) => wrong,
            },
            Ok((Err(sentence), _)) => {
                let reason = named(&format!("could not tell: {sentence}"));
                self.runner().ports().log.write(Level::Warn, &reason);
                return Err(Failure::Declined(reason));
            }
            Err(Fault::Plugin(reason)) => Wrong::from(reason),
            Err(Fault::Host(reason)) => {
                return Err(Failure::Uncallable(named(&format!(
                    "could not be called: {reason}"
                ))));
            }
        };
        self.failed(live, &wrong.clause);
        let reason = named(&format!("failed: {}", wrong.clause));
        Err(match wrong.tried {
            Some(tried) => Failure::Widened { reason, tried },
            None => Failure::Plugin(reason),
        })
    }

    /// A good call ends a row of faults.
    fn went_well(&self, live: &Live) {
        if live.take_faulty() && self.state().clear_faults(&live.id).is_err() {
            live.set_faulty();
        }
    }

    /// Counts a fault, and switches the plugin off if that was one too many.
    pub(super) fn failed(&self, live: &Live, reason: &str) {
        live.set_faulty();
        self.runner().ports().log.write(
            Level::Error,
            &format!("the plugin `{}` failed: {reason}", live.id),
        );
        self.note(&live.id, "fault", reason);
        let limit = self.runner().limits().faults;
        match self.state().count_fault(&live.id) {
            Ok(count) if count >= limit => self.switch_off(&live.id, count, reason),
            Ok(_) => {}
            // The call itself is denied already; without a count the plugin is only asked more often than it deserves.
            Err(failure) => self.complain(&PluginError::state(failure)),
        }
    }

    fn switch_off(&self, id: &str, count: u32, reason: &str) {
        let sentence = format!(
            "it failed {count} times without a good call between, the last time because {reason}"
        );
        let changed = self.change(id, |plugin| {
            if plugin.status == Status::Active {
                plugin.status = Status::SwitchedOff {
                    reason: sentence.clone(),
                    at: self.now(),
                };
            }
            Ok(())
        });
        match changed {
            Ok(()) => {
                self.note(id, "switched-off", &sentence);
                self.runner().ports().log.write(
                    Level::Error,
                    &format!(
                        "the plugin `{id}` is switched off until it is activated again: {sentence}"
                    ),
                );
            }
            Err(error) => self.complain(&error),
        }
    }

    /// Writes into a plugin's journal. A journal that cannot be written stops nothing.
    pub(super) fn note(&self, id: &str, about: &str, text: &str) {
        let note = Note {
            at: self.now(),
            about: about.to_owned(),
            text: text.to_owned(),
        };
        if let Err(failure) = self.state().note(id, &note) {
            self.complain(&PluginError::state(failure));
        }
    }

    pub(super) fn complain(&self, error: &PluginError) {
        self.runner()
            .ports()
            .log
            .write(Level::Warn, &error.to_string());
    }
}
