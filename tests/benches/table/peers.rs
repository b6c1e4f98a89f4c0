//! "May this guest do this?", asked of Guestpass and of three others in the same process, when so many rules each allow
//! one thing. Every question is about another permission, and the answer is always yes.
//!
//! The others are asked in the way that costs them least: rules parsed and loaded before, names ready where they take
//! ready ones. Cedar and Casbin decide on rules in memory, so they stand beside a check on an answer, which is the same,
//! and beside a whole `check` of a session, which also proves who asks, reads what is stored at that moment, and binds the
//! grantor's power and the window. Biscuit proves who asks too, and reads no store.

use std::hint::black_box;
use std::path::Path;
use std::time::Duration;

use biscuit_auth::builder::{Fact, Policy as BiscuitPolicy, string};
use biscuit_auth::{AuthorizerBuilder, AuthorizerLimits, Biscuit, KeyPair};
use casbin::{CoreApi as _, DefaultModel, Enforcer, MemoryAdapter, MgmtApi as _};
use cedar_policy::{
    Authorizer, Context, Decision, Entities, EntityId, EntityTypeName, EntityUid, PolicySet,
    Request,
};
use guestpass::Scope;
use guestpass::store::MemoryStore;

use crate::measure::in_turns;
use crate::report::{Row, Unit};
use crate::town::{SITE, Town, permissions};
use crate::world::World;

const ROUNDS: usize = 101;
const RULES: [usize; 3] = [1, 100, 1_000];

/// Measures all of it.
pub fn rows(cache: &Path) -> Vec<Row> {
    RULES
        .into_iter()
        .flat_map(|rules| with_rules(rules, cache))
        .collect()
}

fn with_rules(rules: usize, cache: &Path) -> Vec<Row> {
    let names: Vec<_> = permissions(rules).collect();
    let guestpass = AskedGuestpass::new(&names, cache);
    let (cedar, casbin, biscuit) = (Cedar::new(&names), Casbin::new(&names), Signed::new(&names));
    let each = || {
        let mut turn = 0;
        // A step that shares no factor with the number of rules meets all of them.
        let names = &names;
        move || {
            turn = (turn + 37) % names.len();
            black_box(names[turn].as_str())
        }
    };
    let mut turns = [(); 5].map(|()| each());
    let [a, b, c, d, e] = &mut turns;
    let [answer, check, cedar, casbin, biscuit] = in_turns(
        ROUNDS,
        [
            &mut || assert!(guestpass.answer.may(a())),
            &mut || assert!(guestpass.check(b())),
            &mut || assert!(cedar.may(c())),
            &mut || assert!(casbin.may(d())),
            &mut || assert!(biscuit.may(e())),
        ],
    );
    let plural = if rules == 1 { "rule" } else { "rules" };
    let row = |peer, samples, ours, which| {
        Row::value(format!("{rules} {plural}: {peer}"), Unit::Nanos, samples).beside(which, ours)
    };
    vec![
        row("cedar-policy", cedar.clone(), &answer, "check on an answer"),
        row("casbin", casbin.clone(), &answer, "check on an answer"),
        row("cedar-policy", cedar, &check, "whole check of a session"),
        row("casbin", casbin, &check, "whole check of a session"),
        row("biscuit-auth", biscuit, &check, "whole check of a session"),
    ]
}

struct AskedGuestpass {
    world: World,
    session: String,
    answer: guestpass::Access,
}

impl AskedGuestpass {
    fn new(names: &[String], cache: &Path) -> Self {
        let world = World::new(
            &Town::with_permissions(names.len()),
            MemoryStore::default(),
            cache,
        );
        let session = world.redeem(&world.create(Scope::chosen(names)));
        let answer = world.resolve(&session);
        Self {
            world,
            session,
            answer,
        }
    }

    fn check(&self, permission: &str) -> bool {
        self.world
            .guestpass
            .check(SITE, &self.session, permission)
            .expect("a known permission")
    }
}

