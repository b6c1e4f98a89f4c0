//! Plays a trace twice, with the engine and with the model, and compares every answer.

mod asking;
mod sketch;
mod tidy;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Debug;
use std::sync::{Arc, Mutex};

use guestpass::ports::{ContentDecision, Standing, User};
use guestpass::{
    Accepted, Actor, Draft, Ending, Explanation, Extension, Filter, FreshBackup, Grant,
    GrantorGone, Guest, Happening, Invitation, Invitee, Lockout, LockoutLimits, Membership, Origin,
    Preview, Refusal, Scope, ScopeBase, Settings,
};
use guestpass_tests::draft::lockout_after;
use guestpass_tests::strangers::{unknown_pass, wrong_pass_for};
use guestpass_tests::{
    Asked, Counting, Entered, Fault, Link, People, Plan, Resolved, Setting, instant,
};

use crate::ops::{
    As, Base, Ends, Locked, Longer, Move, Op, Pass, Permissions, Rules, Say, Sketch, Step, Trace,
    Who, Wrong,
};
use crate::rules::{Drawn, Reasons, Site, in_one_order};
use crate::world::{self, AUDITOR, pick};

use asking::*;
use sketch::*;
use tidy::*;

/// What was answered, as far as both can know it.
#[derive(Debug, Clone, PartialEq)]
pub enum Told {
    Done,
    Bool(bool),
    Grant(Box<Grant>),
    Grants(Vec<Grant>),
    Link(Box<Link>),
    Preview(Preview),
    Invitation(Box<Invitation>),
    Accepted(Accepted),
    Memberships(Vec<Membership>, Option<String>),
    User(String),
    Revoked(u32),
    Since(u64),
    Entered(Entered),
    Resolved(Resolved),
    Explained(Explanation),
    Settings(Box<Settings>),
    Happenings(Vec<Happening>),
    Lockouts(Vec<Lockout>),
    Swept {
        expired: u32,
        repaired: u32,
        retired: u32,
        failed: u32,
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
    /// Of a first redemption: that a user is being made is written down. Of retiring: what becomes of the content is.
    Provisioned,
    /// And that the host could not be asked, so that there will be none with a password.
    Abandoned,
    /// And the host made it, or deleted it.
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
                self.model.expect(&asked, &seen, &self.setting)
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
            return self.model.expect(&asked, &seen, &self.setting);
        }
        let lost = asked.lost(&self.model, &self.setting);
        // Nothing happened, a part, or all of it and nobody heard.
        let mut why = String::new();
        let expected = self.model.clone().answer(&asked, &lost);
        let parts = [Done::Provisioned, Done::Abandoned, Done::Made];
        // A part may look like the whole. Whoever is told how the whole ends is told so by the whole.
        let told = is_told(&seen, &expected).then_some(Done::All);
        let begun = [Done::Nothing].into_iter().chain(told);
        for done in begun.chain(parts).chain([Done::All]) {
            let mut model = self.model.clone();
            match done {
                Done::All => {
                    drop(model.answer(&asked, &lost));
                    // Secrets that nobody heard.
                    model.names.passes.clone_from(&self.model.names.passes);
                    model.names.sessions.clone_from(&self.model.names.sessions);
                }
                part => model.part(&asked, part, &lost),
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
            self.model.expect(&first, &seen_first, &self.setting)?;
            let seen = second.ask(&self.setting);
            return self.model.expect(&second, &seen, &self.setting);
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
            model.part(
                &first,
                begun,
                &first.drawn(&seen_first, &model, &self.setting),
            );
            let fits = model.expect(one.0, one.1, &self.setting);
            let fits = fits.and_then(|()| {
                let mut tried = model.clone();
                let fits = tried.expect(other.0, other.1, &self.setting);
                // Who was looked at before the other's try locked everybody out is told what strangers are told.
                let stranger = matches!(other.1, Err(why) if why.code == "link-not-valid");
                let locked = Err(Reasons::from(["locked-out"]));
                if stranger && model.clone().answer(other.0, &Drawn::default()) == locked {
                    return Ok(());
                }
                model = tried;
                fits
            });
            let fits = fits
                .and_then(|()| model.audit(&self.setting))
                .and_then(|()| opens_what_it_should(&model, site, &self.setting));
            match fits {
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

/// Of two secrets that were made at once, the later one alone opens anything, which no audit sees.
fn opens_what_it_should(model: &Model, site: usize, setting: &Setting) -> Result<(), String> {
    [0, 1].map(Pass::Issued).into_iter().try_for_each(|pass| {
        let asked = Asking::of(model, site, &Op::Inspect(pass));
        let seen = asked.ask(setting);
        model.clone().expect(&asked, &seen, setting)
    })
}

/// Whether a refusal is one that trouble excuses, or the usual one.
fn excused(seen: &Seen, expected: &Expected) -> Result<(), String> {
    let Err(refusal) = seen else {
        return Ok(());
    };
    let excuses = ["store-unavailable", "directory-unavailable", "contended"];
    if is_told(seen, expected) || excuses.contains(&refusal.code.as_str()) {
        Ok(())
    } else {
        Err(format!("refused as {refusal:?}, expected {expected:?}"))
    }
}

/// Whether this is refused for a reason that is expected.
fn is_told(seen: &Seen, expected: &Expected) -> bool {
    match (seen, expected) {
        (Err(refusal), Err(why)) => why.contains(refusal.code.as_str()),
        _ => false,
    }
}

impl Model {
    /// Compares an answer and remembers what was made.
    fn expect(&mut self, asked: &Asking, seen: &Seen, setting: &Setting) -> Result<(), String> {
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

    /// A part of what takes several steps because a user is made or deleted: the rest was kept from happening, or something
    /// comes in between.
    fn part(&mut self, asked: &Asking, done: Done, drawn: &Drawn) {
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
