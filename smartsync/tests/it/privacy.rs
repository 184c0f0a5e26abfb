//! Neither the log nor any file of the database holds a value, a name, an address or a secret.

use std::{fs, process::Stdio, time::Duration};

use smartsync_sandbox::{ContractSeed, HttpSandbox, SandboxSettings};
use tokio::{
    io::{AsyncBufReadExt as _, AsyncReadExt as _, BufReader},
    time::timeout,
};

use crate::home::{Home, ONEFLOW_TOKEN, SIGN_KEY, TEAMTAILOR_KEY, notification, post};

#[tokio::test]
async fn neither_log_nor_database_holds_what_a_person_typed_or_a_secret() {
    for (verbose, filter) in [("-vv", None), ("-v", Some("trace"))] {
        serve_and_search(verbose, filter).await;
    }
}

async fn serve_and_search(verbose: &str, filter: Option<&str>) {
    let services = HttpSandbox::start(SandboxSettings::new()).await.unwrap();
    let (sandbox, home) = (
        services.sandbox(),
        Home::new(services.oneflow_url().as_str(), services.teamtailor_url().as_str())
            .with_contracts_of_others(&services),
    );
    let candidate = sandbox.seeded().candidate;
    let seed = ContractSeed::new(sandbox.seeded().template, "Canary contract")
        .counterparty("Canary Counterparty", "ann@example.com")
        .published();
    let contract = sandbox.add_contract(seed).unwrap();
    sandbox.advance(Duration::from_secs(600));
    sandbox.fill_data_field(contract, "oneflow-notice", "canary notice").unwrap();
    sandbox.fill_data_field(contract, "oneflow-salary", "canary salary").unwrap();
    sandbox.sign_all(contract).unwrap();

    let mut server = home.command(&["serve", verbose]);
    if let Some(filter) = filter {
        server.env("RUST_LOG", filter);
    }
    let mut server = server.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut lines = BufReader::new(server.stdout.take().unwrap()).lines();
    let line = lines.next_line().await.unwrap().unwrap();
    let url = line.strip_prefix("listening on ").unwrap();
    let body = notification("one", contract.into());
    let signature =
        serde_json::from_str::<serde_json::Value>(&body).unwrap()["signature"].as_str().unwrap().to_owned();
    assert_eq!(post(url, body.clone()).await, 200);
    assert_eq!(post(url, body.replace("\"one\"", "\"canary callback\"")).await, 401);
    let mut stderr = BufReader::new(server.stderr.take().unwrap());
    let mut log = Vec::new();
    let looked = async {
        // Without ANSI colours, since this is no terminal: the last thing that is said about a look.
        while !String::from_utf8_lossy(&log).contains("looked contract=") {
            assert!(stderr.read_until(b'\n', &mut log).await.unwrap() > 0, "the server has ended");
        }
    };
    timeout(Duration::from_secs(10), looked).await.expect("the log says what was done");
    assert!(!sandbox.candidate_card(&candidate).unwrap().uploads.is_empty(), "the contract is synced");
    server.start_kill().unwrap();
    stderr.read_to_end(&mut log).await.unwrap();
    let look = format!("DEBUG look{{contract={contract}}}:api_operation{{service=\"teamtailor\"");
    assert!(String::from_utf8_lossy(&log).contains(&look), "each request is logged with its contract");

    let mut files = vec![("log".to_owned(), log)];
    for entry in fs::read_dir(home.folder()).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        if name.starts_with("state.db") {
            files.push((name.clone(), fs::read(home.folder().join(name)).unwrap()));
        }
    }
    assert!(files.len() >= 4, "log, database, write-ahead log, key");
    let secret =
        ["canary", "Canary", "ann@", "Sample", "+4670", ONEFLOW_TOKEN, TEAMTAILOR_KEY, SIGN_KEY, &signature];
    for (name, bytes) in &files {
        let text = String::from_utf8_lossy(bytes);
        for word in secret {
            assert!(!text.contains(word), "`{word}` is in {name}");
        }
    }
}
