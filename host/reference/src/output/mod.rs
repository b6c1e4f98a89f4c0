//! What a command answers: text for people, aligned and in local time, and one JSON document for programs.

pub mod json;
pub mod words;

use std::fmt::Write as _;
use std::io::Write as _;

use jiff::tz::TimeZone;
use serde_json::{Value, json};
use tabwriter::TabWriter;

use crate::problem::Problem;

/// What a command found out.
#[derive(Debug)]
pub struct Answer {
    /// For people.
    pub text: String,
    /// For programs.
    pub json: Value,
    /// Whether it is a yes. A no ends the program with 1.
    pub yes: bool,
}

impl Answer {
    /// A yes, or simply an answer.
    pub fn new(text: impl Into<String>, json: Value) -> Self {
        Self {
            text: text.into(),
            json,
            yes: true,
        }
    }

    /// The same answer; a no if `yes` is false.
    #[must_use]
    pub fn with_verdict(mut self, yes: bool) -> Self {
        self.yes = yes;
        self
    }

    /// Writes it to standard output.
    pub fn print(&self, as_json: bool) {
        let mut text = if as_json {
            format!("{:#}", self.json)
        } else {
            harmless(self.text.trim_end())
        };
        text.push('\n');
        // With nobody reading there is nobody to tell.
        let mut out = std::io::stdout().lock();
        let _ = out.write_all(text.as_bytes()).and_then(|()| out.flush());
    }
}

/// Writes a problem to standard error; the instants in it are the reader's, unless a program reads.
pub fn print_problem(problem: &Problem, as_json: bool, zone: &TimeZone) {
    let text = if as_json {
        format!("{:#}", json!({ "error": problem }))
    } else {
        let message = crate::when::in_zone(&problem.message, zone);
        match &problem.field {
            None => format!("guestpass: {message}"),
            Some(field) => format!("guestpass: {message} ({field})"),
        }
    };
    let text = if as_json { text } else { harmless(&text) };
    let _ = writeln!(std::io::stderr().lock(), "{text}");
}

/// The reader's present moment and time zone.
#[derive(Clone, Debug)]
pub struct Reader {
    /// Now, in milliseconds since the epoch.
    pub now: u64,
    /// Where the reader is.
    pub zone: TimeZone,
}

impl Reader {
    /// `2026-11-29 13:05 (in 6 days)`.
    #[must_use]
    pub fn instant(&self, instant: u64) -> String {
        crate::when::local_with_words(instant, self.now, &self.zone)
    }

    /// The same, or this word.
    #[must_use]
    pub fn instant_or(&self, instant: Option<u64>, none: &str) -> String {
        instant.map_or_else(|| none.to_owned(), |instant| self.instant(instant))
    }
}

/// Rows with their columns aligned.
#[must_use]
pub fn table<R: AsRef<[String]>>(rows: impl IntoIterator<Item = R>) -> String {
    let mut text = String::new();
    for row in rows {
        let cells: Vec<_> = row
            .as_ref()
            .iter()
            .map(|cell| guestpass::one_line(cell))
            .collect();
        let _ = writeln!(text, "{}", cells.join("\t"));
    }
    let mut writer = TabWriter::new(Vec::new()).minwidth(0).padding(2);
    let aligned = writer
        .write_all(text.as_bytes())
        .and_then(|()| writer.flush())
        .ok();
    let aligned = aligned
        .and_then(|()| writer.into_inner().ok())
        .and_then(|bytes| String::from_utf8(bytes).ok());
    let aligned = aligned.unwrap_or(text);
    aligned
        .lines()
        .map(str::trim_end)
        .collect::<Vec<_>>()
        .join("\n")
}

/// Names and values, one pair a line.
#[must_use]
pub fn facts(facts: &[(&str, String)]) -> String {
    table(
        facts
            .iter()
            .map(|(name, value)| [(*name).to_owned(), value.clone()]),
    )
}

/// What somebody else wrote must not break the table, speak to the terminal or read as something else.
fn harmless(text: &str) -> String {
    let lines: Vec<_> = text.split('\n').map(guestpass::one_line).collect();
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_aligned_and_lines_have_no_tail() {
        let rows = [["ID", "FOR", ""], ["longer", "x", ""]].map(|row| row.map(str::to_owned));
        assert_eq!(table(rows), "ID      FOR\nlonger  x");
    }

    #[test]
    fn a_cell_cannot_break_the_table_or_reach_the_terminal() {
        assert_eq!(
            facts(&[("Note", "a\tb\nc\u{1b}[31m".to_owned())]),
            "Note  a b c [31m"
        );
        assert_eq!(harmless("a\nb\u{202e}\r\u{7}"), "a\nb\u{fffd}  ");
    }
}
