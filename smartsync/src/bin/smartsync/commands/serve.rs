//! `smartsync serve`: runs until SIGINT or SIGTERM. A second one does not wait for a look that has begun. SIGHUP has it read its
//! configuration again.

use smartsync::server::{self, Reload};

use crate::{
    commands::{Exit, Named},
    failure::Failure,
    output::Output,
    signals::{self, HangUps},
};

pub(crate) async fn run(named: &Named, output: &mut Output) -> Result<Exit, Failure> {
    let config = named.config()?;
    // Before the server starts, so that no signal is missed.
    let mut stop = signals::stop()?;
    let hang_ups = signals::hang_ups()?;
    signals::outlive_limit_of_files()?;
    let server = server::bind(&config).await?;
    let (address, path) = (server.address(), config.server.path.as_str());
    let metrics = server.metrics_address();
    let line = serde_json::json!({ "address": address, "path": path, "metrics": metrics });
    output.result(&line, |out| {
        writeln!(out, "listening on http://{address}{path}")?;
        metrics.map_or(Ok(()), |address| writeln!(out, "metrics on http://{address}/metrics"))
    })?;
    let reload = server.reload();
    tokio::select! {
        () = server.run(async { stop.asked().await; }) => Ok(Exit::Success),
        never = reload_at(hang_ups, named, &reload) => match never {},
    }
}

/// Reads the configuration again at each SIGHUP. What is wrong with it is told as at a start, and then the one before stays.
async fn reload_at(mut hang_ups: HangUps, named: &Named, reload: &Reload) -> std::convert::Infallible {
    loop {
        hang_ups.next().await;
        let applied = match named.config() {
            Ok(config) => reload.apply(&config).await.map_err(Failure::from),
            Err(error) => Err(error.into()),
        };
        match applied {
            Ok(later) if later.is_empty() => tracing::info!("the configuration was read again"),
            Ok(later) => tracing::warn!(
                settings = later.join(", "),
                "the configuration was read again: these settings take effect at the next start"
            ),
            Err(failure) => {
                failure.print();
                tracing::error!("the configuration was refused, and the one before stays in effect");
            }
        }
    }
}
