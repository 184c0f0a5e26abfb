//! Signals: the first SIGINT or SIGTERM asks the process to stop, the second ends it at once. For a command that somebody waits for,
//! SIGHUP (the terminal was closed) is one as well.

use std::{io, process};

use tokio::sync::watch;

/// A signal that asks for an end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Signal {
    Interrupt,
    #[cfg_attr(not(unix), expect(dead_code, reason = "only Unix has it"))]
    Terminate,
    #[cfg_attr(not(unix), expect(dead_code, reason = "only Unix has it"))]
    HangUp,
}

impl Signal {
    /// The exit code of a process that it ended: 128 and its number, as shells have it.
    pub(crate) fn exit_code(self) -> u8 {
        match self {
            Self::Interrupt => 130,
            Self::Terminate => 143,
            Self::HangUp => 129,
        }
    }

    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Interrupt => "SIGINT",
            Self::Terminate => "SIGTERM",
            Self::HangUp => "SIGHUP",
        }
    }
}

/// Whether the process was asked to stop. Clones are one.
#[derive(Clone, Debug)]
pub(crate) struct Stop(watch::Receiver<Option<Signal>>);

impl Stop {
    /// Resolves once the process is asked to stop.
    pub(crate) async fn asked(&mut self) -> Signal {
        match self.0.wait_for(Option::is_some).await.map(|signal| *signal) {
            Ok(Some(signal)) => signal,
            // Nobody is left who could ask.
            Ok(None) | Err(_) => std::future::pending().await,
        }
    }

    /// The same, for whoever waits for no more than that.
    pub(crate) async fn resolved(mut self) {
        self.asked().await;
    }

    /// The signal that has asked it to, if one has.
    pub(crate) fn signal(&self) -> Option<Signal> {
        *self.0.borrow()
    }
}

/// Begins to listen, so that no signal from here on ends the process by itself.
pub(crate) fn stop() -> io::Result<Stop> {
    Signals::listen(false).map(stop_by)
}

/// The same, and SIGHUP asks for an end as well, unless it is ignored from the beginning, as under `nohup`.
pub(crate) fn stop_or_hang_up() -> io::Result<Stop> {
    Signals::listen(is_ended_by_hang_up()).map(stop_by)
}

/// Whether SIGHUP would end this process. Whoever listens to one that is ignored no longer ignores it, so where the system does not
/// say which it is, nobody listens.
fn is_ended_by_hang_up() -> bool {
    let Ok(status) = std::fs::read_to_string("/proc/self/status") else { return false };
    let ignored = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    // Bits from signal 1 on, which is SIGHUP.
    ignored.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok()).is_some_and(|mask| mask & 1 == 0)
}

fn stop_by(mut signals: Signals) -> Stop {
    let (sender, receiver) = watch::channel(None);
    tokio::spawn(async move {
        sender.send_replace(Some(signals.next().await));
        loop {
            match signals.next().await {
                // Who closes a terminal sends it more than once: the shell, and the system.
                Signal::HangUp => {}
                second @ (Signal::Interrupt | Signal::Terminate) => process::exit(second.exit_code().into()),
            }
        }
    });
    Stop(receiver)
}

/// From here on a closed terminal does not end the process, nor does whoever takes SIGHUP for "read your configuration again": it does.
#[cfg(unix)]
pub(crate) fn hang_ups() -> io::Result<HangUps> {
    use tokio::signal::unix::{SignalKind, signal};

    signal(SignalKind::hangup()).map(HangUps)
}

/// SIGHUP, each time that it comes.
#[cfg(unix)]
pub(crate) struct HangUps(tokio::signal::unix::Signal);

#[cfg(unix)]
impl HangUps {
    /// Resolves when it comes.
    pub(crate) async fn next(&mut self) {
        if self.0.recv().await.is_none() {
            std::future::pending::<()>().await;
        }
    }
}

#[cfg(not(unix))]
pub(crate) fn hang_ups() -> io::Result<HangUps> {
    Ok(HangUps)
}

/// Only Unix has it.
#[cfg(not(unix))]
pub(crate) struct HangUps;

#[cfg(not(unix))]
impl HangUps {
    pub(crate) async fn next(&mut self) {
        std::future::pending().await
    }
}

/// From here on a file that reaches the limit of the process (`ulimit -f`) does not end it: the write fails, as on a full disk.
#[cfg(any(target_os = "linux", target_os = "macos"))]
pub(crate) fn outlive_limit_of_files() -> io::Result<()> {
    use tokio::signal::unix::{SignalKind, signal};

    /// SIGXFSZ. Once somebody listens, nothing else happens by it.
    const FILE_TOO_LARGE: i32 = 25;
    signal(SignalKind::from_raw(FILE_TOO_LARGE)).map(drop)
}

#[cfg(not(any(target_os = "linux", target_os = "macos")))]
pub(crate) fn outlive_limit_of_files() -> io::Result<()> {
    Ok(())
}

#[cfg(unix)]
struct Signals {
    interrupt: tokio::signal::unix::Signal,
    terminate: tokio::signal::unix::Signal,
    hang_up: Option<tokio::signal::unix::Signal>,
}

#[cfg(unix)]
impl Signals {
    fn listen(also_to_hang_up: bool) -> io::Result<Self> {
        use tokio::signal::unix::{SignalKind, signal};

        Ok(Self {
            interrupt: signal(SignalKind::interrupt())?,
            terminate: signal(SignalKind::terminate())?,
            hang_up: also_to_hang_up.then(|| signal(SignalKind::hangup())).transpose()?,
        })
    }

    async fn next(&mut self) -> Signal {
        let hang_up = async {
            match &mut self.hang_up {
                Some(signal) => signal.recv().await,
                None => std::future::pending().await,
            }
        };
        tokio::select! {
            _ = self.interrupt.recv() => Signal::Interrupt,
            _ = self.terminate.recv() => Signal::Terminate,
            _ = hang_up => Signal::HangUp,
        }
    }
}

#[cfg(not(unix))]
struct Signals;

#[cfg(not(unix))]
impl Signals {
    fn listen(_: bool) -> io::Result<Self> {
        Ok(Self)
    }

    async fn next(&mut self) -> Signal {
        match tokio::signal::ctrl_c().await {
            Ok(()) => Signal::Interrupt,
            Err(_) => std::future::pending().await,
        }
    }
}
