//! Whether a store keeps the contract. For the tests of whoever writes one:
//!
//! ```
//! use std::sync::Arc;
//! use guestpass::store::{MemoryStore, conformance};
//!
//! let store = Arc::new(MemoryStore::default());
//! conformance::check(|| store.clone()).unwrap();
//! ```

use std::fmt;
use std::sync::Barrier;

use crate::ports::{Check, Put, Store, StoreFailure, Stored};

/// A rule that a store does not keep.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Violation {
    rule: &'static str,
    found: String,
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the store breaks a rule: {} ({})", self.rule, self.found)
    }
}

impl std::error::Error for Violation {}

/// A rule and the try that breaks it, which gets keys of its own.
type Rule = (&'static str, fn(&Case<'_>) -> Result<(), String>);

const RULES: [Rule; 9] = [
    ("absent keys have no entry", absent_keys_have_no_entry),
    (
        "entries come in the order of the keys asked for",
        entries_come_in_the_order_asked,
    ),
    ("any bytes can be a key or a value", any_bytes_are_kept),
    (
        "a check holds for exactly the version that is there",
        checks_hold_for_the_present_version,
    ),
    (
        "a commit of which one check fails writes nothing",
        a_failed_check_writes_nothing,
    ),
    (
        "versions are never used again, also not after a delete",
        versions_are_never_used_again,
    ),
    (
        "a scan gives start <= key < end, ordered, up to the limit",
        scans_are_bounded_and_ordered,
    ),
    (
        "of commits that check the same version one wins",
        of_racing_commits_one_wins,
    ),
    (
        "a read sees all of a commit or nothing of it",
        reads_see_whole_commits,
    ),
];

/// Tries every rule. `open` opens the store, which must hold nothing under the site `conformance`, and is called again to
/// see whether what was committed is still there.
///
/// # Errors
/// The first rule that does not hold, with what was found instead.
pub fn check<S: Store>(open: impl Fn() -> S) -> Result<(), Violation> {
    let store = open();
    for (number, (rule, attempt)) in RULES.iter().enumerate() {
        let case = Case {
            store: &store,
            number,
        };
        attempt(&case).map_err(|found| Violation { rule, found })?;
    }
    let case = Case {
        store: &store,
        number: RULES.len(),
    };
    let found = case
        .commit(&[], &[("kept", "value")], &[])
        .and_then(|()| case.one("kept"));
    drop(store);
    let reopened = open();
    let again = Case {
        store: &reopened,
        number: RULES.len(),
    }
    .one("kept");
    if found.is_ok() && found == again {
        Ok(())
    } else {
        let rule = "what was committed is still there when the store is opened again";
        Err(Violation {
            rule,
            found: format!("{found:?} became {again:?}"),
        })
    }
}

/// The keys of one rule.
struct Case<'a> {
    store: &'a dyn Store,
    number: usize,
}

impl Case<'_> {
    fn key(&self, name: impl AsRef<[u8]>) -> Vec<u8> {
        let mut key = format!("conformance\0{}/", self.number).into_bytes();
        key.extend_from_slice(name.as_ref());
        key
    }

    fn one(&self, name: &str) -> Result<Option<Stored>, String> {
        let mut entries = self.store.get(&[self.key(name)]).map_err(told)?;
        same("entries for one key", entries.len(), 1)?;
        Ok(entries.pop().flatten())
    }

    fn version(&self, name: &str) -> Result<u64, String> {
        Ok(self.one(name)?.map_or(0, |entry| entry.version))
    }

    fn try_commit(
        &self,
        checks: &[(&str, u64)],
        puts: &[(&str, &str)],
        deletes: &[&str],
    ) -> Result<(), StoreFailure> {
        let check = |(name, version): &(&str, u64)| Check {
            key: self.key(name),
            version: *version,
        };
        let put = |(name, value): &(&str, &str)| Put {
            key: self.key(name),
            value: value.as_bytes().to_vec(),
        };
        self.store.commit(
            &checks.iter().map(check).collect::<Vec<_>>(),
            &puts.iter().map(put).collect::<Vec<_>>(),
            &deletes
                .iter()
                .map(|name| self.key(name))
                .collect::<Vec<_>>(),
        )
    }

    fn commit(
        &self,
        checks: &[(&str, u64)],
        puts: &[(&str, &str)],
        deletes: &[&str],
    ) -> Result<(), String> {
        self.try_commit(checks, puts, deletes).map_err(told)
    }

    fn conflicts(
        &self,
        checks: &[(&str, u64)],
        puts: &[(&str, &str)],
        deletes: &[&str],
    ) -> Result<(), String> {
        same(
            "a commit that must not happen",
            self.try_commit(checks, puts, deletes),
            Err(StoreFailure::Conflict),
        )
    }
}

