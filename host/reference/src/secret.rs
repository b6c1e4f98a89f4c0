//! Secrets the host makes itself: tokens of its sessions and of its one-time sign-in links.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use rand::TryRng as _;
use rand::rngs::SysRng;
use sha2::{Digest as _, Sha256};

use crate::problem::Problem;

/// The SHA-256 of a token: what is stored of it.
pub type TokenDigest = [u8; 32];

/// 256 random bits behind a prefix that tells what the token is for. Cannot be printed, copied or serialised by accident.
pub struct Token(String);

impl Token {
    /// A new token. Fails when the operating system has no randomness to give.
    pub fn issue(prefix: &str) -> Result<Self, Problem> {
        let bytes: [u8; 32] = random()?;
        Ok(Self(format!("{prefix}{}", URL_SAFE_NO_PAD.encode(bytes))))
    }

    /// A token as somebody presented it.
    #[must_use]
    pub fn presented(text: String) -> Self {
        Self(text)
    }

    /// The token itself, for the one answer that issues it and for comparing.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// What to store and to look up by.
    #[must_use]
    pub fn digest(&self) -> TokenDigest {
        Sha256::digest(self.0.as_bytes()).into()
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Token(…)")
    }
}

/// `N` bytes from the operating system.
pub fn random<const N: usize>() -> Result<[u8; N], Problem> {
    let mut bytes = [0; N];
    SysRng.try_fill_bytes(&mut bytes).map_err(|error| {
        Problem::unavailable(
            "no-randomness",
            format!("The operating system gave no randomness: {error}."),
        )
    })?;
    Ok(bytes)
}

/// A new name for a user: 128 random bits.
pub fn new_id() -> Result<String, Problem> {
    Ok(URL_SAFE_NO_PAD.encode(random::<16>()?))
}

/// Whether this could be such a name.
#[must_use]
pub fn is_id(text: &str) -> bool {
    URL_SAFE_NO_PAD
        .decode(text)
        .is_ok_and(|bytes| bytes.len() == 16)
}

/// Whether both are the same. Digests are compared, so that the time taken says nothing about the text.
#[must_use]
pub fn same(left: &str, right: &str) -> bool {
    Sha256::digest(left.as_bytes()) == Sha256::digest(right.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_never_printed() {
        let token = Token::issue("hs1_").unwrap();
        assert_eq!(format!("{token:?}"), "Token(…)");
        assert_eq!(token.expose().len(), 4 + 43);
    }

    #[test]
    fn a_name_is_told_from_garbage() {
        assert!(is_id(&new_id().unwrap()));
        for garbage in ["", "x", "olga@b.example", "AAAAAAAAAAAAAAAAAAAAA/"] {
            assert!(!is_id(garbage), "{garbage}");
        }
    }

    #[test]
    fn two_tokens_differ_and_so_do_their_digests() {
        let (one, other) = (Token::issue("").unwrap(), Token::issue("").unwrap());
        assert_ne!(one.expose(), other.expose());
        assert_ne!(one.digest(), other.digest());
        assert!(same(one.expose(), one.expose()) && !same(one.expose(), other.expose()));
    }
}
