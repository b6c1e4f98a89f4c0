//! Listing grants, newest first.

use crate::codec;
use crate::engine::Engine;
use crate::grant::Grant;
use crate::grant::authority::{Authority, grant_id};
use crate::grant::id::GrantId;
use crate::grant::state::State;
use crate::grant::view::View;
use crate::keys::{Key, Keys};
use crate::names::{Actor, SiteId, folded_email};
use crate::order;
use crate::ports::Stored;
use crate::refusal::{Code, Refusal, quoted};
use crate::transaction::Chained;

/// Which grants to list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    /// Only those in this state.
    pub state: Option<String>,
    /// Only those for this guest.
    pub email: Option<String>,
    /// Only those of this kind.
    pub kind: Option<String>,
}

impl Filter {
    /// Whether there is such a state.
    fn check(&self) -> Result<(), Refusal> {
        match &self.state {
            Some(state) if !State::WORDS.contains(&state.as_str()) => {
                let known = State::WORDS.map(|word| format!("`{word}`"));
                Err(Code::UnknownState
                    .because(format!(
                        "No grant is ever {}. The states are {}.",
                        quoted(state),
                        known.join(", ")
                    ))
                    .about("state"))
            }
            _ => Ok(()),
        }
    }
}

/// A page of grants.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page {
    /// Newest first.
    pub grants: Vec<View>,
    /// Those whose records cannot be read. They give no access.
    pub damaged: Vec<GrantId>,
    /// Where the next page begins.
    pub next: Option<GrantId>,
}

/// So many grants are looked at for one page at most, however few of them the filter lets through.
const LOOKED_AT: u32 = 1_000;

