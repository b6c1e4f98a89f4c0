//! Keys of the API as tokens: `gk1_<id>_<secret>_<checksum>`, the form that the engine's links and sessions have.
//!
//! The id finds the row, the secret proves the right to it, and the checksum lets garbage be refused without a read and
//! secret scanners recognise what leaked. Only the SHA-256 of the secret is ever kept.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use crc::{CRC_32_ISO_HDLC, Crc};
use sha2::{Digest as _, Sha256};

use crate::problem::Problem;
use crate::secret::{self, Token, TokenDigest};

/// What the tokens begin with.
pub const PREFIX: &str = "gk1_";

const ID: usize = 16;
const SECRET: usize = 32;
const CHECKSUM: usize = 4;
/// The same in base64url.
const ID_WRITTEN: usize = 22;
const SECRET_WRITTEN: usize = 43;

const CRC: Crc<u32> = Crc::<u32>::new(&CRC_32_ISO_HDLC);

/// A key that was just made.
#[derive(Debug)]
pub struct Made {
    /// Its name.
    pub id: String,
    /// The whole token, to be shown once.
    pub token: Token,
    /// What to keep of the secret.
    pub digest: TokenDigest,
}

/// Makes a key. Fails when the operating system has no randomness to give.
pub fn make() -> Result<Made, Problem> {
    let (id, secret) = (secret::random::<ID>()?, secret::random::<SECRET>()?);
    let written = URL_SAFE_NO_PAD.encode(id);
    let token = format!(
        "{PREFIX}{written}_{}_{}",
        URL_SAFE_NO_PAD.encode(secret),
        URL_SAFE_NO_PAD.encode(checksum(&id, &secret))
    );
    Ok(Made {
        id: written,
        token: Token::presented(token),
        digest: Sha256::digest(secret).into(),
    })
}

/// A key that somebody shows: well-formed, nothing more.
#[derive(Clone, Debug)]
pub struct Presented {
    /// The name of the key.
    pub id: String,
    /// The digest of its secret.
    pub digest: TokenDigest,
}

/// Reads a token. None if it is not exactly of the form, down to the checksum.
#[must_use]
pub fn present(text: &str) -> Option<Presented> {
    let rest = text.strip_prefix(PREFIX)?;
    let (written, rest) = rest.split_at_checked(ID_WRITTEN)?;
    let (secret, rest) = rest.strip_prefix('_')?.split_at_checked(SECRET_WRITTEN)?;
    let sum: [u8; CHECKSUM] = bytes(rest.strip_prefix('_')?)?;
    let (id, secret) = (bytes::<ID>(written)?, bytes::<SECRET>(secret)?);
    (sum == checksum(&id, &secret)).then(|| Presented {
        id: written.to_owned(),
        digest: Sha256::digest(secret).into(),
    })
}

fn bytes<const N: usize>(text: &str) -> Option<[u8; N]> {
    let bytes = URL_SAFE_NO_PAD.decode(text).ok()?;
    bytes.try_into().ok()
}

fn checksum(id: &[u8; ID], secret: &[u8; SECRET]) -> [u8; CHECKSUM] {
    let mut sum = CRC.digest();
    for part in [PREFIX.as_bytes(), id, secret] {
        sum.update(part);
    }
    sum.finalize().to_be_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn is_read_back_as_it_was_made() {
        let made = make().unwrap();
        let text = made.token.expose();
        assert_eq!(text.len(), 77);
        let shown = present(text).unwrap();
        assert_eq!((shown.id, shown.digest), (made.id, made.digest));
        assert_ne!(text, make().unwrap().token.expose());
    }

    #[test]
    fn p05_every_other_text_is_refused() {
        let made = make().unwrap();
        let text = made.token.expose();
        for length in 0..text.len() {
            assert!(present(&text[..length]).is_none());
        }
        for other in [
            format!("{text}A"),
            format!(" {text}"),
            text.replacen("gk1_", "gp1_", 1),
        ] {
            assert!(present(&other).is_none(), "{other}");
        }
        for (index, _) in text.char_indices() {
            for other in ['A', 'z', '-', '_', '+', '=', 'é', '\0'] {
                let mut changed: Vec<char> = text.chars().collect();
                if changed[index] != other {
                    changed[index] = other;
                    let changed: String = changed.into_iter().collect();
                    assert!(present(&changed).is_none(), "{changed}");
                }
            }
        }
    }
}