struct Cedar {
    authorizer: Authorizer,
    policies: PolicySet,
    entities: Entities,
    guest: EntityUid,
    site: EntityUid,
    action: EntityTypeName,
}

impl Cedar {
    fn new(names: &[String]) -> Self {
        let rule = |name| {
            format!(
                r#"permit(principal == Guest::"sam", action == Action::"{name}", resource == Site::"main");"#
            )
        };
        let policies: String = names.iter().map(rule).collect();
        Self {
            authorizer: Authorizer::new(),
            policies: policies.parse().expect("policies"),
            entities: Entities::empty(),
            guest: r#"Guest::"sam""#.parse().expect("a name"),
            site: r#"Site::"main""#.parse().expect("a name"),
            action: "Action".parse().expect("a type"),
        }
    }

    fn may(&self, permission: &str) -> bool {
        let action =
            EntityUid::from_type_name_and_id(self.action.clone(), EntityId::new(permission));
        let request = Request::new(
            self.guest.clone(),
            action,
            self.site.clone(),
            Context::empty(),
            None,
        );
        let request = request.expect("a request without a schema");
        let answer = self
            .authorizer
            .is_authorized(&request, &self.policies, &self.entities);
        answer.decision() == Decision::Allow
    }
}

struct Casbin(Enforcer);

impl Casbin {
    const MODEL: &str = "
        [request_definition]
        r = sub, act
        [policy_definition]
        p = sub, act
        [policy_effect]
        e = some(where (p.eft == allow))
        [matchers]
        m = r.sub == p.sub && r.act == p.act
    ";

    fn new(names: &[String]) -> Self {
        let rules = names
            .iter()
            .map(|name| vec!["sam".to_owned(), name.clone()])
            .collect();
        ready(async {
            let model = DefaultModel::from_str(Self::MODEL).await.expect("a model");
            let mut enforcer = Enforcer::new(model, MemoryAdapter::default())
                .await
                .expect("an enforcer");
            assert!(enforcer.add_policies(rules).await.expect("rules"));
            Self(enforcer)
        })
    }

    fn may(&self, permission: &str) -> bool {
        self.0.enforce(("sam", permission)).expect("a decision")
    }
}

/// What needs no waiting, as with everything in memory.
fn ready<T>(future: impl Future<Output = T>) -> T {
    let mut context = std::task::Context::from_waker(std::task::Waker::noop());
    match std::pin::pin!(future).poll(&mut context) {
        std::task::Poll::Ready(value) => value,
        std::task::Poll::Pending => unreachable!("nothing is waited for"),
    }
}

/// A token that carries the rules.
struct Signed {
    root: KeyPair,
    token: Vec<u8>,
    policy: BiscuitPolicy,
}

impl Signed {
    fn new(names: &[String]) -> Self {
        let root = KeyPair::new();
        let right = |name: &String| Fact::new("right".to_owned(), [string(name)]);
        let token = names
            .iter()
            .map(right)
            .try_fold(Biscuit::builder(), |builder, fact| builder.fact(fact));
        let token = token
            .and_then(|builder| builder.build(&root))
            .and_then(|token| token.to_vec());
        let policy = "allow if operation($permission), right($permission)"
            .parse()
            .expect("a policy");
        Self {
            root,
            token: token.expect("a token"),
            policy,
        }
    }

    fn may(&self, permission: &str) -> bool {
        let token = Biscuit::from(&self.token, self.root.public()).expect("our token");
        // The defaults break off a thousand rules.
        let limits = AuthorizerLimits {
            max_facts: 10_000,
            max_iterations: 100,
            max_time: Duration::from_secs(10),
        };
        let authorizer = AuthorizerBuilder::new()
            .set_limits(limits)
            .fact(Fact::new("operation".to_owned(), [string(permission)]))
            .and_then(|builder| builder.policy(self.policy.clone()))
            .and_then(|builder| builder.build(&token));
        authorizer.expect("an authorizer").authorize().is_ok()
    }
}
