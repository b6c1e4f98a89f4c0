//! Property 22: an edit, a deletion, another order, a cut and a fork of history are found: what does not fit itself by
//! anybody, and what was made to fit by whoever kept a checkpoint.

use std::sync::atomic::{AtomicBool, Ordering};

use guestpass::Extension;
use guestpass_core::codec::{decode, encode};
use guestpass_core::grant::Grant;
use guestpass_core::history::record::{Record, hash};
use guestpass_core::keys::Keys;
use guestpass_core::names::SiteId;
use guestpass_core::transaction::Chained;
use guestpass_tests::{HOUR, Link, Plan, Setting, Way, a_link, both_ways, owner};

use crate::log::{happen, sweep};
use crate::tamper::{complains, id, mend, remove, slip_in, stored, wipe_out, write};

/// A site whose history is in the log, all but the last of it.
fn site(way: Way) -> (Setting, Link) {
    let setting = Setting::plan().asked(way).build();
    let link = setting.link(a_link().lasting("P7D"));
    let entered = setting.enter(&link);
    let _stays = setting.enter(&link);
    setting.sign_out("main", &entered.session).unwrap();
    setting
        .set_policy(&owner(), &guestpass_tests::beginning())
        .unwrap();
    sweep(&setting);
    setting.suspend(&owner(), link.id()).unwrap();
    setting.resume(&owner(), link.id()).unwrap();
    (setting, link)
}

/// What holds history: grants, policy, records, sessions, and the log with what waits for it.
const HISTORY: &[u8] = b"ghpsfln";

#[test]
fn p22_every_changed_byte_of_history_and_of_its_log_is_found() {
    let (setting, _) = site(Way::Native);
    assert_eq!(setting.faults_in_history(), [""; 0]);
    for (key, value) in stored(&setting, HISTORY) {
        let what = String::from_utf8_lossy(&key);
        for at in 0..value.len() {
            let mut changed = value.clone();
            changed[at] ^= 0x20;
            write(&setting, &key, &changed);
            assert!(complains(&setting), "byte {at} of {what}");
        }
        for at in 0..value.len().saturating_sub(4) {
            let mut changed = value.clone();
            changed[at] ^= 0x01;
            mend(&mut changed);
            write(&setting, &key, &changed);
            assert!(complains(&setting), "byte {at} of {what}, mended");
        }
        write(&setting, &key, &value);
    }
    assert_eq!(setting.faults_in_history(), [""; 0], "all is as it was");
}

#[test]
fn p22_what_says_that_it_is_of_another_format_is_found() {
    let (setting, _) = site(Way::Native);
    for (key, value) in stored(&setting, HISTORY) {
        for format in (0..=u8::MAX).filter(|format| *format != value[0]) {
            let mut changed = value.clone();
            changed[0] = format;
            mend(&mut changed);
            write(&setting, &key, &changed);
            let what = String::from_utf8_lossy(&key);
            assert!(complains(&setting), "format {format} of {what}");
        }
        write(&setting, &key, &value);
    }
}

#[test]
fn p22_everything_that_is_taken_out_is_found() {
    both_ways(|plan: Plan| {
        let (setting, _) = site(plan.way());
        for (key, value) in stored(&setting, HISTORY) {
            remove(&setting, &key);
            let what = String::from_utf8_lossy(&key);
            assert!(complains(&setting), "without {what}");
            write(&setting, &key, &value);
        }
        // A whole chain with all that names it: the log still knows it.
        let other = setting.link(a_link().for_("b@support.example"));
        sweep(&setting);
        wipe_out(&setting, id(&other));
        let faults = setting.verified(None, 1000).faults;
        assert!(
            faults
                .iter()
                .any(|fault| fault.grant.as_deref() == Some(other.id())
                    && fault.sequence == Some(0)
                    && fault.message.contains("gone from the history")),
            "{faults:?}"
        );
    });
}

#[test]
fn p22_entries_of_the_log_in_another_order_are_found() {
    let (setting, _) = site(Way::Native);
    let site = SiteId::parse("main").unwrap();
    for tag in [b"n", b"f", b"h"] {
        let all = stored(&setting, tag);
        assert!(all.len() > 1);
        for pair in all.windows(2) {
            write(&setting, &pair[0].0, &pair[1].1);
            write(&setting, &pair[1].0, &pair[0].1);
            assert!(complains(&setting));
            write(&setting, &pair[0].0, &pair[0].1);
            write(&setting, &pair[1].0, &pair[1].1);
        }
    }
    // Two leaves, with their places changed to fit and the tile's checksum, too.
    let key = Keys(&site).tile(0, 0);
    let before = setting.dump();
    let tile = before.iter().find(|(at, _)| *at == key).unwrap();
    let mut leaves: guestpass_core::history::log::LeafTile = decode(&tile.1, String::new).unwrap();
    leaves.leaves.swap(0, 1);
    write(&setting, &key, &encode(&leaves).unwrap());
    for (index, leaf) in (0..2).zip(&leaves.leaves) {
        let place = guestpass_core::history::log::Place { index };
        let at = Keys(&site).place(leaf.chain, leaf.sequence);
        write(&setting, &at, &encode(&place).unwrap());
    }
    let faults = setting.faults_in_history();
    assert!(
        faults
            .iter()
            .any(|fault| fault.contains("do not lead to its end")),
        "{faults:?}"
    );
}

