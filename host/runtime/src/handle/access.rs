//! What somebody may do right now.

use crate::{Access, Actor, Explanation, Guestpass, Refusal};

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
}
