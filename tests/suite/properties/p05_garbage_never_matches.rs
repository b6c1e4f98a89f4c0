//! Property 5: what is empty, repeated, truncated, oversized or of another alphabet never matches and never breaks anything.

use std::sync::OnceLock;

use guestpass::{Ending, RefusalKind, ScopeBase};
use guestpass_tests::{Entered, Link, Setting, a_link, from_somewhere, owner, user};
use proptest::prelude::*;

struct Prepared {
    setting: Setting,
    link: Link,
    entered: Entered,
    dump: Vec<(Vec<u8>, Vec<u8>)>,
}

/// One setting for all cases: none of them may change it.
fn prepared() -> &'static Prepared {
    static PREPARED: OnceLock<Prepared> = OnceLock::new();
    PREPARED.get_or_init(|| {
        let setting = Setting::plan().truly_random().build();
        let link = setting.link(a_link());
        let entered = setting.enter(&link);
        let dump = setting.dump();
        Prepared {
            setting,
            link,
            entered,
            dump,
        }
    })
}

/// Checks that this is taken for nothing, wherever a token can be put.
fn is_nothing(text: &str) {
    let Prepared {
        setting,
        link,
        entered,
        ..
    } = prepared();
    assert!(
        text != link.pass && text != entered.session,
        "a test of garbage"
    );
    for refusal in [
        setting
            .redeem("main", text, &from_somewhere())
            .map(drop)
            .unwrap_err(),
        setting.inspect("main", text).map(drop).unwrap_err(),
    ] {
        assert_eq!(
            (refusal.kind, refusal.code.as_str()),
            (RefusalKind::NotFound, "link-not-valid")
        );
    }
    for refusal in [
        setting.resolve("main", text).map(drop).unwrap_err(),
        setting.check("main", text, "read").map(drop).unwrap_err(),
    ] {
        assert_eq!(
            (refusal.kind, refusal.code.as_str()),
            (RefusalKind::NotFound, "session-unknown")
        );
    }
    assert_eq!(setting.sign_out("main", text), Ok(()));
}

fn nothing_changed() {
    let Prepared {
        setting,
        entered,
        dump,
        ..
    } = prepared();
    assert_eq!(setting.dump(), *dump);
    assert_eq!(setting.why_not(&entered.session), None);
}

#[test]
fn p05_every_way_to_mangle_a_token() {
    let Prepared { link, entered, .. } = prepared();
    for token in [&link.pass, &entered.session] {
        let other = if *token == link.pass {
            &entered.session
        } else {
            &link.pass
        };
        is_nothing("");
        (1..token.len()).for_each(|length| is_nothing(&token[..length]));
        (1..token.len()).for_each(|start| is_nothing(&token[start..]));
        for text in [
            format!("{token}{token}"),
            format!("{token},{token}"),
            format!("{token}&pass={token}"),
            format!("[\"{token}\"]"),
            format!(" {token}"),
            format!("{token}\n"),
            format!("{token}\0"),
            format!("\0{token}"),
            format!("{token}="),
            format!("\u{feff}{token}"),
            token.to_uppercase(),
            token.to_lowercase(),
            token.replace('_', "-"),
            token.replacen("1_", "2_", 1),
            token.chars().rev().collect(),
            token
                .chars()
                .map(|c| char::from_u32(u32::from(c) + 0xfee0).unwrap_or(c))
                .collect(),
            // The id of the one with the secret of the other, and the other's kind.
            format!("{}{}", &token[..27], &other[27..]),
            format!("{}{}", &other[..4], &token[4..]),
            "null".to_owned(),
            "undefined".to_owned(),
            "' OR 1=1 --".to_owned(),
            "gp1_".to_owned() + &"A".repeat(73),
            "gs1_".to_owned() + &"_".repeat(73),
            "x".repeat(1 << 20),
            format!("{token}{}", "A".repeat(1 << 20)),
            "é".repeat(1 << 19),
        ] {
            is_nothing(&text);
        }
    }
    nothing_changed();
}

#[test]
fn p05_every_single_character_changed() {
    let Prepared { link, entered, .. } = prepared();
    for token in [&link.pass, &entered.session] {
        for (at, was) in token.char_indices() {
            for to in [
                'A', 'B', 'z', '0', '9', '-', '_', '+', '/', '=', '.', ' ', '\0', 'é', '𝔸',
            ] {
                if to != was {
                    let mut changed: Vec<char> = token.chars().collect();
                    changed[at] = to;
                    is_nothing(&changed.into_iter().collect::<String>());
                }
            }
        }
    }
    nothing_changed();
}

fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        ".{0,40}",
        "[A-Za-z0-9_-]{60,90}",
        "g[ps]1_[A-Za-z0-9_-]{22}_[A-Za-z0-9_-]{43}_[A-Za-z0-9_-]{6}",
        "\\PC{0,20}@\\PC{0,20}",
        "[a-z._-]{0,70}",
        "P[0-9YMWDTHS]{0,12}",
        "[\\x00-\\x20/\\\\]{0,10}",
    ]
}

