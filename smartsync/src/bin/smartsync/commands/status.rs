//! `smartsync status`: how the whole stands. Asks no service.

use indicatif::HumanDuration;
use jiff::Timestamp;
use smartsync::ConfigFile;

use super::{each_tenant::each_tenant, named::journal};
use crate::{
    commands::{Exit, Named},
    failure::Failure,
    field_table::short,
    output::Output,
};

pub(crate) async fn run(named: &Named, output: &mut Output) -> Result<Exit, Failure> {
    each_tenant(named, output, show).await
}

async fn show(file: &ConfigFile, output: &mut Output) -> Result<Exit, Failure> {
    let now = Timestamp::now();
    let status = journal(file).await?.status(now).await?;
    output.result(&status, |out| {
        let when = |at: Timestamp| ago(now, at);
        let oldest = status.oldest_waiting.map(|oldest| {
            let due = if oldest.at <= now { "due since" } else { "due at" };
            format!("; the first: contract {}, {due} {}", oldest.contract, when(oldest.at))
        });
        let drifting = status.drift.oldest.map(|oldest| {
            format!("; the oldest: contract {}, since {}", oldest.contract, when(oldest.since))
        });
        let last_look = status
            .last_look
            .map(|last| format!("{}, contract {} ({})", when(last.at), last.contract, last.trigger));
        let server = if status.is_served { "running" } else { "not running" };
        for (name, value) in [
            ("server", server.to_owned()),
            ("waiting", format!("{}{}", status.waiting, oldest.unwrap_or_default())),
            ("running", status.running.to_string()),
            ("parked", status.parked.to_string()),
            ("drift", format!("{}{}", status.drift.contracts, drifting.unwrap_or_default())),
            ("last notification", or_none(status.last_notification.map(when))),
            ("last look", or_none(last_look)),
            ("last sweep", or_none(status.last_sweep.map(when))),
        ] {
            writeln!(out, "{name:<18}{value}")?;
        }
        if status.drift.contracts > 0 {
            let meaning = "Drift counts the contracts of which an agreed value, or the signed document, is not on the candidate's card.";
            writeln!(out, "\n{meaning}")?;
        }
        if status.parked > 0 {
            writeln!(out, "\n`smartsync parked list` shows the parked contracts.")?;
        }
        Ok(())
    })?;
    Ok(Exit::Success)
}

fn or_none(text: Option<String>) -> String {
    text.unwrap_or_else(|| "none".to_owned())
}

/// A time, and how long ago that is.
fn ago(now: Timestamp, at: Timestamp) -> String {
    let distance = HumanDuration(now.duration_since(at).unsigned_abs());
    let ago = if at <= now { format!("{distance} ago") } else { format!("in {distance}") };
    format!("{} ({ago})", short(at))
}
