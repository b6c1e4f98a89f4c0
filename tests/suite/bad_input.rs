//! Every way the engine says no, provoked through the component: the right code, and a sentence that helps.

use guestpass::ports::{ContentDecision, PermissionEntry, Standing, User};
use guestpass::{Ending, Extension, Filter, Refusal, RefusalKind, Settings};
use guestpass_core::{Code, Kind};
use guestpass_tests::faults::{Counting, Fault};
use guestpass_tests::strangers::unknown_pass;
use guestpass_tests::{
    DAY, DraftBuilder, MINUTE, Setting, a_link, a_password, an_invitation, from_somewhere, owner,
    user,
};

/// Provokes one code in a fresh setting. There is an arm for each code there is: a new one does not compile until somebody
/// says how it comes about.
fn provoke(code: Code, setting: &Setting) -> Refusal {
    let refused = |draft: DraftBuilder| setting.try_link(draft).unwrap_err();
    let policy = |ceiling: Option<Vec<String>>, longest: &str| Settings {
        ceiling,
        longest_window: longest.into(),
        ..guestpass_tests::beginning()
    };
    let now = setting.clock.shows();
    match code {
        Code::BadSite => setting.policy("No Site").unwrap_err(),
        Code::UnknownSite => setting.policy("nowhere").unwrap_err(),
        Code::BadUser => setting
            .create(&user("a\nb"), &a_link().draft())
            .unwrap_err(),
        Code::BadEmail => refused(a_link().for_("no address")),
        Code::BadName => refused(a_link().called(&"x".repeat(101), "y")),
        Code::BadLocale => refused(a_link().speaking("fr_FR")),
        Code::BadLogin => refused(a_password().signing_in_as("a name")),
        Code::BadWebsite => refused(a_link().at_home_on("javascript:alert(1)")),
        Code::BadNote => refused(a_link().noted(&"x".repeat(1001))),
        Code::BadRedirect => refused(a_link().leading_to("//evil.example")),
        Code::BadUses => refused(a_link().uses(0)),
        Code::BadPeriod => refused(a_link().lasting("7 days")),
        Code::BadPage => setting
            .list(&owner(), &Filter::everything(), None, 0)
            .unwrap_err(),
        Code::UnknownKind => refused(a_link().of_kind("promise")),
        Code::UnknownRole => refused(a_link().role("pilot")),
        Code::UnknownPermission => refused(a_link().chosen(&["fly"])),
        Code::PermissionReserved => refused(a_link().chosen(&["create_users"])),
        Code::BeyondCeiling => {
            setting
                .set_policy(&owner(), &policy(Some(vec!["read".into()]), "P1Y"))
                .unwrap();
            refused(a_link().chosen(&["edit_posts"]))
        }
        Code::BeyondOwnPower => setting
            .create(&user("ed"), &a_link().chosen(&["update_core"]).draft())
            .unwrap_err(),
        Code::ScopeTooLong => {
            let names: Vec<String> = (0..900).map(|number| format!("{number:040}")).collect();
            setting.people.change_catalogue("main", |catalogue| {
                let entry = |name: &String| PermissionEntry {
                    name: name.clone(),
                    title: String::new(),
                    reserved: false,
                };
                catalogue.permissions.extend(names.iter().map(entry));
            });
            let names: Vec<&str> = names.iter().map(String::as_str).collect();
            refused(a_link().chosen(&names))
        }
        Code::EmptyScope => refused(a_link().chosen(&[])),
        Code::WindowInThePast => refused(a_link().until(now)),
        Code::WindowTooLong => refused(a_link().lasting("P2Y")),
        Code::OpensTooLate => refused(a_link().opening(now + 400 * DAY)),
        Code::TooManyUses => {
            let settings = Settings {
                most_uses: Some(3),
                ..guestpass_tests::beginning()
            };
            setting.set_policy(&owner(), &settings).unwrap();
            refused(a_link().uses(4))
        }
        Code::RoleNotAllowed => {
            let settings = Settings {
                roles: Some(vec!["editor".into()]),
                ..guestpass_tests::beginning()
            };
            setting.set_policy(&owner(), &settings).unwrap();
            refused(a_link().role("administrator"))
        }
        Code::DomainNotAllowed => {
            let settings = Settings {
                forbidden_domains: vec!["support.example".into()],
                ..guestpass_tests::beginning()
            };
            setting.set_policy(&owner(), &settings).unwrap();
            refused(a_link())
        }
        Code::BadDomain => {
            let settings = Settings {
                forbidden_domains: vec!["no domain".into()],
                ..guestpass_tests::beginning()
            };
            setting.set_policy(&owner(), &settings).unwrap_err()
        }
        Code::KindNotAllowed => {
            let settings = Settings {
                kinds: Some(vec!["invitation".into()]),
                ..guestpass_tests::beginning()
            };
            setting.set_policy(&owner(), &settings).unwrap();
            refused(a_link())
        }
        Code::OutOfRange => {
            let settings = Settings {
                session_idle: Some("PT1S".into()),
                ..guestpass_tests::beginning()
            };
            setting.set_policy(&owner(), &settings).unwrap_err()
        }
        Code::UnknownPurpose => refused(a_link().serving("flying")),
        Code::RoleLacksPermission => refused(a_link().role("author").serving("support")),
        Code::UnknownOverride => refused(a_link().knowingly("everything")),
        Code::BackupTooOld => {
            let settings = Settings {
                fresh_backup: Some(guestpass::FreshBackup {
                    max_age: "P1D".into(),
                    permissions: vec!["update_core".into()],
                }),
                ..guestpass_tests::beginning()
            };
            setting.set_policy(&owner(), &settings).unwrap();
            refused(a_link())
        }
        Code::LinkMustEnd => refused(a_link().ending(Ending::Never)),
        Code::WindowAtCeiling => {
            let link = setting.link(a_link().lasting("P1Y"));
            setting
                .extend(&owner(), link.id(), &Extension::By("P1D".into()))
                .unwrap_err()
        }
        Code::EmailInUse => refused(a_link().for_("ED@main.example")),
        Code::GuestHasAccess => {
            let _link = setting.link(a_link());
            refused(a_link().for_("SAM@support.example"))
        }
        Code::UnknownActor => setting
            .create(&user("nobody"), &a_link().draft())
            .unwrap_err(),
        Code::GuestMayNotGrant => {
            let guest = setting.enter(&setting.link(a_link())).user;
            setting
                .create(&user(&guest), &a_link().for_("kim@support.example").draft())
                .unwrap_err()
        }
        Code::MayNotGrant => setting.create(&user("sue"), &a_link().draft()).unwrap_err(),
        Code::OwnersOnly => setting
            .set_policy(&user("ed"), &policy(None, "P1D"))
            .unwrap_err(),
        Code::UnknownGrant => setting.get(&owner(), "AAAAAAAAAAAAAAAAAAAAAA").unwrap_err(),
        Code::GrantEnded => {
            let link = setting.link(a_link());
            setting.revoke(&owner(), link.id()).unwrap();
            setting.try_enter(&link).unwrap_err()
        }
        Code::GrantSuspended => {
            let link = setting.link(a_link());
            setting.suspend(&owner(), link.id()).unwrap();
            setting.try_enter(&link).unwrap_err()
        }
        Code::AlreadySuspended => {
            let link = setting.link(a_link());
            setting.suspend(&owner(), link.id()).unwrap();
            setting.suspend(&owner(), link.id()).unwrap_err()
        }
        Code::NotSuspended => setting
            .resume(&owner(), setting.link(a_link()).id())
            .unwrap_err(),
        Code::WrongState => {
            let entered = setting.enter(&setting.link(a_link()));
            setting.return_to_own("main", &entered.session).unwrap_err()
        }
        Code::Vetoed => {
            setting.hooks.say(|script| {
                script.review_grant.as_mut().unwrap().veto = Some("Not on a Sunday.".into());
            });
            refused(a_link())
        }
        Code::HookFailed => {
            setting
                .hooks
                .say(|script| script.review_grant = Err("out of cheese".into()));
            refused(a_link())
        }
        Code::LinkNotValid => setting
            .redeem("main", "gp1_nothing", &from_somewhere())
            .unwrap_err(),
        Code::LinkNotOpenYet => setting
            .try_enter(&setting.link(a_link().opening(now + DAY)))
            .unwrap_err(),
        Code::LinkUsedUp => {
            let link = setting.link(a_link().uses(1));
            let _entered = setting.enter(&link);
            setting.try_enter(&link).unwrap_err()
        }
        Code::NotAGuest => setting
            .sign_in("main", "ed", &from_somewhere())
            .unwrap_err(),
        Code::NoPasswordGuest => {
            let guest = setting.enter(&setting.link(a_link())).user;
            setting
                .sign_in("main", &guest, &from_somewhere())
                .unwrap_err()
        }
        Code::UserRejected => {
            setting
                .people
                .reject_new_users("main", Some("The site is full."));
            setting.try_enter(&setting.link(a_link())).unwrap_err()
        }
        Code::UserGone => {
            let link = setting.link(a_link());
            setting.people.remove("main", &setting.enter(&link).user);
            setting.try_enter(&link).unwrap_err()
        }
        Code::LockedOut => {
            for number in 1..=3 {
                let _refusal = setting.redeem("main", &unknown_pass(number), &from_somewhere());
            }
            setting.try_enter(&setting.link(a_link())).unwrap_err()
        }
        Code::UnknownLockout => setting.lift_lockout(&owner(), "site").unwrap_err(),
        Code::SessionUnknown => setting.resolve("main", "gs1_nothing").unwrap_err(),
        Code::SessionSuperseded => {
            let entered = setting.enter(&setting.link(a_link()));
            let _link = setting.reissue(&owner(), &entered.grant).unwrap();
            setting.resolve("main", &entered.session).unwrap_err()
        }
        Code::SessionEnded => {
            let settings = Settings {
                session_length: Some("PT1H".into()),
                ..guestpass_tests::beginning()
            };
            setting.set_policy(&owner(), &settings).unwrap();
            let entered = setting.enter(&setting.link(a_link()));
            setting.clock.forward(60 * MINUTE);
            setting.resolve("main", &entered.session).unwrap_err()
        }
        Code::Deactivated => {
            setting.deactivate("main").unwrap();
            refused(a_link())
        }
        Code::NotDeactivated => {
            let _link = setting.link(a_link());
            setting
                .uninstall("main", &ContentDecision::Keep, 10)
                .unwrap_err()
        }
        Code::UnknownHeir => {
            setting.deactivate("main").unwrap();
            let nobody = ContentDecision::HandOver("nobody".into());
            setting.uninstall("main", &nobody, 10).unwrap_err()
        }
        Code::UnknownState => {
            let filter = Filter {
                state: Some("activ".into()),
                ..Filter::everything()
            };
            setting.list(&owner(), &filter, None, 10).unwrap_err()
        }
        Code::Contended => being_cleared_up(setting),
        Code::StoreUnavailable => {
            setting.faults.plan(0, Fault::DiesBefore, Counting::Writes);
            refused(a_link())
        }
        Code::DirectoryUnavailable => {
            setting.faults.plan(1, Fault::Fails, Counting::Everything);
            refused(a_link())
        }
        Code::RecordDamaged => {
            let link = setting.link(a_link());
            spoil(setting, |value| value[7] ^= 1);
            setting.try_enter(&link).unwrap_err()
        }
        Code::RecordTooNew => {
            let link = setting.link(a_link());
            spoil(setting, |value| {
                value[0] = 200;
                crate::history::mend(value);
            });
            setting.try_enter(&link).unwrap_err()
        }
        Code::BadMessage => refused(an_invitation().saying(&"x".repeat(1001))),
        Code::SelfInvitation => refused(an_invitation().for_("OLGA@main.example")),
        Code::OwnerInvited => setting
            .create(
                &user("ed"),
                &an_invitation().for_("olga@main.example").draft(),
            )
            .unwrap_err(),
        Code::WrongUser => setting
            .try_join(&setting.link(an_invitation()), "ed")
            .unwrap_err(),
        Code::SignInFirst => setting
            .try_join_anew(&setting.link(an_invitation()))
            .unwrap_err(),
        Code::AlreadyAccepted => {
            let invitation = setting.link(an_invitation());
            let _accepted = setting.join(&invitation, "sue");
            setting.try_join(&invitation, "sue").unwrap_err()
        }
        Code::BadCatalogue => {
            setting.people.change_catalogue("main", |catalogue| {
                let twice = PermissionEntry {
                    name: "read".into(),
                    title: "Read".into(),
                    reserved: false,
                };
                catalogue.permissions.push(twice);
            });
            refused(a_link())
        }
        Code::BadCheckpoint => setting
            .read_checkpoint("guestpass-checkpoint-1")
            .unwrap_err(),
        Code::BadProof => {
            let kept = setting.checkpoint("main").unwrap().text;
            setting.check_consistency("", &kept, &kept).unwrap_err()
        }
        Code::UserHeld => {
            let first = setting.link(a_link());
            let _entered = setting.enter(&first);
            setting.revoke(&owner(), first.id()).unwrap();
            let _back = setting.link(a_link());
            setting
                .retire(&owner(), first.id(), &ContentDecision::Keep)
                .unwrap_err()
        }
        Code::UnknownRecord => {
            let kept = setting.checkpoint("main").unwrap().text;
            let link = setting.link(a_link());
            let id = format!("{}.0", link.id());
            setting.prove_inclusion("main", &id, &kept).unwrap_err()
        }
    }
}

/// A first use that the host refused, and whose undoing then broke off: for some minutes nobody may enter by that link.
fn being_cleared_up(setting: &Setting) -> Refusal {
    let link = setting.link(a_link());
    setting
        .people
        .reject_new_users("main", Some("The site is full."));
    setting.try_enter(&link).unwrap_err();
    setting.people.reject_new_users("main", None);
    setting.clock.forward(5 * MINUTE);
    // The first step of the undoing; then the lights go out.
    setting.faults.plan(1, Fault::DiesBefore, Counting::Writes);
    _ = setting.sweep("main", 10);
    assert!(setting.faults.recover(), "the undoing was broken off");
    setting.try_enter(&link).unwrap_err()
}

/// Changes every stored grant.
fn spoil(setting: &Setting, change: impl Fn(&mut Vec<u8>)) {
    for (key, mut value) in setting.dump() {
        if key.starts_with(b"main\0g") {
            change(&mut value);
            let put = guestpass::ports::Put { key, value };
            setting.store.commit(&[], &[put], &[]).unwrap();
        }
    }
}

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
