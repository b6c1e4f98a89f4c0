//! What an owner approves, and versions that follow one another.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Barrier};

use guestpass::Draft;
use guestpass::plugins::{Capability, Facts, Hook, Package, sign, verifying_key};
use serde_json::json;

use super::world::{World, refused_with, vetoing};
use guestpass_tests::corpus::{Made, NO_OBJECTION, asking, made, veto_grant};

#[test]
fn an_upgrade_that_asks_for_no_more_takes_over_and_can_be_taken_back() {
    let world = World::new();
    world.run(&vetoing("one").package());
    let upgrade = world
        .plugins
        .upgrade(&vetoing("two").version("1.1.0").package())
        .unwrap();
    assert_eq!(
        (upgrade.from.as_str(), upgrade.to.as_str(), upgrade.waits),
        ("1.0.0", "1.1.0", false)
    );
    assert!(refused_with(&world, "two"));
    assert_eq!(world.plugins.rollback("strict").unwrap(), "1.0.0");
    assert!(refused_with(&world, "one"));
    assert_eq!(world.plugins.rollback("strict").unwrap(), "1.1.0");
    assert!(refused_with(&world, "two"));
}

/// Holds the first review up, once it is known who is asked, until the test has done something else.
struct HeldUp {
    held: AtomicBool,
    there: Arc<Barrier>,
}

impl Facts for HeldUp {
    fn about_draft(&self, _: &str, _: &Draft) -> Vec<(String, String)> {
        if !self.held.swap(true, Ordering::SeqCst) {
            self.there.wait();
            self.there.wait();
        }
        Vec::new()
    }
}

#[test]
fn a_review_under_way_keeps_the_version_it_began_with() {
    let there = Arc::new(Barrier::new(2));
    let facts = HeldUp {
        held: AtomicBool::new(false),
        there: there.clone(),
    };
    let world = World::with(|plugins| plugins.facts(facts));
    world.run(&vetoing("one").package());
    std::thread::scope(|threads| {
        let under_way = threads.spawn(|| refused_with(&world, "one"));
        there.wait();
        let upgraded = world
            .plugins
            .upgrade(&vetoing("two").version("1.1.0").package());
        let next = refused_with(&world, "two");
        there.wait();
        assert!(upgraded.is_ok() && next);
        assert!(under_way.join().unwrap(), "the old version answered");
    });
    assert!(refused_with(&world, "two"));
}

#[test]
fn an_upgrade_that_asks_for_more_waits_while_the_old_one_runs_on() {
    let world = World::new();
    world.run(&vetoing("one").package());
    let more = vetoing("two")
        .version("2.0.0")
        .asks("log")
        .asks("http:a.example")
        .package();
    let upgrade = world.plugins.upgrade(&more).unwrap();
    let added: Vec<_> = upgrade.added.iter().map(ToString::to_string).collect();
    assert_eq!(
        (added, upgrade.waits),
        (vec!["log".to_owned(), "http:a.example".to_owned()], true)
    );
    assert!(refused_with(&world, "one"));
    let pending = world.plugins.inspect("strict").unwrap().pending.unwrap();
    assert_eq!(
        (pending.version.as_str(), pending.added.len()),
        ("2.0.0", 2)
    );
    world.plugins.approve("strict", "olga").unwrap();
    assert!(refused_with(&world, "two"));
    // And one that asks for less says so.
    let upgrade = world
        .plugins
        .upgrade(&vetoing("three").version("3.0.0").asks("log").package())
        .unwrap();
    assert_eq!(
        (upgrade.removed[0].to_string(), upgrade.waits),
        ("http:a.example".to_owned(), false)
    );
    assert!(refused_with(&world, "three"));
}

/// Sends to wherever its setting says, which is this unless an owner says otherwise.
fn sending_to(host: &str, version: &'static str) -> Package {
    let settings = format!("\n[settings]\nurl = \"http://{host}/\"\n");
    vetoing("one")
        .version(version)
        .asks("http:setting:url")
        .lying(|manifest| manifest + &settings)
}

