//! What the model says to the same, and whether all that there is agrees with it.

use super::*;

impl Model {
    /// Compares an answer and remembers what was made.
    pub(super) fn expect(
        &mut self,
        asked: &Asking,
        seen: &Seen,
        setting: &Setting,
    ) -> Result<(), String> {
        let drawn = asked.drawn(seen, self, setting);
        let expected = self.answer(asked, &drawn);
        match (seen, &expected) {
            (Ok(Told::Drained(seen)), Ok(Told::Drained(waiting))) => {
                let Op::Drain(limit) = asked.op else {
                    unreachable!("nothing else is drained")
                };
                oldest_first(seen, waiting, limit)
            }
            (Ok(seen), Ok(expected)) => same("the answer", seen, expected),
            (Err(seen), Err(why)) if why.contains(seen.code.as_str()) => crate::codes::known(seen),
            _ => Err(format!("answered {seen:?}, expected {expected:?}")),
        }
    }

    /// What the model answers.
    pub(super) fn answer(&mut self, asked: &Asking, drawn: &Drawn) -> Expected {
        let site = &mut self.sites[asked.site];
        let (by, id, client) = (
            asked.by.as_str(),
            asked.grant.as_str(),
            pick(&world::CLIENTS_LOCKED, asked.client),
        );
        let grant = |grant| Told::Grant(Box::new(grant));
        match &asked.op {
            Op::Create(..) => {
                let link = site.create(by, asked.draft.as_ref().expect("a draft"), drawn)?;
                self.names.grants[asked.site].push(drawn.grant.clone());
                if link.grant.kind != "password" {
                    self.names.passes[asked.site].push(drawn.pass.clone());
                }
                Ok(Told::Link(Box::new(link)))
            }
            Op::Get(..) => site.get(by, id).map(grant),
            Op::List { state, address, .. } => {
                let state = state.map(|state| pick(&world::STATES, state));
                let email = address.map(|address| pick(&world::ADDRESSES, address));
                site.list(by, state, email).map(Told::Grants)
            }
            Op::Extend(..) => site
                .extend(by, id, asked.extension.as_ref().expect("an extension"))
                .map(grant),
            Op::Suspend(..) => site.suspend(by, id).map(grant),
            Op::Resume(..) => site.resume(by, id).map(grant),
            Op::Revoke(..) => site.revoke(by, id).map(grant),
            Op::Retire(..) => site.retire(by, id, &asked.content).map(grant),
            Op::Reissue(..) => {
                let link = site.reissue(by, id, drawn)?;
                if link.grant.kind != "password" {
                    self.names.passes[asked.site].push(drawn.pass.clone());
                }
                Ok(Told::Link(Box::new(link)))
            }
            Op::Inspect(_) => site.inspect(&asked.pass).map(Told::Preview),
            Op::Redeem(..) => {
                let entered = site.redeem(&asked.pass, client, drawn)?;
                self.names.sessions[asked.site].push(drawn.session.clone());
                Ok(Told::Entered(entered))
            }
            Op::SignIn(..) => {
                let entered = site.sign_in(by, drawn)?;
                self.names.sessions[asked.site].push(drawn.session.clone());
                Ok(Told::Entered(entered))
            }
            Op::MaySignIn(_) => site.may_sign_in(by).map(|()| Told::Done),
            Op::LookAt(_) => site
                .look_at(&asked.pass)
                .map(|seen| Told::Invitation(Box::new(seen))),
            Op::Accept(_, whom, _) => {
                let existing = matches!(whom, As::Existing(_)).then_some(by);
                site.accept(&asked.pass, existing, client)
                    .map(Told::Accepted)
            }
            Op::Decline(..) => site.decline(&asked.pass, client).map(|()| Told::Done),
            Op::Memberships(_) => site
                .memberships(by)
                .map(|(accounts, enter)| Told::Memberships(accounts, enter)),
            Op::Switch(_, _, from) => {
                let leaving = from.map(|_| asked.session.as_str());
                let entered = site.switch(by, id, leaving, drawn)?;
                self.names.sessions[asked.site].push(drawn.session.clone());
                Ok(Told::Entered(entered))
            }
            Op::ReturnToOwn(_) => site.return_to_own(&asked.session).map(Told::User),
            Op::ChangeScope { .. } => {
                let scope = asked.scope.as_ref().expect("a scope");
                site.change_scope(by, id, scope, &asked.knowingly)
                    .map(grant)
            }
            Op::RevokeAll(..) => site.revoke_all(by, &asked.of).map(Told::Revoked),
            Op::Deactivate => Ok(Told::Since(site.deactivate())),
            Op::Activate => {
                site.activate();
                Ok(Told::Done)
            }
            Op::SignOut(_) => site.sign_out(&asked.session).map(|()| Told::Done),
            Op::Resolve(_) => site.resolve(&asked.session).map(Told::Resolved),
            Op::Check(_, permission) => site
                .check(&asked.session, pick(&world::PERMISSIONS, *permission))
                .map(Told::Bool),
            Op::Explain(_, _, permission) => site
                .explain(by, id, pick(&world::PERMISSIONS, *permission))
                .map(Told::Explained),
            Op::Policy => Ok(Told::Settings(Box::new(in_one_order(site.policy.clone())))),
            Op::SetPolicy(..) => site
                .set_policy(by, asked.settings.as_ref().expect("settings"))
                .map(|()| Told::Done),
            Op::History { first, limit, .. } => {
                site.history(by, id, *first, *limit).map(Told::Happenings)
            }
            Op::Lockouts(..) => site.lockouts(by).map(Told::Lockouts),
            Op::Lift(..) => site.lift(by, id).map(|()| Told::Done),
            Op::Sweep(_) => {
                let (expired, repaired, retired) = site.sweep();
                Ok(Told::Swept {
                    expired,
                    repaired,
                    retired,
                    // Nothing is broken here.
                    failed: 0,
                })
            }
            Op::NextDue => Ok(Told::Due(site.next_due())),
            Op::Drain(_) => Ok(Told::Drained(site.waiting())),
            Op::Acknowledge(_) => {
                site.outbox.retain(|id| !asked.ids.contains(id));
                Ok(Told::Done)
            }
            _ => {
                self.change(asked);
                Ok(Told::Done)
            }
        }
    }

