//! Which rule of the mapping decided how a field ended.

use smartsync_core::Reason;

use crate::words::WORDS;

/// The rule that decided, in words; none where both sides alone, or the contract's state, did. It is read off the reason that the look noted, as there is one for
/// each rule and side, so it is the rule of the mapping of then. At first sight, it is what came of `on_first_sight`: `proven` refers to `on_conflict`.
pub(super) fn deciding_rule(reason: Option<&str>) -> String {
    let words = &WORDS.mapping;
    let (rule, word) = match reason.and_then(Reason::from_code) {
        Some(Reason::ConflictContractWon | Reason::CutOffContractWon) => (words.on_conflict, "contract_wins"),
        Some(Reason::ConflictCandidateWon) => (words.on_conflict, "candidate_wins"),
        Some(Reason::ConflictHeld) => (words.on_conflict, "hold"),
        Some(Reason::FirstSightContractWon) => (words.on_first_sight, "contract_wins"),
        Some(Reason::FirstSightCandidateWon) => (words.on_first_sight, "candidate_wins"),
        Some(Reason::FirstSightHeld) => (words.on_first_sight, "hold"),
        Some(Reason::EditNotProven) => (words.on_first_sight, "proven"),
        Some(Reason::EmptyKept) => (words.on_empty, "keep"),
        Some(Reason::Cleared) => (words.on_empty, "clear"),
        Some(Reason::WaitsForAllSignatures) => (words.when, "all_signed"),
        Some(Reason::WaitsForCandidateSignature) => (words.when, "candidate_signed"),
        Some(Reason::OnlyPrefilled) => (words.direction, "to_oneflow"),
        Some(Reason::IdentityOnlyPrefilled) => return words.by_convention.to_owned(),
        Some(Reason::DecidedContract | Reason::DecidedCard) => return WORDS.contract.by_a_person.to_owned(),
        _ => return WORDS.frame.none.to_owned(),
    };
    format!("{rule}: {}", WORDS.rule(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_rule_is_read_off_the_reason_and_every_word_of_it_is_known() {
        for (reason, rule) in [
            (None, "none"),
            (Some("conflict-contract-won"), "If both changed: contract wins"),
            (Some("conflict-held"), "If both changed: held"),
            (Some("first-sight-candidate-won"), "At first sight: card wins"),
            (Some("edit-not-proven"), "At first sight: contract, if the edit is proven"),
            (Some("cleared"), "If emptied: card is cleared"),
            (Some("waits-for-all-signatures"), "Moment: everyone has signed"),
            (Some("only-prefilled"), "Direction: to new contracts"),
            (Some("identity-only-prefilled"), "by convention"),
            (Some("decided-card"), "a person's decision"),
            (Some("contract-is-draft"), "none"),
            (Some("of-a-later-version"), "none"),
        ] {
            assert_eq!(deciding_rule(reason), rule, "{reason:?}");
        }
        for reason in Reason::ALL {
            let rule = deciding_rule(Some(reason.code()));
            assert!(!rule.contains('_'), "a word is missing: {rule}");
        }
    }
}
