//! A notification that was answered with 200 is acted on, whatever happens to the process afterwards.

use std::{sync::Arc, time::Duration};

use oneflow_client::ContractId;
use smartsync::{SqliteLedger, Store};
use smartsync_core::{Ledger as _, ledger::DocumentRecord};
use smartsync_sandbox::{CandidateSeed, ContractSeed, HttpSandbox, Sandbox, SandboxSettings};
use tokio::{
    io::copy_bidirectional,
    net::{TcpListener, TcpStream},
    sync::watch,
    time::{sleep, timeout},
};

use crate::support::{Home, notification, post_lenient, until};

/// Lets connections through to a service once it is opened, and holds them until then.
struct Gate {
    origin: String,
    open: watch::Sender<bool>,
}

impl Gate {
    async fn before(target: &str) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let origin = format!("http://{}", listener.local_addr().unwrap());
        let target: Arc<str> = target.trim_start_matches("http://").trim_end_matches("/v1").into();
        let (open, opened) = watch::channel(false);
        tokio::spawn(async move {
            while let Ok((mut from, _)) = listener.accept().await {
                let (target, mut opened) = (Arc::clone(&target), opened.clone());
                tokio::spawn(async move {
                    opened.wait_for(|open| *open).await.unwrap();
                    let mut to = TcpStream::connect(&*target).await.unwrap();
                    copy_bidirectional(&mut from, &mut to).await.ok();
                });
            }
        });
        Self { origin, open }
    }
}

/// A published contract of the candidate in which the notice period was filled in, some time after it was sent.
fn edited_contract(sandbox: &Sandbox, email: &str) -> ContractId {
    let template = sandbox.seeded().template;
    let seed = ContractSeed::new(template, "Employment").counterparty("A Candidate", email).published();
    let contract = sandbox.add_contract(seed).unwrap();
    sandbox.advance(Duration::from_secs(600));
    sandbox.fill_data_field(contract, "oneflow-notice", "3 months").unwrap();
    contract.into()
}

async fn shows_notice(sandbox: &Sandbox, candidate: &str) {
    let shown = async {
        while sandbox.candidate_card(candidate).unwrap().get("oneflow-notice") != Some("3 months") {
            sleep(Duration::from_millis(20)).await;
        }
    };
    timeout(Duration::from_secs(20), shown).await.expect("the candidate's card shows the value");
}

#[tokio::test]
async fn a_server_killed_between_its_answer_and_its_first_read_takes_the_contract_up_again() {
    let services = HttpSandbox::start(SandboxSettings::new()).await.unwrap();
    let sandbox = services.sandbox();
    let gate = Gate::before(services.oneflow_url().as_str()).await;
    let home = Home::new(&format!("{}/v1", gate.origin), services.teamtailor_url().as_str())
        .with_contracts_of_others(&services);
    let contract = edited_contract(sandbox, "ann@example.com");
    sandbox.clear_request_log();

    let mut server = home.serve().await;
    assert_eq!(post_lenient(&server.url, notification("one", contract)).await, Some(200));
    server.process.kill().await.unwrap();
    assert!(sandbox.request_log().is_empty(), "nothing was read before the kill");

    gate.open.send_replace(true);
    let _server = home.serve().await;
    shows_notice(sandbox, &sandbox.seeded().candidate).await;
}

