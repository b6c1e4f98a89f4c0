//! An engine that misbehaves costs its caller an answer, and nobody else anything.

mod support;

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use guestpass::ports::{Clock, Random};
use guestpass::{BuildError, Guestpass, Limits, Refusal, RefusalKind};
use support::{BYTES, Hostile, LOCAL, NO, NOW, engine, host, store_byte};
use wasm_encoder::BlockType::Empty;
use wasm_encoder::Instruction::{
    self, Br, BrIf, Call, Drop, End, GlobalGet, GlobalSet, I32Add, I32Const, I32Eq, I32GtU, I32LtU,
    I32Ne, If, LocalGet, LocalTee, Loop, MemoryGrow, MemorySize, Unreachable,
};

/// Asks the clock and says no.
const ASKS_THE_CLOCK: [Instruction<'static>; 3] = [NOW, Drop, NO];

fn limits() -> Limits {
    Limits {
        memory: 4 << 20,
        call_time: Duration::from_millis(100),
        instances: 4,
        ..Limits::default()
    }
}

fn start(component: Vec<u8>) -> Guestpass {
    host(component).limits(limits()).build().unwrap()
}

fn check(guestpass: &Guestpass) -> Result<bool, Refusal> {
    guestpass.check("site", "session", "read")
}

/// The reason of an engine fault.
fn fault(guestpass: &Guestpass) -> String {
    let refusal = check(guestpass).unwrap_err();
    let found = (refusal.kind, refusal.code.as_str());
    assert_eq!(found, (RefusalKind::Unavailable, "engine-fault"));
    refusal.message
}

/// The reason why a component is refused.
fn unusable(component: Vec<u8>) -> String {
    match host(component).limits(limits()).build() {
        Err(BuildError::Component(reason)) => reason,
        other => panic!("expected the component to be refused, found {other:?}"),
    }
}

/// A clock that takes its time.
struct Slow(Duration);

impl Clock for Slow {
    fn now(&self) -> u64 {
        std::thread::sleep(self.0);
        0
    }
}

#[test]
fn an_engine_that_behaves_is_asked() {
    assert_eq!(check(&start(engine(&[NO]))), Ok(false));
}

#[test]
fn after_a_trap_the_next_call_gets_a_fresh_instance() {
    let counted = [GlobalGet(0), I32Const(1), I32Add, GlobalSet(0)];
    let the_second_traps = [
        GlobalGet(0),
        I32Const(2),
        I32Eq,
        If(Empty),
        Unreachable,
        End,
        NO,
    ];
    let guestpass = start(engine(&[counted.as_slice(), &the_second_traps].concat()));
    for _ in 0..5 {
        assert_eq!(check(&guestpass), Ok(false));
        let message = fault(&guestpass);
        assert!(
            message.contains("stopped at an error of its own"),
            "{message}"
        );
    }
}

#[test]
fn an_endless_loop_is_broken_off() {
    let guestpass = start(engine(&[Loop(Empty), Br(0), End, NO]));
    #[allow(
        clippy::disallowed_methods,
        reason = "measures how long the calls took"
    )]
    let began = Instant::now();
    for _ in 0..3 {
        let message = fault(&guestpass);
        assert!(message.contains("took longer than a call may"), "{message}");
    }
    let took = began.elapsed();
    assert!(
        took >= Duration::from_millis(300),
        "not before its time: {took:?}"
    );
    assert!(took < Duration::from_secs(5), "{took:?}");
}

#[test]
fn a_loop_that_calls_the_host_all_the_time_is_broken_off() {
    let guestpass = start(engine(&[Loop(Empty), NOW, Drop, Br(0), End, NO]));
    let message = fault(&guestpass);
    assert!(message.contains("took longer than a call may"), "{message}");
}

