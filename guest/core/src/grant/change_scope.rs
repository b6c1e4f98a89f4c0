//! What a grant gives, changed while it runs. Binds at the next check, as everything does.

use crate::engine::Engine;
use crate::grant::authority::{Authority, grant_id};
use crate::grant::create::allowed;
use crate::grant::draft::{Draft, Override, known_overrides};
use crate::grant::power::Power;
use crate::grant::scope::Scope;
use crate::grant::state::Event;
use crate::grant::view::View;
use crate::history::record::Action;
use crate::names::Actor;
use crate::refusal::Refusal;

impl Engine<'_> {
    /// Gives a grant another scope, under the rules that a new grant would have now: the grantor's own power, the policy, a
    /// fresh backup for power that was not given before, and what extensions say.
    ///
    /// # Errors
    /// As [`Self::create`] about the scope; [`crate::Code::GrantEnded`]
    pub fn change_scope(
        &self,
        actor: &Actor,
        id: &str,
        scope: Scope,
        knowingly: &[String],
    ) -> Result<View, Refusal> {
        let authority = Authority::of(self, actor)?;
        let id = grant_id(id)?;
        let knowingly = known_overrides(knowingly.to_vec(), Override::OF_SCOPE)?;
        scope.check(&authority.catalogue)?;
        let catalogue = &authority.catalogue;
        let present = self.transact(&actor.site, |transaction| {
            Ok(authority.grant(transaction, id)?.into_grant())
        })?;
        let (draft, latest) =
            self.reviewed(actor, &authority, Draft::of(&present, scope, knowingly))?;
        self.change(
            actor,
            &id.to_string(),
            Event::Change,
            Action::ScopeChanged,
            &mut |transaction, grant| {
                let policy = &transaction.policy()?.body;
                let grantor = self.standing(&actor.site, &grant.grantor)?;
                let before = Power::new(&grant.scope, catalogue, policy, grantor.as_ref());
                let power = allowed(catalogue, policy, &draft.scope, grantor.as_ref())?;
                let gained = power.effective().minus(before.effective());
                if !draft.knows(Override::WithoutBackup) {
                    policy.check_backup(self, &actor.site, catalogue, gained, transaction.now())?;
                }
                grant.scope = draft.scope.clone();
                grant.term = grant.term.no_later_than(latest);
                // What was asked about may be less by now.
                grant.uses_allowed = [grant.uses_allowed, draft.uses].into_iter().flatten().min();
                let gives = (
                    "permissions".to_owned(),
                    catalogue.written(&power.effective()),
                );
                let known = draft.known().map(|words| ("knowingly".to_owned(), words));
                Ok([gives].into_iter().chain(known).collect())
            },
        )
    }
}
