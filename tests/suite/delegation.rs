//! What was handed out, changed while it runs and taken back at once.

use guestpass::ports::{HookFailure, Put, Widening};
use guestpass::{Filter, FreshBackup, Refusal, Scope, Settings};
use guestpass_core::grant::id::GrantId;
use guestpass_tests::{
    DAY, HOUR, Link, Plan, Setting, a_link, an_invitation, beginning, both_ways, owner, user,
};

fn code<T>(answer: Result<T, Refusal>) -> String {
    answer
        .err()
        .map_or_else(String::new, |refusal| refusal.code)
}

fn change(setting: &Setting, id: &str, scope: &Scope) -> Result<guestpass::Grant, Refusal> {
    setting.change_scope(&owner(), id, scope, &[])
}

#[test]
fn another_scope_binds_at_the_next_check_and_keeps_the_session() {
    both_ways(|plan: Plan| {
        let setting = plan.build();
        for (number, session) in [link(&setting), invitation(&setting)].iter().enumerate() {
            let id = setting.resolve("main", session).unwrap().grant;
            assert!(setting.check("main", session, "edit_posts").unwrap());
            change(&setting, &id, &Scope::chosen(["read"])).unwrap();
            assert_eq!(setting.allowed(session), ["read"], "{number}");
            change(&setting, &id, &Scope::role("author")).unwrap();
            assert!(setting.check("main", session, "publish_posts").unwrap());
            let told = setting.whole_history(&id);
            let changes: Vec<_> = told
                .iter()
                .filter(|line| line.action == "scope-changed")
                .collect();
            assert_eq!(changes.len(), 2);
            assert_eq!(changes[0].details, [("permissions".into(), "read".into())]);
            assert_eq!(changes[0].actor.as_deref(), Some("olga"));
            setting.suspend(&owner(), &id).unwrap();
            change(&setting, &id, &Scope::chosen(["read"])).unwrap();
            setting.revoke(&owner(), &id).unwrap();
            assert_eq!(
                code(change(&setting, &id, &Scope::role("author"))),
                "grant-ended"
            );
        }
        assert_eq!(setting.faults_in_history(), [""; 0]);
    });
}

fn link(setting: &Setting) -> String {
    setting
        .enter(&setting.link(a_link().role("editor")))
        .session
}

fn invitation(setting: &Setting) -> String {
    let accepted = setting.join(&setting.link(an_invitation()), "sue");
    setting.act(&accepted).session
}

#[test]
fn another_scope_is_held_to_what_a_new_grant_would_be() {
    both_ways(|plan: Plan| {
        let setting = plan.build();
        let eds = setting
            .create(&user("ed"), &an_invitation().draft())
            .unwrap();
        let _accepted = setting.join(&eds, "sue");
        for (scope, expected) in [
            (Scope::role("pilot"), "unknown-role"),
            (Scope::chosen(["fly"]), "unknown-permission"),
            (Scope::chosen(["create_users"]), "permission-reserved"),
            // Olga holds it; Ed, whose power it would be, does not.
            (Scope::chosen(["update_core"]), "beyond-own-power"),
            (Scope::chosen([""; 0]), "empty-scope"),
        ] {
            assert_eq!(code(change(&setting, eds.id(), &scope)), expected);
        }
        assert_eq!(
            code(setting.change_scope(&user("ed"), eds.id(), &Scope::all(), &["x".into()])),
            "unknown-override"
        );
        let olgas = setting.link(a_link());
        assert_eq!(
            code(setting.change_scope(&user("ed"), olgas.id(), &Scope::role("author"), &[])),
            "unknown-grant"
        );
        let ceiling = Settings {
            ceiling: Some(vec!["read".to_owned(), "edit_posts".to_owned()]),
            roles: Some(vec!["author".to_owned()]),
            ..beginning()
        };
        setting.set_policy(&owner(), &ceiling).unwrap();
        assert_eq!(
            code(change(
                &setting,
                eds.id(),
                &Scope::chosen(["publish_posts"])
            )),
            "beyond-ceiling"
        );
        assert_eq!(
            code(change(&setting, eds.id(), &Scope::role("editor"))),
            "role-not-allowed"
        );
        change(&setting, eds.id(), &Scope::role("author")).unwrap();
    });
}

