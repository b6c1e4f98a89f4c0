//! How long a session goes on, and what those who manage a grant see of its sessions.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use guestpass::{RunningSession, Settings};
use guestpass_tests::{
    Counting, DAY, Entered, Fault, HOUR, MINUTE, Plan, Setting, a_link, beginning, both_ways,
    owner, user,
};

fn limited(setting: &Setting, length: Option<&str>, idle: Option<&str>) {
    let settings = Settings {
        session_length: length.map(str::to_owned),
        session_idle: idle.map(str::to_owned),
        ..beginning()
    };
    setting.set_policy(&owner(), &settings).unwrap();
}

fn why(setting: &Setting, entered: &Entered) -> Option<String> {
    setting.why_not(&entered.session)
}

fn running(setting: &Setting, grant: &str) -> Vec<RunningSession> {
    let page = setting.sessions(&owner(), grant, None, 100).unwrap();
    assert_eq!(page.next, None);
    page.sessions
}

#[test]
fn a_session_ends_when_it_lasted_as_long_as_one_may_and_the_guest_comes_in_anew() {
    both_ways(|plan: Plan| {
        let setting = plan.build();
        limited(&setting, Some("PT8H"), None);
        let link = setting.link(a_link());
        let entered = setting.enter(&link);
        let began = setting.clock.shows();
        let answer = setting.resolve("main", &entered.session).unwrap();
        assert_eq!(answer.until, began + 8 * HOUR);
        assert_eq!(answer.ends, link.grant.ends, "the grant goes on");
        setting.clock.forward(8 * HOUR - 1);
        assert_eq!(why(&setting, &entered), None);
        setting.clock.forward(1);
        assert_eq!(why(&setting, &entered).as_deref(), Some("session-ended"));
        let again = setting.enter(&link);
        assert_eq!(why(&setting, &again), None);
        assert_eq!(setting.faults_in_history(), [""; 0]);
    });
}

#[test]
fn a_session_ends_when_it_rested_for_as_long_as_one_may() {
    both_ways(|plan: Plan| {
        let setting = plan.build();
        limited(&setting, None, Some("PT80M"));
        let entered = setting.enter(&setting.link(a_link()));
        for _ in 0..10 {
            setting.clock.forward(70 * MINUTE);
            let until = setting.resolve("main", &entered.session).unwrap().until;
            assert_eq!(until, setting.clock.shows() + 80 * MINUTE);
        }
        setting.clock.forward(80 * MINUTE);
        let refusal = setting.resolve("main", &entered.session).unwrap_err();
        assert_eq!(refusal.code, "session-ended");
        assert!(refusal.message.contains("Nothing was done"), "{refusal:?}");
        assert_eq!(setting.faults_in_history(), [""; 0]);
    });
}

#[test]
fn being_seen_is_written_once_in_an_eighth_of_the_time_and_never_into_history() {
    let setting = Setting::new();
    limited(&setting, None, Some("PT80M"));
    let entered = setting.enter(&setting.link(a_link()));
    let before = setting.actions(&entered.grant);
    let mut changes = 0;
    let mut last = setting.dump();
    for _ in 0..60 {
        setting.clock.forward(MINUTE);
        setting.resolve("main", &entered.session).unwrap();
        let now = setting.dump();
        changes += usize::from(now != last);
        last = now;
    }
    assert_eq!(changes, 6);
    assert_eq!(setting.actions(&entered.grant), before);
}

#[test]
fn a_policy_that_says_nothing_of_sessions_writes_nothing_of_them() {
    let setting = Setting::new();
    let entered = setting.enter(&setting.link(a_link()));
    let before = setting.dump();
    for _ in 0..10 {
        setting.clock.forward(HOUR);
        setting.resolve("main", &entered.session).unwrap();
    }
    assert_eq!(setting.dump(), before);
}

#[test]
fn a_check_makes_two_calls_at_most() {
    let setting = Setting::plan().through_the_component().build();
    let entered = setting.enter(&setting.link(a_link()));
    // The site's catalogue and policy are remembered from then on.
    setting.resolve("main", &entered.session).unwrap();
    setting.faults.plan(2, Fault::Fails, Counting::Everything);
    setting.resolve("main", &entered.session).unwrap();
    assert!(!setting.faults.recover(), "a third call was made");
}

