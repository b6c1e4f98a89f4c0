//! Every question, asked of the rules themselves.

use guestpass::ports as host;
use guestpass::{
    Accepted, Actor, Checkpoint, Draft, EndExplanation, EndLimit, Explanation, Extension, Filter,
    Grant, Happening, Inclusion, Invitation, Invitee, Limit, Lockout, Lockouts, Logged, Membership,
    Memberships, Origin, Page, Preset, Preview, Report, RevokedAll, RunningSession, Scope,
    Sessions, Settings, Swept, Template, Uninstalled,
};
use guestpass_core::grant::list;
use guestpass_core::history::{checkpoint, proof};
use guestpass_core::invitation::accept::Invitee as CoreInvitee;
use guestpass_core::names::SiteId;

use crate::asked::{Answer, Asked, Entered, Link, Power, Resolved, names};

use super::Native;
use super::convert::{
    Converted as _, actor, content, draft, extension, origin, policy, scope, withheld,
};

impl Asked for Native {
    fn create(&self, by: &Actor, asked: &Draft) -> Answer<Link> {
        self.ask(|engine| engine.create(&actor(by)?, draft(asked)?))
            .map(|issued| issued.converted())
    }

    fn get(&self, by: &Actor, id: &str) -> Answer<Grant> {
        self.ask(|engine| engine.grant(&actor(by)?, id))
            .map(|view| view.converted())
    }

    fn list(&self, by: &Actor, filter: &Filter, start: Option<&str>, limit: u32) -> Answer<Page> {
        let filter = list::Filter {
            state: filter.state.clone(),
            email: filter.email.clone(),
            kind: filter.kind.clone(),
        };
        self.ask(|engine| engine.grants(&actor(by)?, &filter, start, limit))
            .map(|page| Page {
                grants: page
                    .grants
                    .into_iter()
                    .map(|view| view.converted())
                    .collect(),
                damaged: page.damaged.iter().map(ToString::to_string).collect(),
                next: page.next.map(|id| id.to_string()),
            })
    }

    fn extend(&self, by: &Actor, id: &str, by_how_much: &Extension) -> Answer<Grant> {
        self.ask(|engine| engine.extend(&actor(by)?, id, extension(by_how_much)?))
            .map(|view| view.converted())
    }

    fn suspend(&self, by: &Actor, id: &str) -> Answer<Grant> {
        self.ask(|engine| engine.suspend(&actor(by)?, id))
            .map(|view| view.converted())
    }

    fn resume(&self, by: &Actor, id: &str) -> Answer<Grant> {
        self.ask(|engine| engine.resume(&actor(by)?, id))
            .map(|view| view.converted())
    }

    fn revoke(&self, by: &Actor, id: &str) -> Answer<Grant> {
        self.ask(|engine| engine.revoke(&actor(by)?, id))
            .map(|view| view.converted())
    }

    fn retire(&self, by: &Actor, id: &str, decision: &host::ContentDecision) -> Answer<Grant> {
        self.ask(|engine| engine.retire(&actor(by)?, id, &content(decision)))
            .map(|view| view.converted())
    }

    fn reissue(&self, by: &Actor, id: &str) -> Answer<Link> {
        self.ask(|engine| engine.reissue(&actor(by)?, id))
            .map(|issued| issued.converted())
    }

    fn change_scope(
        &self,
        by: &Actor,
        id: &str,
        asked: &Scope,
        knowingly: &[String],
    ) -> Answer<Grant> {
        self.ask(|engine| engine.change_scope(&actor(by)?, id, scope(asked.clone()), knowingly))
            .map(|view| view.converted())
    }

    fn revoke_all(&self, by: &Actor, grantor: &str, limit: u32) -> Answer<RevokedAll> {
        self.ask(|engine| engine.revoke_all(&actor(by)?, grantor, limit))
            .map(|done| RevokedAll {
                revoked: done.revoked,
                failed: done.failed,
                more: done.more,
            })
    }

    fn inspect_invitation(&self, site: &str, token: &str) -> Answer<Invitation> {
        self.ask(|engine| engine.inspect_invitation(&SiteId::parse(site)?, token))
            .map(|seen| Invitation {
                grant: seen.grant.to_string(),
                account: seen.account,
                invited_by: seen.invited_by,
                email: seen.email,
                locale: seen.locale,
                message: seen.message,
                scope: seen.scope,
                ends: seen.ends.map(|at| at.millis()),
                accept_by: seen.accept_by.map(|at| at.millis()),
                has_user: seen.has_user,
            })
    }

