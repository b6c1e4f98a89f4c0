//! History: chained, complete, and changed by nobody unseen.

use guestpass::{Extension, Settings};
use guestpass_tests::{DAY, HOUR, Link, Plan, Setting, a_link, both_ways, owner, user};
use sha2::{Digest as _, Sha256};

use crate::tamper::{complains, id, mend, remove, slip_in, stored, told, write};

/// A site on which everything that can happen did.
fn eventful(plan: Plan) -> (Setting, Link) {
    let setting = plan.build();
    let link = setting.link(a_link().lasting("P7D"));
    let first = setting.enter(&link);
    let _second = setting.enter(&link);
    setting.sign_out("main", &first.session).unwrap();
    setting.suspend(&owner(), link.id()).unwrap();
    setting.resume(&owner(), link.id()).unwrap();
    setting
        .extend(&owner(), link.id(), &Extension::By("P1D".into()))
        .unwrap();
    let link = setting.reissue(&owner(), link.id()).unwrap();
    let _third = setting.enter(&link);
    setting
        .set_policy(
            &owner(),
            &Settings {
                ceiling: None,
                longest_window: "P30D".into(),
                ..guestpass_tests::beginning()
            },
        )
        .unwrap();
    let other = setting
        .create(
            &user("ed"),
            &a_link().for_("kim@support.example").role("author").draft(),
        )
        .unwrap();
    setting.revoke(&owner(), other.id()).unwrap();
    setting.clock.forward(HOUR);
    (setting, link)
}

#[test]
fn every_change_is_told_with_who_did_it_to_whom_and_when() {
    both_ways(|plan: Plan| {
        let (setting, link) = eventful(plan.on_sqlite());
        let history = setting.whole_history(link.id());
        let told: Vec<_> = history
            .iter()
            .map(|line| (line.action.as_str(), line.actor.as_deref()))
            .collect();
        let guest = Some("guest-1");
        assert_eq!(
            told,
            [
                ("created", Some("olga")),
                ("provisioning", None),
                ("redeemed", guest),
                ("redeemed", guest),
                ("signed-out", guest),
                ("suspended", Some("olga")),
                ("resumed", Some("olga")),
                ("extended", Some("olga")),
                ("reissued", Some("olga")),
                ("redeemed", guest),
            ]
        );
        for (sequence, line) in (0..).zip(&history) {
            assert_eq!(
                (line.sequence, line.id.clone()),
                (sequence, format!("{}.{sequence}", link.id()))
            );
            assert_eq!(
                (line.grant.as_deref(), line.hash.len()),
                (Some(link.id()), 32)
            );
            let subject = if sequence < 2 { None } else { guest };
            assert_eq!(line.subject.as_deref(), subject, "{}", line.action);
        }
        assert!(
            history[2]
                .details
                .contains(&("address".to_owned(), "203.0.113.7".to_owned()))
        );
        let page = setting.history(&owner(), link.id(), 4, 2).unwrap();
        assert_eq!(page, history[4..6]);
        let report = setting.verify("main", None, 1000).unwrap();
        assert_eq!(
            (report.grants, report.records, report.faults),
            (2, 13, Vec::new())
        );
    });
}

#[test]
fn verifying_goes_on_where_it_stopped() {
    both_ways(|plan: Plan| {
        let (setting, _) = eventful(plan);
        let (mut grants, mut records, mut start) = (0, 0, None);
        for _ in 0..10 {
            let report = setting.verify("main", start.as_deref(), 1).unwrap();
            assert_eq!(report.faults, Vec::new());
            (grants, records, start) = (
                grants + report.grants,
                records + report.records,
                report.next,
            );
            if start.is_none() {
                break;
            }
        }
        assert_eq!((grants, records, start), (2, 13, None));
        assert_eq!(
            setting
                .verify("main", Some("nonsense"), 10)
                .unwrap_err()
                .code,
            "bad-page"
        );
        assert_eq!(
            setting.verify("main", None, 0).unwrap_err().code,
            "bad-page"
        );
        assert_eq!(
            setting
                .verify("nowhere", None, 10)
                .map(|report| report.records),
            Ok(0)
        );
    });
}

