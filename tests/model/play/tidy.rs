//! Answers without what the contract leaves open.

use super::*;

/// All pages of a list.
pub(super) fn listed(
    engine: &dyn Asked,
    by: &Actor,
    filter: &Filter,
    limit: u32,
) -> Result<Vec<Grant>, Refusal> {
    let (mut all, mut start) = (Vec::new(), None);
    loop {
        let page = engine.list(by, filter, start.as_deref(), limit)?;
        assert!(
            page.damaged.is_empty() && page.grants.len() <= limit as usize,
            "{page:?}"
        );
        all.extend(page.grants.into_iter().map(tidy));
        start = page.next;
        if start.is_none() {
            assert!(
                all.is_sorted_by(|newer: &Grant, older| newer.created >= older.created),
                "newest first: {all:?}"
            );
            // Those of one moment may come in any order.
            all.sort_by(|one, other| (other.created, &other.id).cmp(&(one.created, &one.id)));
            return Ok(all);
        }
    }
}

/// All pages of what counts, by name.
pub(super) fn lockouts(
    engine: &dyn Asked,
    by: &Actor,
    limit: u32,
) -> Result<Vec<Lockout>, Refusal> {
    let (mut all, mut start) = (BTreeMap::new(), None);
    loop {
        let page = engine.lockouts(by, start.as_deref(), limit)?;
        all.extend(
            page.lockouts
                .into_iter()
                .map(|lockout| (lockout.id.clone(), lockout)),
        );
        start = page.next;
        if start.is_none() {
            return Ok(all.into_values().collect());
        }
    }
}

/// A grant whose scope is in one order: the contract promises none.
pub(super) fn tidy(mut grant: Grant) -> Grant {
    crate::rules::in_order(&mut grant.scope);
    grant
}

pub(super) fn tidy_link(link: Link) -> Link {
    Link {
        grant: tidy(link.grant),
        ..link
    }
}

/// A line of history without what the contract leaves open.
pub(super) fn bare(mut line: Happening) -> Happening {
    assert_eq!(line.hash.len(), 32, "{line:?}");
    line.details = Vec::new();
    line.hash = Vec::new();
    line
}
