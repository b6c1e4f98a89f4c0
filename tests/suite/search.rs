//! Searching bytes for a secret, in every form in which it could have been left there.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD};
use sha2::{Digest as _, Sha256};

/// The forms of one token's secret that must be found nowhere.
pub struct Traces(Vec<(&'static str, Vec<u8>)>);

/// The secret bytes of a token `<kind>_<grant id>_<secret>_<checksum>`.
pub fn secret_bytes(token: &str) -> Vec<u8> {
    // The id, which may hold underscores, is 22 characters after the four of the kind; the secret 43 after one more.
    URL_SAFE_NO_PAD
        .decode(&token[27..70])
        .expect("the middle of a token is base64url")
}

impl Traces {
    /// Of a token that was just issued.
    pub fn of(token: &str) -> Self {
        let written = &token[27..70];
        let raw = secret_bytes(token);
        assert_eq!(raw.len(), 32);
        let hex: String = raw.iter().map(|byte| format!("{byte:02x}")).collect();
        let mut forms: Vec<(&'static str, Vec<u8>)> = vec![
            ("the whole token", token.into()),
            ("the secret as it is written", written.into()),
            ("its first half", written[..21].into()),
            ("its second half", written[22..].into()),
            ("its bytes", raw.clone()),
            ("the first half of its bytes", raw[..16].into()),
            ("the second half of its bytes", raw[16..].into()),
            ("in hexadecimal", hex.as_bytes().into()),
            ("the first half in hexadecimal", hex.as_bytes()[..32].into()),
            (
                "the second half in hexadecimal",
                hex.as_bytes()[32..].into(),
            ),
            ("in capital hexadecimal", hex.to_uppercase().into_bytes()),
            (
                "in ordinary base64",
                STANDARD_NO_PAD.encode(&raw).into_bytes(),
            ),
            ("backwards", raw.iter().rev().copied().collect()),
            (
                "as a list of numbers",
                format!("{raw:?}").trim_matches(['[', ']']).into(),
            ),
        ];
        // Encoded again as a part of something longer, which shifts it.
        for shift in 1..3 {
            let longer = URL_SAFE_NO_PAD.encode([&vec![0; shift], &raw[..]].concat());
            forms.push((
                "in base64 of something longer",
                longer.as_bytes()[4..40].into(),
            ));
        }
        Self(forms)
    }

    /// Of a password that was just issued. Its plain hashes must be found nowhere either: they are quickly tried.
    pub fn of_password(password: &str) -> Self {
        let raw = password.as_bytes();
        let (first, second) = raw.split_at(raw.len() / 2);
        let hex = |bytes: &[u8]| -> Vec<u8> {
            let digits: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
            digits.into_bytes()
        };
        let sha256 = Sha256::digest(raw);
        Self(vec![
            ("the password", raw.into()),
            ("its first half", first.into()),
            ("its second half", second.into()),
            ("backwards", raw.iter().rev().copied().collect()),
            ("in hexadecimal", hex(raw)),
            ("in base64", STANDARD_NO_PAD.encode(raw).into_bytes()),
            (
                "as a list of numbers",
                format!("{raw:?}").trim_matches(['[', ']']).into(),
            ),
            ("its SHA-256", sha256.to_vec()),
            ("its SHA-256 in hexadecimal", hex(&sha256)),
            (
                "its SHA-256 in base64",
                STANDARD_NO_PAD.encode(sha256).into_bytes(),
            ),
        ])
    }

    /// The first form that is found, by name.
    pub fn found_in(&self, bytes: &[u8]) -> Option<&'static str> {
        self.0
            .iter()
            .find(|(_, form)| contains(bytes, form))
            .map(|(name, _)| *name)
    }
}

/// Whether one stands in the other.
pub fn contains(bytes: &[u8], part: &[u8]) -> bool {
    let (first, rest) = part.split_first().expect("something to search for");
    bytes
        .iter()
        .enumerate()
        .any(|(at, byte)| byte == first && bytes[at + 1..].starts_with(rest))
}
