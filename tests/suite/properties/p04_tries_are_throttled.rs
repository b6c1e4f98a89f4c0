//! Unknown tokens are throttled where they are validated, and nothing resets the count.

use guestpass::Origin;
use guestpass_tests::faults::{Counting, Fault};
use guestpass_tests::strangers::{unknown_pass, wrong_pass_for};
use guestpass_tests::{Plan, a_link, both_ways, from_somewhere, owner};

/// What an owner can do to a grant between two tries.
const MEDDLING: usize = 4;

#[test]
fn p04_the_count_survives_whatever_happens_to_the_grant_in_between() {
    for meddling in 0..MEDDLING {
        both_ways(|plan: Plan| {
            let setting = plan.build();
            let link = setting.link(a_link());
            for number in 1..=3 {
                let pass = wrong_pass_for(link.id(), number);
                let refusal = setting.redeem("main", &pass, &from_somewhere());
                assert_eq!(refusal.unwrap_err().code, "link-not-valid");
                match meddling {
                    0 => drop(setting.reissue(&owner(), link.id()).unwrap()),
                    1 => {
                        setting.suspend(&owner(), link.id()).unwrap();
                        setting.resume(&owner(), link.id()).unwrap();
                    }
                    2 => drop(setting.sweep("main", 100).unwrap()),
                    _ => drop(setting.revoke(&owner(), link.id()).unwrap()),
                }
            }
            let refusal = setting.redeem("main", &unknown_pass(9), &from_somewhere());
            assert_eq!(refusal.unwrap_err().code, "locked-out", "{meddling}");
        });
    }
}

#[test]
fn p04_a_redemption_that_is_aborted_gives_no_try_back() {
    both_ways(|plan: Plan| {
        let setting = plan.build();
        let link = setting.link(a_link());
        for number in 1..=3 {
            let refusal = setting.redeem("main", &unknown_pass(number), &from_somewhere());
            assert_eq!(refusal.unwrap_err().code, "link-not-valid");
            setting.faults.plan(0, Fault::Fails, Counting::Writes);
            let elsewhere = Origin {
                address: Some("198.51.100.1".to_owned()),
                agent: None,
            };
            let aborted = setting.redeem("main", &link.pass, &elsewhere);
            assert_eq!(aborted.unwrap_err().code, "store-unavailable");
        }
        assert_eq!(setting.try_enter(&link).unwrap_err().code, "locked-out");
    });
}

#[test]
fn p04_what_a_lock_refuses_does_not_prolong_it() {
    both_ways(|plan: Plan| {
        let setting = plan.build();
        for number in 1..=3 {
            let _refusal = setting.redeem("main", &unknown_pass(number), &from_somewhere());
        }
        let locked = setting.dump();
        for number in 4..=50 {
            let refusal = setting.redeem("main", &unknown_pass(number), &from_somewhere());
            assert_eq!(refusal.unwrap_err().code, "locked-out");
        }
        assert_eq!(setting.dump(), locked, "nothing is written for them either");
    });
}

#[test]
fn p04_a_count_that_cannot_be_written_opens_nothing() {
    both_ways(|plan: Plan| {
        let setting = plan.build();
        setting.faults.plan(0, Fault::Fails, Counting::Writes);
        let refusal = setting.redeem("main", &unknown_pass(1), &from_somewhere());
        assert_eq!(refusal.unwrap_err().code, "link-not-valid");
    });
}

#[test]
fn p04_existing_and_unknown_grants_are_counted_alike() {
    both_ways(|plan: Plan| {
        let setting = plan.build();
        let link = setting.link(a_link());
        let codes = |pass: &dyn Fn(u16) -> String, net: u8| -> Vec<String> {
            (0..21)
                .map(|number| {
                    let origin = Origin {
                        address: Some(format!("198.51.{net}.{number}")),
                        agent: None,
                    };
                    let refusal = setting.redeem("main", &pass(number), &origin);
                    refusal.unwrap_err().code
                })
                .collect()
        };
        let known = codes(&|number| wrong_pass_for(link.id(), number), 1);
        let unknown = codes(
            &|number| wrong_pass_for("AAAAAAAAAAAAAAAAAAAAAA", number),
            2,
        );
        assert_eq!(known, unknown);
        assert_eq!(known.last().map(String::as_str), Some("locked-out"));
    });
}
