//! An operation with its words filled in, and how it is asked.

use super::*;

/// An operation with its words filled in, ready to be asked of both.
#[derive(Debug, Clone)]
pub(super) struct Asking {
    pub(super) site: usize,
    pub(super) op: Op,
    pub(super) by: String,
    pub(super) grant: String,
    pub(super) pass: String,
    pub(super) session: String,
    pub(super) client: u8,
    pub(super) draft: Option<Draft>,
    pub(super) settings: Option<Settings>,
    pub(super) scope: Option<Scope>,
    pub(super) knowingly: Vec<String>,
    /// Whose grants.
    pub(super) of: String,
    pub(super) extension: Option<Extension>,
    pub(super) content: ContentDecision,
    pub(super) ids: Vec<String>,
    pub(super) now: u64,
    /// Where the clock is moved to.
    pub(super) moved: u64,
}

pub(super) const NOT_A_GRANT: &str = "AAAAAAAAAAAAAAAAAAAAAA";

/// The one counted from the newest of this site, or of the other one.
pub(super) fn newest(all: &[Vec<String>; 2], site: usize, which: u8) -> Option<&String> {
    let (site, which) = match which.checked_sub(128) {
        Some(which) => (1 - site, which),
        None => (site, which),
    };
    let last = all[site].len().checked_sub(1)?;
    all[site].get(last - usize::from(which) % all[site].len())
}

impl Asking {
    pub(super) fn of(model: &Model, site: usize, op: &Op) -> Self {
        let names = &model.names;
        let here = &model.sites[site];
        let grant = |which: u8| {
            let found = newest(&names.grants, site, which);
            found.map_or(NOT_A_GRANT.to_owned(), Clone::clone)
        };
        let session = |which: u8| {
            newest(&names.sessions, site, which)
                .cloned()
                .unwrap_or_else(|| "gs1_nothing".to_owned())
        };
        let pass = |pass: Pass| match pass {
            Pass::Issued(which) => newest(&names.passes, site, which)
                .cloned()
                .unwrap_or_default(),
            Pass::Unknown(number) => unknown_pass(number),
            Pass::Wrong(which, number) => wrong_pass_for(&grant(which), number),
            Pass::Garbage => "gp1_nothing".to_owned(),
        };
        let mut asking = Self {
            site,
            op: op.clone(),
            by: String::new(),
            grant: NOT_A_GRANT.to_owned(),
            pass: String::new(),
            session: String::new(),
            client: 0,
            draft: None,
            settings: None,
            scope: None,
            knowingly: Vec::new(),
            of: String::new(),
            extension: None,
            content: ContentDecision::Keep,
            ids: Vec::new(),
            now: here.now,
            moved: here.now,
        };
        match op {
            Op::Create(by, sketch) => {
                asking.by = who(model, site, *by);
                asking.draft = Some(draft(sketch, here.now));
            }
            Op::List { by, .. } | Op::Lockouts(by, _) => asking.by = who(model, site, *by),
            Op::Get(by, which)
            | Op::Suspend(by, which)
            | Op::Resume(by, which)
            | Op::Revoke(by, which)
            | Op::Reissue(by, which)
            | Op::Explain(by, which, _)
            | Op::History {
                by, grant: which, ..
            } => {
                asking.by = who(model, site, *by);
                asking.grant = grant(*which);
            }
            Op::Retire(by, which, heir) => {
                asking.by = who(model, site, *by);
                asking.grant = grant(*which);
                if let Some(heir) = heir {
                    asking.content = ContentDecision::HandOver(who(model, site, *heir));
                }
            }
            Op::Extend(by, which, longer) => {
                asking.by = who(model, site, *by);
                asking.grant = grant(*which);
                asking.extension = Some(match longer {
                    Longer::By(period) => Extension::By(pick(&world::PERIODS, *period).to_owned()),
                    Longer::To(off) => Extension::To(here.now.saturating_add_signed(*off)),
                });
            }
            Op::Inspect(which) => asking.pass = pass(*which),
            Op::Redeem(which, client) => {
                asking.pass = pass(*which);
                asking.client = *client;
            }
            Op::SignIn(user, client) => {
                asking.by = who(model, site, *user);
                asking.client = *client;
            }
            Op::MaySignIn(user) | Op::Memberships(user) => asking.by = who(model, site, *user),
            Op::LookAt(which) => asking.pass = pass(*which),
            Op::Accept(which, whom, client) => {
                asking.pass = pass(*which);
                asking.client = *client;
                if let As::Existing(user) = whom {
                    asking.by = who(model, site, *user);
                }
            }
            Op::Decline(which, client) => {
                asking.pass = pass(*which);
                asking.client = *client;
            }
            Op::Switch(user, which, from) => {
                asking.by = who(model, site, *user);
                asking.grant = grant(*which);
                asking.session = from.map(session).unwrap_or_default();
            }
            Op::ChangeScope {
                by,
                grant: which,
                base,
                also,
                except,
                knowingly: words,
            } => {
                asking.by = who(model, site, *by);
                asking.grant = grant(*which);
                asking.scope = Some(scope(base, *also, *except));
                asking.knowingly = knowingly(*words);
            }
            Op::RevokeAll(by, of, _) => {
                asking.by = who(model, site, *by);
                asking.of = who(model, site, *of);
            }
            Op::SignOut(which)
            | Op::Resolve(which)
            | Op::Check(which, _)
            | Op::ReturnToOwn(which) => asking.session = session(*which),
            Op::SetPolicy(by, rules) => {
                asking.by = who(model, site, *by);
                asking.settings = Some(settings(rules, here.now));
            }
            Op::Lift(by, locked) => {
                asking.by = who(model, site, *by);
                asking.grant = match locked {
                    Locked::Address(client) => pick(&world::CLIENTS_LOCKED, *client)
                        .unwrap_or("address:")
                        .to_owned(),
                    Locked::Grant(which) => format!("grant:{}", grant(*which)),
                    Locked::Site => "site".to_owned(),
                };
            }
            Op::Acknowledge(count) => {
                asking.ids = here.outbox.iter().take(*count as usize).cloned().collect();
            }
            Op::Clock(by) => asking.moved = moved(model, site, *by),
            Op::Role(user, ..) | Op::Owner(user) | Op::Remove(user) | Op::Return(user) => {
                asking.by = who(model, site, *user)
            }
            _ => {}
        }
        asking
    }

