//! Property 20: each change carries actor, subject and grant; no switch stands on another; coming back never restores what
//! was lost. And property 7 with it: what changes for grantor or user binds at the next check.

use std::collections::{BTreeMap, BTreeSet};

use guestpass::Scope;
use guestpass_core::codec::encode;
use guestpass_core::keys::Keys;
use guestpass_core::names::SiteId;
use guestpass_tests::{
    Plan, Setting, Way, a_link, a_password, an_invitation, both_ways, owner, user,
};
use proptest::prelude::*;

use crate::tamper::{complains, id, write};

/// What can happen.
#[derive(Debug, Clone, Copy)]
enum Step {
    /// This person switches by this grant, from the session they have or from none.
    Switch(usize, usize, bool),
    /// This person comes back.
    Return(usize),
    /// This person tries to go on from the account they are in, as if they were its owner.
    Nest(usize, usize),
    Suspend(usize),
    Resume(usize),
    Revoke(usize),
    /// The grant gets this role's permissions.
    Change(usize, usize),
    /// This grantor gets this role.
    Demote(usize, usize),
    /// This person gets another address.
    Move(usize),
    /// This person is deleted at the host.
    Delete(usize),
    /// An old session is tried: one of those that are over.
    Old(usize),
}

const PEOPLE: [&str; 2] = ["sue", "tom"];
const GRANTORS: [&str; 2] = ["ed", "eva"];
const ROLES: [&str; 3] = ["contributor", "author", "editor"];
/// What the roles hold of these three, in the same order.
const WATCHED: [&str; 3] = ["edit_posts", "publish_posts", "edit_others_posts"];

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let grant = 0..4_usize;
    let person = 0..2_usize;
    let role = 0..3_usize;
    let step = prop_oneof![
        6 => (person.clone(), grant.clone(), any::<bool>()).prop_map(|(p, g, f)| Step::Switch(p, g, f)),
        4 => person.clone().prop_map(Step::Return),
        2 => (person.clone(), grant.clone()).prop_map(|(p, g)| Step::Nest(p, g)),
        2 => grant.clone().prop_map(Step::Suspend),
        2 => grant.clone().prop_map(Step::Resume),
        1 => grant.clone().prop_map(Step::Revoke),
        3 => (grant, role.clone()).prop_map(|(g, r)| Step::Change(g, r)),
        3 => (0..2_usize, role).prop_map(|(p, r)| Step::Demote(p, r)),
        1 => person.clone().prop_map(Step::Move),
        1 => person.prop_map(Step::Delete),
        2 => any::<prop::sample::Index>().prop_map(|index| Step::Old(index.index(64))),
    ];
    prop::collection::vec(step, 1..40)
}

#[derive(Clone, Copy, PartialEq)]
enum State {
    Open,
    Suspended,
    Ended,
}

/// What the page on the property says, without a look at the engine.
struct Model {
    /// By grant: whose account, who accepted, state, role of the scope.
    grants: Vec<(usize, usize, State, usize)>,
    roles: [usize; 2],
    there: [bool; 2],
    /// By person: the session of their browser, and by which grant.
    browsers: [Option<(String, usize)>; 2],
    /// Every session that is live, whose browser it is in or not.
    live: BTreeMap<String, (usize, usize)>,
    over: Vec<String>,
}

impl Model {
    fn expected(&self, grant: usize) -> Result<Vec<&'static str>, &'static str> {
        let (grantor, _, state, role) = self.grants[grant];
        match state {
            State::Ended => return Err("grant-ended"),
            State::Suspended => return Err("grant-suspended"),
            State::Open => {}
        }
        // Each role holds all that the one before it does.
        let least = role.min(self.roles[grantor]);
        Ok(WATCHED[..=least].to_vec())
    }
}

fn world(way: Way) -> (Setting, Vec<String>, Model) {
    let setting = Setting::plan().asked(way).build();
    for (id, like) in [("tom", "sue"), ("eva", "ed")] {
        let mut user = setting.people.user("main", like).unwrap();
        user.id = id.to_owned();
        user.email = format!("{id}@main.example");
        setting.people.put("main", user);
    }
    let mut ids = Vec::new();
    let mut grants = Vec::new();
    for (grantor, name) in GRANTORS.iter().enumerate() {
        for (person, guest) in PEOPLE.iter().enumerate() {
            let draft = an_invitation().for_(&format!("{guest}@main.example"));
            let invitation = setting.create(&user(name), &draft.draft()).unwrap();
            ids.push(setting.join(&invitation, guest).grant);
            grants.push((grantor, person, State::Open, 2));
        }
    }
    let model = Model {
        grants,
        roles: [2, 2],
        there: [true, true],
        browsers: [None, None],
        live: BTreeMap::new(),
        over: Vec::new(),
    };
    (setting, ids, model)
}

fn run(way: Way, steps: &[Step]) {
    let (setting, ids, mut model) = world(way);
    for step in steps {
        take(&setting, &ids, &mut model, *step);
        agrees(&setting, &model, *step);
    }
    for (number, id) in ids.iter().enumerate() {
        let (grantor, person, ..) = model.grants[number];
        for line in setting.whole_history(id) {
            assert_eq!(line.grant.as_deref(), Some(id.as_str()));
            if ["accepted", "switched", "returned"].contains(&line.action.as_str()) {
                assert_eq!(
                    (line.actor.as_deref(), line.subject.as_deref()),
                    (Some(PEOPLE[person]), Some(GRANTORS[grantor])),
                    "{line:?}"
                );
            } else {
                assert!(line.actor.is_some(), "{line:?}");
            }
        }
    }
    assert_eq!(setting.faults_in_history(), [""; 0]);
}

