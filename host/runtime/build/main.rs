//! Builds the engine and bakes it into the crate, so that `cargo build` is all there is to do, and writes down what is known
//! of it.

mod engine;

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use sha2::{Digest, Sha256};
use wit_component::DecodedWasm;

use engine::{Outcome, Toolchain};

/// What the component is made of, seen from the workspace's root.
const SOURCES: [&str; 7] = [
    "Cargo.toml",
    "Cargo.lock",
    "rust-toolchain.toml",
    "guest/core",
    "guest/screens",
    "guest/component",
    "wit/access",
];

fn main() -> ExitCode {
    match build() {
        Ok(()) => ExitCode::SUCCESS,
        Err(reason) => {
            for line in reason.lines() {
                println!("cargo::error={line}");
            }
            ExitCode::FAILURE
        }
    }
}

fn build() -> Outcome<()> {
    let here = PathBuf::from(variable("CARGO_MANIFEST_DIR")?);
    let workspace = here
        .ancestors()
        .nth(2)
        .ok_or("host/runtime must lie in the workspace")?;
    let out = PathBuf::from(variable("OUT_DIR")?);
    for source in SOURCES {
        println!(
            "cargo::rerun-if-changed={}",
            workspace.join(source).display()
        );
    }
    println!("cargo::rerun-if-changed=build");

    let toolchain = Toolchain {
        cargo: variable("CARGO")?,
        rustc: variable("RUSTC")?,
    };
    toolchain.ensure_target()?;
    let component = engine::component(workspace, &out.join("guest"), &toolchain)?;
    write(&out.join("guestpass.wasm"), &component)?;
    write(
        &out.join("component_info.rs"),
        describe(&component)?.as_bytes(),
    )
}

fn variable(name: &str) -> Outcome<String> {
    env::var(name).map_err(|_| format!("cargo did not set `{name}`"))
}

fn write(path: &Path, bytes: &[u8]) -> Outcome<()> {
    fs::write(path, bytes).map_err(|error| format!("cannot write `{}`: {error}", path.display()))
}

/// What is known of the component, as Rust constants.
fn describe(component: &[u8]) -> Outcome<String> {
    let decoded = wit_component::decode(component)
        .map_err(|error| format!("the component cannot be read: {error:#}"))?;
    let DecodedWasm::Component(resolve, world) = decoded else {
        return Err("the engine was encoded as a WIT package instead of a component".to_owned());
    };
    let world = &resolve.worlds[world];
    let imports: Vec<_> = world
        .imports
        .keys()
        .map(|key| resolve.name_world_key(key))
        .collect();
    let exports: Vec<_> = world
        .exports
        .keys()
        .map(|key| resolve.name_world_key(key))
        .collect();
    let sha256 = Sha256::digest(component)
        .iter()
        .fold(String::new(), |hex, byte| hex + &format!("{byte:02x}"));
    Ok(format!(
        "const SHA256: &str = {sha256:?};\nconst IMPORTS: &[&str] = &{imports:?};\nconst EXPORTS: &[&str] = &{exports:?};\n"
    ))
}
