//! The export `entry`.

use guestpass_core::names::SiteId;

use crate::Component;
use crate::bindings::exports::guestpass::access::entry::{Admission, Guest, Preview};
use crate::bindings::guestpass::access::types::{Origin, Refusal};
use crate::convert::{from_wit, to_wit};
use crate::ports::engine;

impl Guest for Component {
    fn inspect(site: String, pass: String) -> Result<Preview, Refusal> {
        engine(|engine| engine.inspect(&SiteId::parse(&site)?, &pass))
            .map(to_wit)
            .map_err(to_wit)
    }

    fn redeem(site: String, pass: String, origin: Origin) -> Result<Admission, Refusal> {
        engine(|engine| engine.redeem(&SiteId::parse(&site)?, &pass, &from_wit(origin)))
            .map(to_wit)
            .map_err(to_wit)
    }

    fn sign_out(site: String, session: String) -> Result<(), Refusal> {
        engine(|engine| engine.sign_out(&SiteId::parse(&site)?, &session)).map_err(to_wit)
    }
}
