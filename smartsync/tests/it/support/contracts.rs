//! Contracts that are out for signature, and what of them is on a card.

use smartsync_sandbox::{CandidateSeed, ContractSeed, HttpSandbox};

/// A candidate with a contract that was sent to its address: the ids of both.
pub(crate) fn sent_contract(services: &HttpSandbox, number: usize) -> (String, i64) {
    let sandbox = services.sandbox();
    let email = format!("candidate{number}@example.com");
    let candidate = sandbox.add_candidate(CandidateSeed::new(&email).name("A", "Candidate")).unwrap();
    let seed = ContractSeed::new(sandbox.seeded().template, "Employment")
        .counterparty("A Candidate", &email)
        .published();
    (candidate, sandbox.add_contract(seed).unwrap())
}

/// The notice period on the card.
pub(crate) fn notice(services: &HttpSandbox, candidate: &str) -> Option<String> {
    services.sandbox().candidate_card(candidate).unwrap().get("oneflow-notice").map(str::to_owned)
}