impl Engine<'_> {
    /// The newest grants first, beginning at `start`.
    ///
    /// # Errors
    /// [`Code::BadPage`], [`Code::UnknownState`], or if the actor may not.
    pub fn grants(
        &self,
        actor: &Actor,
        filter: &Filter,
        start: Option<&str>,
        limit: u32,
    ) -> Result<Page, Refusal> {
        let limit = page_size(limit, 100)?;
        let start = start.map(grant_id).transpose().map_err(|_| bad_start())?;
        filter.check()?;
        let authority = Authority::of(self, actor)?;
        let now = self.now();
        let email = filter.email.as_deref().map(folded_email);
        let look_at = if *filter == Filter::default() {
            limit.saturating_add(1)
        } else {
            LOOKED_AT
        };
        let looked = if authority.standing.owner {
            self.newest(&actor.site, start, look_at)?
        } else {
            self.newest_of(&actor.site, &actor.user, start, look_at)?
        };
        let more = looked.len() >= look_at as usize;
        let mut page = Page {
            grants: Vec::new(),
            damaged: Vec::new(),
            next: None,
        };
        let mut last = None;
        for (id, stored) in looked {
            last = Some(id);
            let read = codec::decode::<Chained<Grant>>(&stored, || "a grant".to_owned());
            let Ok(Chained { body: grant, .. }) = read else {
                page.damaged.push(id);
                continue;
            };
            if page.grants.len() >= limit as usize {
                page.next = Some(grant.id);
                return Ok(page);
            }
            let wanted = authority.covers(&grant)
                && filter
                    .kind
                    .as_ref()
                    .is_none_or(|kind| grant.kind.as_str() == kind)
                && email
                    .as_ref()
                    .is_none_or(|email| folded_email(&grant.guest.email) == *email);
            if !wanted {
                continue;
            }
            let view = View::new(grant, now);
            let state = filter.state.as_ref();
            if state.is_none_or(|state| view.state == state) {
                page.grants.push(view);
            }
        }
        page.next = last.filter(|_| more).and_then(before);
        Ok(page)
    }

    /// Those that end next, the next first. Costs what is looked at, not what exists: a user who is no owner may be told of
    /// fewer than there are.
    ///
    /// # Errors
    /// [`Code::BadPage`], or if the actor may not.
    pub fn ending_next(&self, actor: &Actor, limit: u32) -> Result<Vec<View>, Refusal> {
        let limit = page_size(limit, 100)?;
        let authority = Authority::of(self, actor)?;
        let (keys, now) = (Keys(&actor.site), self.now());
        let from = keys.due(now, GrantId::from_bytes([0; 16]));
        // Something else may be due too, and for grants of others.
        let due = self.scan(&from, &keys.due_end(), LOOKED_AT / 10, false)?;
        let ids = due.iter().filter_map(|entry| named_by(keys, &entry.key));
        let wanted: Vec<_> = ids.map(|id| keys.grant(id)).collect();
        let stored = self.get(&wanted)?.into_iter().flatten();
        let mut views: Vec<View> = stored
            .filter_map(|entry| {
                let read = codec::decode::<Chained<Grant>>(&entry.value, || "a grant".to_owned());
                read.ok().map(|chained| chained.body)
            })
            .filter(|grant| authority.covers(grant) && !grant.state.is_ended())
            .map(|grant| View::new(grant, now))
            .filter(|view| view.ends.is_some_and(|ends| ends > now))
            .collect();
        // What is due may be something else than the end, so the order is not that of the ends yet.
        order::sort_by(&mut views, |a, b| a.ends.cmp(&b.ends));
        views.truncate(limit as usize);
        Ok(views)
    }

    /// Whom these grants are for: their addresses, in the same order; none where there is no such grant.
    ///
    /// # Errors
    /// If the store cannot be read.
    pub fn addresses_of(
        &self,
        site: &SiteId,
        ids: &[GrantId],
    ) -> Result<Vec<Option<String>>, Refusal> {
        let keys: Vec<_> = ids.iter().map(|id| Keys(site).grant(*id)).collect();
        let address = |entry: Stored| {
            let read = codec::decode::<Chained<Grant>>(&entry.value, || "a grant".to_owned());
            read.ok().map(|chained| chained.body.guest.email)
        };
        let stored = self.get(&keys)?.into_iter();
        Ok(stored.map(|entry| entry.and_then(address)).collect())
    }

    /// The site's newest grants as they are stored, from `start` back.
    fn newest(
        &self,
        site: &SiteId,
        start: Option<GrantId>,
        limit: u32,
    ) -> Result<Vec<(GrantId, Vec<u8>)>, Refusal> {
        let keys = Keys(site);
        let end = start.map_or_else(|| keys.grants_end(), |id| after(keys.grant(id)));
        let begin = keys.grant(GrantId::from_bytes([0; 16]));
        let entries = self.scan(&begin, &end, limit, true)?;
        Ok(entries
            .into_iter()
            .filter_map(|entry| Some((named_by(keys, &entry.key)?, entry.value)))
            .collect())
    }

    /// The newest grants that this user made as they are stored, from `start` back: those that are over and those that are
    /// not stand apart, so both are looked at.
    fn newest_of(
        &self,
        site: &SiteId,
        grantor: &str,
        start: Option<GrantId>,
        limit: u32,
    ) -> Result<Vec<(GrantId, Vec<u8>)>, Refusal> {
        let keys = Keys(site);
        let mut ids = Vec::new();
        for over in [false, true] {
            let begin = keys.made_by(grantor, over, GrantId::from_bytes([0; 16]));
            let end = start.map_or_else(
                || keys.made_by_end(grantor, over),
                |id| after(keys.made_by(grantor, over, id)),
            );
            let entries = self.scan(&begin, &end, limit, true)?;
            ids.extend(
                entries
                    .iter()
                    .filter_map(|entry| named_by(keys, &entry.key)),
            );
        }
        order::sort_by(&mut ids, |a, b| b.cmp(a));
        // A grant that ends between the two looks is in both.
        ids.dedup();
        ids.truncate(limit as usize);
        let wanted: Vec<_> = ids.iter().map(|id| keys.grant(*id)).collect();
        let stored = self.get(&wanted)?;
        Ok(ids
            .into_iter()
            .zip(stored)
            .filter_map(|(id, stored)| Some((id, stored?.value)))
            .collect())
    }
}

/// The grant that a key ends with.
pub(crate) fn named_by(keys: Keys<'_>, key: &[u8]) -> Option<GrantId> {
    let bytes = keys.tail(key)?.last_chunk::<16>()?;
    Some(GrantId::from_bytes(*bytes))
}

/// A scan's end is not included, so this is the end that includes the key.
fn after(mut key: Key) -> Key {
    key.push(0);
    key
}

/// The id that sorts right before this one.
fn before(id: GrantId) -> Option<GrantId> {
    u128::from_be_bytes(*id.bytes())
        .checked_sub(1)
        .map(|before| GrantId::from_bytes(before.to_be_bytes()))
}

pub(crate) fn bad_start() -> Refusal {
    Code::BadPage
        .because("A page begins where the page before said it would.")
        .about("start")
}

/// A page size between 1 and `most`.
///
/// # Errors
/// [`Code::BadPage`]
pub(crate) fn page_size(limit: u32, most: u32) -> Result<u32, Refusal> {
    if (1..=most).contains(&limit) {
        return Ok(limit);
    }
    Err(Code::BadPage
        .because(format!(
            "{limit} is no page size: from 1 to {most} can be asked for."
        ))
        .about("limit"))
}
