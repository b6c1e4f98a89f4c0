//! The component that is built in: what it says of itself is so, and it is small. What it may reach is in
//! `properties/p24_reach.rs`.

#[path = "../../host/runtime/build/engine.rs"]
mod engine;

use std::fs;
use std::path::Path;

use guestpass::component;
use sha2::{Digest as _, Sha256};

use engine::Toolchain;

#[test]
fn it_is_a_component_and_says_the_truth_about_itself() {
    let info = component::info();
    // The preamble of a component: `\0asm`, version 13, layer 1.
    assert_eq!(
        component::BYTES[..8],
        [0x00, 0x61, 0x73, 0x6d, 0x0d, 0x00, 0x01, 0x00]
    );
    assert_eq!(info.size, component::BYTES.len());
    let digest: String = Sha256::digest(component::BYTES)
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    assert_eq!(info.sha256, digest);
    assert_eq!(info.version, env!("CARGO_PKG_VERSION"));
}

#[test]
fn it_fits_where_a_cms_has_room_for_it() {
    assert!(
        component::BYTES.len() <= 1_150_000,
        "{} bytes",
        component::BYTES.len()
    );
}

#[test]
fn it_holds_no_path_of_the_machine_it_was_built_on() {
    let home = std::env::var("HOME").unwrap_or_default();
    let here = env!("CARGO_MANIFEST_DIR").trim_end_matches("/tests");
    for path in [home.as_str(), here]
        .into_iter()
        .filter(|path| path.len() > 1)
    {
        assert!(
            !crate::search::contains(component::BYTES, path.as_bytes()),
            "{path}"
        );
    }
}

/// What cargo looks at to build the engine, and the members of the workspace that it only looks for.
const WORKSPACE: [&str; 7] = [
    "Cargo.toml",
    "Cargo.lock",
    "rust-toolchain.toml",
    "guest",
    "host",
    "tests",
    "wit",
];

#[test]
fn built_again_and_somewhere_else_it_has_the_same_bytes() {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .expect("the workspace");
    let elsewhere = tempfile::tempdir().expect("a directory");
    let workspace = elsewhere.path().join("a place with a longer name");
    fs::create_dir(&workspace).expect("a directory is made");
    for name in WORKSPACE {
        copy(&here.join(name), &workspace.join(name));
    }
    let toolchain = Toolchain {
        cargo: env!("CARGO").to_owned(),
        rustc: "rustc".to_owned(),
    };
    toolchain.ensure_target().expect("WebAssembly");
    let target = elsewhere.path().join("target");
    let again = engine::component(&workspace, &target, &toolchain).expect("it is built again");
    assert!(
        again == component::BYTES,
        "{} bytes, and then {} others",
        component::BYTES.len(),
        again.len()
    );
}

fn copy(from: &Path, to: &Path) {
    if !from.is_dir() {
        fs::copy(from, to).expect("a file is copied");
        return;
    }
    fs::create_dir(to).expect("a directory is made");
    for entry in fs::read_dir(from).expect("a directory is read") {
        let name = entry.expect("an entry").file_name();
        copy(&from.join(&name), &to.join(&name));
    }
}
