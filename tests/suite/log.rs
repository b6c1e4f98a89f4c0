//! The log of history: everything gets in once, whatever happens on the way, and what it proves.

use std::collections::BTreeSet;

use guestpass::ports::Put;
use guestpass::{Checkpoint, Logged};
use guestpass_core::Instant;
use guestpass_core::codec::{decode, encode};
use guestpass_core::history::log::{Leaf, LeafTile, NodeTile, TILE, Waiting};
use guestpass_core::history::record::{Action, ChainId, Record, hash};
use guestpass_core::keys::Keys;
use guestpass_core::names::SiteId;
use guestpass_tests::faults::{Counting, Fault};
use guestpass_tests::{Link, Plan, Setting, a_link, both_ways, owner, user};
use sha2::{Digest as _, Sha256};

use crate::tamper::{remove, stored, told, value, write};

/// Sweeps until all that happened is in the log.
pub fn sweep(setting: &Setting) {
    while setting.sweep("main", 100).unwrap().more {}
}

/// Everything in the log.
pub fn whole_log(setting: &Setting) -> Vec<Logged> {
    let mut all: Vec<Logged> = Vec::new();
    loop {
        let page = setting.log("main", all.len() as u64, 1000).unwrap();
        if page.is_empty() {
            return all;
        }
        all.extend(page);
    }
}

/// Makes so many records, all of one grant but the first.
pub fn happen(setting: &Setting, link: &Link, count: usize) {
    for number in 0..count {
        let done = if number % 2 == 0 {
            setting.suspend(&owner(), link.id())
        } else {
            setting.resume(&owner(), link.id())
        };
        done.unwrap();
    }
}

/// The root of a tree over these hashes, as RFC 6962 defines it: by hand, since it is what the engine is measured by.
pub fn root(hashes: &[Vec<u8>]) -> Vec<u8> {
    match hashes {
        [] => Sha256::digest([]).to_vec(),
        [one] => Sha256::digest([&[0], one.as_slice()].concat()).to_vec(),
        many => {
            let left = many.len().next_power_of_two() / 2;
            let halves = [&[1], root(&many[..left]).as_slice(), &root(&many[left..])].concat();
            Sha256::digest(halves).to_vec()
        }
    }
}

/// Every record there is stands in the log, once, with its hash, and nothing else does.
fn holds_all_history_once(setting: &Setting) -> Checkpoint {
    let mut stored: Vec<Vec<u8>> = setting
        .dump()
        .into_iter()
        .filter(|(key, _)| key[5] == b'h')
        .map(|(_, value)| Sha256::digest(&value).to_vec())
        .collect();
    let log = whole_log(setting);
    let mut logged: Vec<Vec<u8>> = log.iter().map(|entry| entry.hash.clone()).collect();
    let checkpoint = setting.checkpoint("main").unwrap();
    assert_eq!(checkpoint.size, logged.len() as u64);
    assert_eq!(checkpoint.root, root(&logged));
    for (index, entry) in (0..).zip(&log) {
        let happening = entry.happening.as_ref().unwrap();
        assert_eq!((entry.index, &entry.id), (index, &happening.id));
        assert_eq!(entry.hash, happening.hash);
    }
    let waiting = setting
        .dump()
        .iter()
        .filter(|(key, _)| key[5] == b'f')
        .count();
    assert_eq!(waiting, 0, "nothing waits any more");
    stored.sort();
    logged.sort();
    assert_eq!(stored, logged);
    checkpoint
}

