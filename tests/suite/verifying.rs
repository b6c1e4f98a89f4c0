//! Verifying: each fault is told in its words, none hides another, and what others do meanwhile is none.

use std::sync::Arc;

use guestpass::Settings;
use guestpass_core::Instant;
use guestpass_core::codec::{decode, encode};
use guestpass_core::entry::mark::{Mark, Over};
use guestpass_core::grant::Grant;
use guestpass_core::history::log::{Leaf, LeafTile, NodeTile, Place, TILE, tile_of};
use guestpass_core::history::record::{ChainId, hash};
use guestpass_core::keys::Keys;
use guestpass_core::names::SiteId;
use guestpass_core::transaction::Chained;
use guestpass_tests::faults::{Counting, Fault, Faults};
use guestpass_tests::{Link, MINUTE, Setting, a_link, an_invitation, beginning, owner};

use crate::log::{happen, sweep};
use crate::tamper::{id, mend, remove, slip_in, stored, told, value, wipe_out, write};

const GONE: &str = "this record is in the log and gone from the history";
const NOT_HELD: &str = "the log does not hold this record as it is here";
const NEVER_BEGAN: &str = "no record says that session";

/// Something that somebody who can write to the database does.
type Tampering = fn(&Setting, &[Link; 3]);

/// Three links, of which the second was used, an accepted invitation and a changed policy; all of it is in the log but for
/// the last happenings of the first link, which has more records than all others together. Each is a minute younger than the
/// one before, so their chains lie in this order.
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

/// What is stored there with its last bit before the checksum turned, and a checksum that fits.
fn changed(setting: &Setting, key: &[u8]) -> Vec<u8> {
    let mut value = value(setting, key);
    let last = value.len() - 5;
    value[last] ^= 1;
    mend(&mut value);
    value
}

#[test]
fn what_is_damaged_is_a_fault_and_keeps_nothing_else_from_being_read() {
    let (setting, links) = world();
    let mut mark = stored(&setting, b"s").remove(0).0;
    mark[5] = b'k';
    let seen = Mark::Seen(Instant::from_millis(setting.clock.shows()));
    write(&setting, &mark, &encode(&seen).unwrap());
    wipe_out(&setting, id(&links[2]));
    assert_eq!(setting.faults_in_history(), [GONE]);
    for (key, value) in stored(&setting, b"fghklnps") {
        let what = String::from_utf8_lossy(&key);
        let mut damaged = value.clone();
        damaged[3] ^= 1;
        let faults = told(&setting, &key, Some(&damaged));
        let (gone, others): (Vec<_>, _) = faults.into_iter().partition(|fault| fault == GONE);
        assert!(!others.is_empty(), "{what}");
        // Only the log knows what is gone.
        assert!(!gone.is_empty() || key[5] == b'l', "{what}");
    }
}

#[test]
fn what_was_changed_is_told_in_its_words() {
    let (setting, links) = world();
    let site = SiteId::parse("main").unwrap();
    let keys = Keys(&site);

    let grant = keys.grant(id(&links[1]));
    let mut noted: Chained<Grant> = decode(&value(&setting, &grant), String::new).unwrap();
    noted.body.note = Some("a friend of mine".to_owned());
    assert_eq!(
        told(&setting, &grant, Some(&encode(&noted).unwrap())),
        ["the grant was changed without a record of it"]
    );
    assert_eq!(
        told(
            &setting,
            &keys.policy(),
            Some(&changed(&setting, &keys.policy()))
        ),
        ["the policy was changed without a record of it"]
    );

    let another = encode(&id(&links[0])).unwrap();
    assert_eq!(
        told(&setting, &keys.email("b@support.example"), Some(&another)),
        ["it is not found by its guest's address any more"]
    );
    let (member, _) = stored(&setting, b"m").remove(0);
    assert_eq!(
        told(&setting, &member, None),
        ["who accepted it cannot switch to it any more"]
    );

    let mut mark = stored(&setting, b"s").remove(0).0;
    mark[5] = b'k';
    write(&setting, &mark, &encode(&Mark::Over(Over::Ended)).unwrap());
    assert_eq!(
        setting.faults_in_history(),
        ["a session is said to be gone that is there"]
    );
}

#[test]
fn where_history_and_its_log_differ_is_told_by_both() {
    let (setting, links) = world();
    let site = SiteId::parse("main").unwrap();
    let keys = Keys(&site);
    let chain = ChainId::from(id(&links[2]));
    let record = keys.record(chain, 0);
    let faults = told(&setting, &record, Some(&changed(&setting, &record)));
    for expected in [NOT_HELD, "this record is not the one that is in the log"] {
        assert!(faults.iter().any(|fault| fault == expected), "{faults:?}");
    }
    let elsewhere = encode(&Place { index: 0 }).unwrap();
    assert_eq!(
        told(&setting, &keys.place(chain, 0), Some(&elsewhere)),
        [
            NOT_HELD,
            "this record is in the log at another place than is noted"
        ]
    );
}

