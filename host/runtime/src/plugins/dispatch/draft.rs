//! A draft as plugins see it.

use super::review::{REDIRECT, redirect};
use crate::plugins::bindings::exports::guestpass::plugin::grant_filter::Verdict;
use crate::plugins::bindings::guestpass::plugin::types::{Draft as AskedDraft, Named};
use crate::plugins::ports::Facts;
use crate::{Actor, Draft, Ending, ScopeBase};

pub(super) fn of(actor: &Actor, draft: &Draft, facts: &dyn Facts) -> AskedDraft {
    let (base, role, chosen) = match &draft.scope.base {
        ScopeBase::Role(role) => ("role", Some(role.clone()), Vec::new()),
        ScopeBase::All => ("all", None, Vec::new()),
        ScopeBase::Chosen(chosen) => ("chosen", None, chosen.clone()),
    };
    let (ending, ends, period) = match draft.window.as_ref().map(|window| &window.ending) {
        None => ("default", None, None),
        Some(Ending::At(at)) => ("at", Some(*at), None),
        Some(Ending::After(period)) => ("after", None, Some(period.clone())),
        Some(Ending::AfterFirstUse(period)) => ("after-first-use", None, Some(period.clone())),
        Some(Ending::Never) => ("never", None, None),
    };
    AskedDraft {
        site: actor.site.clone(),
        actor: actor.user.clone(),
        email: draft.guest.email.clone(),
        base: base.to_owned(),
        role,
        chosen,
        also: draft.scope.also.clone(),
        except: draft.scope.except.clone(),
        opens: draft.window.as_ref().and_then(|window| window.opens),
        ending: ending.to_owned(),
        ends,
        period,
        uses: draft.uses,
        more: more(actor, draft, facts),
    }
}

fn more(actor: &Actor, draft: &Draft, facts: &dyn Facts) -> Vec<Named> {
    let known = [
        ("purpose", &draft.purpose),
        ("redirect", &draft.redirect),
        ("note", &draft.note),
        ("message", &draft.message),
        ("first-name", &draft.guest.first_name),
        ("last-name", &draft.guest.last_name),
        ("website", &draft.guest.website),
        ("login", &draft.guest.login),
        ("locale", &draft.guest.locale),
        ("address", &actor.origin.address),
    ];
    let use_within = draft
        .window
        .as_ref()
        .and_then(|window| window.use_within.clone());
    let known = known
        .into_iter()
        .filter_map(|(name, value)| Some((name, value.clone()?)));
    std::iter::once(("kind", draft.kind.clone()))
        .chain(known)
        .chain(use_within.map(|period| ("use-within", period)))
        .chain(
            draft
                .knowingly
                .iter()
                .map(|word| ("knowingly", word.clone())),
        )
        .map(|(name, value)| (name.to_owned(), value))
        .chain(facts.about_draft(&actor.site, draft))
        .map(|(name, value)| Named { name, value })
        .collect()
}

/// The draft as the next plugin sees it.
pub(super) fn narrow(draft: &mut AskedDraft, verdict: &Verdict) {
    draft.except.extend(verdict.except.iter().cloned());
    draft.uses = [draft.uses, verdict.uses].into_iter().flatten().min();
    if let Ok(Some(path)) = redirect(&verdict.more) {
        draft.more.retain(|known| known.name != REDIRECT);
        draft.more.push(Named {
            name: REDIRECT.to_owned(),
            value: path.to_owned(),
        });
    }
    if let Some(by) = verdict.ends_by {
        draft.more.retain(|known| known.name != "ends-by");
        draft.ends = draft.ends.map(|ends| ends.min(by));
        draft.more.push(Named {
            name: "ends-by".to_owned(),
            value: by.to_string(),
        });
    }
}
