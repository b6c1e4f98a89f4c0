//! Why a permission is given or not.

use serde::Serialize;
use utoipa::ToSchema;

/// Why a permission is given or not: it is given if every limit allows it.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Explanation {
    permission: String,
    allowed: bool,
    limits: Vec<Limit>,
}

/// One limit on a permission.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Limit {
    /// `state`, `window`, `scope`, `grantor`, `ceiling`, `reserved` or `plugin`. New ones may come.
    name: String,
    allows: bool,
    /// Why, and who could change it.
    message: String,
}

impl From<&guestpass::Explanation> for Explanation {
    fn from(explanation: &guestpass::Explanation) -> Self {
        let limits = explanation.limits.iter().map(|limit| Limit {
            name: limit.name.clone(),
            allows: limit.allows,
            message: limit.message.clone(),
        });
        Self {
            permission: explanation.permission.clone(),
            allowed: explanation.allowed,
            limits: limits.collect(),
        }
    }
}
