//! Stands where the others would: building them takes minutes, and most sections do without.

use std::path::Path;

use crate::report::Row;

/// Says how to have them.
pub fn rows(_cache: &Path) -> Vec<Row> {
    let how = "they were not built; ask with `--features peers`";
    vec![Row::skipped("cedar-policy, casbin, biscuit-auth", how)]
}