/// One way in which a site's history can go. What is told of it differs at one place from the others.
fn life(change: &str) -> Setting {
    let setting = Setting::plan().natively().build();
    let link = setting.link(a_link().lasting("P7D"));
    if change == "an edit" {
        setting.clock.forward(1);
    }
    setting.suspend(&owner(), link.id()).unwrap();
    setting.clock.forward(HOUR);
    let (first, second) = if change == "another order" {
        ("P2D", "P1D")
    } else {
        ("P1D", "P2D")
    };
    setting.resume(&owner(), link.id()).unwrap();
    for by in [first, second] {
        setting
            .extend(&owner(), link.id(), &Extension::By(by.into()))
            .unwrap();
    }
    if change != "a deletion" {
        let _entered = setting.enter(&link);
    }
    if change == "a cut" {
        sweep(&setting);
        return setting;
    }
    let reissued = setting.reissue(&owner(), link.id()).unwrap();
    if change == "a fork" {
        setting.revoke(&owner(), link.id()).unwrap();
    } else {
        let _entered = setting.enter(&reissued);
    }
    sweep(&setting);
    if change == "a continuation" {
        happen(&setting, &link, 10);
        sweep(&setting);
    } else if change != "nothing" {
        // However long it is made afterwards.
        let other = setting.link(a_link().for_("b@support.example"));
        happen(&setting, &other, 10);
        sweep(&setting);
    }
    setting
}

#[test]
fn p22_a_history_that_was_rewritten_until_it_fits_does_not_fit_a_kept_checkpoint() {
    let kept = life("nothing").checkpoint("main").unwrap();
    assert_eq!(life("nothing").faults_against(&kept.text), [""; 0]);
    for change in ["an edit", "another order", "a deletion", "a cut", "a fork"] {
        let rewritten = life(change);
        assert_eq!(
            rewritten.faults_in_history(),
            [""; 0],
            "{change}: it fits itself"
        );
        let faults = rewritten.faults_against(&kept.text);
        assert_eq!(faults.len(), 1, "{change}: {faults:?}");
        let expected = match change {
            "a cut" => "the last 2 are gone",
            _ => "does not begin as the checkpoint says",
        };
        assert!(faults[0].contains(expected), "{change}: {faults:?}");
        // No proof can be made that it was always so.
        let now = rewritten.checkpoint("main").unwrap();
        let proved = rewritten
            .prove_consistency("main", &kept.text, &now.text)
            .and_then(|proof| rewritten.check_consistency(&proof, &kept.text, &now.text));
        assert!(proved.is_err(), "{change}");
    }
    let longer = life("a continuation");
    assert_eq!(longer.faults_against(&kept.text), [""; 0]);
    let now = longer.checkpoint("main").unwrap();
    let proof = longer
        .prove_consistency("main", &kept.text, &now.text)
        .unwrap();
    longer
        .check_consistency(&proof, &kept.text, &now.text)
        .unwrap();
}

#[test]
fn p22_a_database_put_back_to_what_it_was_is_found_by_a_later_checkpoint_alone() {
    both_ways(|plan: Plan| {
        let (setting, link) = site(plan.way());
        sweep(&setting);
        let early = setting.checkpoint("main").unwrap();
        let backup = setting.dump();
        setting.revoke(&owner(), link.id()).unwrap();
        sweep(&setting);
        let late = setting.checkpoint("main").unwrap();
        assert_eq!(setting.faults_against(&early.text), [""; 0]);
        assert_eq!(setting.faults_against(&late.text), [""; 0]);
        for (key, _) in setting.dump() {
            remove(&setting, &key);
        }
        for (key, value) in &backup {
            write(&setting, key, value);
        }
        assert_eq!(setting.faults_in_history(), [""; 0]);
        assert_eq!(setting.faults_against(&early.text), [""; 0]);
        let faults = setting.faults_against(&late.text);
        assert!(
            faults.len() == 1 && faults[0].contains("the last 1 are gone"),
            "{faults:?}"
        );
    });
}

