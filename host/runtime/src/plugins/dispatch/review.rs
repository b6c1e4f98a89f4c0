//! Checking what plugins say. The types of their answers have no way to widen, so what is left to look for is what
//! contradicts the question, what is too much, and what this host does not understand.

use std::collections::BTreeSet;

use crate::plugins::bindings::exports::guestpass::plugin::{entry_filter, grant_filter};
use crate::plugins::bindings::guestpass::plugin::types::{Draft, Named, Power};

/// The most permissions in one answer, and the longest of them; the catalogues' own limits are lower.
const MOST_NAMES: usize = 1000;
const LONGEST_NAME: usize = 64;

/// Whether this verdict is one on this draft; a clause if not.
pub(in crate::plugins) fn check_grant(
    draft: &Draft,
    verdict: &grant_filter::Verdict,
) -> Result<(), String> {
    known(&verdict.more)?;
    names(&verdict.except)?;
    if let (Some(asked), Some(allowed)) = (draft.uses, verdict.uses)
        && allowed > asked
    {
        return Err(format!(
            "it would widen the grant: {allowed} uses instead of {asked}"
        ));
    }
    if let (Some(asked), Some(allowed)) = (draft.ends, verdict.ends_by)
        && allowed > asked
    {
        return Err("it would widen the grant: it named a later end than was asked for".to_owned());
    }
    Ok(())
}

/// Whether this verdict is one that is understood; a clause if not.
pub(in crate::plugins) fn check_entry(verdict: &entry_filter::Verdict) -> Result<(), String> {
    known(&verdict.more)
}

/// Whether all of these can be withheld; a clause if not.
pub(in crate::plugins) fn check_narrowed(power: &Power, taken: &[String]) -> Result<(), String> {
    if taken.is_empty() {
        return Ok(());
    }
    names(taken)?;
    let there: BTreeSet<_> = power.permissions.split(' ').collect();
    match taken.iter().find(|name| !there.contains(name.as_str())) {
        Some(_) => Err("it withheld a permission that was not there to withhold".to_owned()),
        None => Ok(()),
    }
}

fn names(names: &[String]) -> Result<(), String> {
    if names.len() > MOST_NAMES {
        return Err(format!("it named more than {MOST_NAMES} permissions"));
    }
    let sound = |name: &String| {
        (1..=LONGEST_NAME).contains(&name.len())
            && name
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || b"_-.:/".contains(&b))
    };
    if names.iter().all(sound) {
        Ok(())
    } else {
        Err("it named what is no permission".to_owned())
    }
}

/// What is not understood might be a restriction, so it is not passed over.
fn known(more: &[Named]) -> Result<(), String> {
    if more.is_empty() {
        Ok(())
    } else {
        Err("it says what this host does not know".to_owned())
    }
}