#[test]
fn waiting_for_a_slow_host_is_not_the_engines_time() {
    // After the wait it computes for long enough to come upon its deadline.
    let turns = LOCAL;
    let count = [
        LocalGet(turns),
        I32Const(1),
        I32Add,
        LocalTee(turns),
        I32Const(1_000_000),
        I32LtU,
    ];
    let body = [
        &[NOW, Drop, Loop(Empty)],
        count.as_slice(),
        &[BrIf(0), End, NO],
    ]
    .concat();
    let slow = Slow(Duration::from_millis(400));
    let guestpass = host(engine(&body))
        .limits(limits())
        .clock(slow)
        .build()
        .unwrap();
    assert_eq!(check(&guestpass), Ok(false));
}

#[test]
fn memory_without_end_is_not_given() {
    let grow = [I32Const(4), MemoryGrow(0), I32Const(-1), I32Ne, BrIf(0)];
    let body = [&[Loop(Empty)], grow.as_slice(), &[End, Unreachable]].concat();
    let message = fault(&start(engine(&body)));
    assert!(
        message.contains("more memory than it may have"),
        "{message}"
    );
}

#[test]
fn an_engine_that_has_grown_is_not_kept() {
    let trap_if_grown = [
        MemorySize(0),
        I32Const(1),
        I32GtU,
        If(Empty),
        Unreachable,
        End,
    ];
    let body = [
        trap_if_grown.as_slice(),
        &[I32Const(80), MemoryGrow(0), Drop, NO],
    ]
    .concat();
    let larger = Limits {
        memory: 16 << 20,
        ..limits()
    };
    let guestpass = host(engine(&body)).limits(larger).build().unwrap();
    for _ in 0..3 {
        assert_eq!(
            check(&guestpass),
            Ok(false),
            "each call meets a small instance"
        );
    }
}

#[test]
fn recursion_without_end_uses_up_a_stack_of_its_own() {
    let deeper = Call(2);
    let extra = vec![deeper.clone(), I32Const(1), I32Add];
    let hostile = Hostile {
        extra,
        check: vec![deeper],
        ..Hostile::default()
    };
    let message = fault(&start(hostile.component()));
    assert!(message.contains("stack was used up"), "{message}");
}

#[test]
fn an_answer_that_is_none_is_a_fault() {
    let beyond_its_memory = vec![I32Const(0x7fff_fff0)];
    let neither_yes_nor_no = vec![NO, I32Const(9), store_byte(0), NO];
    for body in [beyond_its_memory, neither_yes_nor_no] {
        let message = fault(&start(engine(&body)));
        assert!(
            message.contains("its answer could not be read"),
            "{message}"
        );
    }
}

#[test]
fn a_clock_that_panics_ends_the_call_and_nothing_else() {
    struct Broken;
    impl Clock for Broken {
        fn now(&self) -> u64 {
            panic!("no time today")
        }
    }
    let guestpass = host(engine(&ASKS_THE_CLOCK)).clock(Broken).build().unwrap();
    for _ in 0..2 {
        let message = fault(&guestpass);
        assert!(message.contains("the host's clock panicked"), "{message}");
    }
}

#[test]
fn without_randomness_the_call_ends() {
    struct Dry;
    impl Random for Dry {
        fn fill(&self, _bytes: &mut [u8]) -> Result<(), String> {
            Err("the source has dried up".to_owned())
        }
    }
    let body = [I32Const(32), I32Const(2048), BYTES, NO];
    let guestpass = host(engine(&body)).random(Dry).build().unwrap();
    let message = fault(&guestpass);
    assert!(message.contains("the source has dried up"), "{message}");
}

#[test]
fn more_randomness_than_the_contract_allows_is_not_given() {
    let body = [I32Const(1_000_000_000), I32Const(2048), BYTES, NO];
    let message = fault(&start(engine(&body)));
    assert!(message.contains("may ask for 64"), "{message}");
}