#[test]
fn an_upgrade_that_would_send_to_another_host_than_was_approved_waits() {
    let world = World::new();
    world.run(&sending_to("good.example", "1.0.0"));
    let same = world.plugins.upgrade(&sending_to("good.example", "1.1.0"));
    assert!(!same.unwrap().waits);
    let other = world.plugins.upgrade(&sending_to("bad.example", "1.2.0"));
    let other = other.unwrap();
    let added: Vec<_> = other.added.iter().map(ToString::to_string).collect();
    assert_eq!(
        (added, other.waits),
        (vec!["http:setting:url".to_owned()], true)
    );
    assert_eq!(waiting(&world, "strict"), ["http:setting:url"]);
    world.plugins.approve("strict", "olga").unwrap();
    // What the owner chose stays, whatever the manifest says.
    let chosen = Some(json!("http://mine.example/"));
    world.plugins.set_setting("strict", "url", chosen).unwrap();
    let third = world.plugins.upgrade(&sending_to("third.example", "1.3.0"));
    assert!(!third.unwrap().waits);
}

#[test]
fn what_was_set_before_a_setting_was_an_address_chose_none() {
    let world = World::new();
    let counting = vetoing("one").saying("[settings]\nurl = 5").package();
    world.run(&counting);
    let seven = Some(json!(7));
    world.plugins.set_setting("strict", "url", seven).unwrap();
    let sending = |host, version| world.plugins.upgrade(&sending_to(host, version)).unwrap();
    assert!(sending("good.example", "1.1.0").waits);
    world.plugins.approve("strict", "olga").unwrap();
    let told = world.plugins.inspect("strict").unwrap().settings;
    assert_eq!(told["url"], "http://good.example/", "7 is no address");
    assert!(sending("bad.example", "1.2.0").waits);
}

/// What is shown to whoever is to approve: on the page, and by command.
fn shown_host(world: &World) -> (Option<String>, Option<String>) {
    use guestpass::ports::Extensions as _;
    let page = world.plugins.get("main", "strict").unwrap();
    let asked = page.waiting_added.into_iter().chain(page.asks).next();
    let found = world.plugins.inspect("strict").unwrap();
    let hosts = found.pending.map_or(found.hosts, |pending| pending.hosts);
    (asked.and_then(|one| one.host), hosts.get("url").cloned())
}

#[test]
fn what_is_approved_is_what_was_shown_to_the_last_byte() {
    let world = World::new();
    let digest = || world.plugins.inspect("strict").unwrap().digest;
    let host = |name: &str| (Some(name.to_owned()), Some(name.to_owned()));
    let approve = |shown: &str| {
        use guestpass::ports::Extensions;
        Extensions::approve(&world.plugins, "main", "olga", "strict", shown)
    };
    world.run(&sending_to("good.example", "1.0.0"));
    assert!(
        world
            .plugins
            .upgrade(&sending_to("other.example", "1.2.0"))
            .unwrap()
            .waits
    );
    assert_eq!(shown_host(&world), host("other.example"));
    let shown = digest();
    // Another takes its place: of another number, and then of the same.
    for (to, version) in [("169.254.169.254", "1.1.0"), ("third.example", "1.2.0")] {
        assert!(
            world
                .plugins
                .upgrade(&sending_to(to, version))
                .unwrap()
                .waits
        );
        assert_eq!(shown_host(&world), host(to));
        assert_eq!(approve(&shown).unwrap_err().code, "other-version");
        assert_eq!(approve("").unwrap_err().code, "other-version");
    }
    let by_number = world.plugins.approve_version("strict", "olga", "1.1.0");
    assert_eq!(by_number.unwrap_err().code(), "other-version");
    assert_eq!(
        world.plugins.inspect("strict").unwrap().summary.version,
        "1.0.0"
    );
    // Nor where the owner had it sent elsewhere when it was shown.
    let mine = Some(json!("http://mine.example/"));
    world.plugins.set_setting("strict", "url", mine).unwrap();
    let shown = digest();
    assert_eq!(shown_host(&world), host("mine.example"));
    assert!(
        waiting(&world, "strict").is_empty(),
        "the owner chose where to"
    );
    world.plugins.set_setting("strict", "url", None).unwrap();
    assert_eq!(approve(&shown).unwrap_err().code, "other-version");
    approve(&digest()).unwrap();
    assert_eq!(
        world.plugins.inspect("strict").unwrap().summary.version,
        "1.2.0"
    );
    let said = world.journal("strict", "approved");
    assert_eq!(
        said[0],
        "by olga: version 1.2.0, http:setting:url (third.example), hook:grant-filter"
    );
}

