//! What a person can decide, for every reason: a table, by the scenes that produce the reasons.

use std::collections::BTreeMap;

use smartsync_core::{Reason, plan::Take};

use crate::every_reason::of_a_sync;

/// Of each reason that a look can have: whether a person may decide on a field that is held for it; what comes of it when they take the
/// contract's value, and when they keep the card's.
#[rustfmt::skip]
const TABLE: &[(&str, bool, &str, &str)] = &[
    // What the rules left to a person, and what they would overwrite by themselves.
    ("conflict-contract-won", false, WRITTEN, KEPT),
    ("conflict-held", true, WRITTEN, KEPT),
    ("first-sight-contract-won", false, WRITTEN, KEPT),
    ("first-sight-held", true, WRITTEN, KEPT),
    ("edit-not-proven", true, WRITTEN, KEPT),
    ("cleared", false, WRITTEN, KEPT),
    ("cut-off-contract-won", false, WRITTEN, KEPT),
    ("cut-off-held", true, WRITTEN, KEPT),
    ("clear-refused", false, "ends as failed clear-refused", KEPT),
    // Everything else stays as it is, and says so.
    ("not-in-contract", false, "refused: not-in-contract", "refused: not-in-contract"),
    ("nothing-to-say", false, "refused: nothing-to-say", "refused: nothing-to-say"),
    ("candidate-is-newer", false, "refused: candidate-is-newer", "refused: candidate-is-newer"),
    ("empty-kept", false, "refused: empty-kept", "refused: empty-kept"),
    ("out-of-scope", false, "refused: out-of-scope", "refused: out-of-scope"),
    ("other-contract-first", false, "refused: other-contract-first", "refused: other-contract-first"),
    ("other-contract-unreadable", false, "refused: other-contract-unreadable", "refused: other-contract-unreadable"),
    ("identity-only-prefilled", false, "refused: identity-only-prefilled", "refused: identity-only-prefilled"),
    ("only-prefilled", false, "refused: only-prefilled", "refused: only-prefilled"),
    ("waits-for-candidate-signature", false, "refused: waits-for-candidate-signature", "refused: waits-for-candidate-signature"),
    ("waits-for-all-signatures", false, "refused: waits-for-all-signatures", "refused: waits-for-all-signatures"),
    ("contract-is-draft", false, "refused: contract-is-draft", "refused: contract-is-draft"),
    ("contract-declined", false, "refused: contract-declined", "refused: contract-declined"),
    ("contract-overdue", false, "refused: contract-overdue", "refused: contract-overdue"),
    ("contract-gone", false, "refused: contract-gone", "refused: contract-gone"),
    ("contract-retired", false, "refused: contract-retired", "refused: contract-retired"),
    ("contract-state-unknown", false, "refused: contract-state-unknown", "refused: contract-state-unknown"),
    ("conflict-candidate-won", false, "refused: conflict-candidate-won", "refused: conflict-candidate-won"),
    ("first-sight-candidate-won", false, "refused: first-sight-candidate-won", "refused: first-sight-candidate-won"),
    ("no-candidate", false, "refused: no-candidate", "refused: no-candidate"),
    ("several-candidates", false, "refused: several-candidates", "refused: several-candidates"),
    ("address-shared", false, "refused: address-shared", "refused: address-shared"),
    ("link-unconfirmed", false, "refused: link-unconfirmed", "refused: link-unconfirmed"),
    ("link-forged", false, "refused: link-forged", "refused: link-forged"),
    ("link-of-another-contract", false, "refused: link-of-another-contract", "refused: link-of-another-contract"),
    ("link-disagrees", false, "refused: link-disagrees", "refused: link-disagrees"),
    ("candidate-gone", false, "refused: candidate-gone", "refused: candidate-gone"),
    ("candidate-forgotten", false, "refused: candidate-forgotten", "refused: candidate-forgotten"),
    ("unknown-custom-field", false, "refused: unknown-custom-field", "refused: unknown-custom-field"),
    ("unsupported-field-type", false, "refused: unsupported-field-type", "refused: unsupported-field-type"),
    ("type-mismatch", false, "refused: type-mismatch", "refused: type-mismatch"),
    ("two-sources", false, "refused: two-sources", "refused: two-sources"),
    ("contract-value-unreadable", false, "refused: contract-value-unreadable", "refused: contract-value-unreadable"),
    ("ambiguous-number", false, "refused: ambiguous-number", "refused: ambiguous-number"),
    ("other-currency", false, "refused: other-currency", "refused: other-currency"),
    ("ambiguous-date", false, "refused: ambiguous-date", "refused: ambiguous-date"),
    ("implausible-date", false, "refused: implausible-date", "refused: implausible-date"),
    ("markup", false, "refused: markup", "refused: markup"),
    ("formula", false, "refused: formula", "refused: formula"),
    ("turned-text", false, "refused: turned-text", "refused: turned-text"),
    ("look-alike", false, "refused: look-alike", "refused: look-alike"),
    ("not-on-linkedin", false, "refused: not-on-linkedin", "refused: not-on-linkedin"),
    ("hidden-characters", false, "refused: hidden-characters", "refused: hidden-characters"),
    ("unknown-option", false, "refused: unknown-option", "refused: unknown-option"),
    ("ambiguous-option", false, "refused: ambiguous-option", "refused: ambiguous-option"),
    ("ambiguous-choices", false, "refused: ambiguous-choices", "refused: ambiguous-choices"),
    ("too-long", false, "refused: too-long", "refused: too-long"),
    ("lossy", false, "refused: lossy", "refused: lossy"),
    ("candidate-value-unreadable", false, "refused: candidate-value-unreadable", "refused: candidate-value-unreadable"),
    // These come of a write, here to an empty field: there is nothing to decide about it.
    ("changed-meanwhile", false, NOTHING, NOTHING),
    ("email-taken", false, NOTHING, NOTHING),
    ("refused", false, NOTHING, NOTHING),
    ("refused-together", false, NOTHING, NOTHING),
    ("option-refused", false, NOTHING, NOTHING),
    ("not-as-written", false, NOTHING, NOTHING),
    ("not-authorized", false, NOTHING, NOTHING),
    ("unavailable", false, NOTHING, NOTHING),
    ("answer-unreadable", false, NOTHING, NOTHING),
    ("not-attempted", false, NOTHING, NOTHING),
    ("document-not-wanted", false, NOTHING, NOTHING),
    ("ledger-failed", false, "no look", "no look"),
    // These are of the document, in contracts without a field.
    ("document-by-address", false, NO_FIELD, NO_FIELD),
    ("not-signed-yet", false, NO_FIELD, NO_FIELD),
    ("file-not-ready", false, NO_FIELD, NO_FIELD),
    ("file-without-address", false, NO_FIELD, NO_FIELD),
    ("file-too-large", false, NO_FIELD, NO_FIELD),
    ("document-host-failed", false, NO_FIELD, NO_FIELD),
    ("address-not-public", false, NO_FIELD, NO_FIELD),
    ("document-refused", false, NO_FIELD, NO_FIELD),
    ("document-not-shown", false, NO_FIELD, NO_FIELD),
    ("upload-unknown", false, NO_FIELD, NO_FIELD),
    ("uploads-unknown", false, NO_FIELD, NO_FIELD),
];

const WRITTEN: &str = "ends as written decided-contract";
const KEPT: &str = "ends as skipped decided-card";
const NOTHING: &str = "refused: nothing-to-decide";
const NO_FIELD: &str = "nothing is shown";

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
        let (contract, writes) = for_contract.decided(reason, Take::Contract).await;
        let (card, writes_of_card) = for_card.decided(reason, Take::Card).await;
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
