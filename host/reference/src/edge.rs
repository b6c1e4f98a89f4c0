//! Where the host meets the machine: the time zone of whoever reads the output. Everything else gets clock and
//! randomness handed in.

use jiff::tz::TimeZone;

/// The time zone of this machine; UTC when it has none.
#[must_use]
pub fn local_zone() -> TimeZone {
    TimeZone::system()
}
