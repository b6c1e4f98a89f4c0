//! The engine as a test asks it, the same natively and through the component.

use guestpass::ports::ContentDecision;
use guestpass::{
    Accepted, Actor, Checkpoint, Draft, EndExplanation, Explanation, Extension, Filter, Grant,
    Guestpass, Happening, Inclusion, Invitation, Invitee, Lockouts, Logged, Memberships, Origin,
    Page, Preset, Preview, Refusal, Report, RevokedAll, Scope, Sessions, Settings, Swept, Template,
    Uninstalled, Withheld,
};
use serde::Serialize;

/// A link or password that was just made, its secret in the open: tests search for it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Link {
    /// The grant behind it.
    pub grant: Grant,
    /// The secret part of the link, or the password.
    pub pass: String,
    /// What the grant gives now.
    pub permissions: Vec<String>,
    /// What its scope names and it does not give.
    pub withheld: Vec<Withheld>,
}

impl Link {
    /// The grant's id.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.grant.id
    }
}

/// Somebody is in.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Entered {
    /// The session's secret.
    pub session: String,
    /// Which grant.
    pub grant: String,
    /// The host's user.
    pub user: String,
    /// When it ends.
    pub ends: Option<u64>,
    /// Where to go.
    pub redirect: Option<String>,
    /// The guest's language.
    pub locale: Option<String>,
}

/// Who somebody is and what they may do.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Resolved {
    /// Which grant.
    pub grant: String,
    /// The host's user.
    pub user: String,
    /// Whose power it is.
    pub grantor: String,
    /// Whether it was begun by switching.
    pub switched: bool,
    /// Ascending.
    pub permissions: Vec<String>,
    /// When the grant ends.
    pub ends: Option<u64>,
    /// Until when the answer is good.
    pub until: u64,
}

impl Resolved {
    /// Whether this is given.
    #[must_use]
    pub fn may(&self, permission: &str) -> bool {
        self.permissions.iter().any(|held| held == permission)
    }
}

/// All that a grant gives.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Power {
    /// Whether it gives that now.
    pub now: bool,
    /// Ascending.
    pub permissions: Vec<String>,
    /// What its scope names and it does not give.
    pub withheld: Vec<Withheld>,
}

/// What the engine answers.
pub type Answer<T> = Result<T, Refusal>;

