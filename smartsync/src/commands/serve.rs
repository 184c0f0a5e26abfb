//! `smartsync serve`: runs until SIGINT or SIGTERM.

use smartsync::{Config, serve};

use crate::{commands::Exit, failure::Failure, render::Output};

pub(crate) async fn run(config: &Config, output: &mut Output) -> Result<Exit, Failure> {
    let stop = stop_signal()?;
    let server = serve::bind(config).await?;
    let (address, path) = (server.address(), config.server.path.as_str());
    output.result(&serde_json::json!({ "address": address, "path": path }), |out| {
        writeln!(out, "listening on http://{address}{path}")
    })?;
    server.run(stop).await;
    Ok(Exit::Done)
}

/// Resolves when the process is asked to stop. Set up before the server starts, so that no signal is missed.
#[cfg(unix)]
fn stop_signal() -> std::io::Result<impl Future<Output = ()>> {
    use tokio::signal::unix::{SignalKind, signal};

    let (mut interrupt, mut terminate) = (signal(SignalKind::interrupt())?, signal(SignalKind::terminate())?);
    Ok(async move {
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
        }
    })
}

#[cfg(not(unix))]
fn stop_signal() -> std::io::Result<impl Future<Output = ()>> {
    Ok(async {
        tokio::signal::ctrl_c().await.ok();
    })
}
