//! From text to [`Manifest`]. Reads on after a fault, so that an author sees all of them at once.

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use serde_json::{Map, Value};
use toml::de::{DeTable, DeValue};

use super::fields::{Faults, Fields, hides, json, listed, wants};
use super::{DEFAULT_PRIORITY, Manifest, ManifestFault};
use crate::plain::misleads;
use crate::plugins::capability::{BY_SETTING, Capabilities, Capability, checked_host};
use crate::plugins::hooks::{EVENTS, Hook, REQUESTS};

/// More is no manifest.
const LONGEST: usize = 64 << 10;
/// The most hosts that one plugin may ask for.
const MOST_HOSTS: usize = 20;
/// The most settings of one plugin.
const MOST_SETTINGS: usize = 100;

pub(super) fn manifest(text: &str) -> Result<Manifest, Vec<ManifestFault>> {
    let mut faults = Faults::new(text);
    if text.len() > LONGEST {
        faults.add(0, "", "the manifest is longer than 64 KiB");
        return Err(faults.into_found());
    }
    // All of it is shown to people: comments are what settings mean. A mark at the very beginning only says how it is encoded.
    let written = text.strip_prefix('\u{feff}').unwrap_or(text);
    for (at, c) in written.char_indices().filter(|(_, c)| misleads(*c)) {
        faults.add(text.len() - written.len() + at, "", hides(c));
    }
    let table = match DeTable::parse(text) {
        Ok(table) => table,
        Err(error) => {
            let at = error.span().map_or(0, |span| span.start);
            faults.add(at, "", format!("this is no TOML: {}", error.message()));
            return Err(faults.into_found());
        }
    };
    let mut fields = Fields::new(table.get_ref(), "", 0);
    let manifest = Manifest {
        id: id(&mut fields, &mut faults),
        version: version(&mut fields, &mut faults),
        description: fields.text("description", 200, &mut faults),
        author: fields.text("author", 200, &mut faults),
        licence: fields.text("licence", 100, &mut faults),
        hooks: hooks(&mut fields, &mut faults),
        events: events(&mut fields, &mut faults),
        priority: priority(&mut fields, &mut faults),
        stateless: fields.flag("stateless", &mut faults),
        settings: settings(&mut fields, &mut faults),
        capabilities: capabilities(&mut fields, &mut faults),
        public_key: public_key(&mut fields, &mut faults),
    };
    if !manifest.events.is_empty() && !manifest.hooks.contains(&Hook::Action) {
        faults.add(0, "events", "is of use only with the hook `action`");
    }
    for host in &manifest.capabilities {
        if let Capability::Http(host) = host
            && let Some(name) = host.strip_prefix(BY_SETTING)
            && !manifest.settings.get(name).is_some_and(Value::is_string)
        {
            faults.add(
                0,
                "capabilities.http",
                format!("names `{host}`, but there is no text `{name}` under `[settings]`"),
            );
        }
    }
    fields.finish(&mut faults);
    if faults.is_empty() {
        Ok(manifest)
    } else {
        Err(faults.into_found())
    }
}

fn id(fields: &mut Fields<'_, '_>, faults: &mut Faults<'_>) -> String {
    const ALLOWED: &str =
        "must have 2 to 64 characters out of `a-z`, `0-9` and `-`, and begin with a letter";
    let Some(found) = fields.take("id") else {
        faults.add(0, "id", format!("is missing; it {ALLOWED}"));
        return String::new();
    };
    match found.value {
        DeValue::String(text) if is_id(text) => text.clone().into_owned(),
        DeValue::String(_) => {
            faults.add(found.at, "id", ALLOWED);
            String::new()
        }
        other => {
            faults.add(found.at, "id", wants("a text in quotes", other));
            String::new()
        }
    }
}

/// Whether this can be the name of a plugin.
pub(in crate::plugins) fn is_id(text: &str) -> bool {
    (2..=64).contains(&text.len())
        && text.starts_with(|c: char| c.is_ascii_lowercase())
        && !text.ends_with('-')
        && text
            .bytes()
            .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
}

fn version(fields: &mut Fields<'_, '_>, faults: &mut Faults<'_>) -> semver::Version {
    const ALLOWED: &str = "must be a version such as \"1.0.0\"";
    let none = semver::Version::new(0, 0, 0);
    let Some(found) = fields.take("version") else {
        faults.add(0, "version", format!("is missing; it {ALLOWED}"));
        return none;
    };
    let read = match found.value {
        DeValue::String(text) if text.len() <= 64 => semver::Version::parse(text).ok(),
        _ => None,
    };
    read.unwrap_or_else(|| {
        faults.add(found.at, "version", ALLOWED);
        none
    })
}