fn told(failure: StoreFailure) -> String {
    match failure {
        StoreFailure::Conflict => "a commit without reason to fail conflicted".to_owned(),
        StoreFailure::Unavailable(reason) => reason,
    }
}

fn same<T: PartialEq + fmt::Debug>(what: &str, found: T, expected: T) -> Result<(), String> {
    if found == expected {
        Ok(())
    } else {
        Err(format!("{what}: found {found:?} instead of {expected:?}"))
    }
}

fn absent_keys_have_no_entry(case: &Case<'_>) -> Result<(), String> {
    same("an absent key", case.one("absent")?, None)?;
    same(
        "no keys at all",
        case.store.get(&[]).map_err(told)?,
        Vec::new(),
    )?;
    case.commit(&[("absent", 0)], &[], &["absent"])?;
    same("an absent key that was deleted", case.one("absent")?, None)
}

fn entries_come_in_the_order_asked(case: &Case<'_>) -> Result<(), String> {
    case.commit(&[], &[("a", "1"), ("b", "2")], &[])?;
    let names = ["b", "nothing", "a", "b"];
    let entries = case
        .store
        .get(&names.map(|name| case.key(name)))
        .map_err(told)?;
    let values: Vec<_> = entries
        .iter()
        .map(|entry| entry.as_ref().map(|entry| entry.value.as_slice()))
        .collect();
    same(
        "values",
        values,
        vec![Some(b"2".as_slice()), None, Some(b"1"), Some(b"2")],
    )
}

fn any_bytes_are_kept(case: &Case<'_>) -> Result<(), String> {
    let every_byte: Vec<u8> = (0..=255).collect();
    let (key, long) = (case.key(&every_byte[128..]), case.key([b'k'; 200]));
    let puts = [
        Put {
            key: key.clone(),
            value: Vec::new(),
        },
        Put {
            key: long.clone(),
            value: every_byte.repeat(256),
        },
    ];
    case.store.commit(&[], &puts, &[]).map_err(told)?;
    let entries = case.store.get(&[key, long]).map_err(told)?;
    let lengths: Vec<_> = entries
        .iter()
        .flatten()
        .map(|entry| entry.value.len())
        .collect();
    same(
        "lengths of an empty value and one of 64 KiB",
        lengths,
        vec![0, 65536],
    )?;
    let kept = entries
        .into_iter()
        .flatten()
        .zip(puts)
        .all(|(stored, put)| stored.value == put.value);
    same("bytes kept", kept, true)
}

fn checks_hold_for_the_present_version(case: &Case<'_>) -> Result<(), String> {
    case.commit(&[("k", 0)], &[("k", "1")], &[])?;
    let first = case.version("k")?;
    case.conflicts(&[("k", 0)], &[("k", "2")], &[])?;
    case.conflicts(&[("k", first + 1)], &[("k", "2")], &[])?;
    case.conflicts(&[("other", first)], &[("k", "2")], &[])?;
    case.commit(&[("k", first), ("other", 0)], &[("k", "2")], &[])?;
    case.conflicts(&[("k", first)], &[("k", "3")], &[])?;
    case.commit(&[("k", case.version("k")?)], &[], &["k"])?;
    case.commit(&[("k", 0)], &[], &[])
}

fn a_failed_check_writes_nothing(case: &Case<'_>) -> Result<(), String> {
    case.commit(&[], &[("stays", "1"), ("too", "1")], &[])?;
    let before = (case.one("stays")?, case.one("too")?);
    case.conflicts(
        &[("stays", case.version("stays")?), ("too", 0)],
        &[("stays", "2"), ("new", "2")],
        &["too"],
    )?;
    same(
        "after a conflict",
        (case.one("stays")?, case.one("too")?),
        before,
    )?;
    same("a key of a commit that conflicted", case.one("new")?, None)
}

fn versions_are_never_used_again(case: &Case<'_>) -> Result<(), String> {
    let mut seen = Vec::new();
    for round in 0..5 {
        case.commit(&[], &[("k", "same")], &[])?;
        let version = case.version("k")?;
        if version == 0 || seen.contains(&version) {
            return Err(format!("version {version} after {seen:?}"));
        }
        seen.push(version);
        if round % 2 == 0 {
            case.commit(&[], &[], &["k"])?;
        }
    }
    Ok(())
}

