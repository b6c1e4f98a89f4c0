//! What a call costs when it is on disk before it returns, for one client and for many, beside the least that a durable
//! program can do: write one row and wait for the disk, over and over.

use std::path::Path;

use guestpass::store::SqliteStore;
use guestpass_tests::catalogue::wordpress;
use rusqlite::{Connection, params};

use crate::measure::{Samples, rate, time};
use crate::report::{Row, Target, Unit};
use crate::town::Town;
use crate::world::{World, administrator};

/// Many short ones: a disk may take ten times as long for a while, and then as little again.
const ROUNDS: usize = 25;

/// So many clients at once, and how many calls each makes in a sample.
struct Clients {
    count: usize,
    writes: usize,
    reads: usize,
}

const ONE: Clients = Clients {
    count: 1,
    writes: 40,
    reads: 1_000,
};
const MANY: Clients = Clients {
    count: 64,
    writes: 10,
    reads: 50,
};

/// Calls a second.
#[derive(Default)]
struct Rates {
    create: Samples,
    first_use: Samples,
    later_use: Samples,
    resolve: Samples,
}

/// Measures all of it in files of this directory.
pub fn rows(directory: &Path, cache: &Path) -> Vec<Row> {
    let plain = PlainLoop::open(&directory.join("plain.db"));
    let store = SqliteStore::open(&directory.join("durable.db")).expect("a store");
    let world = World::new(&Town::new(wordpress()), store, cache);
    let (mut plainly, mut one, mut many) = (Samples::default(), Rates::default(), Rates::default());
    for _ in 0..ROUNDS {
        plainly.push(plain.rate());
        one.sample(&world, &ONE);
        many.sample(&world, &MANY);
    }

    let row = |what: &str, clients: &Clients, rates: &Samples| {
        let plural = if clients.count == 1 { "" } else { "s" };
        Row::value(
            format!("{what}, {} client{plural}", clients.count),
            Unit::PerSecond,
            rates.clone(),
        )
    };
    let beside_plain =
        |what, clients, rates| row(what, clients, rates).beside("one fsync each", &plainly);
    let wanted = Target::RatioAtLeast(3.0);
    vec![
        beside_plain("create", &ONE, &one.create),
        beside_plain("create", &MANY, &many.create),
        beside_plain(
            "redeem, first use of a link (two commits)",
            &ONE,
            &one.first_use,
        ),
        beside_plain(
            "redeem, first use of a link (two commits)",
            &MANY,
            &many.first_use,
        )
        .target(wanted),
        beside_plain("redeem, later use (one commit)", &ONE, &one.later_use),
        beside_plain("redeem, later use (one commit)", &MANY, &many.later_use).target(wanted),
        row("resolve", &ONE, &one.resolve),
        row("resolve", &MANY, &many.resolve).beside("1 client", &one.resolve),
    ]
}

impl Rates {
    fn sample(&mut self, world: &World, clients: &Clients) {
        let Clients {
            count,
            writes,
            reads,
        } = *clients;
        let (created, links) = rate(count, writes, |_| world.create(administrator()));
        let (first_use, sessions) = rate(count, writes, |number| world.redeem(&links[number]));
        let (later_use, _) = rate(count, writes, |number| world.redeem(&links[number]));
        let (resolved, _) = rate(count, reads, |number| {
            world.resolve(&sessions[number % sessions.len()])
        });
        self.create.push(created);
        self.first_use.push(first_use);
        self.later_use.push(later_use);
        self.resolve.push(resolved);
    }
}

/// One row a transaction, each waited for.
struct PlainLoop(Connection);

impl PlainLoop {
    const ROWS: usize = 60;

    fn open(path: &Path) -> Self {
        let connection = Connection::open(path).expect("a database");
        connection
            .execute_batch(
                "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;
                 CREATE TABLE entry (key INTEGER PRIMARY KEY, value BLOB NOT NULL);",
            )
            .expect("a table");
        Self(connection)
    }

    fn rate(&self) -> f64 {
        let mut insert = self
            .0
            .prepare_cached("INSERT INTO entry (value) VALUES (?1)")
            .expect("a statement");
        let (took, ()) = time(|| {
            for _ in 0..Self::ROWS {
                insert
                    .execute(params![[7_u8; 256]])
                    .expect("a row is written");
            }
        });
        Self::ROWS as f64 / took.as_secs_f64()
    }
}
