//! Checking what plugins say. The types of their answers have no way to widen, so what is left to look for is what
//! contradicts the question, what is too much, and what this host does not understand.

use std::collections::BTreeSet;

use crate::plugins::bindings::exports::guestpass::plugin::{entry_filter, grant_filter};
use crate::plugins::bindings::guestpass::plugin::types::{Draft, Named, Power};

/// The name under which a verdict says where the guest lands.
pub(super) const REDIRECT: &str = "redirect";

/// The most permissions in one answer, and the longest of them; the catalogues' own limits are lower.
const MOST_NAMES: usize = 1000;
const LONGEST_NAME: usize = 64;

/// The longest path on a site, as the engine has it.
const LONGEST_PATH: usize = 2048;

/// What is wrong with an answer.
#[derive(Debug)]
pub(in crate::plugins) struct Wrong {
    /// As a clause.
    pub(in crate::plugins) clause: String,
    /// If it would widen what it was to review: what it tried.
    pub(in crate::plugins) tried: Option<String>,
}

impl Wrong {
    fn widens(tried: String) -> Self {
        Self {
            clause: format!("it would widen the grant: {tried}"),
            tried: Some(tried),
        }
    }
}

impl From<String> for Wrong {
    fn from(clause: String) -> Self {
        Self {
            clause,
            tried: None,
        }
    }
}

/// Whether this verdict is one on this draft.
pub(in crate::plugins) fn check_grant(
    draft: &Draft,
    verdict: &grant_filter::Verdict,
) -> Result<(), Wrong> {
    redirect(&verdict.more)?;
    names(&verdict.except)?;
    if let (Some(asked), Some(allowed)) = (draft.uses, verdict.uses)
        && allowed > asked
    {
        return Err(Wrong::widens(format!("{allowed} uses instead of {asked}")));
    }
    if let (Some(asked), Some(allowed)) = (draft.ends, verdict.ends_by)
        && allowed > asked
    {
        return Err(Wrong::widens("a later end than was asked for".to_owned()));
    }
    Ok(())
}

/// Where this verdict leads the guest, if it says so. The engine checks the path again, as it does an owner's.
pub(super) fn redirect(more: &[Named]) -> Result<Option<&str>, String> {
    let path = match more {
        [] => return Ok(None),
        [one] if one.name == REDIRECT => one.value.as_str(),
        more if more.iter().all(|one| one.name == REDIRECT) => {
            return Err("it said twice where the guest is to land".to_owned());
        }
        _ => return known(more).map(|()| None),
    };
    let elsewhere = |c: char| c == '\\' || c.is_control() || c.is_whitespace();
    if !path.starts_with('/')
        || path.starts_with("//")
        || path.len() > LONGEST_PATH
        || path.contains(elsewhere)
    {
        return Err("it would lead the guest away from this site".to_owned());
    }
    Ok(Some(path))
}

/// Whether this verdict is one that is understood.
pub(in crate::plugins) fn check_entry(verdict: &entry_filter::Verdict) -> Result<(), Wrong> {
    Ok(known(&verdict.more)?)
}

/// Whether all of these can be withheld.
pub(in crate::plugins) fn check_narrowed(power: &Power, taken: &[String]) -> Result<(), Wrong> {
    if taken.is_empty() {
        return Ok(());
    }
    names(taken)?;
    let there: BTreeSet<_> = power.permissions.split(' ').collect();
    match taken.iter().find(|name| !there.contains(name.as_str())) {
        Some(_) => Err("it withheld a permission that was not there to withhold"
            .to_owned()
            .into()),
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
