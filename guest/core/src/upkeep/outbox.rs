//! What happened and was not delivered yet: written in the commit of the change, removed when it was received.

use crate::engine::Engine;
use crate::grant::list::page_size;
use crate::history::list::happening;
use crate::history::record::Happening;
use crate::keys::{Keys, chain_and_sequence};
use crate::names::SiteId;
use crate::ports::Level;
use crate::refusal::{Code, Refusal};

impl Engine<'_> {
    /// What was not acknowledged yet, oldest first.
    ///
    /// # Errors
    /// If the store fails.
    pub fn drain(&self, site: &SiteId, limit: u32) -> Result<Vec<Happening>, Refusal> {
        let limit = page_size(limit, 1_000)?;
        let keys = Keys(site);
        let (start, end) = keys.outbox_all();
        let waiting = self.scan(&start, &end, limit, false)?;
        let named: Vec<_> = waiting
            .iter()
            .filter_map(|entry| Some((&entry.key, chain_and_sequence(keys.tail(&entry.key)?)?)))
            .collect();
        let records: Vec<_> = named
            .iter()
            .map(|(_, (chain, sequence))| keys.record(*chain, *sequence))
            .collect();
        let mut happenings = Vec::with_capacity(records.len());
        let mut lost = Vec::new();
        for ((key, (_, sequence)), entry) in named.into_iter().zip(self.get(&records)?) {
            match entry.as_ref().map(|stored| happening(&stored.value)) {
                Some(Ok(happening)) => happenings.push(happening),
                Some(Err(refusal)) if refusal.code == Code::RecordTooNew => return Err(refusal),
                Some(Err(_)) | None => {
                    self.log.write(
                        Level::Error,
                        &format!("record {sequence} of a grant cannot be delivered: it is gone or damaged; verify the history"),
                    );
                    lost.push(key.clone());
                }
            }
        }
        // What is lost would stand in the way of what can still be delivered.
        self.transact(site, |transaction| {
            lost.iter().for_each(|key| transaction.delete(key.clone()));
            Ok(())
        })?;
        Ok(happenings)
    }

    /// Removes what was received. Unknown ids are no error.
    ///
    /// # Errors
    /// If the store fails.
    pub fn acknowledge(&self, site: &SiteId, ids: &[String]) -> Result<(), Refusal> {
        let keys = Keys(site);
        let names: Vec<_> = ids
            .iter()
            .filter_map(|id| Happening::parse_id(id))
            .collect();
        let records: Vec<_> = names
            .iter()
            .map(|(chain, sequence)| keys.record(*chain, *sequence))
            .collect();
        let records = self.get(&records)?;
        self.transact(site, |transaction| {
            for ((chain, sequence), entry) in names.iter().zip(&records) {
                if let Some(Ok(happening)) = entry.as_ref().map(|stored| happening(&stored.value)) {
                    transaction.delete(keys.outbox(happening.record.at, *chain, *sequence));
                }
            }
            Ok(())
        })
    }
}
