//! `smartsync serve`: runs until SIGINT or SIGTERM. A second one does not wait for a look that has begun.

use smartsync::{Config, server};

use crate::{commands::Exit, failure::Failure, output::Output, signals};

pub(crate) async fn run(config: &Config, output: &mut Output) -> Result<Exit, Failure> {
    // Before the server starts, so that no signal is missed.
    let mut stop = signals::stop()?;
    signals::ignore_hang_up()?;
    signals::outlive_limit_of_files()?;
    let server = server::bind(config).await?;
    let (address, path) = (server.address(), config.server.path.as_str());
    let metrics = server.metrics_address();
    let line = serde_json::json!({ "address": address, "path": path, "metrics": metrics });
    output.result(&line, |out| {
        writeln!(out, "listening on http://{address}{path}")?;
        metrics.map_or(Ok(()), |address| writeln!(out, "metrics on http://{address}/metrics"))
    })?;
    let stopped = async {
        stop.asked().await;
    };
    server.run(stopped).await;
    Ok(Exit::Success)
}
