//! `smartsync page`: the page in a process of its own, until SIGINT or SIGTERM. SIGHUP has it read its
//! configuration again.

use smartsync::server;
use smartsync::words::commands::serve as words;

use crate::{
    commands::{Exit, Named, read_again::read_again_at},
    failure::Failure,
    output::Output,
    signals,
};

pub(crate) async fn run(named: &Named, output: &mut Output) -> Result<Exit, Failure> {
    let config = named.tenants()?;
    // Before anybody is answered, so that no signal is missed.
    let mut stop = signals::stop()?;
    let hang_ups = signals::hang_ups()?;
    let page = server::bind_page(&config).await?;
    let address = page.address();
    output.result(&serde_json::json!({ "address": address }), |out| {
        writeln!(out, "{}", words::page(address))
    })?;
    let reload = page.reload();
    tokio::select! {
        () = page.run(async { stop.asked().await; }) => Ok(Exit::Success),
        never = read_again_at(hang_ups, named, output, async |config| reload.apply(&config).await) => match never {},
    }
}
