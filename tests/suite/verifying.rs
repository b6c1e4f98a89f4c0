//! Verifying: each fault is told in its words, none hides another, and what others do meanwhile is none.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use guestpass::Settings;
use guestpass_core::codec::{decode, encode};
use guestpass_core::entry::mark::{Mark, Over};
use guestpass_core::grant::Grant;
use guestpass_core::grant::id::GrantId;
use guestpass_core::history::log::{Leaf, LeafTile, NodeTile, Place};
use guestpass_core::history::record::{ChainId, hash};
use guestpass_core::keys::Keys;
use guestpass_core::names::SiteId;
use guestpass_core::transaction::Chained;
use guestpass_tests::faults::{Counting, Fault, Faults};
use guestpass_tests::{Link, MINUTE, Setting, a_link, an_invitation, beginning, owner};

use crate::log::{happen, sweep};
use crate::tamper::{mend, remove, stored, write};

const GONE: &str = "this record is in the log and gone from the history";
const NOT_HELD: &str = "the log does not hold this record as it is here";
const NEVER_BEGAN: &str = "no record says that session";

/// Three links, of which the second was used, and an accepted invitation; all of it is in the log but for the last
/// happenings of the first link.
fn world() -> (Setting, [Link; 3]) {
    let setting = Setting::plan().natively().build();
    let links = ["a", "b", "c"].map(|name| {
        setting.clock.forward(MINUTE);
        setting.link(a_link().for_(&format!("{name}@support.example")))
    });
    happen(&setting, &links[0], 20);
    let _in = setting.enter(&links[1]);
    let invitation = setting.link(an_invitation());
    let _joined = setting.join(&invitation, "sue");
    let shorter = Settings {
        longest_window: "P30D".into(),
        ..beginning()
    };
    setting.set_policy(&owner(), &shorter).unwrap();
    sweep(&setting);
    happen(&setting, &links[0], 3);
    (setting, links)
}

fn id(link: &Link) -> GrantId {
    GrantId::parse(link.id()).expect("a grant's id")
}

fn value(setting: &Setting, key: &[u8]) -> Vec<u8> {
    let found = setting.store.get(&[key.to_vec()]).unwrap().pop().flatten();
    found.expect("it is there").value
}

/// What is told while something else is stored there, or nothing.
fn told(setting: &Setting, key: &[u8], instead: Option<&[u8]>) -> Vec<String> {
    let before = value(setting, key);
    match instead {
        Some(instead) => write(setting, key, instead),
        None => remove(setting, key),
    }
    let faults = setting.faults_in_history();
    write(setting, key, &before);
    faults
}

/// Takes out all that names this grant: only the log still knows it.
fn wipe_out(setting: &Setting, link: &Link) {
    let id = id(link);
    for (key, _) in setting.dump() {
        if key.windows(16).any(|part| part == id.bytes()) {
            remove(setting, &key);
        }
    }
}

/// A session of this grant that never began.
fn slip_in(setting: &Setting) {
    let (key, value) = stored(setting, b"s").remove(0);
    let mut forged = key;
    forged[22] ^= 1;
    write(setting, &forged, &value);
}

#[test]
fn what_is_damaged_is_a_fault_and_keeps_nothing_else_from_being_read() {
    let (setting, links) = world();
    assert_eq!(setting.faults_in_history(), [""; 0]);
    wipe_out(&setting, &links[2]);
    for (key, value) in stored(&setting, b"fghklnps") {
        let what = String::from_utf8_lossy(&key);
        let mut damaged = value.clone();
        damaged[3] ^= 1;
        let faults = told(&setting, &key, Some(&damaged));
        assert!(!faults.is_empty(), "{what}");
        let is_log = key[5..].starts_with(b"l");
        let gone = faults.iter().any(|fault| fault == GONE);
        assert!(gone || is_log, "{what}: {faults:?}");
    }
}

