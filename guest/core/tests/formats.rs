//! Records of every format there ever was are read for ever. A row here is never changed: a new format adds rows.

#![allow(missing_docs, reason = "a test has no readers of its documentation")]

use guestpass_core::codec::{Kept, decode, encode};
use guestpass_core::entry::digest::Digest;
use guestpass_core::entry::mark::{Mark, Over};
use guestpass_core::entry::session::Session;
use guestpass_core::grant::id::GrantId;
use guestpass_core::grant::kind::Kind;
use guestpass_core::grant::scope::{Base, Scope};
use guestpass_core::grant::state::{Open, Reason, State};
use guestpass_core::grant::term::Term;
use guestpass_core::grant::window::{Ending, Window};
use guestpass_core::grant::{Grant, Guest};
use guestpass_core::history::log::{Leaf, LeafTile, Log, NodeTile, Place, Waiting};
use guestpass_core::history::merkle::Frontier;
use guestpass_core::history::record::{Action, ChainId, Head, Record};
use guestpass_core::names::Origin;
use guestpass_core::policy::{FreshBackup, GrantorGone, Policy};
use guestpass_core::ports::ContentDecision;
use guestpass_core::throttle::Tries;
use guestpass_core::throttle::limits::{Limit, Limits};
use guestpass_core::throttle::subject::Subject;
use guestpass_core::transaction::Chained;
use guestpass_core::{Instant, Period};

const NOW: Instant = Instant::from_millis(1_795_000_000_000);

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn bytes(hex: &str) -> Vec<u8> {
    let digits = hex.as_bytes().chunks(2);
    digits
        .map(|pair| u8::from_str_radix(std::str::from_utf8(pair).unwrap(), 16).unwrap())
        .collect()
}

/// What was stored is read as what it was, and is what would be stored today.
fn holds<T: Kept + std::fmt::Debug>(stored: &str, record: &T) {
    assert_eq!(hex(&encode(record).unwrap()), stored);
    is_read(stored, record);
}

/// What was stored is read as what it was.
fn is_read<T: Kept + std::fmt::Debug>(stored: &str, record: &T) {
    let read: T = decode(&bytes(stored), || "a fixture".to_owned()).unwrap();
    assert_eq!(format!("{read:?}"), format!("{record:?}"));
}

fn grant(state: State, ending: Ending, base: Base) -> Chained<Grant> {
    let window = Window {
        opens: Some(NOW),
        ending,
        use_within: None,
    };
    Chained {
        head: Head {
            length: 3,
            hash: [7; 32],
        },
        body: Grant {
            id: GrantId::new(NOW, [1; 10]),
            grantor: "u1".into(),
            guest: Guest {
                email: "a@b.example".into(),
                first_name: Some("A".into()),
                last_name: None,
                locale: Some("fr".into()),
            },
            scope: Scope {
                base,
                also: vec!["read".into()],
                except: Vec::new(),
            },
            term: Term::draw(&window, NOW, Period::months(12), None).unwrap(),
            uses_allowed: Some(2),
            redirect: Some("/".into()),
            note: None,
            created: NOW,
            state,
            secret: Digest::of(&[9; 32]),
            issue: 1,
            first_used: Some(NOW),
            last_used: None,
            uses: 1,
            user: Some("u2".into()),
            loose_since: None,
            kind: Kind::Link,
            login: None,
            website: None,
            message: None,
            borrowed: false,
            retire_at: None,
            content: None,
        },
    }
}

#[test]
fn format_1_grants() {
    let role = || Base::Role("editor".into());
    let week = Ending::After(Period::days(7));
    for (stored, record) in [
        (GRANT_READY, grant(State::Open(Open::Ready), week, role())),
        (
            GRANT_PROVISIONING,
            grant(
                State::Open(Open::Provisioning),
                Ending::AfterFirstUse(Period::hours(3)),
                Base::All,
            ),
        ),
        (
            GRANT_ACTIVE,
            grant(
                State::Open(Open::Active),
                Ending::At(NOW.plus_millis(5)),
                Base::Chosen(vec!["read".into()]),
            ),
        ),
        (
            GRANT_SUSPENDED,
            grant(State::Suspended(Open::Active), week, role()),
        ),
        (
            GRANT_EXPIRED,
            grant(State::Ended(Reason::Expired, NOW), week, role()),
        ),
        (
            GRANT_REVOKED,
            grant(State::Ended(Reason::Revoked, NOW), week, role()),
        ),
    ] {
        is_read(stored, &record);
    }
}

