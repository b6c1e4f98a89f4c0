//! Plays a trace twice, with the engine and with the model, and compares every answer.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Debug;
use std::sync::{Arc, Mutex};

use guestpass::ports::{Standing, User};
use guestpass::{
    Actor, Draft, Ending, Explanation, Extension, Filter, FreshBackup, Grant, GrantorGone, Guest,
    Happening, Lockout, LockoutLimits, Origin, Preview, Refusal, Scope, ScopeBase, Settings,
};
use guestpass_tests::draft::lockout_after;
use guestpass_tests::strangers::{unknown_pass, wrong_pass_for};
use guestpass_tests::{
    Asked, Counting, Entered, Fault, Link, People, Plan, Resolved, Setting, instant,
};

use crate::ops::{
    Base, Ends, Locked, Longer, Move, Op, Pass, Rules, Say, Sketch, Step, Trace, Who, Wrong,
};
use crate::rules::{Drawn, Reasons, Site};
use crate::world::{self, AUDITOR, pick};

/// What was answered, as far as both can know it.
#[derive(Debug, Clone, PartialEq)]
pub enum Told {
    Done,
    Bool(bool),
    Grant(Box<Grant>),
    Grants(Vec<Grant>),
    Link(Box<Link>),
    Preview(Preview),
    Entered(Entered),
    Resolved(Resolved),
    Explained(Explanation),
    Settings(Box<Settings>),
    Happenings(Vec<Happening>),
    Lockouts(Vec<Lockout>),
    Swept {
        expired: u32,
        repaired: u32,
    },
    Due(Option<u64>),
    /// What waits to be delivered; of the model all of it.
    Drained(Vec<Happening>),
}

type Seen = Result<Told, Refusal>;
type Expected = Result<Told, Reasons>;

/// What exists by now on each site, for traces to point at.
#[derive(Debug, Clone, Default)]
struct Names {
    grants: [Vec<String>; 2],
    passes: [Vec<String>; 2],
    sessions: [Vec<String>; 2],
}

/// How far something came.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Done {
    Nothing,
    /// Of a first redemption: that a user is being made is written down.
    Provisioned,
    /// And the host made it.
    Made,
    All,
}

/// The world as the model has it.
#[derive(Debug, Clone)]
struct Model {
    sites: [Site; 2],
    names: Names,
}

/// An engine and a model at the same moment.
struct Play {
    setting: Arc<Setting>,
    model: Model,
    tally: Tally,
}

/// How often what was answered to which operation: `redeem` with `done`, or with a code.
pub type Tally = BTreeMap<(String, String), u64>;

/// The people of the beginning, on both sites.
fn people() -> People {
    let people = People::none();
    for site in world::SITES {
        people.add_site(site, world::catalogue());
        for id in world::USERS {
            people.put(site, world::user(site, id));
        }
    }
    people
}

/// Plays a trace with an engine of this plan. Says where they differ.
pub fn play(plan: Plan, trace: &Trace) -> Result<Tally, String> {
    let begins = instant(pick(&world::BEGINNINGS, trace.begins));
    let setting = plan.beginning(begins).among(people()).build();
    let mut play = Play {
        setting: Arc::new(setting),
        model: Model {
            sites: world::SITES.map(|site| Site::new(site, begins)),
            names: Names::default(),
        },
        tally: Tally::new(),
    };
    for (number, step) in trace.steps.iter().enumerate() {
        play.step(step)
            .map_err(|why| format!("step {number}, {step:?}: {why}"))?;
    }
    let ended = play.model.audit(&play.setting);
    ended.map_err(|why| format!("in the end: {why}"))?;
    Ok(play.tally)
}

impl Play {
    fn step(&mut self, step: &Step) -> Result<(), String> {
        let site = usize::from(step.elsewhere);
        match &step.op {
            Op::Aborted(n, wrong, op) => self.aborted(site, *n, *wrong, op),
            Op::Meanwhile(n, first, second) => self.meanwhile(site, *n, first, second),
            Op::Audit => self.model.audit(&self.setting),
            op => {
                let asked = Asking::of(&self.model, site, op);
                let seen = asked.ask(&self.setting);
                self.count(op, &seen);
                self.model.expect(&asked, &seen)
            }
        }
    }

