//! The memory of a process, as Linux tells it.

/// What can be asked of it.
#[derive(Clone, Copy)]
pub enum Resident {
    /// What it has now.
    Now,
    /// The most that it ever had.
    Peak,
}

/// In bytes, of a process by its id or of `self`; `None` where the system does not tell.
pub fn of(process: &str, asked: Resident) -> Option<f64> {
    let field = match asked {
        Resident::Now => "VmRSS:",
        Resident::Peak => "VmHWM:",
    };
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix(field))?;
    let kib: f64 = line.trim().strip_suffix(" kB")?.parse().ok()?;
    Some(kib * 1024.0)
}