#[test]
fn a_session_that_another_has_seen_just_in_time_goes_on() {
    both_ways(|plan: Plan| {
        for n in 0..6 {
            let setting = Setting::plan().asked(plan.way()).build();
            limited(&setting, None, Some("PT1H"));
            let entered = setting.enter(&setting.link(a_link()));
            setting.clock.forward(HOUR);
            let (other, session) = (setting.beside(), entered.session.clone());
            let in_time = Arc::new(AtomicBool::new(false));
            let seen = in_time.clone();
            setting.faults.meanwhile(n, move || {
                other.clock.back(MINUTE);
                seen.store(other.resolve("main", &session).is_ok(), Ordering::SeqCst);
                other.clock.forward(MINUTE);
            });
            let _answer = setting.resolve("main", &entered.session);
            setting.faults.recover();
            let goes_on = why(&setting, &entered).is_none();
            assert_eq!(goes_on, in_time.load(Ordering::SeqCst), "at call {n}");
        }
    });
}

#[test]
fn a_session_that_was_seen_to_be_over_stays_over() {
    both_ways(|plan: Plan| {
        let setting = plan.build();
        limited(&setting, Some("PT1H"), None);
        let entered = setting.enter(&setting.link(a_link()));
        setting.clock.forward(HOUR);
        assert!(why(&setting, &entered).is_some());
        setting.clock.back(HOUR);
        assert_eq!(why(&setting, &entered).as_deref(), Some("session-ended"));
        limited(&setting, None, None);
        assert_eq!(why(&setting, &entered).as_deref(), Some("session-ended"));
        let history = setting.whole_history(&entered.grant);
        let last = history.last().unwrap();
        assert_eq!((last.action.as_str(), &last.actor), ("signed-out", &None));
        assert!(
            last.details
                .contains(&("bound-by".into(), "session-length".into()))
        );
    });
}

#[test]
fn a_clock_that_goes_back_lets_nobody_rest_longer() {
    let setting = Setting::new();
    limited(&setting, None, Some("PT1H"));
    let entered = setting.enter(&setting.link(a_link().lasting("P1M")));
    setting.clock.forward(DAY / 2);
    limited(&setting, None, Some("P1D"));
    setting.resolve("main", &entered.session).unwrap();
    limited(&setting, None, Some("PT1H"));
    setting.clock.back(DAY / 4);
    let until = setting.resolve("main", &entered.session).unwrap().until;
    assert_eq!(until, setting.clock.shows() + HOUR);
    setting.clock.forward(HOUR);
    assert_eq!(why(&setting, &entered).as_deref(), Some("session-ended"));
}

#[test]
fn a_shorter_limit_binds_running_sessions_at_once() {
    let setting = Setting::new();
    let entered = setting.enter(&setting.link(a_link()));
    setting.clock.forward(3 * HOUR);
    limited(&setting, Some("PT3H"), None);
    assert_eq!(why(&setting, &entered).as_deref(), Some("session-ended"));
}

#[test]
fn who_manages_a_grant_sees_its_sessions_and_ends_one() {
    both_ways(|plan: Plan| {
        let setting = plan.build();
        limited(&setting, Some("PT8H"), Some("PT1H"));
        let link = setting.link(a_link());
        let (stays, goes) = (setting.enter(&link), setting.enter(&link));
        let began = setting.clock.shows();
        setting.clock.forward(HOUR / 2);
        setting.resolve("main", &stays.session).unwrap();
        let seen = setting.clock.shows();
        let sessions = running(&setting, link.id());
        assert_eq!(sessions.len(), 2);
        for session in &sessions {
            assert_eq!((session.started, &session.user), (began, &stays.user));
            assert_eq!(session.origin.address.as_deref(), Some("203.0.113.7"));
        }
        let of = |last_seen: Option<u64>| {
            let mut fitting = sessions.iter().filter(|one| one.last_seen == last_seen);
            fitting.next().unwrap().clone()
        };
        assert_eq!(of(Some(seen)).ends, Some(seen + HOUR));
        assert_eq!(of(None).ends, Some(began + HOUR));
        let name = of(None).name;
        setting.end_session(&owner(), link.id(), &name).unwrap();
        let refusal = setting.resolve("main", &goes.session).unwrap_err();
        assert_eq!(refusal.code, "session-ended");
        assert!(refusal.message.contains("ended by somebody"), "{refusal:?}");
        assert_eq!(why(&setting, &stays), None);
        assert_eq!(running(&setting, link.id()).len(), 1);
        let history = setting.whole_history(link.id());
        let last = history.last().unwrap();
        assert_eq!(
            (last.action.as_str(), last.actor.as_deref()),
            ("signed-out", Some("olga"))
        );
        let again = setting.end_session(&owner(), link.id(), &name).unwrap_err();
        assert_eq!(again.code, "session-unknown");
        assert_eq!(setting.faults_in_history(), [""; 0]);
    });
}

