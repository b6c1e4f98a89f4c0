//! Access that a person accepts.

use crate::{Accepted, Guestpass, Invitation, Invitee, Origin, Refusal};

/// Access that a person accepts, bound to the address it was sent to: made with [`Draft::invitation`](crate::Draft::invitation),
/// listed, sent anew and revoked as every grant, and acted by through [`Guestpass::switch`].
impl Guestpass {
    /// What this invitation is for. Changes nothing, so it may be asked on GET.
    pub fn inspect_invitation(&self, site: &str, token: &str) -> Result<Invitation, Refusal> {
        let site = site.to_owned();
        self.runtime.call(|engine, store| {
            engine
                .guestpass_access_invitations()
                .call_inspect(store, &site, token)
        })
    }

    /// Accepts it, once, as a user of whom the host is certain or as one who is made for it. Begins no session. Only ever
    /// call it for an explicit act of a person (POST).
    pub fn accept(
        &self,
        site: &str,
        token: &str,
        invitee: &Invitee,
        origin: &Origin,
    ) -> Result<Accepted, Refusal> {
        let site = site.to_owned();
        self.runtime.call(|engine, store| {
            engine
                .guestpass_access_invitations()
                .call_accept(store, &site, token, invitee, origin)
        })
    }

    /// Ends an invitation that was not accepted yet. Only ever call it for an explicit act of a person (POST).
    pub fn decline(&self, site: &str, token: &str, origin: &Origin) -> Result<(), Refusal> {
        let site = site.to_owned();
        self.runtime.call(|engine, store| {
            engine
                .guestpass_access_invitations()
                .call_decline(store, &site, token, origin)
        })
    }
}
