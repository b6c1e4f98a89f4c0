//! Leaving: the session that the browser has ends, whatever it is.

use crate::fields::Fields;
use crate::response::{Effect, Response};
use crate::visit::{Answered, Visit};

/// Ends it.
pub(crate) fn leave(visit: &Visit<'_>, _: &Fields) -> Answered {
    Ok(Response::see(visit.request.home.clone()).with(Effect::SignOut))
}