    fn accept(
        &self,
        site: &str,
        token: &str,
        invitee: &Invitee,
        from: &Origin,
    ) -> Answer<Accepted> {
        let invitee = match invitee {
            Invitee::Existing(user) => CoreInvitee::Existing(user.clone()),
            Invitee::New => CoreInvitee::New,
        };
        self.ask(|engine| engine.accept(&SiteId::parse(site)?, token, &invitee, &origin(from)))
            .map(|accepted| Accepted {
                grant: accepted.grant.to_string(),
                user: accepted.user,
                account: accepted.account,
                ends: accepted.ends.map(|at| at.millis()),
                redirect: accepted.redirect,
                locale: accepted.locale,
            })
    }

    fn decline(&self, site: &str, token: &str, from: &Origin) -> Answer<()> {
        self.ask(|engine| engine.decline(&SiteId::parse(site)?, token, &origin(from)))
    }

    fn memberships(
        &self,
        site: &str,
        user: &str,
        start: Option<&str>,
        limit: u32,
    ) -> Answer<Memberships> {
        let membership = |account: guestpass_core::access::memberships::Membership| Membership {
            grant: account.grant.map(|id| id.to_string()),
            account: account.account,
            name: account.name,
            scope: account.scope,
            open: account.open,
            ends: account.ends.map(|at| at.millis()),
        };
        self.ask(|engine| engine.memberships(&SiteId::parse(site)?, user, start, limit))
            .map(|page| Memberships {
                accounts: page.accounts.into_iter().map(membership).collect(),
                enter: page.enter.map(|id| id.to_string()),
                next: page.next.map(|id| id.to_string()),
            })
    }

    fn switch(
        &self,
        site: &str,
        user: &str,
        grant: &str,
        session: Option<&str>,
        from: &Origin,
    ) -> Answer<Entered> {
        self.ask(|engine| engine.switch(&SiteId::parse(site)?, user, grant, session, &origin(from)))
            .map(|admission| admission.converted())
    }

    fn return_to_own(&self, site: &str, session: &str) -> Answer<String> {
        self.ask(|engine| engine.return_to_own(&SiteId::parse(site)?, session))
    }

    fn inspect(&self, site: &str, pass: &str) -> Answer<Preview> {
        self.ask(|engine| engine.inspect(&SiteId::parse(site)?, pass))
            .map(|preview| Preview {
                grant: preview.grant.to_string(),
                invited_by: preview.invited_by,
                email: preview.email,
                locale: preview.locale,
                scope: preview.scope,
                ends: preview.ends.map(|at| at.millis()),
                uses_left: preview.uses_left,
            })
    }

    fn redeem(&self, site: &str, pass: &str, from: &Origin) -> Answer<Entered> {
        self.ask(|engine| engine.redeem(&SiteId::parse(site)?, pass, &origin(from)))
            .map(|admission| admission.converted())
    }

    fn may_sign_in(&self, site: &str, user: &str) -> Answer<()> {
        self.ask(|engine| engine.may_sign_in(&SiteId::parse(site)?, user))
    }

    fn sign_in(&self, site: &str, user: &str, from: &Origin) -> Answer<Entered> {
        self.ask(|engine| engine.sign_in(&SiteId::parse(site)?, user, &origin(from)))
            .map(|admission| admission.converted())
    }

    fn sign_out(&self, site: &str, session: &str) -> Answer<()> {
        self.ask(|engine| engine.sign_out(&SiteId::parse(site)?, session))
    }

    fn resolve(&self, site: &str, session: &str) -> Answer<Resolved> {
        self.ask(|engine| engine.resolve(&SiteId::parse(site)?, session))
            .map(|answer| Resolved {
                grant: answer.grant.to_string(),
                user: answer.user,
                grantor: answer.grantor,
                switched: answer.switched,
                permissions: names(&answer.permissions),
                ends: answer.ends.map(|at| at.millis()),
                until: answer.until.millis(),
            })
    }

    fn check(&self, site: &str, session: &str, permission: &str) -> Answer<bool> {
        self.ask(|engine| engine.check(&SiteId::parse(site)?, session, permission))
    }

