//! What a person can decide, for every reason: a table, by the scenes that produce the reasons.

use std::collections::BTreeMap;

use smartsync_core::{Reason, plan::Take};

use crate::every_reason::of_a_sync;

/// Of each reason that a look can have: whether a person may decide on a field that is held for it; what comes of it when they take the
/// contract's value, and when they keep the card's.
const TABLE: &[(&str, bool, &str, &str)] = &[];

/// Not of the field of a look at a contract: of a creation, of accounts, of a decision itself; and the limit, which has a test of its own.
const ELSEWHERE: [(&str, bool); 9] = [
    ("only-taken-over", false),
    ("candidate-empty", false),
    ("contract-holds-another", false),
    ("not-taken-over-by-oneflow", false),
    ("limit-reached", true),
    ("other-account", false),
    ("plan-of-another-engine", false),
    ("decided-contract", false),
    ("decided-card", false),
];

#[test]
fn the_table_has_each_reason_once_and_says_on_which_a_person_may_decide() {
    let rows = TABLE.iter().map(|(code, may, ..)| (*code, *may)).chain(ELSEWHERE);
    let mut expected: Vec<(&str, bool)> = rows.collect();
    expected.sort_unstable();
    let mut all: Vec<_> = Reason::ALL.iter().map(|reason| (reason.code(), reason.may_be_decided())).collect();
    all.sort_unstable();
    assert_eq!(expected, all);
}

#[tokio::test]
async fn a_decision_settles_what_the_rules_left_to_a_person_and_nothing_else() {
    let rows: BTreeMap<_, _> =
        TABLE.iter().map(|(code, _, contract, card)| (*code, [*contract, *card])).collect();
    let (contract, card) = (of_a_sync(), of_a_sync());
    let mut wrong = Vec::new();
    for ((reason, for_contract), (_, for_card)) in contract.into_iter().zip(card) {
        let (contract, writes) = for_contract.decided(Take::Contract).await;
        let (card, writes_of_card) = for_card.decided(Take::Card).await;
        for (said, writes) in [(&contract, writes), (&card, writes_of_card)] {
            if said.starts_with("refused") {
                assert_eq!(writes, 0, "{}: what cannot be decided writes nothing", reason.code());
            }
        }
        let kept = card == "ends as skipped decided-card";
        assert!(!kept || writes_of_card == 0, "{}: the card stays as it is", reason.code());
        if rows.get(reason.code()) != Some(&[&*contract, &*card]) {
            let may = reason.may_be_decided();
            wrong.push(format!("    ({:?}, {may}, {contract:?}, {card:?}),", reason.code()));
        }
    }
    assert!(wrong.is_empty(), "other than in the table:\n{}", wrong.join("\n"));
}
