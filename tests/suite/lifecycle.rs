//! Switching guests' access off and on for a site, and leaving a site for good.

use guestpass::ports::ContentDecision;
use guestpass_tests::faults::{Counting, Fault};
use guestpass_tests::strangers::unknown_pass;
use guestpass_tests::{
    DAY, HOUR, MINUTE, Plan, Setting, a_link, a_password, an_invitation, beginning, both_ways,
    from_somewhere, owner,
};

const KEEP: ContentDecision = ContentDecision::Keep;

/// Uninstalls in steps of this size, and tells how many users were deleted.
fn uninstall(setting: &Setting, content: &ContentDecision, limit: u32) -> u32 {
    let mut retired = 0;
    loop {
        let step = setting.uninstall("main", content, limit).unwrap();
        assert!(step.removed <= limit, "{step:?}");
        retired += step.retired;
        if !step.more {
            return retired;
        }
    }
}

fn of_site(setting: &Setting, site: &str) -> Vec<(Vec<u8>, Vec<u8>)> {
    let begin = [site.as_bytes(), &[0]].concat();
    let mut all = setting.dump();
    all.retain(|(key, _)| key.starts_with(&begin));
    all
}

#[test]
fn while_a_site_is_deactivated_nobody_is_let_in_and_nothing_is_lost() {
    both_ways(|plan: Plan| {
        let setting = plan.build();
        let (used, fresh) = (
            setting.link(a_link()),
            setting.link(a_link().for_("kim@support.example")),
        );
        let entered = setting.enter(&used);
        let since = setting.deactivate("main").unwrap();
        assert_eq!(setting.deactivated("main").unwrap(), Some(since));
        setting.clock.forward(HOUR);
        assert_eq!(setting.deactivate("main").unwrap(), since, "as it was");
        let refusals = [
            setting.resolve("main", &entered.session).unwrap_err(),
            setting.check("main", &entered.session, "read").unwrap_err(),
            setting.inspect("main", &fresh.pass).unwrap_err(),
            setting.try_enter(&fresh).unwrap_err(),
            setting.try_enter(&used).unwrap_err(),
            setting.try_link(a_link().for_("x@b.example")).unwrap_err(),
        ];
        for refusal in refusals {
            assert_eq!(refusal.code, "deactivated", "{refusal:?}");
        }
        let stranger = setting.redeem("main", &unknown_pass(1), &from_somewhere());
        assert_eq!(stranger.unwrap_err().code, "link-not-valid");
        let said = setting.explain(&owner(), used.id(), "read").unwrap();
        assert!(!said.allowed && said.limits[0].message.contains("switched off"));
        assert!(!setting.power(&owner(), used.id()).unwrap().now);
        setting.activate("main").unwrap();
        setting.activate("main").unwrap();
        assert_eq!(setting.why_not(&entered.session), None);
        let _entered = setting.enter(&fresh);
        let told = setting.drain("main", 100).unwrap().into_iter();
        let actions: Vec<_> = told
            .filter(|line| line.grant.is_none())
            .map(|line| line.action)
            .collect();
        assert_eq!(actions, ["deactivated", "activated"]);
        assert_eq!(setting.faults_in_history(), [""; 0]);
    });
}

#[test]
fn while_a_site_is_deactivated_no_invitation_is_accepted_and_no_account_entered() {
    both_ways(|plan: Plan| {
        let setting = plan.build();
        let accepted = setting.link(an_invitation());
        let _joined = setting.join(&accepted, "sue");
        let waits = setting.link(an_invitation().for_("kim@b.example"));
        let switch = || setting.switch("main", "sue", accepted.id(), None, &from_somewhere());
        let entered = switch().unwrap();
        setting.deactivate("main").unwrap();
        let refusals = [
            setting.resolve("main", &entered.session).unwrap_err(),
            switch().unwrap_err(),
            setting.inspect_invitation("main", &waits.pass).unwrap_err(),
            setting.try_join_anew(&waits).unwrap_err(),
        ];
        for refusal in refusals {
            assert_eq!(refusal.code, "deactivated", "{refusal:?}");
        }
        let accounts = setting
            .memberships("main", "sue", None, 10)
            .unwrap()
            .accounts;
        let open: Vec<bool> = accounts.iter().map(|account| account.open).collect();
        assert_eq!(
            open,
            [true, false],
            "the own one, and the one that is closed"
        );
        setting.activate("main").unwrap();
        assert_eq!(setting.why_not(&entered.session), None);
        let joined = setting.try_join_anew(&waits).unwrap();
        setting.deactivate("main").unwrap();
        assert_eq!(uninstall(&setting, &KEEP, 100), 1);
        assert_eq!(setting.people.deleted("main"), [joined.user.as_str()]);
        assert!(
            setting.people.user("main", "sue").is_some(),
            "was there before"
        );
    });
}

