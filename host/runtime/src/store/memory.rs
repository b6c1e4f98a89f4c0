//! A store that is gone when the process is. For tests, trials and examples.

use std::collections::BTreeMap;
use std::ops::Bound;
use std::sync::{PoisonError, RwLock};

use crate::ports::{Check, Entry, Put, Store, StoreFailure, Stored};

/// Keeps everything in memory, in one ordered map.
#[derive(Default)]
pub struct MemoryStore {
    inner: RwLock<Inner>,
}

#[derive(Default)]
struct Inner {
    entries: BTreeMap<Vec<u8>, Stored>,
    /// The version of the last commit. One counter for all keys, so a deleted key never gets an old version again.
    version: u64,
}

impl Store for MemoryStore {
    fn get(&self, keys: &[Vec<u8>]) -> Result<Vec<Option<Stored>>, StoreFailure> {
        let inner = self.inner.read().unwrap_or_else(PoisonError::into_inner);
        Ok(keys
            .iter()
            .map(|key| inner.entries.get(key).cloned())
            .collect())
    }

    fn scan(
        &self,
        start: &[u8],
        end: &[u8],
        limit: u32,
        backwards: bool,
    ) -> Result<Vec<Entry>, StoreFailure> {
        if start >= end {
            return Ok(Vec::new());
        }
        let inner = self.inner.read().unwrap_or_else(PoisonError::into_inner);
        let range = inner
            .entries
            .range::<[u8], _>((Bound::Included(start), Bound::Excluded(end)));
        let limit = usize::try_from(limit).unwrap_or(usize::MAX);
        let entry = |(key, stored): (&Vec<u8>, &Stored)| Entry {
            key: key.clone(),
            value: stored.value.clone(),
            version: stored.version,
        };
        Ok(if backwards {
            range.rev().take(limit).map(entry).collect()
        } else {
            range.take(limit).map(entry).collect()
        })
    }

    fn commit(
        &self,
        checks: &[Check],
        puts: &[Put],
        deletes: &[Vec<u8>],
    ) -> Result<(), StoreFailure> {
        let mut inner = self.inner.write().unwrap_or_else(PoisonError::into_inner);
        let holds = |check: &Check| {
            inner
                .entries
                .get(&check.key)
                .map_or(0, |stored| stored.version)
                == check.version
        };
        if !checks.iter().all(holds) {
            return Err(StoreFailure::Conflict);
        }
        // Nothing below fails, so a commit is never half-done.
        let version = inner.version + 1;
        inner.version = version;
        for put in puts {
            inner.entries.insert(
                put.key.clone(),
                Stored {
                    value: put.value.clone(),
                    version,
                },
            );
        }
        for key in deletes {
            inner.entries.remove(key);
        }
        Ok(())
    }
}
