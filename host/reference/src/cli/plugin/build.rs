//! `plugin build`: from a crate to `plugin.wasm`.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use guestpass::plugins::COMPONENT;
use serde_json::{Value, json};
use wit_component::ComponentEncoder;

use super::write::written;
use crate::output::Answer;
use crate::problem::Problem;

const TARGET: &str = "wasm32-unknown-unknown";

pub(super) fn run(path: &Path) -> Result<Answer, Problem> {
    let module = compile(path)?;
    let bytes = std::fs::read(&module)
        .map_err(|error| failed(format!("`{}` cannot be read: {error}", module.display())))?;
    let component = ComponentEncoder::default()
        .validate(true)
        .module(&bytes)
        .and_then(|encoder| encoder.encode())
        .map_err(|error| {
            failed(format!("the module makes no component: {error:#}; does the crate call `guestpass_plugin::export!`"))
        })?;
    let file = path.join(COMPONENT);
    written(&file, &component)?;
    Ok(Answer::new(
        format!(
            "{} bytes are written to {}.",
            component.len(),
            file.display()
        ),
        json!({ "file": file, "bytes": component.len() }),
    ))
}

fn failed(reason: String) -> Problem {
    Problem::usage("not-built", format!("The plugin was not built: {reason}."))
}

/// Compiles the crate and gives the file of its module.
fn compile(path: &Path) -> Result<PathBuf, Problem> {
    if !path.join("Cargo.toml").is_file() {
        return Err(failed(format!(
            "`{}` holds no `Cargo.toml`; this builds plugins in Rust, those in other languages are built by their own tools",
            path.display()
        )));
    }
    let mut cargo = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    cargo
        .current_dir(path)
        .args([
            "build",
            "--release",
            "--target",
            TARGET,
            "--message-format",
            "json-render-diagnostics",
        ])
        // Those of a cargo that runs this program are not meant for another build.
        .env_remove("CARGO_ENCODED_RUSTFLAGS")
        .env_remove("RUSTFLAGS")
        .env_remove("RUSTC_WORKSPACE_WRAPPER")
        .stderr(Stdio::inherit());
    let output = cargo
        .output()
        .map_err(|error| failed(format!("cargo cannot be run: {error}")))?;
    if !output.status.success() {
        return Err(failed(format!(
            "it does not compile; what the compiler said stands above. If the target is missing, type `rustup target add {TARGET}`"
        )));
    }
    let messages = String::from_utf8_lossy(&output.stdout);
    let mut modules = messages
        .lines()
        .filter_map(|line| serde_json::from_str::<Value>(line).ok())
        .filter(|message| message["reason"] == "compiler-artifact")
        .filter_map(|message| {
            let files = message["filenames"].as_array()?;
            files
                .iter()
                .filter_map(Value::as_str)
                .find(|file| file.ends_with(".wasm"))
                .map(PathBuf::from)
        });
    modules.next_back().ok_or_else(|| {
        failed("the crate has no `crate-type = [\"cdylib\"]`, so it makes no module".to_owned())
    })
}
