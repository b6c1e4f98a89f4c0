//! Retiring: what becomes of a guest's user and of what they wrote, by somebody's decision or by the policy.

use guestpass::ports::{ContentDecision, Standing};
use guestpass::{Filter, Refusal, Settings};
use guestpass_core::Instant;
use guestpass_core::codec::decode;
use guestpass_core::grant::Grant;
use guestpass_core::transaction::Chained;
use guestpass_tests::faults::{Counting, Fault};
use guestpass_tests::{
    DAY, HOUR, MINUTE, Plan, Setting, a_link, a_password, an_invitation, both_ways, from_somewhere,
    owner, user,
};

use crate::tamper::stored;

const KEEP: ContentDecision = ContentDecision::Keep;

fn hand_over_to(heir: &str) -> ContentDecision {
    ContentDecision::HandOver(heir.to_owned())
}

fn code<T: std::fmt::Debug>(answer: Result<T, Refusal>) -> String {
    answer.expect_err("a refusal").code
}

/// Retires users so long after the end of their access; none: never by itself.
fn after(setting: &Setting, grace: Option<&str>) {
    let settings = Settings {
        retire_after: grace.map(str::to_owned),
        ..guestpass_tests::beginning()
    };
    setting.set_policy(&owner(), &settings).unwrap();
}

#[test]
fn retiring_ends_access_deletes_the_user_and_does_with_the_content_what_was_decided() {
    both_ways(|plan: Plan| {
        let setting = plan.on_sqlite().build();
        let link = setting.link(a_link());
        let entered = setting.enter(&link);
        let shown = setting
            .retire(&owner(), link.id(), &hand_over_to("ed"))
            .unwrap();
        assert_eq!(
            (shown.state.as_str(), shown.ended_because.as_deref()),
            ("retired", Some("revoked"))
        );
        assert_eq!((shown.user, shown.retires), (None, None));
        assert_eq!(setting.people.deleted("main"), [entered.user.as_str()]);
        assert_eq!(setting.people.heirs("main"), ["ed"]);
        assert_eq!(
            setting.why_not(&entered.session).as_deref(),
            Some("grant-ended")
        );
        assert_eq!(code(setting.try_enter(&link)), "grant-ended");
        assert_eq!(
            setting.actions(link.id()).split_off(3),
            ["revoked", "retiring", "retired"]
        );
        let told = setting.whole_history(link.id());
        assert_eq!(
            told[4].details,
            [("hand-over".to_owned(), "ed".to_owned())],
            "the decision is on record"
        );
        assert_eq!(told[5].subject.as_ref(), Some(&entered.user));
        let before = setting.dump();
        setting.retire(&owner(), link.id(), &KEEP).unwrap();
        assert_eq!(setting.dump(), before, "once is enough");
        assert_eq!(setting.faults_in_history(), [""; 0]);
        let retired = Filter {
            state: Some("retired".into()),
            ..Filter::everything()
        };
        let listed = setting.list(&owner(), &retired, None, 10).unwrap();
        assert_eq!(listed.grants.len(), 1);
    });
}

#[test]
fn who_comes_back_after_that_is_a_new_user() {
    both_ways(|plan: Plan| {
        let setting = plan.build();
        for draft in [a_link, a_password, a_link] {
            let issued = setting.link(draft());
            let user = if issued.grant.kind == "link" {
                setting.enter(&issued).user
            } else {
                setting.enter_by_password(&issued).user
            };
            setting.retire(&owner(), issued.id(), &KEEP).unwrap();
            assert!(setting.people.user("main", &user).is_none());
        }
        assert_eq!(setting.people.deleted("main").len(), 3);
        assert_eq!(setting.people.heirs("main"), [""; 0]);
        assert_eq!(setting.faults_in_history(), [""; 0]);
    });
}

#[test]
fn what_never_had_a_user_is_retired_at_once_and_a_user_who_was_there_before_stays() {
    both_ways(|plan: Plan| {
        let setting = plan.build();
        let unused = setting.link(a_link());
        let accepted = setting.link(an_invitation());
        let _joined = setting.join(&accepted, "sue");
        let switched = setting.try_switch("sue", accepted.id(), None).unwrap();
        for id in [unused.id(), accepted.id()] {
            assert_eq!(
                setting.retire(&owner(), id, &KEEP).unwrap().state,
                "retired"
            );
        }
        assert_eq!(setting.people.deleted("main"), [""; 0]);
        assert_eq!(
            setting.why_not(&switched.session).as_deref(),
            Some("grant-ended")
        );
        let accounts = setting.memberships("main", "sue", None, 10).unwrap();
        assert_eq!(accounts.accounts.len(), 1, "only the own one is left");
        assert_eq!(setting.may_sign_in("main", "sue"), Ok(()));
        assert_eq!(setting.faults_in_history(), [""; 0]);
    });
}

