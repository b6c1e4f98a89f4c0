//! Listing grants, newest first.

use crate::codec;
use crate::engine::Engine;
use crate::grant::Grant;
use crate::grant::authority::{Authority, grant_id};
use crate::grant::id::GrantId;
use crate::grant::view::View;
use crate::keys::Keys;
use crate::names::{Actor, folded_email};
use crate::refusal::{Code, Refusal};
use crate::transaction::Chained;

/// Which grants to list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    /// Only those in this state.
    pub state: Option<String>,
    /// Only those for this guest.
    pub email: Option<String>,
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
    /// [`Code::BadPage`], or if the actor may not.
    pub fn grants(
        &self,
        actor: &Actor,
        filter: &Filter,
        start: Option<&str>,
        limit: u32,
    ) -> Result<Page, Refusal> {
        let limit = page_size(limit, 100)?;
        let authority = Authority::of(self, actor)?;
        let keys = Keys(&actor.site);
        let end = match start {
            // The scan's end is not included, so go to the key right after.
            Some(id) => {
                let mut key = keys.grant(grant_id(id).map_err(|_| bad_start())?);
                key.push(0);
                key
            }
            None => keys.grants_end(),
        };
        let begin = keys.grant(GrantId::from_bytes([0; 16]));
        let now = self.now();
        let email = filter.email.as_deref().map(folded_email);
        let unfiltered = *filter == Filter::default() && authority.standing.owner;
        let look_at = if unfiltered {
            limit.saturating_add(1)
        } else {
            LOOKED_AT
        };
        let entries = self.scan(&begin, &end, look_at, true)?;
        let more = entries.len() >= look_at as usize;
        let mut page = Page {
            grants: Vec::new(),
            damaged: Vec::new(),
            next: None,
        };
        let mut last = None;
        for entry in &entries {
            let Some(id) = keys.tail(&entry.key).and_then(<[u8]>::last_chunk::<16>) else {
                continue;
            };
            last = Some(GrantId::from_bytes(*id));
            let stored = codec::decode::<Chained<Grant>>(&entry.value, || "a grant".to_owned());
            let Ok(Chained { body: grant, .. }) = stored else {
                page.damaged.extend(last);
                continue;
            };
            if page.grants.len() >= limit as usize {
                page.next = Some(grant.id);
                return Ok(page);
            }
            if !authority.covers(&grant) {
                continue;
            }
            let view = View::new(grant, now);
            let wanted = filter
                .state
                .as_ref()
                .is_none_or(|state| view.state == state)
                && email
                    .as_ref()
                    .is_none_or(|email| folded_email(&view.grant.guest.email) == *email);
            if wanted {
                page.grants.push(view);
            }
        }
        page.next = last.filter(|_| more).and_then(before);
        Ok(page)
    }
}

/// The id that sorts right before this one.
fn before(id: GrantId) -> Option<GrantId> {
    u128::from_be_bytes(*id.bytes())
        .checked_sub(1)
        .map(|before| GrantId::from_bytes(before.to_be_bytes()))
}

fn bad_start() -> Refusal {
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
