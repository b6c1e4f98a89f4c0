//! What a grant gives: roles, everything, chosen permissions, what is added, taken out and withheld.

use guestpass::{RefusalKind, Settings};
use guestpass_tests::catalogue::{held_by_role, wordpress};
use guestpass_tests::{DraftBuilder, Plan, Setting, a_link, both_ways, owner, user};

fn ceiling(permissions: &[&str]) -> Settings {
    Settings {
        ceiling: Some(permissions.iter().map(|name| (*name).to_owned()).collect()),
        longest_window: "P1Y".to_owned(),
        ..guestpass_tests::beginning()
    }
}

/// The code and the field of the refusal.
fn refused(setting: &Setting, by: &str, draft: DraftBuilder) -> (String, String) {
    let refusal = setting.create(&user(by), &draft.draft()).unwrap_err();
    (refusal.code, refusal.field.unwrap_or_default())
}

#[test]
fn a_role_gives_what_it_holds_less_what_no_guest_may_hold() {
    both_ways(|plan: Plan| {
        let setting = plan.build();
        for (role, count) in [
            ("subscriber", 1),
            ("contributor", 3),
            ("author", 7),
            ("editor", 26),
            ("administrator", 45),
        ] {
            let link = setting.link(a_link().for_(&format!("{role}@support.example")).role(role));
            assert_eq!(link.permissions.len(), count, "{role}");
            let withheld: Vec<_> = link
                .withheld
                .iter()
                .map(|lost| lost.permission.as_str())
                .collect();
            let reserved: &[&str] = if role == "administrator" {
                &[
                    "create_users",
                    "delete_users",
                    "edit_users",
                    "promote_users",
                    "remove_users",
                ]
            } else {
                &[]
            };
            assert_eq!(withheld, reserved, "{role}");
            assert!(link.withheld.iter().all(|lost| lost.bound_by == "reserved"));
        }
    });
}

#[test]
fn everything_and_chosen_and_added_and_taken_out() {
    both_ways(|plan: Plan| {
        let setting = plan.build();
        let all = setting.link(a_link().for_("a@support.example").everything());
        assert_eq!(all.permissions.len(), 45);
        let less = setting.link(
            a_link()
                .for_("b@support.example")
                .everything()
                .except(&["update_core", "export"]),
        );
        assert_eq!(less.permissions.len(), 43);
        let chosen = setting.link(
            a_link()
                .for_("c@support.example")
                .chosen(&["export", "read"]),
        );
        assert_eq!(chosen.permissions, ["export", "read"]);
        let mixed = a_link()
            .for_("d@support.example")
            .role("contributor")
            .also(&["upload_files"])
            .except(&["read"]);
        assert_eq!(
            setting.link(mixed).permissions,
            ["delete_posts", "edit_posts", "upload_files"]
        );
        let both = a_link()
            .for_("e@support.example")
            .chosen(&["read"])
            .also(&["export"])
            .except(&["export"]);
        assert_eq!(
            setting.link(both).permissions,
            ["read"],
            "what is taken out is out, though it was added"
        );
    });
}

#[test]
fn a_role_beyond_the_grantors_power_is_narrowed_and_says_so() {
    both_ways(|plan: Plan| {
        let setting = plan.build();
        let link = setting
            .create(&user("ed"), &a_link().role("administrator").draft())
            .unwrap();
        assert_eq!(link.permissions, held_by_role(&wordpress(), "editor"));
        let by_ed: Vec<_> = link
            .withheld
            .iter()
            .filter(|lost| lost.bound_by == "grantor")
            .map(|lost| lost.permission.as_str())
            .collect();
        assert_eq!(
            by_ed.len(),
            19,
            "what administrators have beyond editors and no guest is barred from"
        );
        assert!(by_ed.contains(&"update_core"));
        let entered = setting.enter(&link);
        assert_eq!(setting.allowed(&entered.session), link.permissions);
    });
}

#[test]
fn what_is_named_one_by_one_must_be_the_grantors_to_give() {
    let setting = Setting::new();
    setting
        .set_policy(
            &owner(),
            &ceiling(&["read", "edit_posts", "create_users", "update_core"]),
        )
        .unwrap();
    let base = || a_link().chosen(&["read"]);
    let told = |code: &str, field: &str| (code.to_owned(), field.to_owned());
    assert_eq!(
        refused(&setting, "ed", a_link().chosen(&["update_core"])),
        told("beyond-own-power", "scope.base")
    );
    assert_eq!(
        refused(&setting, "ed", base().also(&["update_core"])),
        told("beyond-own-power", "scope.also")
    );
    assert_eq!(
        refused(&setting, "olga", base().also(&["export"])),
        told("beyond-ceiling", "scope.also")
    );
    assert_eq!(
        refused(&setting, "olga", base().also(&["create_users"])),
        told("permission-reserved", "scope.also")
    );
    assert_eq!(
        refused(&setting, "olga", a_link().chosen(&["fly"])),
        told("unknown-permission", "scope.base")
    );
    assert_eq!(
        refused(&setting, "olga", base().except(&["fly"])),
        told("unknown-permission", "scope.except")
    );
    assert_eq!(
        refused(&setting, "olga", a_link().role("pilot")),
        told("unknown-role", "scope.base")
    );
    let refusal = setting.try_link(a_link().role("pilot")).unwrap_err();
    let known = "Its roles are: administrator, author, contributor, editor, subscriber.";
    assert!(refusal.message.ends_with(known), "{}", refusal.message);
    assert_eq!(
        refused(&setting, "olga", base().except(&["read"])),
        told("empty-scope", "scope")
    );
    assert_eq!(refused(&setting, "sue", base()), told("may-not-grant", ""));
    assert_eq!(
        refused(&setting, "nobody", base()),
        told("unknown-actor", "")
    );
}