#[test]
fn a_grant_left_half_made_is_not_to_retire_and_due_once_that_can_be_cleared_up() {
    let setting = Setting::plan().natively().build();
    let link = setting.link(a_link());
    setting.revoke(&owner(), link.id()).unwrap();
    let (_, value) = stored(&setting, b"g").remove(0);
    let decoded: Chained<Grant> = decode(&value, String::new).unwrap();
    let mut grant = decoded.body;
    let now = Instant::from_millis(setting.clock.shows());
    grant.retire_at = Some(now);
    assert!(grant.is_to_retire(now));
    grant.loose_since = Some(now);
    assert!(!grant.is_to_retire(now));
    let cleared_up = setting.clock.shows() + 5 * MINUTE;
    assert_eq!(grant.due(), Some(Instant::from_millis(cleared_up)));
    assert!(!grant.left_half_made(Instant::from_millis(cleared_up - 1)));
    assert!(grant.left_half_made(Instant::from_millis(cleared_up)));
}

#[test]
fn a_user_of_whom_it_is_decided_that_they_go_is_given_to_nobody() {
    both_ways(|plan: Plan| {
        let setting = plan.build();
        let before = setting.link(a_password());
        setting.revoke(&owner(), before.id()).unwrap();
        // The host gives no new password: the newest grant of this guest came to nothing.
        setting
            .people
            .reject_new_users("main", Some("the name is taken"));
        assert_eq!(code(setting.try_link(a_password())), "user-rejected");
        setting.people.reject_new_users("main", None);
        // The host deletes nobody now.
        setting.faults.plan(1, Fault::Fails, Counting::Writes);
        setting.retire(&owner(), before.id(), &KEEP).unwrap_err();
        assert!(setting.faults.recover());
        for draft in [a_link(), a_password()] {
            assert_eq!(code(setting.try_link(draft)), "contended");
        }
        let _swept = setting.sweep("main", 10).unwrap();
        assert_eq!(setting.people.guests("main"), [""; 0]);
        let _issued = setting.link(a_password());
        assert_eq!(setting.faults_in_history(), [""; 0]);
    });
}

#[test]
fn only_who_may_change_the_grant_decides_and_only_for_somebody_who_stays() {
    let setting = Setting::new();
    let link = setting.link(a_link());
    let guest = setting.enter(&link).user;
    let before = setting.dump();
    assert_eq!(
        code(setting.retire(&user("ed"), link.id(), &KEEP)),
        "unknown-grant"
    );
    assert_eq!(
        code(setting.retire(&user("sue"), link.id(), &KEEP)),
        "may-not-grant"
    );
    assert_eq!(
        code(setting.retire(&user(&guest), link.id(), &KEEP)),
        "guest-may-not-grant"
    );
    for heir in ["nobody", &guest, "", "a\nb"] {
        let refusal = setting
            .retire(&owner(), link.id(), &hand_over_to(heir))
            .unwrap_err();
        assert_eq!(
            (refusal.code.as_str(), refusal.field.as_deref()),
            ("unknown-heir", Some("content"))
        );
    }
    assert_eq!(setting.dump(), before);
}

#[test]
fn a_guest_who_came_back_is_retired_by_the_later_grant() {
    both_ways(|plan: Plan| {
        let setting = plan.build();
        let first = setting.link(a_link());
        let guest = setting.enter(&first).user;
        setting.revoke(&owner(), first.id()).unwrap();
        for draft in [a_link, a_password] {
            let later = setting.link(draft());
            assert_eq!(later.grant.user.as_ref(), Some(&guest));
            let refusal = setting.retire(&owner(), first.id(), &KEEP).unwrap_err();
            assert_eq!(refusal.code, "user-held");
            assert!(refusal.message.contains(later.id()), "{refusal:?}");
            setting.revoke(&owner(), later.id()).unwrap();
        }
        setting.clock.forward(40 * DAY);
        assert_eq!(setting.sweep("main", 10).unwrap().retired, 3);
        assert_eq!(setting.people.deleted("main"), [guest.as_str()]);
        assert_eq!(setting.faults_in_history(), [""; 0]);
    });
}

#[test]
fn whose_grant_holds_the_user_is_not_told_to_those_who_may_not_see_it() {
    let setting = Setting::new();
    let by_ed = |setting: &Setting| {
        let draft = a_link().role("author").draft();
        setting.create(&user("ed"), &draft).unwrap()
    };
    let first = by_ed(&setting);
    let _guest = setting.enter(&first);
    setting.revoke(&user("ed"), first.id()).unwrap();
    let later = setting.link(a_link());
    let refusal = setting.retire(&user("ed"), first.id(), &KEEP).unwrap_err();
    assert_eq!(refusal.code, "user-held");
    assert!(!refusal.message.contains(later.id()), "{refusal:?}");
}

