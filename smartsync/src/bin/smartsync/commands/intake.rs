//! `smartsync intake`: what came in, and what became of it, as it was counted by the hour. Asks no service.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::Serialize;
use smartsync::{
    ConfigFile,
    store::{Tallied, Tallies},
    words::{
        commands::{intake as words, status::moment},
        shared::{distance, tallied},
    },
};
use smartsync_core::{Clock as _, engine::SystemClock};

use super::each_tenant::each_tenant;
use crate::{
    commands::{Exit, Named},
    failure::Failure,
    field_table::short,
    output::{Output, table, told_in_lines},
};

pub(crate) async fn run(named: &Named, output: &mut Output) -> Result<Exit, Failure> {
    each_tenant(named, output, show).await
}

/// What was counted, as JSON: by the name of what it is, also where that is 0.
#[derive(Serialize)]
struct Shown {
    last_notification: Option<Timestamp>,
    last_sweep: Option<Timestamp>,
    day: Counts,
    month: Counts,
    /// The steps of the day and of the month, the oldest first.
    hours: Vec<Step>,
    days: Vec<Step>,
}

type Counts = BTreeMap<&'static str, u64>;

#[derive(Serialize)]
struct Step {
    from: Timestamp,
    /// What is missing was not counted.
    counts: Counts,
}

impl Step {
    fn of(tallies: &Tallies) -> Self {
        let counts = tallies.counts.iter().map(|(what, count)| (what.as_str(), *count)).collect();
        Self { from: tallies.from, counts }
    }
}

async fn show(file: &ConfigFile, output: &mut Output) -> Result<Exit, Failure> {
    let now = SystemClock.now();
    let state = file.store()?.open_existing().await?;
    let status = state.journal(file.tenant()).status(now).await?;
    let overview = state.overview(file.tenant());
    let (hours, days) = (overview.tallies(now, 1, 24).await?, overview.tallies(now, 24, 30).await?);
    let all =
        |steps: &[Tallies], what| steps.iter().fold(0_u64, |all, step| all.saturating_add(step.of(what)));
    let totals =
        |steps: &[Tallies]| Tallied::ALL.iter().map(|what| (what.as_str(), all(steps, *what))).collect();
    let shown = Shown {
        last_notification: status.last_notification,
        last_sweep: status.last_sweep,
        day: totals(&hours),
        month: totals(&days),
        hours: hours.iter().map(Step::of).collect(),
        days: days.iter().map(Step::of).collect(),
    };
    output.result(&shown, |out| {
        let when = |at: Option<Timestamp>| {
            at.map_or_else(|| words::NONE.to_owned(), |at| moment(&short(at), &distance(now, at)))
        };
        for (name, at) in
            [(words::LAST_NOTIFICATION, status.last_notification), (words::LAST_SWEEP, status.last_sweep)]
        {
            writeln!(out, "{name:<19}{}", when(at))?;
        }
        let came_in: Vec<Tallied> =
            [&Tallied::NOTIFICATIONS[..], &Tallied::REFUSED, &[Tallied::SweepFound]].concat();
        for (title, whats) in [
            (words::NOTIFICATIONS, &came_in[..]),
            (words::DELAYS, &Tallied::DELAYS),
            (words::LOOKS, &Tallied::LOOKS),
            (words::FIELDS, &Tallied::FIELDS),
        ] {
            let rows = whats.iter().map(|what| {
                [tallied(*what).to_owned(), all(&hours, *what).to_string(), all(&days, *what).to_string()]
            });
            writeln!(out, "\n{}", table([title, words::DAY, words::MONTH], rows))?;
        }
        writeln!(out, "\n{}", told_in_lines(words::DELAYS_MEAN))
    })?;
    Ok(Exit::Success)
}
