//! `smartsync status`: how the whole stands. Asks no service.

use jiff::Timestamp;
use serde::Serialize;
use smartsync::{
    ConfigFile,
    store::Status,
    words::{commands::status as words, shared::distance},
};
use smartsync_core::{Clock as _, engine::SystemClock};

use super::each_tenant::each_tenant;
use crate::{
    commands::{Exit, Named},
    failure::Failure,
    field_table::short,
    output::{Output, told_beside, told_in_lines},
};

pub(crate) async fn run(named: &Named, output: &mut Output) -> Result<Exit, Failure> {
    each_tenant(named, output, show).await
}

/// How it stands, as JSON.
#[derive(Serialize)]
struct Shown<'a> {
    #[serde(flatten)]
    status: &'a Status,
    held: Held,
    credentials: [Credential; 2],
}

/// What is known of a credential: nothing, in a process that does not use it.
#[derive(Serialize)]
struct Credential {
    service: &'static str,
    state: &'static str,
    requests_left: Option<u64>,
}

/// Fields that are held.
#[derive(Serialize)]
struct Held {
    fields: u32,
    is_more: bool,
}

async fn show(file: &ConfigFile, output: &mut Output) -> Result<Exit, Failure> {
    let now = SystemClock.now();
    let state = file.store()?.open_existing().await?;
    let status = state.journal(file.tenant()).status(now).await?;
    let held = state.overview(file.tenant()).held_count().await?;
    let shown = Shown {
        status: &status,
        held: Held { fields: held.number, is_more: held.is_more },
        credentials: ["oneflow", "teamtailor"].map(|service| Credential {
            service,
            state: "not_known",
            requests_left: None,
        }),
    };
    output.result(&shown, |out| {
        let when = |at: Timestamp| words::moment(&short(at), &distance(now, at));
        let oldest = status
            .oldest_waiting
            .map(|oldest| words::first_waiting(oldest.contract.get(), oldest.at <= now, &when(oldest.at)));
        let drifting =
            status.drift.oldest.map(|oldest| words::oldest_drift(oldest.contract.get(), &when(oldest.since)));
        let last_look =
            status.last_look.map(|last| words::last_look(&when(last.at), last.contract.get(), last.trigger));
        let server = if status.is_served { words::SERVED } else { words::NOT_SERVED };
        for (name, value) in [
            (words::SERVER, server.to_owned()),
            (words::WAITING, format!("{}{}", status.waiting, oldest.unwrap_or_default())),
            (words::RUNNING, status.running.to_string()),
            (words::PARKED, status.parked.to_string()),
            (words::HELD, words::fields(&held.to_string())),
            (words::DRIFT, format!("{}{}", status.drift.contracts, drifting.unwrap_or_default())),
            (words::LAST_NOTIFICATION, or_none(status.last_notification.map(when))),
            (words::LAST_LOOK, or_none(last_look)),
            (words::LAST_SWEEP, or_none(status.last_sweep.map(when))),
            (words::CREDENTIALS, words::NOT_KNOWN.to_owned()),
        ] {
            writeln!(out, "{}", told_beside(name, 18, &value))?;
        }
        if status.drift.contracts > 0 {
            writeln!(out, "\n{}", told_in_lines(words::DRIFT_MEANS))?;
        }
        if status.parked > 0 {
            writeln!(out, "\n{}", words::SEE_PARKED)?;
        }
        if held.number > 0 {
            writeln!(out, "\n{}", words::SEE_HELD)?;
        }
        Ok(())
    })?;
    Ok(Exit::Success)
}

fn or_none(text: Option<String>) -> String {
    text.unwrap_or_else(|| words::NONE.to_owned())
}
