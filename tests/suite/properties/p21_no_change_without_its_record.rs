//! Property 21: a change commits if and only if its history record does, whatever fails at whichever write.

use guestpass::{Accepted, Extension, Scope, Settings};
use guestpass_tests::faults::{Counting, Fault};
use guestpass_tests::{
    DAY, Entered, HOUR, Link, MINUTE, Plan, Setting, Way, a_link, a_password, an_invitation,
    both_ways, from_somewhere, owner,
};

/// A site on which anything may be done next.
struct Scene {
    setting: Setting,
    /// Not used yet.
    fresh: Link,
    /// Used, by this session.
    used: Link,
    entered: Entered,
    suspended: Link,
    /// With a password that nobody used yet.
    password: Link,
    /// Its first use broke off half-way, long ago.
    half_made: Link,
    /// Over, and nobody saw it.
    over: Link,
    over_entered: Entered,
    /// Of Sue, who is there; of Bea, who is not; and one that Ed accepted, with a session.
    invitation: Link,
    for_bea: Link,
    joined: Accepted,
    acting: String,
}

fn scene(way: Way) -> Scene {
    let setting = Setting::plan().asked(way).build();
    let over = setting.link(a_link().for_("over@support.example").lasting("PT1H"));
    let over_entered = setting.enter(&over);
    let half_made = setting.link(a_link().for_("half@support.example"));
    setting.faults.plan(2, Fault::DiesBefore, Counting::Writes);
    setting.try_enter(&half_made).unwrap_err();
    assert!(setting.faults.recover());
    setting.clock.forward(2 * HOUR);
    let fresh = setting.link(
        a_link()
            .for_("fresh@support.example")
            .lasting_from_first_use("P2D"),
    );
    let used = setting.link(a_link().for_("used@support.example"));
    let entered = setting.enter(&used);
    let suspended = setting.link(a_link().for_("suspended@support.example"));
    setting.suspend(&owner(), suspended.id()).unwrap();
    let invitation = setting.link(an_invitation());
    let for_bea = setting.link(an_invitation().for_("bea@new.example"));
    let for_ed = setting.link(an_invitation().for_("ed@main.example"));
    let joined = setting.join(&for_ed, "ed");
    let acting = setting.act(&joined).session;
    let password = setting.link(a_password().for_("password@support.example"));
    let waiting: Vec<String> = setting
        .drain("main", 1000)
        .unwrap()
        .into_iter()
        .map(|line| line.id)
        .collect();
    setting.acknowledge("main", &waiting).unwrap();
    Scene {
        setting,
        fresh,
        used,
        entered,
        suspended,
        password,
        half_made,
        over,
        over_entered,
        invitation,
        for_bea,
        joined,
        acting,
    }
}

/// Does it; the word of the refusal if it is refused.
type Operation = fn(&Scene) -> Result<(), String>;

fn code<T>(answer: Result<T, guestpass::Refusal>) -> Result<(), String> {
    answer.map(drop).map_err(|refusal| refusal.code)
}

const OPERATIONS: [(&str, Operation); 26] = [
    ("create", |s| {
        code(s.setting.try_link(a_link().for_("new@support.example")))
    }),
    ("create with a password", |s| {
        code(s.setting.try_link(a_password().for_("new@support.example")))
    }),
    ("sign in", |s| code(s.setting.try_password(&s.password))),
    ("reissue a password", |s| {
        code(s.setting.reissue(&owner(), s.password.id()))
    }),
    ("redeem for the first time", |s| {
        code(s.setting.try_enter(&s.fresh))
    }),
    ("redeem again", |s| code(s.setting.try_enter(&s.used))),
    ("redeem what a crash left", |s| {
        code(s.setting.try_enter(&s.half_made))
    }),
    ("redeem what is over", |s| {
        code(s.setting.try_enter(&s.over))
    }),
    ("see the end", |s| {
        code(s.setting.resolve("main", &s.over_entered.session))
    }),
    ("sign out", |s| {
        code(s.setting.sign_out("main", &s.entered.session))
    }),
    ("extend", |s| {
        code(
            s.setting
                .extend(&owner(), s.used.id(), &Extension::By("P1D".into())),
        )
    }),
    ("suspend", |s| {
        code(s.setting.suspend(&owner(), s.used.id()))
    }),
    ("resume", |s| {
        code(s.setting.resume(&owner(), s.suspended.id()))
    }),
    ("revoke", |s| code(s.setting.revoke(&owner(), s.used.id()))),
    ("revoke half-made", |s| {
        code(s.setting.revoke(&owner(), s.half_made.id()))
    }),
    ("reissue", |s| {
        code(s.setting.reissue(&owner(), s.used.id()))
    }),
    ("invite", |s| {
        code(s.setting.try_link(an_invitation().for_("x@new.example")))
    }),
    ("accept as somebody who is there", |s| {
        code(s.setting.try_join(&s.invitation, "sue"))
    }),
    ("accept as somebody new", |s| {
        code(s.setting.try_join_anew(&s.for_bea))
    }),
    ("decline", |s| {
        code(
            s.setting
                .decline("main", &s.invitation.pass, &from_somewhere()),
        )
    }),
    ("switch", |s| {
        code(s.setting.try_switch("ed", &s.joined.grant, Some(&s.acting)))
    }),
    ("come back", |s| {
        code(s.setting.return_to_own("main", &s.acting))
    }),
    ("change the scope", |s| {
        let scope = Scope::role("author");
        code(s.setting.change_scope(&owner(), s.used.id(), &scope, &[]))
    }),
    ("set the policy", |s| {
        code(s.setting.set_policy(
            &owner(),
            &Settings {
                ceiling: None,
                longest_window: "P20D".into(),
                ..guestpass_tests::beginning()
            },
        ))
    }),
    ("sweep", |s| code(s.setting.sweep("main", 100))),
    ("be refused by the host", |s| {
        s.setting.people.reject_new_users("main", Some("Full."));
        let answer = code(s.setting.try_enter(&s.fresh));
        s.setting.people.reject_new_users("main", None);
        answer
    }),
];

