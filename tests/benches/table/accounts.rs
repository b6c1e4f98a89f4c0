//! What a page of accounts costs that shows as many as a page can.

use std::path::Path;

use guestpass::store::SqliteStore;
use guestpass_tests::catalogue::wordpress;

use crate::measure::alone;
use crate::report::{Row, Target, Unit};
use crate::town::{SITE, Town};
use crate::world::World;

const ROUNDS: usize = 101;
const ACCOUNTS: u32 = 1_000;
/// Who was invited to all of them, and has an account of their own.
const MEMBER: &str = "guest-of-many";

/// Measures it in a file of this directory.
pub fn rows(directory: &Path, cache: &Path) -> Vec<Row> {
    let store = SqliteStore::open(&directory.join("accounts.db")).expect("a store");
    let world = World::new(&Town::new(wordpress()), store, cache);
    for number in 0..ACCOUNTS {
        world.join(&format!("account-{number}"), MEMBER);
    }
    let page = alone(ROUNDS, || {
        let page = world
            .guestpass
            .memberships(SITE, MEMBER, None, ACCOUNTS)
            .expect("a page");
        assert_eq!(
            (page.accounts.len(), page.next),
            (1_001, None),
            "all of them"
        );
    });
    vec![
        Row::value("memberships, 1,000 accounts in one page", Unit::Nanos, page)
            .target(Target::AtMost(5e6)),
    ]
}
