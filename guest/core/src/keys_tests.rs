//! The layout of the store, byte by byte: stores have been written by it.

use super::*;

fn site() -> SiteId {
    SiteId::parse("main").unwrap()
}

fn grant() -> GrantId {
    GrantId::from_bytes(*b"0123456789abcdef")
}

/// The parts as they stand in a store, with what begins every key of the site.
fn stored(parts: &[&[u8]]) -> Key {
    [b"main\0", parts.concat().as_slice()].concat()
}

#[test]
fn keys_are_where_stores_have_them() {
    let site = site();
    let keys = Keys(&site);
    let (id, chain) = (grant(), ChainId::from(grant()));
    let digest = Digest::from_bytes([7; 32]);
    let at = Instant::from_millis(0x0102);
    let (time, number) = (&[0, 0, 0, 0, 0, 0, 1, 2], &[0, 0, 0, 0, 0, 0, 0, 7]);
    let address = Subject::Address("192.0.2.1".parse().unwrap());
    let hashed = |text: &str| hash(text.as_bytes());
    let layout: &[(Key, &[&[u8]])] = &[
        (keys.made_by("ann", false, id), &[b"bann\0\0", id.bytes()]),
        (keys.made_by("ann", true, id), &[b"bann\0\x01", id.bytes()]),
        (keys.due(at, id), &[b"d", time, id.bytes()]),
        (keys.email("a@b.example"), &[b"e", &hashed("a@b.example")]),
        (keys.waiting(chain, 7), &[b"f", id.bytes(), number]),
        (keys.grant(id), &[b"g", id.bytes()]),
        (keys.record(chain, 7), &[b"h", id.bytes(), number]),
        (keys.invited("a@b", "ann"), &[b"i", &hashed("a@b\0ann")]),
        (keys.mark(id, &digest), &[b"k", id.bytes(), &[7; 32]]),
        (keys.log(), &[b"l"]),
        (keys.tile(3, 7), &[b"l", &[3], number]),
        (keys.member("bea", id), &[b"mbea\0", id.bytes()]),
        (keys.place(chain, 7), &[b"n", id.bytes(), number]),
        (keys.outbox(at, chain, 7), &[b"o", time, id.bytes(), number]),
        (keys.policy(), &[b"p"]),
        (keys.session(id, &digest), &[b"s", id.bytes(), &[7; 32]]),
        (keys.tries(&address), &[b"taddress:192.0.2.1"]),
        (keys.user("bea"), &[b"ubea"]),
        (keys.stale(at, &Subject::Site), &[b"x", time, b"site"]),
    ];
    for (key, parts) in layout {
        assert_eq!(*key, stored(parts), "{}", String::from_utf8_lossy(key));
        assert_eq!(keys.tag(key), parts.first().map(|part| part[0]));
        assert_eq!(keys.tail(key), Some(&parts.concat()[1..]));
        let (begin, end) = keys.everything();
        assert!(begin <= *key && *key < end);
    }
    assert_eq!((keys.tag(b"main\0"), keys.tail(b"main")), (None, None));
}

/// The range takes in both of these and everything between them, and nothing that is no key of this kind.
fn holds((begin, end): (Key, Key), first: Key, last: Key, tag: u8) {
    let name = char::from(tag);
    assert!(begin <= first && first <= last && last < end, "{name}");
    assert!(
        stored(&[&[tag]]) <= begin && end <= stored(&[&[tag + 1]]),
        "{name}"
    );
}

const FIRST: GrantId = GrantId::from_bytes([0; 16]);
const LAST: GrantId = GrantId::from_bytes([0xff; 16]);

#[test]
fn a_range_has_all_of_its_kind_and_nothing_else() {
    let site = site();
    let keys = Keys(&site);
    let [first, last] = [FIRST, LAST].map(ChainId::from);
    let [low, high] = [[0; 32], [0xff; 32]].map(Digest::from_bytes);
    let [begin, end] = [0, u64::MAX];
    let [early, late] = [begin, end].map(Instant::from_millis);
    let (grants, clients) = (
        Subject::Grant(LAST),
        Subject::Address("::".parse().unwrap()),
    );
    holds(
        keys.waiting_all(),
        keys.waiting(first, begin),
        keys.waiting(last, end),
        b'f',
    );
    holds(keys.grants_all(), keys.grant(FIRST), keys.grant(LAST), b'g');
    let grants_of_a_page = (keys.grant(FIRST), keys.grants_end());
    holds(grants_of_a_page, keys.grant(FIRST), keys.grant(LAST), b'g');
    let records = (keys.records_from(&[]), keys.records_end());
    holds(
        records,
        keys.record(first, begin),
        keys.record(last, end),
        b'h',
    );
    let marks = (keys.marks(FIRST), keys.marks_end());
    holds(marks, keys.mark(FIRST, &low), keys.mark(LAST, &high), b'k');
    let places = (keys.places_from(&[]), keys.places_end());
    holds(
        places,
        keys.place(first, begin),
        keys.place(last, end),
        b'n',
    );
    let oldest = keys.outbox(early, first, begin);
    let newest = keys.outbox(late, last, end);
    holds(keys.outbox_all(), oldest, newest, b'o');
    let sessions = (keys.sessions_from(&[]), keys.sessions_end());
    holds(
        sessions,
        keys.session(FIRST, &low),
        keys.session(LAST, &high),
        b's',
    );
    holds(
        keys.tries_all(),
        keys.tries(&clients),
        keys.tries(&grants),
        b't',
    );
    holds(
        keys.users_all(),
        keys.user(""),
        keys.user("\u{10ffff}"),
        b'u',
    );
}

#[test]
fn what_is_due_now_includes_this_very_millisecond() {
    let site = site();
    let keys = Keys(&site);
    let [start, now, next] = [0, 1_000, 1_001].map(Instant::from_millis);
    let (begin, end) = keys.due_by(now);
    assert!(begin <= keys.due(start, FIRST) && keys.due(now, LAST) < end);
    assert!(end <= keys.due(next, FIRST) && end < keys.due_end());
    let (begin, end) = keys.stale_by(now);
    assert!(begin <= keys.stale(start, &Subject::Site) && keys.stale(now, &Subject::Site) < end);
    assert!(end <= keys.stale(next, &Subject::Site));
}

#[test]
fn a_users_range_leaves_out_longer_and_shorter_names() {
    let site = site();
    let keys = Keys(&site);
    let of = |(begin, end): &(Key, Key), key: &Key| begin <= key && key < end;
    let members = (keys.member("bea", FIRST), keys.member_end("bea"));
    assert!(of(&members, &keys.member("bea", LAST)));
    assert!(!of(&members, &keys.member("be", LAST)));
    assert!(!of(&members, &keys.member("beau", FIRST)));
    for over in [false, true] {
        let made = (
            keys.made_by("ann", over, FIRST),
            keys.made_by_end("ann", over),
        );
        assert!(of(&made, &keys.made_by("ann", over, LAST)));
        assert!(!of(&made, &keys.made_by("ann", !over, FIRST)));
        assert!(!of(&made, &keys.made_by("anna", over, FIRST)));
    }
}
