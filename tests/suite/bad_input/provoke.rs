//! How each code comes about.

use guestpass::ports::{ContentDecision, PermissionEntry};
use guestpass::{Ending, Extension, Filter, Refusal, Settings};
use guestpass_core::Code;
use guestpass_tests::faults::{Counting, Fault};
use guestpass_tests::strangers::unknown_pass;
use guestpass_tests::{
    DAY, DraftBuilder, MINUTE, Setting, a_link, a_password, an_invitation, from_somewhere, owner,
    user,
};

/// Provokes one code in a fresh setting. There is an arm for each code there is: a new one does not compile until somebody
/// says how it comes about.
pub(super) fn provoke(code: Code, setting: &Setting) -> Refusal {
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
                crate::tamper::mend(value);
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
