//! Every proof of every small tree, made by the definition, by the library `ct-merkle`, and by this crate.

use ct_merkle::mem_backed_tree::MemoryBackedTree;
use sha2::Sha256;

use super::*;
use crate::history::merkle::tests::{by_definition, leaves};
use crate::instant::Instant;

const MOST: u64 = 40;

fn checkpoint(all: &[Hash], size: u64) -> Checkpoint {
    Checkpoint {
        site: SiteId::parse("main").unwrap(),
        size,
        at: Instant::from_millis(0),
        root: by_definition(&all[..size as usize]),
    }
}

fn nodes(all: &[Hash]) -> impl FnMut(u32, u64) -> Result<Hash, Refusal> {
    move |height, number| {
        let start = (number << height) as usize;
        Ok(by_definition(&all[start..start + (1 << height)]))
    }
}

fn inclusion_of(all: &[Hash], index: u64, size: u64) -> Inclusion {
    Inclusion {
        index,
        size,
        path: inclusion(index, size, &mut nodes(all)).unwrap(),
    }
}

fn consistency_of(all: &[Hash], first: u64, second: u64) -> Consistency {
    Consistency {
        first,
        second,
        path: consistency(first, second, &mut nodes(all)).unwrap(),
    }
}

fn tree_of_the_library(all: &[Hash]) -> MemoryBackedTree<Sha256, Hash> {
    let mut tree = MemoryBackedTree::new();
    all.iter().for_each(|leaf| tree.push(*leaf));
    tree
}

#[test]
fn every_record_of_every_small_log_is_proved_and_no_other() {
    let all = leaves(MOST);
    for size in 1..=MOST {
        let checkpoint = checkpoint(&all, size);
        for index in 0..size {
            let proof = inclusion_of(&all, index, size);
            let record = &all[index as usize];
            assert!(proof.proves(record, &checkpoint), "{index} of {size}");
            assert_eq!(proof.to_string().parse(), Ok(proof.clone()));
            let other = &all[((index + 1) % MOST) as usize];
            assert!(!proof.proves(other, &checkpoint), "another record");
            let beside = Inclusion {
                index: (index + 1) % size,
                ..proof.clone()
            };
            assert!(size == 1 || !beside.proves(record, &checkpoint));
            for at in 0..proof.path.len() {
                let mut changed = proof.clone();
                changed.path[at][31] ^= 1;
                assert!(!changed.proves(record, &checkpoint));
                let mut shorter = proof.clone();
                shorter.path.remove(at);
                assert!(!shorter.proves(record, &checkpoint));
            }
            let mut of_another_size = checkpoint.clone();
            of_another_size.size += 1;
            assert!(!proof.proves(record, &of_another_size));
            let behind_the_end = Inclusion {
                index: index + size,
                ..proof.clone()
            };
            assert!(!behind_the_end.proves(record, &checkpoint));
            let mut longer = proof;
            longer.path.push([0; 32]);
            assert!(!longer.proves(record, &checkpoint));
        }
    }
}

#[test]
fn every_small_log_is_proved_to_begin_with_each_earlier_one_and_with_no_other() {
    let all = leaves(MOST);
    let mut forked = all.clone();
    for first in 0..=MOST {
        for second in first..=MOST {
            let proof = consistency_of(&all, first, second);
            let (earlier, later) = (checkpoint(&all, first), checkpoint(&all, second));
            assert!(proof.proves(&earlier, &later), "{first} to {second}");
            assert_eq!(proof.to_string().parse(), Ok(proof.clone()));
            assert!(first == second || !proof.proves(&later, &earlier));
            let elsewhere = Checkpoint {
                site: SiteId::parse("other").unwrap(),
                ..later.clone()
            };
            assert!(!proof.proves(&earlier, &elsewhere), "another site's");
            let of_another_size = Checkpoint {
                size: second + 1,
                ..later.clone()
            };
            assert!(!proof.proves(&earlier, &of_another_size));
            let mut longer = proof.clone();
            longer.path.push([0; 32]);
            assert!(!longer.proves(&earlier, &later));
            if first == 0 {
                let forged = Checkpoint {
                    root: [9; 32],
                    ..earlier
                };
                assert!(!proof.proves(&forged, &later));
                continue;
            }
            // Somebody changed a record that the earlier one covers, and made everything fit again.
            forked[first as usize - 1] = [9; 32];
            let proof_of_fork = consistency_of(&forked, first, second);
            let fork = checkpoint(&forked, second);
            assert!(!proof_of_fork.proves(&earlier, &fork));
            assert!(!proof.proves(&earlier, &fork));
            forked[first as usize - 1] = all[first as usize - 1];
            for at in 0..proof.path.len() {
                let mut changed = proof.clone();
                changed.path[at][0] ^= 1;
                assert!(!changed.proves(&earlier, &later));
            }
        }
    }
}

#[test]
fn others_who_know_the_rfc_make_the_same_trees_and_proofs() {
    let all = leaves(MOST);
    let flat = |path: &[Hash]| path.concat();
    for size in 1..=MOST {
        let tree = tree_of_the_library(&all[..size as usize]);
        assert_eq!(
            tree.root().as_bytes().as_slice(),
            checkpoint(&all, size).root
        );
        for index in 0..size {
            let theirs = tree.prove_inclusion(index as usize);
            let ours = inclusion_of(&all, index, size);
            assert_eq!(theirs.as_bytes(), flat(&ours.path), "{index} of {size}");
        }
        for first in 1..size {
            let theirs = tree.prove_consistency((size - first) as usize);
            let ours = consistency_of(&all, first, size);
            assert_eq!(theirs.as_bytes(), flat(&ours.path), "{first} to {size}");
        }
    }
}

#[test]
fn a_proof_is_read_as_it_was_written_or_not_at_all() {
    let all = leaves(20);
    let text = inclusion_of(&all, 3, 20).to_string();
    assert!(text.starts_with("guestpass-inclusion-1 3 20 "));
    for wrong in [
        &text[1..],
        &text[..text.len() - 1],
        &text.replace("1 3 20", "1 4 20"),
        "",
        "guestpass-inclusion-1",
    ] {
        let refusal = wrong.parse::<Inclusion>().unwrap_err();
        assert_eq!(refusal.code, Code::BadProof, "{wrong}");
    }
    assert!(text.parse::<Consistency>().is_err(), "the other kind");
}