#[test]
fn the_sweep_puts_all_that_happened_into_the_log_and_each_chain_in_its_order() {
    both_ways(|plan: Plan| {
        let setting = plan.on_sqlite().build();
        let empty = setting.checkpoint("main").unwrap();
        assert_eq!((empty.size, empty.root), (0, root(&[])));
        let link = setting.link(a_link());
        let _entered = setting.enter(&link);
        let other = setting.link(a_link().for_("b@support.example"));
        assert_eq!(whole_log(&setting), [], "not at the moment it happens");
        assert_eq!(setting.sweep("main", 100).unwrap().logged, 4);
        assert_eq!(setting.sweep("main", 100).unwrap().logged, 0);
        holds_all_history_once(&setting);
        happen(&setting, &link, 20);
        setting.revoke(&owner(), other.id()).unwrap();
        assert_eq!(setting.sweep("main", 6).unwrap().logged, 6);
        assert!(setting.sweep("main", 6).unwrap().more);
        sweep(&setting);
        let kept = holds_all_history_once(&setting);
        let of_link = whole_log(&setting)
            .into_iter()
            .filter_map(|entry| entry.happening);
        let sequences: Vec<_> = of_link
            .filter(|happening| happening.grant.as_deref() == Some(link.id()))
            .map(|happening| happening.sequence)
            .collect();
        assert_eq!(sequences, (0..23).collect::<Vec<_>>());
        let said = setting.read_checkpoint(&kept.text).unwrap();
        assert_eq!(said, kept);
        assert_eq!(
            (kept.site.as_str(), kept.at),
            ("main", setting.clock.shows())
        );
    });
}

#[test]
fn a_log_of_several_tiles_is_the_tree_that_the_rfc_defines() {
    let setting = Setting::plan().natively().build();
    let link = setting.link(a_link());
    let mut sizes = BTreeSet::new();
    for count in [254, 1, 1, 300, 400] {
        happen(&setting, &link, count / 2 * 2);
        if count % 2 == 1 {
            setting.suspend(&owner(), link.id()).unwrap();
            setting.resume(&owner(), link.id()).unwrap();
        }
        sweep(&setting);
        sizes.insert(holds_all_history_once(&setting).size);
    }
    assert!(
        sizes.range(..256).count() > 0 && sizes.range(768..).count() > 0,
        "{sizes:?}"
    );
}

/// One record more than two full levels of tiles and some entries, and the hashes of those records but for the first.
fn three_levels() -> (Setting, Vec<Vec<u8>>) {
    let setting = Setting::plan().natively().build();
    let site = SiteId::parse("main").unwrap();
    let keys = Keys(&site);
    // One record begins it.
    let _link = setting.link(a_link());
    sweep(&setting);
    let mut hashes: Vec<Vec<u8>> = Vec::new();
    let mut puts = Vec::new();
    let mut previous = [0; 32];
    for sequence in 0..TILE * TILE + 300 {
        let record = Record {
            chain: ChainId::POLICY,
            sequence,
            at: Instant::from_millis(setting.clock.shows()),
            actor: None,
            subject: None,
            action: Action::PolicyChanged,
            details: Vec::new(),
            previous,
            left: [0; 32],
        };
        let value = encode(&record).unwrap();
        previous = hash(&value);
        hashes.push(previous.to_vec());
        let waiting = Waiting { hash: previous };
        puts.extend([
            Put {
                key: keys.record(ChainId::POLICY, sequence),
                value,
            },
            Put {
                key: keys.waiting(ChainId::POLICY, sequence),
                value: encode(&waiting).unwrap(),
            },
        ]);
    }
    setting.store.commit(&[], &puts, &[]).unwrap();
    while setting.sweep("main", 1000).unwrap().more {}
    (setting, hashes)
}

#[test]
fn a_log_of_three_levels_is_that_tree_too_and_proves_what_is_in_it() {
    let (setting, hashes) = three_levels();
    let mut all: Vec<_> = setting
        .log("main", 0, 1)
        .unwrap()
        .into_iter()
        .map(|one| one.hash)
        .collect();
    all.extend(hashes);
    let records = all.len() as u64 - 1;
    let checkpoint = setting.checkpoint("main").unwrap();
    assert_eq!(checkpoint.size, records + 1);
    assert_eq!(checkpoint.root, root(&all));
    for index in [1, 2, 255, 256, 257, 40_000, 65_535, 65_536, records] {
        let id = format!("policy.{}", index - 1);
        let proved = setting
            .prove_inclusion("main", &id, &checkpoint.text)
            .unwrap();
        assert_eq!(proved.index, index);
        setting
            .check_inclusion(&all[index as usize], &proved.proof, &checkpoint.text)
            .unwrap();
    }
}

