//! Who tries links that open nothing is stopped, and the owner can see and lift it.

use guestpass::{Origin, Refusal, RefusalKind};
use guestpass_tests::strangers::{unknown_pass, wrong_pass_for};
use guestpass_tests::{MINUTE, Plan, Setting, a_link, both_ways, from_somewhere, owner, user};

fn from(address: &str) -> Origin {
    Origin {
        address: Some(address.to_owned()),
        agent: None,
    }
}

fn try_pass(setting: &Setting, pass: &str, origin: &Origin) -> Refusal {
    setting.redeem("main", pass, origin).unwrap_err()
}

/// Three links of nobody's, tried from there.
fn lock_out(setting: &Setting, origin: &Origin) {
    for number in 1..=3 {
        let refusal = try_pass(setting, &unknown_pass(number), origin);
        assert_eq!(refusal.code, "link-not-valid", "{refusal:?}");
    }
}

#[test]
fn three_links_that_open_nothing_lock_an_address_out_for_twenty_minutes() {
    both_ways(|plan: Plan| {
        let setting = plan.build();
        let link = setting.link(a_link());
        lock_out(&setting, &from_somewhere());
        let refusal = setting.try_enter(&link).unwrap_err();
        assert_eq!(refusal.code, "locked-out");
        assert_eq!(refusal.kind, RefusalKind::Throttled);
        let elsewhere = setting.redeem("main", &link.pass, &from("198.51.100.1"));
        assert!(elsewhere.is_ok(), "nobody else is concerned");
        setting.clock.forward(20 * MINUTE - 1);
        assert_eq!(setting.try_enter(&link).unwrap_err().code, "locked-out");
        setting.clock.forward(1);
        let _entered = setting.enter(&link);
        assert_eq!(setting.faults_in_history(), [""; 0]);
    });
}

#[test]
fn the_same_wrong_link_and_garbage_do_not_lock() {
    both_ways(|plan: Plan| {
        let setting = plan.build();
        let link = setting.link(a_link());
        for _ in 0..10 {
            try_pass(&setting, &unknown_pass(1), &from_somewhere());
            try_pass(&setting, "gp1_nothing", &from_somewhere());
        }
        let _entered = setting.enter(&link);
    });
}

#[test]
fn one_secret_tried_at_three_grants_is_three_links() {
    both_ways(|plan: Plan| {
        let setting = plan.build();
        let link = setting.link(a_link());
        for email in [
            "a@support.example",
            "b@support.example",
            "c@support.example",
        ] {
            let other = setting.link(a_link().for_(email));
            let refusal = try_pass(&setting, &wrong_pass_for(other.id(), 7), &from_somewhere());
            assert_eq!(refusal.code, "link-not-valid");
        }
        assert_eq!(setting.try_enter(&link).unwrap_err().code, "locked-out");
    });
}

#[test]
fn what_only_counts_so_far_is_lifted_too() {
    both_ways(|plan: Plan| {
        let setting = plan.build();
        try_pass(&setting, &unknown_pass(1), &from_somewhere());
        setting.lift_lockout(&owner(), "site").unwrap();
        let left = setting.lockouts(&owner(), None, 100).unwrap().lockouts;
        assert!(left.iter().all(|lockout| lockout.id != "site"), "{left:?}");
    });
}

#[test]
fn what_no_longer_counts_is_not_there_to_be_lifted() {
    both_ways(|plan: Plan| {
        let setting = plan.build();
        try_pass(&setting, &unknown_pass(1), &from_somewhere());
        setting.clock.forward(10 * MINUTE);
        assert_eq!(setting.lockouts(&owner(), None, 100).unwrap().lockouts, []);
        let refusal = setting.lift_lockout(&owner(), "site").unwrap_err();
        assert_eq!(refusal.code, "unknown-lockout");
    });
}

#[test]
fn an_ipv6_client_is_one_however_many_addresses_it_has() {
    both_ways(|plan: Plan| {
        let setting = plan.build();
        for number in 1..=3 {
            let origin = from(&format!("2001:db8::{number}"));
            assert_eq!(
                try_pass(&setting, &unknown_pass(number), &origin).code,
                "link-not-valid"
            );
        }
        let refusal = try_pass(&setting, &unknown_pass(4), &from("2001:db8::ffff"));
        assert_eq!(refusal.code, "locked-out");
        let refusal = try_pass(&setting, &unknown_pass(4), &from("2001:db8:0:1::1"));
        assert_eq!(refusal.code, "link-not-valid");
    });
}

#[test]
fn wrong_secrets_for_one_grant_lock_it_wherever_they_come_from_and_running_sessions_go_on() {
    both_ways(|plan: Plan| {
        let setting = plan.build();
        let link = setting.link(a_link());
        let entered = setting.enter(&link);
        for number in 0..20 {
            let origin = from(&format!("198.51.100.{number}"));
            let pass = wrong_pass_for(link.id(), number);
            assert_eq!(try_pass(&setting, &pass, &origin).code, "link-not-valid");
        }
        assert_eq!(setting.try_enter(&link).unwrap_err().code, "locked-out");
        let refusal = setting.inspect("main", &link.pass).unwrap_err();
        assert_eq!(refusal.code, "locked-out");
        assert!(setting.resolve("main", &entered.session).is_ok());
        let other = setting.link(a_link().for_("b@support.example"));
        let _entered = setting.enter(&other);
    });
}

