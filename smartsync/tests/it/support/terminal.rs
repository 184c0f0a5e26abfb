//! The program on a terminal of its own, and somebody who types.

use std::{os::fd::AsFd as _, path::Path, time::Duration};

use pty_process::{Command, Pty, Size, open};
use rustix::termios::{LocalModes, tcgetattr};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    process::Child,
    time::timeout,
};

use super::process::Ended;

/// How long something may take to be shown: a generous bound for a busy machine.
const PATIENCE: Duration = Duration::from_secs(30);

/// A command that runs on a pseudo-terminal.
pub(crate) struct Terminal {
    pty: Pty,
    pub(crate) process: Child,
    /// All that was shown, with plain line ends.
    pub(crate) shown: String,
    /// Up to where it was waited for.
    seen: usize,
}

impl Terminal {
    /// Begins `smartsync` in a folder, without the variables in which it looks for secrets.
    pub(crate) fn begin(folder: &Path, arguments: &[&str]) -> Self {
        let (pty, pts) = open().unwrap();
        pty.resize(Size::new(50, 200)).unwrap();
        let command = Command::new(env!("CARGO_BIN_EXE_smartsync")).args(arguments).current_dir(folder);
        let variables = ["ONEFLOW_API_TOKEN", "TEAMTAILOR_API_KEY", "ONEFLOW_SIGN_KEY", "RUST_LOG"];
        let command = variables.into_iter().fold(command, Command::env_remove);
        let process = command.kill_on_drop(true).spawn(pts).unwrap();
        Self { pty, process, shown: String::new(), seen: 0 }
    }

    /// Types a line.
    pub(crate) async fn type_line(&mut self, line: &str) {
        self.pty.write_all(format!("{line}\n").as_bytes()).await.unwrap();
    }

    /// Types something that a terminal understands itself: Ctrl-C is `\x03`.
    pub(crate) async fn type_bytes(&mut self, bytes: &[u8]) {
        self.pty.write_all(bytes).await.unwrap();
    }

    /// Waits until one of these is shown behind what was waited for before, or the program has ended. Which one.
    pub(crate) async fn until_any<'a>(&mut self, texts: &[&'a str]) -> Option<&'a str> {
        loop {
            let new = &self.shown[self.seen..];
            let first = texts.iter().filter_map(|text| Some((new.find(text)? + text.len(), *text))).min();
            if let Some((end, text)) = first {
                self.seen += end;
                return Some(text);
            }
            if !self.read().await {
                return None;
            }
        }
    }

    /// Waits until this is shown.
    pub(crate) async fn until(&mut self, text: &str) {
        assert!(self.until_any(&[text]).await.is_some(), "`{text}` is not shown:\n{}", self.shown);
    }

    /// Waits for the end. A terminal shows both outputs as one.
    pub(crate) async fn ended(&mut self) -> Ended {
        while self.read().await {}
        let status = timeout(PATIENCE, self.process.wait()).await.expect("it ends").unwrap();
        let code = status.code().expect("it ends by itself");
        Ended { code, out: self.shown.clone(), err: String::new() }
    }

    /// Whether what is typed is shown.
    pub(crate) fn echoes(&self) -> bool {
        tcgetattr(self.pty.as_fd()).unwrap().local_modes.contains(LocalModes::ECHO)
    }

    /// Takes up what is shown next; `false` once nobody shows anything any more, which Linux tells as an error.
    async fn read(&mut self) -> bool {
        let mut bytes = [0; 4096];
        let read = timeout(PATIENCE, self.pty.read(&mut bytes)).await;
        let read = read.unwrap_or_else(|_| panic!("nothing more is shown:\n{}", self.shown));
        let Ok(count @ 1..) = read else { return false };
        self.shown.push_str(&String::from_utf8_lossy(&bytes[..count]).replace('\r', ""));
        true
    }
}
