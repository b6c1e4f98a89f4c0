//! A process that stops and starts again on the same database: nothing that was answered is lost.

use guestpass::{Extension, Filter, Settings};
use guestpass_tests::faults::{Counting, Fault};
use guestpass_tests::{DAY, HOUR, MINUTE, Setting, a_link, owner};

#[test]
fn everything_is_still_there_and_sessions_go_on() {
    let setting = Setting::plan().on_sqlite().truly_random().build();
    let policy = Settings {
        ceiling: Some(vec!["edit_posts".into(), "read".into()]),
        longest_window: "P30D".into(),
        ..guestpass_tests::beginning()
    };
    setting.set_policy(&owner(), &policy).unwrap();
    let link = setting.link(a_link().lasting_from_first_use("P2D").uses(3));
    let waiting = setting.link(a_link().for_("kim@support.example").lasting("P1D"));
    let entered = setting.enter(&link);
    setting
        .extend(&owner(), link.id(), &Extension::By("P1D".into()))
        .unwrap();
    setting.suspend(&owner(), waiting.id()).unwrap();
    let everything = |setting: &Setting| {
        (
            setting.dump(),
            setting
                .list(&owner(), &Filter::everything(), None, 100)
                .unwrap(),
            setting.whole_history(link.id()),
            setting.policy("main").unwrap(),
            setting.next_due("main").unwrap(),
            setting.drain("main", 100).unwrap(),
            setting.resolve("main", &entered.session).unwrap(),
        )
    };
    let before = everything(&setting);
    let setting = setting.restarted();
    assert_eq!(everything(&setting), before);
    assert_eq!(before.3, policy);

    assert_eq!(setting.allowed(&entered.session), ["edit_posts", "read"]);
    assert_eq!(setting.enter(&link).user, entered.user);
    assert_eq!(setting.get(&owner(), link.id()).unwrap().uses, 2);
    setting.clock.forward(3 * DAY);
    let setting = setting.restarted();
    assert_eq!(
        setting.why_not(&entered.session).as_deref(),
        Some("grant-ended"),
        "it ended while nobody was looking"
    );
    assert_eq!(
        setting.sweep("main", 100).unwrap().expired,
        1,
        "the other one; this one was recorded when it was seen"
    );
    assert_eq!(setting.faults_in_history(), [""; 0]);
}

#[test]
fn a_first_use_cut_off_by_a_crash_is_finished_by_trying_again_after_the_restart() {
    let setting = Setting::plan().on_sqlite().build();
    let link = setting.link(a_link().lasting_from_first_use("PT1H").uses(1));
    setting.faults.plan(2, Fault::DiesBefore, Counting::Writes);
    setting.try_enter(&link).unwrap_err();
    assert!(setting.faults.recover());
    let setting = setting.restarted();
    setting.clock.forward(MINUTE);
    let entered = setting.enter(&link);
    assert_eq!(
        setting.people.created("main"),
        1,
        "the user that was made is the user"
    );
    assert_eq!(
        entered.ends,
        Some(setting.clock.shows() + HOUR),
        "and its time starts now"
    );
    assert_eq!(setting.try_enter(&link).unwrap_err().code, "link-used-up");
    assert_eq!(setting.faults_in_history(), [""; 0]);
}

#[test]
fn two_processes_on_one_file_are_one_engine() {
    let here = Setting::plan().on_sqlite().truly_random().build();
    let there = here.beside();
    let link = here.link(a_link().uses(2));
    let entered = there.enter(&link);
    assert_eq!(here.why_not(&entered.session), None);
    let _again = here.enter(&link);
    assert_eq!(there.try_enter(&link).unwrap_err().code, "link-used-up");
    there.sign_out("main", &entered.session).unwrap();
    assert_eq!(
        here.why_not(&entered.session).as_deref(),
        Some("session-unknown")
    );
    assert_eq!(here.faults_in_history(), [""; 0]);
}
