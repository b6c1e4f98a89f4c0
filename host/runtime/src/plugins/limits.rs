//! What a plugin may use up at most.

use std::time::Duration;

/// What plugins may use, each call for itself unless it says otherwise. Beyond these the contract's own limits hold: on log
/// lines, on values that are kept, on requests.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PluginLimits {
    /// Memory of one instance in bytes, 1 MiB to 1 GiB. Default 64 MiB.
    pub memory: usize,
    /// How long a decision filter may compute. Default 500 ms; an ordinary call takes microseconds. Kept to within a tenth,
    /// as the next one.
    pub decide: Duration,
    /// How long an action may compute. Default 5 s.
    pub act: Duration,
    /// How long one call may wait for other hosts in all. Default 10 s, and a tenth of it for a filter.
    pub wait: Duration,
    /// The most bytes that a plugin hands over at once, as an answer or as what it passes to a capability. Default 2 MiB.
    pub output: usize,
    /// After so many faults without a good call between them a plugin is switched off. Default 5.
    pub faults: u32,
    /// How often an event is delivered before it is parked. Default 8.
    pub tries: u32,
    /// Instances of all plugins at once, 8 to 1000. Default 128.
    pub instances: u32,
}

impl Default for PluginLimits {
    fn default() -> Self {
        Self {
            memory: 64 << 20,
            decide: Duration::from_millis(500),
            act: Duration::from_secs(5),
            wait: Duration::from_secs(10),
            output: 2 << 20,
            faults: 5,
            tries: 8,
            instances: 128,
        }
    }
}

impl PluginLimits {
    /// The first limit that makes no sense, as a sentence.
    pub(super) fn fault(&self) -> Option<String> {
        if !(1 << 20..=1 << 30).contains(&self.memory) {
            return Some(format!(
                "`memory` must be 1 MiB to 1 GiB, not {} bytes",
                self.memory
            ));
        }
        if !(8..=1000).contains(&self.instances) {
            return Some(format!(
                "`instances` must be 8 to 1000, not {}",
                self.instances
            ));
        }
        for (name, time) in [("decide", self.decide), ("act", self.act)] {
            if time < Duration::from_millis(10) || time > Duration::from_secs(600) {
                return Some(format!(
                    "`{name}` must be 10 ms to 10 minutes, not {time:?}"
                ));
            }
        }
        if self.faults == 0 || self.tries == 0 {
            return Some("`faults` and `tries` must be at least 1".to_owned());
        }
        None
    }
}
