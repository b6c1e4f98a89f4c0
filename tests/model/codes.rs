//! The table of codes at the end of the contract's `types.wit`.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use guestpass::{Refusal, RefusalKind};

const TYPES: &str = include_str!("../../wit/access/types.wit");

static TABLE: LazyLock<BTreeMap<&str, &str>> = LazyLock::new(|| {
    let (_, table) = TYPES
        .split_once("// The codes of refusals.")
        .expect("a table of codes");
    let rows = table.lines().filter_map(|row| {
        let mut words = row.strip_prefix("// ")?.split_whitespace();
        Some((words.next()?, words.next()?))
    });
    rows.collect()
});

/// Whether a refusal is of the kind that the table has for its code.
pub fn known(refusal: &Refusal) -> Result<(), String> {
    let kind = match refusal.kind {
        RefusalKind::Invalid => "invalid",
        RefusalKind::Forbidden => "forbidden",
        RefusalKind::NotFound => "not-found",
        RefusalKind::Conflict => "conflict",
        RefusalKind::Throttled => "throttled",
        RefusalKind::Gone => "gone",
        RefusalKind::Unavailable => "unavailable",
    };
    match TABLE.get(refusal.code.as_str()) {
        Some(expected) if *expected == kind => Ok(()),
        expected => Err(format!("{refusal:?}, in the table: {expected:?}")),
    }
}
