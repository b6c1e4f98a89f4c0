//! Plugins made to order, out of WebAssembly text: small enough to be built by each test that wants one, and free to do what
//! no compiler would.
//!
//! What comes in and goes out lies in memory as the component model says. An answer of nothing but zeros is the one that
//! objects to nothing, so most bodies end with its address, [`NO_OBJECTION`].

use std::path::Path;

use guestpass::plugins::{Capability, Hook, Package};
use wit_component::{ComponentEncoder, StringEncoding, embed_component_metadata};
use wit_parser::Resolve;

/// Where memory is zero for ever.
pub const NO_OBJECTION: &str = "(i32.const 1024)";

/// Sets an answer at 2048 that vetoes with a sentence of this place and length, for a grant filter, and gives its address.
pub fn veto_grant(at: u32, len: u32) -> String {
    format!(
        "(i32.store8 (i32.const 2056) (i32.const 1)) (i32.store (i32.const 2060) (i32.const {at})) \
         (i32.store (i32.const 2064) (i32.const {len})) (i32.const 2048)"
    )
}

/// Sets an answer at 2048 that vetoes with the sentence which these leave on the stack, for an entry filter.
pub fn veto_entry(at: &str, len: &str) -> String {
    format!(
        "(i32.store8 (i32.const 2052) (i32.const 1)) (i32.store (i32.const 2056) {at}) (i32.store (i32.const 2060) {len}) \
         (i32.const 2048)"
    )
}

/// The contract whose files lie in this directory, as one text.
pub fn contract_in(directory: &Path) -> String {
    let mut files: Vec<_> = std::fs::read_dir(directory)
        .unwrap()
        .map(|file| file.unwrap().path())
        .collect();
    files.sort();
    let mut contract = String::new();
    for file in files {
        let text = std::fs::read_to_string(file).unwrap();
        let package = text.lines().find(|line| line.starts_with("package "));
        let package = package.unwrap().to_owned();
        let rest = text.replace(&package, "");
        // Said once, at the top.
        contract = if contract.is_empty() {
            format!("{package}\n{rest}")
        } else {
            contract + &rest
        };
    }
    contract
}

/// A plugin to build.
#[derive(Clone)]
pub struct Made {
    /// Its name.
    pub id: String,
    /// Its version.
    pub version: &'static str,
    hooks: Vec<(Hook, String)>,
    imports: Vec<(&'static str, &'static str)>,
    asks: Vec<Capability>,
    extra: String,
    texts: Vec<(u32, Vec<u8>)>,
    pages: u32,
    manifest: String,
}

/// A plugin of this name without any hook.
pub fn made(id: &str) -> Made {
    Made {
        id: id.to_owned(),
        version: "1.0.0",
        hooks: Vec::new(),
        imports: Vec::new(),
        asks: Vec::new(),
        extra: String::new(),
        texts: Vec::new(),
        pages: 2,
        manifest: String::new(),
    }
}

impl Made {
    /// With this hook, whose function runs this body.
    pub fn hook(mut self, hook: Hook, body: impl Into<String>) -> Self {
        self.hooks.push((hook, body.into()));
        self
    }

    /// In this version.
    pub fn version(mut self, version: &'static str) -> Self {
        self.version = version;
        self
    }

    /// Asks for this in its manifest.
    pub fn asks(mut self, capability: &str) -> Self {
        self.asks.push(capability.parse().unwrap());
        self
    }

    /// Imports this interface, declared so in the module.
    pub fn imports(mut self, interface: &'static str, declared: &'static str) -> Self {
        self.imports.push((interface, declared));
        self
    }

    /// With more in its module.
    pub fn with(mut self, extra: impl Into<String>) -> Self {
        self.extra += &extra.into();
        self
    }

    /// With these bytes in memory.
    pub fn text(mut self, at: u32, bytes: impl Into<Vec<u8>>) -> Self {
        self.texts.push((at, bytes.into()));
        self
    }

    /// With so many pages of memory to begin with.
    pub fn pages(mut self, pages: u32) -> Self {
        self.pages = pages;
        self
    }

    /// With more in its manifest, above the capabilities.
    pub fn saying(mut self, lines: &str) -> Self {
        self.manifest += lines;
        self.manifest += "\n";
        self
    }

    /// The plugin, ready to be installed.
    pub fn package(&self) -> Package {
        self.lying(|manifest| manifest)
    }

    /// With a manifest that was changed by hand.
    pub fn lying(&self, change: impl FnOnce(String) -> String) -> Package {
        Package::new(&change(self.manifest()), self.component(), None).unwrap()
    }

    /// The manifest that tells the truth about it.
    pub fn manifest(&self) -> String {
        let hooks: Vec<_> = self
            .hooks
            .iter()
            .map(|(hook, _)| format!("\"{}\"", hook.name()))
            .collect();
        let listed = |kind: &str| {
            let of: Vec<_> = self
                .asks
                .iter()
                .map(ToString::to_string)
                .filter_map(|one| one.strip_prefix(kind).map(|name| format!("\"{name}\"")))
                .collect();
            of.join(", ")
        };
        let flag = |capability: Capability| self.asks.contains(&capability);
        format!(
            "id = \"{}\"\nversion = \"{}\"\ndescription = \"d\"\nauthor = \"a\"\nlicence = \"MIT\"\nhooks = [{}]\n{}\n\
             [capabilities]\nlog = {}\nkeyvalue = {}\nclock = {}\nhttp = [{}]\nrequests = [{}]\n",
            self.id,
            self.version,
            hooks.join(", "),
            self.manifest,
            flag(Capability::Log),
            flag(Capability::KeyValue),
            flag(Capability::Clock),
            listed("http:"),
            listed("requests:"),
        )
    }