#[test]
fn format_2_grants() {
    let mut record = grant(
        State::Open(Open::Ready),
        Ending::After(Period::days(7)),
        Base::Role("editor".into()),
    );
    record.body = Grant {
        kind: Kind::Password,
        login: Some("ada".into()),
        website: Some("https://b.example".into()),
        message: Some("Hello".into()),
        borrowed: true,
        retire_at: Some(NOW),
        content: Some(ContentDecision::HandOver("u3".into())),
        ..record.body
    };
    holds(GRANT_2, &record);
}

#[test]
fn format_1_sessions_policies_and_records() {
    holds(
        SESSION,
        &Session {
            user: "u2".into(),
            issue: 1,
            started: NOW,
            origin: Origin::new(Some("192.0.2.1"), None),
        },
    );
    for (stored, ceiling, months) in [
        (POLICY, Some(vec!["read".into()]), 1),
        (POLICY_FREE, None, 12),
    ] {
        let read: Chained<Policy> = decode(&bytes(stored), || "a fixture".to_owned()).unwrap();
        let expected = Policy {
            ceiling,
            longest_window: Period::months(months),
            ..Policy::default()
        };
        assert_eq!((read.head, read.body), (Head::default(), expected));
    }
    // Stored by position: the last action there is stands for all before it.
    for (stored, action) in [
        (RECORD_CREATED, Action::Created),
        (RECORD_POLICY, Action::PolicyChanged),
        (RECORD_RETURNED, Action::Returned),
        (RECORD_SIGNED_IN, Action::SignedIn),
        (RECORD_RETIRED, Action::Retired),
        (RECORD_WIDENING, Action::WideningRefused),
    ] {
        holds(
            stored,
            &Record {
                chain: ChainId::from(GrantId::new(NOW, [1; 10])),
                sequence: 300,
                at: NOW,
                actor: Some("u1".into()),
                subject: None,
                action,
                details: vec![("email".into(), "a@b.example".into())],
                previous: [1; 32],
                left: [2; 32],
            },
        );
    }
}

#[test]
fn retired_grants() {
    let mut record = grant(
        State::Retired(Reason::Revoked, NOW),
        Ending::After(Period::days(7)),
        Base::Role("editor".into()),
    );
    record.body.user = None;
    record.body.content = Some(ContentDecision::Keep);
    holds(GRANT_RETIRED, &record);
}

/// An invitation of a user who was there before, and one that was declined.
#[test]
fn invitations() {
    let mut accepted = grant(
        State::Open(Open::Active),
        Ending::Never,
        Base::Role("editor".into()),
    );
    accepted.body.kind = Kind::Invitation;
    accepted.body.message = Some("Hello".into());
    accepted.body.borrowed = true;
    holds(INVITATION, &accepted);
    let mut declined = accepted;
    declined.body.state = State::Ended(Reason::Declined, NOW);
    holds(INVITATION_DECLINED, &declined);
}

#[test]
fn grants_that_ended_with_their_grantor() {
    let state = State::Ended(Reason::GrantorGone, NOW);
    let week = Ending::After(Period::days(7));
    is_read(
        GRANT_GRANTOR_GONE,
        &grant(state, week, Base::Role("editor".into())),
    );
}

fn policy() -> Policy {
    Policy {
        ceiling: Some(vec!["read".into()]),
        longest_window: Period::months(1),
        roles: Some(vec!["editor".into()]),
        most_uses: Some(3),
        default_ending: Ending::AfterFirstUse(Period::days(3)),
        default_redirect: Some("/".into()),
        forbidden_domains: vec!["*.b.example".into()],
        allowed_domains: Some(vec!["c.example".into()]),
        fresh_backup: Some(FreshBackup {
            max_age: Period::days(1),
            permissions: vec!["read".into()],
        }),
        grantor_gone: GrantorGone::End,
        ..Policy::default()
    }
}

/// Policies of the second and third shape have no writer any more, as those of the first.
#[test]
fn second_third_and_fourth_policies() {
    let head = Head::default();
    let body = policy();
    is_read(POLICY_SECOND, &Chained { head, body });
    let limit = |tries, minutes| Limit {
        tries,
        lock: Period::minutes(minutes),
    };
    let body = Policy {
        kinds: Some(vec![Kind::Link, Kind::Invitation]),
        session_length: Some(Period::hours(8)),
        session_idle: Some(Period::minutes(30)),
        retire_after: None,
        lockout: Limits {
            within: Period::minutes(5),
            address: limit(4, 6),
            grant: limit(7, 8),
            site: limit(900, 10),
        },
        deactivated: Some(NOW),
        ..policy()
    };
    let read = |stored: &str| -> Chained<Policy> {
        decode(&bytes(stored), || "a fixture".to_owned()).unwrap()
    };
    assert_eq!(read(POLICY_THIRD).body, body);
    let body = Policy {
        endless_invitations: false,
        retire_after: Some(Period::days(30)),
        ..body
    };
    holds(POLICY_FOURTH, &Chained { head, body });
}

