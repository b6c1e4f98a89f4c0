//! Both stores against the contract, and the one on SQLite against what can happen to a file.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use guestpass::ports::{Check, Put, Store, StoreFailure};
use guestpass::store::{MemoryStore, SqliteStore, SqliteTrouble, conformance};
use rusqlite::Connection;
use tempfile::TempDir;

fn place() -> (TempDir, PathBuf) {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("store.sqlite");
    (dir, file)
}

fn put(key: &str, value: &str) -> Put {
    Put {
        key: key.into(),
        value: value.into(),
    }
}

fn absent(key: &str) -> Check {
    Check {
        key: key.into(),
        version: 0,
    }
}

fn value(store: &impl Store, key: &str) -> Option<Vec<u8>> {
    store
        .get(&[key.into()])
        .unwrap()
        .pop()
        .flatten()
        .map(|entry| entry.value)
}

fn trouble(path: &Path) -> SqliteTrouble {
    SqliteStore::open(path).unwrap_err().trouble().clone()
}

fn reason(answer: Result<(), StoreFailure>) -> String {
    match answer {
        Err(StoreFailure::Unavailable(reason)) => reason,
        other => panic!("expected the store to be unavailable, found {other:?}"),
    }
}

#[test]
fn the_memory_store_keeps_the_contract() {
    let store = Arc::new(MemoryStore::default());
    conformance::check(|| store.clone()).unwrap();
}

#[test]
fn the_sqlite_store_keeps_the_contract() {
    let (_dir, file) = place();
    conformance::check(|| SqliteStore::open(&file).unwrap()).unwrap();
}

#[test]
fn a_store_that_forgets_breaks_the_contract() {
    let violation = conformance::check(MemoryStore::default).unwrap_err();
    assert!(
        violation
            .to_string()
            .contains("still there when the store is opened again"),
        "{violation}"
    );
}

#[test]
fn two_processes_share_one_file_without_losing_a_commit() {
    // Two stores on one file know nothing of each other, as two processes would.
    let (_dir, file) = place();
    let stores = [
        SqliteStore::open(&file).unwrap(),
        SqliteStore::open(&file).unwrap(),
    ];
    let won: usize = std::thread::scope(|scope| {
        let tries: Vec<_> = (0..8)
            .map(|thread| {
                let store = &stores[thread % 2];
                scope.spawn(move || {
                    (0..50)
                        .filter(|round| {
                            let key = format!("site\0{round}");
                            store
                                .commit(&[absent(&key)], &[put(&key, "taken")], &[])
                                .is_ok()
                        })
                        .count()
                })
            })
            .collect();
        tries.into_iter().map(|thread| thread.join().unwrap()).sum()
    });
    assert_eq!(won, 50, "each key is taken by exactly one");
    let versions: Vec<_> = stores[0]
        .scan(b"site\0", b"site\x01", 100, false)
        .unwrap()
        .into_iter()
        .map(|entry| entry.version)
        .collect();
    let mut distinct = versions.clone();
    distinct.sort_unstable();
    distinct.dedup();
    assert_eq!(
        distinct.len(),
        50,
        "no version is given twice: {versions:?}"
    );
}

#[test]
fn what_one_store_committed_the_other_reads_at_once() {
    let (_dir, file) = place();
    let (one, other) = (
        SqliteStore::open(&file).unwrap(),
        SqliteStore::open(&file).unwrap(),
    );
    for round in 0..20 {
        one.commit(&[], &[put("k", &round.to_string())], &[])
            .unwrap();
        assert_eq!(value(&other, "k"), Some(round.to_string().into_bytes()));
    }
}

#[test]
fn dropping_the_store_finishes_what_it_accepted() {
    let (_dir, file) = place();
    let store = SqliteStore::open(&file).unwrap();
    std::thread::scope(|scope| {
        for thread in 0..16 {
            let store = &store;
            scope.spawn(move || {
                store
                    .commit(&[], &[put(&format!("k{thread}"), "v")], &[])
                    .unwrap()
            });
        }
    });
    drop(store);
    let again = SqliteStore::open(&file).unwrap();
    assert_eq!(again.scan(b"k", b"l", 100, false).unwrap().len(), 16);
}

