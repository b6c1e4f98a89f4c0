//! How records are stored: a format number, the record in postcard, and a CRC-32.
//!
//! Each kind of record counts its own formats ([`Kept`]), and every one of them is read for ever: what a kind comes to hold
//! later stands at its end, so an earlier record is read as one of today that ends with what was true before. The
//! checksum tells a damaged record from a valid one before anything is decided on it; it is no protection against somebody who
//! writes to the database, which is what history is for.

use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::crc::crc32;
use crate::refusal::{Code, Refusal};

/// A kind of record that is stored.
pub trait Kept: Serialize + DeserializeOwned {
    /// For each format before today's, the bytes by which the next one was longer, as they were for all records until then.
    const GREW: &'static [&'static [u8]] = &[];

    /// Today's format: 1 for the first.
    const FORMAT: u8 = {
        assert!(Self::GREW.len() < 255, "a format is one byte");
        Self::GREW.len() as u8 + 1
    };
}

/// A record as it is stored.
///
/// # Errors
/// [`Code::RecordDamaged`] if it cannot be written down, which no record of this crate ever cannot.
pub fn encode<T: Kept>(record: &T) -> Result<Vec<u8>, Refusal> {
    let mut bytes = Vec::with_capacity(512);
    bytes.push(T::FORMAT);
    let mut bytes = appended(record, bytes)?;
    let sum = crc32(&[&bytes]);
    bytes.extend_from_slice(&sum.to_le_bytes());
    Ok(bytes)
}

/// A part of a record as it is stored within one.
///
/// # Errors
/// As [`encode`].
pub fn written<T: Serialize>(part: &T) -> Result<Vec<u8>, Refusal> {
    appended(part, Vec::new())
}

// As with `read`.
#[inline(never)]
fn appended<T: Serialize>(part: &T, bytes: Vec<u8>) -> Result<Vec<u8>, Refusal> {
    postcard::to_extend(part, bytes).map_err(|_| {
        Code::RecordDamaged.because("A record could not be written down. Nothing was changed.")
    })
}

/// A stored record of kind `T` without its format and checksum, still as it was written. `what` names it in the refusal.
///
/// # Errors
/// [`Code::RecordDamaged`] or [`Code::RecordTooNew`]
pub fn payload<T: Kept>(bytes: &[u8], what: impl FnOnce() -> String) -> Result<&[u8], Refusal> {
    match readable(bytes, T::FORMAT) {
        Ok((_, payload)) => Ok(payload),
        Err(unread) => Err(unread.refusal(&what())),
    }
}

/// A stored record read back. `what` names it in the refusal.
///
/// # Errors
/// [`Code::RecordDamaged`] or [`Code::RecordTooNew`]
pub fn decode<T: Kept>(bytes: &[u8], what: impl FnOnce() -> String) -> Result<T, Refusal> {
    read(bytes).map_err(|unread| unread.refusal(&what()))
}

/// Why a record could not be read.
enum Unread {
    Damaged,
    /// Its format, and the newest that is known.
    TooNew(u8, u8),
}

// One copy for each kind of record, not for each place where it is read: the component has to be small.
#[inline(never)]
fn read<T: Kept>(bytes: &[u8]) -> Result<T, Unread> {
    let (format, payload) = readable(bytes, T::FORMAT)?;
    let since = T::GREW
        .get(usize::from(format.saturating_sub(1))..)
        .unwrap_or_default();
    let read = if since.is_empty() {
        whole(payload)
    } else {
        whole(&[&[payload], since].concat().concat())
    };
    read.ok_or(Unread::Damaged)
}

fn whole<T: DeserializeOwned>(payload: &[u8]) -> Option<T> {
    match postcard::take_from_bytes(payload) {
        Ok((record, [])) => Some(record),
        _ => None,
    }
}

fn readable(bytes: &[u8], newest: u8) -> Result<(u8, &[u8]), Unread> {
    let (format, payload) = intact(bytes)
        .and_then(<[u8]>::split_first)
        .ok_or(Unread::Damaged)?;
    if *format > newest {
        return Err(Unread::TooNew(*format, newest));
    }
    Ok((*format, payload))
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
            Self::TooNew(format, newest) => Code::RecordTooNew.because(format!(
                "The record of {what} was written by a newer version (format {format}, this one reads up to {newest}). Use the newer version."
            )),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    impl Kept for (String, u32) {}
    impl Kept for u32 {}

    #[test]
    fn an_earlier_record_is_read_as_one_that_ends_with_what_was_true_before() {
        #[derive(Debug, PartialEq, serde::Serialize, serde::Deserialize)]
        struct Grown(u32, Option<u32>, bool);
        impl Kept for Grown {
            const GREW: &'static [&'static [u8]] = &[&[0], &[1]];
        }
        let mut first = vec![1, 7];
        let mut second = vec![2, 7, 1, 9];
        for bytes in [&mut first, &mut second] {
            bytes.extend_from_slice(&crc32(&[bytes.as_slice()]).to_le_bytes());
        }
        let read = |bytes: &[u8]| decode::<Grown>(bytes, String::new).unwrap();
        assert_eq!(read(&first), Grown(7, None, true));
        assert_eq!(read(&second), Grown(7, Some(9), true));
        let third = encode(&Grown(7, Some(9), false)).unwrap();
        assert_eq!(third[0], 3);
        assert_eq!(read(&third), Grown(7, Some(9), false));
    }

    #[test]
    fn any_changed_byte_is_noticed() {
        let stored = encode(&("a record".to_owned(), 7_u32)).unwrap();
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
