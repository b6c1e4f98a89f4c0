//! The export `invitations`.

use guestpass_core::Instant;
use guestpass_core::invitation::accept::Invitee as CoreInvitee;
use guestpass_core::names::SiteId;

use crate::Component;
use crate::bindings::exports::guestpass::access::invitations::{
    Accepted, Guest, Invitation, Invitee,
};
use crate::bindings::guestpass::access::types::{Origin, Refusal};
use crate::convert::{from_wit, to_wit};
use crate::ports::engine;

impl Guest for Component {
    fn inspect(site: String, token: String) -> Result<Invitation, Refusal> {
        let seen = engine(|engine| engine.inspect_invitation(&SiteId::parse(&site)?, &token));
        let seen = seen.map_err(to_wit::<_, Refusal>)?;
        Ok(Invitation {
            grant: seen.grant.to_string(),
            account: seen.account,
            invited_by: seen.invited_by,
            email: seen.email,
            locale: seen.locale,
            message: seen.message,
            scope: seen.scope,
            ends: seen.ends.map(Instant::millis),
            accept_by: seen.accept_by.map(Instant::millis),
            has_user: seen.has_user,
        })
    }

    fn accept(
        site: String,
        token: String,
        invitee: Invitee,
        origin: Origin,
    ) -> Result<Accepted, Refusal> {
        let invitee = match invitee {
            Invitee::Existing(user) => CoreInvitee::Existing(user),
            Invitee::New => CoreInvitee::New,
        };
        let accepted = engine(|engine| {
            engine.accept(&SiteId::parse(&site)?, &token, &invitee, &from_wit(origin))
        });
        let accepted = accepted.map_err(to_wit::<_, Refusal>)?;
        Ok(Accepted {
            grant: accepted.grant.to_string(),
            user: accepted.user,
            account: accepted.account,
            ends: accepted.ends.map(Instant::millis),
            redirect: accepted.redirect,
            locale: accepted.locale,
        })
    }

    fn decline(site: String, token: String, origin: Origin) -> Result<(), Refusal> {
        engine(|engine| engine.decline(&SiteId::parse(&site)?, &token, &from_wit(origin)))
            .map_err(to_wit)
    }
}