    fn count(&mut self, op: &Op, seen: &Seen) {
        let name = format!("{op:?}");
        let name = name.split(|sign: char| !sign.is_alphabetic()).next();
        let answer = seen
            .as_ref()
            .map_or_else(|refusal| refusal.code.as_str(), |_| "done");
        let key = (name.unwrap_or_default().to_owned(), answer.to_owned());
        *self.tally.entry(key).or_default() += 1;
    }

    /// One of the steps that an operation takes goes wrong.
    fn aborted(&mut self, site: usize, n: u8, wrong: Wrong, op: &Op) -> Result<(), String> {
        let asked = Asking::of(&self.model, site, op);
        let fault = match wrong {
            Wrong::Fails => Fault::Fails,
            Wrong::Conflicts => Fault::Conflicts,
            Wrong::Dies => Fault::DiesAfter,
        };
        self.setting.faults.plan(n.into(), fault, Counting::Writes);
        let seen = asked.ask(&self.setting);
        if !self.setting.faults.recover() || seen.is_ok() {
            // It needed fewer writes, or got over it: then all must be as if nothing had been.
            return self.model.expect(&asked, &seen);
        }
        let lost = asked.lost(&self.model, &self.setting);
        // Nothing happened, a part, or all of it and nobody heard.
        let mut why = String::new();
        let expected = self.model.clone().answer(&asked, &lost);
        for done in [Done::Nothing, Done::Provisioned, Done::Made, Done::All] {
            let mut model = self.model.clone();
            match done {
                Done::All => {
                    drop(model.answer(&asked, &lost));
                    // Secrets that nobody heard.
                    model.names.passes.clone_from(&self.model.names.passes);
                    model.names.sessions.clone_from(&self.model.names.sessions);
                }
                part => model.part(&asked, part),
            }
            match model.audit(&self.setting) {
                Ok(()) => {
                    self.model = model;
                    return excused(&seen, &expected);
                }
                Err(difference) => why.push_str(&format!("\nif {done:?}: {difference}")),
            }
        }
        Err(format!("answered {seen:?}, and then{why}"))
    }

    /// The second happens in the middle of the first: it must look as if one had come after the other.
    fn meanwhile(&mut self, site: usize, n: u8, first: &Op, second: &Op) -> Result<(), String> {
        let first = Asking::of(&self.model, site, first);
        let second = Asking::of(&self.model, site, second);
        let between: Arc<Mutex<Option<Seen>>> = Arc::default();
        let (setting, asked, answer) = (self.setting.clone(), second.clone(), between.clone());
        self.setting.faults.meanwhile(n.into(), move || {
            let seen = asked.ask(&setting);
            *answer.lock().expect("nobody panics") = Some(seen);
        });
        let seen_first = first.ask(&self.setting);
        self.setting.faults.recover();
        let seen_second = between.lock().expect("nobody panics").take();
        let Some(seen_second) = seen_second else {
            // The first was done before its n-th call.
            self.model.expect(&first, &seen_first)?;
            let seen = second.ask(&self.setting);
            return self.model.expect(&second, &seen);
        };
        let mut why = String::new();
        // One after the other, or the second between two steps of the first.
        let (one, other) = ((&first, &seen_first), (&second, &seen_second));
        let orders = [
            (Done::Nothing, one, other),
            (Done::Nothing, other, one),
            (Done::Provisioned, other, one),
            (Done::Made, other, one),
        ];
        for (begun, one, other) in orders {
            let mut model = self.model.clone();
            model.part(&first, begun);
            let fits = model.expect(one.0, one.1);
            let fits = fits.and_then(|()| model.expect(other.0, other.1));
            match fits.and_then(|()| model.audit(&self.setting)) {
                Ok(()) => {
                    self.model = model;
                    return Ok(());
                }
                Err(difference) => why.push_str(&format!("\nin one order: {difference}")),
            }
        }
        Err(format!(
            "no order explains {seen_first:?} and {seen_second:?}:{why}"
        ))
    }
}

/// Whether a refusal is one that trouble excuses, or the usual one.
fn excused(seen: &Seen, expected: &Expected) -> Result<(), String> {
    let Err(refusal) = seen else {
        return Ok(());
    };
    let excuses = ["store-unavailable", "directory-unavailable", "contended"];
    let usual = expected
        .as_ref()
        .err()
        .is_some_and(|why| why.contains(refusal.code.as_str()));
    if usual || excuses.contains(&refusal.code.as_str()) {
        Ok(())
    } else {
        Err(format!("refused as {refusal:?}, expected {expected:?}"))
    }
}