#[test]
fn the_whole_site_is_locked_for_five_minutes_when_everybody_tries() {
    both_ways(|plan: Plan| {
        let setting = plan.build();
        let link = setting.link(a_link());
        for number in 0..300 {
            assert!(setting.inspect("main", &link.pass).is_ok(), "{number}");
            let origin = from(&format!("10.0.0.{}", number / 2));
            let refusal = try_pass(&setting, &unknown_pass(number), &origin);
            assert_eq!(refusal.code, "link-not-valid", "{number}");
        }
        assert_eq!(setting.try_enter(&link).unwrap_err().code, "locked-out");
        setting.clock.forward(5 * MINUTE);
        let _entered = setting.enter(&link);
    });
}

#[test]
fn the_owner_sees_it_and_lifts_it_and_both_stand_in_history() {
    both_ways(|plan: Plan| {
        let setting = plan.build();
        let link = setting.link(a_link());
        lock_out(&setting, &from_somewhere());
        let until = setting.clock.shows() + 20 * MINUTE;
        let id = "address:203.0.113.7";
        let seen = |id: &str| {
            let page = setting.lockouts(&owner(), None, 100).unwrap();
            page.lockouts.into_iter().find(|lockout| lockout.id == id)
        };
        let locked = seen(id).unwrap();
        assert_eq!((locked.tries, locked.until), (0, Some(until)));
        assert_eq!(seen("site").unwrap().tries, 3);
        for who in [user("ed"), user("sue")] {
            assert!(setting.lockouts(&who, None, 100).is_err());
            assert!(setting.lift_lockout(&who, id).is_err());
        }
        setting.lift_lockout(&owner(), id).unwrap();
        let _entered = setting.enter(&link);
        assert_eq!(seen(id), None);
        let again = setting.lift_lockout(&owner(), id).unwrap_err();
        assert_eq!(again.code, "unknown-lockout");
        let told: Vec<_> = setting
            .drain("main", 100)
            .unwrap()
            .into_iter()
            .filter(|happening| happening.grant.is_none())
            .map(|happening| (happening.action, happening.actor))
            .collect();
        assert_eq!(
            told,
            [
                ("locked-out".to_owned(), None),
                ("lock-lifted".to_owned(), Some("olga".to_owned()))
            ]
        );
        assert_eq!(setting.faults_in_history(), [""; 0]);
    });
}

#[test]
fn pages_of_locks_follow_one_another() {
    let setting = Setting::new();
    for number in 1..=3 {
        try_pass(&setting, &unknown_pass(number), &from("198.51.100.9"));
    }
    let mut ids = Vec::new();
    let mut start = None;
    loop {
        let page = setting.lockouts(&owner(), start.as_deref(), 1).unwrap();
        ids.extend(page.lockouts.into_iter().map(|lockout| lockout.id));
        start = page.next;
        if start.is_none() {
            break;
        }
    }
    let all = setting.lockouts(&owner(), None, 100).unwrap().lockouts;
    let all: Vec<_> = all.into_iter().map(|lockout| lockout.id).collect();
    assert_eq!(ids, all);
    assert_eq!(ids.len(), 5, "an address, three grants and the site");
}

#[test]
fn a_page_of_tries_that_no_longer_count_is_not_the_last() {
    both_ways(|plan: Plan| {
        let setting = plan.build();
        for number in [1, 2] {
            try_pass(&setting, &unknown_pass(number), &from("198.51.100.9"));
        }
        setting.clock.forward(10 * MINUTE);
        try_pass(&setting, &unknown_pass(3), &from("198.51.100.8"));
        let mut ids = Vec::new();
        let mut start = None;
        loop {
            let page = setting.lockouts(&owner(), start.as_deref(), 1).unwrap();
            ids.extend(page.lockouts.into_iter().map(|lockout| lockout.id));
            start = page.next;
            if start.is_none() {
                break;
            }
        }
        assert_eq!(ids.len(), 3, "an address, a grant and the site: {ids:?}");
    });
}

#[test]
fn the_sweep_leaves_nothing_of_tries_that_no_longer_count() {
    both_ways(|plan: Plan| {
        let setting = plan.build();
        let before = setting.dump();
        for number in 1..=3 {
            let origin = from(&format!("198.51.100.{number}"));
            try_pass(&setting, &unknown_pass(number), &origin);
        }
        assert_ne!(setting.dump(), before);
        setting.clock.forward(10 * MINUTE - 1);
        setting.sweep("main", 100).unwrap();
        assert_ne!(setting.dump(), before, "they still count");
        setting.clock.forward(1);
        // A page at a time, until nothing more is due.
        while setting.sweep("main", 2).unwrap().more {}
        assert_eq!(setting.dump(), before);
    });
}
