//! The database, changed past the engine.

use guestpass::ports::Put;
use guestpass_tests::Setting;

/// Gives a changed record the checksum that fits it, as somebody would who means to deceive: CRC-32 at its end, little-endian.
pub fn mend(value: &mut [u8]) {
    let (body, sum) = value
        .split_last_chunk_mut::<4>()
        .expect("a record has a checksum");
    *sum = crc32(body).to_le_bytes();
}

/// The CRC-32 that records and tokens end with, computed here so that no test takes the engine's word for it.
pub fn crc32(bytes: &[u8]) -> u32 {
    let crc = bytes.iter().fold(u32::MAX, |crc, byte| {
        (0..8).fold(crc ^ u32::from(*byte), |crc, _| {
            if crc & 1 == 1 {
                crc >> 1 ^ 0xedb8_8320
            } else {
                crc >> 1
            }
        })
    });
    !crc
}

/// Everything that is stored under these tags.
pub fn stored(setting: &Setting, tags: &[u8]) -> Vec<(Vec<u8>, Vec<u8>)> {
    let all = setting.dump().into_iter();
    all.filter(|(key, _)| tags.contains(&key[5])).collect()
}

/// Writes this there, whatever was there before.
pub fn write(setting: &Setting, key: &[u8], value: &[u8]) {
    let put = Put {
        key: key.to_vec(),
        value: value.to_vec(),
    };
    setting.store.commit(&[], &[put], &[]).unwrap();
}

/// Takes out what is there.
pub fn remove(setting: &Setting, key: &[u8]) {
    setting.store.commit(&[], &[], &[key.to_vec()]).unwrap();
}

/// Whether `verify` complains, be it by a fault or by refusing to read on.
pub fn complains(setting: &Setting) -> bool {
    setting
        .verify("main", None, 1000)
        .map_or(true, |report| !report.faults.is_empty())
}