    fn explain(&self, by: &Actor, id: &str, permission: &str) -> Answer<Explanation> {
        self.ask(|engine| engine.explain(&actor(by)?, id, permission))
            .map(|said| Explanation {
                allowed: said.allowed(),
                permission: said.permission,
                limits: said
                    .limits
                    .into_iter()
                    .map(|limit| Limit {
                        name: limit.name.to_owned(),
                        allows: limit.allows,
                        message: limit.message,
                    })
                    .collect(),
            })
    }

    fn explain_ending(&self, by: &Actor, id: &str) -> Answer<EndExplanation> {
        self.ask(|engine| engine.explain_ending(&actor(by)?, id))
            .map(|said| EndExplanation {
                ends: said.ends.map(|at| at.millis()),
                ends_bound_by: said.bound_by.to_owned(),
                limits: said
                    .limits
                    .into_iter()
                    .map(|limit| EndLimit {
                        name: limit.name.to_owned(),
                        at: limit.at.map(|at| at.millis()),
                        binds: limit.binds,
                        message: limit.message,
                    })
                    .collect(),
            })
    }

    fn power(&self, by: &Actor, id: &str) -> Answer<Power> {
        self.ask(|engine| engine.power(&actor(by)?, id))
            .map(|given| Power {
                now: given.now,
                permissions: names(&given.permissions),
                withheld: withheld(given.withheld),
            })
    }

    fn sessions(&self, by: &Actor, id: &str, start: Option<&str>, limit: u32) -> Answer<Sessions> {
        self.ask(|engine| engine.sessions(&actor(by)?, id, start, limit))
            .map(|page| Sessions {
                sessions: page
                    .sessions
                    .into_iter()
                    .map(|running| RunningSession {
                        name: running.name,
                        user: running.user,
                        started: running.started.millis(),
                        last_seen: running.seen.map(|at| at.millis()),
                        origin: running.origin.converted(),
                        ends: running.ends.map(|at| at.millis()),
                    })
                    .collect(),
                next: page.next,
            })
    }

    fn end_session(&self, by: &Actor, id: &str, name: &str) -> Answer<()> {
        self.ask(|engine| engine.end_session(&actor(by)?, id, name))
    }

    fn deactivated(&self, site: &str) -> Answer<Option<u64>> {
        self.ask(|engine| engine.deactivated(&SiteId::parse(site)?))
            .map(|since| since.map(|at| at.millis()))
    }

    fn deactivate(&self, site: &str) -> Answer<u64> {
        self.ask(|engine| engine.deactivate(&SiteId::parse(site)?))
            .map(|at| at.millis())
    }

    fn activate(&self, site: &str) -> Answer<()> {
        self.ask(|engine| engine.activate(&SiteId::parse(site)?))
    }

    fn uninstall(
        &self,
        site: &str,
        decision: &host::ContentDecision,
        limit: u32,
    ) -> Answer<Uninstalled> {
        self.ask(|engine| engine.uninstall(&SiteId::parse(site)?, &content(decision), limit))
            .map(|progress| Uninstalled {
                retired: progress.retired,
                removed: progress.removed,
                more: progress.more,
            })
    }

    fn policy(&self, site: &str) -> Answer<Settings> {
        self.ask(|engine| engine.policy(&SiteId::parse(site)?))
            .map(|policy| policy.converted())
    }

    fn set_policy(&self, by: &Actor, settings: &Settings) -> Answer<()> {
        self.ask(|engine| engine.set_policy(&actor(by)?, policy(settings)?))
    }

    fn policy_templates(&self, site: &str) -> Answer<Vec<Template>> {
        let template = |template: guestpass_core::policy::templates::Template| Template {
            name: template.name.to_owned(),
            title: template.title.to_owned(),
            settings: template.policy.converted(),
        };
        self.ask(|engine| engine.policy_templates(&SiteId::parse(site)?))
            .map(|templates| templates.into_iter().map(template).collect())
    }

    fn presets(&self) -> Answer<Vec<Preset>> {
        let presets = guestpass_core::grant::window::PRESETS.iter();
        Ok(presets
            .map(|preset| Preset {
                name: preset.name.to_owned(),
                title: preset.title.to_owned(),
                ending: preset.ending.converted(),
            })
            .collect())
    }

    fn history(&self, by: &Actor, id: &str, first: u64, limit: u32) -> Answer<Vec<Happening>> {
        self.ask(|engine| engine.history(&actor(by)?, id, first, limit))
            .map(|happenings| {
                happenings
                    .into_iter()
                    .map(|happening| happening.converted())
                    .collect()
            })
    }