#[test]
fn a_tile_above_that_does_not_hold_what_is_below_is_told_by_its_level() {
    let (setting, _) = three_levels();
    let site = SiteId::parse("main").unwrap();
    // The root of a tile of level 1 is an entry of level 2.
    for (changed, expected) in [(None, &[][..]), (Some(1), &[1, 2]), (Some(2), &[2])] {
        let faults = match changed {
            None => setting.faults_in_history(),
            Some(level) => {
                let key = Keys(&site).tile(level, 0);
                let mut tile: NodeTile = decode(&value(&setting, &key), String::new).unwrap();
                tile.nodes[0][0] ^= 1;
                told(&setting, &key, Some(&encode(&tile).unwrap()))
            }
        };
        // That no policy is stored for these records is told too.
        let levels = faults.iter().filter(|fault| fault.starts_with("level "));
        let of_level = |level: &i32| {
            format!(
                "level {level} of the log does not hold what its entries lead to: it was changed"
            )
        };
        let expected: Vec<_> = expected.iter().map(of_level).collect();
        assert!(levels.eq(&expected), "{changed:?}: {faults:?}");
    }
}

#[test]
fn many_hosts_that_sweep_at_once_put_each_record_in_once() {
    let setting = Setting::plan().natively().on_sqlite().build();
    let link = setting.link(a_link());
    happen(&setting, &link, 60);
    let others: Vec<_> = (0..4).map(|_| setting.beside()).collect();
    let logged: u32 = std::thread::scope(|scope| {
        let sweeping: Vec<_> = others
            .iter()
            .map(|other| {
                scope.spawn(|| {
                    (0..8)
                        .map(|_| other.sweep("main", 7).unwrap().logged)
                        .sum::<u32>()
                })
            })
            .collect();
        happen(&setting, &link, 20);
        sweeping.into_iter().map(|one| one.join().unwrap()).sum()
    });
    assert!(logged <= 81);
    sweep(&setting);
    assert_eq!(holds_all_history_once(&setting).size, 81);
}

#[test]
fn a_sweep_between_whose_calls_another_one_comes_fails_nothing() {
    for n in 0.. {
        let setting = Setting::plan().natively().build();
        let link = setting.link(a_link());
        happen(&setting, &link, 3);
        let other = setting.beside();
        setting.faults.meanwhile(n, move || {
            assert_eq!(other.sweep("main", 100).unwrap().failed, 0);
        });
        let swept = setting.sweep("main", 100).unwrap();
        assert_eq!(swept.failed, 0, "at call {n}");
        if !setting.faults.happened() {
            assert!(n > 3, "a sweep takes more calls");
            break;
        }
        let _checkpoint = holds_all_history_once(&setting);
    }
}

#[test]
fn a_sweep_that_takes_the_last_record_says_that_there_are_no_more() {
    let setting = Setting::new();
    let link = setting.link(a_link());
    sweep(&setting);
    happen(&setting, &link, 3);
    assert!(setting.sweep("main", 2).unwrap().more);
    assert!(!setting.sweep("main", 1).unwrap().more);
}

#[test]
fn a_sweep_that_breaks_off_anywhere_leaves_each_record_in_or_out() {
    both_ways(|plan: Plan| {
        let way = plan.way();
        for fault in [
            Fault::Fails,
            Fault::DiesBefore,
            Fault::DiesAfter,
            Fault::Conflicts,
        ] {
            for n in 0.. {
                let setting = Setting::plan().asked(way).build();
                let link = setting.link(a_link());
                sweep(&setting);
                happen(&setting, &link, 10);
                setting.faults.plan(n, fault, Counting::Everything);
                let _broken = setting.sweep("main", 4);
                let struck = setting.faults.recover();
                sweep(&setting);
                assert_eq!(
                    holds_all_history_once(&setting).size,
                    11,
                    "{fault:?} at {n}"
                );
                if !struck {
                    assert!(n > 3, "it asks the store");
                    break;
                }
            }
        }
    });
}

