//! Checkpoints, proofs and the export, as an owner and somebody who does not trust the site use them. Everything is hashed
//! here once more from its definition, without the engine.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::Value;
use sha2::{Digest as _, Sha256};

use super::{Site, site};
use crate::log::root;

fn bytes(hex: &Value) -> Vec<u8> {
    let digits = hex
        .as_str()
        .expect("hexadecimal digits")
        .as_bytes()
        .chunks(2);
    digits
        .map(|pair| u8::from_str_radix(std::str::from_utf8(pair).unwrap(), 16).unwrap())
        .collect()
}

/// A site on which something happened, and a checkpoint of that in a file.
fn with_history() -> (Site, String) {
    let site = site();
    site.link("sam@support.example", &["--role", "editor", "--for", "P7D"]);
    site.ask(&["grant", "extend", "sam@support.example", "--by", "P1D"]);
    site.ask(&["policy", "set", "--longest-window", "P3M"]);
    let file = site.data().with_file_name("kept.txt");
    let file = file.to_str().unwrap().to_owned();
    let told = site.run(&["history", "checkpoint", "--out", &file]);
    assert_eq!(told.code, Some(0), "{told:?}");
    assert!(told.out.contains("3 records"), "{told:?}");
    (site, file)
}

#[test]
fn an_export_is_hashed_again_by_anybody_and_leads_to_the_root_of_its_checkpoint() {
    let (site, _) = with_history();
    let printed = site.run(&["history", "export"]);
    assert_eq!(printed.code, Some(0), "{printed:?}");
    let mut lines: Vec<Value> = printed
        .out
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    let last = lines.pop().unwrap();
    assert_eq!(last["size"], lines.len());
    let mut hashes = Vec::new();
    for (index, line) in lines.iter().enumerate() {
        assert_eq!(line["index"], index);
        assert_eq!(line["id"], line["record"]["id"]);
        let hash = Sha256::digest(bytes(&line["stored"])).to_vec();
        assert_eq!(hash, bytes(&line["hash"]));
        hashes.push(hash);
    }
    assert_eq!(root(&hashes), bytes(&last["root"]));
    let words: Vec<_> = last["checkpoint"].as_str().unwrap().split(' ').collect();
    assert_eq!(words[4], URL_SAFE_NO_PAD.encode(root(&hashes)));

    let file = site.data().with_file_name("history.jsonl");
    let told = site.ask(&["history", "export", "--out", file.to_str().unwrap()]);
    assert_eq!(told["size"], lines.len());
    let written = std::fs::read_to_string(&file).unwrap();
    let without_checkpoint = |text: &str| text.rsplit_once("\n{").unwrap().0.to_owned();
    assert_eq!(
        without_checkpoint(&written),
        without_checkpoint(&printed.out)
    );
}

#[test]
fn a_proof_is_checked_by_anybody_who_has_the_checkpoint() {
    let (site, file) = with_history();
    site.ask(&["grant", "revoke", "sam@support.example"]);
    let proved = site.ask(&["history", "prove", "policy.0", "--checkpoint", &file]);
    let kept = std::fs::read_to_string(&file).unwrap();
    assert_eq!(proved["checkpoint"], kept.trim());
    // The path, from the leaf to the root, for a tree of three: RFC 9162, 2.1.3.2, by hand.
    let words: Vec<_> = proved["proof"].as_str().unwrap().split(' ').collect();
    let index: usize = words[1].parse().unwrap();
    assert_eq!((words[0], words[2]), ("guestpass-inclusion-1", "3"));
    let path: Vec<_> = words[3..words.len() - 1]
        .iter()
        .map(|word| URL_SAFE_NO_PAD.decode(word).unwrap())
        .collect();
    let join = |left: &[u8], right: &[u8]| Sha256::digest([&[1], left, right].concat()).to_vec();
    let record = Sha256::digest(bytes(&proved["entry"]["stored"]));
    let leaf = Sha256::digest([&[0], record.as_slice()].concat()).to_vec();
    let top = match (index, path.as_slice()) {
        (0, [right, top]) => join(&join(&leaf, right), top),
        (1, [left, top]) => join(&join(left, &leaf), top),
        (2, [left]) => join(left, &leaf),
        other => panic!("{other:?}"),
    };
    let of_checkpoint = kept.split(' ').nth(4).unwrap();
    assert_eq!(of_checkpoint, URL_SAFE_NO_PAD.encode(top));
    // What happened later is in no earlier checkpoint.
    let later = proved["entry"]["id"].as_str().unwrap().replace(".0", ".1");
    let refused = site.run(&["history", "prove", &later, "--checkpoint", &file, "--json"]);
    assert_eq!(refused.code, Some(1), "{refused:?}");
    assert_eq!(refused.json()["error"]["code"], "unknown-record");
}

#[test]
fn history_is_verified_against_a_kept_checkpoint() {
    let (site, file) = with_history();
    let early = site.data().with_file_name("early.db");
    std::fs::copy(site.database(), &early).unwrap();
    site.ask(&["grant", "revoke", "sam@support.example"]);
    let sound = site.run(&["history", "verify", "--against", &file]);
    assert_eq!(sound.code, Some(0), "{sound:?}");
    assert!(
        sound.out.contains("as the checkpoint of 3 says"),
        "{sound:?}"
    );
    let late = site.ask(&["history", "checkpoint"]);
    let late = late["checkpoint"].as_str().unwrap();
    let against = ["history", "verify", "--against", late];
    assert_eq!(site.run(&against).code, Some(0));

    // Somebody puts an earlier database back: nothing is wrong with it but what it lacks.
    for with in ["", "-wal", "-shm"] {
        let beside = site.database().with_extension(format!("db{with}"));
        let _ = std::fs::remove_file(beside);
    }
    std::fs::copy(&early, site.database()).unwrap();
    assert_eq!(site.run(&["history", "verify"]).code, Some(0));
    assert_eq!(
        site.run(&["history", "verify", "--against", &file]).code,
        Some(0)
    );
    let found = site.run(&against);
    assert_eq!(found.code, Some(1), "{found:?}");
    assert!(found.out.contains("the last 1 are gone"), "{found:?}");

    for (wrong, code) in [(&late[..20], 2), ("no-such-file", 2), (&late[1..], 2)] {
        let refused = site.run(&["history", "verify", "--against", wrong]);
        assert_eq!(refused.code, Some(code), "{refused:?}");
        assert!(refused.err.contains("checkpoint"), "{refused:?}");
    }
}
