//! Writing to the operator's log. Capability `log`.

pub use crate::bindings::capabilities::guestpass::plugin::log::Level;

/// Writes one line.
pub fn write(level: Level, message: &str) {
    #[cfg(target_arch = "wasm32")]
    crate::bindings::capabilities::guestpass::plugin::log::write(level, message);
    #[cfg(not(target_arch = "wasm32"))]
    crate::testing::write(level, message);
}

/// Writes a line to the operator's log, as `println!` does: `log!("{} guests", count)`. Of another level than `Info` as
/// `log!(Warn: "…")`.
#[macro_export]
macro_rules! log {
    ($level:ident: $($what:tt)*) => {
        $crate::log::write($crate::log::Level::$level, &::std::format!($($what)*))
    };
    ($($what:tt)*) => {
        $crate::log::write($crate::log::Level::Info, &::std::format!($($what)*))
    };
}
