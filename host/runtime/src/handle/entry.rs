//! Coming in by a link or a password, and leaving.

use crate::{Actor, Admission, Guestpass, Origin, Preview, Refusal, Sessions};

/// Coming in by a link or a password, and leaving. A stranger, who holds no valid link, learns nothing: unknown, malformed and
/// foreign passes get the same refusal. Who holds the right secret is told why it does not open any more.
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

    /// Whether the host may let this user in, asked before it accepts any credential of theirs. Users who are no guests always
    /// may, and so may somebody who was made to accept an invitation, while there is an account to act in. A guest by a
    /// password who may is let in by [`Guestpass::sign_in`], never by a session of the host's own.
    pub fn may_sign_in(&self, site: &str, user: &str) -> Result<(), Refusal> {
        let (site, user) = (site.to_owned(), user.to_owned());
        self.runtime.call(|engine, store| {
            engine
                .guestpass_access_entry()
                .call_may_sign_in(store, &site, &user)
        })
    }

    /// Lets a guest in whose password the host has found to be right: counts a use, starts a window that counts from the
    /// first use, and begins a session.
    pub fn sign_in(&self, site: &str, user: &str, origin: &Origin) -> Result<Admission, Refusal> {
        let (site, user) = (site.to_owned(), user.to_owned());
        self.runtime
            .call(|engine, store| {
                engine
                    .guestpass_access_entry()
                    .call_sign_in(store, &site, &user, origin)
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
