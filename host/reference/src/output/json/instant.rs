//! Instants as programs write them.

use jiff::Timestamp;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use utoipa::ToSchema;

use crate::when;

/// An instant as RFC 3339 has it, for example `2026-12-01T10:00:00Z`. With any offset when read, in UTC when written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ToSchema)]
#[schema(value_type = String, format = DateTime, example = "2026-12-01T10:00:00Z")]
pub struct Instant(
    /// Milliseconds since the epoch.
    pub u64,
);

impl From<u64> for Instant {
    fn from(millis: u64) -> Self {
        Self(millis)
    }
}

impl Serialize for Instant {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&when::rfc3339(self.0))
    }
}

impl<'de> Deserialize<'de> for Instant {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let at: Timestamp = text.parse().map_err(|_| {
            de::Error::custom(format!(
                "`{text}` is no instant of the form `2026-12-01T10:00:00Z`"
            ))
        })?;
        // What was before 1970 is as long past as 1970 itself.
        Ok(Self(u64::try_from(at.as_millisecond()).unwrap_or(0)))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::Instant;

    #[test]
    fn is_read_with_any_offset_and_written_in_utc() {
        let read = |text: &str| serde_json::from_value::<Instant>(json!(text));
        let noon = read("2026-12-01T13:00:00+01:00").unwrap();
        assert_eq!(json!(noon), "2026-12-01T12:00:00Z");
        assert_eq!(read("1960-01-01T00:00:00Z").unwrap(), Instant(0));
        for wrong in ["2026-12-01T12:00:00", "2026-12-01", "", "1796126400000"] {
            let error = read(wrong).unwrap_err().to_string();
            assert!(error.contains("is no instant"), "{error}");
        }
    }
}