/// An operation with its words filled in, ready to be asked of both.
#[derive(Debug, Clone)]
struct Asking {
    site: usize,
    op: Op,
    by: String,
    grant: String,
    pass: String,
    session: String,
    client: u8,
    draft: Option<Draft>,
    settings: Option<Settings>,
    extension: Option<Extension>,
    ids: Vec<String>,
    now: u64,
    /// Where the clock is moved to.
    moved: u64,
}

const NOT_A_GRANT: &str = "AAAAAAAAAAAAAAAAAAAAAA";

/// The one counted from the newest of this site, or of the other one.
fn newest(all: &[Vec<String>; 2], site: usize, which: u8) -> Option<&String> {
    let (site, which) = match which.checked_sub(128) {
        Some(which) => (1 - site, which),
        None => (site, which),
    };
    let last = all[site].len().checked_sub(1)?;
    all[site].get(last - usize::from(which) % all[site].len())
}

impl Asking {
    fn of(model: &Model, site: usize, op: &Op) -> Self {
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
            extension: None,
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
            Op::SignOut(which) | Op::Resolve(which) | Op::Check(which, _) => {
                asking.session = session(*which)
            }
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

    fn actor(&self) -> Actor {
        Actor {
            site: self.site_name().to_owned(),
            user: self.by.clone(),
            origin: Origin {
                address: None,
                agent: None,
            },
        }
    }

    fn site_name(&self) -> &'static str {
        world::SITES[self.site]
    }

