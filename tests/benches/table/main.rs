//! Measures Guestpass and prints one table of ratios, each formed from what was sampled in turns in this one run:
//!
//! ```console
//! $ cargo build --release -p guestpass-host            # for the memory of an idle server
//! $ cargo bench -p guestpass-tests --features peers
//! $ cargo bench -p guestpass-tests -- memory scale     # only these sections, and without building the others
//! ```
//!
//! Takes about six minutes and, for a while, three gigabytes on the disk that the target directory is on, which is the disk
//! that the durable calls are measured on. What is short is timed well only on a machine that does nothing else; the
//! ratios bear some company, since both sides of each have it.

mod accounts;
mod durable;
mod footprint;
mod history;
mod measure;
mod memory;
mod native;
#[cfg(feature = "peers")]
mod peers;
#[cfg(not(feature = "peers"))]
#[path = "no_peers.rs"]
mod peers;
mod plugins;
mod policy;
mod report;
mod resident;
mod scale;
mod screens;
mod site;
mod start;
mod town;
mod world;

use std::path::Path;

use report::Row;

type Measure = fn(&Path, &Path) -> Vec<Row>;

/// What can be asked for by name, how it is headed, and how it is measured: in this directory, with this cache.
const SECTIONS: [(&str, &str, Measure); 11] = [
    (
        "memory",
        "Through the component, beside the rules linked natively; store in memory",
        |_, cache| memory::rows(cache),
    ),
    (
        "policy",
        "With a policy of every setting and tries counted, beside neither; store in memory",
        |_, cache| policy::rows(cache),
    ),
    (
        "peers",
        "May this guest do this? Others, beside Guestpass: above 1, Guestpass is faster",
        |_, cache| peers::rows(cache),
    ),
    (
        "durable",
        "On disk: SQLite, write-ahead log, synchronous=FULL",
        durable::rows,
    ),
    (
        "scale",
        "Large sites beside small ones; SQLite as above",
        scale::rows,
    ),
    ("history", "Long histories; SQLite as above", history::rows),
    (
        "accounts",
        "Accounts of one user; SQLite as above",
        accounts::rows,
    ),
    (
        "screens",
        "Pages, through the component; SQLite as above",
        screens::rows,
    ),
    ("start", "Until the engine can be asked", |_, cache| {
        start::rows(cache)
    }),
    (
        "plugins",
        "Plugins: a filter that objects to nothing",
        plugins::rows,
    ),
    ("footprint", "Size", |directory, _| {
        footprint::rows(directory)
    }),
];

fn main() {
    let arguments: Vec<_> = std::env::args().skip(1).collect();
    if history::verify_if_asked(&arguments) {
        return;
    }
    // Cargo adds `--bench`.
    let wanted: Vec<_> = arguments
        .into_iter()
        .filter(|argument| !argument.starts_with('-'))
        .collect();
    let directory = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR"))
        .expect("a directory on the target's disk");
    let cache = directory.path().join("compiled");
    let mut sections = Vec::new();
    for (name, heading, measure) in SECTIONS {
        if wanted.is_empty() || wanted.iter().any(|wanted| wanted == name) {
            eprintln!("measuring: {name}");
            // A directory each: two sections give their databases the same name.
            let own = directory.path().join(name);
            std::fs::create_dir(&own).expect("a directory");
            sections.push((heading, measure(&own, &cache)));
        }
    }
    report::print(&sections);
}
