//! What is not installed at all.

use guestpass::plugins::{Hook, Package};
use guestpass_tests::corpus::{CLOCK, Made, NO_OBJECTION, WASI, asking, made};

use crate::plugins::world::World;

/// Why a package is not installed; nothing is left of it then.
fn not_installed(world: &World, package: &Package) -> (String, String) {
    let error = world.plugins.install(package).unwrap_err();
    assert!(world.plugins.list().unwrap().is_empty());
    (error.code().to_owned(), error.to_string())
}

#[test]
fn p23_what_is_no_plugin_or_not_what_it_says_is_not_installed() {
    let quiet = || made("quiet").hook(Hook::GrantFilter, NO_OBJECTION);
    let calls = |made: Made, import: (&'static str, &'static str), call: &str| {
        let body = format!("(drop (call {call})) {NO_OBJECTION}");
        made.hook(Hook::EntryFilter, body)
            .imports(import.0, import.1)
    };
    let world = World::new();
    let no_component =
        |bytes: &[u8]| Package::new(&quiet().manifest(), bytes.to_vec(), None).unwrap();
    for (what, package, code, said) in [
        (
            "no wasm",
            no_component(b"hello"),
            "no-component",
            "no WebAssembly component",
        ),
        (
            "a core module",
            no_component(b"\0asm\x01\0\0\0"),
            "no-component",
            "no WebAssembly component",
        ),
        (
            "cut short",
            no_component(&quiet().component()[..200]),
            "no-component",
            "no WebAssembly component",
        ),
        (
            "imports of wasi",
            calls(made("wasi"), WASI, "$wasi_now").package(),
            "foreign-import",
            "wasi:clocks/wall@0.2.0",
        ),
        (
            "a clock it does not ask for",
            calls(made("clock"), CLOCK, "$now").package(),
            "capability-not-named",
            "guestpass:plugin/clock@0.1.0",
        ),
        (
            "http it does not ask for",
            asking("web", "http://a.example/", "a.example")
                .lying(|text| text.replace("\"a.example\"", "")),
            "capability-not-named",
            "guestpass:plugin/http@0.1.0",
        ),
        (
            "a hook it does not have",
            quiet()
                .lying(|text| text.replace("[\"grant-filter\"]", "[\"grant-filter\", \"action\"]")),
            "manifest-lies",
            "`action`, which the component does not export",
        ),
        (
            "a hook it does not name",
            quiet()
                .hook(Hook::Action, NO_OBJECTION)
                .lying(|text| text.replace(", \"action\"", "")),
            "manifest-lies",
            "`action`, which its manifest does not name",
        ),
        (
            "a trap at the start",
            quiet().with("(func $s (unreachable)) (start $s)").package(),
            "does-not-start",
            "an error of its own",
        ),
        (
            "a loop at the start",
            quiet()
                .with("(func $s (loop $l (br $l))) (start $s)")
                .package(),
            "does-not-start",
            "longer than a call may",
        ),
        (
            "too much memory at the start",
            quiet().pages(200).package(),
            "no-component",
            "memory",
        ),
    ] {
        let (found, message) = not_installed(&world, &package);
        assert_eq!(found, code, "{what}: {message}");
        assert!(message.contains(said), "{what}: {message}");
    }
}