fn hooks(fields: &mut Fields<'_, '_>, faults: &mut Faults<'_>) -> Vec<Hook> {
    let names: Vec<_> = Hook::ALL.iter().map(|hook| hook.name()).collect();
    let mut hooks = Vec::new();
    let words = fields.words("hooks", faults);
    if words.is_empty() && faults.is_empty() {
        faults.add(
            0,
            "hooks",
            format!("must name at least one of {}", listed(&names)),
        );
    }
    for (at, word) in words {
        match Hook::named(&word) {
            Some(hook) if hooks.contains(&hook) => {
                faults.add(at, "hooks", format!("names `{word}` twice"));
            }
            Some(hook) => hooks.push(hook),
            None => faults.add(
                at,
                "hooks",
                format!("has no hook `{word}`; there are {}", listed(&names)),
            ),
        }
    }
    hooks
}

fn events(fields: &mut Fields<'_, '_>, faults: &mut Faults<'_>) -> Vec<String> {
    let names: Vec<_> = EVENTS.iter().map(|(name, _)| *name).collect();
    let mut events = Vec::new();
    for (at, word) in fields.words("events", faults) {
        if names.contains(&word.as_str()) {
            events.push(word);
        } else {
            faults.add(
                at,
                "events",
                format!("has no event `{word}`; there are {}", listed(&names)),
            );
        }
    }
    events
}

fn priority(fields: &mut Fields<'_, '_>, faults: &mut Faults<'_>) -> i32 {
    let Some(found) = fields.take("priority") else {
        return DEFAULT_PRIORITY;
    };
    let number = json(found.value)
        .and_then(|value| value.as_i64())
        .and_then(|number| i32::try_from(number).ok())
        .filter(|number| (-1000..=1000).contains(number));
    number.unwrap_or_else(|| {
        faults.add(
            found.at,
            "priority",
            "must be a whole number from -1000 to 1000; lower ones are asked first",
        );
        DEFAULT_PRIORITY
    })
}

fn settings(fields: &mut Fields<'_, '_>, faults: &mut Faults<'_>) -> Map<String, Value> {
    let mut settings = Map::new();
    let Some(table) = fields.table("settings", "settings.", faults) else {
        return settings;
    };
    for (name, value) in table.entries() {
        let at = value.span().start;
        let field = format!("settings.{name}");
        let sound = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-' || b == b'_';
        if name.is_empty() || name.len() > 64 || !name.bytes().all(sound) {
            faults.add(
                at,
                &field,
                "must be named with 1 to 64 characters out of `a-z`, `0-9`, `-` and `_`",
            );
        } else if settings.len() == MOST_SETTINGS {
            faults.add(
                at,
                &field,
                format!("is one more than the {MOST_SETTINGS} settings there may be"),
            );
            break;
        } else if let Some(value) = json(value.get_ref()) {
            if let Some(c) = value.to_string().chars().find(|c| misleads(*c)) {
                faults.add(at, &field, hides(c));
            }
            settings.insert(name.to_owned(), value);
        } else {
            faults.add(
                at,
                &field,
                "must be a text, a number, `true`, `false`, a list or a table",
            );
        }
    }
    settings
}

fn capabilities(fields: &mut Fields<'_, '_>, faults: &mut Faults<'_>) -> Capabilities {
    let mut wanted = Capabilities::new();
    let Some(mut table) = fields.table("capabilities", "capabilities.", faults) else {
        return wanted;
    };
    for (name, capability) in [
        ("log", Capability::Log),
        ("keyvalue", Capability::KeyValue),
        ("clock", Capability::Clock),
    ] {
        if table.flag(name, faults) {
            wanted.insert(capability);
        }
    }
    for (number, (at, host)) in table.words("http", faults).into_iter().enumerate() {
        if number == MOST_HOSTS {
            faults.add(
                at,
                "capabilities.http",
                format!("names more than {MOST_HOSTS} hosts"),
            );
            break;
        }
        match checked_host(&host) {
            Ok(host) => drop(wanted.insert(Capability::Http(host))),
            Err(reason) => faults.add(at, "capabilities.http", format!("is wrong: {reason}")),
        }
    }
    let names: Vec<_> = REQUESTS.iter().map(|(name, _)| *name).collect();
    for (at, name) in table.words("requests", faults) {
        if names.contains(&name.as_str()) {
            wanted.insert(Capability::Requests(name));
        } else {
            faults.add(
                at,
                "capabilities.requests",
                format!("has no request `{name}`; there are {}", listed(&names)),
            );
        }
    }
    table.finish(faults);
    wanted
}

fn public_key(fields: &mut Fields<'_, '_>, faults: &mut Faults<'_>) -> Option<[u8; 32]> {
    let found = fields.take("public-key")?;
    let key = match found.value {
        DeValue::String(text) => BASE64_STANDARD.decode(text.as_ref()).ok(),
        _ => None,
    };
    let key = key.and_then(|bytes| <[u8; 32]>::try_from(bytes).ok());
    if key.is_none() {
        faults.add(found.at, "public-key", "must be the 32 bytes of an ed25519 key in base64, as `guestpass plugin sign` writes it");
    }
    key
}
