//! Property 25: one site never sees or affects another.

use guestpass::ports::ContentDecision;
use guestpass::{Actor, Extension, Settings};
use guestpass_tests::{
    HOUR, Link, Setting, a_link, a_password, an_invitation, beginning, from_somewhere, owner,
};
use proptest::prelude::*;

/// The two sites there are.
const SITES: [&str; 2] = ["main", "other"];

/// What may be done on a site. Numbers choose among what is there.
#[derive(Clone, Debug)]
enum Act {
    Link(u8),
    Password(u8),
    Invite(u8),
    Enter(u8),
    Join(u8),
    Suspend(u8),
    Resume(u8),
    Extend(u8),
    Reissue(u8),
    Revoke(u8),
    RevokeAll,
    EndSession(u8),
    SignOut(u8),
    Policy(bool),
    Deactivate,
    Activate,
    Uninstall,
    Sweep,
    Deliver,
    TryWrong(u8),
    Wait,
}

fn act() -> impl Strategy<Value = Act> {
    prop_oneof![
        4 => any::<u8>().prop_map(Act::Link),
        2 => any::<u8>().prop_map(Act::Password),
        2 => any::<u8>().prop_map(Act::Invite),
        4 => any::<u8>().prop_map(Act::Enter),
        2 => any::<u8>().prop_map(Act::Join),
        1 => any::<u8>().prop_map(Act::Suspend),
        1 => any::<u8>().prop_map(Act::Resume),
        1 => any::<u8>().prop_map(Act::Extend),
        1 => any::<u8>().prop_map(Act::Reissue),
        1 => any::<u8>().prop_map(Act::Revoke),
        1 => Just(Act::RevokeAll),
        1 => any::<u8>().prop_map(Act::EndSession),
        1 => any::<u8>().prop_map(Act::SignOut),
        1 => any::<bool>().prop_map(Act::Policy),
        1 => Just(Act::Deactivate),
        2 => Just(Act::Activate),
        1 => Just(Act::Uninstall),
        1 => Just(Act::Sweep),
        1 => Just(Act::Deliver),
        2 => any::<u8>().prop_map(Act::TryWrong),
        1 => Just(Act::Wait),
    ]
}

fn owner_of(site: &str) -> Actor {
    Actor {
        site: site.to_owned(),
        ..owner()
    }
}

/// What was handed out on a site.
#[derive(Default)]
struct Handed {
    issued: Vec<Link>,
    sessions: Vec<(String, String)>,
}

fn nth<T>(of: &[T], number: u8) -> Option<&T> {
    of.get(usize::from(number).checked_rem(of.len())?)
}

/// Does it. Whether it is refused is another test's concern.
fn does(setting: &Setting, site: &str, handed: &mut Handed, act: &Act) {
    let owner = owner_of(site);
    let origin = from_somewhere();
    let address = |number: u8| format!("guest{}@b.example", number % 4);
    let id = |handed: &Handed, number| {
        nth(&handed.issued, number).map_or_else(|| "none".to_owned(), |link| link.grant.id.clone())
    };
    let mut made = |draft: guestpass_tests::DraftBuilder| {
        handed.issued.extend(setting.create(&owner, &draft.draft()));
    };
    match act {
        Act::Link(n) => made(a_link().for_(&address(*n)).lasting("P1D")),
        Act::Password(n) => made(a_password().for_(&address(*n)).lasting("P1D")),
        Act::Invite(n) => made(an_invitation().for_(&address(*n))),
        Act::Enter(n) => {
            let Some(link) = nth(&handed.issued, *n) else {
                return;
            };
            if let Ok(entered) = setting.redeem(site, &link.pass, &origin) {
                handed.sessions.push((entered.grant, entered.session));
            }
        }
        Act::Join(n) => {
            let Some(link) = nth(&handed.issued, *n) else {
                return;
            };
            let anew = guestpass::Invitee::New;
            if let Ok(joined) = setting.accept(site, &link.pass, &anew, &origin)
                && let Ok(entered) =
                    setting.switch(site, &joined.user, &joined.grant, None, &origin)
            {
                handed.sessions.push((entered.grant, entered.session));
            }
        }
        Act::Suspend(n) => _ = setting.suspend(&owner, &id(handed, *n)),
        Act::Resume(n) => _ = setting.resume(&owner, &id(handed, *n)),
        Act::Extend(n) => {
            let by = Extension::By("P1D".to_owned());
            _ = setting.extend(&owner, &id(handed, *n), &by);
        }
        Act::Reissue(n) => {
            let anew = setting.reissue(&owner, &id(handed, *n));
            handed.issued.extend(anew);
        }
        Act::Revoke(n) => _ = setting.revoke(&owner, &id(handed, *n)),
        Act::RevokeAll => _ = setting.revoke_all(&owner, &owner.user, 100),
        Act::EndSession(n) => {
            let grant = id(handed, *n);
            if let Ok(page) = setting.sessions(&owner, &grant, None, 10)
                && let Some(session) = page.sessions.first()
            {
                setting.end_session(&owner, &grant, &session.name).unwrap();
            }
        }
        Act::SignOut(n) => {
            if let Some((_, session)) = nth(&handed.sessions, *n) {
                setting.sign_out(site, session).unwrap();
            }
        }
        Act::Policy(strict) => {
            let settings = Settings {
                session_idle: strict.then(|| "PT30M".to_owned()),
                ..beginning()
            };
            setting.set_policy(&owner, &settings).unwrap();
        }
        Act::Deactivate => _ = setting.deactivate(site).unwrap(),
        Act::Activate => setting.activate(site).unwrap(),
        Act::Uninstall => _ = setting.uninstall(site, &ContentDecision::Keep, 1000),
        Act::Sweep => _ = setting.sweep(site, 100).unwrap(),
        Act::Deliver => {
            let told = setting.drain(site, 100).unwrap();
            let ids: Vec<String> = told.into_iter().map(|line| line.id).collect();
            setting.acknowledge(site, &ids).unwrap();
        }
        Act::TryWrong(n) => {
            let wrong = guestpass_tests::strangers::unknown_pass(u16::from(*n));
            let refusal = setting.redeem(site, &wrong, &origin).unwrap_err();
            assert!(
                matches!(refusal.code.as_str(), "link-not-valid" | "locked-out"),
                "{refusal:?}"
            );
        }
        Act::Wait => setting.clock.forward(HOUR),
    }
    for (_, session) in &handed.sessions {
        let _ = setting.resolve(site, session);
    }
}