#[test]
fn history_that_is_older_than_the_log_gets_in_too() {
    both_ways(|plan: Plan| {
        let setting = plan.build();
        let link = setting.link(a_link());
        happen(&setting, &link, 20);
        let other = setting
            .create(
                &user("ed"),
                &a_link().for_("b@support.example").role("author").draft(),
            )
            .unwrap();
        // As it was stored before there was a log.
        let waiting = setting.dump().into_iter().filter(|(key, _)| key[5] == b'f');
        let keys: Vec<_> = waiting.map(|(key, _)| key).collect();
        assert_eq!(keys.len(), 22);
        setting.store.commit(&[], &[], &keys).unwrap();
        assert_eq!(setting.faults_in_history(), [""; 0], "before there is one");
        assert_eq!(setting.sweep("main", 10).unwrap().logged, 10);
        assert_eq!(setting.faults_in_history(), [""; 0], "while it is young");
        // What happens meanwhile comes neither twice nor not at all, wherever the sweep has got to.
        setting.suspend(&owner(), link.id()).unwrap();
        setting.suspend(&owner(), other.id()).unwrap();
        sweep(&setting);
        assert_eq!(holds_all_history_once(&setting).size, 24);
    });
}

#[test]
fn a_young_log_catches_up_with_older_history_of_any_length_and_says_when() {
    // As many records as two calls take in, with those of two creations, and one fewer, one and two more.
    for count in 17..=20 {
        let setting = Setting::plan().natively().build();
        let link = setting.link(a_link());
        setting.clock.forward(1);
        let _later = setting.link(a_link().for_("b@support.example"));
        happen(&setting, &link, count);
        for (key, _) in stored(&setting, b"f") {
            remove(&setting, &key);
        }
        let mut calls = 1;
        while setting.sweep("main", 10).unwrap().more {
            calls += 1;
            assert!(calls < 6, "{count} records");
        }
        assert_eq!(
            (calls, whole_log(&setting).len()),
            ((2 + count) / 10 + 1, 2 + count)
        );
        // What happens to the first of them from now on gets in as well.
        setting.revoke(&owner(), link.id()).unwrap();
        sweep(&setting);
        let size = holds_all_history_once(&setting).size;
        assert_eq!(size as usize, 2 + count + 1);
    }
}

#[test]
fn what_lies_where_the_log_has_not_come_to_does_not_stop_it() {
    let setting = Setting::plan().natively().build();
    let link = setting.link(a_link());
    sweep(&setting);
    let site = SiteId::parse("main").unwrap();
    let keys = Keys(&site);
    let tile = LeafTile {
        leaves: vec![Leaf {
            chain: ChainId::POLICY,
            sequence: 0,
            hash: [7; 32],
        }],
    };
    write(&setting, &keys.tile(0, 1), &encode(&tile).unwrap());
    let above = NodeTile {
        nodes: vec![[7; 32]],
    };
    write(&setting, &keys.tile(1, 0), &encode(&above).unwrap());
    happen(&setting, &link, 300);
    sweep(&setting);
    assert_eq!(holds_all_history_once(&setting).size, 301);
}

#[test]
fn a_record_that_was_changed_before_it_got_in_is_told_and_keeps_no_other_out() {
    both_ways(|plan: Plan| {
        let setting = plan.build();
        let link = setting.link(a_link());
        sweep(&setting);
        happen(&setting, &link, 4);
        let records = || setting.dump().into_iter().filter(|(key, _)| key[5] == b'h');
        let (gone, _) = records().nth(1).unwrap();
        let (changed, mut value) = records().nth(2).unwrap();
        let written = Sha256::digest(&value).to_vec();
        value[30] ^= 1;
        let put = Put {
            key: changed,
            value,
        };
        setting.store.commit(&[], &[put], &[gone]).unwrap();
        sweep(&setting);
        let log = whole_log(&setting);
        assert_eq!(log.len(), 5);
        assert_eq!((&log[1].stored, &log[1].happening), (&None, &None));
        assert_eq!(log[2].hash, written, "it gets in as it was written");
        assert_eq!(log[2].happening, None);
        let told = setting.log.lines();
        for sequence in [1, 2] {
            let about = format!("record {}.{sequence} was changed or removed", link.id());
            assert!(told.iter().any(|line| line.contains(&about)), "{told:?}");
        }
        assert_eq!(told.len(), 2);
    });
}

