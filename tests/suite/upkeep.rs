//! Tidying up: the sweep, what is due next, and telling others what happened.

use guestpass::Swept;
use guestpass::ports::Put;
use guestpass_core::Instant;
use guestpass_core::grant::id::GrantId;
use guestpass_core::keys::Keys;
use guestpass_core::names::SiteId;
use guestpass_tests::faults::{Counting, Fault};
use guestpass_tests::{DAY, HOUR, MINUTE, Plan, Setting, a_link, both_ways, owner};

use crate::tamper::{stored, write};

const NOTHING: Swept = Swept {
    expired: 0,
    repaired: 0,
    retired: 0,
    logged: 0,
    failed: 0,
    more: false,
};

/// Sweeps, and looks away from what goes into the log of history.
fn sweep(setting: &Setting, limit: u32) -> Swept {
    let swept = setting.sweep("main", limit).unwrap();
    Swept { logged: 0, ..swept }
}

#[test]
fn a_sweep_clears_the_index_of_what_is_not_due_and_of_nothing_else() {
    both_ways(|plan: Plan| {
        let setting = plan.build();
        let link = setting.link(a_link());
        let id = GrantId::parse(link.id()).expect("a grant's id");
        let before = setting.dump();
        let now = Instant::from_millis(setting.clock.shows());
        let put = Put {
            key: Keys(&SiteId::parse("main").unwrap()).due(now, id),
            value: Vec::new(),
        };
        setting.store.commit(&[], &[put], &[]).unwrap();
        assert_ne!(setting.dump(), before);
        assert_eq!(sweep(&setting, 100), NOTHING);
        let index = |all: Vec<(Vec<u8>, Vec<u8>)>| -> Vec<_> {
            all.into_iter().filter(|(key, _)| key[5] == b'd').collect()
        };
        assert_eq!(index(setting.dump()), index(before));
    });
}

#[test]
fn a_sweep_records_what_is_over_and_says_when_to_come_again() {
    both_ways(|plan: Plan| {
        let setting = plan.on_sqlite().build();
        let now = setting.clock.shows();
        assert_eq!(setting.next_due("main"), Ok(None));
        let short = setting.link(a_link().for_("a@support.example").lasting("PT1H"));
        let long = setting.link(a_link().for_("b@support.example").lasting("P1D"));
        let entered = setting.enter(&short);
        assert_eq!(setting.next_due("main"), Ok(Some(now + HOUR)));
        assert_eq!(sweep(&setting, 100), NOTHING);
        setting.clock.forward(HOUR);
        assert_eq!(
            sweep(&setting, 100),
            Swept {
                expired: 1,
                ..NOTHING
            }
        );
        assert_eq!(
            setting.people.sessions_ended("main"),
            [entered.user.as_str()],
            "the host ends its sessions too"
        );
        assert_eq!(sweep(&setting, 100), NOTHING, "once is enough");
        assert_eq!(setting.next_due("main"), Ok(Some(now + DAY)));
        let history = setting.whole_history(short.id());
        let last = history.last().unwrap();
        assert_eq!(
            (last.action.as_str(), last.actor.as_deref(), last.at),
            ("expired", None, now + HOUR)
        );
        assert_eq!(
            setting
                .get(&owner(), short.id())
                .unwrap()
                .ended_because
                .as_deref(),
            Some("expired")
        );
        setting.revoke(&owner(), long.id()).unwrap();
        assert_eq!(
            setting.next_due("main"),
            Ok(Some(now + HOUR + 30 * DAY)),
            "what was revoked is not due, but the user who was made is to go in a month"
        );
        assert_eq!(setting.faults_in_history(), [""; 0]);
    });
}

#[test]
fn a_sweep_does_as_much_as_it_is_told_to_and_says_that_more_is_due() {
    let setting = Setting::new();
    for number in 0..25 {
        let _link = setting.link(
            a_link()
                .for_(&format!("guest{number}@support.example"))
                .lasting("PT1H"),
        );
    }
    while setting.sweep("main", 10).unwrap().more {}
    setting.clock.forward(HOUR);
    assert_eq!(
        sweep(&setting, 10),
        Swept {
            expired: 10,
            more: true,
            ..NOTHING
        }
    );
    assert_eq!(
        sweep(&setting, 10),
        Swept {
            expired: 10,
            more: true,
            ..NOTHING
        }
    );
    assert_eq!(
        sweep(&setting, 10),
        Swept {
            expired: 5,
            ..NOTHING
        }
    );
    assert_eq!(setting.sweep("main", 0).unwrap_err().code, "bad-page");
    assert_eq!(setting.sweep("main", 1001).unwrap_err().code, "bad-page");
}

