//! Compiled code is taken from the disk only if nobody else can have written it and it is whole.

mod support;

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use support::{Lines, NO, engine, host, store_byte};
use tempfile::TempDir;
use wasm_encoder::Instruction::I32Const;

fn component() -> Vec<u8> {
    engine(&[NO])
}

/// Starts with this cache and gives the warnings.
fn start(cache: &Path) -> Vec<String> {
    let log = Lines::default();
    let guestpass = host(component())
        .log(log.clone())
        .cache_dir(cache)
        .build()
        .unwrap();
    assert_eq!(guestpass.check("site", "session", "read"), Ok(false));
    log.all()
}

fn filled() -> (TempDir, PathBuf, PathBuf) {
    let dir = tempfile::tempdir().unwrap();
    let cache = dir.path().join("deep/cache");
    assert!(start(&cache).is_empty());
    let files: Vec<_> = fs::read_dir(&cache)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    assert_eq!(files.len(), 1, "one file and nothing temporary: {files:?}");
    (dir, cache, files[0].clone())
}

fn mode(path: &Path) -> u32 {
    fs::metadata(path).unwrap().permissions().mode() & 0o777
}

/// Damages the file in this way, and expects it to be noticed and put right.
fn is_replaced(damage: impl FnOnce(&Path, Vec<u8>)) {
    let (_dir, cache, file) = filled();
    let whole = fs::read(&file).unwrap();
    damage(&file, whole.clone());
    let warnings = start(&cache);
    assert!(
        warnings.len() == 1 && warnings[0].contains("is of no use"),
        "{warnings:?}"
    );
    assert!(
        fs::read(&file).unwrap() == whole,
        "the damaged file was replaced"
    );
    assert!(
        start(&cache).is_empty(),
        "and the next start finds it whole"
    );
}

#[test]
fn the_cache_is_for_its_owner_only() {
    let (_dir, cache, file) = filled();
    assert_eq!((mode(&cache), mode(&file)), (0o700, 0o600));
}

#[test]
fn the_second_start_writes_nothing() {
    let (_dir, cache, file) = filled();
    let before = fs::metadata(&file).unwrap().modified().unwrap();
    assert!(start(&cache).is_empty());
    assert_eq!(fs::metadata(&file).unwrap().modified().unwrap(), before);
}

#[test]
fn a_changed_byte_is_noticed() {
    is_replaced(|file, mut bytes| {
        let middle = bytes.len() / 2;
        bytes[middle] ^= 1;
        fs::write(file, bytes).unwrap();
    });
}

#[test]
fn a_torn_or_empty_file_is_noticed() {
    is_replaced(|file, bytes| fs::write(file, &bytes[..bytes.len() - 1]).unwrap());
    is_replaced(|file, bytes| fs::write(file, &bytes[..20]).unwrap());
    is_replaced(|file, _| fs::write(file, b"").unwrap());
}

#[test]
fn a_file_that_others_can_write_is_not_run() {
    is_replaced(|file, _| fs::set_permissions(file, Permissions::from_mode(0o666)).unwrap());
}

#[test]
fn a_directory_that_others_can_write_is_not_used() {
    let (_dir, cache, _) = filled();
    fs::set_permissions(&cache, Permissions::from_mode(0o777)).unwrap();
    let warnings = start(&cache);
    assert!(
        warnings
            .iter()
            .any(|line| line.contains("can be written by others")),
        "{warnings:?}"
    );
}

#[test]
fn a_cache_that_cannot_be_written_costs_only_time() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("file");
    fs::write(&file, b"").unwrap();
    let warnings = start(&file.join("cache"));
    assert!(
        warnings.len() == 1 && warnings[0].contains("was not kept"),
        "{warnings:?}"
    );
}

#[test]
fn another_component_has_a_file_of_its_own() {
    let (_dir, cache, file) = filled();
    let other = engine(&[NO, I32Const(1), store_byte(4), NO]);
    let guestpass = host(other).cache_dir(&cache).build().unwrap();
    assert_eq!(guestpass.check("site", "session", "read"), Ok(true));
    assert_eq!(fs::read_dir(&cache).unwrap().count(), 2);
    assert!(file.exists());
}
