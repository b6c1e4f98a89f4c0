//! What a policy with every setting and tries that were counted add to letting somebody in; store in memory.

use std::path::Path;

use guestpass::store::MemoryStore;
use guestpass::{Actor, Ending, FreshBackup, GrantorGone, LockoutLimits, Origin, Scope, Settings};
use guestpass_tests::catalogue::{held_by_role, wordpress};
use guestpass_tests::lockout_after;

use crate::measure::{in_turns, sampled};
use crate::memory::each_link;
use crate::report::{Row, Target, Unit};
use crate::town::{OWNER, SITE, Town};
use crate::world::World;

const ROUNDS: usize = 301;
/// Whoever lets tries be counted shows so many links that open nothing from each address: one less than lock it out.
const TRIES: usize = 2;
/// So many addresses, the guest's among them, let tries be counted on a site that somebody tries to get into now and then.
const FEW: usize = 10;
/// On one that is about to lock everybody out, since its limit is 300.
const MANY: usize = 140;

/// Measures sites with all of it beside one with none.
pub fn rows(cache: &Path) -> Vec<Row> {
    let plain = world(cache);
    let strict = |clients| strict_world(&plain, clients, cache);
    let (few, many) = (strict(FEW), strict(MANY));
    let wanted = Target::RatioAtMost(1.25);
    vec![
        first_use(&plain, &few, "20 tries").target(wanted),
        later_use(&plain, &few, "20 tries").target(wanted),
        first_use(&plain, &many, "280 tries of 300"),
        later_use(&plain, &many, "280 tries of 300"),
    ]
}

/// A site with a policy of every setting, on which so many clients have tried what opens nothing, the guest's among them.
fn strict_world(other: &World, clients: usize, cache: &Path) -> World {
    let strict = world(cache);
    strict
        .guestpass
        .set_policy(&Actor::new(SITE, OWNER), &every_setting())
        .expect("the policy is set");
    for client in 0..clients {
        for _ in 0..TRIES {
            // What opens something on another site opens nothing here.
            let refusal = strict
                .guestpass
                .redeem(SITE, &other.create(editor()), &from(client))
                .expect_err("it opens nothing");
            assert_eq!(refusal.code, "link-not-valid");
        }
    }
    strict
}

fn world(cache: &Path) -> World {
    World::new(&Town::new(wordpress()), MemoryStore::default(), cache)
}

fn editor() -> Scope {
    Scope::role("editor")
}

/// One of many clients.
fn from(client: usize) -> Origin {
    Origin {
        address: Some(format!("203.0.{}.{}", client / 256, client % 256)),
        agent: Some("A browser".to_owned()),
    }
}

/// None is left as it is at the beginning, and none is in the way of a guest of these benches.
fn every_setting() -> Settings {
    let held = |role| held_by_role(&wordpress(), role);
    Settings {
        ceiling: Some(held("administrator")),
        longest_window: "P6M".to_owned(),
        roles: Some(vec!["author".to_owned(), "editor".to_owned()]),
        most_uses: Some(u32::MAX),
        default_ending: Ending::AfterFirstUse("P3D".to_owned()),
        default_redirect: Some("/wp-admin/".to_owned()),
        forbidden_domains: (0..50)
            .map(|n| format!("*.forbidden-{n}.example"))
            .collect(),
        allowed_domains: Some(vec!["support.example".to_owned()]),
        fresh_backup: Some(FreshBackup {
            max_age: "P1D".to_owned(),
            permissions: vec!["update_core".to_owned(), "delete_plugins".to_owned()],
        }),
        grantor_gone: GrantorGone::End,
        kinds: Some(vec!["link".to_owned()]),
        session_length: Some("P1D".to_owned()),
        session_idle: Some("PT1H".to_owned()),
        retire_after: Some("P7D".to_owned()),
        endless_invitations: false,
        lockout: LockoutLimits {
            within: "P1D".to_owned(),
            address: lockout_after(3, "PT1H"),
            grant: lockout_after(10, "PT1H"),
            site: lockout_after(300, "PT1H"),
        },
    }
}

fn first_use(plain: &World, strict: &World, tries: &str) -> Row {
    let redeem_on = |world: &World| {
        each_link(
            || world.create(editor()),
            |link| world.redeem_from(link, &from(0)),
        )
    };
    let [plain, strict] = sampled(
        ROUNDS,
        [&mut || redeem_on(plain), &mut || redeem_on(strict)],
    );
    let measure = format!("redeem, first use of a link, {tries}");
    Row::value(measure, Unit::Nanos, strict).beside("neither", &plain)
}

fn later_use(plain: &World, strict: &World, tries: &str) -> Row {
    let (link_here, link_there) = (plain.create(editor()), strict.create(editor()));
    let [plain, strict] = in_turns(
        ROUNDS,
        [
            &mut || drop(plain.redeem_from(&link_here, &from(0))),
            &mut || drop(strict.redeem_from(&link_there, &from(0))),
        ],
    );
    let measure = format!("redeem, later use, {tries}");
    Row::value(measure, Unit::Nanos, strict).beside("neither", &plain)
}