    /// What happens around the engine, as [`Asking::change`] does it for the engine.
    pub(super) fn change(&mut self, asked: &Asking) {
        let site = &mut self.sites[asked.site];
        let host = &mut site.host;
        match &asked.op {
            Op::Clock(_) => {
                for site in &mut self.sites {
                    site.now = asked.moved;
                }
            }
            Op::Role(_, role, grants) => {
                if let Some(user) = host.users.get_mut(&asked.by) {
                    user.standing = standing(*role, *grants);
                }
            }
            Op::Owner(_) => {
                if let Some(user) = host.users.get_mut(&asked.by) {
                    user.standing.owner = true;
                }
            }
            Op::Remove(_) => drop(host.users.remove(&asked.by)),
            Op::Return(_) => {
                if world::USERS.contains(&asked.by.as_str()) {
                    let user: User = world::user(asked.site_name(), &asked.by);
                    host.users.insert(asked.by.clone(), user);
                }
            }
            Op::RoleOfCatalogue(role, permission) => {
                change_role(&mut host.catalogue, *role, *permission)
            }
            Op::Reserve(permission) => change_reserved(&mut host.catalogue, *permission),
            Op::RejectUsers(rejects) => host.rejects = *rejects,
            Op::BackUp(ago) => host.backed_up = Some(site.now.saturating_sub(*ago)),
            Op::Hooks(say) => {
                for site in &mut self.sites {
                    site.said = said(*say, asked.now);
                }
            }
            other => unreachable!("{other:?} is asked, or plays others"),
        }
    }

