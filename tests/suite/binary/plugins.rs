//! What an author and an owner type, from nothing to a plugin that vetoes and is gone again.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::{Ran, Site, site};

const DIR: &str = "door-keeper";

/// Where the crates that plugins need are built already.
fn target() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../examples/plugins/target")
}

/// With what a compiler needs of the surroundings.
fn able_to_compile(mut command: Command) -> Command {
    for name in [
        "PATH",
        "HOME",
        "CARGO",
        "CARGO_HOME",
        "RUSTUP_HOME",
        "RUSTUP_TOOLCHAIN",
    ] {
        if let Some(value) = std::env::var_os(name) {
            command.env(name, value);
        }
    }
    command.env("CARGO_TARGET_DIR", target());
    command
}

fn compiles(site: &Site, arguments: &[&str]) -> Ran {
    let mut command = able_to_compile(site.command());
    let ran = Ran::new(&command.args(arguments).output().unwrap());
    assert_eq!(ran.code, Some(0), "{arguments:?}: {ran:?}");
    ran
}

#[test]
fn a_plugin_is_scaffolded_tried_installed_upgraded_and_removed() {
    let site = site();
    site.ask(&["plugin", "new", DIR, "--hooks", "grant-filter,action"]);
    let dir = site.data().parent().unwrap().join(DIR);
    assert_eq!(
        site.run(&["plugin", "new", DIR]).code,
        Some(2),
        "it is there already"
    );

    let mut cargo = able_to_compile(Command::new(
        std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()),
    ));
    assert!(
        cargo
            .args(["test", "--quiet"])
            .current_dir(&dir)
            .status()
            .unwrap()
            .success()
    );
    compiles(&site, &["plugin", "build", DIR]);
    let checked = site.ask(&["plugin", "check", DIR]);
    assert_eq!(
        (checked["id"].as_str(), checked["signed"].as_bool()),
        (Some(DIR), Some(false))
    );

    let vetoed = site.ask(&[
        "plugin",
        "run",
        "grant-filter",
        DIR,
        "--event",
        r#"{"email": "a@blocked.example"}"#,
    ]);
    assert!(
        vetoed["answer"]["veto"].is_string() && vetoed["memory"].as_u64() > Some(0),
        "{vetoed}"
    );
    let wrong = site.run(&["plugin", "run", "entry-filter", DIR]);
    assert!(
        wrong.code == Some(2) && wrong.err.contains("no hook `entry-filter`"),
        "{wrong:?}"
    );

    site.ask(&["plugin", "sign", DIR, "--key", "key"]);
    site.ask(&["plugin", "pack", DIR, "-o", "door-keeper.gpx"]);
    site.ask(&["plugin", "install", "door-keeper.gpx"]);
    assert_eq!(
        site.run(&["plugin", "activate", DIR]).code,
        Some(1),
        "it is not approved"
    );
    site.ask(&["plugin", "approve", DIR]);
    site.ask(&["plugin", "activate", DIR]);
    let grant = [
        "grant", "create", "--role", "editor", "--for", "P1D", "--email",
    ];
    let refused = site.run(&[&grant[..], &["a@blocked.example"]].concat());
    assert!(
        refused.code == Some(1) && refused.err.contains("(plugin `door-keeper`)"),
        "{refused:?}"
    );
    site.ask(&[&grant[..], &["a@other.example"]].concat());
    site.ask(&["sweep"]);
    let inspected = site.ask(&["plugin", "inspect", DIR]);
    assert_eq!(
        inspected["deliveries"].as_array().map(Vec::len),
        Some(0),
        "{inspected}"
    );

    // Somebody changes it without signing it again.
    let manifest = dir.join("plugin.toml");
    let text = fs::read_to_string(&manifest).unwrap();
    fs::write(
        &manifest,
        text.replace("0.1.0", "0.2.0")
            .replace("log = true", "log = true\nclock = true"),
    )
    .unwrap();
    let unsigned = site.run(&["plugin", "upgrade", DIR]);
    assert!(
        unsigned.code == Some(1) && unsigned.err.contains("signature is wrong"),
        "{unsigned:?}"
    );
    site.ask(&["plugin", "sign", DIR, "--key", "key"]);
    let upgraded = site.ask(&["plugin", "upgrade", DIR]);
    assert_eq!(
        (
            upgraded["upgrade"]["added"][0].as_str(),
            upgraded["upgrade"]["waits"].as_bool()
        ),
        (Some("clock"), Some(true))
    );
    assert_eq!(site.ask(&["plugin", "inspect", DIR])["version"], "0.1.0");
    let approve = ["plugin", "approve", DIR, "--version"];
    let other = site.run(&[&approve[..], &["0.1.5"]].concat());
    assert!(
        other.code == Some(1) && other.err.contains("Look at it again"),
        "{other:?}"
    );
    let approved = site.ask(&[&approve[..], &["0.2.0"]].concat());
    assert_eq!(approved["version"], "0.2.0");
    assert_eq!(site.ask(&["plugin", "inspect", DIR])["version"], "0.2.0");
    site.ask(&["plugin", "rollback", DIR]);

    assert_eq!(
        site.run(&["plugin", "uninstall", DIR]).code,
        Some(2),
        "what becomes of its data must be said"
    );
    site.ask(&["plugin", "uninstall", DIR, "--delete-data"]);
    site.ask(&[&grant[..], &["b@blocked.example"]].concat());
}

#[test]
fn a_manifest_is_corrected_line_by_line() {
    let site = site();
    let dir = site.data().parent().unwrap().join("broken");
    fs::create_dir(&dir).unwrap();
    fs::write(
        dir.join("plugin.toml"),
        "id = \"Broken\"\nversion = 1\nhooks = [\"grant-filer\"]\n",
    )
    .unwrap();
    fs::write(dir.join("plugin.wasm"), b"").unwrap();
    let ran = site.run(&["plugin", "install", "broken"]);
    assert_eq!(ran.code, Some(2));
    for said in [
        "line 1: `id` must have",
        "line 2: `version` must be",
        "line 3: `hooks` has no hook `grant-filer`",
    ] {
        assert!(ran.err.contains(said), "{said}: {}", ran.err);
    }
    assert_eq!(
        site.ask(&["plugin", "list"])["plugins"]
            .as_array()
            .map(Vec::len),
        Some(0)
    );
}

#[test]
fn only_owners_run_plugins() {
    let site = site();
    let ran = site.run(&["plugin", "hooks"]);
    assert!(
        ran.out.contains("permission-filter") && ran.out.contains("locked-out"),
        "{ran:?}"
    );
    site.ask(&[
        "user",
        "add",
        "--email",
        "ed@site.example",
        "--role",
        "editor",
    ]);
    let ran = site.run(&["--as", "ed@site.example", "plugin", "list"]);
    assert!(
        ran.code == Some(1) && ran.err.contains("Only the owner"),
        "{ran:?}"
    );
}
