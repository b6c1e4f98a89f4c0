//! Property 1: looking at a link changes nothing, however often and by whomever. (Over HTTP, with GET, HEAD and OPTIONS:
//! `binary/scanner.rs`.)

use guestpass_tests::{DAY, Plan, Setting, a_link, an_invitation, both_ways, owner};

#[test]
fn p01_a_mail_scanner_may_look_a_hundred_times_and_the_person_still_comes_in() {
    both_ways(|plan: Plan| {
        let setting = plan.on_sqlite().build();
        let link = setting.link(a_link().uses(1).lasting_from_first_use("PT1H"));
        let ended = setting.link(a_link().for_("kim@support.example"));
        setting.revoke(&owner(), ended.id()).unwrap();
        let invitation = setting.link(an_invitation());
        let (before, raw, users) = (
            setting.dump(),
            every_row(&setting),
            setting.people.ids("main"),
        );
        for round in 0..100 {
            assert_eq!(
                setting.inspect("main", &link.pass).unwrap().uses_left,
                Some(1)
            );
            setting.inspect("main", &ended.pass).unwrap_err();
            setting
                .inspect_invitation("main", &invitation.pass)
                .unwrap();
            setting
                .inspect("main", &link.pass[..round.min(76)])
                .unwrap_err();
            setting.clock.forward(1);
        }
        assert_eq!(setting.dump(), before);
        assert_eq!(every_row(&setting), raw, "not even a version moved");
        assert_eq!(setting.people.ids("main"), users);
        let _accepted = setting.join(&invitation, "sue");
        let entered = setting.enter(&link);
        assert_eq!(
            entered.ends,
            Some(setting.clock.shows() + 3_600_000),
            "no look started its time"
        );
    });
}

#[test]
fn p01_reading_by_those_who_may_changes_nothing_either() {
    let setting = Setting::plan().on_sqlite().build();
    let link = setting.link(a_link());
    let entered = setting.enter(&link);
    // New history goes into the log, which is a change; there is none after that.
    setting.sweep("main", 10).unwrap();
    let raw = every_row(&setting);
    for _ in 0..20 {
        setting.get(&owner(), link.id()).unwrap();
        setting
            .list(&owner(), &guestpass::Filter::everything(), None, 10)
            .unwrap();
        setting.explain(&owner(), link.id(), "read").unwrap();
        setting.resolve("main", &entered.session).unwrap();
        setting.check("main", &entered.session, "read").unwrap();
        setting.policy("main").unwrap();
        setting.history(&owner(), link.id(), 0, 10).unwrap();
        setting.verify("main", None, 10).unwrap();
        let kept = setting.checkpoint("main").unwrap().text;
        setting.log("main", 0, 10).unwrap();
        let id = format!("{}.0", link.id());
        setting.prove_inclusion("main", &id, &kept).unwrap();
        setting.prove_consistency("main", &kept, &kept).unwrap();
        setting.memberships("main", "sue", None, 10).unwrap();
        setting.next_due("main").unwrap();
        setting.drain("main", 10).unwrap();
        setting.sweep("main", 10).unwrap();
    }
    assert_eq!(every_row(&setting), raw);
    // Not even when it is over: looking does not record the end.
    setting.clock.forward(8 * DAY);
    setting.inspect("main", &link.pass).unwrap_err();
    assert_eq!(setting.get(&owner(), link.id()).unwrap().state, "ended");
    assert_eq!(every_row(&setting), raw);
}

/// Every row of every table of the file, read past the store.
fn every_row(setting: &Setting) -> Vec<String> {
    let file = rusqlite::Connection::open(setting.file()).unwrap();
    let mut rows = Vec::new();
    for (table, columns) in [
        ("guestpass_entry", "hex(key), hex(value), version"),
        ("guestpass_meta", "name, value, ''"),
    ] {
        let mut query = file
            .prepare(&format!("SELECT {columns} FROM {table} ORDER BY 1"))
            .unwrap();
        let found = query
            .query_map([], |row| {
                let cell = |index| {
                    row.get::<_, rusqlite::types::Value>(index)
                        .map(|value| format!("{value:?}"))
                };
                Ok([cell(0)?, cell(1)?, cell(2)?].join(" | "))
            })
            .unwrap();
        rows.extend(found.map(|row| row.unwrap()));
    }
    rows
}
