//! `smartsync serve`: runs until SIGINT or SIGTERM. A second one does not wait for a look that has begun. SIGHUP has it read its
//! configuration again.

use smartsync::words::commands::serve as words;
use smartsync::{Config, server, store::Tenant};

use crate::{
    commands::{Exit, Named, read_again::read_again_at},
    failure::Failure,
    output::Output,
    signals,
};

pub(crate) async fn run(named: &Named, output: &mut Output) -> Result<Exit, Failure> {
    let config = named.tenants()?;
    // Before the server starts, so that no signal is missed.
    let mut stop = signals::stop()?;
    let hang_ups = signals::hang_ups()?;
    signals::outlive_limit_of_files()?;
    let server = server::bind(&config).await?;
    let (address, metrics, page) = (server.address(), server.metrics_address(), server.page_address());
    let path = |config: &Config| config.server.path.as_str().to_owned();
    let mut line = serde_json::json!({ "address": address, "metrics": metrics, "page": page });
    if config.names().next().is_some() {
        let tenants =
            config.iter().map(|config| serde_json::json!({ "tenant": config.name(), "path": path(config) }));
        line["tenants"] = tenants.collect();
    } else {
        line["path"] = path(config.shared()).into();
    }
    output.result(&line, |out| {
        for config in config.iter() {
            let tenant = config.name().map(Tenant::as_str);
            writeln!(out, "{}", words::listening(address, &path(config), tenant))?;
        }
        if let Some(address) = metrics {
            writeln!(out, "{}", words::metrics(address))?;
        }
        page.map_or(Ok(()), |address| writeln!(out, "{}", words::page(address)))
    })?;
    let reload = server.reload();
    tokio::select! {
        () = server.run(async { stop.asked().await; }) => Ok(Exit::Success),
        never = read_again_at(hang_ups, named, output, async |config| reload.apply(&config).await) => match never {},
    }
}