#[test]
fn format_1_marks_of_sessions() {
    for (stored, mark) in [
        (MARK_SEEN, Mark::Seen(NOW)),
        (MARK_LENGTH, Mark::Over(Over::Length)),
        (MARK_IDLE, Mark::Over(Over::Idle)),
        (MARK_ENDED, Mark::Over(Over::Ended)),
    ] {
        holds(stored, &mark);
    }
}

/// Tries of format 1 counted for ten minutes.
#[test]
fn tries() {
    let subject = || Subject::Address([203, 0, 113, 9].into());
    let add = |tries: &mut Tries, number, within| {
        let limits = Limits {
            within: Period::minutes(within),
            ..Limits::default()
        };
        tries.add(&Digest::of(&[number; 32]), &limits, NOW);
    };
    let mut tries = Tries::new(subject());
    add(&mut tries, 1, 10);
    is_read(TRIES_1, &tries);
    add(&mut tries, 2, 10);
    add(&mut tries, 3, 10);
    is_read(TRIES_1_LOCKED, &tries);
    let mut tries = Tries::new(subject());
    add(&mut tries, 1, 60);
    holds(TRIES_2, &tries);
}

const POLICY_FOURTH: &str = "0100000000000000000000000000000000000000000000000000000000000000000004010104726561640100010106656469746f720103020080a8cc7b01012f010b2a2e622e6578616d706c65010109632e6578616d706c65010080b899290104726561640101020002010080e8dd0d0100c0ee6d01008090fbd30900e0a7120400c0fc15070080a61d840700c0cf240180bcd9f29e34006f738026";
const POLICY_THIRD: &str = "0100000000000000000000000000000000000000000000000000000000000000000003010104726561640100010106656469746f720103020080a8cc7b01012f010b2a2e622e6578616d706c65010109632e6578616d706c65010080b899290104726561640101020002010080e8dd0d0100c0ee6d0000e0a7120400c0fc15070080a61d840700c0cf240180bcd9f29e3479a4a0b1";
const MARK_SEEN: &str = "010080bcd9f29e34b62c6541";
const MARK_LENGTH: &str = "010100648298e7";
const MARK_IDLE: &str = "010101f2b29f90";
const MARK_ENDED: &str = "01010248e39609";
const TRIES_1: &str = "010000cb0071090180bcd9f29e34fb8f9096c2d0dbe672001e4b74fa";
const TRIES_1_LOCKED: &str = "010000cb007109000180bcd9f29e3480dba2f39e34f7b172db";
const TRIES_2: &str = "020000cb0071090180bcd9f29e34fb8f9096c2d0dbe672000080dddb010f9f8730";
#[test]
fn grants_whose_user_could_not_be_made() {
    let mut record = grant(
        State::Ended(Reason::Abandoned, NOW),
        Ending::After(Period::days(7)),
        Base::Role("editor".into()),
    );
    record.body.kind = Kind::Password;
    record.body.secret = Digest::OF_NOTHING;
    holds(GRANT_ABANDONED, &record);
}

const GRANT_2: &str = "0203070707070707070707070707070707070707070707070707070707070707070701a1ee565e00010101010101010101010275310b6140622e6578616d706c6501014100010266720006656469746f720104726561640080bcd9f29e3480bcd9f29e3401008088b2a002000180c48b93a1340000010201012f0080bcd9f29e3400008c0cc17a04942cc4f8e0fe0b302606d3108860c126428ba2ceeb5f9ed41c2b05010180bcd9f29e3400010102753200010103616461011168747470733a2f2f622e6578616d706c65010548656c6c6f010180bcd9f29e340100027533c01dcf96";
#[test]
fn the_first_logs_of_history() {
    let chain = ChainId::from(GrantId::new(NOW, [1; 10]));
    let mut frontier = Frontier::default();
    for number in 0..3 {
        frontier.push([number; 32], 0);
    }
    let behind = Some(vec![7; 25]);
    let log = Log { frontier, behind };
    holds(LOG, &log);
    let caught_up = Log {
        behind: None,
        ..log
    };
    holds(LOG_CAUGHT_UP, &caught_up);
    holds(WAITING, &Waiting { hash: [3; 32] });
    holds(PLACE, &Place { index: 300 });
    let leaf = Leaf {
        chain,
        sequence: 300,
        hash: [3; 32],
    };
    holds(LEAVES, &LeafTile { leaves: vec![leaf] });
    holds(
        NODES,
        &NodeTile {
            nodes: vec![[4; 32]],
        },
    );
}