#[test]
fn where_the_log_cannot_be_read_a_place_in_it_still_tells_of_a_record_that_is_gone() {
    let (setting, _) = world();
    let site = SiteId::parse("main").unwrap();
    let end = Keys(&site).log();
    write(&setting, &end, b"damaged");
    for (place, _) in stored(&setting, b"n") {
        let mut record = place;
        record[5] = b'h';
        let faults = told(&setting, &record, None);
        assert!(faults.iter().any(|fault| fault == GONE), "{faults:?}");
    }
}

#[test]
fn a_log_that_holds_more_than_its_end_says_is_not_read_on() {
    let (setting, links) = world();
    let site = SiteId::parse("main").unwrap();
    let keys = Keys(&site);
    happen(&setting, &links[1], 300);
    sweep(&setting);
    assert_eq!(setting.faults_in_history(), [""; 0]);
    let size = setting.checkpoint("main").unwrap().size;
    let unread = |from: u64| {
        format!("the log cannot be read from entry {from} on: it is damaged, or entries are gone")
    };

    let above = keys.tile(1, 0);
    let mut tile: NodeTile = decode(&value(&setting, &above), String::new).unwrap();
    tile.nodes.push([7; 32]);
    let faults = told(&setting, &above, Some(&encode(&tile).unwrap()));
    assert_eq!(faults, [unread(0)]);

    // A record that happened since, said to be in the log already.
    setting.revoke(&owner(), links[2].id()).unwrap();
    let chain = ChainId::from(id(&links[2]));
    let leaf = Leaf {
        chain,
        sequence: 1,
        hash: hash(&value(&setting, &keys.record(chain, 1))),
    };
    let (number, filled) = tile_of(size);
    let last = keys.tile(0, number);
    let mut tile: LeafTile = decode(&value(&setting, &last), String::new).unwrap();
    assert_eq!(tile.leaves.len(), filled);
    tile.leaves.push(leaf);
    let place = encode(&Place { index: size }).unwrap();
    write(&setting, &keys.place(chain, 1), &place);
    let faults = told(&setting, &last, Some(&encode(&tile).unwrap()));
    assert_eq!(faults, [NOT_HELD.to_owned(), unread(number * TILE)]);
}

#[test]
fn nothing_hides_behind_what_is_wrong_elsewhere() {
    let (setting, links) = world();
    let (waiting, _) = stored(&setting, b"f").pop().unwrap();
    remove(&setting, &waiting);
    let _forged = slip_in(&setting);
    wipe_out(&setting, id(&links[2]));
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
    let _forged = slip_in(&setting);
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
    let wrong: [(Option<&str>, Tampering); 3] = [
        (None, |_, _| {}),
        (Some(GONE), |setting, links| {
            wipe_out(setting, id(&links[2]))
        }),
        (Some(NEVER_BEGAN), |setting, _| _ = slip_in(setting)),
    ];
    for (expected, do_wrong) in wrong {
        for call in 0.. {
            let (setting, links) = world();
            do_wrong(&setting, &links);
            let other = setting.beside();
            setting.faults.meanwhile(call, move || {
                let _new = other.link(a_link().for_("d@support.example"));
                let entered = other.enter(&links[1]);
                let _stays = other.enter(&links[1]);
                other.sign_out("main", &entered.session).unwrap();
                sweep(&other);
            });
            let faults = setting.faults_in_history();
            let is_it = |fault: &String| expected.is_some_and(|words| fault.contains(words));
            assert!(faults.iter().all(is_it), "call {call}: {faults:?}");
            assert_eq!(faults.is_empty(), expected.is_none(), "call {call}");
            if !setting.faults.happened() {
                assert!(call > 10, "{call} calls");
                break;
            }
        }
    }
}

/// Before one of so many calls from now on this happens, again and again.
fn every(calls: u32, faults: &Arc<Faults>, happens: Arc<dyn Fn() + Send + Sync>) {
    let again = faults.clone();
    faults.meanwhile(calls - 1, move || {
        happens();
        every(calls, &again, happens);
    });
}

#[test]
fn verifying_ends_without_a_fault_though_others_never_stop_writing() {
    for calls in 1..12 {
        let (setting, links) = world();
        let other = setting.beside();
        let [_, link, _] = links;
        let happens = Arc::new(move || {
            let entered = other.enter(&link);
            other.sign_out("main", &entered.session).unwrap();
            sweep(&other);
        });
        every(calls, &setting.faults, happens);
        assert_eq!(setting.faults_in_history(), [""; 0], "every {calls}");
        setting.faults.recover();
        assert_eq!(setting.faults_in_history(), [""; 0]);
    }
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
        let code = answer.expect_err("nothing was verified").code;
        assert!(code.ends_with("-unavailable"), "call {call}: {code}");
    }
}

#[test]
fn what_fits_is_read_once() {
    // More than two pages of them.
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
    // Two of each grant, where it is found and what is kept beside its sessions; all else many at a time.
    let calls = setting.faults.calls() - 2 * GRANTS;
    assert!(calls < GRANTS / 10, "{calls} calls");
}
