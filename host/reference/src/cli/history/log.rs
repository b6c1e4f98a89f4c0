//! The log of history: checkpoints of it, proofs from it, and all of it as a file.

use std::fs::{self, File};
use std::io::{BufWriter, Write, stdout};
use std::path::Path;

use guestpass::{Checkpoint, Logged};
use serde_json::json;

use super::{PAGE, Session};
use crate::host::Host;
use crate::output::{self, Answer, json};
use crate::problem::Problem;
use crate::{upkeep, when};

/// A checkpoint of everything that has happened until now.
fn take(host: &Host) -> Result<Checkpoint, Problem> {
    upkeep::handle(host)?;
    Ok(host.engine.checkpoint(&host.site)?)
}

pub(super) fn checkpoint(host: &Host, out: Option<&Path>) -> Result<Answer, Problem> {
    let checkpoint = take(host)?;
    let json = json!(json::Checkpoint::from(&checkpoint));
    let Some(file) = out else {
        return Ok(Answer::new(checkpoint.text, json));
    };
    fs::write(file, format!("{}\n", checkpoint.text)).map_err(|error| not_written(file, &error))?;
    let text = format!(
        "The checkpoint of {} is written to {}. Keep it where nobody who can write to the database can.",
        records(checkpoint.size),
        file.display()
    );
    Ok(Answer::new(text, json))
}

/// A checkpoint that was typed, or that stands in a file.
pub(super) fn given(named: &str) -> Result<String, Problem> {
    if named.contains(' ') {
        return Ok(named.to_owned());
    }
    fs::read_to_string(named).map_err(|error| {
        let message = format!("`{named}` is no checkpoint, and no file that can be read: {error}.");
        Problem::usage("bad-checkpoint", message)
    })
}

pub(super) fn prove(
    session: &Session,
    id: &str,
    checkpoint: Option<&str>,
) -> Result<Answer, Problem> {
    let (engine, site) = (&session.host.engine, &session.host.site);
    let checkpoint = match checkpoint {
        Some(named) => engine.read_checkpoint(&given(named)?)?,
        None => take(&session.host)?,
    };
    let inclusion = engine.prove_inclusion(site, id, &checkpoint.text)?;
    let entry = engine.log(site, inclusion.index, 1)?.pop();
    let Some(entry) = entry else {
        return Err(Problem::unavailable(
            "bad-proof",
            "The log was changed in this moment.",
        ));
    };
    // Whoever is shown it will do the same.
    engine.check_inclusion(&entry.hash, &inclusion.proof, &checkpoint.text)?;
    let what = entry.happening.as_ref().map_or_else(
        || "cannot be read any more; verify the history".to_owned(),
        |happening| {
            let at = when::local(happening.at, &session.reader.zone);
            format!("{} at {at}", happening.action)
        },
    );
    let text = output::facts(&[
        ("Record", entry.id.clone()),
        ("What", what),
        ("Hash", json::hex(&entry.hash)),
        ("Place", format!("{} of {}", entry.index, checkpoint.size)),
        ("Checkpoint", checkpoint.text.clone()),
        ("Proof", inclusion.proof.clone()),
    ]);
    let json = json::Proved::new(&entry, &checkpoint, &inclusion);
    Ok(Answer::new(text, json!(json)))
}

pub(super) fn export(host: &Host, out: Option<&Path>) -> Result<Option<Answer>, Problem> {
    let checkpoint = take(host)?;
    let Some(file) = out else {
        // With nobody reading there is nobody to tell.
        let _ = write_all(host, &checkpoint, &mut BufWriter::new(stdout().lock()))?;
        return Ok(None);
    };
    let failed = |error| not_written(file, &error);
    let mut lines = BufWriter::new(File::create(file).map_err(failed)?);
    write_all(host, &checkpoint, &mut lines)?.map_err(failed)?;
    let text = format!(
        "{} and a checkpoint of them are written to {}.",
        records(checkpoint.size),
        file.display()
    );
    Ok(Some(Answer::new(
        text,
        json!(json::Checkpoint::from(&checkpoint)),
    )))
}

/// Writes what the checkpoint covers, an entry a line, and then the checkpoint.
fn write_all(
    host: &Host,
    checkpoint: &Checkpoint,
    lines: &mut dyn Write,
) -> Result<std::io::Result<()>, Problem> {
    let mut next = 0;
    while next < checkpoint.size {
        let most = u32::try_from(checkpoint.size - next).map_or(PAGE, |left| left.min(PAGE));
        let entries = host.engine.log(&host.site, next, most)?;
        if entries.is_empty() {
            let message = "The log has fewer entries than it says. Verify the history.";
            return Err(Problem::unavailable("record-damaged", message));
        }
        next += entries.len() as u64;
        let write = |entry: &Logged| writeln!(lines, "{}", json!(json::Logged::from(entry)));
        if let Err(error) = entries.iter().try_for_each(write) {
            return Ok(Err(error));
        }
    }
    Ok(
        writeln!(lines, "{}", json!(json::Checkpoint::from(checkpoint)))
            .and_then(|()| lines.flush()),
    )
}

fn records(count: u64) -> String {
    format!("{count} record{}", if count == 1 { "" } else { "s" })
}

fn not_written(file: &Path, error: &std::io::Error) -> Problem {
    let message = format!("`{}` cannot be written: {error}.", file.display());
    Problem::unavailable("not-written", message)
}
