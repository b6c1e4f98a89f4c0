//! `plugin new`: a plugin to begin with.

use std::fs;
use std::path::{Path, PathBuf};

use guestpass::plugins::{Hook, MANIFEST};
use serde_json::json;

use super::write::written;
use crate::output::Answer;
use crate::problem::Problem;

const CARGO: &str = include_str!("../../../assets/plugin/Cargo.toml.txt");
const TOML: &str = include_str!("../../../assets/plugin/plugin.toml.txt");
const IGNORE: &str = "/target\n/plugin.wasm\n/*.gpx\n";

/// What the method of a hook looks like at first, and how it is tried.
fn method(hook: Hook) -> (&'static str, &'static str) {
    match hook {
        Hook::GrantFilter => (
            include_str!("../../../assets/plugin/grant_filter.rs.txt"),
            include_str!("../../../assets/plugin/grant_filter_test.rs.txt"),
        ),
        Hook::EntryFilter => (
            include_str!("../../../assets/plugin/entry_filter.rs.txt"),
            include_str!("../../../assets/plugin/entry_filter_test.rs.txt"),
        ),
        Hook::PermissionFilter => (
            include_str!("../../../assets/plugin/permission_filter.rs.txt"),
            include_str!("../../../assets/plugin/permission_filter_test.rs.txt"),
        ),
        Hook::Action => (
            include_str!("../../../assets/plugin/action.rs.txt"),
            include_str!("../../../assets/plugin/action_test.rs.txt"),
        ),
    }
}

/// What a hook's method names of the crate.
fn uses(hook: Hook) -> [&'static str; 2] {
    match hook {
        Hook::GrantFilter => ["Draft", "Grant"],
        Hook::EntryFilter => ["Attempt", "Entry"],
        Hook::PermissionFilter => ["Power", "Withheld"],
        Hook::Action => ["Event", "Requests"],
    }
}

pub(super) fn run(name: &str, hooks: &[String], sdk: Option<&Path>) -> Result<Answer, Problem> {
    let hooks = checked(hooks)?;
    let directory = PathBuf::from(name);
    let sound = name.len() >= 2
        && name.len() <= 64
        && name.starts_with(|c: char| c.is_ascii_lowercase())
        && !name.ends_with('-')
        && name
            .bytes()
            .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-');
    if !sound {
        return Err(Problem::usage(
            "bad-name",
            format!(
                "`{name}` is no name for a plugin. It has 2 to 64 characters out of `a-z`, `0-9` and `-`, and begins with a letter."
            ),
        ));
    }
    if directory.exists() {
        return Err(Problem::usage(
            "already-there",
            format!("`{name}` is there already. Choose another name."),
        ));
    }
    let sdk = match sdk {
        Some(path) => fs::canonicalize(path)
            .map_err(|error| Problem::usage("no-sdk", format!("`{}` cannot be used: {error}.", path.display())).at("sdk"))?,
        None => find_sdk().ok_or_else(|| {
            Problem::usage(
                "no-sdk",
                "The crate guestpass-plugin is not around here. Say where it lies with `--sdk DIR`; it is `guest/plugin-sdk` in \
                 the sources of Guestpass.",
            )
            .at("sdk")
        })?,
    };
    let files = [
        (
            "Cargo.toml",
            CARGO
                .replace("NAME", name)
                .replace("SDK", &sdk.display().to_string()),
        ),
        (MANIFEST, manifest(name, &hooks)),
        ("src/lib.rs", source(name, &hooks)),
        (".gitignore", IGNORE.to_owned()),
    ];
    let made = fs::create_dir_all(directory.join("src"));
    made.map_err(|error| {
        Problem::unavailable("not-written", format!("`{name}` cannot be made: {error}."))
    })?;
    for (file, content) in &files {
        written(&directory.join(file), content.as_bytes())?;
    }
    let hook = hooks.first().map_or("action", |hook| hook.name());
    let text = format!(
        "`{name}` is begun. Go on with\n    (cd {name} && cargo test)              # tries it natively\n    guestpass plugin build {name}          \
         # makes plugin.wasm\n    guestpass plugin check {name}\n    guestpass plugin run {hook} {name}\n    guestpass plugin install {name}        \
         # on your site"
    );
    Ok(Answer::new(text, json!({ "directory": name })))
}

fn checked(names: &[String]) -> Result<Vec<Hook>, Problem> {
    let mut hooks = Vec::new();
    for name in names {
        let hook = Hook::named(name).ok_or_else(|| {
            let known: Vec<_> = Hook::ALL
                .iter()
                .map(|hook| format!("`{}`", hook.name()))
                .collect();
            Problem::usage(
                "no-such-hook",
                format!("There is no hook `{name}`; there are {}.", known.join(", ")),
            )
            .at("hooks")
        })?;
        if !hooks.contains(&hook) {
            hooks.push(hook);
        }
    }
    Ok(hooks)
}

fn manifest(name: &str, hooks: &[Hook]) -> String {
    let names: Vec<_> = hooks
        .iter()
        .map(|hook| format!("\"{}\"", hook.name()))
        .collect();
    let text = TOML
        .replace("NAME", name)
        .replace("HOOKS", &names.join(", "));
    // Events without an action would be a mistake.
    if hooks.contains(&Hook::Action) {
        text
    } else {
        text.replace("events = [\"created\"]\n", "")
    }
}

fn source(name: &str, hooks: &[Hook]) -> String {
    let mut named: Vec<_> = hooks
        .iter()
        .flat_map(|hook| uses(*hook))
        .chain(["Plugin"])
        .collect();
    named.sort_unstable();
    let ty: String = name
        .split('-')
        .flat_map(|word| {
            let mut letters = word.chars();
            letters
                .next()
                .into_iter()
                .flat_map(char::to_uppercase)
                .chain(letters)
        })
        .collect();
    let methods: Vec<_> = hooks.iter().map(|hook| method(*hook).0).collect();
    let tests: Vec<_> = hooks
        .iter()
        .map(|hook| method(*hook).1.replace("TYPE", &ty))
        .collect();
    let exported: Vec<_> = hooks
        .iter()
        .map(|hook| hook.name().replace('-', "_"))
        .collect();
    format!(
        "//! What this plugin does, in a line.\n\nuse guestpass_plugin::{{{}, log}};\n\n/// The settings, as `[settings]` in \
         plugin.toml names them.\n#[derive(serde::Deserialize)]\nstruct {ty} {{\n    greeting: String,\n}}\n\nimpl Plugin for {ty} \
         {{\n{}}}\n\nguestpass_plugin::export!({ty}: {});\n\n#[cfg(test)]\nmod tests {{\n    use guestpass_plugin::testing::{{self, \
         Bench}};\n\n    use super::*;\n\n    const MANIFEST: &str = include_str!(\"../plugin.toml\");\n\n{}}}\n",
        named.join(", "),
        methods.join("\n"),
        exported.join(", "),
        tests.join("\n"),
    )
}

/// The crate for authors, if this program or this directory lies in the sources of Guestpass.
fn find_sdk() -> Option<PathBuf> {
    let here = std::env::current_dir().ok();
    let program = std::env::current_exe().ok();
    let around = [here, program].into_iter().flatten();
    around
        .flat_map(|path| {
            path.ancestors()
                .map(|up| up.join("guest/plugin-sdk"))
                .collect::<Vec<_>>()
        })
        .find(|sdk| sdk.join("Cargo.toml").is_file())
}
