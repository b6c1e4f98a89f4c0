//! The export `grants`.

use guestpass_core::grant::create::Issued as CoreIssued;
use guestpass_core::grant::view::View;
use guestpass_core::grant::{list, scope};
use guestpass_core::names::Actor as CoreActor;
use guestpass_core::{Engine, Refusal as CoreRefusal};

use crate::Component;
use crate::bindings::exports::guestpass::access::grants::{
    Extension, Filter, Guest, Page, RevokedAll,
};
use crate::bindings::guestpass::access::directory::ContentDecision;
use crate::bindings::guestpass::access::types::{
    Actor, Draft, Grant, GrantId, Issued, Refusal, Scope,
};
use crate::convert::{self, from_wit, to_wit};
use crate::ports::engine;

/// What is asked on behalf of an actor. Behind a pointer, so that the conversions around it are in the component once.
type Ask<'a, T> = &'a dyn Fn(&Engine<'_>, &CoreActor) -> Result<T, CoreRefusal>;

fn one(actor: Actor, ask: Ask<'_, View>) -> Result<Grant, Refusal> {
    engine(|engine| ask(engine, &convert::actor(actor)?))
        .map(to_wit)
        .map_err(to_wit)
}

fn with_secret(actor: Actor, ask: Ask<'_, CoreIssued>) -> Result<Issued, Refusal> {
    engine(|engine| ask(engine, &convert::actor(actor)?))
        .map(to_wit)
        .map_err(to_wit)
}

impl Guest for Component {
    fn create(actor: Actor, draft: Draft) -> Result<Issued, Refusal> {
        let draft = convert::draft(draft);
        with_secret(actor, &|engine, actor| engine.create(actor, draft.clone()?))
    }

    fn get(actor: Actor, id: GrantId) -> Result<Grant, Refusal> {
        one(actor, &|engine, actor| engine.grant(actor, &id))
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
            kind: filter.kind,
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
        let by = convert::extension(extension);
        one(actor, &|engine, actor| {
            engine.extend(actor, &id, by.clone()?)
        })
    }

    fn suspend(actor: Actor, id: GrantId) -> Result<Grant, Refusal> {
        one(actor, &|engine, actor| engine.suspend(actor, &id))
    }

    fn resume(actor: Actor, id: GrantId) -> Result<Grant, Refusal> {
        one(actor, &|engine, actor| engine.resume(actor, &id))
    }

    fn revoke(actor: Actor, id: GrantId) -> Result<Grant, Refusal> {
        one(actor, &|engine, actor| engine.revoke(actor, &id))
    }

    fn retire(actor: Actor, id: GrantId, content: ContentDecision) -> Result<Grant, Refusal> {
        let content = from_wit(content);
        one(actor, &|engine, actor| engine.retire(actor, &id, &content))
    }

    fn reissue(actor: Actor, id: GrantId) -> Result<Issued, Refusal> {
        with_secret(actor, &|engine, actor| engine.reissue(actor, &id))
    }

    fn change_scope(
        actor: Actor,
        id: GrantId,
        scope: Scope,
        knowingly: Vec<String>,
    ) -> Result<Grant, Refusal> {
        let scope: scope::Scope = from_wit(scope);
        one(actor, &|engine, actor| {
            engine.change_scope(actor, &id, scope.clone(), &knowingly)
        })
    }

    fn revoke_all(actor: Actor, grantor: String, limit: u32) -> Result<RevokedAll, Refusal> {
        let done = engine(|engine| engine.revoke_all(&convert::actor(actor)?, &grantor, limit));
        let done = done.map_err(to_wit::<_, Refusal>)?;
        Ok(RevokedAll {
            revoked: done.revoked,
            failed: done.failed,
            more: done.more,
        })
    }
}
