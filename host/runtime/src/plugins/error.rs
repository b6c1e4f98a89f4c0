//! Why something could not be done with a plugin.

use std::fmt;

use serde_json::Value;

use crate::RefusalKind;

/// What was wrong, in words for the owner or the author of a plugin, and in one for programs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PluginError {
    code: &'static str,
    message: String,
    field: Option<String>,
}

impl PluginError {
    pub(crate) fn new(code: &'static str, message: impl Into<String>) -> Self {
        Self {
            code,
            message: message.into(),
            field: None,
        }
    }

    pub(crate) fn unknown(id: &str) -> Self {
        Self::new(
            "unknown-plugin",
            format!("No plugin `{id}` is installed. `guestpass plugin list` shows those that are."),
        )
    }

    pub(crate) fn state(reason: impl fmt::Display) -> Self {
        Self::new(
            "state-unavailable",
            format!("What is known of plugins cannot be read or written: {reason}."),
        )
    }

    pub(crate) fn asks_for_other(id: &str) -> Self {
        Self::new(
            "asks-for-other",
            format!(
                "The plugin `{id}` asks for something else than what you approve. Look at it again."
            ),
        )
    }

    pub(crate) fn other_version(id: &str) -> Self {
        Self::new(
            "other-version",
            format!(
                "Another version of `{id}` waits now than the one you looked at, or it would send elsewhere. Look at it again."
            ),
        )
    }

    pub(crate) fn bad_setting(name: &str, default: &Value) -> Self {
        let message = format!("`{name}` must be of the same kind as `{default}`.");
        Self::new("bad-setting", message).about(name)
    }

    pub(crate) fn about(mut self, field: &str) -> Self {
        self.field = Some(field.to_owned());
        self
    }

    /// The coarse reason.
    pub fn kind(&self) -> RefusalKind {
        match self.code {
            "unknown-plugin" => RefusalKind::NotFound,
            "already-installed"
            | "not-approved"
            | "no-previous-version"
            | "changed-meanwhile"
            | "not-newer"
            | "asks-for-other"
            | "other-version" => RefusalKind::Conflict,
            "state-unavailable" | "busy" | "component-gone" | "component-changed" => {
                RefusalKind::Unavailable
            }
            "bad-signature" | "other-key" => RefusalKind::Forbidden,
            _ => RefusalKind::Invalid,
        }
    }

    /// The setting it concerns, where one is to blame.
    pub fn field(&self) -> Option<&str> {
        self.field.as_deref()
    }

    /// A stable word such as `bad-manifest`.
    pub fn code(&self) -> &'static str {
        self.code
    }
}

impl fmt::Display for PluginError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for PluginError {}
