//! The text form of what people keep of a log and hand to each other: one line of words, the first of which says what it is
//! and the last is a CRC-32 of all before it. That tells a line that was cut or mistyped from one that does not fit.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use crate::crc::crc32;
use crate::history::record::Hash;

/// Writes a line.
pub(super) fn write(words: &[String]) -> String {
    let text = words.join(" ");
    let sum = sum(&text);
    format!("{text} {sum}")
}

/// The words of a line between its name and its sum. None if it is something else or not whole. Whitespace around it does
/// not matter: it comes out of files and letters.
pub(super) fn read<'a>(name: &str, text: &'a str) -> Option<Vec<&'a str>> {
    let (text, told) = text.trim().rsplit_once(' ')?;
    if told != sum(text) {
        return None;
    }
    let mut words = text.split(' ');
    (words.next() == Some(name)).then(|| words.collect())
}

fn sum(text: &str) -> String {
    format!("{:08x}", crc32(&[text.as_bytes()]))
}

pub(super) fn write_hash(hash: &Hash) -> String {
    URL_SAFE_NO_PAD.encode(hash)
}

pub(super) fn read_hash(word: &str) -> Option<Hash> {
    let mut hash = [0; 32];
    let written = URL_SAFE_NO_PAD.decode_slice(word, &mut hash).ok()?;
    (written == hash.len()).then_some(hash)
}

/// A number as it is written here, without signs or zeros before it.
pub(super) fn read_number(word: &str) -> Option<u64> {
    let number: u64 = word.parse().ok()?;
    (number.to_string() == word).then_some(number)
}
