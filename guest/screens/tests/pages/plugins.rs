//! The plugins of a site: who sees them, and what becomes of what is typed.

use guestpass_screens::{Request, Upload, Visitor};

use crate::world::{PROOF, Page, World};

const GIVE_ALL: &str = "kind=link&email=a%40b.example&scope=all&ending=1-week";

fn upload(world: &World, handle: &str, too_large: bool) -> Page {
    world.send(&Request {
        form: format!("csrf={PROOF}").into_bytes(),
        upload: Some(Upload {
            handle: handle.to_owned(),
            too_large,
        }),
        ..world.request("POST", "/plugins/install")
    })
}

#[test]
fn p14_nobody_but_an_owner_sees_or_changes_plugins() {
    let world = World::new();
    let pass = world.give(GIVE_ALL).secret();
    let session = world.enter(&pass);
    let others = [
        Visitor::Session(session),
        Visitor::User("ada".to_owned()),
        Visitor::User("rob".to_owned()),
    ];
    for visitor in others {
        for address in ["/plugins", "/plugins/digest", "/plugins/nowhere"] {
            let page = world.get_as(visitor.clone(), address);
            assert_eq!(page.status, 403, "{address} {visitor:?}");
            assert!(!page.body.contains("digest"), "{}", page.body);
        }
        for verb in [
            "approve",
            "activate",
            "deactivate",
            "set",
            "roll-back",
            "replay",
            "uninstall",
        ] {
            let form = "digest=x&data=delete&set-zone=UTC";
            let page = world.post_as(visitor.clone(), &format!("/plugins/digest/{verb}"), form);
            assert_eq!(page.status, 403, "{verb} {visitor:?}");
        }
        let page = world.post_as(visitor.clone(), "/plugins/install", "");
        assert_eq!(page.status, 403, "{visitor:?}");
        assert!(!world.get_as(visitor, "/").body.contains("/access/plugins"));
    }
    assert_eq!(world.get_as(Visitor::Nobody, "/plugins").status, 303);
    assert!(world.shelf().asked.borrow().is_empty());
    assert!(world.get("/").body.contains("/access/plugins"));
}

#[test]
fn where_there_are_no_plugins_to_look_after_there_is_no_page() {
    let world = World::new();
    world.shelf().there.set(false);
    assert!(!world.get("/").body.contains("/access/plugins"));
    assert_eq!(world.get("/plugins").status, 404);
    assert_eq!(world.get("/plugins/digest").status, 404);
    assert_eq!(world.post("/plugins/digest/activate", "").status, 404);
    assert_eq!(upload(&world, "upload-1", false).status, 404);
    assert!(world.shelf().asked.borrow().is_empty());
}

#[test]
fn what_is_uploaded_is_installed_or_the_page_says_why_not() {
    let world = World::new();
    let done = upload(&world, "upload-1", false);
    assert_eq!(
        done.location.as_deref(),
        Some("/access/plugins/fresh?done=installed")
    );
    let waits = upload(&world, "upload-waits", false);
    let to = waits.location.expect("a page");
    assert_eq!(to, "/access/plugins/office-hours?done=waits");
    for (handle, too_large, status, says) in [
        ("upload-1", true, 413, "larger than the site takes"),
        ("upload-broken", false, 422, "This is no plugin."),
        (
            "upload-odd",
            false,
            422,
            "The host says &#60;bad-manifest&#62;.",
        ),
    ] {
        let page = upload(&world, handle, too_large);
        assert_eq!(page.status, status, "{handle}");
        assert!(page.body.contains(says), "{handle}: {}", page.body);
    }
    let none = world.post("/plugins/install", "");
    assert_eq!(none.status, 422);
    assert!(none.body.contains("Choose a file first."), "{}", none.body);
    // Without the proof, nothing of an upload is looked at.
    let before = world.shelf().asked.borrow().len();
    let forged = world.send(&Request {
        form: b"csrf=x".to_vec(),
        upload: Some(Upload {
            handle: "upload-1".to_owned(),
            too_large: false,
        }),
        ..world.request("POST", "/plugins/install")
    });
    assert_eq!(forged.status, 403);
    assert_eq!(world.shelf().asked.borrow().len(), before);
}

