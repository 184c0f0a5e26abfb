//! Processes of the program: one that has ended, and a server.

use std::fs;

use tokio::process::{Child, Command};

/// A command that has ended.
#[derive(Debug)]
pub(crate) struct Ended {
    pub(crate) code: i32,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Ended {
    /// The output of a check behind the line that every check of a usable configuration has, with the hash of its permissions.
    pub(crate) fn behind_the_hash(&self) -> &str {
        let start = "ok      configuration: requests outside the permissions are blocked before they are sent; the hash of the permissions is ";
        let behind = self.out.strip_prefix(start).unwrap_or_else(|| panic!("{}", self.out));
        let (hash, behind) = behind.split_once('\n').unwrap();
        assert!(hash.len() == 64 && hash.bytes().all(|byte| byte.is_ascii_hexdigit()), "{hash}");
        behind
    }
}

/// `smartsync serve` as a process.
pub(crate) struct Serving {
    pub(crate) process: Child,
    /// Where notifications go.
    pub(crate) url: String,
}

impl Serving {
    /// Another path of the server.
    pub(crate) fn at(&self, path: &str) -> String {
        let origin: Vec<&str> = self.url.splitn(4, '/').take(3).collect();
        format!("{}{path}", origin.join("/"))
    }
}

/// Sends a signal: `-TERM`.
pub(crate) async fn signal(process: &Child, name: &str) {
    let id = process.id().expect("the process runs").to_string();
    assert!(Command::new("kill").args([name, &id]).status().await.unwrap().success());
}

/// The signals that end a command that somebody waits for, each with its exit code. Without SIGHUP where it is ignored: under `nohup` a
/// command goes on, as it should.
pub(crate) fn ending_signals() -> Vec<(&'static str, i32)> {
    let mut signals = vec![("-INT", 130), ("-TERM", 143)];
    if cfg!(target_os = "linux") && !hang_up_is_ignored() {
        signals.push(("-HUP", 129));
    }
    signals
}

/// Whether these tests run where SIGHUP is ignored, which every process that they begin inherits.
fn hang_up_is_ignored() -> bool {
    is_among("self", "SigIgn:", 1)
}

/// Whether a process listens to all of these signals by now: before that, one ends it without an exit code.
#[cfg(target_os = "linux")]
pub(crate) fn listens(process: &Child) -> bool {
    let id = process.id().expect("the process runs").to_string();
    let signals = [2, 15].into_iter().chain((!hang_up_is_ignored()).then_some(1));
    signals.into_iter().all(|signal| is_among(&id, "SigCgt:", signal))
}

fn is_among(process: &str, mask: &str, signal: u32) -> bool {
    let status = fs::read_to_string(format!("/proc/{process}/status")).unwrap();
    let mask = status.lines().find_map(|line| line.strip_prefix(mask)).unwrap();
    u64::from_str_radix(mask.trim(), 16).unwrap() & (1 << (signal - 1)) != 0
}