#[test]
fn what_was_changed_is_told_in_its_words() {
    let (setting, links) = world();
    let site = SiteId::parse("main").unwrap();
    let keys = Keys(&site);
    let tell = |key: &[u8], instead: &[u8], expected: &[&str]| {
        let faults = told(&setting, key, Some(instead));
        for expected in expected {
            let is_told = faults.iter().any(|fault| fault.contains(expected));
            assert!(is_told, "{expected}: {faults:?}");
        }
        assert_eq!(faults.len(), expected.len(), "{faults:?}");
    };

    let grant = keys.grant(id(&links[1]));
    let mut noted: Chained<Grant> = decode(&value(&setting, &grant), String::new).unwrap();
    noted.body.note = Some("a friend of mine".to_owned());
    let changed = ["the grant was changed without a record of it"];
    tell(&grant, &encode(&noted).unwrap(), &changed);

    let mut policy = value(&setting, &keys.policy());
    let last = policy.len() - 5;
    policy[last] ^= 1;
    mend(&mut policy);
    let changed = ["the policy was changed without a record of it"];
    tell(&keys.policy(), &policy, &changed);

    let other = encode(&id(&links[0])).unwrap();
    let address = keys.email("b@support.example");
    let missing = ["it is not found by its guest's address any more"];
    tell(&address, &other, &missing);

    let (member, _) = stored(&setting, b"m").pop().unwrap();
    let faults = told(&setting, &member, None);
    assert_eq!(faults, ["who accepted it cannot switch to it any more"]);

    let (session, _) = stored(&setting, b"s").pop().unwrap();
    let mut mark = session;
    mark[5] = b'k';
    write(&setting, &mark, &encode(&Mark::Over(Over::Ended)).unwrap());
    let faults = setting.faults_in_history();
    assert_eq!(faults, ["a session is said to be gone that is there"]);
    remove(&setting, &mark);
}

#[test]
fn where_history_and_its_log_differ_is_told_by_both() {
    let (setting, links) = world();
    let site = SiteId::parse("main").unwrap();
    let keys = Keys(&site);
    let chain = ChainId::from(id(&links[2]));
    let record = keys.record(chain, 0);
    let mut changed = value(&setting, &record);
    let last = changed.len() - 5;
    changed[last] ^= 1;
    mend(&mut changed);
    let faults = told(&setting, &record, Some(&changed));
    for expected in [NOT_HELD, "this record is not the one that is in the log"] {
        assert!(faults.iter().any(|fault| fault == expected), "{faults:?}");
    }

    let elsewhere = encode(&Place { index: 0 }).unwrap();
    let faults = told(&setting, &keys.place(chain, 0), Some(&elsewhere));
    let at = "this record is in the log at another place than is noted";
    assert_eq!(faults, [NOT_HELD, at]);

    // Where nothing can be said of the log, a place in it still says that there was a record.
    let mut end = value(&setting, &keys.log());
    end[3] ^= 1;
    write(&setting, &keys.log(), &end);
    for link in &links {
        let last = setting.whole_history(link.id()).len() as u64 - 1;
        let logged = if link.id() == links[0].id() { 0 } else { last };
        for sequence in [0, logged] {
            let key = keys.record(id(link).into(), sequence);
            let faults = told(&setting, &key, None);
            assert!(faults.iter().any(|fault| fault == GONE), "{faults:?}");
        }
    }
}

#[test]
fn entries_that_the_log_does_not_know_to_be_there_are_told() {
    let (setting, links) = world();
    let site = SiteId::parse("main").unwrap();
    let keys = Keys(&site);
    happen(&setting, &links[1], 300);
    sweep(&setting);
    assert_eq!(setting.faults_in_history(), [""; 0]);
    let size = setting.checkpoint("main").unwrap().size;
    let unread = "the log cannot be read from entry";

    let above = keys.tile(1, 0);
    let mut tile: NodeTile = decode(&value(&setting, &above), String::new).unwrap();
    tile.nodes.push([7; 32]);
    let faults = told(&setting, &above, Some(&encode(&tile).unwrap()));
    assert!(faults[0].starts_with(unread), "{faults:?}");
    assert_eq!(faults.len(), 1, "{faults:?}");

    // A record that happened since, said to be in the log already.
    setting.revoke(&owner(), links[2].id()).unwrap();
    let chain = ChainId::from(id(&links[2]));
    let leaf = Leaf {
        chain,
        sequence: 1,
        hash: hash(&value(&setting, &keys.record(chain, 1))),
    };
    let last = keys.tile(0, size / 256);
    let mut tile: LeafTile = decode(&value(&setting, &last), String::new).unwrap();
    assert_eq!(tile.leaves.len() as u64, size % 256);
    tile.leaves.push(leaf);
    let place = encode(&Place { index: size }).unwrap();
    write(&setting, &keys.place(chain, 1), &place);
    let faults = told(&setting, &last, Some(&encode(&tile).unwrap()));
    assert_eq!(faults.len(), 2, "{faults:?}");
    assert_eq!(faults[0], NOT_HELD);
    assert!(faults[1].starts_with(unread), "{faults:?}");
}

