//! `smartsync page`: the page in a process of its own, until SIGINT or SIGTERM.

use smartsync::server;
use smartsync::words::commands::serve as words;

use crate::{
    commands::{Exit, Named},
    failure::Failure,
    output::Output,
    signals,
};

pub(crate) async fn run(named: &Named, output: &mut Output) -> Result<Exit, Failure> {
    let config = named.tenants()?;
    // Before anybody is answered, so that no signal is missed.
    let mut stop = signals::stop()?;
    let page = server::bind_page(&config).await?;
    let address = page.address();
    output.result(&serde_json::json!({ "address": address }), |out| {
        writeln!(out, "{}", words::page(address))
    })?;
    page.run(async {
        stop.asked().await;
    })
    .await;
    Ok(Exit::Success)
}
