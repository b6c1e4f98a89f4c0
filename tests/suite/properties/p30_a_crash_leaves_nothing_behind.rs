//! Property 30: a crash at any point leaves no user without a grant, no session without a grant, and loses no change that was
//! acknowledged. (Killing the whole program under load is in `binary/crash.rs`.)

use guestpass::{Filter, Grant};
use guestpass_tests::faults::{Counting, Fault};
use guestpass_tests::{
    DraftBuilder, HOUR, Link, MINUTE, Plan, Setting, Way, a_link, a_password, an_invitation,
    both_ways, owner,
};

const FAULTS: [Fault; 4] = [
    Fault::Fails,
    Fault::DiesBefore,
    Fault::DiesAfter,
    Fault::Conflicts,
];

fn newest(setting: &Setting) -> Option<Grant> {
    let page = setting
        .list(&owner(), &Filter::everything(), None, 1)
        .unwrap();
    page.grants.into_iter().next()
}

/// Every user that was made for a grant is one that a grant holds, and the history is sound.
fn nobody_is_left(setting: &Setting, what: &str) {
    let page = setting
        .list(&owner(), &Filter::everything(), None, 100)
        .unwrap();
    let held: Vec<_> = page.grants.into_iter().filter_map(|g| g.user).collect();
    for user in setting.people.guests("main") {
        assert!(held.contains(&user), "{what}: {user} has no grant");
    }
    assert_eq!(setting.faults_in_history(), [""; 0], "{what}");
}

/// Breaks the making of a password off at each call in turn, then tidies up.
fn crash_at_every_call(
    way: Way,
    before: impl Fn(&Setting),
    draft: impl Fn() -> DraftBuilder,
    least: u32,
) {
    for fault in FAULTS {
        let mut crashes = 0;
        for n in 0.. {
            let what = format!("{way:?}, {fault:?} at call {n}");
            let setting = Setting::plan().asked(way).build();
            before(&setting);
            let users = setting.people.guests("main");
            setting.faults.plan(n, fault, Counting::Everything);
            let issued = setting.try_link(draft());
            if !setting.faults.recover() {
                assert!(setting.try_password(&issued.unwrap()).is_ok());
                break;
            }
            crashes += 1;
            setting.clock.forward(6 * MINUTE);
            while setting.sweep("main", 10).unwrap().more {}
            setting.clock.forward(6 * MINUTE);
            let swept = setting.sweep("main", 10).unwrap();
            assert_eq!(
                (swept.repaired, swept.failed),
                (0, 0),
                "{what}: nothing is left to clear up"
            );
            nobody_is_left(&setting, &what);
            if let Ok(issued) = issued {
                let entered = setting.try_password(&issued);
                let entered = entered.unwrap_or_else(|refusal| panic!("{what}: {refusal:?}"));
                assert_eq!(setting.why_not(&entered.session), None, "{what}");
                continue;
            }
            // Nobody heard the password: either there is a grant that can be given a new one, or there is nothing.
            let grant = newest(&setting).filter(|grant| grant.kind == "password");
            let issued = match grant.as_ref().map(|grant| grant.state.as_str()) {
                Some("ready") => setting.reissue(&owner(), &grant.unwrap().id),
                Some("ended") | None => {
                    if let Some(grant) = &grant {
                        assert_eq!(grant.ended_because.as_deref(), Some("abandoned"), "{what}");
                    }
                    assert_eq!(setting.people.guests("main"), users, "{what}");
                    setting.try_link(draft())
                }
                other => panic!("{what}: {other:?}"),
            };
            let issued = issued.unwrap_or_else(|refusal| panic!("{what}: {refusal:?}"));
            let entered = setting.enter_by_password(&issued);
            assert_eq!(setting.why_not(&entered.session), None, "{what}");
            nobody_is_left(&setting, &what);
        }
        assert!(crashes >= least, "{way:?}, {fault:?}: {crashes} crashes");
    }
}

#[test]
fn p30_a_crash_at_any_call_of_making_a_password() {
    both_ways(|plan: Plan| {
        crash_at_every_call(plan.way(), |_| (), || a_password().signing_in_as("sam"), 12);
    });
}

#[test]
fn p30_a_crash_at_any_call_of_giving_a_guest_who_comes_back_a_password() {
    both_ways(|plan: Plan| {
        let before = |setting: &Setting| {
            let link = setting.link(a_link());
            let _entered = setting.enter(&link);
            setting.revoke(&owner(), link.id()).unwrap();
            setting.clock.forward(1);
        };
        crash_at_every_call(plan.way(), before, a_password, 12);
    });
}

