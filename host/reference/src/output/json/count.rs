//! Counts as programs write them: some write `3.0` where they mean 3, which to JSON is the same number.

use std::fmt;

use serde::de::{Deserialize, Deserializer, Error, Unexpected, Visitor};

/// A whole number that a `u32` holds.
struct Count(u32);

impl<'de> Deserialize<'de> for Count {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Number)
    }
}

struct Number;

impl Visitor<'_> for Number {
    type Value = Count;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "a whole number from 0 to {}", u32::MAX)
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<Count, E> {
        let count = u32::try_from(number).map(Count);
        count.map_err(|_| E::invalid_value(Unexpected::Unsigned(number), &self))
    }

    fn visit_i64<E: Error>(self, number: i64) -> Result<Count, E> {
        let count = u32::try_from(number).map(Count);
        count.map_err(|_| E::invalid_value(Unexpected::Signed(number), &self))
    }

    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "only what is whole and in range is cast"
    )]
    fn visit_f64<E: Error>(self, number: f64) -> Result<Count, E> {
        if number.fract() == 0.0 && (0.0..=f64::from(u32::MAX)).contains(&number) {
            Ok(Count(number as u32))
        } else {
            Err(E::invalid_value(Unexpected::Float(number), &self))
        }
    }
}

/// Reads a count.
pub(super) fn required<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u32, D::Error> {
    Count::deserialize(deserializer).map(|Count(count)| count)
}

/// Reads a count that may be `null`.
pub(super) fn optional<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<u32>, D::Error> {
    let count: Option<Count> = Option::deserialize(deserializer)?;
    Ok(count.map(|Count(count)| count))
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::optional;

    #[test]
    fn a_whole_number_is_one_however_it_is_written() {
        let read = |value: Value| optional(value);
        assert_eq!(read(json!(3)).unwrap(), Some(3));
        assert_eq!(read(json!(3.0)).unwrap(), Some(3));
        assert_eq!(read(json!(u32::MAX)).unwrap(), Some(u32::MAX));
        assert_eq!(read(Value::Null).unwrap(), None);
        for wrong in [
            json!(3.5),
            json!(-1),
            json!(4_294_967_296_u64),
            json!(1e300),
            json!("3"),
        ] {
            let error = read(wrong).unwrap_err().to_string();
            assert!(error.contains("a whole number"), "{error}");
        }
    }
}