/// Every function of the contract.
#[allow(
    missing_docs,
    reason = "each is the function of that name in the contract, which says all"
)]
pub trait Asked: Send + Sync {
    fn create(&self, actor: &Actor, draft: &Draft) -> Answer<Link>;
    fn get(&self, actor: &Actor, id: &str) -> Answer<Grant>;
    fn list(&self, actor: &Actor, filter: &Filter, start: Option<&str>, limit: u32)
    -> Answer<Page>;
    fn extend(&self, actor: &Actor, id: &str, extension: &Extension) -> Answer<Grant>;
    fn suspend(&self, actor: &Actor, id: &str) -> Answer<Grant>;
    fn resume(&self, actor: &Actor, id: &str) -> Answer<Grant>;
    fn revoke(&self, actor: &Actor, id: &str) -> Answer<Grant>;
    fn retire(&self, actor: &Actor, id: &str, content: &ContentDecision) -> Answer<Grant>;
    fn reissue(&self, actor: &Actor, id: &str) -> Answer<Link>;
    fn change_scope(
        &self,
        actor: &Actor,
        id: &str,
        scope: &Scope,
        knowingly: &[String],
    ) -> Answer<Grant>;
    fn revoke_all(&self, actor: &Actor, grantor: &str, limit: u32) -> Answer<RevokedAll>;
    fn inspect_invitation(&self, site: &str, token: &str) -> Answer<Invitation>;
    fn accept(
        &self,
        site: &str,
        token: &str,
        invitee: &Invitee,
        origin: &Origin,
    ) -> Answer<Accepted>;
    fn decline(&self, site: &str, token: &str, origin: &Origin) -> Answer<()>;
    fn memberships(
        &self,
        site: &str,
        user: &str,
        start: Option<&str>,
        limit: u32,
    ) -> Answer<Memberships>;
    fn switch(
        &self,
        site: &str,
        user: &str,
        grant: &str,
        from: Option<&str>,
        origin: &Origin,
    ) -> Answer<Entered>;
    fn return_to_own(&self, site: &str, session: &str) -> Answer<String>;
    fn inspect(&self, site: &str, pass: &str) -> Answer<Preview>;
    fn redeem(&self, site: &str, pass: &str, origin: &Origin) -> Answer<Entered>;
    fn may_sign_in(&self, site: &str, user: &str) -> Answer<()>;
    fn sign_in(&self, site: &str, user: &str, origin: &Origin) -> Answer<Entered>;
    fn sign_out(&self, site: &str, session: &str) -> Answer<()>;
    fn resolve(&self, site: &str, session: &str) -> Answer<Resolved>;
    fn check(&self, site: &str, session: &str, permission: &str) -> Answer<bool>;
    fn explain(&self, actor: &Actor, id: &str, permission: &str) -> Answer<Explanation>;
    fn explain_ending(&self, actor: &Actor, id: &str) -> Answer<EndExplanation>;
    fn power(&self, actor: &Actor, id: &str) -> Answer<Power>;
    fn sessions(
        &self,
        actor: &Actor,
        id: &str,
        start: Option<&str>,
        limit: u32,
    ) -> Answer<Sessions>;
    fn end_session(&self, actor: &Actor, id: &str, name: &str) -> Answer<()>;
    fn deactivated(&self, site: &str) -> Answer<Option<u64>>;
    fn deactivate(&self, site: &str) -> Answer<u64>;
    fn activate(&self, site: &str) -> Answer<()>;
    fn uninstall(&self, site: &str, content: &ContentDecision, limit: u32) -> Answer<Uninstalled>;
    fn policy(&self, site: &str) -> Answer<Settings>;
    fn set_policy(&self, actor: &Actor, settings: &Settings) -> Answer<()>;
    fn policy_templates(&self, site: &str) -> Answer<Vec<Template>>;
    fn presets(&self) -> Answer<Vec<Preset>>;
    fn history(&self, actor: &Actor, id: &str, first: u64, limit: u32) -> Answer<Vec<Happening>>;
    fn verify(&self, site: &str, start: Option<&str>, limit: u32) -> Answer<Report>;
    fn verify_against(
        &self,
        site: &str,
        checkpoint: &str,
        start: Option<&str>,
        limit: u32,
    ) -> Answer<Report>;
    fn checkpoint(&self, site: &str) -> Answer<Checkpoint>;
    fn read_checkpoint(&self, text: &str) -> Answer<Checkpoint>;
    fn log(&self, site: &str, start: u64, limit: u32) -> Answer<Vec<Logged>>;
    fn prove_inclusion(&self, site: &str, id: &str, checkpoint: &str) -> Answer<Inclusion>;
    fn check_inclusion(&self, hash: &[u8], proof: &str, checkpoint: &str) -> Answer<()>;
    fn prove_consistency(&self, site: &str, earlier: &str, later: &str) -> Answer<String>;
    fn check_consistency(&self, proof: &str, earlier: &str, later: &str) -> Answer<()>;
    fn lockouts(&self, actor: &Actor, start: Option<&str>, limit: u32) -> Answer<Lockouts>;
    fn lift_lockout(&self, actor: &Actor, id: &str) -> Answer<()>;
    fn sweep(&self, site: &str, limit: u32) -> Answer<Swept>;
    fn next_due(&self, site: &str) -> Answer<Option<u64>>;
    fn drain(&self, site: &str, limit: u32) -> Answer<Vec<Happening>>;
    fn acknowledge(&self, site: &str, ids: &[String]) -> Answer<()>;
}

/// The names in a permission set.
pub(crate) fn names(set: &str) -> Vec<String> {
    set.split(' ')
        .filter(|name| !name.is_empty())
        .map(str::to_owned)
        .collect()
}

fn entered(admission: guestpass::Admission) -> Entered {
    Entered {
        session: admission.session.into_inner(),
        grant: admission.grant,
        user: admission.user,
        ends: admission.ends,
        redirect: admission.redirect,
        locale: admission.locale,
    }
}

fn link(issued: guestpass::Issued) -> Link {
    Link {
        permissions: issued.permissions.iter().map(str::to_owned).collect(),
        grant: issued.grant,
        pass: issued.secret.into_inner(),
        withheld: issued.withheld,
    }
}