#[test]
fn p30_a_crash_at_any_call_of_signing_in_loses_no_session_that_was_told() {
    both_ways(|plan: Plan| {
        for fault in FAULTS {
            for n in 0.. {
                let what = format!("{:?}, {fault:?} at call {n}", plan.way());
                let setting = Setting::plan().asked(plan.way()).build();
                let issued = setting.link(a_password().lasting_from_first_use("PT1H"));
                setting.faults.plan(n, fault, Counting::Everything);
                let first = setting.try_password(&issued);
                let struck = setting.faults.recover();
                if let Ok(first) = &first {
                    assert_eq!(setting.why_not(&first.session), None, "{what}");
                }
                if !struck {
                    break;
                }
                let told = u32::from(first.is_ok());
                let counted = setting.get(&owner(), issued.id()).unwrap().uses;
                let unheard = u32::from(fault == Fault::DiesAfter);
                assert!(
                    counted >= told && counted <= told + unheard,
                    "{what}: {counted} uses"
                );
                assert_eq!(setting.faults_in_history(), [""; 0], "{what}");
                let _second = setting.enter_by_password(&issued);
            }
        }
    });
}

/// Somebody comes in by something new while the clearing up of a whole hour happens at any one of the calls that this takes,
/// and then, if `begun_anew`, somebody else begins and gets no further.
fn cleared_up_meanwhile(
    way: Way,
    begun_anew: bool,
    draft: impl Fn() -> DraftBuilder,
    come: fn(&Setting, &Link) -> bool,
) {
    for n in 0.. {
        let what = format!("{way:?}, cleared up at call {n}, begun anew: {begun_anew}");
        let setting = Setting::plan().asked(way).build();
        let link = setting.link(draft());
        let (other, same) = (setting.beside(), link.clone());
        setting.faults.meanwhile(n, move || {
            other.clock.forward(HOUR);
            let _swept = other.sweep("main", 100).unwrap();
            if begun_anew {
                other.faults.plan(1, Fault::Fails, Counting::Writes);
                let came = come(&other, &same);
                assert!(other.faults.recover() && !came);
            }
        });
        let came = come(&setting, &link);
        if !setting.faults.happened() {
            assert!(n > 3, "{what}: it takes more calls");
            break;
        }
        for _ in 0..2 {
            setting.clock.forward(HOUR);
            let _swept = setting.sweep("main", 100).unwrap();
        }
        assert_eq!(
            setting.people.guests("main").len(),
            usize::from(came),
            "{what}"
        );
        assert!(came || come(&setting, &link), "{what}: nothing was used");
        assert_eq!(setting.people.guests("main").len(), 1, "{what}");
        assert_eq!(setting.faults_in_history(), [""; 0], "{what}");
    }
}

#[test]
fn p30_a_user_who_is_made_while_others_clear_up_is_found_again() {
    both_ways(|plan: Plan| {
        let way = plan.way();
        let invited = || an_invitation().for_("bea@new.example");
        for anew in [false, true] {
            cleared_up_meanwhile(way, anew, a_link, |setting, link| {
                setting.try_enter(link).is_ok()
            });
            cleared_up_meanwhile(way, anew, invited, |setting, link| {
                setting.try_join_anew(link).is_ok()
            });
        }
    });
}

#[test]
fn p30_a_clearing_up_that_others_overtook_undoes_nothing_of_what_they_did() {
    // The process dies before or after the user is made.
    for dies in [Fault::DiesBefore, Fault::DiesAfter] {
        for n in 0.. {
            let setting = Setting::plan().natively().build();
            let link = setting.link(a_link());
            setting.faults.plan(1, dies, Counting::Writes);
            setting.try_enter(&link).unwrap_err();
            assert!(setting.faults.recover());
            setting.clock.forward(HOUR);
            let (other, same) = (setting.beside(), link.clone());
            setting.faults.meanwhile(n, move || {
                other.clock.forward(HOUR);
                let _swept = other.sweep("main", 100).unwrap();
                let _entered = other.enter(&same);
            });
            let _swept = setting.sweep("main", 100).unwrap();
            if !setting.faults.happened() {
                assert!(n > 3, "it takes more calls");
                break;
            }
            let what = format!("{dies:?}, overtaken at call {n}");
            let last = setting.actions(link.id()).pop();
            assert_eq!(last.as_deref(), Some("redeemed"), "{what}");
            let held = setting.get(&owner(), link.id()).unwrap().user;
            assert_eq!(
                setting.people.guests("main"),
                Vec::from_iter(held),
                "{what}"
            );
        }
    }
}

#[test]
fn p30_a_user_who_was_made_too_late_is_found_and_cleared_up() {
    for way in [Way::Native, Way::Component] {
        let setting = Setting::plan().asked(way).build();
        // The host makes the user, but nobody hears of it; and the grant is ended as abandoned right away, the user unknown.
        setting.faults.plan(1, Fault::DiesAfter, Counting::Writes);
        setting.try_link(a_password()).unwrap_err();
        assert!(setting.faults.recover());
        assert_eq!(setting.people.guests("main").len(), 1);
        setting.clock.forward(6 * MINUTE);
        assert_eq!(setting.sweep("main", 10).unwrap().repaired, 1);
        assert_eq!(setting.people.guests("main"), [""; 0]);
        let _issued = setting.link(a_password());
    }
}