#[test]
fn what_is_due_together_is_recorded_in_one_commit_or_if_somebody_comes_between_one_by_one() {
    both_ways(|plan: Plan| {
        let setting = plan.build();
        let due = |round: u32| {
            let link = |number| a_link().for_(&format!("guest{round}-{number}@support.example"));
            let links: Vec<_> = (0..20)
                .map(|number| setting.link(link(number).lasting("PT1H")))
                .collect();
            setting.clock.forward(HOUR);
            links
        };
        let all_of_them = Swept {
            expired: 20,
            ..NOTHING
        };

        let links = due(0);
        setting.faults.plan(1, Fault::Fails, Counting::Writes);
        // The second commit is the one that puts their records into the log.
        let but_the_log = Swept {
            failed: 1,
            ..all_of_them
        };
        assert_eq!(sweep(&setting, 100), but_the_log);
        assert!(setting.faults.recover());
        for link in &links {
            assert_eq!(setting.actions(link.id()), ["created", "expired"]);
        }

        let _links = due(1);
        setting.faults.plan(0, Fault::Conflicts, Counting::Writes);
        assert_eq!(sweep(&setting, 100), all_of_them);
        assert!(setting.faults.recover(), "somebody came between");

        let _alone = setting.link(a_link().for_("alone@support.example").lasting("PT1H"));
        setting.clock.forward(HOUR);
        let one = Swept {
            expired: 1,
            ..NOTHING
        };
        setting.faults.plan(0, Fault::Conflicts, Counting::Writes);
        assert_eq!(sweep(&setting, 100), one, "tried again at once");
        assert!(setting.faults.recover());
        assert_eq!(setting.faults_in_history(), [""; 0]);
        assert_eq!(sweep(&setting, 100), NOTHING);
    });
}

#[test]
fn one_damaged_grant_does_not_keep_the_sweep_from_the_others() {
    let setting = Setting::new();
    let first = setting.link(a_link().for_("a@support.example").lasting("PT1H"));
    setting.clock.forward(1);
    let second = setting.link(a_link().for_("b@support.example").lasting("PT1H"));
    let (key, mut value) = setting
        .dump()
        .into_iter()
        .find(|(key, _)| key.starts_with(b"main\0g"))
        .unwrap();
    value[9] ^= 4;
    setting
        .store
        .commit(&[], &[Put { key, value }], &[])
        .unwrap();
    setting.clock.forward(HOUR);
    assert_eq!(
        sweep(&setting, 100),
        Swept {
            expired: 1,
            failed: 1,
            ..NOTHING
        }
    );
    assert_eq!(setting.get(&owner(), second.id()).unwrap().state, "ended");
    assert_eq!(
        setting.get(&owner(), first.id()).unwrap_err().code,
        "record-damaged"
    );
    assert!(
        setting
            .log
            .lines()
            .iter()
            .any(|line| line.contains("stays due")),
        "the operator is told"
    );
}

#[test]
fn what_happened_is_delivered_until_it_is_taken_and_then_no_more() {
    let setting = Setting::plan().through_the_component().on_sqlite().build();
    let link = setting.link(a_link());
    let _entered = setting.enter(&link);
    setting
        .hooks
        .say(|script| script.react = Err("the mail server is down".into()));
    assert_eq!(setting.guestpass().deliver("main", 100), Ok(0));
    assert_eq!(setting.guestpass().deliver("main", 100), Ok(0));
    setting.hooks.say(|script| script.react = Ok(()));
    assert_eq!(setting.guestpass().deliver("main", 2), Ok(2));
    assert_eq!(setting.guestpass().deliver("main", 100), Ok(1));
    assert_eq!(setting.guestpass().deliver("main", 100), Ok(0));

    let heard = setting.hooks.heard();
    assert_eq!(heard.len(), 9, "three things, three times each");
    let mut ids: Vec<_> = heard.iter().map(|happening| happening.id.clone()).collect();
    ids.sort();
    ids.dedup();
    assert_eq!(
        ids,
        (0..3)
            .map(|sequence| format!("{}.{sequence}", link.id()))
            .collect::<Vec<_>>()
    );
    assert_eq!(setting.actions(link.id()).len(), 3, "history itself stays");
    assert!(
        setting
            .log
            .lines()
            .iter()
            .any(|line| line.contains("the mail server is down"))
    );
}

