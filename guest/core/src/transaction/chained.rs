//! What is stored with the head of its history.

use serde::{Deserialize, Serialize};

use crate::codec::{self, Kept};
use crate::history::record::{Hash, Head, hash};
use crate::refusal::Refusal;

/// Something with a chain of history, stored with the head of that chain.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Chained<T> {
    /// The end of its history.
    pub head: Head,
    /// What it is.
    pub body: T,
}

/// The body stands last, so what it comes to hold stands at the end of the whole.
impl<T: Kept> Kept for Chained<T> {
    const GREW: &'static [&'static [u8]] = T::GREW;
}

impl<T: Kept> Chained<T> {
    /// The hash that the last record of its history holds: that of the body as it is stored.
    ///
    /// # Errors
    /// [`Code::RecordDamaged`], which no body of this crate ever gives.
    pub(super) fn left(&self) -> Result<Hash, Refusal> {
        codec::written(&self.body).map(|bytes| hash(&bytes))
    }
}

/// The head and the hash of the body of something that is stored as [`Chained`], whatever it is and whichever format it was
/// written in. None if the head is not written as this crate writes one.
pub(crate) fn stored_head(payload: &[u8]) -> Option<(Head, Hash)> {
    let (head, body) = postcard::take_from_bytes::<Head>(payload).ok()?;
    let canonical = codec::written(&head).ok()?;
    payload.starts_with(&canonical).then(|| (head, hash(body)))
}
