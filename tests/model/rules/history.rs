//! What is told of what happened.

use super::*;

impl Site {
    pub(super) fn tell(&mut self, id: &str, actor: Option<&str>, action: &'static str) {
        let subject = self.grants[id].user.clone();
        self.tell_of(id, actor, subject, action);
    }

    /// What a user did to the account of the grantor.
    pub(super) fn tell_of_account(&mut self, id: &str, user: &str, action: &'static str) {
        let account = self.grants[id].grantor.clone();
        self.tell_of(id, Some(user), Some(account), action);
    }

    fn tell_of(
        &mut self,
        id: &str,
        actor: Option<&str>,
        subject: Option<String>,
        action: &'static str,
    ) {
        let grant = self.grants.get_mut(id).expect("a grant");
        self.outbox.push(format!("{id}.{}", grant.history.len()));
        grant.history.push(Line {
            at: self.now,
            actor: actor.map(str::to_owned),
            subject,
            action,
        });
    }

    pub(super) fn tell_site(&mut self, actor: Option<&str>, action: &'static str) {
        self.outbox.push(format!("policy.{}", self.history.len()));
        self.history.push(Line {
            at: self.now,
            actor: actor.map(str::to_owned),
            subject: None,
            action,
        });
    }

    /// The line of this id.
    pub fn happening(&self, id: &str) -> Happening {
        let (chain, sequence) = id.rsplit_once('.').expect("a chain and a number");
        let sequence: u64 = sequence.parse().expect("a number");
        let at = usize::try_from(sequence).expect("a number");
        let (grant, line) = match self.grants.get(chain) {
            Some(grant) => (Some(chain.to_owned()), &grant.history[at]),
            None => (None, &self.history[at]),
        };
        Happening {
            id: id.to_owned(),
            grant,
            sequence,
            at: line.at,
            actor: line.actor.clone(),
            subject: line.subject.clone(),
            action: line.action.to_owned(),
            // What else is known, and the digest: `verify` looks after them.
            details: Vec::new(),
            hash: Vec::new(),
        }
    }

    /// What was not acknowledged yet, oldest first.
    pub fn waiting(&self) -> Vec<Happening> {
        let mut lines: Vec<_> = self.outbox.iter().map(|id| self.happening(id)).collect();
        lines.sort_by_key(|line| line.at);
        lines
    }

    pub fn history(
        &mut self,
        by: &str,
        id: &str,
        first: u64,
        limit: u32,
    ) -> Answer<Vec<Happening>> {
        let count = self.theirs(by, id)?.history.len() as u64;
        let last = count.min(first.saturating_add(limit.into()));
        Ok((first..last)
            .map(|number| self.happening(&format!("{id}.{number}")))
            .collect())
    }

    /// How many chains of grants and how many records there are.
    pub fn records(&self) -> (u32, u64) {
        let lines = self.grants.values().map(|grant| grant.history.len());
        let lines = lines.sum::<usize>() + self.history.len();
        (self.grants.len() as u32, lines as u64)
    }

    // Changing.
}