type Dump = Vec<(Vec<u8>, Vec<u8>)>;

/// Everything stored but the log of history, and how many records there are. Each of them is in the log or waits for it.
fn state(setting: &Setting) -> (Dump, usize) {
    let (log, dump): (Dump, Dump) = setting
        .dump()
        .into_iter()
        .partition(|(key, _)| matches!(key[5], b'f' | b'l' | b'n'));
    let records = dump.iter().filter(|(key, _)| key[5] == b'h').count();
    let known = log.iter().filter(|(key, _)| key[5] != b'l').count();
    assert_eq!(known, records, "records that the log knows or will know");
    (dump, records)
}

/// Each record that is new since `before` waits to be delivered, and nothing else does.
fn is_to_be_delivered(setting: &Setting, before: usize, what: &str) {
    let (dump, records) = state(setting);
    let waiting = dump.iter().filter(|(key, _)| key[5] == b'o').count();
    assert_eq!(
        waiting,
        records - before,
        "{what}: what is to be delivered is what happened"
    );
    assert_eq!(
        setting.drain("main", 1000).unwrap().len(),
        waiting,
        "{what}"
    );
}

#[test]
fn p21_at_every_write_of_every_operation() {
    both_ways(|plan: Plan| {
        let way = plan.way();
        for (name, operation) in OPERATIONS {
            let healthy = scene(way);
            let expected = operation(&healthy);
            let (_, before) = state(&scene(way).setting);
            let told = state(&healthy.setting).1 - before;
            assert!(told > 0, "{name} is told in history");
            for fault in [
                Fault::Fails,
                Fault::DiesBefore,
                Fault::DiesAfter,
                Fault::Conflicts,
            ] {
                let mut struck = 0;
                for n in 0.. {
                    let what = format!("{way:?}: {name}, {fault:?} at write {n}");
                    let scene = scene(way);
                    let setting = &scene.setting;
                    let (dump, records) = state(setting);
                    setting.faults.plan(n, fault, Counting::Writes);
                    let answer = operation(&scene);
                    if !setting.faults.recover() {
                        assert_eq!(answer, expected, "{what}: nothing went wrong");
                        break;
                    }
                    struck += 1;
                    let (dump_after, records_after) = state(setting);
                    if records_after == records {
                        assert!(
                            dump_after == dump,
                            "{what}: no record, so nothing may have changed"
                        );
                        assert!(
                            answer != Ok(()) || name == "sweep",
                            "{what}: nothing happened, and it was called done"
                        );
                    }
                    // Every change that is there fits its record, and every record its change.
                    assert_eq!(setting.faults_in_history(), [""; 0], "{what}");
                    is_to_be_delivered(setting, records, &what);
                    comes_right(&scene, operation, &expected, &what);
                }
                assert!(struck > 0, "{name} writes");
            }
        }
    });
}

/// After the trouble is over the same thing can be asked again, and nobody is left without a grant or a grant without order.
fn comes_right(scene: &Scene, operation: Operation, expected: &Result<(), String>, what: &str) {
    let setting = &scene.setting;
    // What a broken try left is cleared up after five minutes at most.
    setting.clock.forward(6 * MINUTE);
    let again = match operation(scene) {
        // A user of whom nobody knows whether it was deleted. The sweep finds out.
        Err(code) if code == "contended" => {
            setting.sweep("main", 100).unwrap();
            operation(scene)
        }
        answer => answer,
    };
    let done_before = [
        "already-suspended",
        "not-suspended",
        "grant-ended",
        "guest-has-access",
        "session-unknown",
        "already-accepted",
    ];
    let fits = again == *expected
        || again
            .as_ref()
            .is_err_and(|code| done_before.contains(&code.as_str()));
    assert!(fits, "{what}: asked again: {again:?}");
    setting.clock.forward(DAY / 2);
    for _ in 0..3 {
        setting.sweep("main", 100).unwrap();
    }
    let held: Vec<String> = setting
        .list(&owner(), &guestpass::Filter::everything(), None, 100)
        .unwrap()
        .grants
        .into_iter()
        .filter_map(|grant| grant.user)
        .collect();
    for guest in setting.people.guests("main") {
        assert!(held.contains(&guest), "{what}: {guest} is nobody's guest");
    }
    assert_eq!(
        setting.faults_in_history(),
        [""; 0],
        "{what}, and then again"
    );
}
