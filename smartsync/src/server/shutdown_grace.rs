//! How long what has begun may take once the process was asked to stop.

use std::time::Duration;

/// How long a look, a decision on the page or a write by hand that has begun may take after the process was asked to stop: longer than a request,
/// so that none is cut off whose effect nobody would know. A look that is cut off is taken up again by the next start. So is one that waits for
/// a rate limit, at once: it has nothing under way.
///
/// Whatever ends the process by force has to wait for longer: `TimeoutStopSec` of systemd, `stop_grace_period` of compose.
pub const SHUTDOWN_GRACE: Duration = Duration::from_secs(35);

#[cfg(test)]
mod tests {
    use std::{fs, path::Path};

    use super::*;
    use crate::engine::clients::REQUEST_TIMEOUT;

    #[test]
    fn a_request_that_has_begun_may_end_before_the_server_does_and_the_server_before_it_is_killed() {
        assert!(SHUTDOWN_GRACE > REQUEST_TIMEOUT);
        let deploy = Path::new(env!("CARGO_MANIFEST_DIR")).join("../deploy");
        let install = fs::read_to_string(deploy.join("../docs/run/install.md")).unwrap();
        let by_hand = install.split_once("--stop-timeout ").unwrap().1.split_once(' ').unwrap().0;
        assert!(by_hand.parse::<u64>().unwrap() > SHUTDOWN_GRACE.as_secs());
        for (file, key) in [("smartsync.service", "TimeoutStopSec="), ("compose.yaml", "stop_grace_period: ")]
        {
            let text = fs::read_to_string(deploy.join(file)).unwrap();
            let allowed: Vec<u64> = text
                .lines()
                .filter_map(|line| line.trim().strip_prefix(key))
                .map(|allowed| allowed.trim_end_matches('s').parse().unwrap())
                .collect();
            assert!(!allowed.is_empty(), "{file}");
            assert!(allowed.iter().all(|allowed| *allowed > SHUTDOWN_GRACE.as_secs()), "{file}: {allowed:?}");
            let said = format!("is given {} s to end", SHUTDOWN_GRACE.as_secs());
            assert!(text.contains(&said), "{file}");
        }
    }

    /// Each would be another number that is compared with nothing.
    #[test]
    fn nothing_else_of_the_program_has_a_grace_of_its_own_when_it_stops() {
        let mut graces = Vec::new();
        let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("src")];
        while let Some(folder) = folders.pop() {
            for entry in fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
                if entry.is_dir() {
                    folders.push(entry);
                    continue;
                }
                let text = fs::read_to_string(&entry).unwrap();
                let constants = text.lines().map(str::trim_start);
                let constants =
                    constants.filter(|line| line.starts_with("const ") || line.starts_with("pub"));
                let is_grace = |line: &&str| line.contains("SHUTDOWN") || line.contains("STOP");
                let is_time = |line: &&str| line.contains(": Duration = ");
                graces.extend(constants.filter(is_grace).filter(is_time).map(str::to_owned));
            }
        }
        assert_eq!(graces, ["pub const SHUTDOWN_GRACE: Duration = Duration::from_secs(35);"]);
    }

    /// What the manuals promise.
    #[test]
    fn the_manuals_say_how_long_a_write_by_hand_may_still_take() {
        let said = format!("no more than {} seconds and waits for no", SHUTDOWN_GRACE.as_secs());
        for file in ["README.md", "../docs/command-output.md"] {
            let text = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(file)).unwrap();
            assert!(text.contains(&said), "{file}");
        }
    }
}