#[test]
fn while_a_site_is_deactivated_no_password_lets_anybody_in() {
    both_ways(|plan: Plan| {
        let setting = plan.build();
        let issued = setting.link(a_password());
        let entered = setting.enter_by_password(&issued);
        setting.deactivate("main").unwrap();
        let refusals = [
            setting.resolve("main", &entered.session).unwrap_err(),
            setting.may_sign_in("main", &entered.user).unwrap_err(),
            setting.try_password(&issued).unwrap_err(),
        ];
        for refusal in refusals {
            assert_eq!(refusal.code, "deactivated", "{refusal:?}");
        }
        assert_eq!(
            setting.may_sign_in("main", "sue"),
            Ok(()),
            "who is no guest"
        );
        setting.activate("main").unwrap();
        assert_eq!(setting.why_not(&entered.session), None);
        setting.deactivate("main").unwrap();
        assert_eq!(uninstall(&setting, &KEEP, 100), 1);
        assert_eq!(setting.people.deleted("main"), [entered.user.as_str()]);
    });
}

#[test]
fn the_last_step_is_the_one_that_leaves_nothing() {
    let setting = Setting::new();
    setting.set_policy(&owner(), &beginning()).unwrap();
    let _entered = setting.enter(&setting.link(a_link()));
    setting.deactivate("main").unwrap();
    let all = u32::try_from(of_site(&setting, "main").len()).unwrap();
    let step = setting.uninstall("main", &KEEP, all - 1).unwrap();
    assert!(step.more && step.removed == all - 1, "{step:?}");
    let step = setting.uninstall("main", &KEEP, 1).unwrap();
    assert!(!step.more && step.removed == 1, "{step:?}");
    assert_eq!(of_site(&setting, "main"), []);
}

#[test]
fn taking_back_still_works_and_time_does_not_stand_still() {
    let setting = Setting::new();
    let revoked = setting.link(a_link());
    let over = setting.link(a_link().for_("kim@support.example").lasting("PT1H"));
    let session = setting.enter(&over).session;
    setting.deactivate("main").unwrap();
    setting.revoke(&owner(), revoked.id()).unwrap();
    setting.clock.forward(HOUR);
    setting.activate("main").unwrap();
    assert_eq!(setting.try_enter(&revoked).unwrap_err().code, "grant-ended");
    assert_eq!(setting.why_not(&session).as_deref(), Some("grant-ended"));
}

#[test]
fn while_a_site_is_deactivated_grants_are_taken_back_and_nothing_else() {
    both_ways(|plan: Plan| {
        let setting = plan.build();
        let link = setting.link(a_link());
        setting.deactivate("main").unwrap();
        setting.suspend(&owner(), link.id()).unwrap();
        let before = setting.dump();
        let by = guestpass::Extension::By("P1D".into());
        let scope = guestpass::Scope::role("author");
        let refusals = [
            setting.resume(&owner(), link.id()).unwrap_err(),
            setting.extend(&owner(), link.id(), &by).unwrap_err(),
            setting.reissue(&owner(), link.id()).unwrap_err(),
            setting
                .change_scope(&owner(), link.id(), &scope, &[])
                .unwrap_err(),
        ];
        for refusal in refusals {
            assert_eq!(refusal.code, "deactivated", "{refusal:?}");
        }
        assert_eq!(setting.dump(), before);
        setting.activate("main").unwrap();
        setting.resume(&owner(), link.id()).unwrap();
        setting.reissue(&owner(), link.id()).unwrap();
    });
}

#[test]
fn a_changed_policy_does_not_activate_a_site() {
    let setting = Setting::new();
    setting.deactivate("main").unwrap();
    let settings = guestpass::Settings {
        most_uses: Some(1),
        ..beginning()
    };
    setting.set_policy(&owner(), &settings).unwrap();
    assert!(setting.deactivated("main").unwrap().is_some());
    assert_eq!(setting.policy("main").unwrap(), settings);
}

