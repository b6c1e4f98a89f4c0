//! Makes Rust of what is no Rust: the texts in `languages/` become one table a language and a function a text, and the
//! stylesheet and the script get names that change with their content.
//!
//! What a language lacks, or what asks for a value that the English text does not have, stops the build.

use std::env;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use sha2::{Digest as _, Sha256};

#[path = "build/texts.rs"]
mod texts;

fn main() {
    if let Err(reason) = build() {
        for line in reason.lines() {
            println!("cargo::error={line}");
        }
        std::process::exit(1);
    }
}

fn build() -> Result<(), String> {
    let here = PathBuf::from(env::var("CARGO_MANIFEST_DIR").map_err(|error| error.to_string())?);
    let out = PathBuf::from(env::var("OUT_DIR").map_err(|error| error.to_string())?);
    for source in ["build.rs", "build", "languages", "assets"] {
        println!("cargo::rerun-if-changed={source}");
    }
    let languages = here.join("languages");
    write(&out.join("texts.rs"), &texts::rust(&languages, None)?)?;
    // For tests: as if somebody had added a language that is written from right to left.
    let mirrored = texts::rust(&languages, Some("ar"))?;
    write(&out.join("texts_mirrored.rs"), &mirrored)?;
    write(&out.join("assets.rs"), &assets(&here.join("assets"))?)
}

fn write(path: &Path, text: &str) -> Result<(), String> {
    fs::write(path, text).map_err(|error| format!("cannot write `{}`: {error}", path.display()))
}

fn read(path: &Path) -> Result<String, String> {
    fs::read_to_string(path).map_err(|error| format!("cannot read `{}`: {error}", path.display()))
}

/// A text as the component holds it: deflated, in Rust's words.
fn packed(text: &str) -> String {
    let packed = miniz_oxide::deflate::compress_to_vec(text.as_bytes(), 10);
    format!("b\"{}\"", packed.escape_ascii())
}

/// The assets under names with the first 16 digits of their SHA-256 in them.
fn assets(folder: &Path) -> Result<String, String> {
    let mut rust = String::new();
    for (constant, stem, end, kind) in [
        ("STYLE", "style", "css", "text/css; charset=utf-8"),
        ("SCRIPT", "page", "js", "text/javascript; charset=utf-8"),
    ] {
        let text = without_comments(&read(&folder.join(format!("{stem}.{end}")))?, end);
        let digest = Sha256::digest(text.as_bytes());
        let hash = digest.iter().take(8).fold(String::new(), |mut hex, byte| {
            let _ = write!(hex, "{byte:02x}");
            hex
        });
        let _ = writeln!(
            rust,
            "/// From `assets/{stem}.{end}`.\npub(crate) const {constant}: Asset = Asset {{ name: \"{stem}-{hash}.{end}\", kind: {kind:?}, packed: {} }};",
            packed(&text)
        );
    }
    Ok(rust)
}

/// What browsers need of it: without indentation, empty lines, and lines that only say why.
fn without_comments(text: &str, end: &str) -> String {
    let mut kept = String::new();
    let mut comment = false;
    for line in text.lines().map(str::trim) {
        if end == "css" && line.starts_with("/*") {
            comment = true;
        }
        let skip = comment || line.is_empty() || (end == "js" && line.starts_with("//"));
        if line.ends_with("*/") {
            comment = false;
        }
        if !skip {
            kept.push_str(line);
            kept.push('\n');
        }
    }
    kept
}
