//! Where the engine keeps its state: an ordered key-value map with one atomic commit.

use std::sync::Arc;

pub use crate::bindings::guestpass::access::store::{
    Check, Entry, Failure as StoreFailure, Put, Stored,
};

/// An ordered key-value map with one atomic commit. Any SQL database, etcd or FoundationDB can implement it in a page;
/// [`crate::store`] has two that are finished.
///
/// Keys are at most 256 bytes and compare byte by byte. Each begins with the site and a zero byte, so a host may shard by
/// what stands before the first zero byte; no commit spans two sites. Values are at most 64 KiB.
///
/// A version is greater than 0 and different after every change of its key, also when the key was deleted in between.
pub trait Store: Send + Sync + 'static {
    /// What stands under these keys, in the same order; `None` where a key is absent. All of them are read at one moment.
    ///
    /// # Errors
    /// [`StoreFailure::Unavailable`] with the reason, for the operator.
    fn get(&self, keys: &[Vec<u8>]) -> Result<Vec<Option<Stored>>, StoreFailure>;

    /// The entries with `start <= key < end` in ascending order, or descending when `backwards`; the first `limit` of them.
    ///
    /// # Errors
    /// [`StoreFailure::Unavailable`] with the reason, for the operator.
    fn scan(
        &self,
        start: &[u8],
        end: &[u8],
        limit: u32,
        backwards: bool,
    ) -> Result<Vec<Entry>, StoreFailure>;

    /// All or nothing: if every check holds (version 0: the key is absent), writes every put and removes every delete
    /// (absent keys are no error), durably before it returns, and visible to every later read of any process.
    ///
    /// # Errors
    /// [`StoreFailure::Conflict`] if a check did not hold, [`StoreFailure::Unavailable`] if it could not be done. Either
    /// way nothing was written.
    fn commit(
        &self,
        checks: &[Check],
        puts: &[Put],
        deletes: &[Vec<u8>],
    ) -> Result<(), StoreFailure>;
}

impl<T: Store + ?Sized> Store for Arc<T> {
    fn get(&self, keys: &[Vec<u8>]) -> Result<Vec<Option<Stored>>, StoreFailure> {
        (**self).get(keys)
    }

    fn scan(
        &self,
        start: &[u8],
        end: &[u8],
        limit: u32,
        backwards: bool,
    ) -> Result<Vec<Entry>, StoreFailure> {
        (**self).scan(start, end, limit, backwards)
    }

    fn commit(
        &self,
        checks: &[Check],
        puts: &[Put],
        deletes: &[Vec<u8>],
    ) -> Result<(), StoreFailure> {
        (**self).commit(checks, puts, deletes)
    }
}
