//! Sites with many grants, made by the rules themselves and written to a file at once.

use std::cell::RefCell;
use std::fs::File;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use guestpass::ports::{Check, Entry, Put, Store, StoreFailure, Stored};
use guestpass::store::SqliteStore;
use guestpass_core::grant::scope::Base;
use guestpass_core::grant::window::Ending;
use guestpass_core::keys::Keys;
use guestpass_core::names::SiteId;
use guestpass_core::{Instant, Period};
use guestpass_tests::ManualClock;
use guestpass_tests::catalogue::wordpress;
use rusqlite::{Connection, params};

use crate::native::Native;
use crate::town::{SITE, Town};
use crate::world::World;

/// Grants of a large site end in so many groups, an hour apart; most end long after.
pub const GROUPS: usize = 5;
/// Grants in a group.
pub const GROUP: usize = 1_000;
/// Links that are kept to be redeemed, from all over the site.
const LINKS: usize = 500;
const HOUR: u64 = 3_600_000;

/// A site on disk, with a clock to move.
pub struct Site {
    /// The handle on it.
    pub world: World,
    clock: Arc<ManualClock>,
    links: RefCell<Vec<String>>,
}

impl Site {
    /// A site of so many grants that were all made at `start`.
    pub fn build(directory: &Path, cache: &Path, start: u64, grants: usize) -> Self {
        let town = Town::new(wordpress());
        let clock = Arc::new(ManualClock::at(start));
        let hoard = Arc::new(Hoard::default());
        let native = Native::new(&town, &hoard, clock.clone());
        let mut links = Vec::new();
        for number in 0..grants {
            let link = native.create(
                Base::Role("editor".to_owned()),
                ending(start, grants, number),
            );
            if number % (grants / LINKS) == 1 {
                links.push(link);
            }
        }
        let path = directory.join(format!("site-of-{grants}.db"));
        hoard.write_to(&path);
        let store = SqliteStore::open(&path).expect("a store");
        let world = World::by_clock(&town, store, clock.clone(), cache);
        Self {
            world,
            clock,
            links: RefCell::new(links),
        }
    }

    /// Links that nobody used yet.
    pub fn take_links(&self, count: usize) -> Vec<String> {
        let mut links = self.links.borrow_mut();
        let rest = links.len().checked_sub(count).expect("links are left");
        links.split_off(rest)
    }

    /// Goes on to when the next group of grants is at its end.
    pub fn go_on(&self) {
        self.clock.forward(HOUR);
    }
}

/// When this one of so many grants ends. Those of a group are spread over the whole site, and none of their links is kept.
fn ending(start: u64, grants: usize, number: usize) -> Ending {
    let apart = grants / (GROUPS * GROUP);
    if apart < 2 || !number.is_multiple_of(apart) {
        return Ending::After(Period::days(300));
    }
    let group = (number / apart % GROUPS) as u64;
    Ending::At(Instant::from_millis(start + (group + 1) * HOUR))
}

/// A store that is empty to all who read and keeps what they write.
#[derive(Default)]
struct Hoard(Mutex<Vec<Put>>);

impl Store for Hoard {
    fn get(&self, keys: &[Vec<u8>]) -> Result<Vec<Option<Stored>>, StoreFailure> {
        Ok(vec![None; keys.len()])
    }

    fn scan(&self, _: &[u8], _: &[u8], _: u32, _: bool) -> Result<Vec<Entry>, StoreFailure> {
        Ok(Vec::new())
    }

    fn commit(&self, _: &[Check], puts: &[Put], _: &[Vec<u8>]) -> Result<(), StoreFailure> {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .extend_from_slice(puts);
        Ok(())
    }
}

impl Hoard {
    /// Writes everything to this file, as if all events had been delivered, and waits for the disk.
    fn write_to(&self, path: &Path) {
        drop(SqliteStore::open(path).expect("a store"));
        let mut puts = std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner));
        let site = SiteId::parse(SITE).expect("a site's name");
        let (first, end) = Keys(&site).outbox_all();
        puts.retain(|put| put.key < first || put.key >= end);
        puts.sort_unstable_by(|a, b| a.key.cmp(&b.key));
        write_all(path, &puts).expect("the records are written");
        File::open(path)
            .and_then(|file| file.sync_all())
            .expect("the disk takes it");
    }
}

/// Writes entries as the store would, but all in one transaction that need not survive a crash.
pub fn write_all(path: &Path, puts: &[Put]) -> rusqlite::Result<()> {
    let connection = Connection::open(path)?;
    connection.pragma_update(None, "journal_mode", "OFF")?;
    connection.pragma_update(None, "synchronous", "OFF")?;
    connection.execute_batch("BEGIN")?;
    let mut insert = connection
        .prepare("INSERT INTO guestpass_entry (key, value, version) VALUES (?1, ?2, 1)")?;
    for put in puts {
        insert.execute(params![put.key, put.value])?;
    }
    drop(insert);
    connection.execute_batch("UPDATE guestpass_meta SET value = 1 WHERE name = 'version'; COMMIT")
}
