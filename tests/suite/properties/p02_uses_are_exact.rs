//! Property 2: n uses are exactly n, under any race, on every store.

use std::collections::BTreeSet;
use std::sync::Barrier;

use guestpass_tests::{Kept, Setting, Way, a_link};

const RACERS: u32 = 64;

fn race(way: Way, kept: Kept, uses: u32) {
    let what = format!("{way:?}, {kept:?}, {uses} uses");
    let setting = Setting::plan().asked(way).kept(kept).truly_random().build();
    let link = setting.link(a_link().uses(uses));
    let start = Barrier::new(RACERS as usize);
    let answers: Vec<_> = std::thread::scope(|scope| {
        let racers: Vec<_> = (0..RACERS)
            .map(|_| {
                scope.spawn(|| {
                    start.wait();
                    setting.try_enter(&link)
                })
            })
            .collect();
        racers
            .into_iter()
            .map(|racer| racer.join().expect("no racer panics"))
            .collect()
    });
    let (inside, refused): (Vec<_>, Vec<_>) = answers.into_iter().partition(Result::is_ok);
    let sessions: BTreeSet<_> = inside
        .into_iter()
        .flatten()
        .map(|entered| entered.session)
        .collect();
    let codes: BTreeSet<_> = refused
        .into_iter()
        .filter_map(Result::err)
        .map(|refusal| refusal.code)
        .collect();
    assert_eq!(
        sessions.len(),
        uses as usize,
        "{what}: sessions; the others heard {codes:?}"
    );
    assert!(
        codes.iter().all(|code| code == "link-used-up"),
        "{what}: {codes:?}"
    );
    assert!(
        sessions
            .iter()
            .all(|session| setting.why_not(session).is_none()),
        "{what}: every session is good"
    );

    let stored = setting
        .dump()
        .into_iter()
        .filter(|(key, _)| key.starts_with(b"main\0s"))
        .count();
    assert_eq!(stored, uses as usize, "{what}: sessions stored");
    let actions = setting.actions(link.id());
    let count = |action: &str| actions.iter().filter(|known| *known == action).count();
    assert_eq!(
        (count("redeemed"), count("provisioning")),
        (uses as usize, 1),
        "{what}: {actions:?}"
    );
    assert_eq!(setting.people.created("main"), 1, "{what}: users created");
    assert_eq!(setting.faults_in_history(), [""; 0], "{what}");
}

#[test]
fn p02_one_use_in_memory() {
    race(Way::Component, Kept::InMemory, 1);
}

#[test]
fn p02_one_use_on_sqlite() {
    race(Way::Component, Kept::InSqlite, 1);
}

#[test]
fn p02_ten_uses_in_memory() {
    race(Way::Component, Kept::InMemory, 10);
}

#[test]
fn p02_ten_uses_on_sqlite() {
    race(Way::Component, Kept::InSqlite, 10);
}

#[test]
fn p02_as_many_uses_as_racers_in_memory() {
    race(Way::Component, Kept::InMemory, RACERS);
}

#[test]
fn p02_as_many_uses_as_racers_on_sqlite() {
    race(Way::Component, Kept::InSqlite, RACERS);
}

#[test]
fn p02_natively_too() {
    race(Way::Native, Kept::InMemory, 10);
    race(Way::Native, Kept::InSqlite, 1);
}

#[test]
fn p02_a_race_between_two_processes_on_one_file() {
    let here = Setting::plan().on_sqlite().truly_random().build();
    let there = here.beside();
    let link = here.link(a_link().uses(5));
    let start = Barrier::new(16);
    let inside = std::thread::scope(|scope| {
        let racers: Vec<_> = (0..16)
            .map(|number| {
                let process = if number % 2 == 0 { &here } else { &there };
                let (start, link) = (&start, &link);
                scope.spawn(move || {
                    start.wait();
                    process.try_enter(link).is_ok()
                })
            })
            .collect();
        racers
            .into_iter()
            .map(|racer| racer.join().expect("no racer panics"))
            .filter(|inside| *inside)
            .count()
    });
    assert_eq!(inside, 5);
    assert_eq!(
        here.actions(link.id())
            .iter()
            .filter(|action| *action == "redeemed")
            .count(),
        5
    );
    assert_eq!(here.people.created("main"), 1);
    assert_eq!(there.faults_in_history(), [""; 0]);
}
