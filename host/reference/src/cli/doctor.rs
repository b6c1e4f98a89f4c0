//! `doctor`: one look at everything that could be wrong, each with what to do.

use std::path::Path;

use guestpass::component;
use guestpass::ports::{Put, Store as _, StoreFailure};
use guestpass::store::SqliteStore;
use serde_json::json;

use super::history;
use crate::cms::db::Db;
use crate::config::Settings;
use crate::host::Host;
use crate::output::{self, Answer};
use crate::problem::Problem;
use crate::when;

/// A clock before this is wrong: 1 November 2026, when this was written.
const CLOCK_FLOOR: u64 = 1_793_491_200_000;
/// What is overdue by more than this was not swept: ten minutes.
const LATE: u64 = 10 * 60 * 1000;

struct Finding {
    name: &'static str,
    fine: bool,
    message: String,
}

fn finding(name: &'static str, fine: bool, message: impl Into<String>) -> Finding {
    Finding {
        name,
        fine,
        message: message.into(),
    }
}

pub(super) fn run(settings: &Settings) -> Result<Answer, Problem> {
    let host = Host::open(settings)?;
    let findings = [
        database(&host),
        writable(settings),
        engine(),
        cache(&settings.cache()),
        clock(&host),
        guests(&host),
        history(&host),
        backlog(&host),
    ];
    let fine = findings.iter().all(|finding| finding.fine);
    let rows = findings.iter().map(|finding| {
        let mark = if finding.fine { "ok" } else { "WRONG" };
        [
            finding.name.to_owned(),
            mark.to_owned(),
            finding.message.clone(),
        ]
    });
    let text = output::table(rows);
    let json: Vec<_> = findings
        .iter()
        .map(|finding| json!({ "name": finding.name, "fine": finding.fine, "message": finding.message }))
        .collect();
    Ok(Answer::new(text, json!({ "fine": fine, "findings": json })).with_verdict(fine))
}

fn database(host: &Host) -> Finding {
    let looked = host.db.read(|c| {
        let check: String = c.query_row("PRAGMA quick_check(1)", [], |row| row.get(0))?;
        let stray: Option<String> = c
            .query_row("SELECT count(*) FROM pragma_foreign_key_check", [], |row| {
                row.get(0)
            })
            .map(|count: u32| {
                (count > 0).then(|| format!("{count} rows name something that is not there"))
            })?;
        Ok((check, stray))
    });
    match looked {
        Ok((check, None)) if check == "ok" => finding(
            "database",
            true,
            format!(
                "{}, schema {}",
                host.db.path().display(),
                Db::newest_schema()
            ),
        ),
        Ok((_, Some(stray))) => finding("database", false, stray),
        Ok((check, None)) => finding("database", false, check),
        Err(problem) => finding("database", false, problem.message),
    }
}

/// Writes a key under a site that cannot exist and takes it away again.
fn writable(settings: &Settings) -> Finding {
    let key = b"=doctor\0probe".to_vec();
    let tried = SqliteStore::open(&settings.database())
        .map_err(|error| error.to_string())
        .and_then(|store| {
            let put = Put {
                key: key.clone(),
                value: b"probe".to_vec(),
            };
            store.commit(&[], &[put], &[]).map_err(why)?;
            store.commit(&[], &[], &[key]).map_err(why)
        });
    match tried {
        Ok(()) => finding("store", true, "can be written"),
        Err(why) => finding("store", false, why),
    }
}

fn why(failure: StoreFailure) -> String {
    match failure {
        StoreFailure::Conflict => "somebody else wrote the probe at the same time".to_owned(),
        StoreFailure::Unavailable(why) => why,
    }
}

fn engine() -> Finding {
    let info = component::info();
    finding(
        "component",
        true,
        format!(
            "version {}, {} bytes, SHA-256 {}",
            info.version, info.size, info.sha256
        ),
    )
}

fn cache(directory: &Path) -> Finding {
    match std::fs::read_dir(directory) {
        Ok(files) => finding(
            "cache",
            true,
            format!("{}, {} files", directory.display(), files.count()),
        ),
        Err(error) => finding(
            "cache",
            false,
            format!(
                "{}: {error}; the engine compiles anew at each start",
                directory.display()
            ),
        ),
    }
}

/// Whether guests are let in. Not to be is no fault: somebody wanted it.
fn guests(host: &Host) -> Finding {
    match host.engine.deactivated(&host.site) {
        Ok(None) => finding("guests", true, "are let in"),
        Ok(Some(since)) => finding(
            "guests",
            true,
            format!(
                "are not let in since {}: the site is deactivated; `guestpass site activate` lets them in",
                when::rfc3339(since)
            ),
        ),
        Err(refusal) => finding("guests", false, refusal.message),
    }
}

fn clock(host: &Host) -> Finding {
    let now = host.clock.now();
    let newest: Result<Option<i64>, _> = host.db.read(|c| {
        c.query_row("SELECT max(at) FROM (SELECT max(created) AS at FROM user UNION SELECT max(changed) FROM post)", [], |row| {
            row.get(0)
        })
    });
    match newest {
        Err(problem) => finding("clock", false, problem.message),
        Ok(_) if now < CLOCK_FLOOR => finding(
            "clock",
            false,
            format!("{} is long past; set the clock", when::rfc3339(now)),
        ),
        Ok(Some(newest)) if u64::try_from(newest).is_ok_and(|newest| newest > now) => finding(
            "clock",
            false,
            format!(
                "{} is before what is stored; the clock went back",
                when::rfc3339(now)
            ),
        ),
        Ok(_) => finding("clock", true, when::rfc3339(now)),
    }
}

fn history(host: &Host) -> Finding {
    match history::verify(&host.engine, &host.site, None) {
        Ok(verified) if verified.faults.is_empty() => finding("history", true, verified.counts()),
        Ok(verified) => finding(
            "history",
            false,
            format!(
                "{} faults; `guestpass history verify` shows them",
                verified.faults.len()
            ),
        ),
        Err(problem) => finding("history", false, problem.message),
    }
}

fn backlog(host: &Host) -> Finding {
    let now = host.clock.now();
    match host.engine.next_due(&host.site) {
        Ok(Some(due)) if due.saturating_add(LATE) < now => finding(
            "upkeep",
            false,
            format!(
                "due since {}; run `guestpass sweep`, or `guestpass serve` all the time",
                when::words(now, due)
            ),
        ),
        Ok(Some(due)) => finding(
            "upkeep",
            true,
            format!("next due {}", when::words(now, due)),
        ),
        Ok(None) => finding("upkeep", true, "nothing is due"),
        Err(refusal) => finding("upkeep", false, refusal.message),
    }
}
