//! What a host asks the core for, so that each rule is said once.

use oneflow_client::contracts::ContractState;
use smartsync_core::{Clock as _, Mapping, Reason, engine::SystemClock};

#[test]
fn a_contract_may_concern_a_card_by_its_state_and_by_whether_the_state_is_put_on_the_card() {
    let without: Mapping = toml::from_str("").unwrap();
    let text = r#"field = [{ oneflow = "contract:state", teamtailor = "custom:status", direction = "to_teamtailor" }]"#;
    let with: Mapping = toml::from_str(text).unwrap();
    let text = r#"field = [{ oneflow = "city", teamtailor = "custom:city", direction = "to_teamtailor" }]"#;
    let other: Mapping = toml::from_str(text).unwrap();
    for (state, expected) in [
        (r#""pending""#, [true, true, true]),
        (r#""signed""#, [true, true, true]),
        (r#""declined""#, [false, true, false]),
        (r#""overdue""#, [false, true, false]),
        (r#""draft""#, [false, false, false]),
        (r#""a state of a later time""#, [false, false, false]),
    ] {
        let known: ContractState = serde_json::from_str(state).unwrap();
        let found = [&without, &with, &other].map(|mapping| mapping.may_concern_a_card(Some(&known)));
        assert_eq!(found, expected, "{state}");
    }
    assert!(!with.may_concern_a_card(None), "a contract that shows no state");
}

#[test]
fn ten_reasons_say_that_a_candidate_was_looked_for_and_there_is_none_to_write_to() {
    let lack = Reason::ALL.iter().filter(|reason| reason.is_lack_of_candidate());
    let mut codes: Vec<&str> = lack.map(|reason| reason.code()).collect();
    codes.sort_unstable();
    assert_eq!(
        codes,
        [
            "address-shared",
            "answer-unreadable",
            "candidate-forgotten",
            "candidate-gone",
            "link-disagrees",
            "link-forged",
            "link-of-another-contract",
            "link-unconfirmed",
            "no-candidate",
            "several-candidates",
        ]
    );
}

#[test]
#[expect(clippy::disallowed_methods, reason = "the time is what this is about")]
fn the_clock_of_the_machine_tells_the_time() {
    let before = jiff::Timestamp::now();
    let told = SystemClock.now();
    assert!((before..=jiff::Timestamp::now()).contains(&told), "{told}");
}
