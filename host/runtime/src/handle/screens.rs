//! The pages that owners and guests see.

use crate::screens::{Request, Response};
use crate::{Guestpass, Refusal};

/// The pages that owners and guests see. What a host does with them stands in [`crate::screens`].
impl Guestpass {
    /// Answers a request for a page. Whatever the engine refuses is a page too: an error means that the engine itself broke
    /// off.
    pub fn screen(&self, request: &Request) -> Result<Response, Refusal> {
        self.runtime
            .call(|engine, store| {
                let answered = engine
                    .guestpass_access_screens()
                    .call_handle(store, request);
                answered.map(Ok)
            })
            .map(Response::from)
    }
}
