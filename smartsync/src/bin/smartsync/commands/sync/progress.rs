//! How far a sync is, and what it waits for: on stderr, and only if that is a terminal. Elsewhere the log says what it waits for.

use std::{fmt::Write, io, time::Duration};

use indicatif::{HumanDuration, ProgressBar, ProgressDrawTarget, ProgressState, ProgressStyle};
use smartsync::{engine::LimitWaits, store::Counted, words::commands::progress as words};

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

    /// So many there are; where they were not counted to their end, it is told how many are done and of how many it is not.
    pub(in crate::commands) fn of_counted(&self, count: Counted) -> Result<(), Failure> {
        if count.is_more {
            self.bar.set_style(ProgressStyle::with_template(words::SO_FAR).map_err(io::Error::other)?);
        } else {
            self.of(usize::try_from(count.number).unwrap_or(usize::MAX));
        }
        Ok(())
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_not_counted_to_its_end_is_no_total() {
        for (count, total) in [
            (Counted::new(10_000, false), Some(10_000)),
            (Counted::new(10_000, true), None),
            (Counted::new(0, true), None),
        ] {
            let progress = Progress::begin(&LimitWaits::new()).unwrap();
            progress.of_counted(count).unwrap();
            progress.next();
            assert_eq!((progress.bar.length(), progress.bar.position()), (total, 1), "{count}");
            progress.end();
        }
    }
}
