//! What a run took, and what the system has.

use std::path::Path;

/// Peak resident memory of this process, bytes; 0 where the system does not tell.
pub fn peak_rss_bytes() -> u64 {
    own("VmHWM:")
}

/// Resident memory of this process, bytes; 0 where the system does not tell.
pub fn rss_bytes() -> u64 {
    own("VmRSS:")
}

fn own(key: &str) -> u64 {
    let Ok(status) = std::fs::read_to_string("/proc/self/status") else { return 0 };
    kib(&status, key).unwrap_or(0)
}

/// A line `Key:  123 kB`, in bytes.
fn kib(text: &str, key: &str) -> Option<u64> {
    let rest = text.lines().find_map(|line| line.strip_prefix(key))?;
    rest.split_whitespace().next()?.parse::<u64>().ok().map(|kib| kib * 1024)
}

/// Memory that can still be taken, bytes: the system's, or what is left of the control group's; `None` where nothing is known.
pub fn available_bytes() -> Option<u64> {
    let system = std::fs::read_to_string("/proc/meminfo").ok().and_then(|text| kib(&text, "MemAvailable:"));
    let groups = std::fs::read_to_string("/proc/self/cgroup").unwrap_or_default();
    let own = groups.lines().find_map(|line| line.strip_prefix("0::")).unwrap_or("/");
    let mount = Path::new("/sys/fs/cgroup");
    // The bound of a group holds for those in it too.
    let inner = mount.join(own.trim_start_matches('/'));
    let groups = inner.ancestors().take_while(|dir| dir.starts_with(mount)).filter_map(left_in);
    system.into_iter().chain(groups).min()
}

/// What is left of the limit of a control group. Pages of files that are kept in memory are given up when it is needed.
fn left_in(group: &Path) -> Option<u64> {
    let read = |name: &str| std::fs::read_to_string(group.join(name)).ok();
    let number = |text: String| text.trim().parse::<u64>().ok();
    let bound = read("memory.max").and_then(number)?;
    let used = read("memory.current").and_then(number)?;
    let files = read("memory.stat")
        .and_then(|text| text.lines().find_map(|line| line.strip_prefix("file ")?.trim().parse().ok()))
        .unwrap_or(0);
    Some(bound.saturating_sub(used.saturating_sub(files)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_of_the_system_are_read() {
        let text = "MemTotal:  8 kB\nMemAvailable:     3 kB\n";
        assert_eq!(kib(text, "MemAvailable:"), Some(3072));
        assert_eq!(kib(text, "Swap:"), None);
    }
}
