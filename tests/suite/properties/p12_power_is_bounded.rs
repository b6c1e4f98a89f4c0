//! Property 12 on a large model: the WordPress catalogue, random scopes, grantors and ceilings, through the component,
//! against the definition of effective power written down independently. The exhaustive half is in `p12_small_model.rs`.

use std::collections::BTreeSet;

use guestpass::{Draft, Guest, Scope, ScopeBase, Settings, Window};
use guestpass_tests::catalogue::wordpress;
use guestpass_tests::{Setting, owner, user};
use proptest::prelude::*;
use proptest::sample::subsequence;

type Set = BTreeSet<String>;

/// What decides about power.
#[derive(Debug, Clone)]
struct Model {
    base: ScopeBase,
    also: Vec<String>,
    except: Vec<String>,
    roles: Vec<String>,
    permissions: Vec<String>,
    ceiling: Option<Vec<String>>,
    reserved: Vec<String>,
    withheld: Vec<String>,
}

fn held_by(role: &str) -> Set {
    let catalogue = wordpress();
    let role = catalogue.roles.into_iter().find(|known| known.name == role);
    role.map(|role| role.permissions.into_iter().collect())
        .unwrap_or_default()
}

fn set(names: &[String]) -> Set {
    names.iter().cloned().collect()
}

impl Model {
    fn all(&self) -> Set {
        wordpress()
            .permissions
            .into_iter()
            .map(|entry| entry.name)
            .collect()
    }

    /// Scope, that is base plus `also` minus `except`.
    fn scope(&self) -> Set {
        let base = match &self.base {
            ScopeBase::Role(name) => held_by(name),
            ScopeBase::All => self.all(),
            ScopeBase::Chosen(names) => set(names),
        };
        &(&base | &set(&self.also)) - &set(&self.except)
    }

    /// The definition: scope ∩ what the grantor holds ∩ the ceiling − what is reserved − what is withheld.
    fn effective(&self) -> Set {
        let grantor = self
            .roles
            .iter()
            .fold(set(&self.permissions), |held, role| &held | &held_by(role));
        let ceiling = self
            .ceiling
            .as_ref()
            .map_or_else(|| self.all(), |names| set(names));
        &(&(&(&self.scope() & &grantor) & &ceiling) - &set(&self.reserved)) - &set(&self.withheld)
    }
}

fn some(most: usize) -> impl Strategy<Value = Vec<String>> {
    let names: Vec<String> = wordpress()
        .permissions
        .into_iter()
        .map(|entry| entry.name)
        .collect();
    subsequence(names, 0..=most).prop_shuffle()
}

fn role() -> impl Strategy<Value = String> {
    prop::sample::select(vec![
        "subscriber",
        "contributor",
        "author",
        "editor",
        "administrator",
    ])
    .prop_map(str::to_owned)
}

fn model() -> impl Strategy<Value = Model> {
    let base = prop_oneof![
        role().prop_map(ScopeBase::Role),
        Just(ScopeBase::All),
        some(50).prop_map(ScopeBase::Chosen),
    ];
    let narrow = prop_oneof![3 => Just(Vec::new()), 1 => some(10)];
    (
        base,
        some(8),
        some(20),
        prop::collection::vec(role(), 0..2),
        some(30),
        prop::option::of(some(50)),
        some(12),
        narrow,
    )
        .prop_map(
            |(base, also, except, roles, permissions, ceiling, reserved, withheld)| Model {
                base,
                also,
                except,
                roles,
                permissions,
                ceiling,
                reserved,
                withheld,
            },
        )
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 120, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn p12_power_is_exactly_the_formula_whatever_changes_under_a_live_session(
        given in model(), later in prop::collection::vec(model(), 1..4),
    ) {
        let setting = Setting::new();
        // Made by somebody who may give everything on a site that allows everything and reserves nothing.
        setting.people.change_catalogue("main", |catalogue| {
            catalogue.permissions.iter_mut().for_each(|entry| entry.reserved = false);
        });
        setting.people.change("main", "ed", |ed| ed.standing.owner = true);
        let scope = Scope { base: given.base.clone(), also: given.also.clone(), except: given.except.clone() };
        let draft = Draft::new(Guest::new("sam@support.example"), scope, Window::lasting("P7D"));
        let named = given.scope();
        match setting.create(&user("ed"), &draft) {
            Err(refusal) => prop_assert!(named.is_empty() && refusal.code == "empty-scope", "{refusal:?} for {named:?}"),
            Ok(link) => {
                prop_assert_eq!(set(&link.permissions), named);
                let entered = setting.enter(&link);
                for world in &later {
                    let world = Model {
                        base: given.base.clone(), also: given.also.clone(), except: given.except.clone(), ..world.clone()
                    };
                    settle(&setting, &world);
                    let expected = world.effective();
                    let answer = setting.resolve("main", &entered.session).unwrap();
                    prop_assert_eq!(&set(&answer.permissions), &expected);
                    for entry in wordpress().permissions.iter().step_by(7) {
                        let may = setting.check("main", &entered.session, &entry.name).unwrap();
                        prop_assert_eq!(may, expected.contains(&entry.name), "{}", entry.name);
                        let said = setting.explain(&owner(), link.id(), &entry.name).unwrap();
                        prop_assert_eq!(said.allowed, may, "{} explained", entry.name);
                    }
                }
            }
        }
    }
}

/// Makes the world so.
fn settle(setting: &Setting, world: &Model) {
    setting.people.change_catalogue("main", |catalogue| {
        catalogue
            .permissions
            .iter_mut()
            .for_each(|entry| entry.reserved = world.reserved.contains(&entry.name));
    });
    setting.people.change("main", "ed", |ed| {
        ed.standing.owner = false;
        ed.standing.roles.clone_from(&world.roles);
        ed.standing.permissions.clone_from(&world.permissions);
    });
    setting
        .set_policy(
            &owner(),
            &Settings {
                ceiling: world.ceiling.clone(),
                longest_window: "P1Y".into(),
                ..guestpass_tests::beginning()
            },
        )
        .unwrap();
    setting
        .hooks
        .say(|script| script.narrow = Ok(world.withheld.clone()));
}
