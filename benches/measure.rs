//! What every benchmark needs: the time of one run, and the middle of several rounds.

use std::{hint::black_box, time::Instant};

/// Microseconds for one of so many runs.
pub fn time<T>(repeats: u32, run: impl Fn() -> T) -> f64 {
    let begun = Instant::now();
    for _ in 0..repeats {
        black_box(run());
    }
    begun.elapsed().as_secs_f64() * 1e6 / f64::from(repeats)
}

/// The value in the middle.
pub fn median(values: &mut [f64]) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}