#[test]
fn a_damaged_end_of_the_log_is_told_and_keeps_no_grant_from_ending() {
    let setting = Setting::new();
    let link = setting.link(a_link().lasting("PT1H"));
    sweep(&setting);
    let (key, mut value) = setting
        .dump()
        .into_iter()
        .find(|(key, _)| key == b"main\0l")
        .unwrap();
    value[3] ^= 1;
    setting
        .store
        .commit(&[], &[Put { key, value }], &[])
        .unwrap();
    setting.clock.forward(guestpass_tests::HOUR);
    let swept = setting.sweep("main", 100).unwrap();
    assert_eq!((swept.expired, swept.failed, swept.logged), (1, 1, 0));
    assert_eq!(setting.get(&owner(), link.id()).unwrap().state, "ended");
    assert!(
        setting
            .log
            .lines()
            .iter()
            .any(|line| line.contains("does not grow"))
    );
    assert_eq!(
        setting.checkpoint("main").unwrap_err().code,
        "record-damaged"
    );
    let faults = setting.faults_in_history();
    assert_eq!(faults.len(), 1, "and told once by verifying: {faults:?}");
}

#[test]
fn each_record_is_proved_to_whoever_has_a_checkpoint_and_each_log_to_begin_with_an_earlier_one() {
    both_ways(|plan: Plan| {
        let setting = plan.build();
        let link = setting.link(a_link());
        let mut kept = vec![setting.checkpoint("main").unwrap()];
        for _ in 0..4 {
            happen(&setting, &link, 6);
            sweep(&setting);
            kept.push(setting.checkpoint("main").unwrap());
        }
        let history = setting.whole_history(link.id());
        for checkpoint in &kept {
            for (index, line) in (0..).zip(&history) {
                let proved = setting.prove_inclusion("main", &line.id, &checkpoint.text);
                if index >= checkpoint.size {
                    assert_eq!(proved.unwrap_err().code, "unknown-record");
                    continue;
                }
                let proved = proved.unwrap();
                assert_eq!(proved.index, index);
                let proves = |hash| setting.check_inclusion(hash, &proved.proof, &checkpoint.text);
                proves(&line.hash).unwrap();
                let other = &history[(index as usize + 1) % history.len()];
                assert_eq!(proves(&other.hash).unwrap_err().code, "bad-proof");
                assert_eq!(proves(&line.hash[1..]).unwrap_err().code, "bad-proof");
            }
            for later in &kept {
                let (first, second) = (&checkpoint.text, &later.text);
                let proof = setting.prove_consistency("main", first, second);
                if checkpoint.size > later.size {
                    assert_eq!(proof.unwrap_err().code, "bad-checkpoint");
                    continue;
                }
                let proof = proof.unwrap();
                setting.check_consistency(&proof, first, second).unwrap();
                if checkpoint.size < later.size {
                    let refusal = setting
                        .check_consistency(&proof, second, first)
                        .unwrap_err();
                    assert_eq!(refusal.code, "bad-proof");
                }
            }
        }
        let of_another = kept[1].text.clone();
        for refusal in [
            setting
                .prove_inclusion("other", "policy.0", &of_another)
                .unwrap_err(),
            setting
                .prove_inclusion("main", "policy.0", &of_another[1..])
                .unwrap_err(),
        ] {
            assert_eq!(refusal.code, "bad-checkpoint");
        }
        for id in ["", "policy", "policy.99", "nobody.0", "policy.-1"] {
            let refusal = setting
                .prove_inclusion("main", id, &of_another)
                .unwrap_err();
            assert_eq!(refusal.code, "unknown-record", "{id}");
        }
    });
}