#[test]
fn a_grantor_who_is_demoted_or_removed_takes_their_guests_along_at_the_next_check() {
    both_ways(|plan: Plan| {
        let setting = plan.build();
        let link = setting
            .create(&user("ed"), &a_link().role("editor").draft())
            .unwrap();
        let entered = setting.enter(&link);
        assert_eq!(
            setting.check("main", &entered.session, "edit_pages"),
            Ok(true)
        );
        setting.people.set_roles("main", "ed", &["author"]);
        assert_eq!(
            setting.check("main", &entered.session, "edit_pages"),
            Ok(false)
        );
        assert_eq!(
            setting.allowed(&entered.session),
            held_by_role(&wordpress(), "author")
        );
        let said = setting.explain(&owner(), link.id(), "edit_pages").unwrap();
        let denying: Vec<_> = said
            .limits
            .iter()
            .filter(|limit| !limit.allows)
            .map(|limit| limit.name.as_str())
            .collect();
        assert_eq!(denying, ["grantor"]);
        setting.people.remove("main", "ed");
        assert_eq!(setting.allowed(&entered.session), [""; 0]);
        assert_eq!(setting.check("main", &entered.session, "read"), Ok(false));
        setting.people.put(
            "main",
            guestpass::ports::User {
                id: "ed".into(),
                email: "ed@main.example".into(),
                name: "Ed Editor".into(),
                standing: guestpass::ports::Standing {
                    owner: false,
                    roles: vec!["editor".into()],
                    permissions: Vec::new(),
                    catalogue: 0,
                },
            },
        );
        assert_eq!(
            setting.check("main", &entered.session, "edit_pages"),
            Ok(true),
            "and back when he is back"
        );
    });
}

#[test]
fn a_lower_ceiling_binds_at_the_next_check() {
    both_ways(|plan: Plan| {
        let setting = plan.build();
        let link = setting.link(a_link().role("administrator"));
        let entered = setting.enter(&link);
        setting
            .set_policy(&owner(), &ceiling(&["read", "edit_posts", "create_users"]))
            .unwrap();
        assert_eq!(
            setting.allowed(&entered.session),
            ["edit_posts", "read"],
            "and reserved stays reserved"
        );
        setting
            .set_policy(
                &owner(),
                &Settings {
                    ceiling: None,
                    longest_window: "P1Y".into(),
                    ..guestpass_tests::beginning()
                },
            )
            .unwrap();
        assert_eq!(setting.allowed(&entered.session), link.permissions);
        let refusal = setting.set_policy(&user("ed"), &ceiling(&[])).unwrap_err();
        assert_eq!(
            (refusal.kind, refusal.code.as_str()),
            (RefusalKind::Forbidden, "owners-only")
        );
    });
}

#[test]
fn a_catalogue_that_changes_changes_what_a_role_gives() {
    both_ways(|plan: Plan| {
        let setting = plan.build();
        let link = setting.link(a_link().role("author"));
        let entered = setting.enter(&link);
        setting.people.change_catalogue("main", |catalogue| {
            let author = catalogue
                .roles
                .iter_mut()
                .find(|role| role.name == "author")
                .unwrap();
            author.permissions.retain(|name| name != "upload_files");
        });
        assert_eq!(
            setting.check("main", &entered.session, "upload_files"),
            Ok(false)
        );
        setting.people.change_catalogue("main", |catalogue| {
            let publish = catalogue
                .permissions
                .iter_mut()
                .find(|entry| entry.name == "publish_posts");
            publish.unwrap().reserved = true;
        });
        assert_eq!(
            setting.check("main", &entered.session, "publish_posts"),
            Ok(false)
        );
        setting.people.change_catalogue("main", |catalogue| {
            catalogue.roles.retain(|role| role.name != "author")
        });
        assert_eq!(
            setting.allowed(&entered.session),
            [""; 0],
            "a role that is gone gives nothing"
        );
    });
}

#[test]
fn an_explanation_names_every_limit_and_is_right_about_the_whole() {
    both_ways(|plan: Plan| {
        let setting = plan.build();
        let link = setting
            .create(
                &user("ed"),
                &a_link()
                    .role("administrator")
                    .except(&["edit_pages"])
                    .draft(),
            )
            .unwrap();
        let entered = setting.enter(&link);
        setting
            .set_policy(
                &owner(),
                &ceiling(&["read", "edit_pages", "update_core", "promote_users"]),
            )
            .unwrap();
        for permission in wordpress().permissions {
            let said = setting
                .explain(&owner(), link.id(), &permission.name)
                .unwrap();
            let names: Vec<_> = said
                .limits
                .iter()
                .map(|limit| limit.name.as_str())
                .collect();
            assert_eq!(
                names,
                [
                    "state", "window", "scope", "grantor", "ceiling", "reserved", "plugin"
                ]
            );
            assert!(said.limits.iter().all(|limit| limit.message.ends_with('.')));
            let given = setting
                .check("main", &entered.session, &permission.name)
                .unwrap();
            assert_eq!(said.allowed, given, "{}", permission.name);
            assert_eq!(
                said.allowed,
                said.limits.iter().all(|limit| limit.allows),
                "{}",
                permission.name
            );
        }
        setting.suspend(&owner(), link.id()).unwrap();
        assert!(
            !setting
                .explain(&owner(), link.id(), "read")
                .unwrap()
                .allowed
        );
        let refusal = setting.explain(&owner(), link.id(), "fly").unwrap_err();
        assert_eq!(refusal.code, "unknown-permission");
    });
}