#[test]
fn who_acts_in_another_account_as_well_is_not_deleted_before_that_ends() {
    both_ways(|plan: Plan| {
        let setting = plan.build();
        after(&setting, Some("P1D"));
        let first = setting.link(an_invitation().for_("kim@b.example"));
        let kim = setting.try_join_anew(&first).unwrap().user;
        let draft = an_invitation().for_("kim@b.example").role("author");
        let second = setting.create(&user("ed"), &draft.draft()).unwrap();
        let _joined = setting.join(&second, &kim);
        let refusal = setting.retire(&owner(), first.id(), &KEEP).unwrap_err();
        assert_eq!(refusal.code, "user-held");
        assert!(refusal.message.contains(second.id()), "{refusal:?}");
        assert_ne!(
            setting.get(&owner(), first.id()).unwrap().state,
            "ended",
            "nothing was changed"
        );
        setting.revoke(&owner(), first.id()).unwrap();
        setting.clock.forward(DAY);
        assert_eq!(setting.sweep("main", 10).unwrap().retired, 0, "it waits");
        assert!(setting.people.user("main", &kim).is_some());
        assert_eq!(setting.may_sign_in("main", &kim), Ok(()));
        setting.revoke(&user("ed"), second.id()).unwrap();
        setting.clock.forward(DAY);
        assert_eq!(setting.sweep("main", 10).unwrap().retired, 1);
        assert_eq!(setting.people.deleted("main"), [kim.as_str()]);
        assert_eq!(setting.faults_in_history(), [""; 0]);
    });
}

#[test]
fn whom_the_site_made_a_member_is_left_alone() {
    both_ways(|plan: Plan| {
        let setting = plan.build();
        after(&setting, Some("P1D"));
        let link = setting.link(a_link());
        let guest = setting.enter(&link).user;
        setting.people.set_roles("main", &guest, &["author"]);
        assert_eq!(
            code(setting.retire(&owner(), link.id(), &KEEP)),
            "user-held"
        );
        setting.revoke(&owner(), link.id()).unwrap();
        setting.clock.forward(DAY);
        assert_eq!(setting.sweep("main", 10).unwrap().retired, 1);
        assert!(setting.people.user("main", &guest).is_some());
        assert_eq!(setting.may_sign_in("main", &guest), Ok(()), "as anybody");
        assert_eq!(setting.faults_in_history(), [""; 0]);
    });
}

#[test]
fn the_policy_retires_a_while_after_the_end_and_keeps_what_was_written() {
    both_ways(|plan: Plan| {
        let setting = plan.on_sqlite().build();
        after(&setting, Some("P3D"));
        let link = setting.link(a_link().lasting("P1D"));
        let guest = setting.enter(&link).user;
        setting.clock.forward(DAY);
        assert_eq!(setting.sweep("main", 10).unwrap().expired, 1);
        let retires = setting.clock.shows() + 3 * DAY;
        let shown = setting.get(&owner(), link.id()).unwrap();
        assert_eq!(shown.retires, Some(retires));
        assert_eq!(setting.next_due("main"), Ok(Some(retires)));
        after(&setting, None);
        setting.clock.forward(3 * DAY - 1);
        assert_eq!(setting.sweep("main", 10).unwrap().retired, 0);
        setting.clock.forward(1);
        assert_eq!(
            setting.sweep("main", 10).unwrap().retired,
            1,
            "fixed when it ended"
        );
        assert_eq!(setting.people.deleted("main"), [guest.as_str()]);
        assert_eq!(setting.people.heirs("main"), [""; 0]);
        assert_eq!(setting.next_due("main"), Ok(None));
        let kept = &setting.whole_history(link.id());
        let decision = kept.iter().find(|line| line.action == "retiring").unwrap();
        assert_eq!(decision.actor, None);
        assert_eq!(decision.details, [("content".into(), "keep".into())]);

        let link = setting.link(a_link().lasting("P1D"));
        let _guest = setting.enter(&link);
        setting.clock.forward(400 * DAY);
        setting.sweep("main", 10).unwrap();
        assert_eq!(setting.next_due("main"), Ok(None), "never by itself");
        assert_eq!(setting.people.deleted("main").len(), 1);
    });
}

#[test]
fn nobody_comes_back_as_a_user_who_is_about_to_go() {
    both_ways(|plan: Plan| {
        let setting = plan.build();
        let link = setting.link(a_link());
        let guest = setting.enter(&link).user;
        // It is decided, and then the lights go out.
        setting.faults.plan(1, Fault::DiesBefore, Counting::Writes);
        setting.retire(&owner(), link.id(), &KEEP).unwrap_err();
        assert!(setting.faults.recover());
        assert!(setting.people.user("main", &guest).is_some());
        for draft in [a_link(), a_password()] {
            assert_eq!(code(setting.try_link(draft)), "contended");
        }
        let other = setting
            .retire(&owner(), link.id(), &hand_over_to("ed"))
            .unwrap();
        assert_eq!(other.state, "retired", "the later decision counts");
        assert_eq!(setting.people.heirs("main"), ["ed"]);
        let _link = setting.link(a_link());
    });
}

