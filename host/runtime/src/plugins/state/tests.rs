use serde_json::Map;

use super::*;

fn state() -> SqlitePlugins {
    SqlitePlugins::in_memory().unwrap()
}

fn plugin(id: &str, sha256: &str) -> Installed {
    Installed {
        id: id.to_owned(),
        status: Status::Inactive,
        current: Version {
            version: "1.0.0".to_owned(),
            sha256: sha256.to_owned(),
            manifest: String::new(),
            approved: None,
            approved_by: None,
            addresses: std::collections::BTreeMap::new(),
        },
        pending: None,
        previous: None,
        settings: Map::new(),
        priority: None,
        public_key: None,
        installed: 1,
        revision: 0,
        faults: 0,
    }
}

fn event(plugin: &str, site: &str, event: &str) -> Delivery {
    Delivery {
        plugin: plugin.to_owned(),
        site: site.to_owned(),
        event: event.to_owned(),
        at: 5,
        body: "{}".to_owned(),
        tries: 0,
        due: Some(5),
        reason: None,
    }
}

#[test]
fn of_two_who_change_a_plugin_at_once_one_is_told() {
    let state = state();
    state
        .save(&plugin("a-plugin", "aa"), Some(b"code"))
        .unwrap();
    let [one] = &state.installed().unwrap()[..] else {
        panic!()
    };
    let mut one = one.clone();
    let other = one.clone();
    one.status = Status::Active;
    let before = state.generation().unwrap();
    state.save(&one, None).unwrap();
    assert!(state.generation().unwrap() > before);
    assert_eq!(state.save(&other, None), Err(StateFailure::Conflict));
    assert_eq!(state.installed().unwrap()[0].status, Status::Active);
}

#[test]
fn a_component_is_kept_as_long_as_a_plugin_names_it() {
    let state = state();
    state.save(&plugin("one", "aa"), Some(b"code")).unwrap();
    state.save(&plugin("two", "aa"), Some(b"code")).unwrap();
    state.remove("one", true).unwrap();
    assert_eq!(
        state.component("aa").unwrap().as_deref(),
        Some(&b"code"[..])
    );
    state.remove("two", true).unwrap();
    assert_eq!(state.component("aa").unwrap(), None);
}

#[test]
fn what_a_plugin_keeps_is_its_own_on_each_site_and_bounded() {
    let state = state();
    assert!(state.set_value("a", "main", "k1", b"1").unwrap());
    assert!(state.set_value("a", "main", "k2", b"2").unwrap());
    assert_eq!(state.value("b", "main", "k1").unwrap(), None);
    assert_eq!(state.value("a", "other", "k1").unwrap(), None);
    assert_eq!(state.keys("a", "main", "k", 1).unwrap(), ["k1"]);
    assert_eq!(
        state.keys("a", "main", "x", 9).unwrap(),
        Vec::<String>::new()
    );

    let value = vec![0; LARGEST_VALUE];
    let kept = (0..)
        .take_while(|n| {
            state
                .set_value("a", "main", &format!("n{n}"), &value)
                .unwrap()
        })
        .count();
    assert_eq!(kept, 255);
    // Replacing and deleting give room back.
    assert!(state.set_value("a", "main", "n0", b"").unwrap());
    assert!(
        state
            .set_value("a", "main", "again", &value[..60_000])
            .unwrap()
    );
    state.delete_value("a", "main", "n1").unwrap();
    assert!(
        state
            .set_value("a", "main", "once-more", &value[..60_000])
            .unwrap()
    );
    assert!(state.set_value("b", "main", "k", &value).unwrap());
}

#[test]
fn a_delivery_is_taken_by_one_put_off_parked_and_replayed() {
    let state = state();
    state
        .enqueue(&[
            event("a", "main", "1"),
            event("a", "other", "1"),
            event("a", "main", "2"),
        ])
        .unwrap();
    state.enqueue(&[event("a", "main", "1")]).unwrap();
    assert_eq!(state.next_due("main").unwrap(), Some(5));
    assert!(state.claim("main", 4, 100, 10).unwrap().is_empty());
    let taken = state.claim("main", 5, 100, 10).unwrap();
    assert_eq!(
        taken
            .iter()
            .map(|one| one.event.as_str())
            .collect::<Vec<_>>(),
        ["1", "2"]
    );
    assert!(state.claim("main", 6, 100, 10).unwrap().is_empty());

    state.delivered(&taken[0]).unwrap();
    state.failed(&taken[1], None, "nobody answers").unwrap();
    let [left] = &state
        .deliveries("a", 10)
        .unwrap()
        .into_iter()
        .filter(|one| one.site == "main")
        .collect::<Vec<_>>()[..]
    else {
        panic!()
    };
    assert_eq!(
        (left.tries, left.due, left.reason.as_deref()),
        (1, None, Some("nobody answers"))
    );
    assert_eq!(state.replay("a", 7).unwrap(), 1);
    assert_eq!(state.claim("main", 7, 100, 10).unwrap().len(), 1);
}

#[test]
fn an_hour_begins_once() {
    let state = state();
    assert!(state.begin_hour("main", 7).unwrap());
    assert!(!state.begin_hour("main", 7).unwrap());
    assert!(!state.begin_hour("main", 6).unwrap());
    assert!(state.begin_hour("main", 8).unwrap());
    assert!(state.begin_hour("other", 8).unwrap());
}

#[test]
fn the_journal_keeps_the_newest() {
    let state = state();
    for at in 0..u64::from(MOST_NOTES) + 10 {
        state
            .note(
                "a",
                &Note {
                    at,
                    about: "fault".to_owned(),
                    text: String::new(),
                },
            )
            .unwrap();
    }
    let notes = state.notes("a", 1000).unwrap();
    assert_eq!(
        (notes.len(), notes[0].at),
        (MOST_NOTES as usize, u64::from(MOST_NOTES) + 9)
    );
    assert_eq!(notes.last().unwrap().at, 10);
}