/// A draft of which every field may be anything.
fn any_draft() -> impl Strategy<Value = guestpass::Draft> {
    let names = || prop::collection::vec(prop_oneof![text(), Just("read".to_owned())], 0..4);
    let base = prop_oneof![
        text().prop_map(ScopeBase::Role),
        Just(ScopeBase::Role("editor".to_owned())),
        Just(ScopeBase::All),
        names().prop_map(ScopeBase::Chosen),
    ];
    let ending = prop_oneof![
        any::<u64>().prop_map(Ending::At),
        text().prop_map(Ending::After),
        Just(Ending::After("P1D".to_owned())),
        text().prop_map(Ending::AfterFirstUse),
        Just(Ending::Never),
    ];
    let optional = || prop::option::of(text());
    (
        (
            prop_oneof![text(), Just("x@y.example".to_owned())],
            optional(),
            optional(),
            optional(),
            optional(),
            optional(),
        ),
        (base, names(), names()),
        (prop::option::of(any::<u64>()), ending, optional()),
        (
            prop::option::of(any::<u32>()),
            optional(),
            optional(),
            prop_oneof![
                Just("link".to_owned()),
                Just("password".to_owned()),
                Just("invitation".to_owned()),
                text()
            ],
        ),
    )
        .prop_map(|(guest, scope, window, rest)| guestpass::Draft {
            kind: rest.3,
            guest: guestpass::Guest {
                email: guest.0,
                first_name: guest.1,
                last_name: guest.2,
                locale: guest.3,
                website: guest.4,
                login: guest.5,
            },
            scope: guestpass::Scope {
                base: scope.0,
                also: scope.1,
                except: scope.2,
            },
            window: Some(guestpass::Window {
                opens: window.0,
                ending: window.1,
                use_within: window.2,
            }),
            purpose: rest.1.clone(),
            knowingly: rest.2.clone().into_iter().collect(),
            uses: rest.0,
            redirect: rest.1.clone(),
            note: rest.2,
            message: rest.1,
        })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn p05_random_text_is_no_token(garbage in text()) {
        is_nothing(&garbage);
    }

    #[test]
    fn p05_random_input_is_answered_and_breaks_nothing(
        draft in any_draft(), site in text(), name in text(), id in text(), number in any::<u32>(),
    ) {
        let setting = &prepared().setting;
        let mut stranger = user(&name);
        stranger.site.clone_from(&site);
        let sound = |code: &str| !matches!(code, "engine-fault" | "engine-busy" | "contended" | "wrong-state");
        let mut codes = Vec::new();
        // In a store of its own, since some of these drafts are good.
        let other = Setting::plan().natively().build();
        codes.extend(other.try_draft(&draft).err());
        if let Err(refusal) = setting.create(&stranger, &draft) {
            codes.push(refusal);
        }
        codes.extend(setting.get(&owner(), &id).err());
        codes.extend(setting.extend(&owner(), &id, &guestpass::Extension::By(name.clone())).err());
        codes.extend(setting.explain(&owner(), &id, &name).err());
        codes.extend(setting.policy(&site).err());
        codes.extend(setting.list(&owner(), &guestpass::Filter { state: Some(name.clone()), email: Some(id.clone()), kind: Some(name.clone()) }, Some(&id), number).err());
        codes.extend(setting.inspect_invitation(&site, &id).err());
        codes.extend(setting.accept("main", &id, &guestpass::Invitee::Existing(name.clone()), &from_somewhere()).err());
        codes.extend(setting.decline("main", &name, &from_somewhere()).err());
        codes.extend(setting.memberships(&site, &name, Some(&id), number).err());
        codes.extend(setting.switch("main", &name, &id, Some(&name), &from_somewhere()).err());
        codes.extend(setting.return_to_own("main", &id).err());
        codes.extend(setting.change_scope(&owner(), &id, &draft.scope, std::slice::from_ref(&name)).err());
        codes.extend(setting.revoke_all(&stranger, &id, number).err());
        codes.extend(setting.history(&owner(), &id, u64::from(number), number).err());
        codes.extend(setting.verify(&site, Some(&id), number).err());
        codes.extend(setting.sweep(&site, number).err());
        codes.extend(setting.checkpoint(&site).err());
        codes.extend(setting.read_checkpoint(&id).err());
        codes.extend(setting.log(&site, u64::from(number), number).err());
        codes.extend(setting.prove_inclusion("main", &id, &name).err());
        codes.extend(setting.check_inclusion(name.as_bytes(), &id, &site).err());
        codes.extend(setting.prove_consistency("main", &id, &name).err());
        codes.extend(setting.check_consistency(&id, &name, &site).err());
        codes.extend(setting.acknowledge("main", &[id.clone(), name.clone()]).err());
        for refusal in codes {
            prop_assert!(sound(&refusal.code), "{refusal:?}");
            prop_assert!(!refusal.message.chars().any(char::is_control), "{refusal:?}");
        }
        nothing_changed();
    }
}
