//! The first page: what it shows to whom.

use guestpass_screens::Visitor;

use crate::world::{DAY, World};

/// Whom the first page names under what ends soon.
fn ends_soon(world: &World, user: &str) -> Vec<String> {
    let page = world.get_as(Visitor::User(user.to_owned()), "/").body;
    let (_, after) = page.split_once("id=\"soon\"").unwrap_or_default();
    let (section, _) = after.split_once("</section>").unwrap_or_default();
    let named = section.split("@b.example</a>").map(|before| {
        let (_, name) = before.rsplit_once('>').unwrap_or_default();
        name.to_owned()
    });
    let mut named: Vec<_> = named.collect();
    named.pop();
    named
}

#[test]
fn what_ends_next_stands_there_until_it_has_ended_and_for_nobody_whose_it_is_not() {
    let world = World::new();
    for (name, ending) in [("late", "1-week"), ("soon", "1-day")] {
        let fields =
            format!("kind=link&email={name}%40b.example&scope=role:author&ending={ending}");
        let _made = world.give(&fields);
    }
    assert_eq!(ends_soon(&world, "olivia"), ["soon", "late"]);
    assert_eq!(ends_soon(&world, "ada"), [""; 0]);
    world.forward(DAY);
    assert_eq!(ends_soon(&world, "olivia"), ["late"]);
}
