//! CRC-32 (the one of Ethernet, zlib and PNG): tells damaged bytes from whole ones. Written here because what is fast on
//! a processor of its own, tables of 16 KiB or special instructions, is large or absent in WebAssembly.

/// `TABLES[n][byte]`: what this byte does to the sum when `n` more bytes follow it.
const TABLES: [[u32; 256]; 4] = tables();

/// The sum of these parts, one after the other.
#[allow(
    clippy::indexing_slicing,
    reason = "every index is a byte, and each table has 256 entries"
)]
pub fn crc32(parts: &[&[u8]]) -> u32 {
    let [last, third, second, first] = &TABLES;
    let mut sum = u32::MAX;
    for part in parts {
        let (words, rest) = part.as_chunks::<4>();
        for word in words {
            let [a, b, c, d] = (sum ^ u32::from_le_bytes(*word))
                .to_le_bytes()
                .map(usize::from);
            sum = first[a] ^ second[b] ^ third[c] ^ last[d];
        }
        for byte in rest {
            let [low, ..] = (sum ^ u32::from(*byte)).to_le_bytes();
            sum = (sum >> 8) ^ last[usize::from(low)];
        }
    }
    !sum
}

#[allow(
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "runs when this is compiled, so what is out of bounds would not compile"
)]
const fn tables() -> [[u32; 256]; 4] {
    /// The polynomial, lowest bit first.
    const POLYNOMIAL: u32 = 0xedb8_8320;
    let mut tables = [[0; 256]; 4];
    let mut byte = 0;
    while byte < 256 {
        let mut sum = byte as u32;
        let mut bit = 0;
        while bit < 8 {
            sum = if sum & 1 == 1 {
                (sum >> 1) ^ POLYNOMIAL
            } else {
                sum >> 1
            };
            bit += 1;
        }
        tables[0][byte] = sum;
        byte += 1;
    }
    let mut table = 1;
    while table < 4 {
        let mut byte = 0;
        while byte < 256 {
            let before: u32 = tables[table - 1][byte];
            tables[table][byte] = (before >> 8) ^ tables[0][(before & 0xff) as usize];
            byte += 1;
        }
        table += 1;
    }
    tables
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Bit by bit, as the sum is defined.
    fn by_definition(bytes: &[u8]) -> u32 {
        let sum = bytes.iter().fold(u32::MAX, |sum, byte| {
            (0..8).fold(sum ^ u32::from(*byte), |sum, _| {
                (sum >> 1) ^ if sum & 1 == 1 { 0xedb8_8320 } else { 0 }
            })
        });
        !sum
    }

    #[test]
    fn the_sum_is_the_one_that_everybody_means() {
        assert_eq!(crc32(&[b"123456789"]), 0xcbf4_3926);
        assert_eq!(crc32(&[]), 0);
        assert_eq!(crc32(&[b"\0\0\0\0"]), 0x2144_df1c);
    }

    #[test]
    fn any_length_in_any_parts_gives_what_the_definition_gives() {
        let bytes: Vec<u8> = (0..=255_u8)
            .map(|n| n.wrapping_mul(89) ^ (n >> 3))
            .collect();
        for length in 0..=bytes.len() {
            let whole = &bytes[..length];
            let sum = by_definition(whole);
            assert_eq!(crc32(&[whole]), sum);
            let (begin, end) = whole.split_at(length / 3);
            assert_eq!(crc32(&[begin, end]), sum);
        }
    }
}