#[test]
fn nothing_hides_behind_what_is_wrong_elsewhere() {
    let (setting, links) = world();
    let (waiting, _) = stored(&setting, b"f").pop().unwrap();
    remove(&setting, &waiting);
    slip_in(&setting);
    wipe_out(&setting, &links[2]);
    let faults = setting.verified(None, 1000).faults;
    let of = |link: &Link, message: &str| {
        let of_it = |fault: &&guestpass::Fault| fault.grant.as_deref() == Some(link.id());
        let told = faults.iter().filter(of_it);
        told.filter(|fault| fault.message.contains(message)).count()
    };
    let unknown = "this record is neither in the log nor waits for it";
    assert_eq!(of(&links[0], unknown), 1, "{faults:?}");
    assert_eq!(of(&links[1], NEVER_BEGAN), 1, "{faults:?}");
    assert_eq!(of(&links[2], GONE), 1, "{faults:?}");
    assert_eq!(faults.len(), 3, "{faults:?}");
}

#[test]
fn what_stands_right_behind_a_chain_that_does_not_fit_is_not_passed_over() {
    let (setting, links) = world();
    slip_in(&setting);
    let next = ChainId::from(id(&links[1]))
        .next()
        .expect("it is not the last");
    let site = SiteId::parse("main").unwrap();
    write(
        &setting,
        &Keys(&site).records_from(next.bytes()),
        b"nothing",
    );
    let faults = setting.faults_in_history();
    let told = "there is something among the records that is none";
    assert!(faults.iter().any(|fault| fault == told), "{faults:?}");
}

#[test]
fn what_others_do_between_any_two_calls_is_no_fault_and_hides_none() {
    let wrong: [(&str, fn(&Setting, &[Link; 3])); 3] = [
        ("", |_, _| {}),
        (GONE, |setting, links| wipe_out(setting, &links[2])),
        (NEVER_BEGAN, |setting, _| slip_in(setting)),
    ];
    for (expected, do_wrong) in wrong {
        for call in 0.. {
            let (setting, links) = world();
            do_wrong(&setting, &links);
            let happened = Arc::new(AtomicU32::new(0));
            let (other, told) = (setting.beside(), happened.clone());
            setting.faults.meanwhile(call, move || {
                let _new = other.link(a_link().for_("d@support.example"));
                let entered = other.enter(&links[1]);
                let _stays = other.enter(&links[1]);
                other.sign_out("main", &entered.session).unwrap();
                sweep(&other);
                told.fetch_add(1, Ordering::Relaxed);
            });
            let faults = setting.faults_in_history();
            let is_it = |fault: &String| !expected.is_empty() && fault.contains(expected);
            assert!(faults.iter().all(is_it), "call {call}: {faults:?}");
            assert_eq!(faults.is_empty(), expected.is_empty(), "call {call}");
            if happened.load(Ordering::Relaxed) == 0 {
                assert!(call > 10, "{call} calls");
                break;
            }
        }
    }
}

/// Before each call from now on this happens.
fn again_and_again(faults: &Arc<Faults>, happens: Arc<dyn Fn() + Send + Sync>) {
    let again = faults.clone();
    faults.meanwhile(0, move || {
        happens();
        again_and_again(&again, happens);
    });
}

#[test]
fn verifying_ends_though_others_never_stop_writing() {
    let (setting, links) = world();
    let other = setting.beside();
    let [_, link, _] = links;
    again_and_again(
        &setting.faults,
        Arc::new(move || {
            let entered = other.enter(&link);
            other.sign_out("main", &entered.session).unwrap();
            sweep(&other);
        }),
    );
    assert_eq!(setting.faults_in_history(), [""; 0]);
    setting.faults.recover();
    assert_eq!(setting.faults_in_history(), [""; 0]);
}

#[test]
fn a_store_that_fails_is_told_and_is_no_fault_of_history() {
    let (setting, _) = world();
    for call in 0.. {
        setting
            .faults
            .plan(call, Fault::Fails, Counting::Everything);
        let answer = setting.verify("main", None, 1000);
        if !setting.faults.recover() {
            assert!(call > 10, "{call} calls");
            break;
        }
        assert!(answer.is_err(), "call {call}: {answer:?}");
    }
}

#[test]
fn what_fits_is_read_once() {
    const GRANTS: u32 = 600;
    let setting = Setting::plan().natively().build();
    for number in 0..GRANTS {
        let _link = setting.link(a_link().for_(&format!("g{number}@support.example")));
    }
    sweep(&setting);
    let none = u32::MAX;
    setting
        .faults
        .plan(none, Fault::Fails, Counting::Everything);
    let report = setting.verified(None, 1000);
    assert_eq!((report.grants, report.faults), (GRANTS, Vec::new()));
    // Of each grant where it is found and what is kept beside its sessions; all else many at a time.
    let calls = setting.faults.calls();
    assert!(calls < 2 * GRANTS + 50, "{calls} calls");
}