#[test]
fn no_account_is_entered_as_a_user_who_is_about_to_go() {
    let setting = Setting::new();
    let first = setting.link(an_invitation().for_("kim@b.example"));
    let kim = setting.try_join_anew(&first).unwrap().user;
    let draft = an_invitation().for_("kim@b.example").role("author");
    let second = setting.create(&user("ed"), &draft.draft()).unwrap();
    setting.faults.plan(1, Fault::DiesBefore, Counting::Writes);
    setting.retire(&owner(), first.id(), &KEEP).unwrap_err();
    assert!(setting.faults.recover());
    assert_eq!(code(setting.try_join(&second, &kim)), "user-gone");
    assert_eq!(setting.sweep("main", 10).unwrap().retired, 1);
    assert_eq!(setting.people.deleted("main"), [kim.as_str()]);
}

/// What breaks off is finished by the sweep or by saying it again, wherever it breaks.
#[test]
fn p30_retiring_leaves_no_user_without_a_grant_wherever_it_breaks_off() {
    for fault in [
        Fault::Fails,
        Fault::DiesBefore,
        Fault::DiesAfter,
        Fault::Conflicts,
    ] {
        for by_sweep in [false, true] {
            for at in 0.. {
                let setting = Setting::plan().natively().build();
                let link = setting.link(a_link().lasting("P1D"));
                let guest = setting.enter(&link).user;
                if by_sweep {
                    setting.clock.forward(DAY);
                    setting.sweep("main", 10).unwrap();
                    setting.clock.forward(30 * DAY);
                }
                setting.faults.plan(at, fault, Counting::Writes);
                if by_sweep {
                    _ = setting.sweep("main", 10);
                } else {
                    _ = setting.retire(&owner(), link.id(), &hand_over_to("ed"));
                }
                let struck = setting.faults.recover();
                let decided = setting.actions(link.id()).contains(&"retiring".to_owned());
                assert!(
                    decided || setting.people.user("main", &guest).is_some(),
                    "{fault:?} at {at}: no user goes without a decision on record"
                );
                setting.clock.forward(30 * DAY + HOUR);
                setting.sweep("main", 10).unwrap();
                if decided || by_sweep {
                    let shown = setting.get(&owner(), link.id()).unwrap();
                    assert_eq!(shown.state, "retired", "{fault:?} at {at}");
                    assert_eq!(setting.people.guests("main"), [""; 0]);
                }
                assert_eq!(setting.faults_in_history(), [""; 0], "{fault:?} at {at}");
                if !struck {
                    assert!(at > 2, "the faults struck");
                    break;
                }
            }
        }
    }
}

#[test]
fn a_host_that_will_not_delete_the_user_is_asked_again() {
    let setting = Setting::new();
    let link = setting.link(a_link());
    let guest = setting.enter(&link).user;
    setting.people.change("main", &guest, |user| {
        user.standing = Standing {
            owner: true,
            ..user.standing.clone()
        };
    });
    assert_eq!(
        code(setting.retire(&owner(), link.id(), &KEEP)),
        "user-held"
    );
    assert!(setting.people.user("main", &guest).is_some());
    let reentered = setting.redeem("main", &link.pass, &from_somewhere());
    assert!(reentered.is_ok(), "nothing was changed");
}

#[test]
fn retiring_works_while_the_site_is_deactivated() {
    let setting = Setting::new();
    let link = setting.link(a_link());
    let guest = setting.enter(&link).user;
    setting.deactivate("main").unwrap();
    setting.retire(&owner(), link.id(), &KEEP).unwrap();
    assert_eq!(setting.people.deleted("main"), [guest.as_str()]);
}

#[test]
fn whom_the_host_does_not_see_at_that_moment_is_deleted_all_the_same() {
    for by_sweep in [false, true] {
        let setting = Setting::new();
        let link = setting.link(a_link());
        let guest = setting.enter(&link).user;
        setting.revoke(&owner(), link.id()).unwrap();
        setting.people.look_away_from("main", Some(&guest));
        if by_sweep {
            setting.clock.forward(30 * DAY + HOUR);
            setting.sweep("main", 10).unwrap();
        } else {
            setting.retire(&owner(), link.id(), &KEEP).unwrap();
        }
        setting.people.look_away_from("main", None);
        assert_eq!(setting.people.deleted("main"), [guest.as_str()]);
    }
}
