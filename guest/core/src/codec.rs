//! How records are stored: a format number, the record in postcard, and a CRC-32.
//!
//! The format number stays readable for ever: a changed record gets a new number and the old one keeps its reader. The
//! checksum tells a damaged record from a valid one before anything is decided on it; it is no protection against
//! somebody who writes to the database, which is what history is for.

use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::crc::crc32;
use crate::refusal::{Code, Refusal};

const FORMAT: u8 = 1;

/// A record as it is stored.
///
/// # Errors
/// [`Code::RecordDamaged`] if it cannot be written down, which no record of this crate ever cannot.
// As with `read`.
#[inline(never)]
pub fn encode<T: Serialize>(record: &T) -> Result<Vec<u8>, Refusal> {
    let mut bytes = Vec::with_capacity(512);
    bytes.push(FORMAT);
    let mut bytes = postcard::to_extend(record, bytes).map_err(|_| {
        Code::RecordDamaged.because("A record could not be written down. Nothing was changed.")
    })?;
    let sum = crc32(&[&bytes]);
    bytes.extend_from_slice(&sum.to_le_bytes());
    Ok(bytes)
}

/// A part of a record as it is stored within one.
///
/// # Errors
/// As [`encode`].
pub fn written<T: Serialize>(part: &T) -> Result<Vec<u8>, Refusal> {
    postcard::to_allocvec(part).map_err(|_| {
        Code::RecordDamaged.because("A record could not be written down. Nothing was changed.")
    })
}

/// A stored record without its format and checksum, still as it was written. `what` names it in the refusal.
///
/// # Errors
/// [`Code::RecordDamaged`] or [`Code::RecordTooNew`]
pub fn payload(bytes: &[u8], what: impl FnOnce() -> String) -> Result<&[u8], Refusal> {
    readable(bytes).map_err(|unread| unread.refusal(&what()))
}

/// A stored record read back. `what` names it in the refusal.
///
/// # Errors
/// [`Code::RecordDamaged`] or [`Code::RecordTooNew`]
pub fn decode<T: DeserializeOwned>(
    bytes: &[u8],
    what: impl FnOnce() -> String,
) -> Result<T, Refusal> {
    read(bytes).map_err(|unread| unread.refusal(&what()))
}

/// Why a record could not be read.
enum Unread {
    Damaged,
    TooNew(u8),
}

// One copy for each kind of record, not for each place where it is read: the component has to be small.
#[inline(never)]
fn read<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Unread> {
    match postcard::take_from_bytes(readable(bytes)?) {
        Ok((record, [])) => Ok(record),
        _ => Err(Unread::Damaged),
    }
}

fn readable(bytes: &[u8]) -> Result<&[u8], Unread> {
    let (format, payload) = intact(bytes)
        .and_then(<[u8]>::split_first)
        .ok_or(Unread::Damaged)?;
    if *format > FORMAT {
        return Err(Unread::TooNew(*format));
    }
    Ok(payload)
}

/// The record without its checksum, if that fits. There was never a format 0.
fn intact(bytes: &[u8]) -> Option<&[u8]> {
    let (body, sum) = bytes.split_last_chunk::<4>()?;
    let sound = crc32(&[body]) == u32::from_le_bytes(*sum) && body.first() != Some(&0);
    sound.then_some(body)
}

impl Unread {
    fn refusal(self, what: &str) -> Refusal {
        match self {
            Self::Damaged => Code::RecordDamaged.because(format!(
                "The record of {what} is damaged, so nothing was decided on it. Verify the history and restore the database from a backup."
            )),
            Self::TooNew(format) => Code::RecordTooNew.because(format!(
                "The record of {what} was written by a newer version (format {format}, this one reads up to {FORMAT}). Use the newer version."
            )),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_changed_byte_is_noticed() {
        let stored = encode(&("a record", 7_u32)).unwrap();
        assert_eq!(
            decode::<(String, u32)>(&stored, String::new).unwrap(),
            ("a record".to_owned(), 7)
        );
        for index in 0..stored.len() {
            for bit in 0..8 {
                let mut changed = stored.clone();
                changed[index] ^= 1 << bit;
                let refusal = decode::<(String, u32)>(&changed, || "it".into()).unwrap_err();
                assert_eq!(refusal.code, Code::RecordDamaged);
            }
        }
        for length in 0..stored.len() {
            assert!(decode::<(String, u32)>(&stored[..length], String::new).is_err());
        }
    }

    #[test]
    fn a_newer_format_is_named() {
        let mut stored = encode(&7_u32).unwrap();
        stored[0] = 9;
        let body = stored.len() - 4;
        let sum = crc32(&[&stored[..body]]).to_le_bytes();
        stored[body..].copy_from_slice(&sum);
        assert_eq!(
            decode::<u32>(&stored, String::new).unwrap_err().code,
            Code::RecordTooNew
        );
    }
}
