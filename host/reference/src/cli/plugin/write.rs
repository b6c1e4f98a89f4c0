//! What those who write plugins do with them: check, run, pack and sign.

use std::fs;
use std::path::{Path, PathBuf};

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use guestpass::plugins::{
    COMPONENT, Hook, MANIFEST, Manifest, Package, Plugins, SIGNATURE, SqlitePlugins,
    sign as signed, verifying_key,
};
use guestpass::ports::{Level, Log, Random as _, SystemRandom};
use serde_json::{Map, json};

use super::own::meanings;
use super::value;
use crate::output::{self, Answer};
use crate::problem::Problem;

/// Plugins of no site, to try one.
fn bench() -> Result<Plugins, Problem> {
    let state = SqlitePlugins::in_memory()
        .map_err(|error| Problem::unavailable("no-memory", format!("{error}.")))?;
    Plugins::builder(state)
        .log(ToTerminal)
        .build()
        .map_err(|error| {
            Problem::unavailable(
                "plugins-not-started",
                format!("Plugins cannot run here: {error}."),
            )
        })
}

/// What a plugin logs while it is tried. Its answer goes to the standard output, so this does not.
struct ToTerminal;

impl Log for ToTerminal {
    fn write(&self, level: Level, message: &str) {
        let level = match level {
            Level::Debug => "debug",
            Level::Info => "info",
            Level::Warn => "warning",
            Level::Error => "error",
        };
        eprintln!("{level}: {message}");
    }
}

pub(super) fn check(path: &Path) -> Result<Answer, Problem> {
    let package = Package::read(path)?;
    let bench = bench()?;
    let trial = bench.trial(&package, &Map::new())?;
    let manifest = package.manifest();
    let facts = output::facts(&[
        ("Plugin", format!("{} {}", manifest.id, manifest.version)),
        (
            "Component",
            format!(
                "{} bytes, SHA-256 {}",
                package.component().len(),
                package.sha256()
            ),
        ),
        (
            "Memory",
            format!("{} KiB at its start", trial.memory_at_start() >> 10),
        ),
        (
            "Signed",
            if manifest.public_key.is_some() {
                "yes, and the signature is right"
            } else {
                "no"
            }
            .to_owned(),
        ),
    ]);
    let text = format!(
        "{facts}\n\nIt asks to:\n{}\n\nIt can be installed.",
        meanings(&manifest.asks(), &manifest.hosts())
    );
    let json = json!({
        "id": manifest.id,
        "version": manifest.version.to_string(),
        "asks": manifest.asks(),
        "sha256": package.sha256(),
        "bytes": package.component().len(),
        "memory_at_start": trial.memory_at_start(),
        "signed": manifest.public_key.is_some(),
    });
    Ok(Answer::new(text, json))
}

pub(super) fn run(hook: &str, path: &Path, event: &str, set: &[String]) -> Result<Answer, Problem> {
    let hook = Hook::named(hook).ok_or_else(|| {
        let names: Vec<_> = Hook::ALL
            .iter()
            .map(|hook| format!("`{}`", hook.name()))
            .collect();
        Problem::usage(
            "no-such-hook",
            format!("There is no hook `{hook}`; there are {}.", names.join(", ")),
        )
    })?;
    let event = match event.strip_prefix('@') {
        Some(file) => fs::read_to_string(file).map_err(|error| {
            Problem::usage("bad-question", format!("`{file}` cannot be read: {error}."))
        })?,
        None => event.to_owned(),
    };
    let event = serde_json::from_str(&event).map_err(|error| {
        Problem::usage(
            "bad-question",
            format!("What is asked is no JSON: {error}."),
        )
    })?;
    let mut settings = Map::new();
    for pair in set {
        let (name, text) = pair.split_once('=').ok_or_else(|| {
            Problem::usage("bad-setting", format!("`{pair}` is no `NAME=VALUE`."))
        })?;
        settings.insert(name.to_owned(), value(text));
    }
    let package = Package::read(path)?;
    let bench = bench()?;
    let tried = bench.trial(&package, &settings)?.ask(hook, &event)?;
    let mut facts = vec![];
    if let Some(answer) = &tried.answer {
        facts.push(("Answer", answer.to_string()));
    }
    if let Some(fault) = &tried.fault {
        facts.push(("Failed", fault.clone()));
    }
    facts.extend([
        ("Time", format!("{} µs", tried.took.as_micros())),
        ("Memory", format!("{} KiB", tried.memory >> 10)),
        ("Log lines", tried.lines.to_string()),
    ]);
    let json = json!({
        "hook": hook.name(),
        "answer": tried.answer,
        "fault": tried.fault,
        "microseconds": u64::try_from(tried.took.as_micros()).unwrap_or(u64::MAX),
        "memory": tried.memory,
        "lines": tried.lines,
    });
    Ok(Answer::new(output::facts(&facts), json).with_verdict(tried.fault.is_none()))
}