#[tokio::test]
async fn what_a_killed_server_looked_at_is_free_for_a_command_at_once() {
    let services = HttpSandbox::start(SandboxSettings::new()).await.unwrap();
    let sandbox = services.sandbox();
    let gate = Gate::before(services.oneflow_url().as_str()).await;
    let home = Home::new(&format!("{}/v1", gate.origin), services.teamtailor_url().as_str())
        .with_contracts_of_others(&services);
    let contract = edited_contract(sandbox, "ann@example.com");

    let mut server = home.serve().await;
    assert_eq!(post_lenient(&server.url, notification("one", contract)).await, Some(200));
    let database = rusqlite::Connection::open(home.database()).unwrap();
    let claimed =
        "SELECT count(*) FROM waiting WHERE claimed_generation IS NOT NULL AND claimed_until IS NULL";
    until("the server looks at it", async || {
        database.query_row(claimed, [], |row| row.get::<_, i64>(0)).unwrap() == 1
    })
    .await;
    server.process.kill().await.unwrap();
    gate.open.send_replace(true);
    let contract = contract.to_string();
    let synced = timeout(Duration::from_secs(30), home.run(&["sync", &contract])).await;
    let synced = synced.expect("it does not wait for a server that is not there");
    assert_eq!(synced.code, 0, "{}{}", synced.out, synced.err);
    shows_notice(sandbox, &sandbox.seeded().candidate).await;
}

#[tokio::test]
async fn a_server_killed_again_and_again_under_load_loses_nothing_and_doubles_nothing() {
    let settings = SandboxSettings::new().teamtailor_limit(100_000).oneflow_limit(100_000);
    let services = HttpSandbox::start(settings).await.unwrap();
    let sandbox = services.sandbox();
    let home = Home::new(services.oneflow_url().as_str(), services.teamtailor_url().as_str())
        .with_contracts_of_others(&services);
    let work: Vec<(String, ContractId)> = (0..24)
        .map(|number| {
            let email = format!("candidate{number}@example.com");
            let candidate = sandbox.add_candidate(CandidateSeed::new(&email).name("A", "Candidate")).unwrap();
            let contract = edited_contract(sandbox, &email);
            sandbox.sign_all(contract.get()).unwrap();
            (candidate, contract)
        })
        .collect();

    let mut server = home.serve().await;
    for (number, (_, contract)) in work.iter().enumerate() {
        // As Oneflow does: sent again until it is answered with 200.
        while post_lenient(&server.url, notification(&format!("callback {number}"), *contract)).await
            != Some(200)
        {
            sleep(Duration::from_millis(20)).await;
        }
        if number % 4 == 3 {
            sleep(Duration::from_millis(u64::try_from(number).unwrap() * 3)).await;
            server.process.kill().await.unwrap();
            server = home.serve().await;
        }
    }
    for (candidate, _) in &work {
        shows_notice(sandbox, candidate).await;
    }
    // A kill between the note of an upload and its request leaves one of which nobody knows whether it took effect: that
    // waits for a person, and is never doubled.
    let ledger = SqliteLedger::new(Store::open(&home.database()).unwrap());
    let ends_well = async |candidate: &str, contract: ContractId| {
        let document = ledger.load(contract).await.unwrap().document;
        match sandbox.candidate_card(candidate).unwrap().uploads.len() {
            0 => document == Some(DocumentRecord::Intended) && waits_for_a_person(&home, contract),
            1 => matches!(document, Some(DocumentRecord::Uploaded { .. })),
            more => panic!("{more} documents of contract {contract}"),
        }
    };
    let settled = async {
        for (candidate, contract) in &work {
            while !ends_well(candidate, *contract).await {
                sleep(Duration::from_millis(20)).await;
            }
        }
    };
    timeout(Duration::from_secs(20), settled)
        .await
        .expect("every card gets its document, or a person is asked");
    server.process.kill().await.unwrap();
    for (candidate, contract) in &work {
        assert!(ends_well(candidate, *contract).await, "contract {contract}");
    }
}

/// Whether the contract is looked at again because of its document.
fn waits_for_a_person(home: &Home, contract: ContractId) -> bool {
    let database = rusqlite::Connection::open(home.database()).unwrap();
    let reason: Option<String> = database
        .query_row("SELECT last_error FROM waiting WHERE id = ?1", [contract.get()], |row| row.get(0))
        .ok()
        .flatten();
    reason.is_some_and(|reason| reason.contains("document: upload-unknown"))
}
