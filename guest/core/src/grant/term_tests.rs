//! Every way in which a term is drawn, begun and moved.

use super::*;

const NOW: Instant = Instant::from_millis(1_800_000_000_000);
const YEAR: Period = Period::months(12);

fn drawn(ending: Ending) -> Term {
    Term::draw(
        &Window {
            opens: None,
            ending,
            use_within: None,
        },
        NOW,
        YEAR,
        None,
    )
    .unwrap()
}

#[test]
fn the_earliest_limit_bounds_the_end() {
    let week = Period::days(7);
    let term = drawn(Ending::AfterFirstUse(week));
    assert_eq!(
        term.end(false),
        Some((USE_WITHIN.after(NOW), Bound::UseWithin))
    );
    let used = Period::days(2).after(NOW);
    assert_eq!(
        term.begun(used, YEAR).end(true),
        Some((week.after(used), Bound::FirstUse))
    );
    assert_eq!(
        term.begun(used, Period::days(3)).end(true),
        Some((Period::days(3).after(used), Bound::LongestWindow))
    );
    assert_eq!(
        drawn(Ending::After(week)).end(false),
        Some((week.after(NOW), Bound::Window))
    );
    assert_eq!(drawn(Ending::Never).end(false), None);
}

#[test]
fn whatever_is_asked_for_may_take_all_the_time_that_the_site_allows_and_no_more() {
    let draw = |opens: Instant, ending: Ending, use_within: Option<Period>| {
        let window = Window {
            opens: Some(opens),
            ending,
            use_within,
        };
        Term::draw(&window, NOW, Period::days(3), None).map_err(|refusal| refusal.code)
    };
    let day = |number: u32| Period::days(number).after(NOW);
    let once = Ending::AfterFirstUse(Period::days(1));
    let just_after = |at: Instant| at.plus_millis(1);
    assert!(draw(day(3), Ending::Never, None).is_ok());
    assert_eq!(
        draw(just_after(day(3)), Ending::Never, None),
        Err(Code::OpensTooLate)
    );
    assert!(draw(NOW, Ending::At(day(3)), None).is_ok());
    assert_eq!(
        draw(NOW, Ending::At(just_after(day(3))), None),
        Err(Code::WindowTooLong)
    );
    assert!(draw(NOW, Ending::AfterFirstUse(Period::days(3)), None).is_ok());
    assert_eq!(
        draw(NOW, Ending::AfterFirstUse(Period::days(4)), None),
        Err(Code::WindowTooLong)
    );
    assert!(draw(NOW, once, Some(Period::days(3))).is_ok());
    assert_eq!(
        draw(NOW, once, Some(Period::days(4))),
        Err(Code::WindowTooLong)
    );
    // What waits for its first use by default waits no longer than that either.
    assert_eq!(
        draw(NOW, once, None).unwrap().window().use_within,
        Some(Period::days(3))
    );
    assert_eq!(drawn(once).window().use_within, Some(USE_WITHIN));
}

#[test]
fn a_second_use_does_not_begin_again() {
    let term = drawn(Ending::AfterFirstUse(Period::days(1))).begun(NOW, YEAR);
    assert_eq!(term.begun(Period::hours(5).after(NOW), YEAR), term);
}

#[test]
fn an_extensions_word_binds_every_later_end() {
    let latest = Period::hours(2).after(NOW);
    let window = Window {
        opens: None,
        ending: Ending::After(Period::days(1)),
        use_within: None,
    };
    let term = Term::draw(&window, NOW, YEAR, Some(latest)).unwrap();
    assert_eq!(term.end(true), Some((latest, Bound::Plugin)));
    let refusal = term
        .extended(Extension::By(Period::days(1)), NOW, YEAR)
        .unwrap_err();
    assert_eq!(refusal.code, Code::WindowAtCeiling);
    let refusal = term
        .extended(Extension::To(Period::days(9).after(NOW)), NOW, YEAR)
        .unwrap_err();
    assert_eq!(refusal.code, Code::WindowAtCeiling);
    assert!(refusal.message.contains("plugin"), "{}", refusal.message);
}

#[test]
fn extending_adds_and_the_longest_window_bounds_it() {
    let day = Extension::By(Period::days(1));
    let term = drawn(Ending::After(Period::days(7)))
        .extended(day, NOW, YEAR)
        .unwrap();
    assert_eq!(
        term.end(true),
        Some((Period::days(8).after(NOW), Bound::Window))
    );
    let short = Period::days(8);
    assert_eq!(
        term.extended(day, NOW, short).unwrap_err().code,
        Code::WindowAtCeiling
    );
    let bounded = term
        .extended(Extension::By(Period::days(9)), NOW, Period::days(10))
        .unwrap();
    assert_eq!(
        bounded.end(true),
        Some((Period::days(10).after(NOW), Bound::LongestWindow))
    );
    let shorter = term
        .extended(Extension::To(Period::hours(1).after(NOW)), NOW, YEAR)
        .unwrap();
    assert_eq!(
        shorter.end(true),
        Some((Period::hours(1).after(NOW), Bound::Window))
    );
    assert_eq!(
        term.extended(Extension::To(NOW), NOW, YEAR)
            .unwrap_err()
            .code,
        Code::WindowInThePast
    );
}