/// What is stored of a site, its users, and how often the host was to end sessions.
type All = (Vec<(Vec<u8>, Vec<u8>)>, Vec<String>, usize);

/// All that is a site's.
fn all_of(setting: &Setting, site: &str) -> All {
    let begin = [site.as_bytes(), &[0]].concat();
    let mut stored = setting.dump();
    stored.retain(|(key, _)| key.starts_with(&begin));
    let ended = setting.people.sessions_ended(site).len();
    (stored, setting.people.ids(site), ended)
}

/// Nothing that was handed out on one site is anything on the other one.
fn nothing_there(setting: &Setting, handed: &Handed, there: &str) {
    let owner = owner_of(there);
    let before = all_of(setting, there);
    for link in &handed.issued {
        assert_eq!(
            setting.get(&owner, link.id()).unwrap_err().code,
            "unknown-grant"
        );
        assert_eq!(
            setting.revoke(&owner, link.id()).unwrap_err().code,
            "unknown-grant"
        );
        assert_eq!(
            setting.explain_ending(&owner, link.id()).unwrap_err().code,
            "unknown-grant"
        );
        let looked = setting.inspect(there, &link.pass);
        let code = looked.unwrap_err().code;
        assert!(
            matches!(code.as_str(), "link-not-valid" | "locked-out"),
            "{code}"
        );
    }
    for (grant, session) in &handed.sessions {
        assert_eq!(
            setting.resolve(there, session).unwrap_err().code,
            "session-unknown"
        );
        assert_eq!(
            setting.sessions(&owner, grant, None, 10).unwrap_err().code,
            "unknown-grant"
        );
        setting.sign_out(there, session).unwrap();
    }
    assert_eq!(all_of(setting, there), before);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn p25_whatever_is_done_on_one_site_leaves_the_other_as_it_was(
        acts in proptest::collection::vec((0..2_usize, act()), 1..60)
    ) {
        let setting = Setting::plan().natively().build();
        let mut handed = [Handed::default(), Handed::default()];
        for (here, act) in &acts {
            let (site, elsewhere) = (SITES[*here], SITES[1 - *here]);
            let before = all_of(&setting, elsewhere);
            does(&setting, site, &mut handed[*here], act);
            prop_assert_eq!(all_of(&setting, elsewhere), before, "{:?} on {}", act, site);
        }
        for (here, there) in [(0, 1), (1, 0)] {
            nothing_there(&setting, &handed[here], SITES[there]);
        }
    }
}

#[test]
fn p25_a_site_whose_name_begins_as_anothers_is_another() {
    let setting = Setting::plan().natively().build();
    let catalogue = guestpass_tests::catalogue::wordpress();
    for name in ["mai", "main2", "main-", "main.x"] {
        setting.people.add_site(name, catalogue.clone());
        let owner = owner_of(name);
        let link = setting.create(&owner, &a_link().draft()).unwrap();
        setting.redeem(name, &link.pass, &from_somewhere()).unwrap();
    }
    let link = setting.link(a_link());
    let _entered = setting.enter(&link);
    let before = all_of(&setting, "main");
    for name in ["mai", "main2", "main-", "main.x"] {
        setting.deactivate(name).unwrap();
        while setting
            .uninstall(name, &ContentDecision::Keep, 10)
            .unwrap()
            .more
        {}
        assert_eq!(all_of(&setting, name).0, []);
        assert_eq!(all_of(&setting, "main"), before, "{name}");
    }
    assert_eq!(setting.verify("main", None, 1000).unwrap().faults, []);
}
