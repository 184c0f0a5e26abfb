//! Signals: the first SIGINT or SIGTERM asks the process to stop, the second ends it at once.

use std::{io, process};

use tokio::sync::watch;

/// A signal that asks for an end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Signal {
    Interrupt,
    #[cfg_attr(not(unix), expect(dead_code, reason = "only Unix has it"))]
    Terminate,
}

impl Signal {
    /// The exit code of a process that it ended: 128 and its number, as shells have it.
    pub(crate) fn exit_code(self) -> u8 {
        match self {
            Self::Interrupt => 130,
            Self::Terminate => 143,
        }
    }

    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Interrupt => "SIGINT",
            Self::Terminate => "SIGTERM",
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

    /// The signal that has asked it to, if one has.
    pub(crate) fn signal(&self) -> Option<Signal> {
        *self.0.borrow()
    }
}

/// Begins to listen, so that no signal from here on ends the process by itself.
pub(crate) fn stop() -> io::Result<Stop> {
    let mut signals = Signals::listen()?;
    let (sender, receiver) = watch::channel(None);
    tokio::spawn(async move {
        sender.send_replace(Some(signals.next().await));
        process::exit(signals.next().await.exit_code().into());
    });
    Ok(Stop(receiver))
}

/// From here on a closed terminal does not end the process, nor does whoever takes SIGHUP for "read your configuration again".
#[cfg(unix)]
pub(crate) fn ignore_hang_up() -> io::Result<()> {
    use tokio::signal::unix::{SignalKind, signal};

    let mut hang_up = signal(SignalKind::hangup())?;
    tokio::spawn(async move {
        while hang_up.recv().await.is_some() {
            tracing::info!("SIGHUP is ignored: a changed configuration or secret is read at the next start");
        }
    });
    Ok(())
}

#[cfg(not(unix))]
pub(crate) fn ignore_hang_up() -> io::Result<()> {
    Ok(())
}

#[cfg(unix)]
struct Signals {
    interrupt: tokio::signal::unix::Signal,
    terminate: tokio::signal::unix::Signal,
}

#[cfg(unix)]
impl Signals {
    fn listen() -> io::Result<Self> {
        use tokio::signal::unix::{SignalKind, signal};

        Ok(Self { interrupt: signal(SignalKind::interrupt())?, terminate: signal(SignalKind::terminate())? })
    }

    async fn next(&mut self) -> Signal {
        tokio::select! {
            _ = self.interrupt.recv() => Signal::Interrupt,
            _ = self.terminate.recv() => Signal::Terminate,
        }
    }
}

#[cfg(not(unix))]
struct Signals;

#[cfg(not(unix))]
impl Signals {
    fn listen() -> io::Result<Self> {
        Ok(Self)
    }

    async fn next(&mut self) -> Signal {
        match tokio::signal::ctrl_c().await {
            Ok(()) => Signal::Interrupt,
            Err(_) => std::future::pending().await,
        }
    }
}
