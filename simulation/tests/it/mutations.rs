//! Whatever a service answers.

use smartsync_simulation::mutations::{scenarios, simulate_variants, trace, undisturbed};

#[test]
fn no_answer_makes_the_engine_do_what_it_must_not() {
    let tally = simulate_variants(1, 400, 2).unwrap();
    assert_eq!(tally.runs(), 400);
    assert_eq!(tally.scenarios().count(), 17);
    assert!(
        tally.apart() > 0,
        "an answer that nobody can tell from the truth misleads, and the judge sees that"
    );
    assert_eq!(tally.failed(), 0, "{tally}");
}

#[test]
fn the_same_seed_is_the_same_run() {
    assert_eq!(trace(7).unwrap(), trace(7).unwrap());
    assert_ne!(trace(7).unwrap(), trace(8).unwrap());
}

#[test]
fn every_scenario_writes_what_it_is_for_and_then_rests() {
    let expected: [(&str, &[&str]); 17] = [
        ("pending-edited", &["1: PATCH 901", "1: POST", "1: POST", "1: PATCH 902", "1: PATCH 903"]),
        ("signed-with-document", &["1: PATCH 902", "1: PATCH 903", "1: POST uploads"]),
        ("pending-beside-signed", &[]),
        ("three-contracts", &["1: POST"]),
        (
            "ledger-lost",
            &["1: PATCH 901", "1: POST", "1: POST", "1: PATCH 902", "1: PATCH 903", "1: POST uploads"],
        ),
        (
            "address-of-another",
            // The address is refused, since another candidate has it, and is tried again at every look.
            &[
                "1: PATCH candidates/4711",
                "1: PATCH 901",
                "1: POST",
                "1: POST",
                "1: PATCH 902",
                "1: PATCH 903",
                "2: PATCH candidates/4711",
                "3: PATCH candidates/4711",
            ],
        ),
        ("found-by-address", &["1: POST", "1: PATCH 902", "1: PATCH 903", "1: POST uploads"]),
        ("creation", &["1: POST contracts/create", "1: POST contracts/9001/publish", "2: POST"]),
        ("adoption", &["2: POST"]),
        ("adoption-by-data-field", &["2: POST"]),
        ("choices", &["1: PATCH 905", "1: PATCH 901", "1: POST"]),
        (
            "clearing",
            &[
                "1: PATCH candidates/4711",
                "1: PATCH 901",
                "1: PATCH 905",
                "1: PATCH 902",
                "1: PATCH 903",
                "1: POST uploads",
            ],
        ),
        ("default-fields", &["1: PATCH candidates/4711"]),
        (
            "typed-fields",
            &[
                "1: PATCH 905",
                "1: PATCH 907",
                "1: PATCH 906",
                "1: PATCH 909",
                "1: PATCH 908",
                "1: POST uploads",
            ],
        ),
        ("both-sides-edited", &["1: PATCH 901", "1: POST"]),
        ("empty-card", &["1: POST", "1: POST", "1: POST", "1: POST", "1: POST"]),
        (
            "bare-keys",
            &["1: PATCH 901", "1: POST", "1: POST", "1: PATCH 902", "1: PATCH 903", "1: POST uploads"],
        ),
    ];
    assert_eq!(scenarios().collect::<Vec<_>>(), expected.map(|(name, _)| name));
    for (name, writes) in expected {
        let short = |write: &String| write.replace("/v1/", "").replace("custom-field-values/", "");
        let made: Vec<String> = undisturbed(name).unwrap().iter().map(short).collect();
        let made: Vec<&str> =
            made.iter().map(|write| write.trim_end_matches(" custom-field-values")).collect();
        assert_eq!(made, writes, "{name}");
    }
}
