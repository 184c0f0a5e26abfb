//! Fault runs: no rule is broken, what a seed does is always the same, and the runs get everywhere.

use smartsync_simulation::faults::{Counts, run};

const SEEDS: std::ops::RangeInclusive<u64> = 1..=150;

#[test]
fn these_seeds_break_no_rule() {
    for seed in 1..=300 {
        assert_eq!(run(seed, false).violations, [], "--seed {seed}");
    }
}

#[test]
fn a_seed_always_does_the_same() {
    for seed in 1..=5 {
        let (first, second) = (run(seed, false), run(seed, false));
        assert_eq!(first.counts, second.counts, "{seed}");
        assert_eq!(first.violations, second.violations, "{seed}");
    }
}

#[test]
fn the_runs_meet_every_fault_and_every_deed() {
    let mut counts = Counts::default();
    for seed in SEEDS {
        counts.add_all(&run(seed, false).counts);
    }
    let faults = [
        "429",
        "502 after",
        "503 before",
        "crash after",
        "crash before",
        "garbage",
        "late",
        "lost after",
        "lost before",
        "no connection",
        "truncated",
    ];
    for fault in faults {
        assert!(counts.of("fault at a write", fault) > 0, "{fault}");
    }
    for fault in ["crash after", "crash before", "lost after", "lost before"] {
        assert!(counts.of("fault at the ledger", fault) > 0, "{fault}");
    }
    let deeds = ["clear", "contract by others", "decline", "delete", "edit", "expire", "fill", "forget"];
    for deed in deeds.into_iter().chain(["publish", "sign", "sign all", "undo"]) {
        assert!(counts.of("deed", deed) > 0, "{deed}");
    }
    assert!(counts.of("outcome", "written") > 100, "{counts}");
    assert!(counts.of("task", "look applied late") > 10, "{counts}");
}