    /// A part of what takes several steps because a user is made or deleted: the rest was kept from happening, or something
    /// comes in between.
    pub(super) fn part(&mut self, asked: &Asking, done: Done, drawn: &Drawn) {
        if done == Done::Nothing {
            return;
        }
        let site = &mut self.sites[asked.site];
        let client = pick(&world::CLIENTS_LOCKED, asked.client);
        let begun = match &asked.op {
            Op::Redeem(..) => site.provision(&asked.pass, client),
            Op::Accept(_, As::New, _) => site.begin_anew(&asked.pass, client),
            Op::Create(..) => {
                let draft = asked.draft.as_ref().expect("a draft");
                if draft.kind != "password" {
                    return;
                }
                let begun = site.begin(&asked.by, draft, drawn);
                begun.map(|()| drawn.grant.clone())
            }
            Op::Retire(..) => {
                let decided = site.decide(&asked.by, &asked.grant, &asked.content);
                if decided.is_ok() && done == Done::Made {
                    site.bury(&asked.grant);
                }
                return;
            }
            _ => return,
        };
        match (begun, done) {
            (Ok(id), Done::Made) => drop(site.make(&id)),
            (Ok(id), Done::Abandoned) => site.abandon(&id),
            _ => {}
        }
    }

    /// Compares everything that there is.
    pub(super) fn audit(&mut self, setting: &Setting) -> Result<(), String> {
        let engine: &dyn Asked = &**setting;
        for (site, name) in self.sites.iter_mut().zip(world::SITES) {
            let broken = |refusal: Refusal| format!("{name}: {refusal:?}");
            let auditor = Actor::new(name, AUDITOR);
            let report = engine.verify(name, None, 1000).map_err(broken)?;
            same("faults", &report.faults, &Vec::new())?;
            let seen = listed(engine, &auditor, &Filter::everything(), 7).map_err(broken)?;
            let expected = site
                .list(AUDITOR, None, None)
                .map_err(|why| format!("{why:?}"))?;
            same("grants", &seen, &expected)?;
            for grant in seen {
                let seen = engine
                    .history(&auditor, &grant.id, 0, 1000)
                    .map_err(broken)?;
                let seen: Vec<_> = seen.into_iter().map(bare).collect();
                let expected = site
                    .history(AUDITOR, &grant.id, 0, 1000)
                    .map_err(|why| format!("{why:?}"))?;
                same("history", &seen, &expected)?;
            }
            same(
                "chains and records",
                &(report.grants, report.records),
                &site.records(),
            )?;
            let seen = lockouts(engine, &auditor, 7).map_err(broken)?;
            same(
                "lock-outs",
                &seen,
                &site.lockouts(AUDITOR).map_err(|why| format!("{why:?}"))?,
            )?;
            let seen: Vec<_> = engine
                .drain(name, 1000)
                .map_err(broken)?
                .into_iter()
                .map(bare)
                .collect();
            oldest_first(&seen, &site.waiting(), 1000)?;
            same(
                "users",
                &setting.people.ids(name),
                &site.host.users.keys().cloned().collect(),
            )?;
            let seen = in_one_order(engine.policy(name).map_err(broken)?);
            same("policy", &seen, &in_one_order(site.policy.clone()))?;
        }
        Ok(())
    }
}

/// Whether this is the oldest part of what waits. What happened at one moment may come in any order, but for one grant.
fn oldest_first(seen: &[Happening], waiting: &[Happening], limit: u32) -> Result<(), String> {
    let count = waiting.len().min(limit as usize);
    same("how many are delivered", &seen.len(), &count)?;
    let instants = |lines: &[Happening]| -> Vec<u64> { lines.iter().map(|line| line.at).collect() };
    same("when", &instants(seen), &instants(&waiting[..count]))?;
    for line in seen {
        match waiting.iter().find(|waiting| waiting.id == line.id) {
            Some(waiting) => same("what is delivered", line, waiting)?,
            None => return Err(format!("{line:?} does not wait")),
        }
    }
    Ok(())
}