#[test]
fn a_damaged_record_keeps_no_other_from_being_delivered() {
    both_ways(|plan: Plan| {
        let setting = plan.build();
        let link = setting.link(a_link());
        setting.suspend(&owner(), link.id()).unwrap();
        let (key, mut value) = stored(&setting, b"h").remove(0);
        value[3] ^= 1;
        write(&setting, &key, &value);
        let delivered = setting.drain("main", 10).unwrap();
        let actions: Vec<_> = delivered.iter().map(|one| one.action.as_str()).collect();
        assert_eq!(actions, ["suspended"]);
        let told = "record 0 of a grant cannot be delivered";
        let lines = setting.log.lines();
        assert!(lines.iter().any(|line| line.contains(told)), "{lines:?}");
    });
}

#[test]
fn a_receiver_that_dies_before_it_acknowledges_hears_it_again() {
    both_ways(|plan: Plan| {
        let setting = plan.build();
        let link = setting.link(a_link());
        let waiting = setting.drain("main", 100).unwrap();
        assert_eq!(
            waiting
                .iter()
                .map(|happening| happening.action.as_str())
                .collect::<Vec<_>>(),
            ["created"]
        );
        setting.faults.plan(0, Fault::DiesBefore, Counting::Writes);
        let ids = [waiting[0].id.clone()];
        assert_eq!(
            setting.acknowledge("main", &ids).unwrap_err().code,
            "store-unavailable"
        );
        setting.faults.recover();
        assert_eq!(setting.drain("main", 100).unwrap(), waiting);
        setting
            .acknowledge(
                "main",
                &[
                    ids[0].clone(),
                    "policy.99".into(),
                    "no id".into(),
                    format!("{}.7", link.id()),
                ],
            )
            .unwrap();
        assert_eq!(setting.drain("main", 100), Ok(Vec::new()));
        setting.acknowledge("main", &ids).unwrap();
    });
}

#[test]
fn a_hook_that_panics_keeps_nothing_from_happening_and_hears_it_later() {
    let setting = Setting::plan().through_the_component().build();
    let _link = setting.link(a_link());
    setting.hooks.say(|script| script.panics = true);
    assert_eq!(setting.guestpass().deliver("main", 100), Ok(0));
    setting.hooks.say(|script| script.panics = false);
    assert_eq!(setting.guestpass().deliver("main", 100), Ok(1));
}

#[test]
fn a_user_left_half_made_by_a_crash_is_undone_by_the_sweep_and_the_link_still_works() {
    both_ways(|plan: Plan| {
        let setting = plan.on_sqlite().build();
        let link = setting.link(a_link().uses(1));
        let made = setting.clock.shows();
        // The first commit and the creation of the user happen, the second commit does not.
        setting.faults.plan(2, Fault::DiesBefore, Counting::Writes);
        setting.try_enter(&link).unwrap_err();
        assert!(setting.faults.recover());
        assert_eq!(
            setting.people.guests("main").len(),
            1,
            "a user whom no grant holds"
        );
        assert_eq!(
            setting.get(&owner(), link.id()).unwrap().state,
            "provisioning"
        );
        assert_eq!(setting.next_due("main"), Ok(Some(made + 5 * MINUTE)));
        setting.clock.forward(5 * MINUTE - 1);
        assert_eq!(sweep(&setting, 10), NOTHING, "somebody may still be at it");
        setting.clock.forward(1);
        assert_eq!(
            sweep(&setting, 10),
            Swept {
                repaired: 1,
                ..NOTHING
            }
        );
        assert_eq!(setting.people.guests("main"), [""; 0]);
        assert_eq!(setting.get(&owner(), link.id()).unwrap().state, "ready");
        let entered = setting.enter(&link);
        assert_eq!(setting.why_not(&entered.session), None);
        assert_eq!(setting.people.guests("main"), [entered.user]);
        assert_eq!(setting.faults_in_history(), [""; 0]);
    });
}

#[test]
fn a_user_left_half_made_under_a_grant_that_ends_does_not_stay() {
    both_ways(|plan: Plan| {
        for revoked in [true, false] {
            let setting = plan_again(&plan).build();
            let link = setting.link(a_link().lasting("PT2M"));
            setting.faults.plan(2, Fault::DiesBefore, Counting::Writes);
            setting.try_enter(&link).unwrap_err();
            assert!(setting.faults.recover());
            if revoked {
                setting.revoke(&owner(), link.id()).unwrap();
            }
            setting.clock.forward(10 * MINUTE);
            let mut repaired = 0;
            for _ in 0..3 {
                repaired += setting.sweep("main", 10).unwrap().repaired;
            }
            assert_eq!(repaired, 1);
            assert_eq!(setting.people.guests("main"), [""; 0], "revoked: {revoked}");
            assert_eq!(setting.next_due("main"), Ok(None));
            assert_eq!(setting.faults_in_history(), [""; 0]);
        }
    });
}

fn plan_again(plan: &Plan) -> Plan {
    Setting::plan().asked(plan.way())
}
