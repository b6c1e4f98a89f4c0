use super::*;

const TEXT: &str = "id = \"quiet\"\nversion = \"1.0.0\"\ndescription = \"d\"\nauthor = \"a\"\nlicence = \"MIT\"\nhooks = [\"action\"]\n";
const KEY: [u8; 32] = [7; 32];

fn code(outcome: Result<Package, PluginError>) -> (String, String) {
    let error = outcome.expect_err("it is refused");
    (error.code().to_owned(), error.to_string())
}

/// A gzipped tar archive whose entries are written as they are, without any check.
fn raw(entries: &[(&[u8], tar::EntryType, &[u8])]) -> Vec<u8> {
    use std::io::Write as _;
    let mut gz = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    for (name, kind, content) in entries {
        let mut header = tar::Header::new_old();
        header.as_old_mut().name[..name.len()].copy_from_slice(name);
        header.set_entry_type(*kind);
        header.set_size(content.len() as u64);
        header.set_mode(0o644);
        header.set_cksum();
        gz.write_all(header.as_bytes()).unwrap();
        gz.write_all(content).unwrap();
        gz.write_all(&vec![
            0;
            content.len().next_multiple_of(512) - content.len()
        ])
        .unwrap();
    }
    gz.write_all(&[0; 1024]).unwrap();
    gz.finish().unwrap()
}

#[test]
fn an_archive_holds_what_was_packed_and_is_the_same_each_time() {
    let package = Package::new(TEXT, vec![1, 2, 3], None).unwrap();
    let archive = package.to_archive().unwrap();
    assert_eq!(archive, package.to_archive().unwrap());
    let read = Package::from_archive(&archive).unwrap();
    assert_eq!(
        (read.component(), read.manifest_text()),
        (&[1, 2, 3][..], TEXT)
    );
}

#[test]
fn a_folder_is_read_and_what_it_lacks_is_named() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join(MANIFEST), TEXT).unwrap();
    let (found, message) = code(Package::read(folder.path()));
    assert_eq!(found, "incomplete-package");
    assert!(message.contains("`plugin.wasm`"), "{message}");
    std::fs::write(folder.path().join(COMPONENT), [1]).unwrap();
    assert_eq!(Package::read(folder.path()).unwrap().component(), [1]);
}

#[test]
fn an_archive_with_a_path_a_link_or_a_double_is_refused() {
    let file = tar::EntryType::Regular;
    for (entries, said) in [
        (
            vec![(&b"../../plugin.wasm"[..], file, &b"x"[..])],
            "`../../plugin.wasm`",
        ),
        (
            vec![(&b"/etc/passwd"[..], file, &b"x"[..])],
            "`/etc/passwd`",
        ),
        (
            vec![(&b"./plugin.toml"[..], file, &b"x"[..])],
            "all of them at its top",
        ),
        (
            vec![(&b"plugin.wasm"[..], tar::EntryType::Symlink, &b""[..])],
            "no plain file",
        ),
        (
            vec![(&b"plugin.wasm"[..], tar::EntryType::Directory, &b""[..])],
            "no plain file",
        ),
        (
            vec![
                (&b"plugin.sig"[..], file, &b"x"[..]),
                (&b"plugin.sig"[..], file, &b"y"[..]),
            ],
            "twice",
        ),
    ] {
        let (found, message) = code(Package::from_archive(&raw(&entries)));
        assert_eq!(found, "bad-package");
        assert!(message.contains(said), "{message}");
    }
    for garbage in [&b""[..], b"PK\x03\x04", &[0x1f, 0x8b, 8, 0]] {
        assert!(Package::from_archive(garbage).is_err());
    }
}

#[test]
fn a_small_archive_does_not_become_a_large_one() {
    let long = vec![b'#'; (LARGEST_TEXT + 1) as usize];
    let archive = raw(&[(b"plugin.toml", tar::EntryType::Regular, &long)]);
    assert!(archive.len() < 1000);
    assert!(
        code(Package::from_archive(&archive))
            .1
            .contains("has more than the 65536 bytes")
    );
}

#[test]
fn a_signature_binds_the_manifest_and_the_component() {
    let text = format!("public-key = \"{}\"\n{TEXT}", verifying_key(&KEY));
    let signature = sign(&KEY, &text, &[1]);
    let package = Package::new(&text, vec![1], Some(&signature)).unwrap();
    assert!(Package::from_archive(&package.to_archive().unwrap()).is_ok());

    let changed = text.replace("1.0.0", "1.0.1");
    let other_key = sign(&[8; 32], &text, &[1]);
    for (text, component, signature) in [
        (text.as_str(), vec![2], Some(signature.as_str())),
        (&changed, vec![1], Some(&signature)),
        (&text, vec![1], Some(&other_key)),
        (&text, vec![1], Some("garbage")),
        (&text, vec![1], None),
        (TEXT, vec![1], Some(&signature)),
    ] {
        assert_eq!(
            code(Package::new(text, component, signature)).0,
            "bad-signature"
        );
    }
}
