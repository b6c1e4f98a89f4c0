//! Tests that need a program from elsewhere.

use std::io::Write as _;

/// Says that this test did nothing, and why. In the gate (`CI` is set) that is a failure.
///
/// # Panics
/// In the gate.
pub fn skipped(test: &str, why: &str) {
    assert!(std::env::var_os("CI").is_none(), "{why}");
    // Past the harness, which keeps for itself what a test that passes prints.
    let _ = writeln!(std::io::stderr(), "skipped: {test}: {why}");
}
