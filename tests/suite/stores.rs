//! Both stores keep the contract, and answer the same to whatever is asked of them.

use std::sync::Arc;

use guestpass::ports::{Check, Entry, Put, Store, StoreFailure};
use guestpass::store::{MemoryStore, SqliteStore, conformance};
use proptest::prelude::*;

#[test]
fn the_store_in_memory_keeps_the_contract() {
    let store = Arc::new(MemoryStore::default());
    conformance::check(|| store.clone()).unwrap();
}

#[test]
fn the_store_on_sqlite_keeps_the_contract() {
    let dir = tempfile::tempdir().unwrap();
    conformance::check(|| SqliteStore::open(&dir.path().join("store.sqlite")).unwrap()).unwrap();
}

/// Something that is asked of a store. Keys are few, so that they meet.
#[derive(Debug, Clone)]
enum Ask {
    Commit {
        checks: Vec<(u8, Version)>,
        puts: Vec<(u8, Vec<u8>)>,
        deletes: Vec<u8>,
    },
    Get(Vec<u8>),
    Scan {
        from: u8,
        to: u8,
        limit: u32,
        backwards: bool,
    },
}

/// Which version a check names.
#[derive(Debug, Clone, Copy)]
enum Version {
    Present,
    Absent,
    Wrong,
}

fn ask() -> impl Strategy<Value = Ask> {
    let key = 0u8..6;
    let version = prop_oneof![8 => Just(Version::Present), 1 => Just(Version::Absent), 1 => Just(Version::Wrong)];
    let value = prop::collection::vec(any::<u8>(), 0..12);
    prop_oneof![
        4 => (
            prop::collection::vec((key.clone(), version), 0..3),
            prop::collection::vec((key.clone(), value), 0..3),
            prop::collection::vec(key.clone(), 0..2),
        ).prop_map(|(checks, puts, deletes)| Ask::Commit { checks, puts, deletes }),
        1 => prop::collection::vec(key.clone(), 0..4).prop_map(Ask::Get),
        1 => (key.clone(), key, 0u32..8, any::<bool>())
            .prop_map(|(from, to, limit, backwards)| Ask::Scan { from, to, limit, backwards }),
    ]
}

fn key(number: u8) -> Vec<u8> {
    // Of different lengths, with zero and high bytes, one the beginning of another.
    [
        &b"site\0"[..],
        &[[0x00, 0x61, 0x61, 0xff, 0xff, 0x80][number as usize % 6]],
        &vec![0; number as usize % 3],
    ]
    .concat()
}

/// What one store says. Versions are a store's own affair, so they are left out.
fn answer(store: &dyn Store, ask: &Ask) -> String {
    let shown = |entries: Vec<Entry>| {
        format!(
            "{:?}",
            entries
                .into_iter()
                .map(|e| (e.key, e.value))
                .collect::<Vec<_>>()
        )
    };
    match ask {
        Ask::Get(keys) => {
            let keys: Vec<_> = keys.iter().map(|number| key(*number)).collect();
            let entries = store.get(&keys).unwrap();
            format!(
                "{:?}",
                entries
                    .into_iter()
                    .map(|found| found.map(|stored| stored.value))
                    .collect::<Vec<_>>()
            )
        }
        Ask::Scan {
            from,
            to,
            limit,
            backwards,
        } => shown(
            store
                .scan(&key(*from), &key(*to), *limit, *backwards)
                .unwrap(),
        ),
        Ask::Commit {
            checks,
            puts,
            deletes,
        } => {
            // A key is written once in one commit, as the engine does it.
            let mut puts: Vec<_> = puts
                .iter()
                .map(|(number, value)| Put {
                    key: key(*number),
                    value: value.clone(),
                })
                .collect();
            puts.sort_by(|a, b| a.key.cmp(&b.key));
            puts.dedup_by(|a, b| a.key == b.key);
            let deletes: Vec<_> = deletes
                .iter()
                .map(|number| key(*number))
                .filter(|key| !puts.iter().any(|put| put.key == *key))
                .collect();
            let checks: Vec<_> = checks
                .iter()
                .map(|(number, version)| {
                    let present = store
                        .get(&[key(*number)])
                        .unwrap()
                        .remove(0)
                        .map_or(0, |entry| entry.version);
                    let version = match version {
                        Version::Present => present,
                        Version::Absent => 0,
                        Version::Wrong => present + 1,
                    };
                    Check {
                        key: key(*number),
                        version,
                    }
                })
                .collect();
            match store.commit(&checks, &puts, &deletes) {
                Ok(()) => "done".to_owned(),
                Err(StoreFailure::Conflict) => "conflict".to_owned(),
                Err(StoreFailure::Unavailable(why)) => panic!("{why}"),
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn both_stores_answer_the_same(asks in prop::collection::vec(ask(), 1..40)) {
        let dir = tempfile::tempdir().unwrap();
        let memory = MemoryStore::default();
        let sqlite = SqliteStore::open(&dir.path().join("store.sqlite")).unwrap();
        for ask in &asks {
            prop_assert_eq!(answer(&memory, ask), answer(&sqlite, ask), "{:?}", ask);
        }
    }
}
