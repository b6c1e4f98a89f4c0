//! Periods as programs write them.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A calendar period of the ISO 8601 form `PnYnMnWnDTnHnMnS`, for example `P1M`, `P7D` or `PT3H`.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[schema(
    example = "P7D",
    pattern = r"^P(\d{1,6}Y)?(\d{1,6}M)?(\d{1,6}W)?(\d{1,6}D)?(T(\d{1,6}H)?(\d{1,6}M)?(\d{1,9}S)?)?$"
)]
pub struct Period(pub String);

impl From<&String> for Period {
    fn from(period: &String) -> Self {
        Self(period.clone())
    }
}

impl From<Period> for String {
    fn from(Period(period): Period) -> Self {
        period
    }
}