pub(super) fn pack(path: &Path, output: Option<&Path>) -> Result<Answer, Problem> {
    let package = Package::read(path)?;
    let manifest = package.manifest();
    let file = output.map_or_else(
        || PathBuf::from(format!("{}-{}.gpx", manifest.id, manifest.version)),
        Path::to_owned,
    );
    let bytes = package.to_archive()?;
    written(&file, &bytes)?;
    Ok(Answer::new(
        format!("{} bytes are written to {}.", bytes.len(), file.display()),
        json!({ "file": file, "bytes": bytes.len() }),
    ))
}

pub(super) fn sign(path: &Path, key: &Path) -> Result<Answer, Problem> {
    let read = |name: &str| {
        fs::read(path.join(name)).map_err(|error| {
            Problem::usage(
                "bad-package",
                format!("`{}` cannot be read: {error}.", path.join(name).display()),
            )
        })
    };
    let (secret, fresh) = key_in(key)?;
    let public = verifying_key(&secret);
    let mut manifest = String::from_utf8(read(MANIFEST)?)
        .map_err(|_| Problem::usage("bad-package", format!("`{MANIFEST}` is no text in UTF-8.")))?;
    let named = Manifest::read(&manifest).map_err(|faults| {
        let lines: Vec<_> = faults.iter().map(ToString::to_string).collect();
        Problem::usage("bad-manifest", lines.join("\n"))
    })?;
    match named.public_key {
        Some(known) if BASE64_STANDARD.encode(known) != public => {
            return Err(Problem::usage(
                "other-key",
                format!(
                    "`{MANIFEST}` names another `public-key` than that of this key. Take the line out to sign with this one."
                ),
            ));
        }
        Some(_) => {}
        None => {
            manifest = format!("public-key = \"{public}\"\n{manifest}");
            written(&path.join(MANIFEST), manifest.as_bytes())?;
        }
    }
    let signature = signed(&secret, &manifest, &read(COMPONENT)?);
    written(&path.join(SIGNATURE), signature.as_bytes())?;
    let made = if fresh {
        format!(" The key was made; keep {} to yourself.", key.display())
    } else {
        String::new()
    };
    Ok(Answer::new(
        format!("Signed with the key {public}.{made}"),
        json!({ "public_key": public, "key_made": fresh }),
    ))
}

/// The key in this file; a new one, for its owner only, if there is no such file.
fn key_in(file: &Path) -> Result<([u8; 32], bool), Problem> {
    let failed = |error: &dyn std::fmt::Display| {
        Problem::usage(
            "bad-key",
            format!("The key in `{}` cannot be used: {error}.", file.display()),
        )
        .at("key")
    };
    match fs::read_to_string(file) {
        Ok(text) => {
            let bytes = BASE64_STANDARD
                .decode(text.trim())
                .map_err(|error| failed(&error))?;
            let key = bytes
                .try_into()
                .map_err(|_| failed(&"it has not 32 bytes"))?;
            Ok((key, false))
        }
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            let mut key = [0; 32];
            SystemRandom
                .fill(&mut key)
                .map_err(|error| failed(&error))?;
            let mut options = fs::OpenOptions::new();
            options.write(true).create_new(true);
            #[cfg(unix)]
            std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
            let mut to = options.open(file).map_err(|error| failed(&error))?;
            std::io::Write::write_all(&mut to, (BASE64_STANDARD.encode(key) + "\n").as_bytes())
                .map_err(|error| failed(&error))?;
            Ok((key, true))
        }
        Err(error) => Err(failed(&error)),
    }
}

pub(super) fn written(file: &Path, bytes: &[u8]) -> Result<(), Problem> {
    fs::write(file, bytes).map_err(|error| {
        Problem::unavailable(
            "not-written",
            format!("`{}` cannot be written: {error}.", file.display()),
        )
    })
}
