//! Property 17: a window that counts from the first use starts exactly once, whatever crashes and whoever races.

use std::sync::Barrier;

use guestpass_tests::faults::{Counting, Fault};
use guestpass_tests::{HOUR, Kept, Link, MINUTE, Plan, Setting, Way, a_link, both_ways, owner};

/// What must hold once somebody is in: one start, told by history, one user, one hour.
fn started_once(setting: &Setting, link: &Link, what: &str) {
    let grant = setting.get(&owner(), link.id()).unwrap();
    let history = setting.whole_history(link.id());
    let first = history
        .iter()
        .find(|line| line.action == "redeemed")
        .map(|line| line.at);
    assert!(first.is_some(), "{what}: nobody is in");
    assert_eq!(
        grant.first_used, first,
        "{what}: the first use is the first redemption in history"
    );
    assert_eq!(
        grant.ends,
        first.map(|at| at + HOUR),
        "{what}: an hour from then"
    );
    assert_eq!(grant.ends_bound_by, "first-use", "{what}");
    assert_eq!(setting.people.guests("main").len(), 1, "{what}: one user");
    assert_eq!(
        grant.user,
        setting.people.guests("main").pop(),
        "{what}: whom the grant holds"
    );
    assert_eq!(setting.faults_in_history(), [""; 0], "{what}");
}

#[test]
fn p17_a_crash_at_any_call_of_the_first_redemption_and_then_another_try() {
    both_ways(|plan: Plan| {
        let way = plan.way();
        for fault in [
            Fault::Fails,
            Fault::DiesBefore,
            Fault::DiesAfter,
            Fault::Conflicts,
        ] {
            for sweeps in [false, true] {
                let mut crashes = 0;
                for n in 0.. {
                    let what = format!("{way:?}, {fault:?} at call {n}, sweeps: {sweeps}");
                    let setting = Setting::plan().asked(way).build();
                    let link = setting.link(a_link().lasting_from_first_use("PT1H"));
                    setting.faults.plan(n, fault, Counting::Everything);
                    let first = setting.try_enter(&link);
                    if !setting.faults.recover() {
                        first.unwrap();
                        break;
                    }
                    crashes += 1;
                    setting.clock.forward(6 * MINUTE);
                    if sweeps {
                        setting.sweep("main", 10).unwrap();
                    }
                    let second = setting
                        .try_enter(&link)
                        .unwrap_or_else(|refusal| panic!("{what}: {refusal:?}"));
                    assert_eq!(setting.why_not(&second.session), None, "{what}");
                    if let Ok(first) = first {
                        assert_eq!(
                            setting.why_not(&first.session),
                            None,
                            "{what}: what was answered holds"
                        );
                    }
                    started_once(&setting, &link, &what);
                    let started = setting.get(&owner(), link.id()).unwrap().ends;
                    setting.clock.forward(MINUTE);
                    assert_eq!(
                        setting.enter(&link).ends,
                        started,
                        "{what}: a third use changes nothing"
                    );
                }
                assert!(
                    crashes >= 5,
                    "two commits, the reads before them and a user: {crashes} crashes"
                );
            }
        }
    });
}

#[test]
fn p17_two_crashes_in_a_row() {
    for first in 0..8 {
        for second in 0..8 {
            let what = format!("dying after call {first}, then after call {second}");
            let setting = Setting::plan().natively().build();
            let link = setting.link(a_link().lasting_from_first_use("PT1H").uses(3));
            for n in [first, second] {
                setting
                    .faults
                    .plan(n, Fault::DiesAfter, Counting::Everything);
                let _ = setting.try_enter(&link);
                setting.faults.recover();
                setting.clock.forward(7 * MINUTE);
            }
            let _ = setting.sweep("main", 10).unwrap();
            let entered = setting
                .try_enter(&link)
                .unwrap_or_else(|refusal| panic!("{what}: {refusal:?}"));
            assert_eq!(setting.why_not(&entered.session), None, "{what}");
            started_once(&setting, &link, &what);
        }
    }
}

fn race(way: Way, kept: Kept) {
    const RACERS: usize = 64;
    let what = format!("{way:?}, {kept:?}");
    let setting = Setting::plan().asked(way).kept(kept).truly_random().build();
    let link = setting.link(a_link().lasting_from_first_use("PT1H"));
    let start = Barrier::new(RACERS);
    let ends: Vec<_> = std::thread::scope(|scope| {
        let racers: Vec<_> = (0..RACERS)
            .map(|_| {
                scope.spawn(|| {
                    start.wait();
                    // Time goes on while they race, so that two starts would differ.
                    setting.clock.forward(1);
                    setting.enter(&link).ends
                })
            })
            .collect();
        racers
            .into_iter()
            .map(|racer| racer.join().expect("every racer comes in"))
            .collect()
    });
    assert!(
        ends.iter().all(|end| *end == ends[0]),
        "{what}: everybody heard the same end: {ends:?}"
    );
    assert_eq!(setting.people.created("main"), 1, "{what}");
    assert_eq!(
        setting.get(&owner(), link.id()).unwrap().uses,
        RACERS as u32,
        "{what}"
    );
    started_once(&setting, &link, &what);
}

#[test]
fn p17_sixty_four_first_uses_at_once_start_it_once_in_memory() {
    race(Way::Component, Kept::InMemory);
    race(Way::Native, Kept::InMemory);
}

#[test]
fn p17_sixty_four_first_uses_at_once_start_it_once_on_sqlite() {
    race(Way::Component, Kept::InSqlite);
}
