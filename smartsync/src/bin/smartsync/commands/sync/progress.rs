//! How far a sync is, and what it waits for: on stderr, and only if that is a terminal. Elsewhere the log says what it waits for.

use std::{fmt::Write, io, time::Duration};

use indicatif::{HumanDuration, ProgressBar, ProgressDrawTarget, ProgressState, ProgressStyle};
use smartsync::{engine::LimitWaits, words::commands::progress as words};

use crate::failure::Failure;

const TICK: Duration = Duration::from_millis(500);

pub(in crate::commands) struct Progress {
    bar: ProgressBar,
    many: ProgressStyle,
}

impl Progress {
    pub(in crate::commands) fn begin(waits: &LimitWaits) -> Result<Self, Failure> {
        let style = |template| ProgressStyle::with_template(template).map_err(io::Error::other);
        let (wait, left) = (waits.clone(), waits.clone());
        let wait = move |_: &ProgressState, out: &mut dyn Write| write_wait(&wait, out);
        let left = move |state: &ProgressState, out: &mut dyn Write| match left.now() {
            Some(_) => write_wait(&left, out),
            None => drop(out.write_str(&words::left(&format!("{:#}", HumanDuration(state.eta()))))),
        };
        let one = style("{wait}")?.with_key("wait", wait);
        // Within 80 columns.
        let many = style(words::BAR)?.with_key("left", left);
        let target = if tracing::enabled!(tracing::Level::INFO) {
            // The log says it all, and would not mix well with a bar.
            ProgressDrawTarget::hidden()
        } else {
            ProgressDrawTarget::stderr()
        };
        let bar = ProgressBar::with_draw_target(None, target).with_style(one);
        bar.enable_steady_tick(TICK);
        Ok(Self { bar, many })
    }

    /// So many contracts there are.
    pub(in crate::commands) fn of(&self, contracts: usize) {
        if contracts > 1 {
            self.bar.set_style(self.many.clone());
            self.bar.set_length(u64::try_from(contracts).unwrap_or(u64::MAX));
        }
    }

    pub(in crate::commands) fn next(&self) {
        self.bar.inc(1);
    }

    pub(in crate::commands) fn end(self) {
        self.bar.finish_and_clear();
    }
}

fn write_wait(waits: &LimitWaits, out: &mut dyn Write) {
    if let Some(wait) = waits.now() {
        out.write_str(&words::limit(wait.service, wait.left)).ok();
    }
}
