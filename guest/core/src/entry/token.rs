//! Links and sessions as tokens: `<kind>_<grant id>_<secret>_<checksum>`.
//!
//! The id finds the record, the secret proves the right to it, and the checksum lets garbage be refused without a read and
//! secret scanners recognise what leaked. Only the SHA-256 of the secret is ever kept.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use crate::crc::crc32;
use crate::entry::digest::{Digest, SECRET};
use crate::grant::id::GrantId;
use crate::ports::{Password, Random};

/// 32 bytes in base64url.
const SECRET_WRITTEN: usize = 43;
/// 4 bytes in base64url.
const CHECKSUM_WRITTEN: usize = 6;

/// What a token is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// The secret part of a link.
    Pass,
    /// A session.
    Session,
    /// The secret part of an invitation.
    Invitation,
}

impl Kind {
    const fn prefix(self) -> &'static str {
        match self {
            Self::Pass => "gp1_",
            Self::Session => "gs1_",
            Self::Invitation => "gi1_",
        }
    }
}

/// A token or password that was just issued. It can be handed over once; it cannot be cloned, printed or stored.
pub struct Issued(String);

impl Issued {
    /// Something else than a token that is shown once: a password.
    pub(super) fn new(text: String) -> Self {
        Self(text)
    }

    /// What the host has to keep a hash of.
    pub(crate) fn for_the_host(&self) -> Password {
        Password(self.0.clone())
    }

    /// The text, for the one answer that shows it.
    #[must_use]
    pub fn exposed(&self) -> &str {
        &self.0
    }

    /// Gives the text away.
    #[must_use]
    pub fn into_text(self) -> String {
        self.0
    }
}

/// A new token for this grant and the digest to keep.
#[must_use]
pub fn issue(kind: Kind, grant: GrantId, random: &dyn Random) -> (Issued, Digest) {
    let mut secret = [0; SECRET];
    random.fill(&mut secret);
    let text = format!(
        "{}{grant}_{}_{}",
        kind.prefix(),
        URL_SAFE_NO_PAD.encode(secret),
        URL_SAFE_NO_PAD.encode(checksum(kind, grant, &secret))
    );
    (Issued(text), Digest::of(&secret))
}

/// A token that somebody shows: well-formed, nothing more.
#[derive(Clone, Copy, Debug)]
pub struct Presented {
    /// The grant it names.
    pub grant: GrantId,
    /// The digest of its secret.
    pub digest: Digest,
}

/// Reads a token. None if it is not exactly of the form, down to the checksum.
#[must_use]
pub fn present(kind: Kind, text: &str) -> Option<Presented> {
    let rest = text.strip_prefix(kind.prefix())?;
    let (id, rest) = rest.split_at_checked(GrantId::WRITTEN)?;
    let (secret, rest) = rest.strip_prefix('_')?.split_at_checked(SECRET_WRITTEN)?;
    let sum = rest.strip_prefix('_')?;
    let grant = GrantId::parse(id)?;
    let secret: [u8; SECRET] = bytes(secret)?;
    if sum.len() != CHECKSUM_WRITTEN || bytes(sum)? != checksum(kind, grant, &secret) {
        return None;
    }
    Some(Presented {
        grant,
        digest: Digest::of(&secret),
    })
}

fn bytes<const N: usize>(text: &str) -> Option<[u8; N]> {
    let mut bytes = [0; N];
    let length = URL_SAFE_NO_PAD.decode_slice(text, &mut bytes).ok()?;
    (length == N).then_some(bytes)
}

fn checksum(kind: Kind, grant: GrantId, secret: &[u8; SECRET]) -> [u8; 4] {
    crc32(&[kind.prefix().as_bytes(), grant.bytes(), secret]).to_be_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::instant::Instant;

    struct Sevens;

    impl Random for Sevens {
        fn fill(&self, buffer: &mut [u8]) {
            buffer.fill(7);
        }
    }

    fn issued(kind: Kind) -> String {
        issue(
            kind,
            GrantId::new(Instant::from_millis(1), [9; 10]),
            &Sevens,
        )
        .0
        .into_text()
    }

    #[test]
    fn is_read_back_as_it_was_issued() {
        let text = issued(Kind::Pass);
        assert_eq!(text.len(), 77);
        let shown = present(Kind::Pass, &text).unwrap();
        assert!(shown.digest.matches(&Digest::of(&[7; SECRET])));
        assert!(
            present(Kind::Session, &text).is_none(),
            "a link is no session"
        );
        assert!(present(Kind::Pass, &issued(Kind::Session)).is_none());
        assert!(present(Kind::Pass, &issued(Kind::Invitation)).is_none());
    }

    #[test]
    fn every_other_text_is_refused() {
        let text = issued(Kind::Pass);
        for length in 0..text.len() {
            assert!(present(Kind::Pass, &text[..length]).is_none());
        }
        assert!(present(Kind::Pass, &format!("{text}A")).is_none());
        assert!(present(Kind::Pass, &format!(" {text}")).is_none());
        for (index, _) in text.char_indices() {
            for other in ['A', 'z', '-', '_', '+', '=', 'é', '\0'] {
                let mut changed: Vec<char> = text.chars().collect();
                if changed[index] != other {
                    changed[index] = other;
                    let changed: String = changed.into_iter().collect();
                    assert!(present(Kind::Pass, &changed).is_none(), "{changed}");
                }
            }
        }
    }
}
