//! What shares a transaction shares nothing else: each commit gets its own answer.

use std::sync::mpsc::{Receiver, channel, sync_channel};

use rusqlite::Connection;
use tempfile::TempDir;

use super::super::{connection, schema};
use super::{Answer, Request, run};
use crate::ports::{Check, Put, StoreFailure};

fn database() -> (TempDir, Connection) {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("store.sqlite");
    connection::create_file(&file).unwrap();
    let connection = connection::open(&file).unwrap();
    schema::prepare(&connection).unwrap();
    (dir, connection)
}

/// A commit that puts a value of this size under a key that must be absent.
fn request(key: &str, size: usize) -> (Request, Receiver<Answer>) {
    let (answer, answered) = sync_channel(1);
    let checks = vec![Check {
        key: key.into(),
        version: 0,
    }];
    let puts = vec![Put {
        key: key.into(),
        value: vec![b'v'; size],
    }];
    (
        Request {
            checks,
            puts,
            deletes: Vec::new(),
            answer,
        },
        answered,
    )
}

/// Lets the writer find all of these waiting.
fn answers(
    connection: &Connection,
    requests: impl IntoIterator<Item = (Request, Receiver<Answer>)>,
) -> Vec<Answer> {
    let (queue, waiting) = channel();
    let answered: Vec<_> = requests
        .into_iter()
        .map(|(request, answered)| {
            queue.send(request).unwrap();
            answered
        })
        .collect();
    drop(queue);
    run(connection, &waiting);
    answered
        .into_iter()
        .map(|answer| answer.recv().unwrap())
        .collect()
}

fn keys(connection: &Connection) -> Vec<String> {
    let mut query = connection
        .prepare("SELECT CAST(key AS TEXT) FROM guestpass_entry ORDER BY key")
        .unwrap();
    query
        .query_map([], |row| row.get(0))
        .unwrap()
        .collect::<Result<_, _>>()
        .unwrap()
}

fn data_version_steps(connection: &Connection) -> u64 {
    connection
        .query_row(
            "SELECT value FROM guestpass_meta WHERE name = 'version'",
            [],
            |row| row.get::<_, i64>(0),
        )
        .unwrap() as u64
}

fn unavailable(answer: &Answer, sentence: &str) -> bool {
    matches!(answer, Err(StoreFailure::Unavailable(reason)) if reason.contains(sentence))
}

#[test]
fn commits_that_wait_together_are_decided_one_after_the_other() {
    let (_dir, connection) = database();
    let given = answers(
        &connection,
        [request("a", 1), request("a", 1), request("b", 1)],
    );
    assert_eq!(given, [Ok(()), Err(StoreFailure::Conflict), Ok(())]);
    assert_eq!(keys(&connection), ["a", "b"]);
    assert_eq!(
        data_version_steps(&connection),
        2,
        "a conflict takes no version"
    );
}

#[test]
fn commits_that_wait_together_are_one_transaction() {
    let (dir, connection) = database();
    let other = Connection::open(dir.path().join("store.sqlite")).unwrap();
    connection
        .execute_batch("PRAGMA wal_checkpoint(TRUNCATE)")
        .unwrap();
    let given = answers(
        &connection,
        (0..50).map(|number| request(&format!("k{number}"), 1)),
    );
    assert!(given.iter().all(Result::is_ok));
    // Fifty commits of a page each would have written fifty frames.
    let frames: i64 = other
        .query_row("PRAGMA wal_checkpoint(PASSIVE)", [], |row| row.get(1))
        .unwrap();
    assert!((1..=10).contains(&frames), "{frames} frames");
}

#[test]
fn a_commit_that_fills_the_disk_fails_alone() {
    let (_dir, connection) = database();
    let pages: i64 = connection
        .query_row("PRAGMA page_count", [], |row| row.get(0))
        .unwrap();
    connection
        .pragma_update(None, "max_page_count", pages + 4)
        .unwrap();
    let given = answers(
        &connection,
        [request("a", 1), request("large", 60_000), request("b", 1)],
    );
    assert_eq!(given[0], Ok(()));
    assert!(unavailable(&given[1], "the disk is full"), "{given:?}");
    assert_eq!(given[2], Ok(()));
    assert_eq!(keys(&connection), ["a", "b"]);
    assert_eq!(
        answers(&connection, [request("after", 1)]),
        [Ok(())],
        "and the store goes on"
    );
}

#[test]
fn what_may_not_be_written_is_refused_as_that() {
    let (_dir, connection) = database();
    connection.pragma_update(None, "query_only", true).unwrap();
    let given = answers(&connection, [request("a", 1), request("b", 1)]);
    assert!(
        given
            .iter()
            .all(|answer| unavailable(answer, "may not be written")),
        "{given:?}"
    );
    connection.pragma_update(None, "query_only", false).unwrap();
    assert!(keys(&connection).is_empty());
}

#[test]
fn a_lost_version_counter_is_damage_and_not_a_new_beginning() {
    let (_dir, connection) = database();
    connection
        .execute("DELETE FROM guestpass_meta WHERE name = 'version'", [])
        .unwrap();
    let given = answers(&connection, [request("a", 1)]);
    assert!(unavailable(&given[0], "damaged"), "{given:?}");
    assert!(keys(&connection).is_empty());
}
