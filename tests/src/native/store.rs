//! A host's store as the core wants it.

use std::sync::Arc;

use guestpass::ports as host;
use guestpass_core::ports::{Check, Entry, Put, Store, StoreFailure, Stored};

/// The store behind the core's trait.
#[derive(Debug)]
pub struct StorePort<S: ?Sized>(pub Arc<S>);

fn entry(entry: host::Entry) -> Entry {
    Entry {
        key: entry.key,
        value: entry.value,
        version: entry.version,
    }
}

fn stored(stored: host::Stored) -> Stored {
    Stored {
        value: stored.value,
        version: stored.version,
    }
}

fn store_failure(failure: host::StoreFailure) -> StoreFailure {
    match failure {
        host::StoreFailure::Conflict => StoreFailure::Conflict,
        host::StoreFailure::Unavailable(why) => StoreFailure::Unavailable(why),
    }
}

impl<S: host::Store + ?Sized> Store for StorePort<S> {
    fn get(&self, keys: &[Vec<u8>]) -> Result<Vec<Option<Stored>>, StoreFailure> {
        let entries = self.0.get(keys).map_err(store_failure)?;
        Ok(entries.into_iter().map(|found| found.map(stored)).collect())
    }

    fn scan(
        &self,
        start: &[u8],
        end: &[u8],
        limit: u32,
        backwards: bool,
    ) -> Result<Vec<Entry>, StoreFailure> {
        let entries = self
            .0
            .scan(start, end, limit, backwards)
            .map_err(store_failure)?;
        Ok(entries.into_iter().map(entry).collect())
    }

    fn commit(
        &self,
        checks: &[Check],
        puts: &[Put],
        deletes: &[Vec<u8>],
    ) -> Result<(), StoreFailure> {
        let checks: Vec<_> = checks
            .iter()
            .map(|check| host::Check {
                key: check.key.clone(),
                version: check.version,
            })
            .collect();
        let puts: Vec<_> = puts
            .iter()
            .map(|put| host::Put {
                key: put.key.clone(),
                value: put.value.clone(),
            })
            .collect();
        self.0
            .commit(&checks, &puts, deletes)
            .map_err(store_failure)
    }
}