#[test]
fn p22_an_edited_record_with_a_mended_chain_is_found_even_if_the_log_is_begun_anew() {
    let (setting, link) = site(Way::Native);
    sweep(&setting);
    let kept = setting.checkpoint("main").unwrap();
    // Whoever knows the formats edits the last record of the grant, and makes the grant name it.
    let (key, value) = stored(&setting, b"h").pop().unwrap();
    let mut record: Record = decode(&value, String::new).unwrap();
    record.actor = Some("ann".to_owned());
    let edited = encode(&record).unwrap();
    let (of_grant, grant) = stored(&setting, b"g").pop().unwrap();
    let mut grant: Chained<Grant> = decode(&grant, String::new).unwrap();
    grant.head.hash = hash(&edited);
    write(&setting, &key, &edited);
    write(&setting, &of_grant, &encode(&grant).unwrap());
    let faults = setting.verified(None, 1000).faults;
    assert!(
        faults
            .iter()
            .any(|fault| fault.grant.as_deref() == Some(link.id())
                && fault.sequence == Some(record.sequence)
                && fault.message.contains("does not hold this record")),
        "the chain fits, the log does not: {faults:?}"
    );
    // And then removes the log, which the next sweep begins anew.
    for (key, _) in stored(&setting, b"fln") {
        remove(&setting, &key);
    }
    sweep(&setting);
    assert_eq!(setting.faults_in_history(), [""; 0]);
    let faults = setting.faults_against(&kept.text);
    assert_eq!(faults.len(), 1, "{faults:?}");
}

#[test]
fn p22_nothing_is_found_while_others_write_and_sweep() {
    both_ways(|plan: Plan| {
        let setting = plan.on_sqlite().build();
        let links: Vec<_> = (0..3)
            .map(|number| setting.link(a_link().for_(&format!("g{number}@support.example"))))
            .collect();
        sweep(&setting);
        let kept = setting.checkpoint("main").unwrap();
        let others = [setting.beside(), setting.beside()];
        let over = AtomicBool::new(false);
        std::thread::scope(|scope| {
            scope.spawn(|| {
                for number in 0..60 {
                    let link = &links[number % links.len()];
                    let entered = others[0].enter(link);
                    if number % 2 == 0 {
                        others[0].sign_out("main", &entered.session).unwrap();
                    }
                    let new = a_link().for_(&format!("n{number}@support.example"));
                    let _link = others[0].link(new);
                }
                over.store(true, Ordering::Relaxed);
            });
            scope.spawn(|| {
                while !over.load(Ordering::Relaxed) {
                    others[1].sweep("main", 5).unwrap();
                }
            });
            while !over.load(Ordering::Relaxed) {
                for limit in [1, 7, 1000] {
                    let report = setting.verified(Some(&kept.text), limit);
                    assert_eq!(report.faults, []);
                }
            }
        });
        assert_eq!(setting.faults_against(&kept.text), [""; 0]);
        // 3 creations and 60 more, 3 first uses in two steps, 57 more uses, and 30 who left.
        let records = stored(&setting, b"h").len() as u64;
        assert_eq!(setting.verified(None, 1000).records, records);
    });
}

#[test]
fn p22_a_chain_of_any_length_is_verified_in_pieces_that_are_small() {
    const USES: usize = 11_000;
    let setting = Setting::plan().natively().build();
    let link = setting.link(a_link());
    let mut last = setting.enter(&link);
    for _ in 1..USES {
        last = setting.enter(&link);
    }
    setting.sign_out("main", &last.session).unwrap();
    while setting.sweep("main", 1000).unwrap().more {}
    let kept = setting.checkpoint("main").unwrap();
    let mut calls = 0;
    let mut start: Option<String> = None;
    let mut records = 0;
    loop {
        let report = setting
            .verify_against("main", &kept.text, start.as_deref(), 1000)
            .unwrap();
        assert_eq!(report.faults, []);
        records += report.records;
        calls += 1;
        start = report.next;
        let Some(next) = &start else { break };
        assert!(next.len() < 2_000, "{} bytes to hand back", next.len());
    }
    assert_eq!(records as usize, USES + 3);
    assert!(calls > 1);
    // What is wrong anywhere in it is found.
    for tag in [b"s", b"h", b"n"] {
        let all = stored(&setting, tag);
        let (key, value) = &all[all.len() / 2];
        remove(&setting, key);
        assert!(!setting.faults_in_history().is_empty());
        write(&setting, key, value);
    }
    let forged = slip_in(&setting);
    assert_eq!(setting.faults_in_history().len(), 1, "a session slipped in");
    remove(&setting, &forged);
    assert_eq!(setting.faults_in_history(), [""; 0]);
}
