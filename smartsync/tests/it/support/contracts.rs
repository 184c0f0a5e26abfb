//! Contracts that are out for signature, and what of them is on a card.

use std::time::Duration;

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

/// A candidate and a contract of theirs in which everything that a person may have typed is recognisable; the notice period was filled in.
pub(crate) fn canary_contract(services: &HttpSandbox) -> (String, i64) {
    let sandbox = services.sandbox();
    let seed =
        CandidateSeed::new("canary@example.com").name("Canary", "Canary").field("phone", "+46701740605");
    let candidate = sandbox.add_candidate(seed).unwrap();
    let seed = ContractSeed::new(sandbox.seeded().template, "Canary contract")
        .counterparty("Canary Counterparty", "canary@example.com")
        .published();
    let contract = sandbox.add_contract(seed).unwrap();
    sandbox.advance(Duration::from_secs(600));
    sandbox.fill_data_field(contract, "oneflow-notice", "canary notice").unwrap();
    (candidate, contract)
}

/// The notice period on the card.
pub(crate) fn notice(services: &HttpSandbox, candidate: &str) -> Option<String> {
    services.sandbox().candidate_card(candidate).unwrap().get("oneflow-notice").map(str::to_owned)
}