fn scans_are_bounded_and_ordered(case: &Case<'_>) -> Result<(), String> {
    // Byte order, not that of words or numbers; a key that another begins with comes first.
    let names: [&[u8]; 6] = [b"a", b"a\0", b"a0", b"b", b"\xc3\xa9", b"\xff"];
    let puts = names.map(|name| Put {
        key: case.key(name),
        value: b"v".to_vec(),
    });
    case.store.commit(&[], &puts, &[]).map_err(told)?;
    let scan = |start: &[u8], end: &[u8], limit, backwards| {
        let entries = case
            .store
            .scan(&case.key(start), &case.key(end), limit, backwards)
            .map_err(told)?;
        Ok::<_, String>(
            entries
                .into_iter()
                .map(|entry| entry.key)
                .collect::<Vec<_>>(),
        )
    };
    let keys = |names: &[&[u8]]| names.iter().map(|name| case.key(name)).collect::<Vec<_>>();

    same(
        "everything",
        scan(b"", b"\xff\xff", 100, false)?,
        keys(&names),
    )?;
    same(
        "everything backwards",
        scan(b"", b"\xff\xff", 100, true)?,
        keys(
            &names
                .map(|name| name)
                .iter()
                .rev()
                .copied()
                .collect::<Vec<_>>(),
        ),
    )?;
    same(
        "from a key on to before another",
        scan(b"a\0", b"b", 100, false)?,
        keys(&[b"a\0", b"a0"]),
    )?;
    same(
        "the first two",
        scan(b"", b"\xff\xff", 2, false)?,
        keys(&[b"a", b"a\0"]),
    )?;
    same(
        "the last two",
        scan(b"", b"\xff\xff", 2, true)?,
        keys(&[b"\xff", b"\xc3\xa9"]),
    )?;
    same(
        "none of them",
        scan(b"", b"\xff\xff", 0, false)?,
        Vec::new(),
    )?;
    same(
        "nothing between a key and itself",
        scan(b"b", b"b", 100, false)?,
        Vec::new(),
    )?;
    same(
        "nothing where the end is before the start",
        scan(b"b", b"a", 100, true)?,
        Vec::new(),
    )
}

fn of_racing_commits_one_wins(case: &Case<'_>) -> Result<(), String> {
    const RACERS: usize = 8;
    const ROUNDS: usize = 25;
    case.commit(&[], &[("counter", "0")], &[])?;
    let start = Barrier::new(RACERS);
    let wins = std::thread::scope(|scope| {
        let racers: Vec<_> = (0..RACERS)
            .map(|_| scope.spawn(|| race(case, &start, ROUNDS)))
            .collect();
        racers
            .into_iter()
            .map(|racer| {
                racer
                    .join()
                    .unwrap_or_else(|_| Err("the store panicked".to_owned()))
            })
            .sum::<Result<usize, _>>()
    })?;
    same("increments that won", wins, RACERS * ROUNDS)?;
    let counted = case.one("counter")?.map(|entry| entry.value);
    same(
        "the counter",
        counted,
        Some((RACERS * ROUNDS).to_string().into_bytes()),
    )
}

/// Increments the counter so many times, each time over if somebody else was faster.
fn race(case: &Case<'_>, start: &Barrier, rounds: usize) -> Result<usize, String> {
    start.wait();
    for _ in 0..rounds {
        loop {
            let entry = case.one("counter")?.ok_or("the counter is gone")?;
            let count: usize = String::from_utf8_lossy(&entry.value)
                .parse()
                .map_err(|_| "the counter is no number")?;
            match case.try_commit(
                &[("counter", entry.version)],
                &[("counter", &(count + 1).to_string())],
                &[],
            ) {
                Ok(()) => break,
                Err(StoreFailure::Conflict) => {}
                Err(failure) => return Err(told(failure)),
            }
        }
    }
    Ok(rounds)
}

fn reads_see_whole_commits(case: &Case<'_>) -> Result<(), String> {
    const ROUNDS: u32 = 50;
    let names = ["one", "two", "three"];
    let write = |round: u32| {
        let value = round.to_string();
        case.commit(&[], &names.map(|name| (name, value.as_str())), &[])
    };
    write(0)?;
    std::thread::scope(|scope| {
        let writer = scope.spawn(|| (1..=ROUNDS).try_for_each(write));
        while !writer.is_finished() {
            let read = case
                .store
                .get(&names.map(|name| case.key(name)))
                .map_err(told)?;
            let scanned = case
                .store
                .scan(&case.key(""), &case.key("\x7f"), 3, false)
                .map_err(told)?;
            for mut values in [
                read.into_iter()
                    .flatten()
                    .map(|entry| entry.value)
                    .collect::<Vec<_>>(),
                scanned.into_iter().map(|entry| entry.value).collect(),
            ] {
                values.dedup();
                same("different values in one read", values.len(), 1)?;
            }
        }
        writer
            .join()
            .unwrap_or_else(|_| Err("the store panicked".to_owned()))
    })
}