#[test]
fn hashes_are_those_of_the_stored_records() {
    let (setting, link) = eventful(Setting::plan());
    let stored: Vec<Vec<u8>> = setting
        .dump()
        .into_iter()
        .map(|(_, value)| Sha256::digest(&value).to_vec())
        .collect();
    for line in setting.whole_history(link.id()) {
        assert!(stored.contains(&line.hash), "{}", line.id);
    }
}

/// Grants, history, policy and sessions. The rest are indexes.
const RECORDS: &[u8] = b"ghps";

#[test]
fn every_changed_byte_of_a_record_is_found() {
    let (setting, _) = eventful(Setting::plan().natively());
    assert!(!complains(&setting));
    for (key, value) in stored(&setting, RECORDS) {
        for at in 0..value.len() {
            let mut changed = value.clone();
            changed[at] ^= 0x20;
            write(&setting, &key, &changed);
            assert!(
                complains(&setting),
                "byte {at} of {}",
                String::from_utf8_lossy(&key)
            );
        }
        write(&setting, &key, &value);
    }
    assert!(!complains(&setting), "all is as it was");
}

#[test]
fn every_changed_byte_is_found_though_the_checksum_was_mended() {
    let (setting, _) = eventful(Setting::plan().natively());
    for (key, value) in stored(&setting, RECORDS) {
        for at in 0..value.len() - 4 {
            for bit in [0x01, 0x80] {
                let mut changed = value.clone();
                changed[at] ^= bit;
                mend(&mut changed);
                write(&setting, &key, &changed);
                assert!(
                    complains(&setting),
                    "bit {bit:#x} of byte {at} of {}",
                    String::from_utf8_lossy(&key)
                );
            }
        }
        write(&setting, &key, &value);
    }
}

#[test]
fn verifying_goes_on_with_the_checkpoint_that_it_began_with() {
    let (setting, _) = eventful(Setting::plan());
    crate::log::sweep(&setting);
    let checkpoint = setting.checkpoint("main").unwrap().text;
    let begun = setting
        .verify_against("main", &checkpoint, None, 1)
        .unwrap();
    let next = begun.next.expect("there is more");
    let refusal = setting.verify("main", Some(&next), 1).unwrap_err();
    assert_eq!(refusal.code, "bad-page");
    setting
        .verify_against("main", &checkpoint, Some(&next), 1)
        .unwrap();
}

#[test]
fn what_a_later_version_wrote_is_no_fault_and_is_not_passed_over() {
    let (setting, _) = eventful(Setting::plan());
    let waiting = setting.drain("main", 100).unwrap();
    for (key, value) in stored(&setting, RECORDS) {
        let mut later = value.clone();
        later[0] = 200;
        mend(&mut later);
        write(&setting, &key, &later);
        let name = String::from_utf8_lossy(&key);
        let refusal = setting.verify("main", None, 1000).unwrap_err();
        assert_eq!(refusal.code, "record-too-new", "{name}");
        if key[5] == b'h' {
            let refusal = setting.drain("main", 100).unwrap_err();
            assert_eq!(refusal.code, "record-too-new", "{name}");
        }
        write(&setting, &key, &value);
    }
    assert!(!complains(&setting));
    assert_eq!(
        setting.drain("main", 100).unwrap(),
        waiting,
        "nothing is lost"
    );
}

