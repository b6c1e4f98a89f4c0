//! Coming in by a link and leaving.

use crate::{Actor, Admission, Guestpass, Origin, Preview, Refusal, Sessions};

/// Coming in by a link and leaving. A stranger, who holds no valid link, learns nothing: unknown, malformed and foreign
/// passes get the same refusal. Who holds the right secret is told why it does not open any more.
impl Guestpass {
    /// What this link would open. Changes nothing, so it may be asked on GET.
    pub fn inspect(&self, site: &str, pass: &str) -> Result<Preview, Refusal> {
        let site = site.to_owned();
        self.runtime.call(|engine, store| {
            engine
                .guestpass_access_entry()
                .call_inspect(store, &site, pass)
        })
    }

    /// Uses the link: creates the user at the first use, starts a window that counts from it, and begins a session. Only
    /// ever call it for an explicit act of a person (POST).
    pub fn redeem(&self, site: &str, pass: &str, origin: &Origin) -> Result<Admission, Refusal> {
        let site = site.to_owned();
        self.runtime
            .call(|engine, store| {
                engine
                    .guestpass_access_entry()
                    .call_redeem(store, &site, pass, origin)
            })
            .map(Admission::from)
    }

    /// Ends this session. A session that is not there is no error.
    pub fn sign_out(&self, site: &str, session: &str) -> Result<(), Refusal> {
        let site = site.to_owned();
        self.runtime.call(|engine, store| {
            engine
                .guestpass_access_entry()
                .call_sign_out(store, &site, session)
        })
    }

    /// The sessions of a grant that go on, at most `limit` (1 to 100), beginning at `start` (`next` of the page before). For
    /// those who may see the grant.
    pub fn sessions(
        &self,
        actor: &Actor,
        grant: &str,
        start: Option<&str>,
        limit: u32,
    ) -> Result<Sessions, Refusal> {
        let (grant, start) = (grant.to_owned(), start.map(str::to_owned));
        self.runtime.call(|engine, store| {
            engine.guestpass_access_entry().call_sessions(
                store,
                actor,
                &grant,
                start.as_deref(),
                limit,
            )
        })
    }

    /// Ends one session of a grant, by the name that [`Guestpass::sessions`] gives it. The guest may come in anew while the
    /// grant allows it. For those who may change the grant.
    pub fn end_session(&self, actor: &Actor, grant: &str, name: &str) -> Result<(), Refusal> {
        let (grant, name) = (grant.to_owned(), name.to_owned());
        self.runtime.call(|engine, store| {
            engine
                .guestpass_access_entry()
                .call_end_session(store, actor, &grant, &name)
        })
    }
}