#[test]
fn extensions_review_another_scope_and_it_never_gives_more_than_they_leave() {
    both_ways(|plan: Plan| {
        let setting = plan.build();
        let session = invitation(&setting);
        let id = setting.resolve("main", &session).unwrap().grant;
        setting.hooks.say(|script| {
            let review = script.review_grant.as_mut().unwrap();
            review.except = vec!["publish_posts".to_owned()];
        });
        let until = setting.clock.shows() + DAY;
        setting.hooks.say(|script| {
            script.review_grant.as_mut().unwrap().ends_by = Some(until);
        });
        let changed = change(&setting, &id, &Scope::role("author")).unwrap();
        assert_eq!(changed.scope.except, ["publish_posts"]);
        assert_eq!(
            (changed.ends, changed.ends_bound_by.as_str()),
            (Some(until), "plugin")
        );
        assert!(!setting.check("main", &session, "publish_posts").unwrap());
        setting.hooks.say(|script| {
            script.review_grant.as_mut().unwrap().veto = Some("Not on a Sunday.".into());
        });
        assert_eq!(
            code(change(&setting, &id, &Scope::role("author"))),
            "vetoed"
        );
    });
}

#[test]
fn an_extension_that_would_widen_another_scope_is_named_in_history_and_nothing_changes() {
    both_ways(|plan: Plan| {
        let setting = plan.build();
        let session = invitation(&setting);
        let id = setting.resolve("main", &session).unwrap().grant;
        let before = setting.resolve("main", &session).unwrap().permissions;
        setting.hooks.say(|script| {
            script.review_grant = Err(HookFailure {
                why: "the plugin `x` failed".into(),
                widening: Some(Widening {
                    extension: "x".into(),
                    tried: format!("{}\n`", "much ".repeat(100)),
                }),
            });
        });
        assert_eq!(
            code(change(&setting, &id, &Scope::role("author"))),
            "hook-failed"
        );
        assert_eq!(
            setting.resolve("main", &session).unwrap().permissions,
            before
        );
        let told = setting.drain("main", 100).unwrap();
        let widening: Vec<_> = told
            .iter()
            .filter(|happening| happening.action == "widening-refused")
            .collect();
        assert_eq!(widening.len(), 1);
        assert_eq!((&widening[0].grant, &widening[0].actor), (&None, &None));
        let tried = &widening[0].details[1].1;
        assert!(
            tried.starts_with("much much") && tried.len() < 310,
            "{tried}"
        );
        assert_eq!(setting.faults_in_history(), [""; 0]);
    });
}

#[test]
fn an_extension_leads_a_guest_only_to_where_an_owner_could() {
    both_ways(|plan: Plan| {
        let setting = plan.build();
        let lead = |path: &str| {
            setting.hooks.say(|script| {
                script.review_grant.as_mut().unwrap().redirect = Some(path.into());
            });
        };
        lead("//evil.example");
        assert_eq!(code(setting.try_link(a_link())), "hook-failed");
        lead("/welcome");
        let issued = setting.link(a_link().leading_to("/posts"));
        assert_eq!(issued.grant.redirect.as_deref(), Some("/welcome"));
    });
}

#[test]
fn power_that_is_gained_needs_the_fresh_backup_that_a_new_grant_would_need() {
    both_ways(|plan: Plan| {
        let setting = plan.build();
        let small = setting.link(a_link().role("author"));
        let settings = Settings {
            fresh_backup: Some(FreshBackup {
                max_age: "P1D".to_owned(),
                permissions: vec!["update_core".to_owned()],
            }),
            ..beginning()
        };
        setting.set_policy(&owner(), &settings).unwrap();
        let administrator = Scope::role("administrator");
        assert_eq!(
            code(change(&setting, small.id(), &administrator)),
            "backup-too-old"
        );
        setting
            .change_scope(
                &owner(),
                small.id(),
                &administrator,
                &["without-backup".to_owned()],
            )
            .unwrap();
        let told = setting.whole_history(small.id());
        let details = &told.last().unwrap().details;
        assert!(details.contains(&("knowingly".into(), "without-backup".into())));
        // What was held before is not gained.
        let mut less = administrator.clone();
        less.except = vec!["export".to_owned()];
        change(&setting, small.id(), &less).unwrap();
        setting.people.back_up("main", setting.clock.shows());
        change(&setting, small.id(), &Scope::role("author")).unwrap();
        change(&setting, small.id(), &administrator).unwrap();
    });
}

#[test]
fn nothing_is_mailed_of_another_scope_so_it_cannot_be_asked_for() {
    both_ways(|plan: Plan| {
        let setting = plan.build();
        let link = setting.link(a_link());
        let by_mail = ["by-mail".to_owned()];
        let refusal = setting
            .change_scope(&owner(), link.id(), &Scope::role("author"), &by_mail)
            .unwrap_err();
        assert_eq!(refusal.code, "unknown-override");
        assert_eq!(refusal.field.as_deref(), Some("knowingly"));
        let known = "There is `lacking-permissions`, `without-backup`.";
        assert!(refusal.message.ends_with(known), "{}", refusal.message);
        assert_eq!(setting.actions(link.id()), ["created"]);
    });
}

