use super::*;

const SOUND: &str = r#"id = "office-hours"
version = "1.0.0"
description = "Lets guests in during office hours only"
author = "Ada"
licence = "MIT"
hooks = ["entry-filter", "action"]
events = ["redeemed", "tick"]
priority = 5
stateless = true

[settings]
from = "09:00"
days = [1, 2, 3]

[capabilities]
log = true
clock = true
http = ["hooks.example.com", "127.0.0.1:9000"]
requests = ["suspend"]
"#;

fn faults(text: &str) -> Vec<String> {
    let faults = Manifest::read(text).expect_err("something is wrong with it");
    faults.iter().map(ToString::to_string).collect()
}

#[test]
fn a_sound_manifest_is_read() {
    let manifest = Manifest::read(SOUND).unwrap();
    assert_eq!(manifest.id, "office-hours");
    assert_eq!(manifest.hooks, [Hook::EntryFilter, Hook::Action]);
    assert_eq!(manifest.priority, 5);
    assert!(manifest.stateless);
    assert_eq!(manifest.settings["days"], serde_json::json!([1, 2, 3]));
    let asked: Vec<_> = manifest
        .capabilities
        .iter()
        .map(ToString::to_string)
        .collect();
    assert_eq!(
        asked,
        [
            "log",
            "clock",
            "http:127.0.0.1:9000",
            "http:hooks.example.com",
            "requests:suspend"
        ]
    );
    assert!(manifest.hears("redeemed") && manifest.hears("tick") && !manifest.hears("created"));
    let more = manifest.asks();
    let more = more.difference(&manifest.capabilities);
    let more: Vec<_> = more.map(ToString::to_string).collect();
    assert_eq!(
        more,
        [
            "hook:entry-filter",
            "hook:action",
            "event:redeemed",
            "event:tick"
        ]
    );
}

#[test]
fn who_names_no_events_is_told_all_that_happens_but_not_the_hour() {
    let manifest =
        Manifest::read(&SOUND.replace("events = [\"redeemed\", \"tick\"]\n", "")).unwrap();
    assert!(
        manifest.hears("created") && manifest.hears("something-new") && !manifest.hears("tick")
    );
    let all: Capability = "event:all".parse().unwrap();
    assert!(manifest.asks().contains(&all));
}

#[test]
fn a_wrong_field_is_named_with_its_line_and_what_is_allowed() {
    for (from, to, said) in [
        (
            "id = \"office-hours\"",
            "id = \"Office Hours\"",
            "line 1: `id` must have 2 to 64 characters out of `a-z`",
        ),
        (
            "id = \"office-hours\"",
            "id = 7",
            "line 1: `id` must be a text in quotes, not a number",
        ),
        (
            "version = \"1.0.0\"",
            "version = \"one\"",
            "line 2: `version` must be a version such as \"1.0.0\"",
        ),
        (
            "author = \"Ada\"",
            "author = \"\"",
            "line 4: `author` must be one line of 1 to 200 characters",
        ),
        ("licence =", "license =", "`licence` is missing"),
        (
            "\"entry-filter\", ",
            "\"entry-filer\", ",
            "line 6: `hooks` has no hook `entry-filer`; there are `grant-filter`, `entry-filter`",
        ),
        (
            "\"redeemed\"",
            "\"redemed\"",
            "line 7: `events` has no event `redemed`; there are `created`",
        ),
        (
            "priority = 5",
            "priority = 5000",
            "line 8: `priority` must be a whole number from -1000 to 1000",
        ),
        (
            "stateless = true",
            "stateless = \"yes\"",
            "line 9: `stateless` must be `true` or `false`, not a text",
        ),
        (
            "from = \"09:00\"",
            "\"From\" = 1",
            "line 12: `settings.From` must be named with",
        ),
        (
            "log = true",
            "logs = true",
            "line 16: `capabilities.logs` is unknown; allowed are `log`, `keyvalue`, `clock`, `http`, `requests`",
        ),
        (
            "hooks.example.com",
            "https://hooks.example.com/",
            "line 18: `capabilities.http` is wrong: `https://hooks.example.com/` is no host",
        ),
        (
            "\"suspend\"",
            "\"delete\"",
            "line 19: `capabilities.requests` has no request `delete`; there are `revoke`, `suspend`",
        ),
        (
            "stateless = true",
            "public-key = \"abc\"",
            "line 9: `public-key` must be the 32 bytes of an ed25519 key",
        ),
        ("author = \"Ada\"", "author = ", "line 4: this is no TOML"),
    ] {
        let text = SOUND.replace(from, to);
        assert_ne!(text, SOUND);
        let found = faults(&text);
        assert!(
            found.iter().any(|fault| fault.contains(said)),
            "{said}: {found:?}"
        );
    }
}

#[test]
fn everything_wrong_is_told_at_once() {
    let found = faults("id = 1\nhooks = [\"x\"]\nfoo = 1\n");
    let fields: Vec<_> = [
        "id",
        "version",
        "description",
        "author",
        "licence",
        "hooks",
        "foo",
    ]
    .iter()
    .filter(|field| {
        found
            .iter()
            .any(|fault| fault.contains(&format!("`{field}`")))
    })
    .collect();
    assert_eq!(fields.len(), 7, "{found:?}");
}

#[test]
fn what_misleads_is_refused_wherever_people_read_it() {
    for (from, to, said) in [
        (
            "author = \"",
            "author = \"\u{202e}",
            "line 4: must not hold U+202E",
        ),
        (
            "author = \"",
            "author = \"\\u202e",
            "line 4: `author` must not hold U+202E",
        ),
        (
            "licence = \"",
            "licence = \"\\u2800",
            "line 5: `licence` must not hold U+2800",
        ),
        (
            "[settings]",
            "[settings]\n# For \u{200b}you.",
            "line 12: must not hold U+200B",
        ),
        (
            "\"09:00\"",
            "\"\\u202e09:00\"",
            "line 12: `settings.from` must not hold U+202E",
        ),
        (
            "[1, 2, 3]",
            "[\"\\U000e0041\"]",
            "line 13: `settings.days` must not hold U+E0041",
        ),
    ] {
        let text = SOUND.replacen(from, to, 1);
        let faults = faults(&text);
        assert!(
            faults.iter().any(|fault| fault.contains(said)),
            "{said}: {faults:?}"
        );
    }
    assert!(Manifest::read(&format!("\u{feff}{SOUND}")).is_ok());
}
