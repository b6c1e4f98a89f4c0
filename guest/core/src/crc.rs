//! The one checksum: CRC-32 as in Ethernet, zlib and PNG. Tells damaged bytes from whole ones, and nothing more.

use crc::{CRC_32_ISO_HDLC, Crc, Table};

/// Sixteen tables of 1 KiB: every record that is read is summed.
static CRC: Crc<u32, Table<16>> = Crc::<u32, Table<16>>::new(&CRC_32_ISO_HDLC);

/// The sum of these parts, one after the other.
#[must_use]
pub fn crc32(parts: &[&[u8]]) -> u32 {
    let mut digest = CRC.digest();
    parts.iter().for_each(|part| digest.update(part));
    digest.finalize()
}

#[cfg(test)]
mod tests {
    use super::crc32;

    #[test]
    fn is_the_one_that_others_know_however_it_is_cut() {
        assert_eq!(crc32(&[b"123456789"]), 0xcbf4_3926);
        assert_eq!(crc32(&[b"1234", b"", b"56789"]), 0xcbf4_3926);
        assert_eq!(crc32(&[]), 0);
    }
}
