//! The export `grants`.

use guestpass_core::grant::list;

use crate::Component;
use crate::bindings::exports::guestpass::access::grants::{Extension, Filter, Guest, Page};
use crate::bindings::guestpass::access::types::{Actor, Draft, Grant, GrantId, Issued, Refusal};
use crate::convert::{self, to_wit};
use crate::ports::engine;

impl Guest for Component {
    fn create(actor: Actor, draft: Draft) -> Result<Issued, Refusal> {
        let (actor, draft) = (convert::actor(actor), convert::draft(draft));
        engine(|engine| engine.create(&actor?, draft?))
            .map(to_wit)
            .map_err(to_wit)
    }

    fn get(actor: Actor, id: GrantId) -> Result<Grant, Refusal> {
        engine(|engine| engine.grant(&convert::actor(actor)?, &id))
            .map(to_wit)
            .map_err(to_wit)
    }

    fn list(
        actor: Actor,
        filter: Filter,
        start: Option<GrantId>,
        limit: u32,
    ) -> Result<Page, Refusal> {
        let filter = list::Filter {
            state: filter.state,
            email: filter.email,
        };
        let page = engine(|engine| {
            engine.grants(&convert::actor(actor)?, &filter, start.as_deref(), limit)
        });
        let page = page.map_err(to_wit::<_, Refusal>)?;
        Ok(Page {
            grants: page.grants.into_iter().map(to_wit).collect(),
            damaged: page.damaged.iter().map(ToString::to_string).collect(),
            next: page.next.map(|id| id.to_string()),
        })
    }

    fn extend(actor: Actor, id: GrantId, extension: Extension) -> Result<Grant, Refusal> {
        engine(|engine| engine.extend(&convert::actor(actor)?, &id, convert::extension(extension)?))
            .map(to_wit)
            .map_err(to_wit)
    }

    fn suspend(actor: Actor, id: GrantId) -> Result<Grant, Refusal> {
        engine(|engine| engine.suspend(&convert::actor(actor)?, &id))
            .map(to_wit)
            .map_err(to_wit)
    }

    fn resume(actor: Actor, id: GrantId) -> Result<Grant, Refusal> {
        engine(|engine| engine.resume(&convert::actor(actor)?, &id))
            .map(to_wit)
            .map_err(to_wit)
    }

    fn revoke(actor: Actor, id: GrantId) -> Result<Grant, Refusal> {
        engine(|engine| engine.revoke(&convert::actor(actor)?, &id))
            .map(to_wit)
            .map_err(to_wit)
    }

    fn reissue(actor: Actor, id: GrantId) -> Result<Issued, Refusal> {
        engine(|engine| engine.reissue(&convert::actor(actor)?, &id))
            .map(to_wit)
            .map_err(to_wit)
    }
}