    /// Asks the engine, or changes the world around it.
    fn ask(&self, setting: &Setting) -> Seen {
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
            Op::Reissue(..) => engine
                .reissue(&by, id)
                .map(|link| Told::Link(Box::new(tidy_link(link)))),
            Op::Inspect(_) => engine.inspect(site, &self.pass).map(Told::Preview),
            Op::Redeem(..) => {
                let address = pick(&world::CLIENTS, self.client).map(str::to_owned);
                let origin = Origin {
                    address,
                    agent: None,
                };
                engine.redeem(site, &self.pass, &origin).map(Told::Entered)
            }
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
                .map(|settings| Told::Settings(Box::new(tidy_settings(settings)))),
            Op::SetPolicy(..) => engine
                .set_policy(&by, self.settings.as_ref().expect("settings"))
                .map(|()| Told::Done),
            Op::History { first, limit, .. } => engine
                .history(&by, id, *first, *limit)
                .map(|lines| Told::Happenings(lines.into_iter().map(bare).collect())),
            Op::Lockouts(_, limit) => lockouts(engine, &by, *limit).map(Told::Lockouts),
            Op::Lift(..) => engine.lift_lockout(&by, id).map(|()| Told::Done),
            Op::Sweep(limit) => {
                let (mut expired, mut repaired) = (0, 0);
                loop {
                    let swept = engine.sweep(site, *limit)?;
                    assert_eq!(swept.failed, 0, "nothing is broken here");
                    assert!(
                        swept.expired.max(swept.repaired) <= *limit,
                        "more than asked for"
                    );
                    expired += swept.expired;
                    repaired += swept.repaired;
                    if !swept.more {
                        return Ok(Told::Swept { expired, repaired });
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
    fn change(&self, setting: &Setting) {
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
                    Err("out of order".to_owned())
                } else {
                    Ok(guestpass::ports::GrantReview {
                        veto: said.veto_grants.then(|| "Not today.".to_owned()),
                        except: said.except,
                        ends_by: said.ends_by,
                        uses: said.uses,
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
    fn lost(&self, model: &Model, setting: &Setting) -> Drawn {
        let filter = Filter::everything();
        let auditor = Actor::new(self.site_name(), AUDITOR);
        let all = listed(&**setting, &auditor, &filter, 100).unwrap_or_default();
        let unheard = all
            .into_iter()
            .find(|grant| !model.sites[self.site].grants.contains_key(&grant.id));
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

/// Where the clock is moved to.
fn moved(model: &Model, site: usize, by: Move) -> u64 {
    let now = model.sites[site].now;
    let (Move::ToTheEnd(which, off) | Move::ToTheOpening(which, off)) = by else {
        return match by {
            Move::Back(millis) => now.saturating_sub(millis),
            Move::Forward(millis) => now + millis,
            _ => now,
        };
    };
    let Some(id) = newest(&model.names.grants, site, which) else {
        return now;
    };
    let site = &model.sites[if which < 128 { site } else { 1 - site }];
    let grant = &site.grants[id];
    let to = match by {
        Move::ToTheEnd(..) => site.end(grant).0.unwrap_or(now),
        _ => grant.opens,
    };
    to.saturating_add_signed(off.into())
}

/// The draft of a sketch.
fn draft(sketch: &Sketch, now: u64) -> Draft {
    let base = match &sketch.base {
        Base::Role(role) => ScopeBase::Role(pick(&world::ROLES, *role).to_owned()),
        Base::All => ScopeBase::All,
        Base::Chosen(bits) => ScopeBase::Chosen(world::permissions(*bits)),
    };
    let words = ["lacking-permissions", "without-backup", "everything"]
        .into_iter()
        .enumerate();
    let knowingly = words.filter(|(bit, _)| sketch.knowingly & 1 << bit != 0);
    Draft {
        kind: if sketch.odd_kind { "promise" } else { "link" }.to_owned(),
        guest: Guest::new(pick(&world::ADDRESSES, sketch.address)),
        scope: Scope {
            base,
            also: world::permissions(sketch.also),
            except: world::permissions(sketch.except),
        },
        window: sketch.window.as_ref().map(|window| guestpass::Window {
            opens: window.opens.map(|off| now.saturating_add_signed(off)),
            ending: ending(&window.ends, now),
            use_within: window
                .use_within
                .map(|period| pick(&world::PERIODS, period).to_owned()),
        }),
        purpose: sketch
            .purpose
            .map(|purpose| pick(&world::PURPOSES, purpose).to_owned()),
        knowingly: knowingly.map(|(_, word)| word.to_owned()).collect(),
        uses: sketch.uses,
        redirect: sketch
            .redirect
            .map(|path| pick(&world::REDIRECTS, path).to_owned()),
        note: None,
        message: None,
    }
}

fn ending(ends: &Ends, now: u64) -> Ending {
    let period = |which: &u8| pick(&world::PERIODS, *which).to_owned();
    match ends {
        Ends::At(off) => Ending::At(now.saturating_add_signed(*off)),
        Ends::After(which) => Ending::After(period(which)),
        Ends::AfterFirstUse(which) => Ending::AfterFirstUse(period(which)),
        Ends::Never => Ending::Never,
    }
}

fn settings(rules: &Rules, now: u64) -> Settings {
    let domains = |which: u8| -> Vec<String> {
        pick(&world::DOMAINS, which)
            .iter()
            .map(|name| (*name).to_owned())
            .collect()
    };
    let roles = |bits: u8| {
        let all = world::ROLES.iter().enumerate();
        all.filter(|(bit, _)| bits & 1 << bit != 0)
            .map(|(_, name)| (*name).to_owned())
            .collect()
    };
    let (within, [address, grant, site]) = pick(&world::LOCKOUTS, rules.lockout);
    Settings {
        ceiling: rules.ceiling.map(world::permissions),
        longest_window: pick(&world::PERIODS, rules.longest).to_owned(),
        roles: rules.roles.map(roles),
        most_uses: rules.most_uses,
        default_ending: ending(&rules.ends, now),
        default_redirect: rules
            .redirect
            .map(|path| pick(&world::REDIRECTS, path).to_owned()),
        forbidden_domains: domains(rules.forbidden),
        allowed_domains: rules.allowed.map(domains),
        fresh_backup: rules.backup.map(|(period, permissions)| FreshBackup {
            max_age: pick(&world::PERIODS, period).to_owned(),
            permissions: world::permissions(permissions),
        }),
        kinds: pick(&world::KINDS, rules.kinds)
            .map(|kinds| kinds.iter().map(|kind| (*kind).to_owned()).collect()),
        session_length: None,
        session_idle: None,
        lockout: LockoutLimits {
            within: within.to_owned(),
            address: lockout_after(address.0, address.1),
            grant: lockout_after(grant.0, grant.1),
            site: lockout_after(site.0, site.1),
        },
        grantor_gone: if rules.end_when_grantor_gone {
            GrantorGone::End
        } else {
            GrantorGone::Withhold
        },
    }
}

fn said(say: Say, now: u64) -> crate::rules::Said {
    let mut said = crate::rules::Said::default();
    match say {
        Say::Nothing => {}
        Say::VetoGrants => said.veto_grants = true,
        Say::Except(bits) => said.except = world::permissions(bits),
        Say::EndsBy(millis) => said.ends_by = Some(now + millis),
        Say::Uses(uses) => said.uses = Some(uses),
        Say::FailGrants => said.fail_grants = true,
        Say::VetoEntries => said.veto_entries = true,
        Say::FailEntries => said.fail_entries = true,
        Say::Narrow(bits) => said.narrow = world::permissions(bits),
        Say::FailNarrow => said.fail_narrow = true,
    }
    said
}

fn standing(role: u8, grants: bool) -> Standing {
    Standing {
        owner: false,
        roles: vec![pick(&world::ROLES, role).to_owned()],
        permissions: grants
            .then(|| world::GRANTS_WITH.to_owned())
            .into_iter()
            .collect(),
        catalogue: 0,
    }
}

fn change_role(catalogue: &mut guestpass::ports::Catalogue, role: u8, permission: u8) {
    let name = pick(&world::PERMISSIONS[..9], permission);
    let held = &mut catalogue.roles[usize::from(role) % 4].permissions;
    match held.iter().position(|held| held == name) {
        Some(at) => drop(held.remove(at)),
        None => held.push(name.to_owned()),
    }
}

fn change_reserved(catalogue: &mut guestpass::ports::Catalogue, permission: u8) {
    let name = pick(&world::PERMISSIONS[..9], permission);
    for entry in &mut catalogue.permissions {
        if entry.name == name {
            entry.reserved = !entry.reserved;
        }
    }
}

fn who(model: &Model, site: usize, who: Who) -> String {
    match who {
        Who::Olga => "olga".to_owned(),
        Who::Ed => "ed".to_owned(),
        Who::Ann => "ann".to_owned(),
        Who::Sue => "sue".to_owned(),
        Who::Nobody => "nobody".to_owned(),
        Who::Guest(which) => {
            let count = model.sites[site].host.count;
            format!(
                "guest-{}",
                count.saturating_sub(u32::from(which) % count.max(1))
            )
        }
    }
}

/// A policy whose sets are in one order.
fn tidy_settings(mut settings: Settings) -> Settings {
    let backup = settings.fresh_backup.as_mut();
    let sets = [
        Some(&mut settings.forbidden_domains),
        settings.ceiling.as_mut(),
        settings.roles.as_mut(),
        settings.allowed_domains.as_mut(),
        backup.map(|rule| &mut rule.permissions),
    ];
    for set in sets.into_iter().flatten() {
        set.sort();
        set.dedup();
    }
    settings
}

/// All pages of a list.
fn listed(
    engine: &dyn Asked,
    by: &Actor,
    filter: &Filter,
    limit: u32,
) -> Result<Vec<Grant>, Refusal> {
    let (mut all, mut start) = (Vec::new(), None);
    loop {
        let page = engine.list(by, filter, start.as_deref(), limit)?;
        assert!(
            page.damaged.is_empty() && page.grants.len() <= limit as usize,
            "{page:?}"
        );
        all.extend(page.grants.into_iter().map(tidy));
        start = page.next;
        if start.is_none() {
            assert!(
                all.is_sorted_by(|newer: &Grant, older| newer.created >= older.created),
                "newest first: {all:?}"
            );
            // Those of one moment may come in any order.
            all.sort_by(|one, other| (other.created, &other.id).cmp(&(one.created, &one.id)));
            return Ok(all);
        }
    }
}

/// All pages of what counts, by name.
fn lockouts(engine: &dyn Asked, by: &Actor, limit: u32) -> Result<Vec<Lockout>, Refusal> {
    let (mut all, mut start) = (BTreeMap::new(), None);
    loop {
        let page = engine.lockouts(by, start.as_deref(), limit)?;
        all.extend(
            page.lockouts
                .into_iter()
                .map(|lockout| (lockout.id.clone(), lockout)),
        );
        start = page.next;
        if start.is_none() {
            return Ok(all.into_values().collect());
        }
    }
}

/// A grant whose scope is in one order: the contract promises none.
fn tidy(mut grant: Grant) -> Grant {
    crate::rules::in_order(&mut grant.scope);
    grant
}

fn tidy_link(link: Link) -> Link {
    Link {
        grant: tidy(link.grant),
        ..link
    }
}

/// A line of history without what the contract leaves open.
fn bare(mut line: Happening) -> Happening {
    assert_eq!(line.hash.len(), 32, "{line:?}");
    line.details = Vec::new();
    line.hash = Vec::new();
    line
}

impl Model {
    /// Compares an answer and remembers what was made.
    fn expect(&mut self, asked: &Asking, seen: &Seen) -> Result<(), String> {
        let drawn = match seen {
            Ok(Told::Link(link)) => Drawn {
                grant: link.grant.id.clone(),
                pass: link.pass.clone(),
                session: String::new(),
            },
            Ok(Told::Entered(entered)) => Drawn {
                session: entered.session.clone(),
                ..Drawn::default()
            },
            _ => Drawn::default(),
        };
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
    fn answer(&mut self, asked: &Asking, drawn: &Drawn) -> Expected {
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
                self.names.passes[asked.site].push(drawn.pass.clone());
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
            Op::Reissue(..) => {
                let link = site.reissue(by, id, drawn)?;
                self.names.passes[asked.site].push(drawn.pass.clone());
                Ok(Told::Link(Box::new(link)))
            }
            Op::Inspect(_) => site.inspect(&asked.pass).map(Told::Preview),
            Op::Redeem(..) => {
                let entered = site.redeem(&asked.pass, client, drawn)?;
                self.names.sessions[asked.site].push(drawn.session.clone());
                Ok(Told::Entered(entered))
            }
            Op::SignOut(_) => site.sign_out(&asked.session).map(|()| Told::Done),
            Op::Resolve(_) => site.resolve(&asked.session).map(Told::Resolved),
            Op::Check(_, permission) => site
                .check(&asked.session, pick(&world::PERMISSIONS, *permission))
                .map(Told::Bool),
            Op::Explain(_, _, permission) => site
                .explain(by, id, pick(&world::PERMISSIONS, *permission))
                .map(Told::Explained),
            Op::Policy => Ok(Told::Settings(Box::new(tidy_settings(site.policy.clone())))),
            Op::SetPolicy(..) => site
                .set_policy(by, asked.settings.as_ref().expect("settings"))
                .map(|()| Told::Done),
            Op::History { first, limit, .. } => {
                site.history(by, id, *first, *limit).map(Told::Happenings)
            }
            Op::Lockouts(..) => site.lockouts(by).map(Told::Lockouts),
            Op::Lift(..) => site.lift(by, id).map(|()| Told::Done),
            Op::Sweep(_) => {
                let (expired, repaired) = site.sweep();
                Ok(Told::Swept { expired, repaired })
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
    fn change(&mut self, asked: &Asking) {
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

    /// A part of a first redemption: the rest was kept from happening, or something comes in between.
    fn part(&mut self, asked: &Asking, done: Done) {
        let site = &mut self.sites[asked.site];
        if let Op::Redeem(..) = asked.op
            && done != Done::Nothing
            && let Ok(id) = site.provision(&asked.pass, pick(&world::CLIENTS_LOCKED, asked.client))
            && done == Done::Made
        {
            let _rejected = site.make(&id);
        }
    }

    /// Compares everything that there is.
    fn audit(&mut self, setting: &Setting) -> Result<(), String> {
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
            let seen = tidy_settings(engine.policy(name).map_err(broken)?);
            same("policy", &seen, &tidy_settings(site.policy.clone()))?;
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

/// Says where two differ.
fn same<T: PartialEq + Debug>(what: &str, seen: &T, expected: &T) -> Result<(), String> {
    if seen == expected {
        return Ok(());
    }
    let (seen, expected) = (format!("{seen:#?}"), format!("{expected:#?}"));
    let missing = |of: &str, from: &str, sign: char| -> String {
        let known: BTreeSet<&str> = from.lines().collect();
        let lines = of.lines().filter(|line| !known.contains(line));
        lines
            .map(|line| format!("\n{sign} {}", line.trim()))
            .collect()
    };
    let differences = [
        missing(&seen, &expected, '+'),
        missing(&expected, &seen, '-'),
    ]
    .concat();
    let differences = match differences.as_str() {
        "" => format!("another order in {seen}\ninstead of {expected}").replace("\n", " "),
        _ => differences,
    };
    Err(format!("{what} (+ seen, - expected):{differences}"))
}
