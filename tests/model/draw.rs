//! Sequences of operations, drawn at random: what people do often comes often, and what is refused at once seldom.

use proptest::prelude::*;

use crate::ops::*;

/// Any sequence of so many steps.
pub fn traces(steps: usize) -> impl Strategy<Value = Trace> {
    let steps = prop::collection::vec(step(), 1..=steps);
    (0..4_u8, steps).prop_map(|(begins, steps)| Trace {
        about: String::new(),
        begins,
        steps,
    })
}

fn step() -> BoxedStrategy<Step> {
    let trouble = prop_oneof![
        (0..5_u8, wrong(), asked())
            .prop_filter("one thing", |(_, _, op)| !is_many(op))
            .prop_map(|(n, wrong, op)| Op::Aborted(n, wrong, Box::new(op))),
        (0..9_u8, asked(), asked())
            .prop_filter("one thing", |(_, first, _)| !is_many(first))
            .prop_map(|(n, first, second)| Op::Meanwhile(n, Box::new(first), Box::new(second))),
    ];
    let op = prop_oneof![36 => asked(), 8 => world(), 4 => trouble, 1 => Just(Op::Audit)];
    (prop::bool::weighted(0.08), op)
        .prop_map(|(elsewhere, op)| Step { elsewhere, op })
        .boxed()
}

/// Many calls, between which anything may happen.
fn is_many(op: &Op) -> bool {
    matches!(op, Op::Sweep(_) | Op::RevokeAll(..))
}

fn wrong() -> BoxedStrategy<Wrong> {
    prop_oneof![
        Just(Wrong::Fails),
        Just(Wrong::Conflicts),
        Just(Wrong::Dies)
    ]
    .boxed()
}

fn who() -> BoxedStrategy<Who> {
    prop_oneof![
                36 => Just(Who::Olga),
        18 => Just(Who::Ed),
        6 => Just(Who::Ann),
        1 => Just(Who::Sue),
        1 => Just(Who::Nobody),
        2 => which().prop_map(Who::Guest),
    ]
    .boxed()
}

/// Who comes to the door.
fn somebody() -> BoxedStrategy<Who> {
    let users = [Who::Olga, Who::Ed, Who::Ann, Who::Sue, Who::Nobody];
    prop_oneof![2 => prop::sample::select(users.to_vec()), 3 => (0..3_u8).prop_map(Who::Guest)]
        .boxed()
}

fn as_whom() -> BoxedStrategy<As> {
    prop_oneof![3 => somebody().prop_map(As::Existing), 2 => Just(As::New)].boxed()
}

fn which() -> BoxedStrategy<Which> {
    prop_oneof![30 => 0..2_u8, 20 => 0..5_u8, 2 => 0..128_u8, 1 => 128..131_u8].boxed()
}

fn pass() -> BoxedStrategy<Pass> {
    prop_oneof![
                40 => which().prop_map(Pass::Issued),
        2 => (0..5_u16).prop_map(Pass::Unknown),
        2 => (which(), 0..30_u16).prop_map(|(grant, number)| Pass::Wrong(grant, number)),
        1 => Just(Pass::Garbage),
    ]
    .boxed()
}

/// Any set, small ones more often.
fn permissions() -> BoxedStrategy<Permissions> {
    prop_oneof![
        12 => (0..7_u16).prop_map(|bit| 1 << bit),
        12 => (0..7_u16, 0..7_u16).prop_map(|(one, other)| 1 << one | 1 << other),
        6 => 0..128_u16,
        1 => 0..1024_u16,
    ]
    .boxed()
}

fn seldom_permissions() -> BoxedStrategy<Permissions> {
    prop_oneof![9 => Just(0), 1 => permissions()].boxed()
}

