//! Acceptances that break off, and many at once.

use guestpass::Invitee;
use guestpass_tests::faults::{Counting, Fault};
use guestpass_tests::{
    DAY, MINUTE, Plan, Setting, an_invitation, both_ways, from_somewhere, owner,
};

use super::code;

#[test]
fn a_crash_at_any_call_of_an_acceptance_and_then_another_try() {
    both_ways(|plan: Plan| {
        let way = plan.way();
        for (address, invitee) in [
            ("sue@main.example", Invitee::Existing("sue".to_owned())),
            ("bea@new.example", Invitee::New),
        ] {
            for fault in [
                Fault::Fails,
                Fault::DiesBefore,
                Fault::DiesAfter,
                Fault::Conflicts,
            ] {
                let mut crashes = 0;
                for n in 0.. {
                    let what = format!("{way:?}, {invitee:?}, {fault:?} at call {n}");
                    let setting = Setting::plan().asked(way).build();
                    let invitation = setting.link(an_invitation().for_(address));
                    let accept =
                        || setting.accept("main", &invitation.pass, &invitee, &from_somewhere());
                    setting.faults.plan(n, fault, Counting::Everything);
                    let first = accept();
                    if !setting.faults.recover() {
                        first.unwrap();
                        break;
                    }
                    crashes += 1;
                    setting.clock.forward(6 * MINUTE);
                    let second = accept();
                    let done = second.is_ok() || code(second.clone()) == "already-accepted";
                    assert!(done, "{what}: {second:?}");
                    settled(&setting, invitation.id(), &what);
                }
                assert!(crashes >= 4, "the reads and the commits: {crashes}");
            }
        }
    });
}

/// Exactly one user holds the grant, and no other was left behind.
fn settled(setting: &Setting, id: &str, what: &str) {
    setting.clock.forward(DAY);
    setting.sweep("main", 10).unwrap();
    let grant = setting.get(&owner(), id).unwrap();
    assert_eq!(grant.state, "active", "{what}");
    let user = grant.user.unwrap();
    let left: Vec<String> = setting.people.guests("main");
    assert!(left.iter().all(|guest| *guest == user), "{what}: {left:?}");
    let accepted = setting
        .actions(id)
        .iter()
        .filter(|action| *action == "accepted")
        .count();
    assert_eq!(accepted, 1, "{what}");
    let entered = setting.try_switch(&user, id, None).unwrap();
    assert_eq!(setting.why_not(&entered.session), None, "{what}");
    assert_eq!(setting.faults_in_history(), [""; 0], "{what}");
}

#[test]
fn what_a_broken_acceptance_left_is_cleared_up_and_the_invitation_still_opens() {
    both_ways(|plan: Plan| {
        let setting = plan.build();
        let invitation = setting.link(an_invitation().for_("bea@new.example"));
        // The user is made, and then the lights go out.
        setting.faults.plan(1, Fault::DiesAfter, Counting::Writes);
        setting.try_join_anew(&invitation).unwrap_err();
        setting.faults.recover();
        assert_eq!(setting.people.guests("main").len(), 1);
        setting.clock.forward(5 * MINUTE);
        assert_eq!(setting.sweep("main", 10).unwrap().repaired, 1);
        assert_eq!(setting.people.guests("main"), [""; 0]);
        let accepted = setting.try_join_anew(&invitation).unwrap();
        assert_eq!(setting.people.guests("main"), [accepted.user]);
        assert_eq!(setting.faults_in_history(), [""; 0]);
    });
}

#[test]
fn sixty_four_who_accept_at_once_are_one() {
    let setting = Setting::plan().truly_random().build();
    let invitation = setting.link(an_invitation().for_("bea@new.example"));
    let won = std::thread::scope(|scope| {
        let tries: Vec<_> = (0..64)
            .map(|_| scope.spawn(|| setting.try_join_anew(&invitation)))
            .collect();
        let answers = tries.into_iter().map(|each| each.join().unwrap());
        answers.filter(Result::is_ok).count()
    });
    assert_eq!(won, 1);
    settled(&setting, invitation.id(), "after the race");
}
