//! The database, changed past the engine.

use guestpass::ports::Put;
use guestpass_core::grant::id::GrantId;
use guestpass_tests::{Link, Setting};

/// Where the digest of a session begins in its key: after the site `main`, a zero, the tag and its grant.
const DIGEST: usize = 6 + 16;

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

/// What is stored there.
pub fn value(setting: &Setting, key: &[u8]) -> Vec<u8> {
    let found = setting.store.get(&[key.to_vec()]).unwrap().pop().flatten();
    found.expect("it is there").value
}

/// What is told while something else is stored there, or nothing.
pub fn told(setting: &Setting, key: &[u8], instead: Option<&[u8]>) -> Vec<String> {
    let before = value(setting, key);
    match instead {
        Some(instead) => write(setting, key, instead),
        None => remove(setting, key),
    }
    let faults = setting.faults_in_history();
    write(setting, key, &before);
    faults
}

/// The id of a grant, as it stands in keys.
pub fn id(link: &Link) -> GrantId {
    GrantId::parse(link.id()).expect("a grant's id")
}

/// Takes out all that names this grant: only the log still knows it.
pub fn wipe_out(setting: &Setting, grant: GrantId) {
    let named = |key: &[u8]| key.windows(16).any(|part| part == grant.bytes());
    let keys = setting.dump().into_iter().map(|(key, _)| key);
    let gone: Vec<_> = keys.filter(|key| named(key)).collect();
    assert!(gone.len() > 3, "{} keys", gone.len());
    setting.store.commit(&[], &[], &gone).unwrap();
}

/// Adds a session that never began, of a grant that has some, and tells its key.
pub fn slip_in(setting: &Setting) -> Vec<u8> {
    let (mut key, value) = stored(setting, b"s").remove(0);
    key[DIGEST] ^= 1;
    write(setting, &key, &value);
    key
}

/// Whether `verify` complains, be it by a fault or by refusing to read on.
pub fn complains(setting: &Setting) -> bool {
    setting
        .verify("main", None, 1000)
        .map_or(true, |report| !report.faults.is_empty())
}
