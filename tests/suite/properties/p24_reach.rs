//! Property 24: the engine cannot reach what it was not handed.

use guestpass::component;

#[test]
fn p24_the_component_imports_the_seven_ports_and_nothing_else() {
    let info = component::info();
    let mut imports = info.imports.clone();
    imports.sort();
    assert_eq!(
        imports,
        [
            "guestpass:access/clock@0.1.0",
            "guestpass:access/directory@0.1.0",
            "guestpass:access/hooks@0.1.0",
            "guestpass:access/log@0.1.0",
            "guestpass:access/plugins@0.1.0",
            "guestpass:access/random@0.1.0",
            "guestpass:access/store@0.1.0",
            // The words of the contract: types without a single function.
            "guestpass:access/types@0.1.0",
        ]
    );
    let mut exports = info.exports;
    exports.sort();
    assert_eq!(
        exports,
        [
            "guestpass:access/access@0.1.0",
            "guestpass:access/entry@0.1.0",
            "guestpass:access/grants@0.1.0",
            "guestpass:access/history@0.1.0",
            "guestpass:access/invitations@0.1.0",
            "guestpass:access/lifecycle@0.1.0",
            "guestpass:access/lockouts@0.1.0",
            "guestpass:access/policy@0.1.0",
            "guestpass:access/screens@0.1.0",
            "guestpass:access/upkeep@0.1.0",
        ]
    );
}

#[test]
fn p24_no_other_interface_is_named_in_its_bytes() {
    for name in [
        "wasi:",
        "wasi_",
        "env.",
        "__wasm_import",
        "wbindgen",
        "emscripten",
    ] {
        assert!(
            !crate::search::contains(component::BYTES, name.as_bytes()),
            "{name}"
        );
    }
    let mut core_imports: Vec<String> = Vec::new();
    let text = String::from_utf8_lossy(component::BYTES);
    for part in text.split("guestpass:access/").skip(1) {
        let name: String = part
            .chars()
            .take_while(|c| c.is_ascii_lowercase() || *c == '-')
            .collect();
        core_imports.push(name);
    }
    core_imports.sort();
    core_imports.dedup();
    let known = [
        "access",
        "clock",
        "directory",
        "entry",
        "grants",
        "history",
        "hooks",
        "invitations",
        "lifecycle",
        "lockouts",
        "log",
        "plugins",
        "policy",
        "random",
        "screens",
        "store",
        "types",
        "upkeep",
    ];
    assert!(
        core_imports
            .iter()
            .all(|name| known.contains(&name.as_str())),
        "{core_imports:?}"
    );
}