#[test]
fn leaving_a_site_deletes_its_guests_and_empties_its_store_in_bounded_steps() {
    both_ways(|plan: Plan| {
        let setting = plan.build();
        for number in 0..7 {
            let link = setting.link(a_link().for_(&format!("guest{number}@support.example")));
            if number % 2 == 0 {
                let _entered = setting.enter(&link);
            }
        }
        let elsewhere = guestpass::Actor {
            site: "other".into(),
            ..owner()
        };
        setting.create(&elsewhere, &a_link().draft()).unwrap();
        let other = of_site(&setting, "other");
        let refusal = setting.uninstall("main", &KEEP, 10).unwrap_err();
        assert_eq!(refusal.code, "not-deactivated");
        setting.deactivate("main").unwrap();
        assert_eq!(uninstall(&setting, &KEEP, 5), 4);
        assert_eq!(of_site(&setting, "main"), []);
        assert_eq!(of_site(&setting, "other"), other);
        assert_eq!(setting.people.guests("main"), [""; 0]);
        assert_eq!(setting.people.ids("main"), ["ed", "olga", "sue"]);
        assert_eq!(setting.people.heirs("main"), [""; 0]);
        assert_eq!(
            uninstall(&setting, &KEEP, 5),
            0,
            "done again it does nothing"
        );
        let _link = setting.link(a_link());
    });
}

#[test]
fn the_content_is_handed_over_to_a_user_who_stays() {
    let setting = Setting::new();
    let guest = setting.enter(&setting.link(a_link())).user;
    setting.deactivate("main").unwrap();
    for heir in ["nobody", guest.as_str()] {
        let heir = ContentDecision::HandOver(heir.to_owned());
        let refusal = setting.uninstall("main", &heir, 10).unwrap_err();
        assert_eq!(refusal.code, "unknown-heir");
    }
    assert_eq!(setting.people.guests("main"), [guest.as_str()]);
    let ed = ContentDecision::HandOver("ed".to_owned());
    assert_eq!(uninstall(&setting, &ed, 1000), 1);
    assert_eq!(setting.people.heirs("main"), ["ed"]);
}

#[test]
fn whatever_breaks_off_half_way_is_finished_by_going_on() {
    for fault in [
        Fault::Fails,
        Fault::DiesBefore,
        Fault::DiesAfter,
        Fault::Conflicts,
    ] {
        for at in 0.. {
            let setting = Setting::plan().natively().build();
            for number in 0..3 {
                let link = setting.link(a_link().for_(&format!("guest{number}@b.example")));
                let _entered = setting.enter(&link);
            }
            setting.deactivate("main").unwrap();
            setting.faults.plan(at, fault, Counting::Writes);
            while setting
                .uninstall("main", &KEEP, 4)
                .is_ok_and(|step| step.more)
            {}
            let struck = setting.faults.recover();
            uninstall(&setting, &KEEP, 4);
            assert_eq!(of_site(&setting, "main"), [], "{fault:?} at {at}");
            assert_eq!(setting.people.guests("main"), [""; 0], "{fault:?} at {at}");
            if !struck {
                assert!(at > 5, "the faults struck");
                break;
            }
        }
    }
}

#[test]
fn a_user_who_is_being_made_is_not_left_behind() {
    let setting = Setting::new();
    let link = setting.link(a_link());
    // The user is made, and then the lights go out.
    setting.faults.plan(2, Fault::DiesBefore, Counting::Writes);
    setting.try_enter(&link).unwrap_err();
    assert!(setting.faults.recover());
    assert_eq!(setting.people.guests("main").len(), 1);
    setting.deactivate("main").unwrap();
    let refusal = setting.uninstall("main", &KEEP, 100).unwrap_err();
    assert_eq!(refusal.code, "contended");
    setting.clock.forward(5 * MINUTE);
    assert_eq!(uninstall(&setting, &KEEP, 100), 1);
    assert_eq!(setting.people.guests("main"), [""; 0]);
}

#[test]
fn a_guest_who_became_an_owner_is_left_alone_and_damaged_grants_do_not_hide_their_users() {
    let setting = Setting::new();
    let promoted = setting.enter(&setting.link(a_link())).user;
    let hidden = setting.link(a_link().for_("kim@support.example"));
    let hidden_user = setting.enter(&hidden).user;
    setting
        .people
        .change("main", &promoted, |user| user.standing.owner = true);
    for (key, mut value) in of_site(&setting, "main") {
        if key.starts_with(b"main\0g") {
            value[9] ^= 1;
            let put = guestpass::ports::Put { key, value };
            setting.store.commit(&[], &[put], &[]).unwrap();
        }
    }
    setting.deactivate("main").unwrap();
    assert_eq!(uninstall(&setting, &KEEP, 100), 1);
    assert_eq!(setting.people.deleted("main"), [hidden_user.as_str()]);
    assert!(setting.people.user("main", &promoted).is_some());
}

#[test]
fn a_site_that_is_deactivated_for_long_sweeps_as_ever() {
    let setting = Setting::new();
    let link = setting.link(a_link().lasting("P1D"));
    let _entered = setting.enter(&link);
    setting.deactivate("main").unwrap();
    setting.clock.forward(2 * DAY);
    assert_eq!(setting.sweep("main", 10).unwrap().expired, 1);
}
