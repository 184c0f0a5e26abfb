//! How far a sync is, and what it waits for: on stderr, and only if that is a terminal. Elsewhere the log says what it waits for.

use std::{io, time::Duration};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use smartsync::LimitWaits;
use tokio::{task::JoinHandle, time};

use crate::failure::Failure;

const TICK: Duration = Duration::from_millis(500);

pub(super) struct Progress {
    bar: ProgressBar,
    many: ProgressStyle,
    ticking: JoinHandle<()>,
}

impl Progress {
    pub(super) fn begin(waits: &LimitWaits) -> Result<Self, Failure> {
        let style = |template| ProgressStyle::with_template(template).map_err(io::Error::other);
        let many = style("{bar:40} {pos} of {len} contracts, {eta} left {msg}")?;
        let target = if tracing::enabled!(tracing::Level::INFO) {
            // The log says it all, and would not mix well with a bar.
            ProgressDrawTarget::hidden()
        } else {
            ProgressDrawTarget::stderr()
        };
        let bar = ProgressBar::with_draw_target(None, target).with_style(style("{msg}")?);
        let ticking = tokio::spawn(tick(bar.clone(), waits.clone()));
        Ok(Self { bar, many, ticking })
    }

    /// So many contracts there are.
    pub(super) fn of(&self, contracts: usize) {
        if contracts > 1 {
            self.bar.set_style(self.many.clone());
            self.bar.set_length(u64::try_from(contracts).unwrap_or(u64::MAX));
        }
    }

    pub(super) fn next(&self) {
        self.bar.inc(1);
    }

    pub(super) fn end(self) {
        self.ticking.abort();
        self.bar.finish_and_clear();
    }
}

async fn tick(bar: ProgressBar, waits: LimitWaits) {
    let mut every = time::interval(TICK);
    loop {
        every.tick().await;
        bar.set_message(waits.now().map(|wait| wait.to_string()).unwrap_or_default());
    }
}
