//! What is remembered of plugins: which are installed, what they keep, what they have still to be told, and what happened to
//! them. A trait, since a host may keep all of that elsewhere, and an implementation on SQLite.

mod record;
mod sqlite;

pub use record::{Delivery, Installed, Note, Status, Version};
pub use sqlite::SqlitePlugins;

/// The largest value that a plugin keeps, in bytes.
pub(super) const LARGEST_VALUE: usize = 64 << 10;
/// The most that a plugin keeps on all sites together, in bytes of keys and values.
pub const MOST_BYTES: u64 = 16 << 20;
/// Notes that are kept of one plugin.
pub const MOST_NOTES: u32 = 200;

/// Why something could not be read or written; a clause for the operator.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum StateFailure {
    /// Somebody else changed the plugin in the meantime.
    Conflict,
    /// Anything else.
    Unavailable(String),
}

impl std::fmt::Display for StateFailure {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Conflict => f.write_str("somebody else changed it at the same moment"),
            Self::Unavailable(reason) => f.write_str(reason),
        }
    }
}

impl std::error::Error for StateFailure {}

type Outcome<T> = Result<T, StateFailure>;

/// Where plugins and what belongs to them are kept. Several processes may use the same place.
pub trait PluginState: Send + Sync + 'static {
    /// A number that grows with each change of what is installed. Read often.
    fn generation(&self) -> Outcome<u64>;

    /// All plugins, by id.
    fn installed(&self) -> Outcome<Vec<Installed>>;

    /// Writes a plugin as it is now, provided that it still has the `revision` that it was read with (0: is not there), and
    /// keeps this component along with it, all or nothing. Components that no plugin names any more are forgotten.
    fn save(&self, plugin: &Installed, component: Option<&[u8]>) -> Outcome<()>;

    /// Forgets a plugin, what it was to be told and what happened to it; and what it keeps, if `data` says so.
    fn remove(&self, id: &str, data: bool) -> Outcome<()>;

    /// The component with this SHA-256.
    fn component(&self, sha256: &str) -> Outcome<Option<Vec<u8>>>;

    /// Counts one more fault of a plugin, and gives how many there were since the last good call.
    fn count_fault(&self, id: &str) -> Outcome<u32>;

    /// Forgets the faults of a plugin.
    fn clear_faults(&self, id: &str) -> Outcome<()>;

    /// Writes a line into a plugin's journal. Only the newest `MOST_NOTES` are kept.
    fn note(&self, id: &str, note: &Note) -> Outcome<()>;

    /// The newest lines, newest first.
    fn notes(&self, id: &str, limit: u32) -> Outcome<Vec<Note>>;

    /// What a plugin keeps under this key.
    fn value(&self, id: &str, site: &str, key: &str) -> Outcome<Option<Vec<u8>>>;

    /// Keeps a value; `false` if all of the plugin's values would be more than `MOST_BYTES` with it.
    fn set_value(&self, id: &str, site: &str, key: &str, value: &[u8]) -> Outcome<bool>;

    /// Forgets a value.
    fn delete_value(&self, id: &str, site: &str, key: &str) -> Outcome<()>;

    /// The first keys that begin so, in ascending byte order.
    fn keys(&self, id: &str, site: &str, prefix: &str, limit: u32) -> Outcome<Vec<String>>;

    /// Remembers what plugins are to be told. What is waiting already is left as it is.
    fn enqueue(&self, deliveries: &[Delivery]) -> Outcome<()>;

    /// Notes that plugins are told of this hour of a site; `false` if that was noted before.
    fn begin_hour(&self, site: &str, hour: u64) -> Outcome<bool>;

    /// Takes up to `limit` deliveries of a site that are due, oldest first, and puts them off until `until`, so that nobody else
    /// takes them meanwhile.
    fn claim(&self, site: &str, now: u64, until: u64, limit: u32) -> Outcome<Vec<Delivery>>;

    /// A delivery was made.
    fn delivered(&self, delivery: &Delivery) -> Outcome<()>;

    /// A delivery was not made: to be tried again at `due`, or parked if that is `None`.
    fn failed(&self, delivery: &Delivery, due: Option<u64>, reason: &str) -> Outcome<()>;

    /// What a plugin is still to be told, oldest first.
    fn deliveries(&self, id: &str, limit: u32) -> Outcome<Vec<Delivery>>;

    /// Makes everything that is parked due now, and gives how much that was.
    fn replay(&self, id: &str, now: u64) -> Outcome<u32>;

    /// When the next delivery of a site is due.
    fn next_due(&self, site: &str) -> Outcome<Option<u64>>;
}

#[cfg(test)]
mod tests;