#[test]
fn more_callers_than_instances_wait_for_their_turn() {
    #[derive(Default)]
    struct Counting {
        now: AtomicU32,
        most: AtomicU32,
    }
    impl Clock for Counting {
        fn now(&self) -> u64 {
            let now = self.now.fetch_add(1, Ordering::SeqCst) + 1;
            self.most.fetch_max(now, Ordering::SeqCst);
            std::thread::sleep(Duration::from_millis(2));
            self.now.fetch_sub(1, Ordering::SeqCst);
            0
        }
    }
    let clock = Arc::new(Counting::default());
    let builder = host(engine(&ASKS_THE_CLOCK))
        .limits(limits())
        .clock(clock.clone());
    let guestpass = builder.build().unwrap();
    std::thread::scope(|scope| {
        for _ in 0..64 {
            scope.spawn(|| (0..5).for_each(|_| assert_eq!(check(&guestpass), Ok(false))));
        }
    });
    let most = clock.most.load(Ordering::SeqCst);
    assert_eq!(most, 4, "all four instances, and no more, ran at once");
}

#[test]
fn a_caller_that_waits_too_long_is_told_so() {
    let limits = Limits {
        instances: 1,
        wait: Duration::from_millis(20),
        ..limits()
    };
    let slow = Slow(Duration::from_millis(500));
    let guestpass = host(engine(&ASKS_THE_CLOCK))
        .limits(limits)
        .clock(slow)
        .build()
        .unwrap();
    let answers: Vec<_> = std::thread::scope(|scope| {
        let callers: Vec<_> = (0..2).map(|_| scope.spawn(|| check(&guestpass))).collect();
        callers
            .into_iter()
            .map(|caller| caller.join().unwrap())
            .collect()
    });
    let refused = answers.iter().filter_map(|answer| answer.as_ref().err());
    let codes: Vec<_> = refused.map(|refusal| refusal.code.as_str()).collect();
    assert_eq!(
        codes,
        ["engine-busy"],
        "one is answered, the other is told to come back"
    );
}

#[test]
fn a_handle_that_was_idle_still_breaks_off_what_does_not_end() {
    // The thread that counts time sleeps while there are no calls.
    let guestpass = start(engine(&[Loop(Empty), Br(0), End, NO]));
    for _ in 0..2 {
        std::thread::sleep(Duration::from_millis(300));
        let message = fault(&guestpass);
        assert!(message.contains("took longer than a call may"), "{message}");
    }
}

#[test]
fn what_is_no_engine_is_refused_before_it_is_used() {
    unusable(b"not a component".to_vec());
    let empty = b"\0asm\x0d\0\x01\0";
    let reason = unusable(empty.to_vec());
    assert!(reason.contains("guestpass:access/"), "{reason}");
}

#[test]
fn an_engine_that_wants_more_than_it_is_given_is_refused_before_it_is_used() {
    // A component's header, the type of a function without parameters and result, and an import of that type.
    let name = b"open-a-shell";
    let length = u8::try_from(name.len()).unwrap();
    let mut component = b"\0asm\x0d\0\x01\0".to_vec();
    component.extend([7, 5, 1, 0x40, 0, 1, 0]);
    component.extend([10, length + 5, 1, 0, length]);
    component.extend(name);
    component.extend([1, 0]);
    let reason = unusable(component);
    assert!(reason.contains("open-a-shell"), "{reason}");
}

#[test]
fn an_engine_that_cannot_start_is_refused_before_it_is_used() {
    let starting = |start| {
        Hostile {
            start: Some(start),
            ..Hostile::default()
        }
        .component()
    };
    unusable(starting(vec![Unreachable]));
    unusable(starting(vec![Loop(Empty), Br(0), End]));
    unusable(
        Hostile {
            pages: 1000,
            ..Hostile::default()
        }
        .component(),
    );
}

#[test]
fn limits_that_make_no_sense_are_refused_by_name() {
    for (limits, name) in [
        (
            Limits {
                instances: 0,
                ..limits()
            },
            "instances",
        ),
        (
            Limits {
                memory: 0,
                ..limits()
            },
            "memory",
        ),
        (
            Limits {
                call_time: Duration::ZERO,
                ..limits()
            },
            "call_time",
        ),
    ] {
        let error = host(engine(&[NO])).limits(limits).build().unwrap_err();
        assert!(error.to_string().contains(name), "{error}");
    }
}

#[test]
fn what_is_missing_is_named() {
    let error = Guestpass::builder().build().unwrap_err();
    assert_eq!(
        error.to_string(),
        "a store is needed: call `Builder::store`"
    );
}