    pub(super) fn actor(&self) -> Actor {
        Actor {
            site: self.site_name().to_owned(),
            user: self.by.clone(),
            origin: Origin {
                address: None,
                agent: None,
            },
        }
    }

    /// Where somebody comes from.
    fn origin(&self) -> Origin {
        Origin {
            address: pick(&world::CLIENTS, self.client).map(str::to_owned),
            agent: None,
        }
    }

    /// What the engine drew at random for this, heard or not.
    pub(super) fn drawn(&self, seen: &Seen, model: &Model, setting: &Setting) -> Drawn {
        match seen {
            Ok(Told::Link(link)) => Drawn {
                grant: link.grant.id.clone(),
                pass: link.pass.clone(),
                session: String::new(),
            },
            Ok(Told::Entered(entered)) => Drawn {
                session: entered.session.clone(),
                ..Drawn::default()
            },
            // A user with a password who could not be made leaves a grant that is over.
            Err(_)
                if self
                    .draft
                    .as_ref()
                    .is_some_and(|draft| draft.kind == "password") =>
            {
                self.lost(model, setting)
            }
            _ => Drawn::default(),
        }
    }

    pub(super) fn site_name(&self) -> &'static str {
        world::SITES[self.site]
    }

    /// Asks the engine, or changes the world around it.
    pub(super) fn ask(&self, setting: &Setting) -> Seen {
        let engine: &dyn Asked = &**setting;
        let (site, by, id) = (self.site_name(), self.actor(), self.grant.as_str());
        match &self.op {
            Op::Create(..) => {
                let draft = self.draft.as_ref().expect("a draft");
                engine
                    .create(&by, draft)
                    .map(|link| Told::Link(Box::new(tidy_link(link))))
            }
            Op::Get(..) => engine
                .get(&by, id)
                .map(|grant| Told::Grant(Box::new(tidy(grant)))),
            Op::List {
                state,
                address,
                limit,
                ..
            } => {
                let filter = Filter {
                    state: state.map(|state| pick(&world::STATES, state).to_owned()),
                    email: address.map(|address| pick(&world::ADDRESSES, address).to_owned()),
                    kind: None,
                };
                listed(engine, &by, &filter, *limit).map(Told::Grants)
            }
            Op::Extend(..) => {
                let extension = self.extension.as_ref().expect("an extension");
                engine
                    .extend(&by, id, extension)
                    .map(|grant| Told::Grant(Box::new(tidy(grant))))
            }
            Op::Suspend(..) => engine
                .suspend(&by, id)
                .map(|grant| Told::Grant(Box::new(tidy(grant)))),
            Op::Resume(..) => engine
                .resume(&by, id)
                .map(|grant| Told::Grant(Box::new(tidy(grant)))),
            Op::Revoke(..) => engine
                .revoke(&by, id)
                .map(|grant| Told::Grant(Box::new(tidy(grant)))),
            Op::Retire(..) => engine
                .retire(&by, id, &self.content)
                .map(|grant| Told::Grant(Box::new(tidy(grant)))),
            Op::Reissue(..) => engine
                .reissue(&by, id)
                .map(|link| Told::Link(Box::new(tidy_link(link)))),
            Op::Inspect(_) => engine.inspect(site, &self.pass).map(Told::Preview),
            Op::Redeem(..) => engine
                .redeem(site, &self.pass, &self.origin())
                .map(Told::Entered),
            Op::SignIn(..) => engine
                .sign_in(site, &self.by, &self.origin())
                .map(Told::Entered),
            Op::MaySignIn(_) => engine.may_sign_in(site, &self.by).map(|()| Told::Done),
            Op::LookAt(_) => engine
                .inspect_invitation(site, &self.pass)
                .map(|seen| Told::Invitation(Box::new(seen))),
            Op::Accept(_, whom, _) => {
                let invitee = match whom {
                    As::Existing(_) => Invitee::Existing(self.by.clone()),
                    As::New => Invitee::New,
                };
                engine
                    .accept(site, &self.pass, &invitee, &self.origin())
                    .map(Told::Accepted)
            }
            Op::Decline(..) => engine
                .decline(site, &self.pass, &self.origin())
                .map(|()| Told::Done),
            Op::Memberships(_) => engine
                .memberships(site, &self.by, None, 1000)
                .map(|page| Told::Memberships(page.accounts, page.enter)),
            Op::Switch(_, _, from) => {
                let leaving = from.map(|_| self.session.as_str());
                engine
                    .switch(site, &self.by, id, leaving, &self.origin())
                    .map(Told::Entered)
            }
            Op::ReturnToOwn(_) => engine.return_to_own(site, &self.session).map(Told::User),
            Op::ChangeScope { .. } => {
                let scope = self.scope.as_ref().expect("a scope");
                engine
                    .change_scope(&by, id, scope, &self.knowingly)
                    .map(|grant| Told::Grant(Box::new(tidy(grant))))
            }
            Op::RevokeAll(_, _, limit) => {
                let mut revoked = 0;
                loop {
                    let done = engine.revoke_all(&by, &self.of, *limit)?;
                    assert!(done.failed == 0 && done.revoked <= *limit, "{done:?}");
                    revoked += done.revoked;
                    if !done.more {
                        return Ok(Told::Revoked(revoked));
                    }
                }
            }
            Op::Deactivate => engine.deactivate(site).map(Told::Since),
            Op::Activate => engine.activate(site).map(|()| Told::Done),
            Op::SignOut(_) => engine.sign_out(site, &self.session).map(|()| Told::Done),
            Op::Resolve(_) => engine.resolve(site, &self.session).map(Told::Resolved),
            Op::Check(_, permission) => engine
                .check(site, &self.session, pick(&world::PERMISSIONS, *permission))
                .map(Told::Bool),
            Op::Explain(_, _, permission) => engine
                .explain(&by, id, pick(&world::PERMISSIONS, *permission))
                .map(|mut said| {
                    for limit in &mut said.limits {
                        limit.message.clear();
                    }
                    Told::Explained(said)
                }),
            Op::Policy => engine
                .policy(site)
                .map(|settings| Told::Settings(Box::new(in_one_order(settings)))),
            Op::SetPolicy(..) => engine
                .set_policy(&by, self.settings.as_ref().expect("settings"))
                .map(|()| Told::Done),
            Op::History { first, limit, .. } => engine
                .history(&by, id, *first, *limit)
                .map(|lines| Told::Happenings(lines.into_iter().map(bare).collect())),
            Op::Lockouts(_, limit) => lockouts(engine, &by, *limit).map(Told::Lockouts),
            Op::Lift(..) => engine.lift_lockout(&by, id).map(|()| Told::Done),
            Op::Sweep(limit) => {
                let (mut expired, mut repaired, mut retired, mut failed) = (0, 0, 0, 0);
                loop {
                    let swept = engine.sweep(site, *limit)?;
                    assert!(
                        swept.expired.max(swept.repaired) <= *limit,
                        "more than asked for"
                    );
                    expired += swept.expired;
                    repaired += swept.repaired;
                    retired += swept.retired;
                    failed += swept.failed;
                    if !swept.more || swept.failed > 0 {
                        return Ok(Told::Swept {
                            expired,
                            repaired,
                            retired,
                            failed,
                        });
                    }
                }
            }
            Op::NextDue => engine.next_due(site).map(Told::Due),
            Op::Drain(limit) => engine
                .drain(site, *limit)
                .map(|lines| Told::Drained(lines.into_iter().map(bare).collect())),
            Op::Acknowledge(_) => engine.acknowledge(site, &self.ids).map(|()| Told::Done),
            _ => {
                self.change(setting);
                Ok(Told::Done)
            }
        }
    }

    /// What happens around the engine; [`Model::change`] is the same for the model.
    pub(super) fn change(&self, setting: &Setting) {
        let (site, people) = (self.site_name(), &setting.people);
        match &self.op {
            Op::Clock(_) => setting.clock.set(self.moved),
            Op::Role(_, role, grants) => {
                if people.user(site, &self.by).is_some() {
                    people.change(site, &self.by, |user| {
                        user.standing = standing(*role, *grants)
                    });
                }
            }
            Op::Owner(_) => {
                if people.user(site, &self.by).is_some() {
                    people.change(site, &self.by, |user| user.standing.owner = true);
                }
            }
            Op::Remove(_) => people.remove(site, &self.by),
            Op::Return(_) => {
                if world::USERS.contains(&self.by.as_str()) {
                    people.put(site, world::user(site, &self.by));
                }
            }
            Op::RoleOfCatalogue(role, permission) => people
                .change_catalogue(site, |catalogue| change_role(catalogue, *role, *permission)),
            Op::Reserve(permission) => {
                people.change_catalogue(site, |catalogue| change_reserved(catalogue, *permission))
            }
            Op::RejectUsers(rejects) => {
                people.reject_new_users(site, rejects.then_some("The site is full."))
            }
            Op::BackUp(ago) => people.back_up(site, self.now.saturating_sub(*ago)),
            Op::Hooks(say) => setting.hooks.say(|script| {
                let said = said(*say, self.now);
                *script = guestpass_tests::hooks::Script::default();
                script.review_grant = if said.fail_grants {
                    Err("out of order".into())
                } else {
                    Ok(guestpass::ports::GrantReview {
                        veto: said.veto_grants.then(|| "Not today.".to_owned()),
                        except: said.except,
                        ends_by: said.ends_by,
                        uses: said.uses,
                        redirect: None,
                    })
                };
                script.review_entry = if said.fail_entries {
                    Err("out of order".to_owned())
                } else {
                    Ok(said.veto_entries.then(|| "Not now.".to_owned()))
                };
                script.narrow = if said.fail_narrow {
                    Err("out of order".to_owned())
                } else {
                    Ok(said.narrow)
                };
            }),
            other => unreachable!("{other:?} is asked, or plays others"),
        }
    }

    /// What would have been heard, had the process not died.
    pub(super) fn lost(&self, model: &Model, setting: &Setting) -> Drawn {
        let filter = Filter::everything();
        let auditor = Actor::new(self.site_name(), AUDITOR);
        let all = listed(&**setting, &auditor, &filter, 100).unwrap_or_default();
        let email = self.draft.as_ref().map(|draft| &draft.guest.email);
        let unheard = all.into_iter().find(|grant| {
            !model.sites[self.site].grants.contains_key(&grant.id)
                && Some(&grant.guest.email) == email
        });
        let grant = match self.op {
            Op::Create(..) => unheard.map_or_else(|| "lost".to_owned(), |grant| grant.id),
            _ => self.grant.clone(),
        };
        Drawn {
            grant,
            pass: format!("lost pass {}", model.names.passes[self.site].len()),
            session: format!("lost session {}", model.names.sessions[self.site].len()),
        }
    }
}