/// Some milliseconds: from one to a year.
fn some_time() -> BoxedStrategy<u64> {
    const SECOND: u64 = 1000;
    const HOUR: u64 = 3600 * SECOND;
    const DAY: u64 = 24 * HOUR;
    prop_oneof![
        4 => Just(1),
        4 => Just(30 * SECOND),
        4 => Just(300 * SECOND),
        2 => Just(600 * SECOND - 1),
        2 => Just(1200 * SECOND),
        4 => Just(HOUR),
        4 => Just(5 * HOUR),
        4 => Just(DAY),
        2 => Just(3 * DAY),
        1 => Just(28 * DAY),
        1 => Just(366 * DAY),
    ]
    .boxed()
}

fn from_now() -> BoxedStrategy<i64> {
    (some_time(), prop::bool::weighted(0.1))
        .prop_map(|(millis, before)| {
            let millis = i64::try_from(millis).expect("at most a year");
            if before { -millis } else { millis }
        })
        .boxed()
}

fn period() -> BoxedStrategy<u8> {
    prop_oneof![60 => 0..7_u8, 4 => 7..9_u8, 1 => 9..11_u8].boxed()
}

fn ends() -> BoxedStrategy<Ends> {
    prop_oneof![
                30 => period().prop_map(Ends::After),
        25 => period().prop_map(Ends::AfterFirstUse),
        15 => from_now().prop_map(Ends::At),
        1 => Just(Ends::Never),
    ]
    .boxed()
}

fn window() -> BoxedStrategy<Window> {
    let opens = prop::option::weighted(0.15, from_now());
    let use_within = prop::option::weighted(0.2, period());
    (opens, ends(), use_within)
        .prop_map(|(opens, ends, use_within)| Window {
            opens,
            ends,
            use_within,
        })
        .boxed()
}

fn base() -> BoxedStrategy<Base> {
    prop_oneof![
        8 => prop_oneof![30 => 0..4_u8, 1 => Just(4_u8)].prop_map(Base::Role),
        2 => Just(Base::All),
        3 => permissions().prop_map(Base::Chosen),
    ]
    .boxed()
}

fn uses() -> BoxedStrategy<Option<u32>> {
    prop_oneof![20 => Just(None), 20 => (1..4_u32).prop_map(Some), 1 => Just(Some(0))].boxed()
}

fn sketch() -> BoxedStrategy<Sketch> {
    (
        (
            prop_oneof![30 => 0..5_u8, 9 => 5..9_u8, 1 => any::<u8>()],
            base(),
            seldom_permissions(),
            seldom_permissions(),
        ),
        (
            prop::option::weighted(0.85, window()),
            uses(),
            prop::option::weighted(0.15, prop_oneof![10 => 0..2_u8, 1 => Just(2)]),
        ),
        (
            prop_oneof![40 => Just(0_u8), 20 => 0..4_u8, 4 => 8..12_u8, 1 => 4..8_u8],
            prop::option::weighted(0.15, prop_oneof![10 => 0..2_u8, 1 => Just(2)]),
            prop_oneof![12 => Just(0_u8), 4 => Just(1), 6 => Just(2)],
            prop::bool::weighted(0.005),
        ),
    )
        .prop_map(
            |(
                (address, base, also, except),
                (window, uses, purpose),
                (knowingly, redirect, way, odd_kind),
            )| Sketch {
                // An invitation is accepted once.
                uses: uses.filter(|uses| way % 3 != 2 || *uses == 0),
                address,
                base,
                also,
                except,
                window,
                purpose,
                knowingly,
                redirect,
                way,
                odd_kind,
            },
        )
        .boxed()
}

