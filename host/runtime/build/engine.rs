//! How the engine is built: a nested cargo compiles `guest/component` to WebAssembly, and wit-component makes a component of
//! it.
//!
//! The bytes depend on the sources, the lock file and the toolchain alone: not on where the repository lies, on who
//! builds, or on which cargo command it was that asked. A test of the workspace builds it by this once more, elsewhere.

use std::env;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use wit_component::ComponentEncoder;

const TARGET: &str = "wasm32-unknown-unknown";
const PROFILE: &str = "guest";
const PACKAGE: &str = "guestpass-component";

/// What went wrong, as a sentence.
pub type Outcome<T> = Result<T, String>;

/// Builds the engine of this workspace.
pub fn component(workspace: &Path, target_dir: &Path, toolchain: &Toolchain) -> Outcome<Vec<u8>> {
    encode(&compile(workspace, target_dir, toolchain)?)
}

/// The programs that build the rest of the workspace too.
pub struct Toolchain {
    pub cargo: String,
    pub rustc: String,
}

impl Toolchain {
    fn ask(&self, arguments: &[&str]) -> Outcome<String> {
        let asked = Command::new(&self.rustc).args(arguments).output();
        let output = asked.map_err(|error| format!("cannot run `{}`: {error}", self.rustc))?;
        if output.status.success() {
            Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned())
        } else {
            Err(format!("`{} {}` failed", self.rustc, arguments.join(" ")))
        }
    }

    fn has_target(&self) -> Outcome<bool> {
        let libraries = self.ask(&["--print", "target-libdir", "--target", TARGET])?;
        Ok(fs::read_dir(libraries).is_ok_and(|mut entries| entries.next().is_some()))
    }

    /// Adds the target to the toolchain if it lacks it.
    pub fn ensure_target(&self) -> Outcome<()> {
        if self.has_target()? {
            return Ok(());
        }
        let mut rustup = Command::new("rustup");
        rustup.args(["target", "add", TARGET]);
        let mut by_hand = format!("rustup target add {TARGET}");
        // Set by rustup's own cargo: the toolchain that is in use here.
        if let Ok(toolchain) = env::var("RUSTUP_TOOLCHAIN") {
            rustup.args(["--toolchain", &toolchain]);
            write!(by_hand, " --toolchain {toolchain}").map_err(|error| error.to_string())?;
        }
        let added = rustup.status().is_ok_and(|status| status.success());
        if added && self.has_target()? {
            return Ok(());
        }
        Err(format!(
            "the engine is compiled to WebAssembly, and this toolchain cannot do that yet. Type\n    {by_hand}"
        ))
    }

    /// Names that stand for the places of this machine in what is compiled.
    fn remappings(&self, workspace: &Path) -> Outcome<Vec<String>> {
        let sysroot = PathBuf::from(self.ask(&["--print", "sysroot"])?);
        let version = self.ask(&["--version", "--verbose"])?;
        let commit = version
            .lines()
            .find_map(|line| line.strip_prefix("commit-hash: "))
            .unwrap_or("unknown");
        let mut places = vec![
            (workspace.to_owned(), "guestpass".to_owned()),
            // What a toolchain without its sources writes by itself.
            (
                sysroot.join("lib/rustlib/src/rust"),
                format!("/rustc/{commit}"),
            ),
        ];
        if let Some(cargo_home) = cargo_home() {
            // A registry's directory is named after its address, which may be that of a mirror. The last that fits counts.
            let registries = fs::read_dir(cargo_home.join("registry/src"))
                .into_iter()
                .flatten()
                .flatten();
            places.push((cargo_home, "cargo".to_owned()));
            places.extend(registries.map(|registry| (registry.path(), "crates".to_owned())));
        }
        let remap =
            |(from, to): &(PathBuf, String)| format!("--remap-path-prefix={}={to}", from.display());
        Ok(places.iter().map(remap).collect())
    }
}

fn cargo_home() -> Option<PathBuf> {
    let set = env::var_os("CARGO_HOME").map(PathBuf::from);
    set.or_else(|| env::home_dir().map(|home| home.join(".cargo")))
}

