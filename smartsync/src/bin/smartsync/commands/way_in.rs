//! `smartsync webhook test`: sends a notification through the public address, and says how far it came.

use std::{
    io::{self, Write},
    time::Duration,
};

use serde::Serialize;
use smartsync::{
    Config,
    setup::{WayIn, WayInTest},
    words::commands::way_in as words,
};
use smartsync_transport::Url;

use crate::{
    cli::WebhookTest,
    commands::Exit,
    failure::Failure,
    finding_lines::{word, write_finding},
    output::Output,
};

/// The result as JSON.
#[derive(Serialize)]
struct Tested<'a> {
    url: &'a Url,
    #[serde(flatten)]
    way: &'a WayIn,
}

pub(super) async fn run(
    config: &Config,
    arguments: WebhookTest,
    output: &mut Output,
) -> Result<Exit, Failure> {
    let mut test = WayInTest::new(arguments.url);
    test.contract = arguments.contract;
    test.timeout = Duration::from_secs(arguments.timeout);
    let way = test.run(config).await?;
    output.result(&Tested { url: &test.url, way: &way }, |out| {
        write_stages(out, &way)?;
        writeln!(out, "{}", words::told(test.url.as_str(), way.reached))
    })?;
    Ok(if way.reached { Exit::Success } else { Exit::Failure })
}

/// A line for each stage, and what to do about the one that failed.
pub(super) fn write_stages(out: &mut dyn Write, way: &WayIn) -> io::Result<()> {
    for found in &way.stages {
        write_finding(out, word(found.verdict), found.stage, &found.text, found.next.as_deref())?;
    }
    Ok(())
}
