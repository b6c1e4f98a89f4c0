//! The first page: what it shows to whom.

use guestpass_core::Engine;
use guestpass_core::names::{Actor, Origin, SiteId};

use crate::world::{DAY, World};

fn ending_next(world: &World, user: &str) -> Vec<String> {
    let actor = Actor {
        site: SiteId::parse("main").expect("a site"),
        user: user.to_owned(),
        origin: Origin::new(None, None),
    };
    let ask = |engine: &Engine<'_>| engine.ending_next(&actor, 5);
    let views = world.ask(ask).expect("it is answered");
    views
        .into_iter()
        .map(|view| view.grant.guest.email)
        .collect()
}

#[test]
fn what_ends_next_is_shown_until_it_has_ended_and_to_nobody_whose_it_is_not() {
    let world = World::new();
    for (email, ending) in [("late", "1-week"), ("soon", "1-day")] {
        let fields =
            format!("kind=link&email={email}%40b.example&scope=role:author&ending={ending}");
        let _made = world.give(&fields);
    }
    assert_eq!(
        ending_next(&world, "olivia"),
        ["soon@b.example", "late@b.example"]
    );
    assert_eq!(ending_next(&world, "ada"), [""; 0]);
    world.forward(DAY);
    assert_eq!(ending_next(&world, "olivia"), ["late@b.example"]);
}