#[test]
fn exactly_what_was_shown_is_approved() {
    let world = World::new();
    let page = world.get("/plugins/office-hours");
    for says in [
        "Version 0.2.0 waits for your approval",
        "Send what it learns to the address in its setting “url”",
        "Send what it learns to hooks.example.com, by the address in its setting “to”",
        "Take access back, in your name",
        "do what nobody knows yet",
    ] {
        assert!(page.body.contains(says), "{says}: {}", page.body);
    }
    let (_, rest) = page
        .body
        .split_once("name=\"digest\" value=\"")
        .expect("it");
    let digest = rest.split('"').next().unwrap_or_default();
    let form = format!("digest={digest}");
    let done = world.post("/plugins/office-hours/approve", &form);
    assert_eq!(
        done.location.as_deref(),
        Some("/access/plugins/office-hours?done=approved")
    );
    let asked = world.shelf().asked.borrow().last().cloned().expect("asked");
    assert_eq!(
        asked,
        "olivia office-hours Approve(\"digest-of-office-hours\")"
    );
    let changed = world.post("/plugins/office-hours/approve", "");
    assert_eq!(changed.status, 409);
    assert!(
        changed
            .body
            .contains("Something else waits by now than what you saw."),
        "{}",
        changed.body
    );
}

#[test]
fn settings_come_back_as_typed_with_the_fault_beside_the_field() {
    let world = World::new();
    let typed = "set-zone=wrong&set-late=7&set-days=1%0D%0A5&set-deep=%7B%7D";
    let page = world.post("/plugins/office-hours/set", typed);
    assert_eq!(page.status, 422);
    assert!(page.body.contains("id=\"set-zone-fault\""), "{}", page.body);
    assert!(
        page.body
            .contains("id=\"set-late\" name=\"set-late\" type=\"number\" value=\"7\"")
    );
    assert!(page.body.contains(">1\r\n5</textarea>"), "{}", page.body);
    let check = "id=\"set-finish-work\" name=\"set-finish-work\" type=\"checkbox\" value=\"true\"";
    assert!(
        !page.body.contains(&format!("{check} checked")),
        "it was not ticked"
    );
    assert!(
        world
            .get("/plugins/office-hours")
            .body
            .contains(&format!("{check} checked"))
    );
    let right = typed.replace("wrong", "UTC");
    let saved = world.post(
        "/plugins/office-hours/set",
        &format!("{right}&set-finish-work=true"),
    );
    assert_eq!(
        saved.location.as_deref(),
        Some("/access/plugins/office-hours?done=set")
    );
    let asked = world.shelf().asked.borrow().last().cloned().expect("asked");
    assert_eq!(
        asked,
        "olivia office-hours Set([(\"zone\", \"UTC\"), (\"late\", \"7\"), (\"finish-work\", \"true\"), (\"days\", \"1\\n5\"), (\"deep\", \"{}\")])"
    );
    assert_eq!(
        world
            .post("/plugins/office-hours/set", "set-zone=UTC")
            .status,
        400
    );
}

#[test]
fn every_button_does_what_it_says_and_leads_back() {
    let world = World::new();
    for (verb, form, done, asked) in [
        ("activate", "", "digest?done=active", "SetActive(true)"),
        ("deactivate", "", "digest?done=inactive", "SetActive(false)"),
        ("roll-back", "", "digest?done=rolled-back", "RollBack"),
        ("replay", "", "digest?done=replayed", "Replay"),
    ] {
        let page = world.post(&format!("/plugins/digest/{verb}"), form);
        assert_eq!(
            page.location,
            Some(format!("/access/plugins/{done}")),
            "{verb}"
        );
        let last = world.shelf().asked.borrow().last().cloned().expect("asked");
        assert_eq!(last, format!("olivia digest {asked}"));
        let shown = world.get(&format!("/plugins/{done}"));
        assert!(shown.body.contains("class=\"done\""), "{}", shown.body);
    }
    assert_eq!(
        world.post("/plugins/digest/uninstall", "").status,
        400,
        "its data is decided about"
    );
    let gone = world.post("/plugins/digest/uninstall", "data=keep");
    assert_eq!(
        gone.location.as_deref(),
        Some("/access/plugins?done=uninstalled")
    );
    let last = world.shelf().asked.borrow().last().cloned().expect("asked");
    assert_eq!(last, "olivia digest Uninstall { delete_data: false }");
    assert_eq!(world.post("/plugins/nowhere/activate", "").status, 404);
    assert_eq!(world.post("/plugins/digest/explode", "").status, 404);
    assert_eq!(world.get("/plugins/digest/activate").status, 404);
}
