//! The log, on standard error. Never holds a secret: of a request it names the page, not the address that was typed.

use std::io::IsTerminal as _;

use tracing_subscriber::EnvFilter;

use crate::problem::Problem;

/// Starts logging. Without a filter, `serve` tells what happens and the other commands only what is wrong.
pub fn start(filter: Option<&str>, serving: bool) -> Result<(), Problem> {
    let filter = match filter {
        Some(filter) => EnvFilter::try_new(filter).map_err(|error| {
            Problem::usage(
                "bad-setting",
                format!("`{filter}` is no log filter: {error}."),
            )
            .at("log")
        })?,
        None => EnvFilter::new(if serving {
            "warn,guestpass=info,guestpass_host=info"
        } else {
            "warn"
        }),
    };
    // A second start, as in tests, keeps the first.
    let _ = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .with_ansi(std::io::stderr().is_terminal())
        .try_init();
    Ok(())
}
