//! Counts as programs write them: some write `3.0` where they mean 3, which to JSON is the same number.

use std::fmt;

use serde::de::{Deserialize, Deserializer, Error, Unexpected, Visitor};

/// The largest count.
const MOST: i64 = 4_294_967_295;

/// A whole number in this range, both ends in it.
struct Whole<const FROM: i64, const TO: i64>(i64);

impl<'de, const FROM: i64, const TO: i64> Deserialize<'de> for Whole<FROM, TO> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Number::<FROM, TO>).map(Self)
    }
}

struct Number<const FROM: i64, const TO: i64>;

impl<const FROM: i64, const TO: i64> Visitor<'_> for Number<FROM, TO> {
    type Value = i64;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "a whole number from {FROM} to {TO}")
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<i64, E> {
        let whole = i64::try_from(number).ok();
        whole
            .filter(|whole| (FROM..=TO).contains(whole))
            .ok_or_else(|| E::invalid_value(Unexpected::Unsigned(number), &self))
    }

    fn visit_i64<E: Error>(self, number: i64) -> Result<i64, E> {
        if (FROM..=TO).contains(&number) {
            Ok(number)
        } else {
            Err(E::invalid_value(Unexpected::Signed(number), &self))
        }
    }

    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_precision_loss,
        reason = "only what is whole and in range is cast; no end of a range has more than 53 bits"
    )]
    fn visit_f64<E: Error>(self, number: f64) -> Result<i64, E> {
        if number.fract() == 0.0 && (FROM as f64..=TO as f64).contains(&number) {
            Ok(number as i64)
        } else {
            Err(E::invalid_value(Unexpected::Float(number), &self))
        }
    }
}

/// Reads a count.
pub(super) fn required<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u32, D::Error> {
    let Whole(count) = Whole::<0, MOST>::deserialize(deserializer)?;
    u32::try_from(count).map_err(D::Error::custom)
}

/// Reads a count that may be `null`.
pub(super) fn optional<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<u32>, D::Error> {
    let count: Option<Whole<0, MOST>> = Option::deserialize(deserializer)?;
    let count = count.map(|Whole(count)| u32::try_from(count).map_err(D::Error::custom));
    count.transpose()
}

/// Reads a place in an order, which may be `null`.
pub(crate) fn place<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<i32>, D::Error> {
    let place: Option<Whole<-1000, 1000>> = Option::deserialize(deserializer)?;
    let place = place.map(|Whole(place)| i32::try_from(place).map_err(D::Error::custom));
    place.transpose()
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::{optional, place};

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
    #[test]
    fn a_place_may_be_below_zero() {
        let read = |value: Value| place(value);
        assert_eq!(read(json!(-3)).unwrap(), Some(-3));
        assert_eq!(read(json!(-1000.0)).unwrap(), Some(-1000));
        assert_eq!(read(Value::Null).unwrap(), None);
        let error = read(json!(1001)).unwrap_err().to_string();
        assert!(error.contains("from -1000 to 1000"), "{error}");
    }
}
