//! Reading a policy as often as it is needed, which is several times a call, and taking it apart only when it is another.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

use crate::codec;
use crate::engine::Engine;
use crate::names::SiteId;
use crate::policy::Policy;
use crate::ports::Stored;
use crate::refusal::Refusal;
use crate::transaction::Chained;

/// Policies by site, kept between calls with the bytes they were read from. One is only used while these very bytes are
/// stored, so whoever changes one, by whatever way, is heard at once.
#[derive(Debug, Default)]
pub struct Policies(RefCell<BTreeMap<SiteId, Read>>);

#[derive(Debug)]
struct Read {
    from: Vec<u8>,
    policy: Rc<Chained<Policy>>,
}

impl Policies {
    /// More sites than this and the memory starts anew: a policy may have some 64 KiB.
    const MAX_SITES: usize = 16;

    fn get(&self, site: &SiteId, stored: &[u8]) -> Option<Rc<Chained<Policy>>> {
        let known = self.0.borrow();
        let read = known.get(site)?;
        are_same(&read.from, stored).then(|| Rc::clone(&read.policy))
    }

    fn keep(&self, site: &SiteId, from: Vec<u8>, policy: Rc<Chained<Policy>>) {
        let mut known = self.0.borrow_mut();
        if known.len() >= Self::MAX_SITES {
            known.clear();
        }
        known.insert(site.clone(), Read { from, policy });
    }
}

/// Eight bytes at a time: WebAssembly has no instruction that compares more.
fn are_same(a: &[u8], b: &[u8]) -> bool {
    let ((a_words, a_rest), (b_words, b_rest)) = (a.as_chunks::<8>(), b.as_chunks::<8>());
    let words_are = || a_words.iter().zip(b_words).all(|(a, b)| a == b);
    a.len() == b.len() && words_are() && a_rest == b_rest
}

impl Engine<'_> {
    /// The policy of this site, as it is stored. Where nothing is, it is the one that a site begins with.
    ///
    /// # Errors
    /// If the record is damaged.
    pub(crate) fn policy_stored(
        &self,
        site: &SiteId,
        stored: Option<Stored>,
    ) -> Result<Rc<Chained<Policy>>, Refusal> {
        let Some(Stored { value, .. }) = stored else {
            return Ok(Rc::default());
        };
        if let Some(known) = self.policies.get(site, &value) {
            return Ok(known);
        }
        let policy = Rc::new(codec::decode(&value, || "the site's policy".to_owned())?);
        self.policies.keep(site, value, Rc::clone(&policy));
        Ok(policy)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_policy_is_remembered_for_the_bytes_it_was_read_from_and_at_most_16_of_them() {
        let site = |number: usize| SiteId::parse(&format!("site-{number}")).unwrap();
        let policy = Rc::<Chained<Policy>>::default();
        let policies = Policies::default();
        for number in 0..Policies::MAX_SITES {
            policies.keep(&site(number), b"these".to_vec(), Rc::clone(&policy));
        }
        let kept = |number, from: &[u8]| policies.get(&site(number), from);
        assert!(kept(0, b"these").is_some_and(|kept| Rc::ptr_eq(&kept, &policy)));
        assert!(kept(0, b"those").is_none());
        let next = Policies::MAX_SITES;
        policies.keep(&site(next), b"these".to_vec(), Rc::clone(&policy));
        assert!(kept(0, b"these").is_none() && kept(next, b"these").is_some());
    }

    #[test]
    fn only_the_same_bytes_are_the_same() {
        let bytes: Vec<u8> = (0..21).collect();
        for length in 0..bytes.len() {
            let whole = &bytes[..length];
            let mut other = whole.to_vec();
            assert!(are_same(whole, &other));
            assert!(!are_same(whole, &bytes[..=length]));
            for index in 0..length {
                other[index] ^= 1;
                assert!(!are_same(whole, &other), "{length} {index}");
                other[index] ^= 1;
            }
        }
    }
}
