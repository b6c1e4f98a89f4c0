//! Handing out access and taking it back.

use crate::ports::ContentDecision;
use crate::{
    Actor, Draft, Extension, Filter, Grant, Guestpass, Issued, Page, Refusal, RevokedAll, Scope,
};

/// Handing out access and taking it back. Every method checks that the actor may do it: an owner, or a user who holds the
/// permission that the catalogue names in `grants_with`; never a guest. Those who are no owner see and change only the
/// grants they made themselves.
impl Guestpass {
    /// Makes a link, a guest's user with a password, or an invitation. Refused if the scope names a permission explicitly that
    /// is unknown, reserved, above the site's ceiling or not the grantor's own; roles and `all` are narrowed instead, which
    /// [`Issued::withheld`] tells. Refused if nothing would be left, if the window is in the past or longer than the site
    /// allows, or if the address already belongs to a user of the site.
    pub fn create(&self, actor: &Actor, draft: &Draft) -> Result<Issued, Refusal> {
        self.runtime
            .call(|engine, store| {
                engine
                    .guestpass_access_grants()
                    .call_create(store, actor, draft)
            })
            .map(Issued::from)
    }

    /// The grant as it stands now.
    pub fn get(&self, actor: &Actor, id: &str) -> Result<Grant, Refusal> {
        let id = id.to_owned();
        self.runtime
            .call(|engine, store| engine.guestpass_access_grants().call_get(store, actor, &id))
    }

    /// The newest grants first, at most `limit` (1 to 100), beginning at `start` ([`Page::next`] of the page before).
    pub fn list(
        &self,
        actor: &Actor,
        filter: &Filter,
        start: Option<&str>,
        limit: u32,
    ) -> Result<Page, Refusal> {
        let start = start.map(str::to_owned);
        self.runtime.call(|engine, store| {
            engine
                .guestpass_access_grants()
                .call_list(store, actor, filter, start.as_ref(), limit)
        })
    }

    /// Moves the end. The answer's `ends` and `ends_bound_by` say the new end and what bounds it: the longest window that
    /// the site allows bounds an extension instead of refusing it, unless nothing at all would be gained.
    pub fn extend(&self, actor: &Actor, id: &str, extension: &Extension) -> Result<Grant, Refusal> {
        let id = id.to_owned();
        self.runtime.call(|engine, store| {
            engine
                .guestpass_access_grants()
                .call_extend(store, actor, &id, extension)
        })
    }

    /// Stops access at once until [`Guestpass::resume`]. The end does not move.
    pub fn suspend(&self, actor: &Actor, id: &str) -> Result<Grant, Refusal> {
        let id = id.to_owned();
        self.runtime.call(|engine, store| {
            engine
                .guestpass_access_grants()
                .call_suspend(store, actor, &id)
        })
    }

    /// Lets a suspended grant go on.
    pub fn resume(&self, actor: &Actor, id: &str) -> Result<Grant, Refusal> {
        let id = id.to_owned();
        self.runtime.call(|engine, store| {
            engine
                .guestpass_access_grants()
                .call_resume(store, actor, &id)
        })
    }

    /// Ends the grant for good, at once, live sessions included. Revoking an ended grant changes nothing.
    pub fn revoke(&self, actor: &Actor, id: &str) -> Result<Grant, Refusal> {
        let id = id.to_owned();
        self.runtime.call(|engine, store| {
            engine
                .guestpass_access_grants()
                .call_revoke(store, actor, &id)
        })
    }

    /// Clears up what is left of a grant, which is revoked first if it is not over: has the host delete the user that was made
    /// for it, with this decision about all that the user wrote. A user who was there before is not touched. Refused as
    /// `user-held` while that user has other access. If the host cannot delete the user now, that is refused, and the sweep
    /// tries again.
    pub fn retire(
        &self,
        actor: &Actor,
        id: &str,
        content: &ContentDecision,
    ) -> Result<Grant, Refusal> {
        let id = id.to_owned();
        self.runtime.call(|engine, store| {
            engine
                .guestpass_access_grants()
                .call_retire(store, actor, &id, content)
        })
    }

    /// A new secret for the same grant, a link or a password as it had. The earlier one is dead from then on, and sessions
    /// begun with it end.
    pub fn reissue(&self, actor: &Actor, id: &str) -> Result<Issued, Refusal> {
        let id = id.to_owned();
        self.runtime
            .call(|engine, store| {
                engine
                    .guestpass_access_grants()
                    .call_reissue(store, actor, &id)
            })
            .map(Issued::from)
    }

    /// Gives it another scope, which binds at the next check and is held to what a new grant would be. `knowingly`: what the
    /// actor was told and wants all the same.
    pub fn change_scope(
        &self,
        actor: &Actor,
        id: &str,
        scope: &Scope,
        knowingly: &[String],
    ) -> Result<Grant, Refusal> {
        let id = id.to_owned();
        self.runtime.call(|engine, store| {
            engine
                .guestpass_access_grants()
                .call_change_scope(store, actor, &id, scope, knowingly)
        })
    }

    /// Revokes what this user handed out and is not over, at most `limit` (1 to 1000) in one call. Call it until there are no
    /// more; whatever breaks it off, calling again goes on.
    pub fn revoke_all(
        &self,
        actor: &Actor,
        grantor: &str,
        limit: u32,
    ) -> Result<RevokedAll, Refusal> {
        let grantor = grantor.to_owned();
        self.runtime.call(|engine, store| {
            engine
                .guestpass_access_grants()
                .call_revoke_all(store, actor, &grantor, limit)
        })
    }
}