#[test]
fn the_first_approval_is_of_the_version_that_was_shown() {
    let world = World::new();
    let ears = |version| {
        let ears = made("ears").version(version);
        ears.hook(Hook::Action, NO_OBJECTION)
            .saying("events = [\"tick\"]")
    };
    world.plugins.install(&ears("1.0.0").package()).unwrap();
    let shown = world.plugins.inspect("ears").unwrap();
    let vetoing = ears("1.1.0").hook(Hook::GrantFilter, veto_grant(3000, 2));
    let upgrade = world.plugins.upgrade(&vetoing.text(3000, "no").package());
    assert!(!upgrade.unwrap().waits, "nothing was approved yet");
    let refused = world.plugins.approve_shown("ears", "olga", &shown.digest);
    assert_eq!(refused.unwrap_err().code(), "other-version");
    let refused = world
        .plugins
        .approve_these("ears", "olga", &shown.asks, &shown.digest);
    assert_eq!(refused.unwrap_err().code(), "asks-for-other");
    assert_eq!(
        world.plugins.activate("ears").unwrap_err().code(),
        "not-approved"
    );
    let seen = world.plugins.inspect("ears").unwrap().digest;
    assert_eq!(
        world
            .plugins
            .approve_shown("ears", "olga", &seen)
            .unwrap()
            .version,
        "1.1.0"
    );
}

#[test]
fn an_address_that_only_a_manifest_names_is_reached_once_it_was_approved_as_such() {
    // Nobody listens there.
    let sending = |host: &str, version| {
        let settings = format!("[settings]\nurl = \"http://{host}/\"");
        let made = asking("strict", "http://127.0.0.1:1/", "setting:url");
        made.version(version).saying(&settings).package()
    };
    let world = World::new();
    let issued = world.grant_to("a@b.example").unwrap();
    let entering = || world.enter(&issued).unwrap_err().message;
    let is_approved = || {
        use guestpass::ports::Extensions as _;
        let shown = world.plugins.get("main", "strict").unwrap();
        shown.summary.approved
    };
    world.run(&sending("good.example", "1.0.0"));
    let mine = Some(json!("http://mine.example/"));
    world.plugins.set_setting("strict", "url", mine).unwrap();
    // It need not wait, because the owner chose where to.
    let inward = world.plugins.upgrade(&sending("127.0.0.1:1", "1.1.0"));
    assert!(!inward.unwrap().waits && is_approved());
    world.plugins.set_setting("strict", "url", None).unwrap();
    assert!(entering().contains("were not approved"), "{}", entering());
    assert!(!is_approved(), "it is to be approved, and shown");
    assert_eq!(shown_host(&world).0.as_deref(), Some("127.0.0.1:1"));
    world.plugins.approve("strict", "olga").unwrap();
    assert!(entering().contains("did not answer"), "{}", entering());
    assert!(is_approved());
}

/// Signed with a key of which every byte is this.
fn signed(made: Made, key: u8) -> Package {
    let key = [key; 32];
    let key_line = format!("public-key = \"{}\"\n", verifying_key(&key));
    let manifest = key_line + &made.manifest();
    let component = made.component();
    let signature = sign(&key, &manifest, &component);
    Package::new(&manifest, component, Some(&signature)).unwrap()
}

#[test]
fn a_signed_version_that_only_waited_does_not_bind_the_next_ones() {
    let signed = |key, version| signed(vetoing("no").version(version).asks("log"), key);
    let world = World::new();
    world.run(&vetoing("no").package());
    assert!(world.plugins.upgrade(&signed(1, "1.1.0")).unwrap().waits);
    assert!(
        world
            .plugins
            .inspect("strict")
            .unwrap()
            .public_key
            .is_none()
    );
    world
        .plugins
        .upgrade(&vetoing("no").version("1.0.1").package())
        .unwrap();
    // Approved, it does.
    assert!(world.plugins.upgrade(&signed(1, "1.1.0")).unwrap().waits);
    world.plugins.approve("strict", "olga").unwrap();
    let unsigned = world
        .plugins
        .upgrade(&vetoing("no").version("1.2.0").package());
    assert_eq!(unsigned.unwrap_err().code(), "other-key");
    assert!(!world.plugins.upgrade(&signed(1, "1.2.0")).unwrap().waits);
}

