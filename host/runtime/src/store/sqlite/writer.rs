//! The thread that writes: it takes all commits that wait and makes them durable with one fsync.

use std::sync::mpsc::{Receiver, Sender, SyncSender, channel, sync_channel};
use std::thread::JoinHandle;

use rusqlite::{Connection, OptionalExtension, params};

use super::trouble::SqliteTrouble;
use super::version::Version;
use crate::ports::{Check, Put, StoreFailure};

/// Commits in one transaction at most, so that the first of them does not wait for too many others.
const MOST: usize = 256;

const VERSION: &str = "SELECT value FROM guestpass_meta WHERE name = 'version'";
const SET_VERSION: &str = "UPDATE guestpass_meta SET value = ?1 WHERE name = 'version'";
const CHECK: &str = "SELECT version FROM guestpass_entry WHERE key = ?1";
const PUT: &str = "INSERT INTO guestpass_entry (key, value, version) VALUES (?1, ?2, ?3)
    ON CONFLICT (key) DO UPDATE SET value = excluded.value, version = excluded.version";
const DELETE: &str = "DELETE FROM guestpass_entry WHERE key = ?1";

type Answer = Result<(), StoreFailure>;

/// Owns the thread. Dropping it ends the thread once everything that was accepted is answered.
pub(super) struct Writer {
    /// Always there until the drop, which closes it.
    queue: Option<Sender<Request>>,
    thread: Option<JoinHandle<()>>,
}

struct Request {
    checks: Vec<Check>,
    puts: Vec<Put>,
    deletes: Vec<Vec<u8>>,
    answer: SyncSender<Answer>,
}

/// Where a transaction failed decides whom it concerns.
enum Failed {
    /// Beginning or committing it: everybody in it.
    Together(SqliteTrouble),
    /// One request in it: perhaps only that one.
    Amid(SqliteTrouble),
}

impl Writer {
    pub(super) fn start(connection: Connection) -> Result<Self, SqliteTrouble> {
        let (queue, requests) = channel();
        let thread = std::thread::Builder::new()
            .name("guestpass-writer".to_owned())
            .spawn(move || run(&connection, &requests))
            .map_err(|error| SqliteTrouble::Other(format!("no thread to write with: {error}")))?;
        Ok(Self {
            queue: Some(queue),
            thread: Some(thread),
        })
    }

    /// Hands a commit to the thread and waits for its answer.
    pub(super) fn commit(&self, checks: &[Check], puts: &[Put], deletes: &[Vec<u8>]) -> Answer {
        let (answer, answered) = sync_channel(1);
        let request = Request {
            checks: checks.to_vec(),
            puts: puts.to_vec(),
            deletes: deletes.to_vec(),
            answer,
        };
        let sent = self
            .queue
            .as_ref()
            .is_some_and(|queue| queue.send(request).is_ok());
        if !sent {
            return Err(SqliteTrouble::Closed.into());
        }
        answered
            .recv()
            .unwrap_or_else(|_| Err(SqliteTrouble::Closed.into()))
    }
}

impl Drop for Writer {
    fn drop(&mut self) {
        self.queue = None;
        if let Some(thread) = self.thread.take() {
            // If it panicked there is nothing left to finish.
            let _ = thread.join();
        }
    }
}

fn run(connection: &Connection, requests: &Receiver<Request>) {
    while let Ok(first) = requests.recv() {
        let mut batch = vec![first];
        batch.extend(requests.try_iter().take(MOST - 1));
        match write(connection, &batch) {
            Ok(answers) => {
                for (request, answer) in batch.iter().zip(answers) {
                    reply(request, answer);
                }
            }
            Err(Failed::Amid(_)) if batch.len() > 1 => {
                for request in &batch {
                    let alone = write(connection, std::slice::from_ref(request));
                    reply(
                        request,
                        alone.map_or_else(
                            |failed| Err(failed.into()),
                            |mut one| one.pop().unwrap_or(Ok(())),
                        ),
                    );
                }
            }
            Err(failed) => {
                let failure = StoreFailure::from(failed);
                for request in &batch {
                    reply(request, Err(failure.clone()));
                }
            }
        }
    }
}

fn reply(request: &Request, answer: Answer) {
    // Who asked waits for this, unless its thread was ended.
    let _ = request.answer.send(answer);
}

/// Applies these requests in one transaction: an answer for each, or nothing is written.
fn write(connection: &Connection, batch: &[Request]) -> Result<Vec<Answer>, Failed> {
    let written = write_or_leave_open(connection, batch);
    if written.is_err() && !connection.is_autocommit() {
        // Some failures have ended the transaction already. If this one fails too, the connection is lost, and the next
        // transaction says so.
        let _ = connection.execute_batch("ROLLBACK");
    }
    written
}

fn write_or_leave_open(connection: &Connection, batch: &[Request]) -> Result<Vec<Answer>, Failed> {
    let together = |error: rusqlite::Error| Failed::Together(error.into());
    let run = |sql: &str| connection.prepare_cached(sql)?.execute([]);

    run("BEGIN IMMEDIATE").map_err(together)?;
    // Read anew each time: another process may have written meanwhile.
    let mut version: Version = connection
        .prepare_cached(VERSION)
        .and_then(|mut query| query.query_row([], |row| row.get(0)))
        .map_err(together)?;
    let mut answers = Vec::with_capacity(batch.len());
    for request in batch {
        let answer = apply(connection, request, version.next())
            .map_err(|error| Failed::Amid(error.into()))?;
        if answer.is_ok() {
            version = version.next();
        }
        answers.push(answer);
    }
    if answers.iter().any(Result::is_ok) {
        connection
            .prepare_cached(SET_VERSION)
            .and_then(|mut update| update.execute([version]))
            .map_err(together)?;
    }
    run("COMMIT").map_err(together)?;
    Ok(answers)
}

/// Applies one request, of which nothing is written if one of its checks does not hold.
fn apply(connection: &Connection, request: &Request, version: Version) -> rusqlite::Result<Answer> {
    let mut present = connection.prepare_cached(CHECK)?;
    for check in &request.checks {
        let found: Option<Version> = present
            .query_row([&check.key], |row| row.get(0))
            .optional()?;
        if found.unwrap_or_default().0 != check.version {
            return Ok(Err(StoreFailure::Conflict));
        }
    }
    let mut put = connection.prepare_cached(PUT)?;
    for Put { key, value } in &request.puts {
        put.execute(params![key, value, version])?;
    }
    let mut delete = connection.prepare_cached(DELETE)?;
    for key in &request.deletes {
        delete.execute([key])?;
    }
    Ok(Ok(()))
}

impl From<Failed> for StoreFailure {
    fn from(failed: Failed) -> Self {
        let (Failed::Together(trouble) | Failed::Amid(trouble)) = failed;
        trouble.into()
    }
}

#[cfg(test)]
mod tests;