/// Through the component.
impl Asked for Guestpass {
    fn create(&self, actor: &Actor, draft: &Draft) -> Answer<Link> {
        Self::create(self, actor, draft).map(link)
    }

    fn get(&self, actor: &Actor, id: &str) -> Answer<Grant> {
        Self::get(self, actor, id)
    }

    fn list(
        &self,
        actor: &Actor,
        filter: &Filter,
        start: Option<&str>,
        limit: u32,
    ) -> Answer<Page> {
        Self::list(self, actor, filter, start, limit)
    }

    fn extend(&self, actor: &Actor, id: &str, extension: &Extension) -> Answer<Grant> {
        Self::extend(self, actor, id, extension)
    }

    fn suspend(&self, actor: &Actor, id: &str) -> Answer<Grant> {
        Self::suspend(self, actor, id)
    }

    fn resume(&self, actor: &Actor, id: &str) -> Answer<Grant> {
        Self::resume(self, actor, id)
    }

    fn revoke(&self, actor: &Actor, id: &str) -> Answer<Grant> {
        Self::revoke(self, actor, id)
    }

    fn retire(&self, actor: &Actor, id: &str, content: &ContentDecision) -> Answer<Grant> {
        Self::retire(self, actor, id, content)
    }

    fn reissue(&self, actor: &Actor, id: &str) -> Answer<Link> {
        Self::reissue(self, actor, id).map(link)
    }

    fn change_scope(
        &self,
        actor: &Actor,
        id: &str,
        scope: &Scope,
        knowingly: &[String],
    ) -> Answer<Grant> {
        Self::change_scope(self, actor, id, scope, knowingly)
    }

    fn revoke_all(&self, actor: &Actor, grantor: &str, limit: u32) -> Answer<RevokedAll> {
        Self::revoke_all(self, actor, grantor, limit)
    }

    fn inspect_invitation(&self, site: &str, token: &str) -> Answer<Invitation> {
        Self::inspect_invitation(self, site, token)
    }

    fn accept(
        &self,
        site: &str,
        token: &str,
        invitee: &Invitee,
        origin: &Origin,
    ) -> Answer<Accepted> {
        Self::accept(self, site, token, invitee, origin)
    }

    fn decline(&self, site: &str, token: &str, origin: &Origin) -> Answer<()> {
        Self::decline(self, site, token, origin)
    }

    fn memberships(
        &self,
        site: &str,
        user: &str,
        start: Option<&str>,
        limit: u32,
    ) -> Answer<Memberships> {
        Self::memberships(self, site, user, start, limit)
    }

    fn switch(
        &self,
        site: &str,
        user: &str,
        grant: &str,
        from: Option<&str>,
        origin: &Origin,
    ) -> Answer<Entered> {
        Self::switch(self, site, user, grant, from, origin).map(entered)
    }

    fn return_to_own(&self, site: &str, session: &str) -> Answer<String> {
        Self::return_to_own(self, site, session)
    }

    fn inspect(&self, site: &str, pass: &str) -> Answer<Preview> {
        Self::inspect(self, site, pass)
    }

    fn redeem(&self, site: &str, pass: &str, origin: &Origin) -> Answer<Entered> {
        Self::redeem(self, site, pass, origin).map(entered)
    }

    fn may_sign_in(&self, site: &str, user: &str) -> Answer<()> {
        Self::may_sign_in(self, site, user)
    }

    fn sign_in(&self, site: &str, user: &str, origin: &Origin) -> Answer<Entered> {
        Self::sign_in(self, site, user, origin).map(entered)
    }

    fn sign_out(&self, site: &str, session: &str) -> Answer<()> {
        Self::sign_out(self, site, session)
    }

    fn resolve(&self, site: &str, session: &str) -> Answer<Resolved> {
        Self::resolve(self, site, session).map(|access| Resolved {
            grant: access.grant().to_owned(),
            user: access.user().to_owned(),
            grantor: access.grantor().to_owned(),
            switched: access.switched(),
            permissions: access.permissions().iter().map(str::to_owned).collect(),
            ends: access.ends(),
            until: access.until(),
        })
    }

    fn check(&self, site: &str, session: &str, permission: &str) -> Answer<bool> {
        Self::check(self, site, session, permission)
    }

    fn explain(&self, actor: &Actor, id: &str, permission: &str) -> Answer<Explanation> {
        Self::explain(self, actor, id, permission)
    }