#[test]
fn what_cannot_be_read_is_counted_and_keeps_nothing_else_from_being_taken_back() {
    both_ways(|plan: Plan| {
        let setting = plan.build();
        let made: Vec<_> = (0..5)
            .map(|number| {
                setting.clock.forward(1);
                let email = format!("g{number}@new.example");
                let draft = a_link().for_(&email).role("author");
                let draft = if number == 2 {
                    draft.lasting("PT1H")
                } else {
                    draft
                };
                setting.create(&user("ed"), &draft.draft()).unwrap()
            })
            .collect();
        // The two oldest are damaged, and the third is over without anybody having seen it.
        for (key, mut value) in setting.dump() {
            let is_of = |link: &Link| key.ends_with(GrantId::parse(link.id()).unwrap().bytes());
            if key[5] == b'g' && made[..2].iter().any(is_of) {
                value[3] ^= 1;
                let put = Put { key, value };
                setting.store.commit(&[], &[put], &[]).unwrap();
            }
        }
        setting.clock.forward(HOUR);
        let done = setting.revoke_all(&owner(), "ed", 2).unwrap();
        assert_eq!((done.revoked, done.failed, done.more), (1, 2, true));
        let done = setting.revoke_all(&owner(), "ed", 2).unwrap();
        assert_eq!((done.revoked, done.failed, done.more), (1, 2, false));
        let over = setting.get(&owner(), made[2].id()).unwrap();
        assert_eq!(over.ended_because.as_deref(), Some("expired"));
    });
}

#[test]
fn all_that_somebody_handed_out_is_taken_back_by_them_or_by_an_owner() {
    both_ways(|plan: Plan| {
        let setting = plan.build();
        let by_ed = |number: u32| {
            let draft = an_invitation().for_(&format!("g{number}@new.example"));
            setting.create(&user("ed"), &draft.draft()).unwrap()
        };
        let eds: Vec<_> = (0..5).map(by_ed).collect();
        let olgas = setting.link(a_link());
        assert_eq!(
            code(setting.revoke_all(&user("ed"), "olga", 10)),
            "owners-only"
        );
        assert_eq!(code(setting.revoke_all(&owner(), "ed", 0)), "bad-page");
        let first = setting.revoke_all(&user("ed"), "ed", 2).unwrap();
        assert_eq!((first.revoked, first.more), (2, true));
        let rest = setting.revoke_all(&owner(), "ed", 10).unwrap();
        assert_eq!((rest.revoked, rest.failed, rest.more), (3, 0, false));
        let again = setting.revoke_all(&owner(), "ed", 10).unwrap();
        assert_eq!((again.revoked, again.more), (0, false));
        for invitation in eds {
            assert_eq!(setting.actions(invitation.id()), ["created", "revoked"]);
        }
        assert_eq!(setting.get(&owner(), olgas.id()).unwrap().state, "ready");
        assert_eq!(setting.faults_in_history(), [""; 0]);
    });
}

#[test]
fn who_is_no_owner_finds_their_own_grants_among_many_others_newest_first() {
    both_ways(|plan: Plan| {
        let setting = plan.build();
        let mut expected = Vec::new();
        for number in 0..30 {
            setting.clock.forward(1);
            let draft = a_link().for_(&format!("g{number}@support.example"));
            if number % 5 == 0 {
                let made = setting
                    .create(&user("ed"), &draft.role("author").draft())
                    .unwrap();
                if number % 2 == 0 {
                    setting.revoke(&owner(), made.id()).unwrap();
                }
                expected.insert(0, made.id().to_owned());
            } else {
                let _link = setting.link(draft);
            }
        }
        let mut seen = Vec::new();
        let mut start: Option<String> = None;
        loop {
            let page = setting
                .list(&user("ed"), &Filter::everything(), start.as_deref(), 4)
                .unwrap();
            seen.extend(page.grants.into_iter().map(|grant| grant.id));
            start = page.next;
            if start.is_none() {
                break;
            }
        }
        assert_eq!(seen, expected);
    });
}

#[test]
fn a_change_of_the_scope_takes_no_limit_back_that_was_set_meanwhile() {
    for call in 0.. {
        let setting = Setting::plan().natively().build();
        let link = setting.link(a_link().role("editor").uses(10));
        let (other, id) = (setting.beside(), link.id().to_owned());
        setting.faults.meanwhile(call, move || {
            let settings = Settings {
                most_uses: Some(3),
                ..beginning()
            };
            other.set_policy(&owner(), &settings).unwrap();
            let _link = other.reissue(&owner(), &id).unwrap();
        });
        let role = Scope::role("author");
        let changed = setting.change_scope(&owner(), link.id(), &role, &[]);
        assert!(changed.is_ok(), "{changed:?}");
        if !setting.faults.happened() {
            assert!(call > 3, "{call} calls");
            break;
        }
        let grant = setting.get(&owner(), link.id()).unwrap();
        assert_eq!(grant.uses_allowed, Some(3), "at call {call}");
    }
}