#[test]
fn an_extensions_word_never_lengthens_what_counts_from_the_first_use() {
    let hour = Period::hours(1);
    let window = Window {
        opens: None,
        ending: Ending::AfterFirstUse(hour),
        use_within: None,
    };
    let late = Term::draw(&window, NOW, YEAR, Some(Instant::MAX)).unwrap();
    assert_eq!(
        late.begun(NOW, YEAR).end(true),
        Some((hour.after(NOW), Bound::FirstUse))
    );
    let soon = Instant::from_millis(NOW.millis() + 1_000);
    let early = Term::draw(&window, NOW, YEAR, Some(soon)).unwrap();
    assert_eq!(early.end(false), Some((soon, Bound::Plugin)));
    assert_eq!(
        early.begun(NOW, YEAR).end(true),
        Some((soon, Bound::Plugin))
    );
}

#[test]
fn the_longest_window_counts_from_the_first_use_however_often_it_is_extended() {
    let (day, ten) = (Extension::By(Period::days(1)), Period::days(10));
    let used = Period::days(20).after(NOW);
    let mut term = drawn(Ending::AfterFirstUse(Period::days(8))).begun(used, ten);
    for days in [9, 10] {
        term = term.extended(day, used, ten).unwrap();
        assert_eq!(term.end(true).unwrap().0, Period::days(days).after(used));
    }
    assert_eq!(
        term.extended(day, used, ten).unwrap_err().code,
        Code::WindowAtCeiling
    );
}

#[test]
fn asking_for_later_never_ends_earlier() {
    let term = drawn(Ending::After(Period::days(30)));
    let now = Period::days(5).after(NOW);
    for longest in [Period::days(1), Period::days(7)] {
        let later = Extension::To(Period::days(40).after(NOW));
        assert_eq!(
            term.extended(later, now, longest).unwrap_err().code,
            Code::WindowAtCeiling
        );
    }
    let earlier = Extension::To(Period::days(6).after(NOW));
    assert_eq!(
        term.extended(earlier, now, Period::days(1))
            .unwrap_err()
            .code,
        Code::WindowAtCeiling
    );
    assert_eq!(
        term.extended(earlier, now, Period::days(7))
            .unwrap()
            .end(true)
            .unwrap()
            .0,
        Period::days(6).after(NOW)
    );
}

#[test]
fn extending_before_the_first_use_lengthens_what_will_run() {
    let term = drawn(Ending::AfterFirstUse(Period::days(1)))
        .extended(Extension::By(Period::days(2)), NOW, YEAR)
        .unwrap();
    assert_eq!(
        term.end_if_begun(NOW, YEAR),
        Some(Period::days(3).after(NOW))
    );
}

#[test]
fn windows_that_cannot_be_are_refused() {
    let asked =
        |window: Window| Term::draw(&window, NOW, YEAR, None).map_err(|refusal| refusal.code);
    let plain = Window {
        opens: None,
        ending: Ending::After(Period::days(1)),
        use_within: None,
    };
    assert_eq!(
        asked(Window {
            ending: Ending::At(NOW),
            ..plain
        }),
        Err(Code::WindowInThePast)
    );
    assert_eq!(
        asked(Window {
            ending: Ending::After(Period::days(400)),
            ..plain
        }),
        Err(Code::WindowTooLong)
    );
    assert_eq!(
        asked(Window {
            ending: Ending::AfterFirstUse(Period::days(400)),
            ..plain
        }),
        Err(Code::WindowTooLong)
    );
    assert_eq!(
        asked(Window {
            opens: Some(Period::days(400).after(NOW)),
            ..plain
        }),
        Err(Code::OpensTooLate)
    );
    let patient = Window {
        ending: Ending::AfterFirstUse(Period::days(1)),
        use_within: Some(Period::days(400)),
        ..plain
    };
    assert_eq!(asked(patient), Err(Code::WindowTooLong));
    let past = Instant::from_millis(NOW.millis() - 172_800_000);
    assert_eq!(
        asked(Window {
            opens: Some(past),
            ..plain
        }),
        Err(Code::WindowInThePast)
    );
    let upside_down = Window {
        opens: Some(Period::days(2).after(NOW)),
        ending: Ending::At(Period::days(1).after(NOW)),
        ..plain
    };
    assert_eq!(asked(upside_down), Err(Code::WindowInThePast));
}

#[test]
fn no_extension_ends_access_at_once() {
    let term = drawn(Ending::After(Period::days(30)));
    let later = Extension::To(Period::days(20).after(NOW));
    let longest = Period::days(5);
    let now = longest.after(NOW);
    let refused = term.extended(later, now, longest).unwrap_err();
    assert_eq!(refused.code, Code::WindowAtCeiling);
    let just_before = Instant::from_millis(now.millis() - 1);
    let extended = term.extended(later, just_before, longest).unwrap();
    assert_eq!(extended.end(true), Some((now, Bound::LongestWindow)));
}

#[test]
fn waiting_anew_moves_no_end_and_changes_nothing_the_moment_it_opens() {
    let term = drawn(Ending::After(Period::days(30)));
    assert_eq!(term.waiting_anew(NOW), term);
    let later = Period::days(1).after(NOW);
    assert_eq!(term.waiting_anew(later).end(true), term.end(true));
    assert_eq!(term.waiting_anew(later).opens(), later);
}

#[test]
fn a_link_waits_thirty_days_for_its_first_use_where_the_site_allows_just_as_much() {
    // 2027-04-02T00:00Z, from where a month is thirty days.
    let april = Instant::from_millis(1_806_624_000_000);
    let window = Window {
        opens: None,
        ending: Ending::AfterFirstUse(Period::days(1)),
        use_within: None,
    };
    let term = Term::draw(&window, april, Period::months(1), None).unwrap();
    assert_eq!(term.window().use_within, Some(USE_WITHIN));
}