    fn verify(&self, site: &str, start: Option<&str>, limit: u32) -> Answer<Report> {
        self.ask(|engine| {
            let start = start.map(str::parse).transpose()?;
            engine.verify(&SiteId::parse(site)?, start, limit)
        })
        .map(|report| report.converted())
    }

    fn verify_against(
        &self,
        site: &str,
        checkpoint: &str,
        start: Option<&str>,
        limit: u32,
    ) -> Answer<Report> {
        self.ask(|engine| {
            let (site, checkpoint) = (SiteId::parse(site)?, checkpoint.parse()?);
            let start = start.map(str::parse).transpose()?;
            engine.verify_against(&site, checkpoint, start, limit)
        })
        .map(|report| report.converted())
    }

    fn checkpoint(&self, site: &str) -> Answer<Checkpoint> {
        self.ask(|engine| engine.checkpoint(&SiteId::parse(site)?))
            .map(|checkpoint| checkpoint.converted())
    }

    fn read_checkpoint(&self, text: &str) -> Answer<Checkpoint> {
        self.ask(|_| text.parse::<checkpoint::Checkpoint>())
            .map(|checkpoint| checkpoint.converted())
    }

    fn log(&self, site: &str, start: u64, limit: u32) -> Answer<Vec<Logged>> {
        let entry = |entry: guestpass_core::history::list::Logged| Logged {
            index: entry.index,
            id: entry.leaf.id(),
            hash: entry.leaf.hash.to_vec(),
            stored: entry.stored,
            happening: entry.happening.map(|happening| happening.converted()),
        };
        self.ask(|engine| engine.logged(&SiteId::parse(site)?, start, limit))
            .map(|entries| entries.into_iter().map(entry).collect())
    }

    fn prove_inclusion(&self, site: &str, id: &str, of: &str) -> Answer<Inclusion> {
        self.ask(|engine| engine.prove_inclusion(&SiteId::parse(site)?, id, &of.parse()?))
            .map(|inclusion| Inclusion {
                index: inclusion.index,
                proof: inclusion.to_string(),
            })
    }

    fn check_inclusion(&self, hash: &[u8], proof: &str, of: &str) -> Answer<()> {
        self.ask(|_| proof::check_inclusion(hash, proof, of))
    }

    fn prove_consistency(&self, site: &str, earlier: &str, later: &str) -> Answer<String> {
        self.ask(|engine| {
            engine.prove_consistency(&SiteId::parse(site)?, &earlier.parse()?, &later.parse()?)
        })
        .map(|proof| proof.to_string())
    }

    fn check_consistency(&self, proof: &str, earlier: &str, later: &str) -> Answer<()> {
        self.ask(|_| proof::check_consistency(proof, earlier, later))
    }

    fn lockouts(&self, by: &Actor, start: Option<&str>, limit: u32) -> Answer<Lockouts> {
        self.ask(|engine| engine.lockouts(&actor(by)?, start, limit))
            .map(|page| Lockouts {
                lockouts: page
                    .lockouts
                    .into_iter()
                    .map(|lockout| Lockout {
                        id: lockout.subject.to_string(),
                        tries: lockout.tries,
                        until: lockout.until.map(|at| at.millis()),
                    })
                    .collect(),
                next: page.next,
            })
    }

    fn lift_lockout(&self, by: &Actor, id: &str) -> Answer<()> {
        self.ask(|engine| engine.lift_lockout(&actor(by)?, id))
    }

    fn sweep(&self, site: &str, limit: u32) -> Answer<Swept> {
        self.ask(|engine| engine.sweep(&SiteId::parse(site)?, limit))
            .map(|swept| Swept {
                expired: swept.expired,
                repaired: swept.repaired,
                retired: swept.retired,
                logged: swept.logged,
                failed: swept.failed,
                more: swept.more,
            })
    }

    fn next_due(&self, site: &str) -> Answer<Option<u64>> {
        self.ask(|engine| engine.next_due(&SiteId::parse(site)?))
            .map(|at| at.map(|at| at.millis()))
    }

    fn drain(&self, site: &str, limit: u32) -> Answer<Vec<Happening>> {
        self.ask(|engine| engine.drain(&SiteId::parse(site)?, limit))
            .map(|happenings| {
                happenings
                    .into_iter()
                    .map(|happening| happening.converted())
                    .collect()
            })
    }

    fn acknowledge(&self, site: &str, ids: &[String]) -> Answer<()> {
        self.ask(|engine| engine.acknowledge(&SiteId::parse(site)?, ids))
    }
}
