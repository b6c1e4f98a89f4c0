//! `component`: the engine as the file that other hosts embed.

use std::path::PathBuf;

use clap::Subcommand;
use guestpass::component;
use serde_json::json;

use crate::output::{self, Answer};
use crate::problem::Problem;

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Write the component to a file
    Export {
        /// Where to, for example guestpass.wasm
        file: PathBuf,
    },
    /// Print its size, SHA-256, imports, exports and version
    Info,
}

pub(super) fn run(command: &Command) -> Result<Answer, Problem> {
    let info = component::info();
    let json = json!({
        "version": info.version,
        "size": info.size,
        "sha256": info.sha256,
        "imports": info.imports,
        "exports": info.exports,
    });
    match command {
        Command::Info => {
            let mut facts = vec![
                ("Version", info.version.to_string()),
                ("Size", format!("{} bytes", info.size)),
                ("SHA-256", info.sha256.to_string()),
            ];
            facts.extend(
                info.imports
                    .iter()
                    .map(|name| ("Imports", name.to_string())),
            );
            facts.extend(
                info.exports
                    .iter()
                    .map(|name| ("Exports", name.to_string())),
            );
            Ok(Answer::new(output::facts(&facts), json))
        }
        Command::Export { file } => {
            std::fs::write(file, component::BYTES).map_err(|error| {
                Problem::unavailable(
                    "not-written",
                    format!("`{}` cannot be written: {error}.", file.display()),
                )
            })?;
            Ok(Answer::new(
                format!("{} bytes are written to {}.", info.size, file.display()),
                json,
            ))
        }
    }
}