    fn explain_ending(&self, actor: &Actor, id: &str) -> Answer<EndExplanation> {
        Self::explain_ending(self, actor, id)
    }

    fn power(&self, actor: &Actor, id: &str) -> Answer<Power> {
        Self::power(self, actor, id).map(|power| Power {
            now: power.now,
            permissions: power.permissions.iter().map(str::to_owned).collect(),
            withheld: power.withheld,
        })
    }

    fn sessions(
        &self,
        actor: &Actor,
        id: &str,
        start: Option<&str>,
        limit: u32,
    ) -> Answer<Sessions> {
        Self::sessions(self, actor, id, start, limit)
    }

    fn end_session(&self, actor: &Actor, id: &str, name: &str) -> Answer<()> {
        Self::end_session(self, actor, id, name)
    }

    fn deactivated(&self, site: &str) -> Answer<Option<u64>> {
        Self::deactivated(self, site)
    }

    fn deactivate(&self, site: &str) -> Answer<u64> {
        Self::deactivate(self, site)
    }

    fn activate(&self, site: &str) -> Answer<()> {
        Self::activate(self, site)
    }

    fn uninstall(&self, site: &str, content: &ContentDecision, limit: u32) -> Answer<Uninstalled> {
        Self::uninstall(self, site, content, limit)
    }

    fn policy(&self, site: &str) -> Answer<Settings> {
        Self::policy(self, site)
    }

    fn set_policy(&self, actor: &Actor, settings: &Settings) -> Answer<()> {
        Self::set_policy(self, actor, settings)
    }

    fn policy_templates(&self, site: &str) -> Answer<Vec<Template>> {
        Self::policy_templates(self, site)
    }

    fn presets(&self) -> Answer<Vec<Preset>> {
        Self::presets(self)
    }

    fn history(&self, actor: &Actor, id: &str, first: u64, limit: u32) -> Answer<Vec<Happening>> {
        Self::history(self, actor, id, first, limit)
    }

    fn verify(&self, site: &str, start: Option<&str>, limit: u32) -> Answer<Report> {
        Self::verify(self, site, start, limit)
    }

    fn verify_against(
        &self,
        site: &str,
        checkpoint: &str,
        start: Option<&str>,
        limit: u32,
    ) -> Answer<Report> {
        Self::verify_against(self, site, checkpoint, start, limit)
    }

    fn checkpoint(&self, site: &str) -> Answer<Checkpoint> {
        Self::checkpoint(self, site)
    }

    fn read_checkpoint(&self, text: &str) -> Answer<Checkpoint> {
        Self::read_checkpoint(self, text)
    }

    fn log(&self, site: &str, start: u64, limit: u32) -> Answer<Vec<Logged>> {
        Self::log(self, site, start, limit)
    }

    fn prove_inclusion(&self, site: &str, id: &str, checkpoint: &str) -> Answer<Inclusion> {
        Self::prove_inclusion(self, site, id, checkpoint)
    }

    fn check_inclusion(&self, hash: &[u8], proof: &str, checkpoint: &str) -> Answer<()> {
        Self::check_inclusion(self, hash, proof, checkpoint)
    }

    fn prove_consistency(&self, site: &str, earlier: &str, later: &str) -> Answer<String> {
        Self::prove_consistency(self, site, earlier, later)
    }

    fn check_consistency(&self, proof: &str, earlier: &str, later: &str) -> Answer<()> {
        Self::check_consistency(self, proof, earlier, later)
    }

    fn lockouts(&self, actor: &Actor, start: Option<&str>, limit: u32) -> Answer<Lockouts> {
        Self::lockouts(self, actor, start, limit)
    }

    fn lift_lockout(&self, actor: &Actor, id: &str) -> Answer<()> {
        Self::lift_lockout(self, actor, id)
    }

    fn sweep(&self, site: &str, limit: u32) -> Answer<Swept> {
        Self::sweep(self, site, limit)
    }

    fn next_due(&self, site: &str) -> Answer<Option<u64>> {
        Self::next_due(self, site)
    }

    fn drain(&self, site: &str, limit: u32) -> Answer<Vec<Happening>> {
        Self::drain(self, site, limit)
    }

    fn acknowledge(&self, site: &str, ids: &[String]) -> Answer<()> {
        Self::acknowledge(self, site, ids)
    }
}
