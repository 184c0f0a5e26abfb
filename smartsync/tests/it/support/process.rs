//! Processes of the program: one that has ended, and a server.

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