#[test]
fn a_fault_says_what_is_wrong() {
    let (setting, link) = eventful(Setting::plan());
    crate::log::sweep(&setting);
    let id = id(&link);
    let last = setting.whole_history(link.id()).len() as u64 - 1;
    let sequence = |key: &[u8]| key.last_chunk().map(|bytes| u64::from_be_bytes(*bytes));
    let all = setting.dump();
    let told_without = |is_it: &dyn Fn(&[u8]) -> bool, expected: &str| {
        let (key, _) = all.iter().find(|(key, _)| is_it(key)).expect("it is there");
        let faults = told(&setting, key, None);
        assert!(
            faults.iter().any(|fault| fault.contains(expected)),
            "{expected}: {faults:?}"
        );
    };
    let of_it =
        |key: &[u8], tag: u8| key[5] == tag && key.windows(16).any(|part| part == id.bytes());
    for (tag, told) in [
        (b'b', "it is not found by who made it any more"),
        (b'd', "the sweep does not know any more when it is due"),
        (b'g', "the grant is gone, though its history is there"),
        (b'h', "record 0 is missing: the next one there is 1"),
    ] {
        told_without(&|key| of_it(key, tag), told);
    }
    for (tag, told) in [
        (b'e', "it is not found by its guest's address any more"),
        (b'p', "the policy is gone, though its history is there"),
        (b'u', "its user is not known as a guest any more"),
    ] {
        told_without(&|key| key[5] == tag, told);
    }
    let numbered =
        |number: u64| move |key: &[u8]| of_it(key, b'h') && sequence(key) == Some(number);
    told_without(&numbered(last), "the last 1 records are gone");
    for number in [0, 1, last] {
        let told = "this record is in the log and gone from the history";
        told_without(&numbered(number), told);
    }
    assert_eq!(setting.faults_in_history(), [""; 0]);
}

#[test]
fn every_removed_record_is_found() {
    let (setting, _) = eventful(Setting::plan());
    for (key, value) in stored(&setting, RECORDS) {
        remove(&setting, &key);
        assert!(
            complains(&setting),
            "without {}",
            String::from_utf8_lossy(&key)
        );
        write(&setting, &key, &value);
    }
    assert!(!complains(&setting));
}

#[test]
fn every_removed_index_is_found() {
    // When a grant is due, whose it is, and who came in by it.
    let (setting, _) = eventful(Setting::plan());
    let indexes = b"deu";
    let mut removed = [0; 3];
    for (key, value) in stored(&setting, indexes) {
        let kind = indexes.iter().position(|tag| key[5] == *tag).unwrap();
        remove(&setting, &key);
        assert!(
            complains(&setting),
            "without {}",
            String::from_utf8_lossy(&key)
        );
        write(&setting, &key, &value);
        removed[kind] += 1;
    }
    assert!(removed.iter().all(|count| *count > 0), "{removed:?}");
    assert!(!complains(&setting));
}

#[test]
fn records_in_another_order_or_of_another_grant_are_found() {
    let (setting, _) = eventful(Setting::plan());
    let records = stored(&setting, b"h");
    for pair in records.windows(2) {
        write(&setting, &pair[0].0, &pair[1].1);
        write(&setting, &pair[1].0, &pair[0].1);
        assert!(complains(&setting));
        write(&setting, &pair[0].0, &pair[0].1);
        write(&setting, &pair[1].0, &pair[1].1);
    }
    let (last, value) = records.last().unwrap();
    let mut after = last.clone();
    *after.last_mut().unwrap() += 1;
    write(&setting, &after, value);
    assert!(complains(&setting), "one too many");
}

#[test]
fn a_grant_put_back_to_what_it_was_is_found() {
    let setting = Setting::new();
    let link = setting.link(a_link());
    let entered = setting.enter(&link);
    let before = stored(&setting, b"g");
    setting.revoke(&owner(), link.id()).unwrap();
    for (key, value) in &before {
        write(&setting, key, value);
    }
    assert_eq!(
        setting.why_not(&entered.session),
        None,
        "whoever writes to the database can undo a revocation"
    );
    let faults = setting.faults_in_history();
    assert_eq!(faults.len(), 3, "but not unseen: {faults:?}");
    setting.clock.forward(DAY);
    assert!(complains(&setting));
}

#[test]
fn a_session_slipped_in_is_found() {
    let setting = Setting::new();
    let link = setting.link(a_link());
    let _entered = setting.enter(&link);
    let (mut forged, value) = stored(&setting, b"s").remove(0);
    *forged.last_mut().unwrap() ^= 1;
    write(&setting, &forged, &value);
    // Its name in history, the first eight bytes of the digest, is the other's: the two stand for one.
    assert!(complains(&setting), "the same name twice");
    remove(&setting, &forged);
    let _forged = slip_in(&setting);
    assert!(complains(&setting), "a name of its own");
}