#[test]
fn a_session_that_goes_on_until_its_grant_ends_has_no_end_of_its_own() {
    let setting = Setting::new();
    limited(&setting, Some("P1D"), None);
    let entered = setting.enter(&setting.link(a_link().lasting("P1D")));
    assert_eq!(running(&setting, &entered.grant)[0].ends, None);
    limited(&setting, Some("PT23H"), None);
    let ends = setting.clock.shows() + 23 * HOUR;
    assert_eq!(running(&setting, &entered.grant)[0].ends, Some(ends));
}

#[test]
fn one_of_very_many_sessions_is_ended_by_its_name() {
    let setting = Setting::plan().natively().build();
    let link = setting.link(a_link());
    // One reading of the store has 256 of them.
    for _ in 0..300 {
        let _entered = setting.enter(&link);
    }
    let page = |start: Option<&str>| setting.sessions(&owner(), link.id(), start, 100).unwrap();
    let mut last = page(None);
    while let Some(next) = &last.next {
        last = page(Some(next));
    }
    let name = &last.sessions.last().expect("a session").name;
    setting.end_session(&owner(), link.id(), name).unwrap();
    let again = setting.end_session(&owner(), link.id(), name).unwrap_err();
    assert_eq!(again.code, "session-unknown");
}

#[test]
fn sessions_of_others_grants_are_not_there_to_be_seen_or_ended() {
    let setting = Setting::new();
    let link = setting.link(a_link());
    let entered = setting.enter(&link);
    let name = running(&setting, link.id()).remove(0).name;
    let ed = user("ed");
    for refusal in [
        setting.sessions(&ed, link.id(), None, 10).unwrap_err(),
        setting.end_session(&ed, link.id(), &name).unwrap_err(),
    ] {
        assert_eq!(refusal.code, "unknown-grant");
    }
    let guest = user(&entered.user);
    let refusal = setting.end_session(&guest, link.id(), &name).unwrap_err();
    assert_eq!(refusal.code, "guest-may-not-grant");
    assert_eq!(why(&setting, &entered), None);
}

#[test]
fn sessions_that_open_nothing_any_more_are_not_listed() {
    let setting = Setting::new();
    let link = setting.link(a_link());
    let _superseded = setting.enter(&link);
    let link = setting.reissue(&owner(), link.id()).unwrap();
    assert_eq!(running(&setting, link.id()), []);
    let entered = setting.enter(&link);
    setting.suspend(&owner(), link.id()).unwrap();
    assert_eq!(running(&setting, link.id()).len(), 1, "it will go on");
    setting.resume(&owner(), link.id()).unwrap();
    setting.sign_out("main", &entered.session).unwrap();
    assert_eq!(running(&setting, link.id()), []);
    let _entered = setting.enter(&link);
    setting.revoke(&owner(), link.id()).unwrap();
    assert_eq!(running(&setting, link.id()), []);
}

#[test]
fn many_sessions_are_listed_page_by_page_each_once() {
    let setting = Setting::new();
    let link = setting.link(a_link());
    for _ in 0..25 {
        let _entered = setting.enter(&link);
    }
    let (mut names, mut start) = (Vec::new(), None);
    loop {
        let page = setting
            .sessions(&owner(), link.id(), start.as_deref(), 10)
            .unwrap();
        assert!(page.sessions.len() <= 10);
        names.extend(page.sessions.into_iter().map(|session| session.name));
        start = page.next;
        if start.is_none() {
            break;
        }
    }
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), 25);
    for wrong in ["", "x", "é", &"f".repeat(33)] {
        let refusal = setting
            .sessions(&owner(), link.id(), Some(wrong), 10)
            .unwrap_err();
        assert_eq!(refusal.code, "bad-page", "{wrong}");
    }
}

#[test]
fn what_was_forged_beside_a_session_is_found() {
    let setting = Setting::new();
    limited(&setting, None, Some("PT80M"));
    let entered = setting.enter(&setting.link(a_link()));
    setting.clock.forward(HOUR);
    setting.resolve("main", &entered.session).unwrap();
    let mark = setting
        .dump()
        .into_iter()
        .find(|(key, _)| key.starts_with(b"main\0k"))
        .unwrap();
    let mut elsewhere = mark.0.clone();
    *elsewhere.last_mut().unwrap() ^= 1;
    let put = guestpass::ports::Put {
        key: elsewhere,
        value: mark.1,
    };
    setting.store.commit(&[], &[put], &[]).unwrap();
    assert_eq!(
        setting.faults_in_history(),
        ["a session is said to have been seen that is not there"]
    );
}
