//! Plays a trace twice, with the engine and with the model, and compares every answer.

mod asking;
mod model;
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
        // Of a link, and of an invitation.
        [Op::Inspect(pass), Op::LookAt(pass)]
            .iter()
            .try_for_each(|op| {
                let asked = Asking::of(model, site, op);
                let seen = asked.ask(setting);
                model.clone().expect(&asked, &seen, setting)
            })
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