fn rules() -> BoxedStrategy<Rules> {
    let limits = (
        prop::option::weighted(0.3, permissions()),
        prop_oneof![3 => Just(6_u8), 3 => 2..11_u8],
        prop::option::weighted(0.2, 1..32_u8),
        prop_oneof![6 => Just(None), 3 => (1..4_u32).prop_map(Some), 1 => Just(Some(0))],
    );
    let defaults = (
        prop_oneof![8 => period().prop_map(Ends::After), 4 => period().prop_map(Ends::AfterFirstUse), 1 => ends()],
        prop::option::weighted(0.2, 0..3_u8),
    );
    let domains = (
        prop_oneof![6 => Just(0_u8), 3 => 0..5_u8],
        prop::option::weighted(0.1, 0..5_u8),
    );
    let others = (
        prop::option::weighted(0.2, (period(), permissions())),
        prop::bool::weighted(0.4),
        prop_oneof![8 => Just(0_u8), 1 => any::<u8>()],
        prop_oneof![3 => Just(0_u8), 3 => 0..4_u8],
        (
            prop_oneof![40 => 0..4_u8, 1 => Just(4_u8)],
            (
                prop::option::weighted(0.2, period()),
                prop::option::weighted(0.3, period()),
            ),
        ),
    );
    (limits, defaults, domains, others)
        .prop_map(
            |(
                (ceiling, longest, roles, most_uses),
                (ends, redirect),
                (forbidden, allowed),
                (backup, end_when_grantor_gone, kinds, lockout, (retire, sessions)),
            )| Rules {
                ceiling,
                longest,
                roles,
                most_uses,
                ends,
                redirect,
                forbidden,
                allowed,
                backup,
                end_when_grantor_gone,
                kinds,
                lockout,
                retire,
                sessions,
            },
        )
        .boxed()
}

fn longer() -> BoxedStrategy<Longer> {
    prop_oneof![
        period().prop_map(Longer::By),
        from_now().prop_map(Longer::To)
    ]
    .boxed()
}

fn locked() -> BoxedStrategy<Locked> {
    prop_oneof![
        (0..4_u8).prop_map(Locked::Address),
        which().prop_map(Locked::Grant),
        Just(Locked::Site)
    ]
    .boxed()
}

/// What the contract offers.
fn asked() -> BoxedStrategy<Op> {
    let at_grants = prop_oneof![
        14 => (who(), sketch()).prop_map(|(by, sketch)| Op::Create(by, sketch)),
        4 => (who(), which()).prop_map(|(by, grant)| Op::Get(by, grant)),
        2 => (who(), prop::option::weighted(0.4, 0..8_u8), prop::option::weighted(0.3, 0..6_u8), 1..8_u32)
            .prop_map(|(by, state, address, limit)| Op::List { by, state, address, limit }),
        7 => (who(), which(), longer()).prop_map(|(by, grant, how)| Op::Extend(by, grant, how)),
        4 => (who(), which()).prop_map(|(by, grant)| Op::Suspend(by, grant)),
        4 => (who(), which()).prop_map(|(by, grant)| Op::Resume(by, grant)),
        4 => (who(), which()).prop_map(|(by, grant)| Op::Revoke(by, grant)),
        4 => (who(), which()).prop_map(|(by, grant)| Op::Reissue(by, grant)),
        4 => (who(), which(), prop::option::weighted(0.4, who()))
            .prop_map(|(by, grant, heir)| Op::Retire(by, grant, heir)),
        3 => (who(), which(), 0..11_u8).prop_map(|(by, grant, permission)| Op::Explain(by, grant, permission)),
        3 => (who(), which(), base(), seldom_permissions(), seldom_permissions(), prop_oneof![3 => Just(0_u8), 1 => 0..3_u8])
            .prop_map(|(by, grant, base, also, except, knowingly)| Op::ChangeScope { by, grant, base, also, except, knowingly }),
        1 => (who(), who(), 1..4_u32).prop_map(|(by, of, limit)| Op::RevokeAll(by, of, limit)),
        2 => (who(), which(), 0..4_u64, 1..6_u32)
            .prop_map(|(by, grant, first, limit)| Op::History { by, grant, first, limit }),
    ];
    let at_the_door = prop_oneof![
        4 => pass().prop_map(Op::Inspect),
        14 => (pass(), 0..4_u8).prop_map(|(pass, from)| Op::Redeem(pass, from)),
        3 => which().prop_map(Op::SignOut),
        5 => (somebody(), 0..4_u8).prop_map(|(user, from)| Op::SignIn(user, from)),
        2 => somebody().prop_map(Op::MaySignIn),
        2 => pass().prop_map(Op::LookAt),
        7 => (pass(), as_whom(), 0..4_u8).prop_map(|(pass, whom, from)| Op::Accept(pass, whom, from)),
        1 => (pass(), 0..4_u8).prop_map(|(pass, from)| Op::Decline(pass, from)),
        2 => somebody().prop_map(Op::Memberships),
        6 => (somebody(), which(), prop::option::weighted(0.3, which()))
            .prop_map(|(user, grant, from)| Op::Switch(user, grant, from)),
        2 => which().prop_map(Op::ReturnToOwn),
        9 => which().prop_map(Op::Resolve),
        4 => (which(), 0..11_u8).prop_map(|(session, permission)| Op::Check(session, permission)),
    ];
    let at_the_site = prop_oneof![
        1 => Just(Op::Policy),
        1 => Just(Op::Deactivate),
        2 => Just(Op::Activate),
        4 => (who(), rules()).prop_map(|(by, rules)| Op::SetPolicy(by, rules)),
        2 => (who(), 1..5_u32).prop_map(|(by, limit)| Op::Lockouts(by, limit)),
        2 => (who(), locked()).prop_map(|(by, locked)| Op::Lift(by, locked)),
        4 => prop_oneof![Just(1_u32), Just(2), Just(1000)].prop_map(Op::Sweep),
        1 => Just(Op::NextDue),
        2 => (1..20_u32).prop_map(Op::Drain),
        2 => (1..20_u32).prop_map(Op::Acknowledge),
    ];
    prop_oneof![4 => at_grants, 4 => at_the_door, 1 => at_the_site].boxed()
}

