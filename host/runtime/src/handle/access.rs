//! What somebody may do right now.

use crate::{
    Access, Actor, Admission, EndExplanation, Explanation, Guestpass, Memberships, Origin, Power,
    Refusal,
};

/// What somebody may do right now. Whatever goes wrong, the answer is no.
impl Guestpass {
    /// Who is behind this session and what they may do. Ask once a request, and the answer as often as you like. Refuses,
    /// with the reason, when the session or its grant is over.
    pub fn resolve(&self, site: &str, session: &str) -> Result<Access, Refusal> {
        let site = site.to_owned();
        self.runtime
            .call(|engine, store| {
                engine
                    .guestpass_access_access()
                    .call_resolve(store, &site, session)
            })
            .map(Access::from)
    }

    /// Whether this session may do this. A permission that the catalogue does not know is refused as
    /// `unknown-permission`.
    pub fn check(&self, site: &str, session: &str, permission: &str) -> Result<bool, Refusal> {
        let (site, permission) = (site.to_owned(), permission.to_owned());
        self.runtime.call(|engine, store| {
            engine
                .guestpass_access_access()
                .call_check(store, &site, session, &permission)
        })
    }

    /// Which limits bind a grant for one permission. For those who may see the grant.
    pub fn explain(
        &self,
        actor: &Actor,
        grant: &str,
        permission: &str,
    ) -> Result<Explanation, Refusal> {
        let (grant, permission) = (grant.to_owned(), permission.to_owned());
        self.runtime.call(|engine, store| {
            engine
                .guestpass_access_access()
                .call_explain(store, actor, &grant, &permission)
        })
    }

    /// The accounts in which this user may act: the own one first, then at most `limit` (1 to 1000) of others, beginning at
    /// `start` (`next` of the page before). For a user of whom the host is certain. A user for whom there is none must not
    /// be signed in.
    pub fn memberships(
        &self,
        site: &str,
        user: &str,
        start: Option<&str>,
        limit: u32,
    ) -> Result<Memberships, Refusal> {
        let (site, user, start) = (site.to_owned(), user.to_owned(), start.map(str::to_owned));
        self.runtime.call(|engine, store| {
            engine.guestpass_access_access().call_memberships(
                store,
                &site,
                &user,
                start.as_ref(),
                limit,
            )
        })
    }

    /// Begins a session in which this user acts in the account of somebody else, by a grant that they accepted. `user` is the
    /// one of whom the host is certain, never the grantor of a session. The engine's session `from` that the browser had,
    /// if any, is over.
    pub fn switch(
        &self,
        site: &str,
        user: &str,
        grant: &str,
        from: Option<&str>,
        origin: &Origin,
    ) -> Result<Admission, Refusal> {
        let (site, user, grant) = (site.to_owned(), user.to_owned(), grant.to_owned());
        self.runtime
            .call(|engine, store| {
                engine
                    .guestpass_access_access()
                    .call_switch(store, &site, &user, &grant, from, origin)
            })
            .map(Admission::from)
    }

    /// Ends a session that was begun by [`Guestpass::switch`] and tells whose it was, for the host to sign them in with a new
    /// session. Nothing is restored.
    pub fn return_to_own(&self, site: &str, session: &str) -> Result<String, Refusal> {
        let site = site.to_owned();
        self.runtime.call(|engine, store| {
            engine
                .guestpass_access_access()
                .call_return_to_own(store, &site, session)
        })
    }

    /// Which limits bind the end of a grant, and who could change them. For those who may see the grant.
    pub fn explain_ending(&self, actor: &Actor, grant: &str) -> Result<EndExplanation, Refusal> {
        let grant = grant.to_owned();
        self.runtime.call(|engine, store| {
            engine
                .guestpass_access_access()
                .call_explain_ending(store, actor, &grant)
        })
    }

    /// What a grant gives at this moment, or would if it were open. For those who may see the grant.
    pub fn power(&self, actor: &Actor, grant: &str) -> Result<Power, Refusal> {
        let grant = grant.to_owned();
        self.runtime
            .call(|engine, store| {
                engine
                    .guestpass_access_access()
                    .call_power(store, actor, &grant)
            })
            .map(Power::from)
    }
}