/// Compiles the component's module with a cargo of its own.
fn compile(workspace: &Path, target_dir: &Path, toolchain: &Toolchain) -> Outcome<Vec<u8>> {
    let mut cargo = Command::new(&toolchain.cargo);
    cargo
        .current_dir(workspace)
        .args([
            "build",
            "--locked",
            "--package",
            PACKAGE,
            "--profile",
            PROFILE,
            "--target",
            TARGET,
        ])
        .arg("--target-dir")
        .arg(target_dir);
    for (name, _) in env::vars_os() {
        if name.to_str().is_none_or(belongs_to_the_outer_build) {
            cargo.env_remove(name);
        }
    }
    // Empty means none, also where a configuration file names one.
    cargo
        .env("RUSTC_WRAPPER", "")
        .env("RUSTC_WORKSPACE_WRAPPER", "");
    cargo.env(
        "CARGO_ENCODED_RUSTFLAGS",
        toolchain.remappings(workspace)?.join("\x1f"),
    );

    let status = cargo
        .status()
        .map_err(|error| format!("cannot run cargo to compile the engine: {error}"))?;
    if !status.success() {
        return Err(
            "the engine in guest/ does not compile; what the compiler said stands below".to_owned(),
        );
    }
    let module = target_dir
        .join(TARGET)
        .join(PROFILE)
        .join(format!("{}.wasm", PACKAGE.replace('-', "_")));
    fs::read(&module).map_err(|error| format!("cannot read `{}`: {error}", module.display()))
}

/// Whether a variable tells how the outer cargo builds: flags, wrappers (clippy's among them), profiles, directories. Where
/// to find toolchains and packages holds for both.
fn belongs_to_the_outer_build(name: &str) -> bool {
    const SHARED: [&str; 8] = [
        "CARGO_HOME",
        "CARGO_HTTP_",
        "CARGO_MAKEFLAGS",
        "CARGO_NET_",
        "CARGO_REGISTR",
        "CARGO_SOURCE_",
        "CARGO_TERM_",
        "RUSTUP_",
    ];
    let cargo =
        name.starts_with("CARGO") || name.starts_with("__CARGO") || name.starts_with("RUST");
    cargo && name != "RUSTC" && !SHARED.iter().any(|shared| name.starts_with(shared))
}

fn encode(module: &[u8]) -> Outcome<Vec<u8>> {
    let component = ComponentEncoder::default()
        .validate(true)
        .module(module)
        .and_then(|encoder| encoder.encode());
    let component = component
        .map_err(|error| format!("the engine's module does not make a component: {error:#}"))?;
    without_names(&component)
}

/// The component without the names that its parts have for debuggers: some kilobytes that nothing ever reads.
fn without_names(component: &[u8]) -> Outcome<Vec<u8>> {
    const PREAMBLE: usize = 8;
    const NAMES: &[u8] = b"component-name";
    let cut_short = || "the component is cut short".to_owned();
    let (preamble, mut rest) = component.split_at_checked(PREAMBLE).ok_or_else(cut_short)?;
    let mut kept = preamble.to_vec();
    // A section is its kind, its length, and its content; that of kind 0 begins with a name and its length.
    while let Some((kind, after)) = rest.split_first() {
        let (length, content) = leb128(after).ok_or_else(cut_short)?;
        let (content, next) = content.split_at_checked(length).ok_or_else(cut_short)?;
        let name = || leb128(content).and_then(|(length, text)| text.get(..length));
        if *kind != 0 || name() != Some(NAMES) {
            kept.extend_from_slice(&rest[..rest.len() - next.len()]);
        }
        rest = next;
    }
    Ok(kept)
}

/// The number at the beginning of `bytes`, and what follows it.
fn leb128(bytes: &[u8]) -> Option<(usize, &[u8])> {
    let end = bytes.iter().take(5).position(|byte| byte & 0x80 == 0)? + 1;
    let (number, rest) = bytes.split_at(end);
    let groups = number.iter().rev();
    Some((
        groups.fold(0, |number, byte| number << 7 | usize::from(byte & 0x7f)),
        rest,
    ))
}
