//! Trying a plugin out, without installing it: what `guestpass plugin check` and `run` do.

use std::time::{Duration, Instant};

use serde::Serialize;
use serde_json::{Map, Value, json};

use super::Plugins;
use super::approval;
use super::dispatch::{Wrong, check_entry, check_grant, check_narrowed};
use super::error::PluginError;
use super::hooks::Hook;
use super::package::Package;
use super::run::{Fault, Prepared, Said, Used};

/// A plugin with everything that it asks for, ready to be tried.
pub struct Trial<'a> {
    plugins: &'a Plugins,
    plugin: Prepared,
    hooks: Vec<Hook>,
    start: Used,
}

/// How a try went.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Tried {
    /// What it answered; `None` if it failed.
    pub answer: Option<Value>,
    /// How it failed, or why its answer would not be accepted; a clause.
    pub fault: Option<String>,
    /// How long it took, an instance made for it included.
    pub took: Duration,
    /// Bytes of memory that it came to use.
    pub memory: usize,
    /// Lines that it wrote to the log.
    pub lines: u32,
}

impl Plugins {
    /// Makes a plugin ready to be tried, with these settings over those of its manifest.
    ///
    /// # Errors
    /// As [`Plugins::install`].
    pub fn trial(
        &self,
        package: &Package,
        settings: &Map<String, Value>,
    ) -> Result<Trial<'_>, PluginError> {
        let manifest = package.manifest();
        let mut all = manifest.settings.clone();
        for (name, value) in settings {
            let known = all.get_mut(name).ok_or_else(|| {
                PluginError::new(
                    "unknown-setting",
                    format!("The manifest has no setting `{name}`."),
                )
            })?;
            known.clone_from(value);
        }
        let component = self.runner().compile(package.component())?;
        let plugin = self.runner().prepare(
            &component,
            manifest,
            &manifest.capabilities,
            &approval::hosts(settings, manifest),
            Value::Object(all).to_string(),
        )?;
        let start = self.runner().try_start(&plugin).map_err(|fault| {
            PluginError::new(
                "does-not-start",
                format!("The component does not start: {fault}."),
            )
        })?;
        Ok(Trial {
            plugins: self,
            plugin,
            hooks: manifest.hooks.clone(),
            start,
        })
    }
}

impl Trial<'_> {
    /// Bytes of memory that it uses before its first call.
    pub fn memory_at_start(&self) -> usize {
        self.start.memory
    }

    /// Asks a hook. `question` is a JSON object; what it leaves out is as in [`example`].
    ///
    /// # Errors
    /// If the plugin has no such hook, or the question is none. A plugin that fails is no error.
    pub fn ask(&self, hook: Hook, question: &Value) -> Result<Tried, PluginError> {
        if !self.hooks.contains(&hook) {
            return Err(PluginError::new(
                "no-such-hook",
                format!("The plugin has no hook `{}`.", hook.name()),
            ));
        }
        let question = completed(hook, question)?;
        let runner = self.plugins.runner();
        let began = now();
        match hook {
            Hook::GrantFilter => {
                let draft = read(question)?;
                let said = runner.review_grant(&self.plugin, &draft);
                Ok(tried(began.elapsed(), said, |verdict| {
                    check_grant(&draft, verdict)
                }))
            }
            Hook::EntryFilter => {
                let attempt = read(question)?;
                let said = runner.review_entry(&self.plugin, &attempt);
                Ok(tried(began.elapsed(), said, check_entry))
            }
            Hook::PermissionFilter => {
                let power = read(question)?;
                let said = runner.narrow(&self.plugin, &power);
                Ok(tried(began.elapsed(), said, |taken| {
                    check_narrowed(&power, taken)
                }))
            }
            Hook::Action => {
                let event = read(question)?;
                let said = runner.react(&self.plugin, &event);
                Ok(tried(began.elapsed(), said, |_| Ok(())))
            }
        }
    }
}

impl std::fmt::Debug for Trial<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Trial")
            .field("hooks", &self.hooks)
            .finish_non_exhaustive()
    }
}

/// An ordinary question at a hook, as JSON.
pub fn example(hook: Hook) -> Value {
    match hook {
        Hook::GrantFilter => json!({
            "site": "main", "actor": "olivia", "email": "agent@support.example", "base": "role", "role": "editor",
            "chosen": [], "also": [], "except": [], "opens": null, "ending": "after", "ends": null, "period": "P3D",
            "uses": null, "more": [],
        }),
        Hook::EntryFilter => json!({
            "site": "main", "grant": "AAAAAAAAAAAAAAAAAAAAAA", "grantor": "olivia", "email": "agent@support.example",
            "uses": 0, "address": "203.0.113.9", "agent": null, "more": [],
        }),
        Hook::PermissionFilter => json!({
            "site": "main", "grant": "AAAAAAAAAAAAAAAAAAAAAA", "user": "guest",
            "permissions": "edit_posts publish_posts read", "more": [],
        }),
        Hook::Action => json!({
            "id": "AAAAAAAAAAAAAAAAAAAAAA.0", "site": "main", "name": "created", "at": 1_790_000_000_000_u64,
            "grant": "AAAAAAAAAAAAAAAAAAAAAA", "actor": "olivia", "subject": null, "more": [],
        }),
    }
}

/// A question with what it leaves out, and with `more` as pairs if it was written as an object.
fn completed(hook: Hook, question: &Value) -> Result<Value, PluginError> {
    let bad = |message: String| PluginError::new("bad-question", message);
    let mut whole = example(hook);
    let given = question
        .as_object()
        .ok_or_else(|| bad("A question is a JSON object.".to_owned()))?;
    for (name, value) in given {
        let Some(place) = whole.get_mut(name) else {
            let known = example(hook);
            let names: Vec<_> = known
                .as_object()
                .into_iter()
                .flatten()
                .map(|(name, _)| format!("`{name}`"))
                .collect();
            return Err(bad(format!(
                "A question at `{}` has no `{name}`; it has {}.",
                hook.name(),
                names.join(", ")
            )));
        };
        *place = match (name.as_str(), value) {
            ("more", Value::Object(pairs)) => pairs
                .iter()
                .map(|(name, value)| json!({ "name": name, "value": value.as_str().map_or_else(|| value.to_string(), str::to_owned) }))
                .collect(),
            _ => value.clone(),
        };
    }
    Ok(whole)
}

fn read<T: serde::de::DeserializeOwned>(question: Value) -> Result<T, PluginError> {
    serde_json::from_value(question).map_err(|error| {
        PluginError::new(
            "bad-question",
            format!("The question cannot be read: {error}."),
        )
    })
}

fn tried<T: Serialize>(
    took: Duration,
    said: Result<(Said<T>, Used), Fault>,
    check: impl FnOnce(&T) -> Result<(), Wrong>,
) -> Tried {
    let failed = |fault: String, used: Option<Used>| Tried {
        answer: None,
        fault: Some(fault),
        took,
        memory: used.map_or(0, |used| used.memory),
        lines: used.map_or(0, |used| used.lines),
    };
    match said {
        Ok((Ok(answer), used)) => Tried {
            fault: check(&answer).err().map(|wrong| wrong.clause),
            answer: serde_json::to_value(&answer).ok(),
            took,
            memory: used.memory,
            lines: used.lines,
        },
        Ok((Err(sentence), used)) => failed(format!("it could not tell: {sentence}"), Some(used)),
        Err(fault) => failed(fault.to_string(), None),
    }
}

fn now() -> Instant {
    #[allow(
        clippy::disallowed_methods,
        reason = "measures, for authors of plugins; decides nothing"
    )]
    Instant::now()
}
