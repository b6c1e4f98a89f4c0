//! The pages that owners and guests see.

use crate::screens::{Request, Response};
use crate::{Guestpass, Refusal};

/// The pages that owners and guests see. What a host does with them stands in [`crate::screens`].
impl Guestpass {
    /// Answers a request for a page. Whatever the engine refuses is a page too: an error means that the engine itself broke
    /// off.
    pub fn screen(&self, request: &Request) -> Result<Response, Refusal> {
        self.screen_with(request, None)
    }

    /// As [`screen`](Self::screen), with the content of the request's upload. It is handed to
    /// [`Extensions::install`](crate::ports::Extensions::install) if the engine asks for that, and does not pass through the
    /// engine.
    pub fn screen_with(
        &self,
        request: &Request,
        content: Option<Vec<u8>>,
    ) -> Result<Response, Refusal> {
        let handle = request.upload.as_ref().map(|upload| upload.handle.clone());
        self.runtime
            .call(|engine, store| {
                store.data_mut().keep_upload(handle.zip(content));
                let answered = engine
                    .guestpass_access_screens()
                    .call_handle(&mut *store, request);
                store.data_mut().keep_upload(None);
                answered.map(Ok)
            })
            .map(Response::from)
    }
}
