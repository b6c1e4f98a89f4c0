//! Whether a change costs more the longer the history of its site is, and what it takes to verify a million records.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;

use guestpass::ports::{Put, Store as _, SystemClock};
use guestpass::store::{MemoryStore, SqliteStore};
use guestpass_core::keys::Keys;
use guestpass_core::names::SiteId;
use guestpass_tests::catalogue::wordpress;

use crate::measure::{Samples, nanos, sampled, time};
use crate::native::Native;
use crate::report::{Row, Target, Unit};
use crate::resident::{self, Resident};
use crate::site::write_all;
use crate::town::{SITE, Town};
use crate::world::{World, administrator};

const LONG: usize = 1_000_000;
const SHORT: usize = 1_000;
/// Of one grant, as of one that was in use for a while.
const OF_A_GRANT: usize = 10;
/// What happens in a sample, and how many samples there are.
const NEW: usize = 500;
const ROUNDS: usize = 9;
/// Asks this program to do nothing but verify the site in a file.
const VERIFY: &str = "--verify-alone";
/// Entries that are copied at a time.
const COPIED: u32 = 10_000;

/// Measures all of it in files of this directory.
pub fn rows(directory: &Path, cache: &Path) -> Vec<Row> {
    let past = |records| Past::build(directory, cache, records);
    let (long, short) = (past(LONG), past(SHORT));
    let verified = verified_alone(&long.path, cache);
    let [changed_long, changed_short, logged_long, logged_short] = sampled(
        ROUNDS,
        [
            &mut || long.change(),
            &mut || short.change(),
            &mut || long.log(),
            &mut || short.log(),
        ],
    );
    let beside_short = |what: &str, long, short: &Samples| {
        Row::value(format!("{what}, 1 million records"), Unit::Nanos, long)
            .beside("1 thousand", short)
            .target(Target::RatioAtMost(1.3))
    };
    let mut rows = vec![
        beside_short("a change with its record", changed_long, &changed_short),
        beside_short("500 records put into the log", logged_long, &logged_short),
    ];
    rows.extend(verified);
    rows
}

/// A site on disk with a history, all of it in the log.
struct Past {
    world: World,
    path: PathBuf,
}

impl Past {
    /// Made by the rules themselves, linked natively and on a store in memory, and written to a file at once.
    fn build(directory: &Path, cache: &Path, records: usize) -> Self {
        let town = Town::new(wordpress());
        let store = Arc::new(MemoryStore::default());
        let native = Native::new(&town, &store, Arc::new(SystemClock));
        let grants = records / OF_A_GRANT;
        (0..grants).for_each(|_| native.create_with_history(OF_A_GRANT));
        native.log_everything();
        let path = directory.join(format!("history-of-{records}.db"));
        drop(SqliteStore::open(&path).expect("a store"));
        write_all(&path, &delivered(&store)).expect("the entries are written");
        let on_disk = SqliteStore::open(&path).expect("a store");
        let world = World::new(&town, on_disk, cache).with_guests_from(grants as u64);
        Self { world, path }
    }

    /// One change, on average.
    fn change(&self) -> f64 {
        let (took, ()) = time(|| {
            for _ in 0..NEW {
                self.world.create(administrator());
            }
        });
        nanos(took) / NEW as f64
    }

    /// Puts what has changed into the log.
    fn log(&self) -> f64 {
        let (took, swept) = time(|| self.world.sweep());
        assert_eq!((swept.logged as usize, swept.more), (NEW, false));
        nanos(took)
    }
}

/// Everything that is stored, as if all events had been delivered.
fn delivered(store: &MemoryStore) -> Vec<Put> {
    let site = SiteId::parse(SITE).expect("a site's name");
    let (mut start, end) = Keys(&site).everything();
    let outbox = Keys(&site).outbox_all();
    let mut all = Vec::new();
    loop {
        let page = store
            .scan(&start, &end, COPIED, false)
            .expect("memory is read");
        let Some(last) = page.last() else {
            return all;
        };
        start.clone_from(&last.key);
        start.push(0);
        let kept = page
            .into_iter()
            .filter(|entry| entry.key < outbox.0 || entry.key >= outbox.1);
        all.extend(kept.map(|entry| Put {
            key: entry.key,
            value: entry.value,
        }));
    }
}

/// How long it takes, and the most memory that the process had which did it: one of its own, with nothing else in it.
fn verified_alone(path: &Path, cache: &Path) -> [Row; 2] {
    let takes = "verify 1 million records";
    let peak = "the most memory that verifying them took";
    match ask_to_verify(path, cache) {
        Ok((took, bytes)) => [
            Row::value(takes, Unit::Nanos, Samples::exactly(took)).target(Target::AtMost(10e9)),
            match bytes {
                Some(bytes) => Row::value(peak, Unit::Bytes, Samples::exactly(bytes))
                    .target(Target::AtMost(200e6)),
                None => Row::skipped(peak, "this system does not tell"),
            },
        ],
        Err(why) => [Row::skipped(takes, why.clone()), Row::skipped(peak, why)],
    }
}

fn ask_to_verify(path: &Path, cache: &Path) -> Result<(f64, Option<f64>), String> {
    let this = std::env::current_exe().map_err(|error| error.to_string())?;
    let asked = Command::new(this).arg(VERIFY).args([path, cache]).output();
    let output = asked.map_err(|error| format!("this program does not start: {error}"))?;
    let said = String::from_utf8_lossy(&output.stdout);
    let mut numbers = said.split_whitespace().map(str::parse::<f64>);
    match numbers.next() {
        Some(Ok(took)) if output.status.success() => {
            Ok((took, numbers.next().and_then(Result::ok)))
        }
        _ => Err(String::from_utf8_lossy(&output.stderr).trim().to_owned()),
    }
}

/// Verifies the site in a file and tells what that took, if that is what this process was started for.
pub fn verify_if_asked(arguments: &[String]) -> bool {
    let [flag, path, cache] = arguments else {
        return false;
    };
    if flag != VERIFY {
        return false;
    }
    let store = SqliteStore::open(Path::new(path)).expect("a store");
    let world = World::new(&Town::new(wordpress()), store, Path::new(cache));
    let (took, records) = time(|| world.verify());
    assert_eq!(records, LONG as u64, "all of them are read");
    println!("{}", nanos(took));
    if let Some(bytes) = resident::of("self", Resident::Peak) {
        println!("{bytes}");
    }
    true
}
