//! What somebody may do right now, and why; and acting in an account that is not one's own.

pub mod ending;
pub mod explain;
pub mod memberships;
pub mod power;
pub mod resolve;
pub mod switch;
