//! Every way the engine says no, provoked through the component: the right code, and a sentence that helps.

mod provoke;

use guestpass::ports::{Standing, User};
use guestpass::{Filter, RefusalKind, Settings};
use guestpass_core::{Code, Kind};
use guestpass_tests::{Setting, a_link, a_password, owner, user};

use provoke::provoke;

fn kind(kind: Kind) -> RefusalKind {
    match kind {
        Kind::Invalid => RefusalKind::Invalid,
        Kind::Forbidden => RefusalKind::Forbidden,
        Kind::NotFound => RefusalKind::NotFound,
        Kind::Conflict => RefusalKind::Conflict,
        Kind::Throttled => RefusalKind::Throttled,
        Kind::Gone => RefusalKind::Gone,
        Kind::Unavailable => RefusalKind::Unavailable,
    }
}

#[test]
fn every_code_is_reached_and_says_what_was_wrong_and_what_to_do() {
    for code in Code::ALL {
        let setting = Setting::new();
        let refusal = provoke(*code, &setting);
        assert_eq!(
            (refusal.code.as_str(), refusal.kind),
            (code.as_str(), kind(code.kind())),
            "{refusal:?}"
        );
        let message = &refusal.message;
        let first = message.chars().next().unwrap_or_default();
        assert!(
            first.is_uppercase() || first == '`' || first.is_ascii_digit(),
            "begins as a sentence: {message}"
        );
        assert!(
            message.ends_with(['.', '?']),
            "ends as a sentence: {message}"
        );
        assert!(
            message.len() > 15 && message.len() < 400,
            "of a length that is read: {message}"
        );
        assert!(!message.contains(".."), "one full stop: {message}");
        assert!(
            !message.chars().any(char::is_control),
            "no control characters: {message:?}"
        );
        for word in ["unwrap", "Err(", "Some(", "::", "wasm", "panic"] {
            assert!(!message.contains(word), "for people: {message}");
        }
        if refusal.kind == RefusalKind::Invalid && refusal.field.is_none() {
            assert!(
                matches!(code, Code::BadSite | Code::BadUser),
                "says which input is to blame: {refusal:?}"
            );
        }
    }
}

#[test]
fn input_in_a_message_stands_in_backticks_short_and_without_control_characters() {
    let setting = Setting::new();
    let nasty = format!("\u{1b}[31m`{}\u{202e}\r\n@", "x".repeat(10_000));
    for refusal in [
        setting.try_link(a_link().for_(&nasty)).unwrap_err(),
        setting.try_link(a_link().role(&nasty)).unwrap_err(),
        setting.try_link(a_link().chosen(&[&nasty])).unwrap_err(),
        setting.try_link(a_link().leading_to(&nasty)).unwrap_err(),
        setting.try_link(a_link().speaking(&nasty)).unwrap_err(),
        setting.policy(&nasty).unwrap_err(),
        setting.get(&owner(), &nasty).unwrap_err(),
        setting
            .explain(&owner(), "AAAAAAAAAAAAAAAAAAAAAA", &nasty)
            .unwrap_err(),
    ] {
        assert!(refusal.message.len() < 500, "{}", refusal.message);
        assert!(
            !refusal.message.chars().any(char::is_control),
            "{:?}",
            refusal.message
        );
        assert_eq!(
            refusal.message.matches('`').count() % 2,
            0,
            "{}",
            refusal.message
        );
    }
}

#[test]
fn oversized_input_is_refused_and_not_stored() {
    let setting = Setting::new();
    let before = setting.dump();
    let huge = "x".repeat(1 << 20);
    let drafts = [
        a_link().for_(&format!("{huge}@support.example")),
        a_link().called(&huge, &huge),
        a_link().speaking(&huge),
        a_link().noted(&huge),
        a_link().at_home_on(&format!("https://{huge}.example")),
        a_password().signing_in_as(&huge),
        a_link().leading_to(&format!("/{huge}")),
        a_link().lasting(&format!("P{huge}D")),
        a_link().role(&huge),
        a_link().chosen(&[&huge]),
    ];
    for (number, draft) in drafts.into_iter().enumerate() {
        let refusal = setting
            .try_link(draft)
            .expect_err(&format!("draft {number}"));
        assert_eq!(
            refusal.kind,
            RefusalKind::Invalid,
            "draft {number}: {refusal:?}"
        );
    }
    assert!(setting.create(&user(&huge), &a_link().draft()).is_err());
    assert!(
        setting
            .list(
                &owner(),
                &Filter {
                    state: None,
                    email: Some(huge.clone()),
                    kind: Some(huge.clone()),
                },
                None,
                10
            )
            .is_ok()
    );
    assert!(setting.acknowledge("main", &vec![huge.clone(); 3]).is_ok());
    assert_eq!(setting.dump(), before);
}

#[test]
fn a_name_said_a_hundred_thousand_times_is_kept_once() {
    let setting = Setting::new();
    let many: Vec<&str> = vec!["read"; 100_000];
    let link = setting.link(a_link().chosen(&many).also(&many).except(&[]));
    assert_eq!(link.permissions, ["read"]);
    assert_eq!(link.grant.scope.also, ["read"]);
    let ceiling = Some(vec!["read".to_owned(); 100_000]);
    setting
        .set_policy(
            &owner(),
            &Settings {
                ceiling,
                longest_window: "P1Y".into(),
                ..guestpass_tests::beginning()
            },
        )
        .unwrap();
    setting.hooks.say(|script| {
        script.review_grant.as_mut().unwrap().except = vec!["export".into(); 100_000];
    });
    let _link = setting.link(a_link().for_("kim@support.example").role("editor"));
    let longest = setting.dump().iter().map(|(_, value)| value.len()).max();
    assert!(longest.is_some_and(|longest| longest < 4096), "{longest:?}");
}

#[test]
fn origins_are_cut_to_what_is_kept() {
    let setting = Setting::new();
    let link = setting.link(a_link());
    let origin = guestpass::Origin {
        address: Some("9".repeat(1 << 20)),
        agent: Some("a\r\nb".repeat(1 << 18)),
    };
    setting.redeem("main", &link.pass, &origin).unwrap();
    assert!(
        setting
            .dump()
            .iter()
            .all(|(key, value)| key.len() <= 256 && value.len() < 4096)
    );
}

#[test]
fn a_user_id_that_the_host_should_not_have_given_is_no_way_around() {
    let setting = Setting::new();
    for id in ["", " ", "olga\0", "\u{feff}", "../olga", "olga ", "OLGA"] {
        setting.people.put(
            "main",
            User {
                id: "bystander".into(),
                email: "by@main.example".into(),
                name: String::new(),
                standing: Standing {
                    owner: false,
                    roles: Vec::new(),
                    permissions: Vec::new(),
                    catalogue: 0,
                },
            },
        );
        let refusal = setting.create(&user(id), &a_link().draft()).unwrap_err();
        assert!(
            matches!(refusal.code.as_str(), "bad-user" | "unknown-actor"),
            "{id:?}: {refusal:?}"
        );
    }
}

#[test]
fn the_host_takes_the_same_characters_for_misleading_as_the_engine() {
    for c in '\0'..=char::MAX {
        let (host, engine) = (guestpass::misleads(c), guestpass_core::names::misleads(c));
        assert_eq!(host, engine, "{c:?}");
    }
}