/// What happens around it.
fn world() -> BoxedStrategy<Op> {
    let users = prop_oneof![
        3 => Just(Who::Ed),
        2 => Just(Who::Ann),
        1 => Just(Who::Olga),
        1 => which().prop_map(Who::Guest)
    ];
    let others = prop_oneof![Just(Who::Ed), Just(Who::Ann), Just(Who::Sue)];
    let clock = prop_oneof![
                12 => some_time().prop_map(Move::Forward),
        3 => some_time().prop_map(Move::Back),
                2 => (which(), -1..2_i8).prop_map(|(grant, off)| Move::ToTheEnd(grant, off)),
        1 => (which(), -1..2_i8).prop_map(|(grant, off)| Move::ToTheOpening(grant, off)),
    ];
    let say = prop_oneof![
                24 => Just(Say::Nothing),
        1 => Just(Say::VetoGrants),
        1 => permissions().prop_map(Say::Except),
        1 => some_time().prop_map(Say::EndsBy),
        1 => (0..3_u32).prop_map(Say::Uses),
        1 => Just(Say::FailGrants),
        1 => Just(Say::VetoEntries),
        1 => Just(Say::FailEntries),
        2 => permissions().prop_map(Say::Narrow),
        1 => Just(Say::FailNarrow),
    ];
    prop_oneof![
                14 => clock.prop_map(Op::Clock),
        2 => (others.clone(), 0..5_u8, any::<bool>()).prop_map(|(who, role, grants)| Op::Role(who, role, grants)),
        1 => others.prop_map(Op::Owner),
                1 => users.clone().prop_map(Op::Remove),
        3 => users.prop_map(Op::Return),
        3 => Just(Op::Return(Who::Olga)),
        2 => (0..5_u8, 0..9_u8).prop_map(|(role, permission)| Op::RoleOfCatalogue(role, permission)),
        1 => (0..9_u8).prop_map(Op::Reserve),
        1 => prop::bool::weighted(0.2).prop_map(Op::RejectUsers),
        1 => some_time().prop_map(Op::BackUp),
        3 => say.prop_map(Op::Hooks),
    ]
    .boxed()
}