const RECORD_SIGNED_IN: &str = "0101a1ee565e0001010101010101010101ac0280bcd9f29e340102753100170105656d61696c0b6140622e6578616d706c650101010101010101010101010101010101010101010101010101010101010101020202020202020202020202020202020202020202020202020202020202020288d9226f";
const GRANT_RETIRED: &str = "0203070707070707070707070707070707070707070707070707070707070707070701a1ee565e00010101010101010101010275310b6140622e6578616d706c6501014100010266720006656469746f720104726561640080bcd9f29e3480bcd9f29e3401008088b2a002000180c48b93a1340000010201012f0080bcd9f29e34030180bcd9f29e348c0cc17a04942cc4f8e0fe0b302606d3108860c126428ba2ceeb5f9ed41c2b05010180bcd9f29e3400010000000000000000010188afbda8";
const RECORD_WIDENING: &str = "0101a1ee565e0001010101010101010101ac0280bcd9f29e3401027531001a0105656d61696c0b6140622e6578616d706c650101010101010101010101010101010101010101010101010101010101010101020202020202020202020202020202020202020202020202020202020202020281f0d03b";
const RECORD_RETIRED: &str = "0101a1ee565e0001010101010101010101ac0280bcd9f29e340102753100190105656d61696c0b6140622e6578616d706c6501010101010101010101010101010101010101010101010101010101010101010202020202020202020202020202020202020202020202020202020202020202d011d4d5";
const GRANT_ABANDONED: &str = "0203070707070707070707070707070707070707070707070707070707070707070701a1ee565e00010101010101010101010275310b6140622e6578616d706c6501014100010266720006656469746f720104726561640080bcd9f29e3480bcd9f29e3401008088b2a002000180c48b93a1340000010201012f0080bcd9f29e34020480bcd9f29e340000000000000000000000000000000000000000000000000000000000000000010180bcd9f29e3400010102753200010000000000005b172977";
const GRANT_READY: &str = "0103070707070707070707070707070707070707070707070707070707070707070701a1ee565e00010101010101010101010275310b6140622e6578616d706c6501014100010266720006656469746f720104726561640080bcd9f29e3480bcd9f29e3401008088b2a002000180c48b93a1340000010201012f0080bcd9f29e3400008c0cc17a04942cc4f8e0fe0b302606d3108860c126428ba2ceeb5f9ed41c2b05010180bcd9f29e3400010102753200c36771d1";
const GRANT_PROVISIONING: &str = "0103070707070707070707070707070707070707070707070707070707070707070701a1ee565e00010101010101010101010275310b6140622e6578616d706c650101410001026672010104726561640080bcd9f29e3480bcd9f29e3402008097930501008090fbd3090000010201012f0080bcd9f29e3400018c0cc17a04942cc4f8e0fe0b302606d3108860c126428ba2ceeb5f9ed41c2b05010180bcd9f29e34000101027532004921037e";
const GRANT_ACTIVE: &str = "0103070707070707070707070707070707070707070707070707070707070707070701a1ee565e00010101010101010101010275310b6140622e6578616d706c650101410001026672020104726561640104726561640080bcd9f29e3480bcd9f29e340085bcd9f29e34000185bcd9f29e340000010201012f0080bcd9f29e3400028c0cc17a04942cc4f8e0fe0b302606d3108860c126428ba2ceeb5f9ed41c2b05010180bcd9f29e3400010102753200607051dc";
const GRANT_SUSPENDED: &str = "0103070707070707070707070707070707070707070707070707070707070707070701a1ee565e00010101010101010101010275310b6140622e6578616d706c6501014100010266720006656469746f720104726561640080bcd9f29e3480bcd9f29e3401008088b2a002000180c48b93a1340000010201012f0080bcd9f29e3401028c0cc17a04942cc4f8e0fe0b302606d3108860c126428ba2ceeb5f9ed41c2b05010180bcd9f29e340001010275320068914a25";
const GRANT_EXPIRED: &str = "0103070707070707070707070707070707070707070707070707070707070707070701a1ee565e00010101010101010101010275310b6140622e6578616d706c6501014100010266720006656469746f720104726561640080bcd9f29e3480bcd9f29e3401008088b2a002000180c48b93a1340000010201012f0080bcd9f29e34020080bcd9f29e348c0cc17a04942cc4f8e0fe0b302606d3108860c126428ba2ceeb5f9ed41c2b05010180bcd9f29e34000101027532000a4b7242";
const GRANT_REVOKED: &str = "0103070707070707070707070707070707070707070707070707070707070707070701a1ee565e00010101010101010101010275310b6140622e6578616d706c6501014100010266720006656469746f720104726561640080bcd9f29e3480bcd9f29e3401008088b2a002000180c48b93a1340000010201012f0080bcd9f29e34020180bcd9f29e348c0cc17a04942cc4f8e0fe0b302606d3108860c126428ba2ceeb5f9ed41c2b05010180bcd9f29e3400010102753200bce2d743";
const SESSION: &str = "010275320180bcd9f29e3401093139322e302e322e3100d4996814";
const POLICY: &str = "0100000000000000000000000000000000000000000000000000000000000000000001010472656164010028fb6352";
const RECORD_CREATED: &str = "0101a1ee565e0001010101010101010101ac0280bcd9f29e340102753100000105656d61696c0b6140622e6578616d706c650101010101010101010101010101010101010101010101010101010101010101020202020202020202020202020202020202020202020202020202020202020293a23492";
const RECORD_POLICY: &str = "0101a1ee565e0001010101010101010101ac0280bcd9f29e3401027531000b0105656d61696c0b6140622e6578616d706c6501010101010101010101010101010101010101010101010101010101010101010202020202020202020202020202020202020202020202020202020202020202794fbec1";
const POLICY_FREE: &str =
    "01000000000000000000000000000000000000000000000000000000000000000000000c0077279408";
