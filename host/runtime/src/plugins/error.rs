//! Why something could not be done with a plugin.

use std::fmt;

/// What was wrong, in words for the owner or the author of a plugin, and in one for programs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PluginError {
    code: &'static str,
    message: String,
}

impl PluginError {
    pub(crate) fn new(code: &'static str, message: impl Into<String>) -> Self {
        Self {
            code,
            message: message.into(),
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