    /// Its component, for the contract as it is.
    pub fn component(&self) -> Vec<u8> {
        self.component_of("0.1.0", |wit| wit)
    }

    /// The component for a contract of another version, whose text was changed by hand.
    pub fn component_of(&self, version: &str, change: impl Fn(String) -> String) -> Vec<u8> {
        let present = concat!(env!("CARGO_MANIFEST_DIR"), "/../wit/plugin");
        let contract = change(contract_in(Path::new(present)));
        self.component_against(
            &contract.replace("plugin@0.1.0", &format!("plugin@{version}")),
            version,
        )
    }

    /// The component as it comes out of compiling against this text of the contract.
    pub fn component_against(&self, contract: &str, version: &str) -> Vec<u8> {
        let mut resolve = Resolve::default();
        resolve.push_str("contract.wit", contract).unwrap();
        let mut world = String::from("package test:made;\nworld made {\n");
        for (interface, _) in &self.imports {
            let foreign = interface.contains(':');
            world += &if foreign {
                format!("import {interface};\n")
            } else {
                format!("import guestpass:plugin/{interface}@{version};\n")
            };
        }
        for (hook, _) in &self.hooks {
            world += &format!("export guestpass:plugin/{}@{version};\n", hook.name());
        }
        resolve
            .push_str(
                "foreign.wit",
                "package wasi:clocks@0.2.0;\ninterface wall { now: func() -> u64; }\n",
            )
            .unwrap();
        let package = resolve.push_str("made.wit", &(world + "}\n")).unwrap();
        let world = resolve.select_world(&[package], Some("made")).unwrap();

        let mut module = wat::parse_str(self.module(version)).unwrap();
        embed_component_metadata(&mut module, &resolve, world, StringEncoding::UTF8, false)
            .unwrap();
        ComponentEncoder::default()
            .validate(true)
            .module(&module)
            .unwrap()
            .encode()
            .unwrap()
    }

    fn module(&self, version: &str) -> String {
        let mut text = String::from("(module\n");
        for (interface, declared) in &self.imports {
            let foreign = interface.contains(':');
            let module = if foreign {
                (*interface).to_owned()
            } else {
                format!("guestpass:plugin/{interface}@{version}")
            };
            text += &declared.replace("MODULE", &format!("\"{module}\""));
            text += "\n";
        }
        text += &format!("(memory (export \"memory\") {})\n", self.pages);
        text +=
            "(global $heap (mut i32) (i32.const 16384))\n(global $calls (mut i32) (i32.const 0))\n";
        text += "(func (export \"cabi_realloc\") (param i32 i32 i32 i32) (result i32)\n\
                 (global.get $heap)\n\
                 (global.set $heap (i32.and (i32.add (i32.add (global.get $heap) (local.get 3)) (i32.const 15)) (i32.const -16))))\n";
        for (hook, body) in &self.hooks {
            let (function, params) = match hook {
                Hook::GrantFilter | Hook::EntryFilter => ("review", "i32"),
                Hook::PermissionFilter => ("narrow", "i32 i32 i32 i32 i32 i32 i32 i32 i32 i32"),
                Hook::Action => ("react", "i32"),
            };
            text += &format!(
                "(func (export \"guestpass:plugin/{0}@{version}#{function}\") (param {params}) (result i32)\n{body})\n\
                 (func (export \"cabi_post_guestpass:plugin/{0}@{version}#{function}\") (param i32)\n\
                 (global.set $heap (i32.const 16384)))\n",
                hook.name()
            );
        }
        for (at, bytes) in &self.texts {
            let escaped: String = bytes.iter().map(|byte| format!("\\{byte:02x}")).collect();
            text += &format!("(data (i32.const {at}) \"{escaped}\")\n");
        }
        text + &self.extra + ")"
    }
}

/// `log.write`.
pub const LOG: (&str, &str) = (
    "log",
    "(import MODULE \"write\" (func $write (param i32 i32 i32)))",
);
/// `clock.now`.
pub const CLOCK: (&str, &str) = ("clock", "(import MODULE \"now\" (func $now (result i64)))");
/// `http.send`.
pub const HTTP: (&str, &str) = (
    "http",
    "(import MODULE \"send\" (func $send (param i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32)))",
);
/// `keyvalue.set`.
pub const KEEP: (&str, &str) = (
    "keyvalue",
    "(import MODULE \"set\" (func $set (param i32 i32 i32 i32 i32)))",
);
/// A clock of WASI.
pub const WASI: (&str, &str) = (
    "wasi:clocks/wall@0.2.0",
    "(import MODULE \"now\" (func $wasi_now (result i64)))",
);

/// An entry filter that asks this address, and vetoes with the reason if it is not asked, or with `redirected` if the answer is
/// a redirect.
pub fn asking(id: &str, url: &str, host: &str) -> Made {
    let len = url.len();
    let body = format!(
        "(call $send (i32.const 3072) (i32.const 3) (i32.const 3100) (i32.const {len}) (i32.const 0) (i32.const 0) (i32.const 0) \
         (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 3400))\n\
         (if (result i32) (i32.load8_u (i32.const 3400))\n\
           (then {})\n\
           (else (if (result i32) (i32.eq (i32.load16_u (i32.const 3404)) (i32.const 302)) (then {}) (else {NO_OBJECTION}))))",
        veto_entry("(i32.load (i32.const 3404))", "(i32.load (i32.const 3408))"),
        veto_entry("(i32.const 3080)", "(i32.const 10)"),
    );
    made(id)
        .hook(Hook::EntryFilter, body)
        .imports(HTTP.0, HTTP.1)
        .asks(&format!("http:{host}"))
        .text(3072, "GET")
        .text(3080, "redirected")
        .text(3100, url)
}