fn take(setting: &Setting, ids: &[String], model: &mut Model, step: Step) {
    match step {
        Step::Switch(person, grant, from) => {
            let leaving = model.browsers[person].clone().filter(|_| from);
            let session = leaving.as_ref().map(|(session, _)| session.as_str());
            let answer = setting.try_switch(PEOPLE[person], &ids[grant], session);
            let theirs = model.grants[grant].1 == person;
            let expected = match model.expected(grant) {
                _ if !theirs => Err("unknown-grant"),
                Err(code) => Err(code),
                Ok(_) if !model.there[person] => Err("user-gone"),
                Ok(_) => Ok(()),
            };
            let answered = answer.as_ref().map(drop).map_err(|no| no.code.as_str());
            assert_eq!(answered, expected, "{step:?}");
            if let Ok(entered) = answer {
                if let Some((left, _)) = leaving {
                    model.live.remove(&left);
                    model.over.push(left);
                }
                model.live.insert(entered.session.clone(), (person, grant));
                model.browsers[person] = Some((entered.session, grant));
            }
        }
        Step::Return(person) => {
            let Some((session, _)) = model.browsers[person].take() else {
                return;
            };
            let answer = setting.return_to_own("main", &session);
            let expected = match (model.live.remove(&session), model.there[person]) {
                (None, _) => Err("session-unknown"),
                (Some(_), false) => Err("user-gone"),
                (Some(_), true) => Ok(PEOPLE[person]),
            };
            let answered = answer.as_deref().map_err(|no| no.code.as_str());
            assert_eq!(answered, expected, "{step:?}");
            model.over.push(session);
        }
        Step::Nest(person, grant) => {
            let Some((session, by)) = model.browsers[person].clone() else {
                return;
            };
            let grantor = GRANTORS[model.grants[by].0];
            setting
                .try_switch(grantor, &ids[grant], Some(&session))
                .unwrap_err();
        }
        Step::Suspend(grant) => {
            if setting.suspend(&owner(), &ids[grant]).is_ok() {
                model.grants[grant].2 = State::Suspended;
            }
        }
        Step::Resume(grant) => {
            if setting.resume(&owner(), &ids[grant]).is_ok() {
                model.grants[grant].2 = State::Open;
            }
        }
        Step::Revoke(grant) => {
            setting.revoke(&owner(), &ids[grant]).unwrap();
            model.grants[grant].2 = State::Ended;
        }
        Step::Change(grant, role) => {
            let scope = Scope::role(ROLES[role]);
            let answer = setting.change_scope(&owner(), &ids[grant], &scope, &[]);
            let over = model.grants[grant].2 == State::Ended;
            assert_eq!(answer.is_err(), over, "{step:?}: {answer:?}");
            if !over {
                model.grants[grant].3 = role;
            }
        }
        Step::Demote(grantor, role) => {
            setting
                .people
                .set_roles("main", GRANTORS[grantor], &[ROLES[role]]);
            model.roles[grantor] = role;
        }
        Step::Move(person) => {
            if model.there[person] {
                setting.people.change("main", PEOPLE[person], |user| {
                    user.email = format!("moved-{}", user.email);
                });
            }
        }
        Step::Delete(person) => {
            setting.people.remove("main", PEOPLE[person]);
            model.there[person] = false;
        }
        Step::Old(index) => {
            if let Some(session) = model.over.get(index % model.over.len().max(1)) {
                let refused = setting.return_to_own("main", session).unwrap_err();
                assert_eq!(refused.code, "session-unknown");
            }
        }
    }
}

/// Every session gives what the model says, and none that is over gives anything.
fn agrees(setting: &Setting, model: &Model, step: Step) {
    for (session, (person, grant)) in &model.live {
        let answer = setting.resolve("main", session);
        match (answer, model.expected(*grant)) {
            (Ok(answer), Ok(expected)) => {
                let held: BTreeSet<_> = answer.permissions.iter().map(String::as_str).collect();
                let watched: Vec<_> = WATCHED.into_iter().filter(|p| held.contains(p)).collect();
                assert_eq!(watched, expected, "after {step:?}");
                assert_eq!(
                    (answer.user.as_str(), answer.grantor.as_str()),
                    (PEOPLE[*person], GRANTORS[model.grants[*grant].0])
                );
            }
            (Err(refusal), Err(code)) => assert_eq!(refusal.code, code, "after {step:?}"),
            (answer, expected) => panic!("after {step:?}: {answer:?}, not {expected:?}"),
        }
    }
    for session in &model.over {
        assert_eq!(
            setting.why_not(session).as_deref(),
            Some("session-unknown"),
            "after {step:?}"
        );
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 150, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn p20_p07_whatever_happens_sessions_give_what_is_true_now(steps in steps()) {
        run(Way::Native, &steps);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 20, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn p20_p07_through_the_component_too(steps in steps()) {
        run(Way::Component, &steps);
    }
}

#[test]
fn p20_a_mark_that_names_a_grant_of_somebody_else_lets_nobody_in() {
    both_ways(|plan: Plan| {
        let setting = plan.build();
        let hers = setting.link(a_password().for_("kim@support.example"));
        let unused = setting.link(a_link().for_("a@support.example"));
        let over = setting.link(a_password());
        setting.revoke(&owner(), over.id()).unwrap();
        let user = over.grant.user.clone().unwrap();
        let site = SiteId::parse("main").unwrap();
        let mark = Keys(&site).user(&user);
        for other in [&hers, &unused] {
            write(&setting, &mark, &encode(&id(other)).unwrap());
            let asked = [
                setting.may_sign_in("main", &user).unwrap_err(),
                setting.try_password(&over).unwrap_err(),
            ];
            for refusal in asked {
                assert_eq!(refusal.code, "record-damaged");
            }
            assert!(complains(&setting));
        }
        let _in = setting.enter_by_password(&hers);
    });
}