const POLICY_SECOND: &str = "0100000000000000000000000000000000000000000000000000000000000000000002010104726561640100010106656469746f720103020080a8cc7b01012f010b2a2e622e6578616d706c65010109632e6578616d706c65010080b8992901047265616401fea2bd0d";
const GRANT_GRANTOR_GONE: &str = "0103070707070707070707070707070707070707070707070707070707070707070701a1ee565e00010101010101010101010275310b6140622e6578616d706c6501014100010266720006656469746f720104726561640080bcd9f29e3480bcd9f29e3401008088b2a002000180c48b93a1340000010201012f0080bcd9f29e34020280bcd9f29e348c0cc17a04942cc4f8e0fe0b302606d3108860c126428ba2ceeb5f9ed41c2b05010180bcd9f29e340001010275320066183941";
const RECORD_RETURNED: &str = "0101a1ee565e0001010101010101010101ac0280bcd9f29e340102753100120105656d61696c0b6140622e6578616d706c65010101010101010101010101010101010101010101010101010101010101010102020202020202020202020202020202020202020202020202020202020202023afc5e86";
const INVITATION: &str = "0203070707070707070707070707070707070707070707070707070707070707070701a1ee565e00010101010101010101010275310b6140622e6578616d706c6501014100010266720006656469746f720104726561640080bcd9f29e3480bcd9f29e3403000000010201012f0080bcd9f29e3400028c0cc17a04942cc4f8e0fe0b302606d3108860c126428ba2ceeb5f9ed41c2b05010180bcd9f29e3400010102753200020000010548656c6c6f010000800f8d79";
const INVITATION_DECLINED: &str = "0203070707070707070707070707070707070707070707070707070707070707070701a1ee565e00010101010101010101010275310b6140622e6578616d706c6501014100010266720006656469746f720104726561640080bcd9f29e3480bcd9f29e3403000000010201012f0080bcd9f29e34020380bcd9f29e348c0cc17a04942cc4f8e0fe0b302606d3108860c126428ba2ceeb5f9ed41c2b05010180bcd9f29e3400010102753200020000010548656c6c6f01000003c23db2";
const LOG: &str = "0103022ad82c3a51e8ed6418cb5bf267c5f9e521b99f7ab4fce657f460a8f1a3e87b2e0202020202020202020202020202020202020202020202020202020202020202011907070707070707070707070707070707070707070707070707be50a941";
const LOG_CAUGHT_UP: &str = "0103022ad82c3a51e8ed6418cb5bf267c5f9e521b99f7ab4fce657f460a8f1a3e87b2e0202020202020202020202020202020202020202020202020202020202020202006dc23997";
const WAITING: &str = "010303030303030303030303030303030303030303030303030303030303030303ddf4c2c1";
const PLACE: &str = "01ac02ec213f12";
const LEAVES: &str = "010101a1ee565e0001010101010101010101ac0203030303030303030303030303030303030303030303030303030303030303038c4065c4";
const NODES: &str = "010104040404040404040404040404040404040404040404040404040404040404042a829f64";
