//! Every page as a file, to be compared: what changes on a page is seen in a review. `GUESTPASS_SNAPSHOTS=write` writes them
//! anew.

use std::path::{Path, PathBuf};

use guestpass_screens::Visitor;

use crate::world::{DAY, HOUR, World};

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/snapshots")
}

/// Without what changes with every change of the stylesheet and the script.
fn unstamped(body: &str) -> String {
    let mut kept = String::new();
    for (at, part) in body.split("/assets/").enumerate() {
        let name = part.split('-').next().unwrap_or_default();
        let rest = part.get(name.len() + 17..).unwrap_or_default();
        match at {
            0 => kept.push_str(part),
            _ => kept.push_str(&format!("/assets/{name}-*{rest}")),
        }
    }
    kept
}

/// Whether the page is as it was; or it is written down.
fn same(name: &str, body: &str, wrong: &mut Vec<String>) {
    let path = folder().join(format!("{name}.html"));
    let body = &unstamped(body);
    if std::env::var_os("GUESTPASS_SNAPSHOTS").is_some() {
        std::fs::create_dir_all(path.parent().unwrap_or(&path)).expect("a folder");
        std::fs::write(&path, body).expect("written");
    }
    let known = std::fs::read_to_string(&path).unwrap_or_default();
    if known != *body {
        let line = known
            .lines()
            .zip(body.lines())
            .find(|(known, now)| known != now);
        wrong.push(format!("{name}: {line:?}"));
    }
}

/// A site on which something happened.
fn lived_in(world: &World) -> (String, String) {
    let link = world.give("kind=link&email=agent%40support.example&first_name=Sam&last_name=Reed&scope=role:administrator&ending=1-week-from-first-use&purpose=support&note=Ticket+4711&uses=5");
    let (pass, grant) = (link.secret(), link.grant());
    world.forward(3 * HOUR);
    let session = world.enter(&pass);
    world.forward(HOUR);
    world.give(
        "kind=password&email=kim%40books.example&first_name=Kim&scope=role:editor&ending=1-month",
    );
    world.give("kind=invitation&email=ada%40harbour.example&scope=chosen&permission=edit_posts&permission=publish_posts&ending=never&message=Welcome+aboard");
    let old = world.give("kind=link&email=old%40guest.example&scope=role:author&ending=1-hour");
    world.post(&format!("/grants/{}/revoke", old.grant()), "");
    world.forward(DAY);
    world.sweep();
    (grant, session)
}

#[test]
fn every_page_is_as_it_was_in_every_language() {
    let mut wrong = Vec::new();
    for language in ["en", "es", "fr"] {
        let mut world = World::new();
        world.languages = language;
        let empty = world.get("/");
        same(&format!("{language}/front-empty"), &empty.body, &mut wrong);
        let (grant, session) = lived_in(&world);
        let shown = format!("/grants/{grant}");
        for (name, address) in [
            ("front", "/"),
            ("grants", "/grants"),
            ("grants-filtered", "/grants?state=suspended"),
            ("grant", shown.as_str()),
            ("give", "/give"),
            ("give-invitation", "/give?kind=invitation"),
            ("invitations", "/invitations"),
            ("team", "/team"),
            ("history", "/history?verify=1"),
            ("policy", "/policy"),
            ("lock-outs", "/lock-outs"),
            ("plugins", "/plugins?done=uninstalled"),
            ("plugin-waits", "/plugins/office-hours"),
            ("plugin-switched-off", "/plugins/digest"),
            ("plugin-new", "/plugins/fresh?done=installed"),
            ("accounts", "/accounts"),
            ("enter", "/enter"),
            ("invitation", "/invitation"),
            ("nowhere", "/nowhere"),
        ] {
            let page = world.get(address);
            assert_eq!(
                page.status,
                if name == "nowhere" { 404 } else { 200 },
                "{address}"
            );
            same(&format!("{language}/{name}"), &page.body, &mut wrong);
        }
        world.shelf().clear();
        let none = world.get("/plugins");
        same(&format!("{language}/plugins-none"), &none.body, &mut wrong);
        let guest = world.get_as(Visitor::Session(session), "/grants");
        assert_eq!(guest.status, 403);
        same(
            &format!("{language}/guest-refused"),
            &guest.body,
            &mut wrong,
        );
        let made =
            world.give("kind=link&email=new%40guest.example&scope=role:author&ending=3-days");
        same(&format!("{language}/result-link"), &made.body, &mut wrong);
        let pass = made.secret();
        let landing = world.post_as(Visitor::Nobody, "/enter/inspect", &format!("pass={pass}"));
        same(&format!("{language}/landing"), &landing.body, &mut wrong);
        let made =
            world.give("kind=password&email=pat%40guest.example&scope=role:author&ending=3-days");
        same(
            &format!("{language}/result-password"),
            &made.body,
            &mut wrong,
        );
        let made = world.give("kind=invitation&email=rob%40harbour.example&scope=all&ending=never");
        let landing = world.post_as(
            Visitor::Nobody,
            "/invitation/inspect",
            &format!("token={}", made.secret()),
        );
        same(&format!("{language}/invited"), &landing.body, &mut wrong);
        let refused = world.post(
            "/give",
            "kind=link&email=nobody&scope=role:editor&purpose=support&ending=1-week",
        );
        assert_eq!(refused.status, 422);
        same(
            &format!("{language}/give-refused"),
            &refused.body,
            &mut wrong,
        );
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