#[test]
fn only_the_owner_can_read_the_file_and_its_log() {
    let (dir, file) = place();
    let store = SqliteStore::open(&file).unwrap();
    store.commit(&[], &[put("k", "v")], &[]).unwrap();
    let modes: Vec<_> = fs::read_dir(dir.path())
        .unwrap()
        .map(|entry| entry.unwrap().metadata().unwrap().permissions().mode() & 0o777)
        .collect();
    assert!(modes.len() >= 2, "the file and its log");
    assert!(modes.iter().all(|mode| *mode == 0o600), "{modes:?}");
}

#[test]
fn a_shared_file_keeps_its_own_tables_and_schema_version() {
    let (_dir, file) = place();
    let host = Connection::open(&file).unwrap();
    host.execute_batch("CREATE TABLE posts (id INTEGER PRIMARY KEY); PRAGMA user_version = 7")
        .unwrap();
    SqliteStore::open(&file)
        .unwrap()
        .commit(&[], &[put("k", "v")], &[])
        .unwrap();
    let version: i64 = host
        .query_row("PRAGMA user_version", [], |row| row.get(0))
        .unwrap();
    let posts: i64 = host
        .query_row("SELECT count(*) FROM posts", [], |row| row.get(0))
        .unwrap();
    assert_eq!((version, posts), (7, 0));
}

#[test]
fn a_file_that_is_no_database_is_left_alone() {
    let (_dir, file) = place();
    let text = "Dear diary, today I handed out a link. ".repeat(100);
    fs::write(&file, &text).unwrap();
    assert_eq!(trouble(&file), SqliteTrouble::NotADatabase);
    assert_eq!(fs::read_to_string(&file).unwrap(), text);
}

#[test]
fn a_place_where_no_file_can_be_is_told_from_the_others() {
    let (dir, file) = place();
    assert!(matches!(
        trouble(&file.join("below")),
        SqliteTrouble::CannotOpen(_)
    ));
    let message = SqliteStore::open(&file.join("below/it"))
        .unwrap_err()
        .to_string();
    assert!(
        message.contains("its directory does not exist"),
        "{message}"
    );
    assert!(matches!(trouble(dir.path()), SqliteTrouble::CannotOpen(_)));
}

#[test]
fn tables_of_a_later_version_are_refused() {
    let (_dir, file) = place();
    drop(SqliteStore::open(&file).unwrap());
    Connection::open(&file)
        .unwrap()
        .execute(
            "UPDATE guestpass_meta SET value = 2 WHERE name = 'form'",
            [],
        )
        .unwrap();
    assert_eq!(trouble(&file), SqliteTrouble::OtherForm(2));
}

#[test]
fn a_damaged_page_is_reported_and_not_taken_for_absence() {
    let (_dir, file) = place();
    let store = SqliteStore::open(&file).unwrap();
    for number in 0..200 {
        store
            .commit(&[], &[put(&format!("k{number:03}"), &"v".repeat(400))], &[])
            .unwrap();
    }
    drop(store);
    let mut bytes = fs::read(&file).unwrap();
    // Everything after the first page, which describes the tables, is overwritten.
    bytes[4096..].fill(0xaa);
    fs::write(&file, bytes).unwrap();

    match SqliteStore::open(&file) {
        Err(error) => assert_eq!(*error.trouble(), SqliteTrouble::Corrupt),
        Ok(store) => {
            let StoreFailure::Unavailable(reason) = store.get(&[b"k007".to_vec()]).unwrap_err()
            else {
                panic!()
            };
            assert!(reason.contains("damaged"), "{reason}");
        }
    }
}

#[test]
fn a_database_locked_by_somebody_else_is_waited_for_and_then_reported() {
    let (_dir, file) = place();
    let store = SqliteStore::open(&file).unwrap();
    let other = Connection::open(&file).unwrap();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    let message = reason(store.commit(&[], &[put("k", "v")], &[]));
    assert!(
        message.contains("another process keeps the database locked"),
        "{message}"
    );
    assert_eq!(value(&store, "k"), None, "reading goes on meanwhile");
    other.execute_batch("ROLLBACK").unwrap();
    store.commit(&[], &[put("k", "v")], &[]).unwrap();
}
