//! Property 19: taking back what somebody handed out is total, bounded and idempotent, whatever breaks it off.

use std::collections::BTreeMap;

use guestpass::Filter;
use guestpass_tests::faults::{Counting, Fault};
use guestpass_tests::{Setting, a_link, an_invitation, owner, user};

const GRANTS: usize = 100_000;
const AT_ONCE: u32 = 1_000;

#[test]
fn p19_a_hundred_thousand_grants_with_a_crash_half_way() {
    let setting = Setting::plan().natively().build();
    let untouched = setting.link(a_link());
    for number in 0..GRANTS {
        let draft = an_invitation().for_(&format!("g{number}@new.example"));
        setting.create(&user("ed"), &draft.draft()).unwrap();
    }
    // In the middle of the fifty-first call the lights go out.
    setting
        .faults
        .plan(50_500, Fault::DiesAfter, Counting::Writes);
    let mut revoked: u64 = 0;
    let broken = loop {
        match setting.revoke_all(&owner(), "ed", AT_ONCE) {
            Ok(done) => {
                assert!(done.revoked <= AT_ONCE && done.failed == 0, "{done:?}");
                revoked += u64::from(done.revoked);
            }
            Err(refusal) => break refusal,
        }
    };
    assert_eq!(broken.code, "store-unavailable");
    assert!(setting.faults.recover());
    assert_eq!(revoked, 50_000, "what was answered for before");
    let mut calls = 0;
    loop {
        let done = setting.revoke_all(&owner(), "ed", AT_ONCE).unwrap();
        revoked += u64::from(done.revoked);
        calls += 1;
        if !done.more {
            break;
        }
    }
    assert_eq!(
        (revoked, calls),
        (GRANTS as u64 - 501, 50),
        "the rest: but for those of which nobody heard that they were done"
    );
    let again = setting.revoke_all(&user("ed"), "ed", AT_ONCE).unwrap();
    assert_eq!((again.revoked, again.more), (0, false));

    // Each of them ended once and is told once.
    let mut told: BTreeMap<Vec<u8>, u32> = BTreeMap::new();
    let mut open = 0;
    for (key, _) in setting.dump() {
        match key[5] {
            b'h' => *told.entry(key[6..22].to_vec()).or_default() += 1,
            b'b' if key[6..].starts_with(b"ed\0\0") => open += 1,
            _ => {}
        }
    }
    assert_eq!((told.len(), open), (GRANTS + 1, 0));
    assert_eq!(told.values().filter(|count| **count == 2).count(), GRANTS);
    assert_eq!(
        setting.get(&owner(), untouched.id()).unwrap().state,
        "ready"
    );
    let some = Filter {
        state: Some("ready".to_owned()),
        ..Filter::everything()
    };
    let page = setting.list(&user("ed"), &some, None, 100).unwrap();
    assert!(page.grants.is_empty());
}

#[test]
fn p19_a_crash_at_any_write_of_a_small_one() {
    for fault in [
        Fault::Fails,
        Fault::DiesBefore,
        Fault::DiesAfter,
        Fault::Conflicts,
    ] {
        for n in 0.. {
            let setting = Setting::new();
            let grants: Vec<_> = (0..4)
                .map(|number| {
                    let draft = a_link()
                        .role("author")
                        .for_(&format!("g{number}@new.example"));
                    setting.create(&user("ed"), &draft.draft()).unwrap()
                })
                .collect();
            let entered = setting.enter(&grants[1]);
            setting.faults.plan(n, fault, Counting::Writes);
            let first = setting.revoke_all(&owner(), "ed", 10);
            if !setting.faults.recover() {
                assert_eq!(first.unwrap().revoked, 4);
                break;
            }
            let rest = setting.revoke_all(&owner(), "ed", 10).unwrap();
            assert!(!rest.more);
            for grant in &grants {
                let ends = setting
                    .actions(grant.id())
                    .iter()
                    .filter(|action| *action == "revoked")
                    .count();
                assert_eq!(ends, 1, "{fault:?} at write {n}");
            }
            assert_eq!(
                setting.why_not(&entered.session).as_deref(),
                Some("grant-ended")
            );
            assert_eq!(setting.faults_in_history(), [""; 0]);
        }
    }
}

#[test]
fn p19_a_store_that_fails_is_told_and_not_counted_as_a_grant_that_failed() {
    for call in 0.. {
        let setting = Setting::plan().natively().build();
        let links = ["a@b.example", "c@d.example"].map(|email| setting.link(a_link().for_(email)));
        setting
            .faults
            .plan(call, Fault::Fails, Counting::Everything);
        let answer = setting.revoke_all(&owner(), "olga", 10);
        if !setting.faults.recover() {
            assert!(call > 5, "{answer:?}");
            return;
        }
        assert!(answer.is_err(), "call {call}: {answer:?}");
        setting.revoke_all(&owner(), "olga", 10).unwrap();
        for link in links {
            assert_eq!(setting.get(&owner(), link.id()).unwrap().state, "ended");
        }
    }
}
