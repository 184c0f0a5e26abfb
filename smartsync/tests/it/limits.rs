//! Waiting for a service's rate limit: it is said, and waited out where there is much to do.

use std::{process::Stdio, time::Duration};

use oneflow_client::{
    ContractId,
    contracts::{GetContract, ListContracts},
    events::ListContractEvents,
};
use smartsync::{Inbox, Store};
use smartsync_sandbox::{HttpSandbox, SandboxSettings};
use tokio::{
    io::{AsyncBufReadExt as _, BufReader},
    time::{sleep, timeout},
};
use wiremock::{
    Mock, ResponseTemplate,
    matchers::{any, path},
};

use crate::support::{Home, mock_services, notification, pass, post, sent_contract, signal};

fn busy(seconds: &str) -> ResponseTemplate {
    ResponseTemplate::new(429).insert_header("retry-after", seconds)
}

#[tokio::test]
async fn sync_all_waits_a_refusal_for_the_limit_out_and_says_so_once() {
    let services = HttpSandbox::start(SandboxSettings::new()).await.unwrap();
    let (_, contract) = sent_contract(&services, 0);
    let home = Home::new(services.oneflow_url().as_str(), services.teamtailor_url().as_str())
        .with_contracts_of_others(&services);
    let between = mock_services().await;
    // More of them than a request is tried when there is little to do.
    for (at, seconds, times) in
        [("/v1/contracts", "5", 1), ("/v1/contracts", "0", 2), (&format!("/v1/contracts/{contract}"), "0", 3)]
    {
        Mock::given(path(at)).respond_with(busy(seconds)).up_to_n_times(times).mount(&between).await;
    }
    pass(&between, &home, &ListContracts::new()).await;
    pass(&between, &home, &GetContract::new(contract)).await;
    pass(&between, &home, &ListContractEvents::new(contract)).await;
    home.replace(services.oneflow_url().as_str(), &format!("{}/v1", between.uri()));

    let ended = home.run(&["sync", "--all"]).await;
    assert_eq!(ended.code, 0, "{}{}", ended.out, ended.err);
    assert!(ended.out.ends_with("1 with nothing to do, 0 with held or failed fields, 0 not looked at\n"));
    assert_eq!(ended.err.lines().count(), 1, "{}", ended.err);
    assert!(ended.err.trim_end().ends_with("waiting 5 s for Oneflow's rate limit"), "{}", ended.err);
    assert_eq!(
        between.received_requests().await.unwrap().len(),
        11,
        "whose account it is: to pin it, and before the first look ends"
    );
}

#[tokio::test]
async fn a_server_logs_that_a_look_waits_for_the_limit_and_ends_without_it() {
    let services = mock_services().await;
    Mock::given(any()).respond_with(busy("45")).mount(&services).await;
    let home = Home::new(&format!("{}/v1", services.uri()), &services.uri());
    // The server asks for the fields of both services as well, and is told the same.
    home.append("\n[sync]\nconvention = false\n");
    let mut server = home.command(&["serve"]).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut out = BufReader::new(server.stdout.take().unwrap()).lines();
    let url = out.next_line().await.unwrap().unwrap().replace("listening on ", "");
    assert_eq!(post(&url, notification("one", 9001.into())).await, 200);
    let mut log = BufReader::new(server.stderr.take().unwrap()).lines();
    let said = async {
        loop {
            let line = log.next_line().await.unwrap().expect("the server runs");
            if line.contains("waiting 45 s for Oneflow's rate limit") {
                break line;
            }
        }
    };
    let line = timeout(Duration::from_secs(10), said).await.expect("the log says it");
    assert!(line.contains(" INFO "), "{line}");
    let is_claimed = || {
        let database = rusqlite::Connection::open(home.database()).unwrap();
        let sql = "SELECT count(*) FROM waiting WHERE claimed_generation IS NOT NULL";
        database.query_row(sql, [], |row| row.get::<_, i64>(0)).unwrap() == 1
    };
    let claimed = async {
        while !is_claimed() {
            sleep(Duration::from_millis(10)).await;
        }
    };
    timeout(Duration::from_secs(10), claimed).await.expect("the contract is looked at");

    // A look that waits has nothing under way that a stop would have to wait for.
    signal(&server, "-TERM").await;
    let status = timeout(Duration::from_secs(5), server.wait()).await.expect("it ends").unwrap();
    assert_eq!(status.code(), Some(0));
    let inbox = Inbox::new(Store::open(&home.database()).unwrap());
    assert_eq!(inbox.waiting().await.unwrap(), [ContractId::new(9001)]);
}