/// What of its newest version waits to be approved, by command and on the page.
fn waiting(world: &World, id: &str) -> Vec<String> {
    use guestpass::ports::Extensions as _;
    let pending = world.plugins.inspect(id).unwrap().pending;
    let added = pending.map_or_else(Vec::new, |pending| pending.added);
    let added: Vec<_> = added.iter().map(ToString::to_string).collect();
    let shown = world.plugins.get("main", id).unwrap().waiting_added;
    let shown: Vec<_> = shown.into_iter().map(|one| one.name).collect();
    assert_eq!(shown, added);
    added
}

#[test]
fn an_upgrade_that_is_called_or_told_of_what_it_was_not_waits() {
    let world = World::new();
    let told = |version: &'static str, events: &str| {
        let made = made("ears").version(version);
        made.hook(Hook::Action, NO_OBJECTION)
            .saying(&format!("events = {events}"))
    };
    let upgraded = |made: Made| world.plugins.upgrade(&made.package()).unwrap();
    world.run(&told("1.0.0", r#"["created", "revoked"]"#).package());
    assert!(!upgraded(told("1.1.0", r#"["created"]"#)).waits);
    // What it is no longer told counts as new again.
    assert!(upgraded(told("1.2.0", r#"["created", "redeemed"]"#)).waits);
    assert_eq!(waiting(&world, "ears"), ["event:redeemed"]);
    let all = upgraded(told("1.3.0", "[]"));
    assert!(
        all.waits && all.removed.is_empty(),
        "all has the rest in it"
    );
    assert_eq!(waiting(&world, "ears"), ["event:all"]);
    // It has to be approved by what it is, and not by what it was.
    let digest = world.plugins.inspect("ears").unwrap().digest;
    let approve = |these| world.plugins.approve_these("ears", "olga", &these, &digest);
    assert_eq!(approve([].into()).unwrap_err().code(), "asks-for-other");
    let all = Capability::Event("all".to_owned());
    let all = [Capability::Hook(Hook::Action), all];
    approve(all.into()).unwrap();
    let found = world.plugins.inspect("ears").unwrap();
    assert_eq!(
        (found.summary.version.as_str(), found.pending),
        ("1.3.0", None)
    );
    let less = upgraded(told("1.4.0", r#"["switched"]"#));
    let removed: Vec<_> = less.removed.iter().map(ToString::to_string).collect();
    assert_eq!((removed, less.waits), (vec!["event:all".to_owned()], false));
    let vetoing = told("2.0.0", r#"["switched", "tick"]"#);
    let vetoing = vetoing.hook(Hook::GrantFilter, veto_grant(3000, 2));
    assert!(upgraded(vetoing.text(3000, "no")).waits);
    assert_eq!(waiting(&world, "ears"), ["hook:grant-filter", "event:tick"]);
    assert!(world.grant_to("a@b.example").is_ok());
    world.plugins.approve("ears", "olga").unwrap();
    assert!(refused_with(&world, "no"));
}

#[test]
fn an_upgrade_must_be_signed_by_whom_the_first_version_was() {
    let signed = |key, version| signed(vetoing("no").version(version), key);
    let world = World::new();
    world.run(&signed(1, "1.0.0"));
    assert_eq!(
        world
            .plugins
            .upgrade(&signed(2, "1.1.0"))
            .unwrap_err()
            .code(),
        "other-key"
    );
    assert_eq!(
        world
            .plugins
            .upgrade(&vetoing("no").version("1.1.0").package())
            .unwrap_err()
            .code(),
        "other-key"
    );
    assert!(world.plugins.upgrade(&signed(1, "1.1.0")).is_ok());
}
