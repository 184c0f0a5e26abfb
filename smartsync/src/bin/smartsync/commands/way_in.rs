//! `smartsync webhook test`: sends a notification through the public address, and says how far it came.

use std::{
    io::{self, Write},
    time::Duration,
};

use serde::Serialize;
use smartsync::{
    Config,
    setup::{Verdict, WayIn, WayInTest},
    words::commands::way_in as words,
};
use smartsync_transport::{Url, one_line};

use crate::{cli::WebhookTest, commands::Exit, failure::Failure, output::Output};

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
        let verdict = match found.verdict {
            Verdict::Good => words::GOOD,
            Verdict::Warning => words::WARNING,
            Verdict::Bad => words::BAD,
        };
        writeln!(out, "{verdict} {}: {}", found.stage, one_line(&found.text))?;
        if let Some(next) = &found.next {
            writeln!(out, "{}", words::next(next))?;
        }
    }
    Ok(())
}
