//! Queries and forms as they arrive. Read strictly: whatever is doubtful is refused instead of being guessed at.

/// Why a form is not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Malformed;

/// The fields in the order they came.
#[derive(Clone, Debug, Default)]
pub(crate) struct Fields(Vec<(String, String)>);

impl Fields {
    /// Reads `application/x-www-form-urlencoded`, in which every byte must be UTF-8 and every `%` an escape.
    pub(crate) fn parse(encoded: &[u8]) -> Result<Self, Malformed> {
        let pairs = encoded
            .split(|byte| *byte == b'&')
            .filter(|pair| !pair.is_empty());
        let pairs = pairs.map(|pair| {
            let mut halves = pair.splitn(2, |byte| *byte == b'=');
            let name = decoded(halves.next().unwrap_or_default(), true)?;
            Ok((name, decoded(halves.next().unwrap_or_default(), true)?))
        });
        pairs.collect::<Result<_, _>>().map(Self)
    }

    /// The value of a field that must be there exactly once. May be empty.
    pub(crate) fn one(&self, name: &str) -> Result<&str, Malformed> {
        let mut values = self.all(name);
        match (values.next(), values.next()) {
            (Some(value), None) => Ok(value),
            _ => Err(Malformed),
        }
    }

    /// The value of a field that may be absent or empty, both of which mean none.
    pub(crate) fn optional(&self, name: &str) -> Result<Option<&str>, Malformed> {
        if self.all(name).next().is_none() {
            return Ok(None);
        }
        Ok(Some(self.one(name)?.trim()).filter(|value| !value.is_empty()))
    }

    /// The values of a field, however often it is there.
    pub(crate) fn all<'a, 'n>(
        &'a self,
        name: &'n str,
    ) -> impl Iterator<Item = &'a str> + use<'a, 'n> {
        let named = self.0.iter().filter(move |(field, _)| field == name);
        named.map(|(_, value)| value.as_str())
    }

    /// Whether the field is there with this value.
    pub(crate) fn has(&self, name: &str, value: &str) -> bool {
        self.all(name).any(|given| given == value)
    }

    /// The value as it was typed, to be shown again: whatever it is.
    pub(crate) fn typed(&self, name: &str) -> &str {
        self.all(name).next().unwrap_or_default()
    }

    /// A field that nobody typed.
    pub(crate) fn preset(&mut self, name: &str, value: &str) {
        self.0.push((name.to_owned(), value.to_owned()));
    }
}

/// With its escapes undone; `plus`: a `+` is a space.
pub(crate) fn decoded(text: &[u8], plus: bool) -> Result<String, Malformed> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.iter().copied();
    while let Some(byte) = rest.next() {
        bytes.push(match byte {
            b'%' => {
                let mut digit = || char::from(rest.next()?).to_digit(16);
                let (high, low) = (digit().ok_or(Malformed)?, digit().ok_or(Malformed)?);
                u8::try_from(high << 4 | low).map_err(|_| Malformed)?
            }
            b'+' if plus => b' ',
            byte => byte,
        });
    }
    String::from_utf8(bytes).map_err(|_| Malformed)
}

/// As it may stand in a query.
pub(crate) fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.' | b'~' | b'/') {
            escaped.push(char::from(byte));
        } else {
            const DIGITS: &[u8; 16] = b"0123456789ABCDEF";
            let digit = |half: u8| {
                DIGITS
                    .get(usize::from(half))
                    .map_or('0', |digit| char::from(*digit))
            };
            escaped.extend(['%', digit(byte >> 4), digit(byte & 15)]);
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_decoded() {
        let form = Fields::parse(b"a=1+2&b=%C3%A9&c&d=x=y&&a%5B%5D=3").unwrap();
        assert_eq!(form.one("a"), Ok("1 2"));
        assert_eq!(form.one("b"), Ok("é"));
        assert_eq!(form.one("c"), Ok(""));
        assert_eq!(form.one("d"), Ok("x=y"));
        assert_eq!(form.optional("c"), Ok(None));
        assert_eq!(
            decoded(escaped("a/é &=%").as_bytes(), true).unwrap(),
            "a/é &=%"
        );
    }

    #[test]
    fn a_field_that_is_repeated_absent_or_an_array_is_refused() {
        for body in [
            "pass=a&pass=b",
            "pass=&pass=",
            "pass[]=a",
            "pass%5B%5D=a",
            "",
            "PASS=a",
        ] {
            let form = Fields::parse(body.as_bytes()).unwrap();
            assert_eq!(form.one("pass"), Err(Malformed), "{body}");
        }
        assert!(Fields::parse(b"a=1&a=2").unwrap().optional("a").is_err());
    }

    #[test]
    fn what_is_no_utf8_or_cut_off_is_refused() {
        for body in [
            &b"pass=%FF"[..],
            b"pass=\xff",
            b"pass=%C3",
            b"pass=%4",
            b"pass=%",
            b"pass=%zz",
            b"%",
        ] {
            assert!(Fields::parse(body).is_err(), "{body:?}");
        }
    }
}
