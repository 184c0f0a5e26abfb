//! A candidate with many contracts: `sync --all` reads each a few times, not once for each of the others.

use std::time::Duration;

use smartsync::{SqliteLedger, Store};
use smartsync_core::{
    Ledger as _, LedgerEntry,
    ledger::{CardEntry, LedgerChange},
};
use smartsync_sandbox::{CandidateSeed, ContractSeed, HttpSandbox, SandboxSettings};

use crate::support::Home;

#[tokio::test]
async fn the_contracts_of_one_candidate_are_not_read_for_each_of_the_others() {
    let settings = SandboxSettings::new().teamtailor_limit(100_000).oneflow_limit(100_000);
    let services = HttpSandbox::start(settings).await.unwrap();
    let sandbox = services.sandbox();
    let home = Home::new(services.oneflow_url().as_str(), services.teamtailor_url().as_str())
        .with_contracts_of_others(&services);
    let ledger = SqliteLedger::new(Store::open(&home.database()).unwrap());
    let people: Vec<(String, String)> = ["many@example.com", "one@example.com"]
        .map(|email| {
            let seed = CandidateSeed::new(email).name("A", "Candidate");
            (sandbox.add_candidate(seed).unwrap(), email.to_owned())
        })
        .into();
    // Those of others lie between them.
    for number in 0..44 {
        let (candidate, email) = &people[number % 2];
        let seed = ContractSeed::new(sandbox.seeded().template, "Employment")
            .counterparty("A Candidate", email)
            .published();
        let contract = sandbox.add_contract(seed).unwrap();
        if number % 2 == 0 {
            let mut entry = LedgerEntry::default();
            entry.candidate = Some(candidate.clone().into());
            let change =
                LedgerChange::set(contract.into(), candidate.clone().into(), entry, CardEntry::default());
            ledger.update(&change).await.unwrap();
        }
    }
    sandbox.advance(Duration::from_secs(600));
    sandbox.clear_request_log();

    let ended = home.run(&["sync", "--all"]).await;
    assert!(ended.out.ends_with(" 0 not looked at\n"), "{}{}", ended.out, ended.err);
    let reads =
        sandbox.request_log().into_iter().filter(|request| request.operation == "get_contract").count();
    // Each by its own look, and the 22 of one candidate once for the first of them. Before, these alone were 462.
    assert!((44..100).contains(&reads), "{reads} reads");
}
