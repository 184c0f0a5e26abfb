//! A signed contract and its counterparties, and whether it is held because nobody knows whose it is.

use smartsync_core::{LedgerEntry, Outcome, Reason, mapping::LinkMethod};
use smartsync_transport::ScriptedTransport;

use crate::support::stage::{SENT, Stage, contract};

/// The stage of a signed contract with this id of the owner side.
pub(crate) fn stage(custom_id: &str, mapping: &str, teamtailor: ScriptedTransport) -> Stage {
    let contract = contract("signed", custom_id, &[("city", "Oslo")]);
    stage_of(contract, mapping, teamtailor)
}

/// What the ledger knows of a contract of this candidate, which it found by itself.
pub(crate) fn bound(candidate: &str) -> LedgerEntry {
    let mut entry = LedgerEntry::default();
    (entry.candidate, entry.linked_by) = (Some(candidate.into()), Some(LinkMethod::Ledger));
    entry
}

/// The same of candidate 4711, who was found by this means.
pub(crate) fn bound_by(means: Option<LinkMethod>) -> LedgerEntry {
    let mut entry = bound("4711");
    entry.linked_by = means;
    entry
}

/// Plans and applies, and expects every field held for `reason` and not one write.
pub(crate) async fn is_held(stage: &Stage, reason: Reason) {
    let before = stage.ledger.entry(9001.into());
    let plan = stage.engine.plan(9001.into()).await.unwrap();
    let report = stage.engine.apply(plan).await;
    assert!(
        report.outcomes.iter().all(|field| field.outcome == Outcome::Held(reason)),
        "{reason:?}: {:?}",
        report.outcomes
    );
    assert!(!report.outcomes.is_empty());
    assert!(!report.is_complete());
    assert_eq!(report.is_without_candidate(), reason == Reason::NoCandidate, "{reason:?}");
    assert_eq!(stage.writes(), [""; 0], "{reason:?}");
    assert_eq!(stage.ledger.entry(9001.into()), before, "nothing is bound");
}

/// A signed contract whose counterparties are these individuals: the owner's id for each, and the address.
pub(crate) fn with_signers(signers: &[(&str, &str)]) -> String {
    let party = |(position, (custom_id, email)): (usize, &(&str, &str))| {
        format!(
            r#"{{ "id": {id}, "type": "individual", "my_party": false, "participant": {{
                "id": 2{id}, "email": "{email}", "sign_state": "undecided", "signatory": true,
                "_private_ownerside": {{ "custom_id": "{custom_id}", "created_time": "2031-01-02T03:04:05+0000",
                    "updated_time": "2031-01-02T03:04:05+0000" }} }} }}"#,
            id = 30 + position,
        )
    };
    let parties: Vec<String> = signers.iter().enumerate().map(party).collect();
    let mut body: serde_json::Value =
        serde_json::from_str(&contract("signed", "", &[("city", "Oslo")])).unwrap();
    body["parties"] = serde_json::from_str(&format!("[{}]", parties.join(","))).unwrap();
    body.to_string()
}

/// The stage of this contract, whose events say that it was sent.
pub(crate) fn stage_of(contract: String, mapping: &str, teamtailor: ScriptedTransport) -> Stage {
    Stage::new(mapping, ScriptedTransport::new().json(200, contract).json(200, SENT), teamtailor)
}

pub(crate) const BY_TOKEN: &str = "[sync]\nlink = [\"ledger\", \"participant_custom_id\"]";
