//! Property 15: revoking, suspending and expiring bind at the very next check, in every instance, thread and process.

use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};

use guestpass_tests::{DAY, Kept, Plan, Setting, a_link, both_ways, owner};

/// Ends the grant of this id, one way or another.
type Ending = fn(&Setting, &str);

#[test]
fn p15_the_very_next_check_is_refused_everywhere() {
    both_ways(|plan: Plan| {
        let here = plan.on_sqlite().build();
        let there = here.beside();
        let endings: [(&str, Ending); 4] = [
            ("grant-suspended", |setting, id| {
                drop(setting.suspend(&owner(), id).unwrap())
            }),
            ("grant-ended", |setting, id| {
                drop(setting.revoke(&owner(), id).unwrap())
            }),
            ("session-superseded", |setting, id| {
                drop(setting.reissue(&owner(), id).unwrap())
            }),
            ("grant-ended", |setting, _| setting.clock.forward(7 * DAY)),
        ];
        for (number, (code, end)) in endings.into_iter().enumerate() {
            let link = here.link(a_link().for_(&format!("g{number}@support.example")));
            let sessions = [
                here.enter(&link).session,
                there.enter(&link).session,
                here.enter(&link).session,
            ];
            for session in &sessions {
                assert_eq!(
                    (here.why_not(session), there.why_not(session)),
                    (None, None)
                );
            }
            end(&here, link.id());
            for session in &sessions {
                assert_eq!(
                    there.why_not(session).as_deref(),
                    Some(code),
                    "in the other process"
                );
                assert_eq!(here.why_not(session).as_deref(), Some(code), "in this one");
                assert_eq!(there.check("main", session, "read").unwrap_err().code, code);
            }
        }
    });
}

/// Threads that ask without pause; whatever they began to ask after the ending was answered must be refused.
fn linearizable(kept: Kept, end: Ending) {
    const READERS: usize = 4;
    let setting = Setting::plan().kept(kept).build();
    let other = setting.beside();
    for round in 0..5 {
        let link = setting.link(
            a_link()
                .for_(&format!("g{round}@support.example"))
                .lasting("P1D"),
        );
        let entered = setting.enter(&link);
        let (over, done) = (AtomicBool::new(false), AtomicBool::new(false));
        let (allowed, refused) = (AtomicU32::new(0), AtomicU32::new(0));
        std::thread::scope(|scope| {
            for reader in 0..READERS {
                let process = if reader % 2 == 0 { &setting } else { &other };
                let (over, done, allowed, refused, session) =
                    (&over, &done, &allowed, &refused, &entered.session);
                scope.spawn(move || {
                    let mut asked_after = 0;
                    while asked_after < 20 {
                        let after = over.load(Ordering::SeqCst);
                        let may = process.check("main", session, "edit_posts");
                        match may {
                            Ok(may) => {
                                assert!(may && !after, "asked after it was over, and still let in");
                                allowed.fetch_add(1, Ordering::SeqCst);
                            }
                            Err(_) => {
                                refused.fetch_add(1, Ordering::SeqCst);
                            }
                        }
                        asked_after += u32::from(after);
                    }
                    done.store(true, Ordering::SeqCst);
                });
            }
            // Only when every reader is at it.
            while allowed.load(Ordering::SeqCst) < 40 && !done.load(Ordering::SeqCst) {
                std::thread::yield_now();
            }
            end(&setting, link.id());
            over.store(true, Ordering::SeqCst);
        });
        assert!(refused.load(Ordering::SeqCst) >= 20 * READERS as u32);
    }
}

#[test]
fn p15_no_check_that_begins_after_a_revocation_lets_anybody_in() {
    linearizable(Kept::InMemory, |setting, id| {
        drop(setting.revoke(&owner(), id).unwrap())
    });
    linearizable(Kept::InSqlite, |setting, id| {
        drop(setting.revoke(&owner(), id).unwrap())
    });
}

#[test]
fn p15_no_check_that_begins_after_a_suspension_lets_anybody_in() {
    linearizable(Kept::InSqlite, |setting, id| {
        drop(setting.suspend(&owner(), id).unwrap())
    });
}

#[test]
fn p15_no_check_that_begins_after_the_end_lets_anybody_in() {
    linearizable(Kept::InSqlite, |setting, _| setting.clock.forward(DAY));
}

#[test]
fn p15_no_redemption_that_begins_after_a_revocation_lets_anybody_in() {
    let setting = Setting::plan().on_sqlite().build();
    let link = setting.link(a_link());
    let over = AtomicBool::new(false);
    let inside = AtomicU32::new(0);
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                let mut asked_after = 0;
                while asked_after < 10 {
                    let after = over.load(Ordering::SeqCst);
                    if let Ok(entered) = setting.try_enter(&link) {
                        assert!(!after, "redeemed after it was revoked");
                        inside.fetch_add(1, Ordering::SeqCst);
                        drop(entered);
                    }
                    asked_after += u32::from(after);
                }
            });
        }
        while inside.load(Ordering::SeqCst) < 10 {
            std::thread::yield_now();
        }
        setting.revoke(&owner(), link.id()).unwrap();
        over.store(true, Ordering::SeqCst);
    });
    let sessions = setting
        .whole_history(link.id())
        .into_iter()
        .filter(|line| line.action == "redeemed")
        .count();
    assert_eq!(sessions as u32, inside.load(Ordering::SeqCst));
    assert_eq!(setting.faults_in_history(), [""; 0]);
}
