//! Whatever a service answers.

use smartsync_simulation::mutations::simulate_variants;

#[test]
fn no_answer_makes_the_engine_do_what_it_must_not() {
    let tally = simulate_variants(1, 400, 2).unwrap();
    assert_eq!(tally.runs(), 400);
    assert_eq!(tally.failed(), 0, "{tally}");
}
