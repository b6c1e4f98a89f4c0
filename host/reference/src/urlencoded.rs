//! `application/x-www-form-urlencoded`, in forms and behind the `?` of an address, read strictly.

/// Names and values in the order they came. None unless every byte is UTF-8 and every `%` an escape.
#[must_use]
pub fn pairs(encoded: &[u8]) -> Option<Vec<(String, String)>> {
    let pairs = encoded
        .split(|byte| *byte == b'&')
        .filter(|pair| !pair.is_empty());
    let pairs = pairs.map(|pair| {
        let at = pair
            .iter()
            .position(|byte| *byte == b'=')
            .unwrap_or(pair.len());
        let (name, value) = pair.split_at(at);
        Some((
            decode(name)?,
            decode(value.strip_prefix(b"=").unwrap_or(value))?,
        ))
    });
    pairs.collect()
}

fn decode(encoded: &[u8]) -> Option<String> {
    let mut bytes = Vec::with_capacity(encoded.len());
    let mut rest = encoded.iter().copied();
    while let Some(byte) = rest.next() {
        bytes.push(match byte {
            b'+' => b' ',
            b'%' => hex(rest.next()?)? << 4 | hex(rest.next()?)?,
            other => other,
        });
    }
    String::from_utf8(bytes).ok()
}

fn hex(digit: u8) -> Option<u8> {
    char::from(digit)
        .to_digit(16)
        .and_then(|value| u8::try_from(value).ok())
}
