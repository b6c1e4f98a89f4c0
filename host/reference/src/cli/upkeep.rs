//! `sweep`: records as ended what is over. Access ends without it.

use serde_json::json;

use super::Session;
use crate::output::{self, Answer, json};
use crate::problem::Problem;
use crate::upkeep;

pub(super) fn sweep(session: &Session) -> Result<Answer, Problem> {
    let done = upkeep::sweep(&session.host)?;
    let next = session.reader.instant_or(done.next_due, "nothing is due");
    let text = output::facts(&[
        ("Ended", done.expired.to_string()),
        ("Repaired", done.repaired.to_string()),
        ("Retired", done.retired.to_string()),
        ("Logged", done.logged.to_string()),
        ("Failed", done.failed.to_string()),
        ("Announced", done.delivered.to_string()),
        ("Next due", next),
    ]);
    Ok(Answer::new(text, json!(json::Swept::from(&done))))
}
